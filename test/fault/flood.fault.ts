import { expect, inject, it } from 'vitest';
import { queueFor } from '../../src/flow/decide/queue.ts';
import { inSlack } from '../flow/telling.ts';
import { startNight } from '../support/desk-of-the-night.ts';
import { flood, GROUPING, seenOf } from './flood.ts';

/** `npm run test:fault -- flood`: ten thousand reports in an hour on a database, nine in ten of them harmless, and forty attacks. */

const REPORTS = inject('reports');
const CAMPAIGNS = 40;
const LOOKS = 20;

it(`${REPORTS} reports: fewer than sixty cards, every attack among them, none lost`, async () => {
  const night = await startNight({ grouping: GROUPING });
  try {
    const begun = performance.now();
    const { incidents, leads } = await flood(night, { reports: REPORTS, campaigns: CAMPAIGNS, seed: inject('seed') });
    const taken = performance.now();
    const unready = async () => (await night.flow.store.transact((tx) => tx.incidents.unfinished('2000', '2099'))).length;
    while ((await unready()) > 0) await new Promise((resolve) => setTimeout(resolve, 500));
    const cards = new Set(night.slack.cards.map(({ view }) => view.incident));
    const { open, held } = await seenOf(night);
    const times: number[] = [];
    for (let look = 0; look < LOOKS; look += 1) {
      const from = performance.now();
      await queueFor(night.flow, { by: inSlack('dana'), channel: null, open: null });
      times.push(performance.now() - from);
    }
    times.sort((a, b) => a - b);
    const ms = (n: number | undefined) => `${Math.round(n ?? 0)} ms`;
    process.stdout.write(
      `${REPORTS} reports in ${ms(taken - begun)}, lists after ${ms(performance.now() - begun)}; ${cards.size} cards, ${held} wait; ` +
        `the queue in ${ms(times[LOOKS / 2])} (slowest ${ms(times.at(-1))})\n`,
    );
    expect([new Set(incidents).size, open]).toEqual([REPORTS, REPORTS]);
    expect(leads.filter((lead) => !cards.has(lead))).toEqual([]);
    expect(cards.size).toBeLessThan(60);
    expect((await night.audit()).differences).toEqual([]);
  } finally {
    await night.close();
  }
});
