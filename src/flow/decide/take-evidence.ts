import { ClawbackError } from '../../core/error.ts';
import { formKey } from '../../core/find/mail-form.ts';
import type { EvidenceKind, EvidenceName, KeptEvidence } from '../../ports/evidence.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { sealedAs } from '../record/evidence.ts';
import { record } from '../record/record.ts';

/** What was kept of a mail leaves: for whoever may read the data folder, and the record says who has it. */

export interface TakenEvidence {
  readonly incident: string;
  readonly kind: EvidenceKind;
  readonly digest: string;
  /** As it was read, base64. */
  readonly content: string;
}

/** What there is, in the order in which it was kept; null where there is no such incident, and nothing of it. */
export async function evidenceListed(
  flow: Pick<Deciding, 'store'>,
  id: string,
): Promise<readonly KeptEvidence[] | null> {
  const incident = nameOf(id);
  return flow.store.transact(async (tx) => {
    const kept = await tx.evidence.of(incident);
    return kept.length > 0 || (await tx.incidents.get(incident)) ? kept : null;
  });
}

const nameOf = (id: string) => id.replaceAll('\0', '').toUpperCase();

/**
 * `wanted`: as `evidenceListed` tells it; null where it is not kept, or not any more. Throws ClawbackError 'invalid' where what is
 * stored is not what the record says was kept: that is evidence of nothing, and nobody gets it. 'config' without its key.
 */
export async function takeEvidence(
  flow: Deciding,
  id: string,
  wanted: EvidenceName,
  who: string,
): Promise<TakenEvidence | null> {
  const incident = nameOf(id);
  const taken = await flow.store.transact(async (tx) => {
    const evidence = (await tx.evidence.of(incident)).find((one) => isNamed(one, wanted));
    if (!evidence) return null;
    const found = await bytesOf(flow, tx, incident, evidence);
    if (found === 'no key' || found === 'another key') return found;
    const isKept = found !== null && flow.keeping.vault.digest(found) === evidence.digest;
    const isGiven = isKept && (await isOnRecord(tx, incident, evidence));
    const { kind, networkMessageId, internetMessageId, digest } = evidence;
    await record(flow, tx, [
      {
        type: 'evidence.read',
        incident,
        platform: 'operator',
        actor: { kind: 'service', id: 'operator', name: who },
        outcome: isGiven ? 'given' : 'differs',
        detail: { kind, networkMessageId, internetMessageId, digest, way: 'command line' },
      },
    ]);
    return isGiven ? { incident, kind, digest, content: Buffer.from(found).toString('base64') } : 'differs';
  });
  if (taken === 'no key' || taken === 'another key')
    throw new ClawbackError('config', KEY_TROUBLE[taken], { field: 'evidence key' });
  if (taken === 'differs')
    throw new ClawbackError(
      'invalid',
      `what is stored of the mail of ${incident} is not what the record says was kept`,
      {
        field: 'evidence',
      },
    );
  return taken;
}

const KEY_TROUBLE = {
  'no key': 'it was encrypted, and the key for it is not set: CLAWBACK_<TENANT>_EVIDENCE_KEY',
  'another key': 'it was encrypted with another key than the one in CLAWBACK_<TENANT>_EVIDENCE_KEY',
};

const isNamed = (one: EvidenceName, { kind, digest }: EvidenceName) => one.kind === kind && one.digest === digest;

async function bytesOf({ tenant, keeping }: Deciding, tx: Tx, incident: string, evidence: KeptEvidence) {
  const content = await tx.evidence.content(incident, evidence);
  if (content === null) return null;
  if (evidence.kind === 'headers') return new TextEncoder().encode(content);
  const { vault } = keeping;
  if (!vault.hasKey) return 'no key';
  return vault.isOfAnotherKey(content) ? 'another key' : vault.open(content, sealedAs({ tenant }, incident, evidence));
}

/** An entry that was changed proves nothing. */
async function isOnRecord(tx: Tx, incident: string, evidence: KeptEvidence): Promise<boolean> {
  const found = await tx.ledger.find({ incident, types: ['evidence.kept'] });
  return found.some(
    ({ entry }) =>
      entry?.detail.kind === evidence.kind &&
      entry.detail.digest === evidence.digest &&
      formKey(entry.detail) === formKey(evidence),
  );
}
