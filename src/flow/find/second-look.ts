import { isTakenBack } from '../../core/find/alert.ts';
import { isDelivered } from '../../core/find/plan.ts';
import { mayActUnasked } from '../../core/incident/act-first.ts';
import { advance, type Incident, type Situation, situationOf } from '../../core/incident/incident.ts';
import { type Before, isAskedSoon, isNews, leavesTrouble, lookedDetail } from '../../core/record/looked.ts';
import { isOtherThan, recoveredDetail, recoveredOf } from '../../core/record/recovered.ts';
import type { Held } from '../../ports/held.ts';
import type { Job } from '../../ports/jobs.ts';
import type { Tx } from '../../ports/store.ts';
import type { Finding } from '../flow.ts';
import { whileTold } from '../record/delayed.ts';
import { heldBrake } from '../record/held.ts';
import { type Lists, listsAround } from '../record/lists.ts';
import { announce, record } from '../record/record.ts';
import { isTampered } from '../record/trust.ts';
import { NOT_WAITING } from '../record/wait.ts';
import { factsOf } from '../tell/facts.ts';
import { decidersFor } from './deciders.ts';
import { type Findings, findingsOf } from './findings.ts';
import { type Growth, growthOf, isStillNew, openChild, unlisted } from './grow.ts';
import { askSoon, nextNth } from './look-times.ts';
import {
  childNote,
  childrenToTell,
  recoveredBefore,
  type Seen as Sighted,
  sightNotes,
  sightsOf,
  stillWatched,
  type Watched,
  watchedCopies,
  whereabouts,
} from './recovered.ts';
import { answerNote, childrenAnswered, leftBy, lookedOf, toldOf } from './seen.ts';
import { setsFor } from './sets-for.ts';
import { lookNote, type Survey, survey, tellFinders } from './survey.ts';
import { fileAliases, newAliases } from './twins.ts';

/**
 * Tracking shows a mail minutes after it was delivered, and a mailbox may not answer just then: the mail is looked for again
 * after its plan was made. New copies are asked for in a list of their own; what is decided or being decided stays as it is.
 */

type Look = Extract<Job, { readonly queue: 'look' }>;

/** Where more copies would be asked for. What people called harmless, let lapse or only rehearsed is left at that. */
const GOES_ON: ReadonlySet<Situation> = new Set([
  'open',
  'running',
  'flagged',
  'contained',
  'purged',
  'junked',
  'restored',
]);

export async function lookAgain(flow: Finding, look: Look): Promise<void> {
  const subject = await flow.store.transact((tx) => subjectOf(flow, tx, look));
  if (!subject) return;
  const { incident, lists } = subject;
  const current = flow.policy();
  const sets = await setsFor(flow, incident.id, current.policy);
  const deciders = decidersFor(flow, current.policy);
  const { failed, unresolved, denied, unreachable, missing } = lists.own;
  const trouble = [...failed, ...unresolved, ...denied, ...unreachable, ...missing, ...subject.left];
  const { found, seen } = await whileTold(flow, incident.id, 'looking again', async () => {
    const found = await whereabouts(flow, subject.watched);
    const also = [...trouble, ...found.flatMap(({ copy, is }) => (is === 'absent' ? copy.address : []))];
    return { found, seen: await survey(flow, incident, { known: lists.all, also, patience: 'long' }) };
  });
  const findings = findingsOf(flow, seen, incident, sets);
  const { sights, copies } = sightsOf(found, seen, unlisted(lists, findings.copies));
  const growth = await growthOf(flow, incident, lists, { survey: seen, findings, sets, current, deciders }, copies);
  tellFinders(flow, seen.finders, isDelivered(lists.own) || copies.length > 0);
  await flow.store.transact((tx) => endLook(flow, tx, { look, subject, seen, findings, growth, sights }));
}

interface Subject {
  readonly incident: Incident;
  readonly lists: Lists;
  /** What was out of sight when its run ended, and was not brought back by us. */
  readonly watched: readonly Watched[];
  readonly before: Before | null;
  /** Whom the look before could not look into, for this list or one that grew out of it. */
  readonly left: readonly string[];
}

async function subjectOf(flow: Finding, tx: Tx, { incident: id, list }: Look): Promise<Subject | null> {
  const facts = await factsOf(flow, tx, id);
  const { incident, plan } = facts ?? {};
  if (!incident || !plan || !isLookedAfter(incident)) return null;
  // A list that was made since has looks of its own.
  if (list !== undefined && list !== incident.planDigest) return null;
  const lists = await listsAround(tx, incident, incident.planDigest ?? '');
  if (lists?.own.mode !== 'live' || !(await goesOn(tx, incident, lists))) return null;
  const watched = await watchedCopies(tx, [id, ...lists.children]);
  const before = await toldOf(tx, id, plan);
  const left = [...(await leftBy(tx, id, plan))];
  for (const child of lists.children) {
    const grown = await tx.incidents.plan((await tx.incidents.get(child))?.planDigest ?? '');
    if (grown) left.push(...(await leftBy(tx, child, grown)));
  }
  return { incident, lists, watched, before, left };
}

