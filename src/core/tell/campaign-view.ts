import { type Action, definitionOf, isUndo, UNDO } from '../action/action.ts';
import { type Ask, isAction } from '../ask/ask.ts';
import { VERDICT_RANK } from '../find/alert.ts';
import { advance, canRequest, type Incident, type Situation, situationOf } from '../incident/incident.ts';
import type { CampaignFacts, WaveFacts } from '../record/campaign.ts';
import { clip, count, inertOr } from '../text.ts';
import type { CardView } from './card.ts';
import { askedTerms } from './case.ts';
import type { Amount } from './effect.ts';
import { verdictWords } from './verdicts.ts';

/** What the card of a campaign shows of its waves, and what can be asked for all of them at once. */

type Members = WaveFacts & { readonly campaign?: CampaignFacts };

const PURGE: Action = 'purge';

/** What can be asked for all waves, by the verb that a press names. */
export const FOR_ALL: ReadonlyMap<string, Ask> = new Map<string, Ask>([
  [`${definitionOf(PURGE).verb}-all`, PURGE],
  [`${definitionOf(UNDO).verb}-all`, UNDO],
  ['reject-all', 'reject'],
]);

/** The verb of one wave behind that of all; null for any other. */
export function verbForEach(verb: string): string | null {
  return FOR_ALL.has(verb) ? verb.replace(/-all$/, '') : null;
}

/** The first one and its waves. */
export function membersOf({ incident, plan, campaign }: Members): readonly WaveFacts[] {
  return [{ incident, plan }, ...(campaign?.waves ?? [])];
}

/** A card holds so many lines; the others are counted. */
const MOST_LINES = 8;

/** The first one, and the waves that have a line on its card: what is waited for comes first, and of that what is called worst. */
function listedOf(facts: Members): readonly WaveFacts[] {
  const [own, ...waves] = membersOf(facts);
  const isOver = ({ incident }: WaveFacts) => (incident.state === 'open' || incident.state === 'received' ? 0 : 1);
  const worst = (a: WaveFacts, b: WaveFacts) => badness(b.incident) - badness(a.incident);
  const sorted = waves.sort((a, b) => isOver(a) - isOver(b) || worst(a, b));
  return own ? [own, ...sorted.slice(0, MOST_LINES)] : [];
}

/**
 * What a press for all speaks about: each incident that has a line on the card, with the list that it had when that was drawn.
 * Nobody approves what they have not seen: a good mail must not be hidden behind the lines of a long campaign.
 */
export function shownIn(facts: Members) {
  return listedOf(facts).flatMap(({ incident: { id, planDigest, breach } }) =>
    planDigest === null || breach !== null ? [] : [{ incident: id, planDigest }],
  );
}

const TAKEN_OUT: ReadonlySet<Situation> = new Set(['purged', 'junked']);

/** Whether this can be asked of it now, as far as state and policy tell: its own press decides. */
export function canBeAsked({ incident, plan }: WaveFacts, ask: Ask): boolean {
  if (incident.breach !== null || incident.unread !== undefined || plan === null) return false;
  if (!isAction(ask)) return advance(situationOf(incident), 'rejected') !== null;
  // Of what only waits there is nothing to put back.
  const isThere = isUndo(ask) ? TAKEN_OUT.has(situationOf(incident)) : plan.copies.length > 0;
  return isThere && canRequest(situationOf(incident), ask) && askedTerms(plan, ask) !== null;
}

/** Those that it would be asked of; none where that is only the incident of this card, which has buttons of its own. */
export function askedFor(facts: Members, ask: Ask): readonly WaveFacts[] {
  const asked = listedOf(facts).filter((one) => canBeAsked(one, ask));
  return asked.some(({ incident }) => incident.id !== facts.incident.id) ? asked : [];
}

/** What it would be done to, over all of them. */
export function amountOfAll(asked: readonly WaveFacts[], ask: Ask): Amount {
  const mode = asked[0]?.plan?.mode ?? 'live';
  const { copies, mailboxes } = reachOf(asked);
  return { copies, mailboxes: isAction(ask) && isUndo(ask) ? null : mailboxes, mode };
}

function reachOf(members: readonly WaveFacts[]) {
  const all = members.flatMap(({ plan }) => plan?.copies ?? []);
  return { copies: all.length, mailboxes: new Set(all.map(({ mailbox }) => mailbox)).size };
}

const STANDS: Readonly<Record<Situation, string>> = {
  received: 'copies are looked for',
  open: 'waits',
  flagged: 'waits, flagged',
  contained: 'contained, waits',
  running: 'under way',
  rehearsed: 'dry run ended',
  purged: 'purged',
  junked: 'in Junk Email',
  restored: 'put back',
  rejected: 'called not malicious',
  expired: 'nobody decided in time',
};

/** `3 waves, 41 copies in 37 mailboxes: 2 waits, 1 purged`. Empty where it has no waves. */
export function campaignLine(facts: Members): string {
  const members = membersOf(facts);
  if (members.length === 1) return '';
  const { copies, mailboxes } = reachOf(members);
  const stands = new Map<string, number>();
  for (const one of members) stands.set(standsOf(one), (stands.get(standsOf(one)) ?? 0) + 1);
  const told = [...stands].map(([words, n]) => `${words} (${n})`).join(', ');
  const hidden = members.length - 1 - MOST_LINES;
  const more = hidden > 0 ? ` ${count(hidden, 'more wave')} in the queue: asked for once those below are done.` : '';
  const reach = `${count(copies, 'copy', 'copies')} in ${count(mailboxes, 'mailbox', 'mailboxes')}`;
  return clip(`${count(members.length, 'wave')} with this one, ${reach}: ${told}.${more}`, 300);
}

export function waveLines(facts: Members): CardView['waves'] {
  const [, ...waves] = listedOf(facts);
  return waves.map((wave) => ({ incident: wave.incident.id, text: clip(lineOf(wave, facts.incident), 400) }));
}

const badness = ({ alert }: Incident) => VERDICT_RANK.indexOf(alert.verdict);

/** `first`: the incident whose card it is, which says what that one is called. */
function lineOf(wave: WaveFacts, first: Incident): string {
  const { verdict, message } = wave.incident.alert;
  const { subject, sender } = message;
  const { copies } = reachOf([wave]);
  const called = verdict === first.alert.verdict ? '' : `, ${verdictWords(verdict)}`;
  const amount = wave.plan === null ? '' : ` \u00b7 ${count(copies, 'copy', 'copies')}`;
  return `${standsOf(wave)}${called}${amount} \u00b7 \u201c${inertOr(subject, 'no subject', 120)}\u201d from ${inertOr(sender, 'no readable sender', 120)}`;
}

function standsOf({ incident }: WaveFacts): string {
  return incident.breach === null ? STANDS[situationOf(incident)] : 'differs from the record';
}

const BECAUSE: Readonly<Record<string, string>> = {
  worse: 'called worse than all of it by a source that had not spoken',
  full: 'that one has as many waves as a card can show',
  over: 'that one is over',
};

/** Where it belongs, or could. */
export function campaignRemarks({ incident, campaign }: Pick<Members, 'incident' | 'campaign'>): string[] {
  const { followed } = campaign ?? { followed: null };
  return [
    ...(incident.campaign === null
      ? []
      : [`Shown with the campaign of ${incident.campaign}, whose card can ask for all of its waves at once.`]),
    ...(followed
      ? [
          `Has two marks of the campaign of ${followed.older}; it is by itself: ${BECAUSE[followed.because] ?? 'see the record'}.`,
        ]
      : []),
  ];
}
