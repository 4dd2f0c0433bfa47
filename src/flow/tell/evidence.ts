import type { TenantPolicy } from '../../core/ask/policy.ts';
import { ofType, type Recorded } from '../../core/record/ledger.ts';
import type { CaseFacts } from '../../core/tell/case.ts';
import type { Tx } from '../../ports/store.ts';

/**
 * What has spoken in any look at an incident, as its record has it: what a later look does not see any more spoke all the same, because whoever
 * has an account in their hands can tidy up. `later`: its entries, of which those of looks count.
 */
export async function evidenceOf(
  tx: Pick<Tx, 'looks'>,
  { evidence: rules }: Partial<Pick<TenantPolicy, 'evidence'>>,
  later: readonly { readonly entry: Recorded | null }[],
): Promise<Pick<CaseFacts, 'evidence'>> {
  const looks = later.flatMap(({ entry }) => entry ?? []).filter(ofType('people.looked'));
  if (!rules || rules.length === 0 || looks.length === 0) return {};
  const spoke = new Set(looks.flatMap(({ detail }) => detail.kinds.map(({ kind }) => kind)));
  return { evidence: { spoke: [...spoke], counts: await tx.looks.counts() } };
}

/** The same for whoever has not read its record. */
export async function evidenceIn(
  tx: Pick<Tx, 'looks' | 'ledger'>,
  policy: Partial<Pick<TenantPolicy, 'evidence'>>,
  incident: string,
): Promise<Pick<CaseFacts, 'evidence'>> {
  if (!policy.evidence || policy.evidence.length === 0) return {};
  return evidenceOf(tx, policy, await tx.ledger.find({ incident, types: ['people.looked'] }));
}

/** Of many at once, for whoever only looks: as it is counted, because nobody reads the record of each for a list. */
export async function evidenceAmong(
  tx: Pick<Tx, 'looks'>,
  policies: readonly Partial<Pick<TenantPolicy, 'evidence'>>[],
  incidents: readonly { readonly id: string }[],
): Promise<(id: string) => Pick<CaseFacts, 'evidence'>> {
  if (incidents.length === 0 || policies.every(({ evidence = [] }) => evidence.length === 0)) return () => ({});
  const spoken = await tx.looks.spokenIn(incidents.map(({ id }) => id));
  if (spoken.size === 0) return () => ({});
  const counts = await tx.looks.counts();
  return (id) => {
    const spoke = spoken.get(id);
    return spoke ? { evidence: { spoke, counts } } : {};
  };
}
