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
  source: 'sources',
  room: 'rooms',
  late: 'late_requests',
  'on-call': 'on_call_questions',
} as const;

/** What happens is counted; what somebody has to look into is an error in the log as well. */
export function tell(happening: Happening, { tenant, metrics, log }: Ears): void {
  if (happening.what === 'room' && happening.result === 'dead')
    log.error(happening, 'a room of the cards takes no messages any more');
  if (happening.what === 'room' && happening.result === 'back')
    log.info(happening, 'a room of the cards takes messages again');
  if (happening.what === 'card' && happening.result === 'turned away')
    log.error(happening, 'a card is not taken by its room, which takes others: the record says which and why');
  if (happening.what === 'finder' && happening.result !== 'answered')
    log.error({ finder: happening.finder, result: happening.result }, 'who received a mail may not be known');
  if (happening.what === 'source') tellSource(happening, log);
  if (happening.what === 'late')
    log.error(happening, 'whether a request that came late changed a mailbox is not known: see the card');
  if (happening.what === 'answer') metrics.time('answer', { tenant, end: happening.end }, happening.seconds);
  else countOne(happening, tenant, metrics);
}

function countOne({ what, ...rest }: Exclude<Happening, { what: 'answer' }>, tenant: string, metrics: Metrics): void {
  const labels = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)]));
  metrics.count(COUNTERS[what], { tenant, ...labels });
}

function tellSource({ source, result }: Extract<Happening, { what: 'source' }>, log: Log): void {
  if (result === 'failed')
    log.warn({ source }, 'a source that is asked gave no answer: it is asked again, later and later');
  if (result === 'back') log.info({ source }, 'a source that is asked answers again');
  if (result === 'silent')
    log.error({ source }, 'people used to report and nothing came for a week: look whether it is still set up there');
  if (result === 'speaks') log.info({ source }, 'reports come from it again');
  if (result === 'unusable') log.error({ source }, 'nothing in an alert of a source can be used: it was passed over');
}
