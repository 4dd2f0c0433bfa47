import { formKey, type MailForm } from '../../core/find/mail-form.ts';
import { oldBefore } from '../../core/record/retention.ts';
import type { KeptEvidence } from '../../ports/evidence.ts';
import type { Tx } from '../../ports/store.ts';
import type { Bookkeeping, Flow } from '../flow.ts';
import { brakeNow } from './held.ts';
import { type Note, record } from './record.ts';

/** What was kept of mails goes when its time is over, or with its incident. The record keeps its digests. */

/** In one transaction, and of one turn. */
const AT_ONCE = 50;
const PAGES = 20;

type LettingGo = Bookkeeping & Pick<Flow, 'keeping'>;

/** As long as it was to be kept when it was kept, or by now: what the configuration says today holds for everything. */
export async function letGoOfEvidence(flow: LettingGo): Promise<void> {
  const before = oldBefore(flow.clock.now(), flow.keeping.days);
  let after: string | null = '';
  for (let page = 0; page < PAGES && after !== null; page += 1) {
    const from: string = after;
    after = await flow.store.transact((tx) => letGoOfPage(flow, tx, before, from));
  }
}

/** Answers the last incident of the page; null at the end. */
async function letGoOfPage(flow: LettingGo, tx: Tx, before: string, after: string): Promise<string | null> {
  // While everything is stopped, people are looking at what happened.
  if ((await brakeNow(tx)).stopped) return null;
  const found = await tx.evidence.olderThan(before, after, AT_ONCE);
  const notes: Note[] = [];
  for (const id of found) {
    const incident = await tx.incidents.lock(id);
    // What differs from the record may be what somebody has to look into, and stays with all that belongs to it.
    if (incident && incident.breach !== null) continue;
    notes.push(...(await evidenceGone(tx, id, 'after its days', before)));
    await tx.evidence.remove(id, before);
  }
  if (notes.length > 0) await record(flow, tx, notes);
  return found.at(-1) ?? null;
}

/** What is written down in the transaction that deletes it: `before` alone, or all of it with the incident. */
export async function evidenceGone(
  tx: Tx,
  incident: string,
  outcome: 'after its days' | 'with its incident',
  before: string,
): Promise<readonly Note[]> {
  const kept = await tx.evidence.of(incident);
  const going: readonly KeptEvidence[] = outcome === 'after its days' ? kept.filter(({ at }) => at < before) : kept;
  if (going.length === 0) return [];
  const digests = going.map(({ digest }) => digest);
  const bytes = going.reduce((sum, one) => sum + one.bytes, 0);
  return [{ type: 'evidence.let-go', incident, outcome, detail: { digests, bytes, before } }];
}

/** One piece of what is kept of an incident: the headers of a form, or the message in it. */
export const pieceKey = ({ kind, ...form }: MailForm & { readonly kind: string }) => `${kind} ${formKey(form)}`;

/** What sealed bytes are bound to: those of another tenant, incident or form do not open in their place. */
export function sealedAs(
  { tenant }: Pick<Flow, 'tenant'>,
  incident: string,
  evidence: MailForm & Pick<KeptEvidence, 'kind'>,
): string {
  return `${tenant.id} ${incident} ${pieceKey(evidence)}`;
}
