import { z } from 'zod';
import { isAction } from '../ask/ask.ts';
import { instantOf } from '../instant.ts';
import { clip, count, inert, inertOr, number, shortTime } from '../text.ts';
import { headlineOf } from './present.ts';
import type { Barred, Part, Queue, QueueLine, Trouble } from './queue.ts';
import { VERB_WORDS } from './verb-words.ts';

/** The queue in words: final, inert and clipped, for templates that bind nothing but strings, booleans and flat rows. */

const line = (max: number) => z.string().min(1).max(max);
const Section = z.strictObject({
  heading: line(120),
  /** What is said where there is no line, or about those that are left out; empty for nothing. */
  remark: z.string().max(200),
  lines: z.array(
    z.strictObject({
      incident: line(40),
      /** Severity and what it is. */
      what: line(120),
      subject: line(200),
      /** Copies, votes, time left. */
      facts: line(300),
    }),
  ),
});
type SectionView = z.infer<typeof Section>;

export const QueueView = z.strictObject({
  tenant: line(80),
  title: line(120),
  /** When it was made: it says so, because it does not change by itself. */
  asOf: line(120),
  notes: z.array(z.strictObject({ text: line(300) })).max(6),
  mine: Section,
  role: Section,
  running: Section,
  trouble: Section,
});
export type QueueView = z.infer<typeof QueueView>;

/** Of each section at least so many lines are shown before another one gets more. */
const LEAST_LINES = 3;

interface Told {
  readonly name: string;
  readonly none: string;
  readonly all: readonly QueueLine[];
  /** What it is counted over. */
  readonly over: readonly Part[];
}

/** `most`: lines that the place of the list holds. What is left out is counted. */
export function presentQueue(queue: Queue, most: number): QueueView {
  const told = sectionsOf(queue);
  const [mine, role, running, trouble] = told;
  const shown = shares(
    told.map(({ all }) => all.length),
    most,
  );
  const section = ({ name, none, all, over }: Told, nth: number): SectionView => {
    const kept = all.slice(0, shown[nth]);
    return {
      heading: `${name} (${over.every(isWhole) ? '' : 'at least '}${all.length})`,
      remark: remarkOf(all.length, all.length - kept.length, none),
      lines: kept.map((one) => viewOf(one, queue.at)),
    };
  };
  return QueueView.parse({
    tenant: inertOr(queue.tenantName, 'tenant', 80),
    title: `The queue of ${inertOr(queue.who.name, 'somebody', 80)}`,
    asOf: `As of ${shortTime(queue.at)}. It does not change by itself: press Refresh.`,
    notes: notesOf(queue).map((text) => ({ text })),
    mine: section(mine, 0),
    role: section(role, 1),
    running: section(running, 2),
    trouble: section(trouble, 3),
  });
}

/** Whether all of it was looked at: what is counted in a part of it may be more. */
const isWhole = ({ looked, all }: Part) => looked >= all;

/** What the numbers are counted over, where that is not everything. */
function overWords({ over: { open, ended } }: Queue): string {
  const of = ({ looked, all }: Part) => `${number(looked)} of ${number(all)}`;
  const parts = [
    isWhole(open) ? '' : `${of(open)} open incidents, those that rank highest`,
    isWhole(ended) ? '' : `${of(ended)} that ended lately or are marked, the newest`,
  ].filter((part) => part !== '');
  return `Counted over ${parts.join(', and ')}: the others were not looked at here.`;
}

function remarkOf(all: number, left: number, none: string): string {
  if (all === 0) return none;
  return left > 0 ? `${count(left, 'more is', 'more are')} not shown.` : '';
}

function sectionsOf({
  mine,
  role,
  running,
  trouble,
  who,
  over: { open, ended },
}: Queue): readonly [Told, Told, Told, Told] {
  const roles = inert(who.roles.join(', '), 60);
  return [
    { name: 'Waits for you', none: 'Nothing waits for you.', all: mine, over: [open] },
    { name: clip(`Waits for your role: ${roles}`, 90), none: 'Nothing else waits for it.', all: role, over: [open] },
    { name: 'Running', none: 'Nothing is looked for or carried out.', all: running, over: [open] },
    { name: 'In trouble', none: 'Nothing of the last 7 days.', all: trouble, over: [open, ended] },
  ];
}

