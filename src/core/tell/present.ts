import { ACTIONS, type Action, beginsAtOnce, givesBack, isApprovedRemoval, setsAside, UNDO } from '../action/action.ts';
import { OUTCOME_WORDS, OUTCOMES } from '../action/outcome.ts';
import { bothForms } from '../address.ts';
import { foundByWords } from '../find/finder.ts';
import { blastRadius, type Plan, shortDigest } from '../find/plan.ts';
import { suspicionLines } from '../find/suspicion.ts';
import { situationOf } from '../incident/incident.ts';
import { clip, count, inertOr, shortTime } from '../text.ts';
import { askWords } from './ask-words.ts';
import { effectLine, endOf, needsOf, otherVoteLines, stoppedLine, timeLeft } from './asking.ts';
import { leftToNewer, whileStopped, withBreach } from './breach.ts';
import { buttonsOf } from './button.ts';
import { campaignLine, waveLines } from './campaign-view.ts';
import type { CardView } from './card.ts';
import { askedTerms, type CaseFacts, canTakeIn, lastRun, leadAction, possible } from './case.ts';
import { chatName } from './chats.ts';
import { delayWords } from './delay.ts';
import { readWords } from './engine-words.ts';
import { contactLines, evidenceRows } from './evidence.ts';
import { exerciseView } from './exercise-words.ts';
import { linksOf } from './links.ts';
import { lookingWords } from './looking-words.ts';
import { RELEASE_HEADLINE } from './release-words.ts';
import { groupLine, remarksOf, troubleLines } from './remarks.ts';
import { stateWords, toneOf } from './state-words.ts';
import { VERDICTS } from './verdicts.ts';
import { progressOf, statusLine, verbLines } from './wording.ts';

/** The one translation of a case into what people see. Every string leaves inert and clipped. */
export function present(facts: CaseFacts): CardView {
  const { incident, plan } = facts;
  const { alert } = incident;
  const may = possible(facts);
  const asks = asksFor(may);
  const actions = buttonsOf(facts, may);
  const needs = needsOf(facts, may);
  const view: CardView = {
    tenant: inertOr(facts.tenantName, 'tenant', 80),
    incident: incident.id,
    revision: String(incident.revision),
    digest: incident.planDigest ?? '',
    shortDigest: incident.planDigest ? shortDigest(incident.planDigest) : '\u2014',
    severity: alert.severity,
    headline: headlineOf(incident),
    state: stateWords(facts, asks),
    status: statusOf(facts, may),
    stopped: stoppedLine(facts),
    tone: toneOf(facts),
    sender: senderLine(facts),
    subject: inertOr(alert.message.subject, '(no subject)', 180),
    reach: reachLine(plan),
    facts: furtherFacts(facts),
    warnings: warningsOf(facts).map((text) => ({ text })),
    unsure: unsureOf(facts),
    campaign: campaignLine(facts),
    waves: waveLines(facts),
    canTakeIn: canTakeIn(facts),
    troubles: troubleLines(facts)
      .map((text) => ({ text: clip(text, 300) }))
      .slice(0, MOST_TROUBLES),
    needs,
    ...timeLeft(facts, may),
    effect: effectLine(facts, may),
    decisions: decisionsOf(facts),
    progress: progressOf(facts),
    outcomes: outcomeRows(facts),
    waits: waitsOf(facts),
    ...endOf(facts, may),
    links: linksOf(alert, plan, facts.linkHosts),
    asks,
    actions,
    ...exerciseView(facts),
  };
  if (incident.breach !== null) return withBreach(view, incident.breach);
  if (facts.isOfNewerVersion) return leftToNewer(view);
  return view.stopped === '' ? view : whileStopped(view);
}

/** While answers come, it is not slow: how far it is says more. */
function waitsOf({ incident, looking, delay, now }: CaseFacts): string {
  const progress = lookingWords(looking, now);
  const isGoingOn = progress !== '' && (looking?.done ?? 0) > 0 && delay?.why === 'slow';
  return [progress, isGoingOn ? '' : delayWords(delay, situationOf(incident))]
    .filter((words) => words !== '')
    .join(' ');
}

const MOST_STATUS = 300;
const MOST_VOTES = 200;

/** Who has said something is not cut off for the sake of the sentence before it. */
function statusOf(facts: CaseFacts, may: Readonly<Record<Action, boolean>>): string {
  const said = [...otherVoteLines(facts, may), ...verbLines(facts)].map((line) => ` ${line}`);
  const votes = clip(said.join(''), MOST_VOTES);
  return `${clip(statusLine(facts), MOST_STATUS - votes.length)}${votes}`;
}

