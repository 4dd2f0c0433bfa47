import { setTimeout as delay } from 'node:timers/promises';
import { script } from './bare.ts';
import type { Line, Measured } from './figures.ts';
import { measure, measureByHand } from './measure.ts';
import type { Options } from './options.ts';
import { halfApproved, openProduct, openStandIn, type Place, planned, purged, type Releases, say } from './place.ts';
import { STORM, unavoidableMs } from './unavoidable.ts';

/** What can be measured beside the one purge. Each answers figures, and what there is to doubt in them. */

export interface Extra {
  readonly figures: Line;
  readonly doubts: readonly string[];
}

/** A script that sends one request after the other takes minutes for more, and each copy takes it as long as the one before. */
const MOST_ONE_BY_ONE = 200;
const MOST_BY_FIVE = 1_000;
const MOST_IN_ALL = 1_000;
const rounded = (value: number, digits = 0) => Number(value.toFixed(digits));

/** Scaled: by so many copies measured, as if there were as many as in the purge. */
async function scripted(place: Place, copies: number, wide: number, most: number) {
  const few = Math.min(copies, most);
  const name = `script, ${wide} at a time`;
  say(`${name}: ${few} copies`);
  const byHand = await place.standIn.ask('bare', { name, copies: few });
  const { ms } = await script(byHand, wide);
  const left = await place.standIn.ask('bareLeft', name);
  return { copies: few, ms: (ms * copies) / few, left };
}

export async function measurePeers(place: Place, { copies, purgeMs }: Measured): Promise<Extra> {
  const one = await scripted(place, copies, 1, MOST_ONE_BY_ONE);
  const five = await scripted(place, copies, 5, MOST_BY_FIVE);
  return {
    figures: {
      peerOneByOneMs: rounded(one.ms),
      peerOneByOneCopies: one.copies,
      timesOneByOne: rounded(one.ms / purgeMs, 1),
      peerByFiveMs: rounded(five.ms),
      peerByFiveCopies: five.copies,
      timesByFive: rounded(five.ms / purgeMs, 1),
    },
    doubts: one.left + five.left > 0 ? [`scripts left ${one.left + five.left} copies`] : [],
  };
}

/** The limit of 4 over all mailboxes: nobody can be fast there, and the loop by hand sends one batch at a time. */
export async function measureReadings(place: Place, options: Options): Promise<Extra> {
  const copies = Math.min(options.copies, MOST_IN_ALL);
  const { standIn } = place;
  await standIn.ask('land', { name: 'four in all', copies });
  await standIn.ask('fourInAll', true);
  const { bareMs } = await measureByHand(standIn, 'by hand, four in all', copies, 1);
  const { incident, planMs } = await planned(place, 'four in all');
  await halfApproved(place, incident);
  say('the product: purge, four in all');
  const { purgeMs } = await purged(place, incident);
  await standIn.ask('fourInAll', false);
  const left = await standIn.ask('left', 'four in all');
  return {
    figures: {
      inAllCopies: copies,
      inAllPlanMs: rounded(planMs),
      inAllPurgeMs: rounded(purgeMs),
      inAllBareMs: rounded(bareMs),
      inAllRatio: rounded(purgeMs / bareMs, 2),
    },
    doubts: left > 0 ? [`four in all: ${left} copies are still in sight`] : [],
  };
}

/** The quiet purge was the first of its process, this is a later one: a difference of some per cent comes from that alone. */
export async function measureStorm(place: Place, options: Options, measured: Measured): Promise<Extra> {
  const { standIn } = place;
  await standIn.ask('land', { name: 'storm', copies: options.copies });
  const { incident } = await planned(place, 'storm');
  await halfApproved(place, incident);
  await standIn.ask('reset');
  await standIn.ask('storm', true);
  say('the product: purge in a storm');
  const { purgeMs, removed } = await purged(place, incident);
  await standIn.ask('storm', false);
  const { statuses } = await standIn.ask('stats');
  const least = measured.purgeMs + unavoidableMs(options, STORM, Math.random);
  const left = await standIn.ask('left', 'storm');
  return {
    figures: {
      stormMs: rounded(purgeMs),
      stormLeastMs: rounded(least),
      stormRatio: rounded(purgeMs / least, 2),
      stormStatuses: statuses,
    },
    doubts:
      left > 0 || removed < options.copies
        ? [`in the storm ${removed} of ${options.copies} copies were removed, ${left} are still in sight`]
        : [],
  };
}

