import { expect, it } from 'vitest';
import { asFarAsItGoes, type Errand, startErrand, wave } from './errands.ts';
import { type Storm, startStorm } from './storm.ts';

/** Machines whose clocks are off; the database's is right. */

const MINUTE = 60_000;
const PATIENCE_MS = 120_000;

function clock(offMs: number, jumpMs = 0) {
  const preload = new URL(`../support/clock-off.ts?off=${offMs}&jump=${jumpMs}`, import.meta.url);
  return { NODE_OPTIONS: `--import=${preload.href}` };
}

async function purges(storm: Storm, from: number, count: number): Promise<Errand[]> {
  const errands: Errand[] = [];
  for (let n = from; n < from + count; n += 1) errands.push(startErrand(storm, wave(storm, n), n));
  await Promise.all(errands.map((errand) => errand.decide()));
  return errands;
}

it.each([
  ['ahead', 238_000],
  ['behind', -238_000],
])('4 minutes %s: throttled copies wait as long as Graph says, and no longer', async (_where, offMs) => {
  const storm = await startStorm([clock(offMs), clock(offMs)]);
  try {
    storm.sandbox.graph.faults.set({ throttled: { share: 0.3, retryAfter: [1, 3] } });
    const errands = await purges(storm, 0, 3);
    const begunAt = performance.now();
    await asFarAsItGoes(Promise.all(errands.map((errand) => errand.done())), 3 * PATIENCE_MS);
    const tookMs = performance.now() - begunAt;
    process.stdout.write(`${JSON.stringify({ offMs, tookMs: Math.round(tookMs) })}\n`);
    for (const errand of errands) expect(await errand.verified()).toEqual({ ok: true, runs: 1 });
    expect(storm.sandbox.graph.log.writes()).toHaveLength(60);
    expect(tookMs).toBeLessThan(PATIENCE_MS);
    const health = await fetch(new URL('/readyz', storm.crew[0]?.bot.url));
    expect(health.status).toBe(200);
  } finally {
    await storm.close();
  }
});

it('a clock that jumps by 10 minutes: that process does nothing and says so, the other does the work', async () => {
  const storm = await startStorm([clock(0, 10 * MINUTE), {}]);
  try {
    const [off] = storm.crew;
    const status = (path: string) => fetch(new URL(path, off?.bot.url)).then((answer) => answer.status);
    process.kill(off?.bot.pid ?? 0, 'SIGUSR2');
    await expect.poll(() => status('/readyz'), { timeout: 30_000 }).toBe(503);
    expect(await status('/livez')).toBe(200);
    const errands = await purges(storm, 0, 3);
    await Promise.all(errands.map((errand) => errand.done()));
    process.kill(off?.bot.pid ?? 0, 'SIGUSR2');
    await expect.poll(() => status('/readyz'), { timeout: 30_000 }).toBe(200);
    errands.push(...(await purges(storm, 4, 2)));
    await Promise.all(errands.map((errand) => errand.done()));
    for (const errand of errands) {
      expect(await errand.verified()).toEqual({ ok: true, runs: 1 });
      // No entry bears a time of the clock that was off.
      for (const at of await errand.times()) expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(5 * MINUTE);
    }
    expect(storm.sandbox.graph.log.writes()).toHaveLength(100);
  } finally {
    await storm.close();
  }
});

it.each([10 * MINUTE, -10 * MINUTE])(
  'with a clock that is off by %i ms it does not start, and says what to do',
  async (offMs) => {
    await expect(startStorm([clock(offMs), {}])).rejects.toThrow(/10 minutes (ahead of|behind) the database’s.*NTP/);
  },
);
