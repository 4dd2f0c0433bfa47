import type { Tenant } from '../config/schema.ts';
import { precisionIn } from '../core/ask/evidence.ts';
import type { Policy } from '../core/ask/policy.ts';
import { ENOUGH_CLOSED } from '../core/intelligence/precision.ts';
import { type Finding, ok, skip, warn } from './finding.ts';
import type { HostFacts } from './judge-host.ts';

/** Which rules about findings ask for more by now, and which are in shadow because too little was measured. */

const CHECK = 'evidence rules';

export function judgeShadow(
  { id, graph }: { readonly id: string; readonly graph: Pick<Tenant['graph'], 'intelligence'> },
  { evidence }: Pick<Policy, 'evidence'>,
  { measured, state }: Pick<HostFacts['store'], 'measured' | 'state'>,
): readonly Finding[] {
  if (evidence.length === 0) return [];
  if (!graph.intelligence)
    return [
      warn(
        CHECK,
        'nobody looks at people, so that no finding ever asks for more',
        'set graph.intelligence: true, or take evidence out of the policy',
      ),
    ];
  if (measured === null) {
    const why = state === 'busy' ? 'Clawback runs and has the database' : 'the database does not tell';
    return [skip(CHECK, `${why}: cards say which are in shadow`)];
  }
  return evidence.map(({ name, seen, percent }) => {
    const all = seen.map((kind) => precisionIn(measured.get(id) ?? [], kind));
    const told = all.map(
      (one) => `${one.kind} ${one.malicious} of ${one.closed}${one.percent === null ? '' : ` (${one.percent} %)`}`,
    );
    const proven = all.filter((one) => one.percent !== null && one.percent >= percent);
    const is =
      proven.length > 0
        ? `asks for more because of ${proven.map(({ kind }) => kind).join(', ')}`
        : `in shadow, asks for nothing: at least ${ENOUGH_CLOSED} closed incidents and ${percent} % are needed`;
    return ok(CHECK, `\u201c${name}\u201d ${is}; malicious ${told.join(', ')}`);
  });
}
