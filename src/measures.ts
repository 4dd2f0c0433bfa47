import { createMeasures, type MeasureOptions } from './adapters/graph/measures/measures.ts';
import type { Tenant } from './config/schema.ts';
import type { Flow } from './flow/flow.ts';
import type { MeasureFindings } from './ports/measure-findings.ts';

/** Measures about people, as the configuration switches them on; nothing where it switches on none. */
export function measuresFor(
  { measures: kinds }: Pick<Tenant, 'measures'>,
  options: Omit<MeasureOptions, 'kinds'>,
  findings: MeasureFindings,
): Pick<Flow, 'measures'> {
  if (kinds.length === 0) return {};
  // Whatever is done, it is looked first whether the account is an administrator's.
  const { look } = createMeasures({ ...options, kinds: [...new Set([...kinds, 'disable-account' as const])] });
  return { measures: { kinds, service: { ...createMeasures({ ...options, kinds }), look }, findings } };
}
