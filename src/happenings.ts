import type { Metrics } from './adapters/http/health.ts';
import type { Happening } from './flow/flow.ts';
import type { Log } from './log.ts';

interface Ears {
  readonly tenant: string;
  readonly metrics: Metrics;
  readonly log: Log;
}

const COUNTERS = {
  alert: 'alerts',
  press: 'presses',
  copy: 'copies',
  card: 'cards',
  finder: 'finders',
  room: 'rooms',
} as const;

/** What happens is counted; what somebody has to look into is an error in the log as well. */
export function tell(happening: Happening, { tenant, metrics, log }: Ears): void {
  if (happening.what === 'room') log.error(happening, 'a room of the cards takes no messages any more, or does again');
  if (happening.what === 'finder' && happening.result !== 'answered')
    log.error({ finder: happening.finder, result: happening.result }, 'who received a mail may not be known');
  const { what, ...rest } = happening;
  const labels = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)]));
  metrics.count(COUNTERS[what], { tenant, ...labels });
}