/** Alone, and once more while a large one runs; both from the alert to the end, without the time that people take. */
export async function measureBeside(place: Place, { extras: { beside } }: Options): Promise<Extra> {
  const { standIn } = place;
  const small = async (name: string) => {
    await standIn.ask('land', { name, copies: 'three' });
    const { incident, planMs } = await planned(place, name);
    await halfApproved(place, incident);
    const { purgeMs, pressMs } = await purged(place, incident);
    return { planMs, purgeMs, pressMs, ms: planMs + purgeMs };
  };
  say('a small incident alone');
  const alone = await small('small alone');
  await standIn.ask('land', { name: 'large', copies: beside });
  const large = await planned(place, 'large');
  await halfApproved(place, large.incident);
  say('a small incident beside a large one');
  const running = purged(place, large.incident);
  let isOver = false;
  const over = running.then(() => {
    isOver = true;
  });
  await delay(LATER_MS);
  const looked = await standIn.ask('pressInTeams', { who: 'lena', incident: large.incident, verb: 'details' });
  const next = await small('small beside');
  const wasBeside = !isOver;
  await over;
  const left = (await standIn.ask('left', 'large')) + (await standIn.ask('left', 'small beside'));
  return {
    figures: {
      besideCopies: beside,
      aloneMs: rounded(alone.ms),
      besideMs: rounded(next.ms),
      besideRatio: rounded(next.ms / alone.ms, 2),
      besidePlanMs: rounded(next.planMs),
      besidePurgeMs: rounded(next.purgeMs),
      besidePressMs: rounded(next.pressMs),
      besideListMs: rounded(looked.answered - looked.at),
    },
    doubts: [
      ...(wasBeside ? [] : ['the large incident was over before the small one: there was nothing beside it']),
      ...(left > 0 ? [`${left} copies are still in sight`] : []),
    ],
  };
}

/** The large one is under way by then. */
const LATER_MS = 500;

/** The same purge by more and more processes on one server, each time with a database and a tenant of its own. */
export async function measureProcesses(
  options: Options,
  each: <T>(work: (releases: Releases) => Promise<T>) => Promise<T>,
) {
  const { copies, serviceMs, extras } = options;
  const times: Record<string, number> = {};
  const doubts: string[] = [];
  for (const processes of extras.processes) {
    await each(async (releases) => {
      const standIn = await openStandIn(copies, serviceMs, releases);
      await standIn.ask('land', { name: 'one', copies });
      const { place } = await openProduct(options, standIn, releases, processes);
      const { incident } = await planned(place, 'one');
      await halfApproved(place, incident);
      say(`purge by ${processes}`);
      times[processes] = rounded((await purged(place, incident)).purgeMs);
      const left = await standIn.ask('left', 'one');
      if (left > 0) doubts.push(`${processes} processes: ${left} copies are still in sight`);
    });
  }
  const first = times[extras.processes[0] ?? 1] ?? 0;
  const speedUp = Object.fromEntries(Object.entries(times).map(([n, ms]) => [n, rounded(first / ms, 2)]));
  return { figures: { processesMs: times, processesSpeedUp: speedUp, processesServiceMs: serviceMs }, doubts };
}

/** Everything at several sizes, each in processes of its own; how far the dearest copy is from the cheapest. */
export async function measureSizes(
  options: Options,
  each: <T>(work: (releases: Releases) => Promise<T>) => Promise<T>,
) {
  const all: Measured[] = [];
  for (const copies of options.extras.sizes)
    await each(
      async (releases) => void all.push((await measure({ ...options, copies, profile: null }, releases)).measured),
    );
  const perCopy = (what: (one: Measured) => number, digits: number) =>
    Object.fromEntries(all.map((one) => [one.copies, rounded(what(one) / one.copies, digits)]));
  const time = perCopy(({ purgeMs }) => purgeMs, 3);
  const memory = perCopy(({ peakMb, idleMb }) => 1_024 * (peakMb - idleMb), 2);
  return {
    figures: {
      sizesMsPerCopy: time,
      sizesTimeSpread: spreadOf(time),
      sizesPeakMb: Object.fromEntries(all.map(({ copies, peakMb }) => [copies, rounded(peakMb)])),
      sizesKbPerCopy: memory,
      sizesRatio: Object.fromEntries(all.map(({ copies, purgeMs, bareMs }) => [copies, rounded(purgeMs / bareMs, 2)])),
    },
    doubts: all.flatMap(({ copies, left, decoysTouched }) =>
      left + decoysTouched > 0 ? [`at ${copies}: ${left} copies left, ${decoysTouched} other mails touched`] : [],
    ),
  };
}

/** 0: all the same; 0.1: the dearest costs 10 % more than the cheapest. */
export function spreadOf(perCopy: Readonly<Record<string, number>>): number {
  const values = Object.values(perCopy);
  return rounded(Math.max(...values) / Math.min(...values) - 1, 3);
}
