import { z } from 'zod';
import type { FlagVerb } from '../flag/may.ts';
import { clip, count, inert, inertOr, shortTime } from '../text.ts';
import {
  type FlagForm,
  type FlagLine,
  type FlagList,
  type FlagWhich,
  findingsWords,
  openWords,
  raisedWords,
  stateName,
} from './flags.ts';

/** Flagged mailboxes in words: final, inert and clipped, for templates that bind nothing but strings, booleans and flat rows. */

const line = (max: number) => z.string().min(1).max(max);
const Button = z.strictObject({
  verb: line(20),
  label: line(40),
  tooltip: line(120),
  flag: line(40),
  /** The version that the press counts for. */
  seen: line(20),
});

export const FlagListView = z.strictObject({
  tenant: line(80),
  title: line(120),
  asOf: line(120),
  notes: z.array(z.strictObject({ text: line(300) })).max(6),
  /** Empty where there are lines. */
  none: z.string().max(120),
  lines: z.array(
    z.strictObject({
      flag: line(40),
      /** Where it stands, until when. */
      state: line(160),
      address: line(200),
      /** Why, whose, what was found. */
      facts: line(400),
      buttons: z.array(Button).max(4),
    }),
  ),
});
export type FlagListView = z.infer<typeof FlagListView>;

export const FlagFormView = z.strictObject({
  flag: line(40),
  seen: line(20),
  verb: line(20),
  title: line(24),
  purpose: line(200),
  facts: line(400),
  effect: line(300),
  question: line(120),
  /** Empty where nothing is wrong. */
  problem: z.string().max(200),
  send: line(24),
});
export type FlagFormView = z.infer<typeof FlagFormView>;

/** `most`: lines that the place of the list holds. What is left out is counted. */
export function presentFlags(list: FlagList, most: number): FlagListView {
  const shown = list.lines.slice(0, most);
  const notes = notesOf(list, list.lines.length - shown.length + list.unlooked);
  return FlagListView.parse({
    tenant: inertOr(list.tenantName, 'tenant', 80),
    title: `${TITLES[list.which]} (${list.lines.length + list.differ.length + list.unlooked})`,
    asOf: `As of ${shortTime(list.at)}. It does not change by itself: press Refresh.`,
    notes: notes.map((text) => ({ text })),
    none: shown.length === 0 ? NONE[list.which] : '',
    lines: shown.map((one) => ({
      flag: inertOr(one.flag.id, 'a flag', 40),
      state: stateWords(one),
      address: inertOr(one.flag.address, 'a mailbox', 200),
      facts: factsOf(one),
      buttons: one.may.map((verb) => buttonOf(verb, one)),
    })),
  });
}

/** What asks why. */
export function presentFlagForm({ flag, verb, problem, unclean, unlooked }: FlagForm): FlagFormView {
  const of = inertOr(flag.address, 'a mailbox', 120);
  return FlagFormView.parse({
    flag: inertOr(flag.id, 'a flag', 40),
    seen: String(flag.version),
    verb,
    title: verb === 'clear' ? 'Clear a mailbox' : 'Open a flag again',
    purpose: clip(verb === 'clear' ? `Clear the mailbox of ${of}` : `Open the flag of ${of} again`, 200),
    facts: factsOf({ flag }),
    effect:
      verb === 'clear'
        ? clip(`${CLEARING[unclean]} ${UNLOOKED[unlooked]}`, 300)
        : 'It is looked after again, until a new date, and nobody’s word to clear it counts any more.',
    question: verb === 'clear' ? 'Why can it be cleared? It goes into the record.' : 'Why? It goes into the record.',
    problem: problem ? 'Please say why, in at most 1,000 characters: it goes into the record.' : '',
    send: verb === 'clear' ? 'Look and clear' : 'Open again',
  });
}

const CLEARING: Readonly<Record<FlagForm['unclean'], string>> = {
  'second person':
    'The findings are looked at once more first. Where some are still seen, or cannot be seen yet, a second person has to agree.',
  refuse:
    'The findings are looked at once more first. Where some are still seen, or cannot be seen yet, it is not cleared.',
  accept: 'The findings are looked at once more first, and what is seen then goes into the record.',
};

