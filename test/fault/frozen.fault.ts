import { expect, it } from 'vitest';
import { startErrand, wave } from './errands.ts';
import { startStorm } from './storm.ts';

/** One of two processes is stopped in the middle of whatever it does: the other answers. */

const ROUNDS = 12;
const ANSWERS_WITHIN_MS = 5_000;

it(`${ROUNDS} times one process freezes: the other answers within 5 s, and nothing is done twice`, async () => {
  const storm = await startStorm();
  try {
    storm.sandbox.graph.faults.set({ latencyMs: [20, 100] });
    const answers = () => storm.sandbox.slack.seenBy('lena').ephemerals.length;
    const took: number[] = [];
    const errands = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const [busy, asked] = [
        startErrand(storm, wave(storm, 2 * round), 0),
        startErrand(storm, wave(storm, 2 * round + 1), 0),
      ];
      errands.push(busy, asked);
      const crowd = await asked.known;
      const deciding = busy.decide();
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 1_500));
      const frozen = storm.crew[round % 2];
      process.kill(frozen?.bot.pid ?? 0, 'SIGSTOP');
      const before = answers();
      const pressedAt = performance.now();
      await crowd.slack('lena', 'purge', round + 1);
      await expect.poll(() => answers() > before, { timeout: 60_000, interval: 20 }).toBe(true);
      took.push(Math.round(performance.now() - pressedAt));
      process.kill(frozen?.bot.pid ?? 0, 'SIGCONT');
      await deciding;
      await asked.decide();
      await Promise.all([busy.done(), asked.done()]);
    }
    process.stdout.write(`${JSON.stringify({ took })}\n`);
    for (const errand of errands) expect(await errand.verified()).toEqual({ ok: true, runs: 1 });
    expect(Math.max(...took)).toBeLessThan(ANSWERS_WITHIN_MS);
  } finally {
    await storm.close();
  }
});