function asksFor(may: Readonly<Record<Action, boolean>>): CardView['asks'] {
  const offered = ACTIONS.filter((action) => may[action]);
  if (offered.some((action) => isApprovedRemoval(action) || setsAside(action) || givesBack(action))) return 'approval';
  return offered.some(beginsAtOnce) ? 'confirmation' : 'nothing';
}

export function headlineOf({ alert }: Pick<CaseFacts['incident'], 'alert'>): string {
  // Nobody calls it anything: it is asked whether the filter was wrong.
  if (alert.automation) return RELEASE_HEADLINE;
  return `${alert.severity.toUpperCase()} \u00b7 ${VERDICTS[alert.verdict]}`;
}

function senderLine(facts: CaseFacts): string {
  const { sender, senderName } = facts.incident.alert.message;
  const address = inertOr(sender && bothForms(sender), 'no readable sender address', 240);
  return senderName ? `${address} \u2014 calls itself \u201c${inertOr(senderName, '', 80)}\u201d` : address;
}

function reachLine(plan: Plan | null): string {
  if (!plan) return 'Not known yet';
  const radius = blastRadius(plan.copies);
  if (radius.copies === 0) return `No copies in ${count(plan.nothing.length, 'mailbox', 'mailboxes')} looked into`;
  return `${count(radius.copies, 'copy', 'copies')} in ${count(radius.mailboxes, 'mailbox', 'mailboxes')}${readWords(plan.copies)}`;
}

function furtherFacts({ incident, plan }: CaseFacts): CardView['facts'] {
  const rows = evidenceRows(incident.alert, incident.alerts);
  const rule = askedTerms(plan, leadAction(plan, situationOf(incident)) ?? UNDO)?.rule;
  const found = plan ? [['Found by', foundByWords(plan)] as const] : [];
  const ruled = rule && incident.state !== 'closed' ? [['Rule', inertOr(rule, 'unnamed', 80)] as const] : [];
  return [...rows, ...found, ...ruled].map(([label, value]) => ({ label, value: clip(value, 600) }));
}

/** As many as there are kinds of trouble that are named. */
const MOST_TROUBLES = 8;
/** What a card holds. */
const MOST_WARNINGS = 20;
/** Every kind of remark there is fits; a list of remarks that grows without end is cut at the oldest. */
const MOST_OWN = 16;

/** What we know has its places whatever the mail holds: one full of oddities must not push our own warnings off the card. */
function warningsOf(facts: CaseFacts): readonly string[] {
  const own = remarksOf(facts).slice(0, MOST_OWN);
  const more = (facts.plan?.unsure.length ?? 0) - MOST_GROUPS;
  const hidden = more > 0 ? [`${count(more, 'more group')} of mails that may be this one: see Details.`] : [];
  const room = MOST_WARNINGS - own.length - hidden.length;
  const { alert, id } = facts.incident;
  const contact = contactLines(alert);
  return [...contact, ...suspicionLines(alert, id, room - contact.length), ...hidden, ...own].map((text) =>
    clip(text, 300),
  );
}

const MOST_GROUPS = 3;

/** Numbered as in the plan, so that digest and number together name exactly one group. */
function unsureOf({ plan }: CaseFacts): CardView['unsure'] {
  if (!plan) return [];
  return plan.unsure.slice(0, MOST_GROUPS).map((group, index) => ({
    text: clip(`${index + 1}. ${groupLine(group, plan)}`, 500),
    page: String(index),
    label: `Take in group ${index + 1}`,
  }));
}

function decisionsOf(facts: CaseFacts): CardView['decisions'] {
  const current = facts.votes.filter((vote) => vote.planDigest === (facts.incident.planDigest ?? ''));
  return current.slice(-20).map((vote) => ({
    text: `${inertOr(vote.name, 'Somebody', 80)} ${askWords(vote.action).voted} in ${chatName(facts.chatNames, vote.platform)}, ${shortTime(vote.at)}`,
  }));
}

function outcomeRows(facts: CaseFacts): CardView['outcomes'] {
  const run = lastRun(facts);
  if (!run || situationOf(facts.incident) === 'received' || situationOf(facts.incident) === 'open') return [];
  return OUTCOMES.filter((outcome) => run.outcomes[outcome] > 0).map((outcome) => ({
    label: OUTCOME_WORDS[outcome],
    value: count(run.outcomes[outcome], 'copy', 'copies'),
  }));
}
