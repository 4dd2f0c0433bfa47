import { createRequire } from 'node:module';
import { it, inject } from 'vitest';
import pg from 'pg';
import { writeFileSync, appendFileSync } from 'node:fs';
import { queueFor } from '../../src/flow/decide/queue.ts';
import { inSlack } from '../flow/telling.ts';
import { startNight } from '../support/desk-of-the-night.ts';
import { flood, GROUPING, seenOf } from './flood.ts';
const OUT = process.env.PROF ?? '/tmp/prof.txt';
const stats = new Map<string, { n: number; ms: number }>();
const orig = pg.Client.prototype.query as any;
(pg.Client.prototype as any).query = function (this: any, q: any, ...rest: any[]) {
  const text = typeof q === 'string' ? q : q?.text ?? '?';
  const t0 = performance.now();
  const done = () => {
    const key = String(text).replace(/\s+/g, ' ').replace(/\$\d+/g, '$').replace(/(\$, ?)+/g, '$').slice(0, 110);
    const s = stats.get(key) ?? { n: 0, ms: 0 };
    s.n += 1; s.ms += performance.now() - t0; stats.set(key, s);
  };
  const r = orig.call(this, q, ...rest);
  if (r && typeof r.then === 'function') r.then(done, done);
  else { const cb = q?.callback ?? rest.at(-1); void cb; if (q && typeof q.once === 'function') q.once('end', done); else stats.set('cb ' + text.slice(0, 60), { n: (stats.get('cb ' + text.slice(0, 60))?.n ?? 0) + 1, ms: 0 }); }
  return r;
};
it('profile', async () => {
  const REPORTS = inject('reports');
  writeFileSync(OUT, '');
  const say = (s: string) => appendFileSync(OUT, s + '\n');
  const night = await startNight({ grouping: GROUPING });
  const t = performance.now();
  let cpu = process.cpuUsage();
  const dump = (what: string) => {
    const c = process.cpuUsage(cpu); cpu = process.cpuUsage();
    say(`== ${what} at ${Math.round(performance.now() - t)} ms; cpu ${Math.round((c.user + c.system) / 1000)} ms; statements ${[...stats.values()].reduce((a, b) => a + b.n, 0)}, ${Math.round([...stats.values()].reduce((a, b) => a + b.ms, 0))} ms`);
    for (const [k, v] of [...stats].sort((a, b) => b[1].ms - a[1].ms).slice(0, 45)) say(`${String(v.n).padStart(7)} ${(v.ms / v.n).toFixed(2).padStart(8)} ${Math.round(v.ms).toString().padStart(8)}  ${k}`);
    stats.clear();
  };
  const count = async () => Number((await night.intrude(`select count(*) as n from incident where state = 'received'`))[0]?.['n']);
  const all = async () => Number((await night.intrude(`select count(*) as n from incident`))[0]?.['n']);
  let last = 0;
  const timer = setInterval(async () => {
    const [n, w] = [await all(), await count()];
    say(`-- ${Math.round((performance.now() - t) / 1000)} s: ${n} in, ${n - w} listed (+${n - w - last})`);
    last = n - w;
  }, 10_000);
  await flood(night, { reports: REPORTS, campaigns: 40, seed: 1 });
  dump('taken');
  while ((await count()) > 0) await new Promise((r) => setTimeout(r, 500));
  dump('listed');
  clearInterval(timer);
  for (let look = 0; look < 5; look += 1) {
    stats.clear();
    const from = performance.now();
    await queueFor(night.flow, { by: inSlack('dana'), channel: null, open: null });
    say(`queue ${Math.round(performance.now() - from)} ms`);
  }
  dump('queue');
  say(JSON.stringify(await seenOf(night)).slice(0, 200) + ` cards ${new Set(night.slack.cards.map(({ view }) => view.incident)).size}`);
  await night.close();
}, 3_600_000);