/** What grew out of another incident is looked after with that one. */
function isLookedAfter({ parent, breach }: Incident): boolean {
  return parent === null && breach === null;
}

/** What people called harmless or let lapse they may have taken up in a list that grew out of it. */
async function goesOn(tx: Tx, incident: Incident, { children }: Lists): Promise<boolean> {
  if (incident.state !== 'closed') return GOES_ON.has(situationOf(incident));
  for (const child of children) {
    const grown = await tx.incidents.get(child);
    const stands = grown && situationOf(grown);
    if (stands && stands !== 'open' && GOES_ON.has(stands)) return true;
  }
  return false;
}

interface Seen {
  readonly look: Look;
  readonly subject: Subject;
  readonly seen: Survey;
  readonly findings: Findings;
  readonly growth: Growth | null;
  readonly sights: readonly Sighted[];
}

async function endLook(flow: Finding, tx: Tx, { look, subject, seen, findings, growth, ...saw }: Seen): Promise<void> {
  const { lists, before } = subject;
  const incident = await tx.incidents.lock(look.incident);
  // A new list was made meanwhile, or the case was closed: that has looks of its own, or none.
  if (incident?.planDigest !== lists.digest) return;
  if (!(await goesOn(tx, incident, lists))) return;
  if (await isTampered(flow, tx, incident)) return;
  const opens = growth && (await isStillNew(tx, incident, lists, growth)) ? growth : null;
  const sights = await stillWatched(tx, [incident.id, ...lists.children], saw.sights);
  // Whoever is held is held before the record: everybody takes them in this order.
  const told = await childrenToTell(flow, tx, lists.children, sights);
  const again = isTriedAgain(look, seen);
  const answered = await childrenAnswered(flow, tx, lists.children, { survey: seen, findings }, again);
  if (opens) await heldBrake(tx);
  const about = { survey: seen, findings, own: lists.own, before };
  const looked = lookedOf(flow, about, { again, grown: opens?.plan.copies.length ?? 0 });
  const wasBack = await recoveredBefore(tx, incident.id);
  const back = recoveredOf(sights, looked.at, wasBack);
  await record(flow, tx, [
    ...sightNotes(sights),
    ...told.map(childNote),
    ...answered.map((one) => answerNote(one, findings)),
    ...seen.lookups.map((lookup) => lookNote(incident.id, lookup)),
    {
      type: 'scope.looked',
      incident: incident.id,
      planDigest: lists.digest,
      requestId: seen.finderRequest,
      detail: {
        because: look.because,
        nth: look.nth,
        looked: seen.lookups.length,
        noted: seen.lookups.length,
        look: lookedDetail(looked),
        recovered: recoveredDetail(back),
      },
    },
  ]);
  await fileAliases(flow, tx, incident, await newAliases(tx, incident, findings.aliases));
  if (opens) await ask(flow, tx, incident, lists, opens);
  else if (!before || isNews(looked, before) || isOtherThan(back, wasBack)) await announce(flow, tx, incident.id);
  const news = [...told.filter(({ isNew }) => isNew), ...answered].map(({ child }) => child.id);
  for (const child of new Set(news)) await announce(flow, tx, child);
  if (looked.again) await askSoon(tx, incident, nextNth(look), seen.finderWaitMs);
}

function isTriedAgain(look: Look, { finders, lookups }: Survey): boolean {
  const failed = lookups.filter(({ result }) => result === 'failed').length;
  return leavesTrouble({ finders, failed }) && isAskedSoon(nextNth(look));
}

/** A list without copies that nobody has said anything about is made anew; beside any other there is one more. */
async function ask(flow: Finding, tx: Tx, incident: Held<Incident>, lists: Lists, growth: Growth): Promise<void> {
  const isEmpty = lists.own.copies.length === 0 && lists.children.length === 0;
  const state = advance(situationOf(incident), 'reopened');
  const isSilent = (await tx.decisions.list(incident.id)).every(({ planDigest }) => planDigest !== lists.digest);
  if (situationOf(incident) !== 'open' || !isEmpty || !isSilent || !state) {
    return openChild(flow, tx, incident, lists, growth, {
      run: null,
      contains: !isTakenBack(incident.alert) && (await containsUnasked(tx, incident, lists)),
    });
  }
  await record(flow, tx, [
    {
      type: 'incident.reopened',
      incident: incident.id,
      planDigest: incident.planDigest,
      detail: { seats: [], approvedBy: [], why: 'nobody was asked: the list held no copies' },
    },
  ]);
  await announce(flow, tx, incident.id, { state, closedBy: null, reason: null, ...NOT_WAITING });
  await tx.jobs.send({ queue: 'scope', incident: incident.id });
}

/** Over the whole family: what people said of one of its lists they said of the mail. */
async function containsUnasked(tx: Tx, incident: Incident, { children }: Lists): Promise<boolean> {
  const runs = [...(await tx.runs.ofIncident(incident.id))];
  const states = [incident.state];
  for (const child of children) {
    runs.push(...(await tx.runs.ofIncident(child)));
    const grown = await tx.incidents.get(child);
    if (grown) states.push(grown.state);
  }
  return mayActUnasked(runs, states);
}