/** How many lines each section gets: the first as many as there are, but a few are kept for each of those behind it. */
function shares(lengths: readonly number[], most: number): readonly number[] {
  let left = most;
  return lengths.map((length, at) => {
    const kept = lengths.slice(at + 1).reduce((sum, other) => sum + upTo(LEAST_LINES, other), 0);
    const share = upTo(left - kept, length);
    left -= share;
    return share;
  });
}

function upTo(most: number, wanted: number): number {
  if (wanted > most) return most;
  return wanted;
}

function notesOf(queue: Queue): readonly string[] {
  const { stopped, who, others, flags, over } = queue;
  const least = isWhole(over.open) ? '' : 'At least ';
  return [
    ...(stopped
      ? [
          clip(
            `STOPPED by ${inertOr(stopped.by, 'somebody', 80)}: ${inertOr(stopped.reason, 'no reason given', 150)}. Nothing can be approved.`,
            300,
          ),
        ]
      : []),
    ...(who.certain ? [] : ['A group could not be asked for its members just now: more may wait for you.']),
    ...(others > 0
      ? [`${least}${count(others, 'incident')} ${others === 1 ? 'waits' : 'wait'} for roles that you do not hold.`]
      : []),
    ...(flags && flags.open > 0
      ? [
          `${count(flags.open, 'mailbox is', 'mailboxes are')} flagged, ${flags.mine} yours, ${flags.overdue} overdue: say \u201cflags\u201d.`,
        ]
      : []),
    ...(isWhole(over.open) && isWhole(over.ended) ? [] : [overWords(queue)]),
  ];
}

function viewOf(one: QueueLine, at: string): SectionView['lines'][number] {
  const { incident } = one;
  const parts = [
    one.why,
    copiesOf(one),
    incident.campaign === null ? '' : `wave of ${incident.campaign}`,
    votesOf(one),
    one.trouble === null ? leftOf(one.until, at) : TROUBLES[one.trouble],
    one.barred === null ? '' : BARRED[one.barred],
  ];
  return {
    incident: incident.id,
    what: headlineOf(incident),
    subject: `\u201c${inertOr(incident.alert.message.subject, 'no subject', 120)}\u201d`,
    facts: clip(parts.filter((part) => part !== '').join(' \u00b7 '), 300),
  };
}

function copiesOf({ copies, trouble }: QueueLine): string {
  if (copies !== null) return count(copies, 'copy', 'copies');
  return trouble === null ? 'copies not known yet' : '';
}

function votesOf({ votes }: QueueLine): string {
  if (!votes) return '';
  const word = isAction(votes.ask) ? 'approvals' : `for \u201c${VERB_WORDS[votes.ask].button}\u201d`;
  return `${votes.counted} of ${votes.needed} ${word}`;
}

/** With the hour itself, which stays true when the minutes do not. */
function leftOf(deadline: string | null, at: string): string {
  if (deadline === null) return '';
  const ms = instantOf(deadline) - instantOf(at);
  if (ms <= 0) return `ended ${shortTime(deadline)}`;
  const minutes = (ms - (ms % 60_000)) / 60_000;
  const hours = (minutes - (minutes % 60)) / 60;
  const left = hours > 0 ? `${hours} h ${minutes % 60} min` : minutes > 0 ? `${minutes} min` : 'less than a minute';
  return `${left} left, until ${shortTime(deadline)}`;
}

const BARRED: Readonly<Record<Barred, string>> = {
  voted: 'you have decided',
  recipient: 'you received this mail, so others decide',
  requester: 'you reported it, so others decide',
  enough: 'enough people have decided',
  late: 'its time is over',
};

const TROUBLES: Readonly<Record<Trouble, string>> = {
  marked: 'what is stored differs from the record: nothing runs',
  'not done': 'not everything could be done: see its card',
  'nobody decided': 'nobody decided in time',
};
