import type { Entry } from './ledger.ts';
import type { MEASURING } from './payload-measure.ts';
import { chat, ending, who, word, words } from './story-words.ts';

/** What the record says of measures about people, for people. */

export const MEASURE_TELLERS: { readonly [T in keyof typeof MEASURING]: (entry: Entry<T>) => string } = {
  'measures.wanted': (e) =>
    `${who(e)} asks for measures (${word(e.detail.list)}): ${wanted(e.detail)}, about ${words(e.detail.addresses, ' ')}: ${word(e.detail.reason)}`,
  'measures.asked': ({ detail }) => {
    const barred = detail.measures.filter((one) => one.barred !== null).length;
    const byHand = detail.byHand.length === 0 ? '' : `, ${word(detail.byHand.length)} for an administrator`;
    return `list ${word(detail.list)} of ${word(detail.measures.length)} measures made, ${word(barred)} of them never done${byHand}`;
  },
  'measures.refused': (e) =>
    `${who(e)} pressed ${word(e.detail.verb)}${e.detail.list === null ? '' : ` on ${word(e.detail.list)}`} in ${chat(e)}: refused, ${ending(e)}`,
  'measures.approved': (e) =>
    `${who(e)} ${VOTED[e.detail.of.split(' ')[0] ?? ''] ?? `voted for ${word(e.detail.of)} of`} ${word(e.detail.list)} in ${chat(e)} (${word(e.detail.count)} of ${word(e.detail.needed)})`,
  'measures.withdrawn': (e) =>
    `the vote of ${word(e.detail.name)} on ${word(e.detail.list)} (${word(e.detail.of)}) does not count any more: ${ending(e)}`,
  'measures.begun': (e) =>
    `${word(e.detail.items.length)} measures of ${word(e.detail.list)} ${e.detail.errand === 'back' ? 'are put back' : 'are carried out'}`,
  'measures.closed': (e) => `nothing more is begun of ${word(e.detail.list)}: ${ending(e)}`,
  'measures.reminded': (e) =>
    `${word(e.detail.list)} waits (${word(e.detail.step)}): ${e.detail.about === 'votes' ? 'not enough people have approved it' : `${word(e.detail.open)} lines for an administrator are open`}${e.detail.role === null ? '' : `; ${word(e.detail.role)} told`}`,
  'measure.intent': (e) =>
    `about to ${e.detail.errand === 'back' ? 'put back' : 'do'} ${word(e.detail.kind)} (${word(e.detail.item)} of ${word(e.detail.list)}) for ${word(e.detail.address)}`,
  'measure.untried': (e) =>
    `${word(e.detail.kind)} (${word(e.detail.item)} of ${word(e.detail.list)}) for ${word(e.detail.address)}: nothing was done this time, ${word(e.detail.note)}`,
  'measure.outcome': (e) =>
    `${word(e.detail.kind)} (${word(e.detail.item)} of ${word(e.detail.list)}) for ${word(e.detail.address)}: ${ending(e)}${e.detail.note === '' ? '' : ` (${word(e.detail.note)})`}`,
};

function wanted({ playbook, kinds }: Entry<'measures.wanted'>['detail']): string {
  return playbook === null ? words(kinds, ' ') : `playbook ${word(playbook)}`;
}

const VOTED: Readonly<Record<string, string>> = {
  apply: 'approved the measures of',
  back: 'wants measures put back of',
  decline: 'declined the measures of',
  cancel: 'wants to end',
};
