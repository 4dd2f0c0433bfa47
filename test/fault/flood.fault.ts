import { expect, inject, it } from 'vitest';
import { queueFor } from '../../src/flow/decide/queue.ts';
import { inSlack } from '../flow/telling.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { countedQueries } from './counted-queries.ts';
import { flood, GROUPING, seenOf } from './flood.ts';

/** `npm run test:fault -- flood`: ten thousand reports in an hour on a database, nine in ten of them harmless, and forty attacks. */

const REPORTS = inject('reports');
const CAMPAIGNS = 40;
const LOOKS = 20;
/** However many wait: so many are read, each with its list. */
const MAY_ASK = 40;
const MAY_READ = 5_000;
const TOLD_EVERY_MS = 30_000;

const say = (words: string) => void process.stdout.write(`${words}\n`);
const ms = (n: number | undefined) => `${Math.round(n ?? 0)} ms`;

it(`${REPORTS} reports: fewer than sixty cards, every attack among them, none lost`, async () => {
  const night = await startNight({ grouping: GROUPING });
  const begun = performance.now();
  const told = setInterval(() => void tellHowFar(night, begun).catch(() => undefined), TOLD_EVERY_MS);
  try {
    const { incidents, leads } = await flood(night, { reports: REPORTS, campaigns: CAMPAIGNS, seed: inject('seed') });
    const taken = performance.now();
    while ((await countOf(night, `where state = 'received'`)) > 0)
      await new Promise((resolve) => setTimeout(resolve, 500));
    const listed = performance.now();
    clearInterval(told);
    const cards = new Set(night.slack.cards.map(({ view }) => view.incident));
    const { open, held } = await seenOf(night);
    const look = () => queueFor(night.flow, { by: inSlack('dana'), channel: null, open: null });
    const times: number[] = [];
    for (let n = 0; n < LOOKS; n += 1) {
      const from = performance.now();
      await look();
      times.push(performance.now() - from);
    }
    const work = await countedQueries(look);
    times.sort((a, b) => a - b);
    const median = times[LOOKS / 2] ?? 0;
    say(
      `${REPORTS} reports in ${ms(taken - begun)}, lists after ${ms(listed - begun)}; ${cards.size} cards, ${held} wait; the queue ` +
        `in ${ms(median)} (slowest ${ms(times.at(-1))}), with ${work.statements} statements and ${work.rows} rows`,
    );
    expect([new Set(incidents).size, open]).toEqual([REPORTS, REPORTS]);
    expect(leads.filter((lead) => !cards.has(lead))).toEqual([]);
    expect(cards.size).toBeLessThan(60);
    expect((await night.audit()).differences).toEqual([]);
    expect([work.statements <= MAY_ASK, work.rows <= MAY_READ]).toEqual([true, true]);
  } finally {
    clearInterval(told);
    await night.close();
  }
});

async function countOf(night: Night, which: string): Promise<number> {
  return Number((await night.intrude(`select count(*) as n from incident ${which}`))[0]?.['n']);
}

async function tellHowFar(night: Night, begun: number): Promise<void> {
  const all = await countOf(night, '');
  const listed = await countOf(night, `where state <> 'received'`);
  say(`${Math.round((performance.now() - begun) / 1_000)} s: ${all} taken in, ${listed} lists`);
}
