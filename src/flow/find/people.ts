import type { Incident } from '../../core/incident/incident.ts';
import { LATEST_MS } from '../../core/intelligence/asked.ts';
import { type PeopleLook, type PeopleReason, spokenIn } from '../../core/intelligence/look.ts';
import type { Job } from '../../ports/jobs.ts';
import type { Tx } from '../../ports/store.ts';
import type { Flow } from '../flow.ts';
import { knowClicked } from '../record/cards.ts';
import { countSeenLater, senderOf } from '../record/ended.ts';
import { lookAfterFlagsOf } from '../record/flags-about.ts';
import { announce, type Note, record } from '../record/record.ts';
import { isTampered } from '../record/trust.ts';
import { lookAround } from './people-around.ts';

/**
 * Who else was touched: a look at the people who received a mail, by a few questions for all of them. It is asked for in the
 * transaction that makes the list, and nothing waits for it: no card, no vote, no purge. What is found is evidence.
 */

type Errand = Extract<Job, { readonly queue: 'people' }>;
type Looking = Pick<
  Flow,
  'tenant' | 'clock' | 'store' | 'rooms' | 'hash' | 'intelligence' | 'directory' | 'chats' | 'policy' | 'people'
>;

/** After the list was made: what is audited shows an hour and more after it happened, and people read mail the next morning. */
const LATER_MS: readonly number[] = [LATEST_MS + 600_000, 24 * 3_600_000];
/** Where something gave no answer. */
const AGAIN_AFTER_MS: readonly number[] = [30_000, 120_000, 900_000];

/** `contained`: by whoever has done something about these people; the card then tells what is left of what was found before. */
export async function askForPeople(
  { intelligence }: Pick<Flow, 'intelligence'>,
  tx: Pick<Tx, 'jobs'>,
  { incident, list }: { readonly incident: string; readonly list: string },
  because: PeopleReason = 'plan',
  afterMs = 0,
): Promise<void> {
  if (!intelligence) return;
  const nth = afterMs > 0 ? 1 : 0;
  await tx.jobs.send({ queue: 'people', incident, list, because, nth, tries: 0 }, afterMs);
}

/** Looks, writes down what was found, and asks for the next look. */
export async function lookAtPeople(flow: Looking, errand: Errand): Promise<void> {
  const { intelligence } = flow;
  if (!intelligence) return;
  const known = await flow.store.transact(async (tx) => {
    const incident = await tx.incidents.lock(errand.incident);
    if (!incident || (await isTampered(flow, tx, incident))) return null;
    const list = await tx.incidents.glance(errand.list);
    if (!list?.intact || list.plan?.incident !== incident.id) return null;
    const who = senderOf(incident);
    return { incident, plan: list.plan, judged: who && (await tx.looks.judged(who, incident.id)) };
  });
  if (!known || known.plan.copies.length === 0 || isIdle(known.incident, errand)) return;
  const look = await lookAround(flow, intelligence, known, errand.because);
  const digest = flow.hash.digest(look);
  await flow.store.transact(async (tx) => {
    // Gone meanwhile: nothing would ever delete it.
    if (!(await tx.incidents.lock(errand.incident))) return;
    const before = await tx.looks.newest(errand.incident);
    const nth = await tx.looks.add(errand.incident, { list: errand.list, digest, look });
    await tx.looks.spoke(errand.incident, spokenIn(look));
    await countSeenLater(tx, errand.incident);
    await knowClicked(tx, errand.incident, look.did.clicked);
    await record(flow, tx, [noteOf(errand, look, nth, digest)]);
    await askForNext(tx, errand, look);
    // Lines for an administrator stand on those cards until a look sees that they were run.
    for (const id of await tx.measures.ofIncident(errand.incident)) await tx.cards.touch(id);
    await lookAfterFlagsOf(
      tx,
      known.plan.copies.map(({ mailbox }) => mailbox),
    );
    if (before?.look == null || isNews(before.look, look)) await announce(flow, tx, errand.incident);
  });
}

/** Of what was called harmless, or that nobody decided about, nothing more is asked unless somebody wants it. */
function isIdle(incident: Incident, { because }: Errand): boolean {
  return because === 'late' && incident.state === 'closed';
}

async function askForNext(tx: Pick<Tx, 'jobs'>, errand: Errand, { answers }: PeopleLook): Promise<void> {
  const again = answers.some(({ is }) => is === 'no answer') ? AGAIN_AFTER_MS[errand.tries] : undefined;
  if (again !== undefined) {
    await tx.jobs.send({ ...errand, tries: errand.tries + 1 }, again);
    return;
  }
  // What a person asked for is not repeated by itself.
  const isBySelf = errand.because === 'plan' || errand.because === 'late';
  const nth = errand.because === 'plan' ? 0 : errand.nth + 1;
  const later = LATER_MS[nth];
  if (isBySelf && later !== undefined) await tx.jobs.send({ ...errand, because: 'late', nth, tries: 0 }, later);
}

function isNews(before: PeopleLook, now: PeopleLook): boolean {
  const said = ({ findings, suspected, did, mail, already }: PeopleLook) =>
    JSON.stringify([
      findings.map(({ person, sentence }) => [person, sentence]),
      suspected,
      did,
      already,
      mail.map(({ sentence }) => sentence),
    ]);
  return said(before) !== said(now);
}

function noteOf({ incident, list, because }: Errand, look: PeopleLook, nth: number, digest: string): Note {
  const { people, asked, findings, leftOut, suspected, answers, did, mail } = look;
  return {
    type: 'people.looked',
    incident,
    planDigest: list,
    detail: {
      ...{ nth, because, digest, people, asked },
      findings: findings.length + leftOut,
      suspected: suspected.length,
      clicked: did.clicked,
      kinds: spokenIn(look).map((kind) => ({
        kind,
        findings:
          findings.filter((finding) => finding.kind === kind).length +
          mail.filter(({ signal }) => signal === kind).length,
      })),
      sources: answers.map(({ source, is }) => ({ source, is })),
    },
  };
}