/** Of what is not licensed, not permitted or switched off. */
const UNLOOKED: Readonly<Record<FlagForm['unlooked'], string>> = {
  'second person': 'What nobody can look at here is named, and takes a second person.',
  refuse: 'Where something cannot be looked at here, it is not cleared.',
  accept: 'What nobody can look at here is named in the record.',
};

const TITLES: Readonly<Record<FlagWhich, string>> = {
  open: 'Flagged mailboxes',
  mine: 'Flagged mailboxes: yours',
  overdue: 'Flagged mailboxes: overdue',
  cleared: 'Flagged mailboxes: cleared',
};

const NONE: Readonly<Record<FlagWhich, string>> = {
  open: 'No mailbox is flagged.',
  mine: 'You look after none.',
  overdue: 'None is overdue.',
  cleared: 'None was cleared in the last 30 days.',
};

function notesOf({ which, open, mine, overdue, differ }: FlagList, left: number): readonly string[] {
  return [
    ...(which === 'open' ? [`${count(open, 'is open', 'are open')}, ${mine} yours, ${overdue} overdue.`] : []),
    ...(differ.length > 0
      ? [
          clip(
            `What is stored differs from the record, and nothing is done with: ${inert(differ.join(', '), 150)}. clawback audit verify says more.`,
            300,
          ),
        ]
      : []),
    ...(left > 0 ? [`${count(left, 'more is', 'more are')} not shown.`] : []),
  ];
}

/** `in review, due 2 Dec 09:00 UTC`. */
function stateWords({ flag, overdue }: Pick<FlagLine, 'flag' | 'overdue'>): string {
  if (flag.state === 'cleared') return `cleared ${shortTime(flag.since)}`;
  return `${stateName(flag)}, ${overdue ? `OVERDUE since ${shortTime(flag.dueAt)}` : `due ${shortTime(flag.dueAt)}`}`;
}

function factsOf({ flag }: Pick<FlagLine, 'flag'>): string {
  const agreed = flag.votes.map(({ name }) => inertOr(name, 'somebody', 40));
  const parts = [
    inertOr(flag.reason, 'no reason given', 140),
    raisedWords(flag),
    stillOpen(flag),
    flag.heldAt === null ? '' : 'its date is not moved any more',
    fromWords(flag),
    flag.owner ? `looked after by ${inertOr(flag.owner.name, 'somebody', 60)}` : 'nobody looks after it',
    findingsWords(flag),
    agreed.length > 0 ? `would be cleared by ${agreed.join(', ')}` : '',
    flag.said === null ? '' : `\u201c${inert(flag.said, 100)}\u201d`,
  ];
  return clip(parts.filter((part) => part !== '').join(' \u00b7 '), 400);
}

/** What keeps it from being contained, where somebody called it so. */
function stillOpen({ contained }: FlagLine['flag']): string {
  return contained && contained.open.length > 0 ? `still open: ${openWords(contained.open)}` : '';
}

/** The incident, where the reason does not name it already. */
function fromWords({ incident, reason }: FlagLine['flag']): string {
  if (incident === null) return 'by hand';
  return reason.includes(incident) ? '' : inert(incident, 40);
}

function buttonOf(verb: FlagVerb, { flag }: FlagLine) {
  const label = verb === 'take' && flag.owner ? 'Take over' : LABELS[verb];
  return { verb, label, tooltip: TOOLTIPS[verb], flag: flag.id, seen: String(flag.version) };
}

const LABELS: Readonly<Record<FlagVerb, string>> = {
  take: 'Take it',
  contain: 'Contained',
  clear: 'Clear\u2026',
  reopen: 'Open again\u2026',
};

const TOOLTIPS: Readonly<Record<FlagVerb, string>> = {
  take: 'You look after this mailbox from now on',
  contain: 'You say so; it counts as contained once what was done about it was seen',
  clear: 'Asks why, and looks at the findings once more',
  reopen: 'Asks why; it is looked after again',
};
