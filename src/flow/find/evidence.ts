import { type FormToRead, formKey, formsToRead, headerText } from '../../core/find/mail-form.ts';
import { type Plan, type Target, targetKey } from '../../core/find/plan.ts';
import type { EvidenceKind, Got, KeptEvidence } from '../../ports/evidence.ts';
import type { Job } from '../../ports/jobs.ts';
import type { Tx } from '../../ports/store.ts';
import type { Finding, Flow } from '../flow.ts';
import { pieceKey, sealedAs } from '../record/evidence.ts';
import { originsOf } from '../record/lists.ts';
import { type Note, record } from '../record/record.ts';
import { isTampered } from '../record/trust.ts';
import type { Findings } from './findings.ts';

/**
 * What is kept of a mail itself: once for each form that it came in, of one copy. Asked for in the transaction that makes the
 * plan and read at once, at the side: nothing waits for it, no card, no press, no purge. Most often people take longer than
 * the reading. Where a purge is faster, a copy that was soft-deleted is still read by its id, which stays the same in
 * Recoverable Items; one that was hard-deleted is not, the next copy of the same form is tried, and what could not be read of
 * any is written down as missed.
 */

type Errand = Extract<Job, { readonly queue: 'evidence' }>;
/** It reads what a mail was sent as, and has no other way into a mailbox. */
type Gathering = Omit<Flow, 'effects' | 'excerpts' | 'reader' | 'finders'>;

/** After the first try; then it is at an end. Permissions are given and services come back within these. */
const AGAIN_AFTER_MS: readonly number[] = [15_000, 120_000, 900_000, 3_600_000];

export async function askForEvidence(
  { keeping }: Pick<Finding, 'keeping'>,
  tx: Pick<Tx, 'jobs'>,
  { incident, copies }: Pick<Plan, 'incident' | 'copies'>,
  list: string,
  { copyForms }: Pick<Findings, 'copyForms'>,
): Promise<void> {
  if (keeping.keeps === 'nothing') return;
  const forms = formsToRead(copies, copyForms);
  if (forms.length > 0) await tx.jobs.send({ queue: 'evidence', incident, list, nth: 0, forms });
}

interface Wish {
  readonly form: FormToRead;
  readonly kind: EvidenceKind;
}

/** Reads what is not kept yet, and asks for another try of what gave no clear answer, until the last one. */
export async function gatherEvidence(flow: Gathering, errand: Errand): Promise<void> {
  if (flow.keeping.keeps === 'nothing') return;
  const wishes = await flow.store.transact((tx) => stillWished(flow, tx, errand));
  const later: { readonly wish: Wish; readonly failed: Failed }[] = [];
  for (const wish of wishes) {
    const read = await firstReadable(flow, wish);
    if (read.status === 'ok') await keep(flow, errand, wish, read);
    else if (read.status === 'too large' || errand.nth >= AGAIN_AFTER_MS.length) await miss(flow, errand, wish, read);
    else later.push({ wish, failed: read });
  }
  if (later.length === 0) return;
  const asked = later.map(({ failed }) => (failed.status === 'no answer' ? (failed.waitMs ?? 0) : 0));
  const waitMs = Math.max(AGAIN_AFTER_MS[errand.nth] ?? 0, ...asked);
  const forms = new Map(later.map(({ wish }) => [formKey(wish.form), wish.form]));
  const again: Errand = { ...errand, nth: errand.nth + 1, forms: [...forms.values()] };
  await flow.store.transact((tx) => tx.jobs.send(again, waitMs));
}

