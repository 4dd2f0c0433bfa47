import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { sendJson } from './problem.ts';
import type { Handler } from './server.ts';

/** What the operator's monitoring reads. Labels never hold mail content or people. */
export interface Metrics {
  readonly handler: Handler;
  count(name: CounterName, labels: Readonly<Record<string, string>>): void;
  time(name: 'http' | 'graph', labels: Readonly<Record<string, string>>, seconds: number): void;
}

const COUNTERS = {
  alerts: ['Alerts taken in', ['tenant', 'created']],
  presses: ['Presses of buttons, by verb and result', ['tenant', 'verb', 'result']],
  copies: ['Copies whose outcome was seen', ['tenant', 'action', 'outcome']],
  cards: ['Cards and updates sent', ['tenant', 'platform', 'result']],
  refusals: ['Requests refused before anything was done', ['route', 'reason']],
  job_failures: ['Jobs that failed and will be tried again', ['queue']],
} as const;
type CounterName = keyof typeof COUNTERS;

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = new Map(
    Object.entries(COUNTERS).map(([name, [help, labelNames]]) => [
      name,
      new Counter({ name: `clawback_${name}_total`, help, labelNames: [...labelNames], registers: [registry] }),
    ]),
  );
  const timers: Readonly<Record<'http' | 'graph', Histogram>> = {
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
  };
  return {
    async handler(_req, res) {
      res.writeHead(200, { 'content-type': registry.contentType });
      res.end(await registry.metrics());
      return null;
    },
    count: (name, labels) => counters.get(name)?.inc(labels),
    time: (name, labels, seconds) => timers[name].observe(labels, seconds),
  };
}

export type Check = () => Promise<string | null>;

/** Alive: the process answers. */
export const healthz: Handler = (_req, res) => {
  sendJson(res, 200, { status: 'ok' });
  return Promise.resolve(null);
};

/** Ready: everything a purge needs is there. Each check answers null or what is wrong. */
export function readyz(checks: Readonly<Record<string, Check>>): Handler {
  return async (_req, res) => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, (await check().catch(String)) ?? 'ok'] as const),
    );
    const ready = results.every(([, says]) => says === 'ok');
    sendJson(res, ready ? 200 : 503, { ready, checks: Object.fromEntries(results) });
    return null;
  };
}
