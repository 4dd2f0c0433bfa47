import { shortTime } from '../text.ts';
import type { Entry } from './ledger.ts';
import type { FLAGGING } from './payload-flag.ts';
import { chat, ending, who, word } from './story-words.ts';

/** What the record says of flagged mailboxes, for people. */

export const FLAG_TELLERS: { readonly [T in keyof typeof FLAGGING]: (entry: Entry<T>) => string } = {
  'flag.raised': (e) =>
    `${word(e.detail.flag)}: the mailbox of ${word(e.detail.address)} flagged ${e.detail.byHand ? `by ${who(e)} alone` : 'as approved'} until ${shortTime(e.detail.dueAt)}: ${word(e.detail.reason)}`,
  'flag.raised-again': (e) =>
    `${word(e.detail.flag)}: flagged once more, ${e.detail.held ? 'and its date stays' : 'until'} ${shortTime(e.detail.dueAt)}: ${word(e.detail.reason)}`,
  'flag.taken': (e) =>
    `${word(e.detail.flag)}: ${who(e)} looks after it${e.detail.from === null ? '' : `, in place of ${word(e.detail.from)}`}`,
  'flag.contained': (e) => {
    const points = e.detail.open.map(({ kind, count }) => `${word(kind)} ${word(count)}`).join(', ');
    const seen = e.detail.seen ? 'seen' : `not seen${points === '' ? '' : `, still open: ${points}`}`;
    return e.actor.kind === 'person'
      ? `${word(e.detail.flag)}: ${who(e)} says that it is contained: ${seen}`
      : `${word(e.detail.flag)}: called contained, by now ${seen}`;
  },
  'flag.looked': (e) =>
    `${word(e.detail.flag)}: looked at the findings ${e.detail.when === 'before' ? 'as they are' : 'once more'}: ${lookTold(e.detail)}`,
  'flag.agreed': (e) =>
    `${word(e.detail.flag)}: ${who(e)} would clear it (${word(e.detail.count)} of ${word(e.detail.needed)}): ${word(e.detail.reason)}`,
  'flag.cleared': (e) =>
    `${word(e.detail.flag)}: ${who(e)} cleared it, findings before ${word(e.detail.before)}, after: ${lookTold(e.detail)}: ${word(e.detail.reason)}`,
  'flag.reopened': (e) =>
    `${word(e.detail.flag)}: ${who(e)} opened it again${e.detail.held ? ', and its date stays' : ''}: ${word(e.detail.reason)}`,
  'flag.refused': (e) =>
    `${e.detail.flag === null ? 'a mailbox' : word(e.detail.flag)}: ${who(e)} pressed ${word(e.detail.verb)} in ${chat(e)}: refused, ${ending(e)}`,
  'flag.called': (e) =>
    `${word(e.detail.flag)}: about to tell ${word(e.detail.person)} in ${chat(e)}: ${word(e.detail.step)}`,
  'flag.told': (e) =>
    `${word(e.detail.flag)}: ${word(e.detail.person)}, ${ending(e)}: ${word(e.detail.step)}${e.detail.note === '' ? '' : ` (${word(e.detail.note)})`}`,
  'flag.reminded': (e) =>
    `${word(e.detail.flag)}: ${word(e.detail.step)}: ${word(e.detail.told)} of ${word(e.detail.of)} people told`,
};

interface Looked {
  readonly is: string;
  readonly findings: number;
  readonly unlooked: readonly { readonly source: string; readonly why: string }[];
}

function lookTold({ is, findings, unlooked }: Looked): string {
  const blind = unlooked.map(({ source, why }) => `${word(source)}, ${word(why)}`).join('; ');
  return `${is === 'seen' ? String(findings) : word(is)}${blind === '' ? '' : ` (not looked at: ${blind})`}`;
}