/** Only of copies that the list holds: what stands in a job is no authority. */
async function stillWished(flow: Gathering, tx: Tx, errand: Errand): Promise<readonly Wish[]> {
  const incident = await tx.incidents.lock(errand.incident);
  if (!incident || (await isTampered(flow, tx, incident))) return [];
  const list = await tx.incidents.glance(errand.list);
  if (!list?.intact || list.plan?.incident !== incident.id) return [];
  const listed = new Set(list.plan.copies.map(targetKey));
  const done = new Set<string>();
  // What grew out of an incident is the same mail: what is kept there is kept.
  for (const id of [incident.id, ...(await originsOf(tx, incident))])
    for (const kept of await tx.evidence.of(id)) done.add(pieceKey(kept));
  for (const { entry } of await tx.ledger.find({ incident: incident.id, types: ['evidence.missed'] }))
    if (entry?.planDigest === errand.list) done.add(pieceKey(entry.detail));
  const kinds: readonly EvidenceKind[] = flow.keeping.keeps === 'headers and MIME' ? ['headers', 'mime'] : ['headers'];
  return errand.forms
    .map((form) => ({ ...form, copies: form.copies.filter((copy) => listed.has(targetKey(copy))) }))
    .filter(({ copies }) => copies.length > 0)
    .flatMap((form) => kinds.map((kind) => ({ form, kind })))
    .filter(({ form, kind }) => !done.has(pieceKey({ ...form, kind })));
}

/** As bytes, with how many headers they are. */
interface Content {
  readonly bytes: Uint8Array;
  readonly headers: number | null;
}
type Read = Got<Content> & { readonly target: Target };
type Failed = Exclude<Read, { readonly status: 'ok' }>;

/** How little a failure says of whether the mail can be read: the least certain one is told. */
const DOUBT: Readonly<Record<Failed['status'], number>> = { 'too large': 3, 'no answer': 2, denied: 1, absent: 0 };

async function firstReadable(flow: Gathering, { form, kind }: Wish): Promise<Read> {
  let worst: Failed | null = null;
  for (const target of form.copies) {
    const read = { ...(await readOne(flow, target, kind)), target };
    // Every copy of a form is as large.
    if (read.status === 'ok' || read.status === 'too large') return read;
    if (worst === null || DOUBT[read.status] > DOUBT[worst.status]) worst = read;
  }
  if (worst === null) throw new Error('a form without copies is not read');
  return worst;
}

async function readOne({ evidence, keeping }: Gathering, target: Target, kind: EvidenceKind): Promise<Got<Content>> {
  if (kind === 'mime') {
    const got = await evidence.mime(target, keeping.mimeBytes);
    return got.status === 'ok' ? { ...got, value: { bytes: got.value, headers: null } } : got;
  }
  const got = await evidence.headers(target);
  if (got.status !== 'ok') return got;
  const bytes = new TextEncoder().encode(headerText(got.value));
  if (bytes.length <= keeping.headerBytes) return { ...got, value: { bytes, headers: got.value.length } };
  const detail = `${bytes.length} bytes of headers, ${keeping.headerBytes} are the most`;
  return { status: 'too large', detail, requestId: got.requestId };
}

async function keep(
  flow: Gathering,
  errand: Errand,
  { form, kind }: Wish,
  read: Read & { status: 'ok' },
): Promise<void> {
  const { networkMessageId, internetMessageId } = form;
  const { bytes, headers } = read.value;
  const evidence: KeptEvidence = {
    kind,
    networkMessageId,
    internetMessageId,
    ...read.target,
    digest: flow.keeping.vault.digest(bytes),
    bytes: bytes.length,
    at: flow.clock.now(),
  };
  const content =
    kind === 'mime'
      ? flow.keeping.vault.seal(bytes, sealedAs(flow, errand.incident, evidence))
      : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  await flow.store.transact(async (tx) => {
    // Gone meanwhile: nothing would ever delete it.
    if (!(await tx.incidents.lock(errand.incident))) return;
    if (!(await tx.evidence.keep(errand.incident, evidence, content))) return;
    const detail = { kind, networkMessageId, internetMessageId, digest: evidence.digest, bytes: bytes.length, headers };
    await record(flow, tx, [{ ...about(errand, read), type: 'evidence.kept', outcome: 'kept', detail }]);
  });
}

async function miss(flow: Gathering, errand: Errand, { form, kind }: Wish, read: Failed): Promise<void> {
  const { networkMessageId, internetMessageId } = form;
  const detail = { kind, networkMessageId, internetMessageId, tries: errand.nth + 1, note: read.detail };
  await flow.store.transact((tx) =>
    record(flow, tx, [{ ...about(errand, read), type: 'evidence.missed', outcome: read.status, detail }]),
  );
}

function about({ incident, list }: Errand, { target, requestId }: Read): Omit<Note, 'type' | 'detail'> {
  return { incident, platform: 'graph', planDigest: list, ...target, requestId };
}
