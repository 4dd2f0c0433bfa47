import { ACTIONS, type Action, isUndo, takesOut, UNDO } from '../action/action.ts';
import { APPROVER } from '../ask/seat.ts';
import { situationOf } from '../incident/incident.ts';
import { instantOf, isoOf } from '../instant.ts';
import { clip, inertOr, shortTime } from '../text.ts';
import { askWords } from './ask-words.ts';
import type { CardView } from './card.ts';
import {
  askedUntil,
  type CaseFacts,
  type Count,
  countOf,
  lastRun,
  leadAction,
  sinceLastUndo,
  termsNow,
} from './case.ts';
import { amountOf, effectOf } from './effect.ts';
import { forecastWords } from './pace-words.ts';
import { outNow } from './run-facts.ts';
import { undoWords } from './wording.ts';

/** What a card asks: of whom, who has said so already, how long there is, and what pressing does. */

type May = Readonly<Record<Action, boolean>>;

export function needsOf(facts: CaseFacts, may: May): string {
  const action = askedFor(facts, may);
  const terms = action && termsNow(facts, action);
  if (!action || !terms) return '';
  const counted = countOf(sinceLastUndo(facts), { action, notBefore: votesSince(facts, action) });
  const extras = [
    terms.reason ? ' Each says why.' : '',
    terms.stepUp ? ' Each signs in anew.' : '',
    counted.over ? ` Over ${counted.over}: more people are needed.` : '',
    facts.plan?.tooFew.includes(action) ? ' Too few people may decide: the quorum cannot be reached.' : '',
  ].join('');
  const undo = isUndo(action) ? ' for the undo' : '';
  const whom = terms.recipientsMay
    ? 'by people who received it themselves, because nobody else is left, and did not report it'
    : 'by people who neither received nor reported the mail';
  return clip(`${missing(counted)}${undo} ${whom}.${extras}`, 300);
}

/** What is waited for, or else what could be undone. */
function askedFor(facts: CaseFacts, may: May): Action | null {
  const lead = leadAction(facts.plan, situationOf(facts.incident));
  if (lead && may[lead]) return lead;
  return may[UNDO] ? UNDO : null;
}

/** `2 approvals`, `1 more approval`, or by role: `approvals by 1 × analyst and 1 × lead`. */
function missing({ seats, people, needed, approved }: Count): string {
  // Full, and yet nothing has started: a voter could not be asked about, or a cap has room again. Any press counts anew.
  if (approved) return 'One press more';
  const more = people.length > 0 ? ' more' : '';
  if (seats.every(({ role }) => role === APPROVER)) {
    const open = needed - people.length;
    return `${open}${more} approval${open === 1 ? '' : 's'}`;
  }
  const open = seats.filter(({ count: wanted, filled }) => filled < wanted);
  return `approval${more ? ' still' : ''} of ${open.map((seat) => `${seat.count - seat.filled} \u00d7 ${seat.role}`).join(' and ')}`;
}

/** Half an approval of one action is none of another: each that anybody has spoken about beside the one that is waited for. */
export function otherVoteLines(facts: CaseFacts, may: May): string[] {
  const lead = leadAction(facts.plan, situationOf(facts.incident));
  const now = sinceLastUndo(facts);
  return ACTIONS.filter((action) => may[action] && action !== lead).flatMap((action) => {
    const { people, needed } = countOf(now, { action, notBefore: votesSince(facts, action) });
    if (people.length === 0) return [];
    return [`${askLabel(action, facts)}: ${people.length} of ${needed} given.`];
  });
}

/** Votes for an undo age: what started nothing in time counts no more. */
function votesSince(facts: CaseFacts, action: Action): string {
  const terms = isUndo(action) ? termsNow(facts, action) : null;
  return terms ? isoOf(instantOf(facts.now) - terms.expiryMinutes * MINUTE_MS) : '';
}

const MINUTE_MS = 60_000;

/** Until when is waited, to the second, and what is left of it at most: true also of a card that is not drawn anew. */
export function timeLeft(facts: CaseFacts, may: May): Pick<CardView, 'deadline' | 'left'> {
  const action = askedFor(facts, may);
  const until = action && askedUntil(facts, action);
  if (until === null) return { deadline: '', left: '' };
  return {
    deadline: inSeconds(until),
    left: leftWords((instantOf(until) - instantOf(facts.incident.askedAt)) / MINUTE_MS - facts.waited),
  };
}

const inSeconds = (iso: string) => `${iso.slice(0, 19)}Z`;

/** Exchange Online keeps what was deleted for so long, unless the tenant has set otherwise [learn.microsoft.com, Change how long deleted items are kept]. */
const KEPT_MS = 14 * 86_400_000;

/**
 * When the last action ended, and until about when what is still out can be put back. Of what lies in Junk Email nobody can
 * say: that has no date of its own, and the retention of a tenant may empty it at any time.
 */
export function endOf(facts: CaseFacts, may: May): Pick<CardView, 'endedAt' | 'undoUntil'> {
  const at = facts.incident.state === 'settled' ? (lastRun(facts)?.finishedAt ?? null) : null;
  if (at === null) return { endedAt: '', undoUntil: '' };
  const out = may[UNDO] ? outSince(facts.runs) : null;
  const until = out === null ? null : isoOf(instantOf(out) + KEPT_MS);
  return { endedAt: inSeconds(at), undoUntil: until !== null && until > facts.now ? inSeconds(until) : '' };
}

/** Since when the first of the copies is out that no undo has put back. */
function outSince(runs: CaseFacts['runs']): string | null {
  let since: string | null = null;
  for (const [n, run] of runs.entries()) {
    if (isUndo(run.action) && outNow(runs.slice(0, n + 1)).bin <= 0) since = null;
    else if (takesOut(run.action) && run.outcomes.removed > 0) since ??= run.startedAt;
  }
  return since;
}

const HOURS_FROM = 120;

/** How long there is still, of so many minutes. */
export function leftWords(minutes: number): string {
  if (minutes <= 0) return 'no time left';
  if (minutes < 1) return 'less than 1 min left';
  if (minutes < HOURS_FROM) return `at most ${roundedUp(minutes)} min left`;
  return `at most ${roundedUp(minutes / 60)} h left`;
}

function roundedUp(n: number): number {
  const nearest = Number(n.toFixed(0));
  return nearest >= n ? nearest : nearest + 1;
}

/** As its button calls it, without the sign that something is asked once more. */
function askLabel(action: Action, facts: CaseFacts): string {
  return (isUndo(action) ? undoWords(facts) : askWords(action).button).replace('\u2026', '');
}

/** What comes of what is asked for; the other buttons say it when they are pressed. */
export function effectLine(facts: CaseFacts, may: May): string {
  const action = askedFor(facts, may);
  if (!action) return '';
  const amount = amountOf(facts, action);
  const forecast = forecastWords(amount.copies, facts.pace ?? null, facts.now);
  return clip(`${effectOf(action, amount)}${forecast === '' ? '' : ` ${forecast}`}`, 300);
}

/** Who stopped Clawback, and the way on; empty while it may act. */
export function stoppedLine({ brake }: Pick<CaseFacts, 'brake'>): string {
  if (!brake.stopped) return '';
  const when = brake.at ? `, ${shortTime(brake.at)}` : '';
  return `Stopped by ${inertOr(brake.by, 'somebody', 80)}${when}: ${inertOr(brake.reason, 'no reason given', 140)}. Nothing runs until the stop is lifted: as many people as the policy asks for say \u201clift\u201d to Clawback, in any chat.`;
}
