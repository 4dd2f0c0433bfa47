import type { IncomingMessage } from 'node:http';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { sendJson } from './problem.ts';
import type { Handler } from './server.ts';

/** What the operator's monitoring reads. Labels never hold mail content or people. */
export interface Metrics {
  readonly handler: Handler;
  count(name: CounterName, labels: Readonly<Record<string, string>>): void;
  time(name: TimerName, labels: Readonly<Record<string, string>>, seconds: number): void;
  measure(name: GaugeName, value: number): void;
}

const COUNTERS = {
  alerts: ['Alerts taken in', ['tenant', 'created']],
  presses: ['Presses of buttons, by verb and result', ['tenant', 'verb', 'result']],
  copies: ['Copies whose outcome was seen', ['tenant', 'action', 'outcome']],
  cards: ['Cards and updates sent', ['tenant', 'platform', 'result']],
  finders: ['Questions to services that track deliveries, by what came of them', ['tenant', 'finder', 'result']],
  sources: ['Questions to sources that are asked, and what came of them', ['tenant', 'source', 'result']],
  rooms: ['Rooms of the cards that died, or came back', ['tenant', 'platform', 'result']],
  late_requests: ['Looks after requests that came late, by what came of them', ['tenant', 'result']],
  on_call_questions: ['Questions who is on call, by whether there was an answer', ['tenant', 'result']],
  refusals: ['Requests refused before anything was done', ['route', 'reason']],
  job_failures: ['Jobs that failed and will be tried again', ['queue']],
} as const;
type CounterName = keyof typeof COUNTERS;

const GAUGES = {
  clock_skew_seconds: 'How far the clock of this machine is ahead of the database’s',
  queue_oldest_seconds: 'How long the oldest job has been due',
} as const;
type GaugeName = keyof typeof GAUGES;
type TimerName = 'http' | 'graph' | 'answer';

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
/** People answer within minutes, a working day or a week. */
const ANSWERED_WITHIN = [1, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_S);
const ANSWERED_LATE = [1, 2, 4, 8, 24, 72, 168].map((hours) => hours * HOUR_S);

export function createMetrics(): Metrics {
  const registry = new Registry();
  const bounded = boundedLabels();
  collectDefaultMetrics({ register: registry });
  const counters = new Map(
    Object.entries(COUNTERS).map(([name, [help, labelNames]]) => [
      name,
      new Counter({ name: `clawback_${name}_total`, help, labelNames: [...labelNames], registers: [registry] }),
    ]),
  );
  const gauges = new Map(
    Object.entries(GAUGES).map(([name, help]) => [
      name,
      new Gauge({ name: `clawback_${name}`, help, registers: [registry] }),
    ]),
  );
  const timers: Readonly<Record<TimerName, Histogram>> = {
    http: new Histogram({
      name: 'clawback_http_seconds',
      help: 'Time to answer a request',
      labelNames: ['route', 'status'],
      registers: [registry],
    }),
    graph: new Histogram({
      name: 'clawback_graph_seconds',
      help: 'Time of a call to Microsoft Graph',
      labelNames: ['tenant', 'operation', 'status'],
      registers: [registry],
    }),
    answer: new Histogram({
      name: 'clawback_answer_seconds',
      help: 'Time from the first alert about a mail to the end of its case, by how it ended',
      labelNames: ['tenant', 'end'],
      buckets: [...ANSWERED_WITHIN, ...ANSWERED_LATE],
      registers: [registry],
    }),
  };
  return {
    async handler(_req, res) {
      res.writeHead(200, { 'content-type': registry.contentType });
      res.end(await registry.metrics());
      return null;
    },
    count: (name, labels) => counters.get(name)?.inc(bounded(name, labels)),
    time: (name, labels, seconds) => timers[name].observe(bounded(name, labels), seconds),
    measure: (name, value) => gauges.get(name)?.set(value),
  };
}

/** Far above the routes, reasons, verbs and statuses that there are. */
const MOST_VALUES = 100;

/**
 * Every value of a label is a series that lives as long as the process. They are names of ours; should one ever be
 * chosen by others after all, what comes too late is `other`, and the page does not grow.
 */
function boundedLabels(): (name: string, labels: Readonly<Record<string, string>>) => Record<string, string> {
  const seen = new Map<string, Set<string>>();
  return (name, labels) =>
    Object.fromEntries(
      Object.entries(labels).map(([label, value]) => {
        const values = seen.get(`${name} ${label}`) ?? new Set();
        seen.set(`${name} ${label}`, values);
        if (!values.has(value) && values.size >= MOST_VALUES) return [label, 'other'];
        values.add(value);
        return [label, value];
      }),
    );
}

/** Worth a look, and no reason to send nobody here any more. */
interface Remark {
  readonly remark: string;
}

/** Null: well. A string: what is wrong, and we are not ready. */
export type Check = () => Promise<string | null | Remark>;

/** A check of what is only ever worth a look; null: well. */
export function remarking(trouble: () => string | null): Check {
  return () => {
    const remark = trouble();
    return Promise.resolve(remark === null ? null : { remark });
  };
}

/** Alive: the process answers. It asks nobody: what is wrong elsewhere is not mended by ending this process. */
export const healthz: Handler = (_req, res) => {
  sendJson(res, 200, { status: 'ok' });
  return Promise.resolve(null);
};

/** Probes give up after a few seconds, and one check that hangs must not hide what the others say. */
const CHECK_WITHIN_MS = 4_000;

/**
 * Ready: everything a purge needs is there. Which checks there are, and what they say, is told to those who may know.
 * Whoever asks while somebody else is asking gets the same answer.
 */
export function readyz(checks: Readonly<Record<string, Check>>, mayKnow: (req: IncomingMessage) => boolean): Handler {
  let asking: Promise<(readonly [string, Finding])[]> | null = null;
  const ask = () =>
    Promise.all(Object.entries(checks).map(async ([name, check]) => [name, await findingOf(check)] as const)).finally(
      () => {
        asking = null;
      },
    );
  return async (req, res) => {
    asking ??= ask();
    const results = await asking;
    const ready = results.every(([, { well }]) => well);
    const told = Object.fromEntries(results.map(([name, { says }]) => [name, says]));
    sendJson(res, ready ? 200 : 503, mayKnow(req) ? { ready, checks: told } : { ready });
    return null;
  };
}

interface Finding {
  readonly well: boolean;
  readonly says: string;
}

async function findingOf(check: Check): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${CHECK_WITHIN_MS / 1_000} s`), CHECK_WITHIN_MS);
  });
  const says = await Promise.race([check().catch(String), patience]);
  clearTimeout(timer);
  if (says === null) return { well: true, says: 'ok' };
  return typeof says === 'string' ? { well: false, says } : { well: true, says: `ok, but ${says.remark}` };
}
