import { expect, inject, it } from 'vitest';
import { asFarAsItGoes, type Errand, startErrand, wave } from './errands.ts';
import { startStorm } from './storm.ts';

/** The database is cut off, swallowed or slow while alerts and purges run; two processes on PostgreSQL. */

const HEALED_WITHIN_MS = 60_000;
const SECONDS = inject('outages');

type Manner = 'cut' | 'swallow' | 'delay';

const outages = (['cut', 'swallow', 'delay'] as const).flatMap((manner) =>
  SECONDS.map((seconds): [Manner, number] => [manner, seconds]),
);

it.each(outages)(
  '%s for %i s: all is answered within a minute of healing, nothing is lost',
  async (manner, seconds) => {
    const storm = await startStorm();
    const gone: number[] = [];
    for (const { bot } of storm.crew) void bot.ended.then(() => gone.push(bot.pid));
    try {
      storm.sandbox.graph.faults.set({ latencyMs: [100, 300] });
      const before: Errand[] = [];
      for (let n = 0; n < 3; n += 1) before.push(startErrand(storm, wave(storm, n), n));
      await Promise.all(before.map((errand) => errand.known));
      // Two are decided and under way when it begins, the third is being decided, two more are reported meanwhile.
      const decided = [before[0]?.decide(), before[1]?.decide()];
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      for (const { wire } of storm.crew) {
        if (manner === 'cut') wire.cut();
        else if (manner === 'swallow') wire.swallow();
        else wire.delay(1_000);
      }
      decided.push(before[2]?.decide());
      const during = [startErrand(storm, wave(storm, 3), 3), startErrand(storm, wave(storm, 4), 4)];
      await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
      for (const { wire } of storm.crew) wire.heal();
      const healedAt = performance.now();
      decided.push(...during.map((errand) => errand.known.then(() => errand.decide())));
      const all = [...before, ...during];
      const done = Promise.all(decided).then(() => Promise.all(all.map((errand) => errand.done())));
      await asFarAsItGoes(done, 3 * HEALED_WITHIN_MS);
      const tookMs = performance.now() - healedAt;
      process.stdout.write(`${JSON.stringify({ manner, seconds, tookMs: Math.round(tookMs) })}\n`);
      if (tookMs > HEALED_WITHIN_MS)
        for (const { words } of storm.crew) process.stdout.write(`${words.join('\n')}\n\n`);
      expect(gone).toEqual([]);
      const writes = storm.sandbox.graph.log.writes();
      expect(new Set(writes.map(({ message }) => message)).size).toBe(all.length * 20);
      expect(writes).toHaveLength(all.length * 20);
      for (const errand of all) expect(await errand.verified()).toEqual({ ok: true, runs: 1 });
      expect(tookMs).toBeLessThan(HEALED_WITHIN_MS);
    } finally {
      await storm.close();
    }
  },
);

it.each(['database', 'mailboxes'])(
  'asked to end while what it needs (%s) hangs, it ends in good order within 15 s',
  async (what) => {
    const storm = await startStorm();
    try {
      const [one, two] = storm.crew;
      const errand = startErrand(storm, wave(storm, 0), 0);
      await errand.known;
      const { faults } = storm.sandbox.graph;
      for (const { userId } of what === 'mailboxes' ? errand.landed.copies : [])
        faults.set({ latencyMs: [4_000, 60_000] }, userId);
      await errand.decide();
      if (what === 'database') one?.wire.swallow();
      const askedAt = performance.now();
      process.kill(one?.bot.pid ?? 0, 'SIGTERM');
      expect(await one?.bot.ended).toBe(0);
      expect(performance.now() - askedAt).toBeLessThan(15_000);
      storm.sandbox.graph.faults.clear();
      await errand.done();
      expect(await errand.verified()).toEqual({ ok: true, runs: 1 });
      process.kill(two?.bot.pid ?? 0, 'SIGTERM');
      expect(await two?.bot.ended).toBe(0);
    } finally {
      await storm.close();
    }
  },
);
