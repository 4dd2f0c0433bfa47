import { argv, stderr, stdout } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { measureAlerts } from './alerts.ts';
import {
  type Extra,
  measureBeside,
  measurePeers,
  measureProcesses,
  measureReadings,
  measureSizes,
  measureStorm,
} from './extras.ts';
import { doubtsOf, type Line, lineOf, tableOf } from './figures.ts';
import { measure } from './measure.ts';
import { isOneMeasured, type Options, optionsOf } from './options.ts';
import { longestMs, type Releases, say } from './place.ts';

/** npm run bench: the product and a loop by hand against the same stand-in, in processes of their own. See README.md. */

/** Time to end everything in, of that in which whoever started this may end it. */
const TO_END_MS = 20_000;

async function main(options: Options): Promise<void> {
  const open = new Set<Releases>();
  /** What `work` opened is closed after it, also where it is given up in the middle. */
  const each = async <T>(work: (releases: Releases) => Promise<T>): Promise<T> => {
    const releases: Releases = [];
    open.add(releases);
    try {
      return await work(releases);
    } finally {
      open.delete(releases);
      await closed(releases);
    }
  };
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => reject(new Error(`ended by ${signal}`)));
  });
  const withinMs = longestMs(options) + 1_000 * (options.extras.alertsPerSecond > 0 ? options.extras.forSeconds : 0);
  const late = delay(withinMs - TO_END_MS, undefined, { ref: false }).then(() => {
    throw new Error(`given up after ${withinMs / 1_000} s`);
  });
  try {
    const { line, doubts, isDone } = await Promise.race([all(options, each), interrupted, late]);
    for (const doubt of doubts) stderr.write(`DOUBT ${doubt}\n`);
    stdout.write(options.json ? `${JSON.stringify(line)}\n` : tableOf(line));
    process.exitCode = isDone ? 0 : 1;
  } finally {
    for (const releases of open) await closed(releases);
  }
}

async function closed(releases: Releases): Promise<void> {
  for (let release = releases.pop(); release; release = releases.pop()) await release();
}

type Each = <T>(work: (releases: Releases) => Promise<T>) => Promise<T>;

interface Result {
  readonly line: Line;
  readonly doubts: readonly string[];
  readonly isDone: boolean;
}

async function all(options: Options, each: Each): Promise<Result> {
  const { processes, sizes, alertsPerSecond } = options.extras;
  const one = isOneMeasured(options) ? await each((releases) => theOne(options, releases)) : null;
  const apart: Extra[] = [];
  if (sizes.length > 0) apart.push(await measureSizes(options, each));
  if (processes.length > 0) apart.push(await measureProcesses(options, each));
  if (alertsPerSecond > 0) apart.push(await each((releases) => measureAlerts(options, releases)));
  const figures = apart.map((extra) => extra.figures);
  const doubts = apart.flatMap((extra) => extra.doubts);
  return {
    line: Object.assign({}, one?.line, ...figures),
    doubts: [...(one?.doubts ?? []), ...doubts],
    isDone: (one?.isDone ?? true) && doubts.length === 0,
  };
}

/** The one purge, and what is set against it in the same tenant and the same process. */
async function theOne(options: Options, releases: Releases): Promise<Result> {
  const { peers, readings, storm, beside } = options.extras;
  const { measured, place } = await measure(options, releases, Math.max(options.copies, beside));
  const extras: Extra[] = [];
  if (peers) extras.push(await measurePeers(place, measured));
  if (storm) extras.push(await measureStorm(place, options, measured));
  if (beside > 0) extras.push(await measureBeside(place, options));
  if (readings) extras.push(await measureReadings(place, options));
  const doubts = extras.flatMap((extra) => extra.doubts);
  const touched = await place.standIn.ask('decoysTouched');
  return {
    line: Object.assign({}, lineOf({ ...measured, decoysTouched: touched }), ...extras.map(({ figures }) => figures)),
    doubts: [...doubtsOf({ ...measured, decoysTouched: touched }), ...doubts],
    isDone: measured.left === 0 && touched === 0 && doubts.length === 0,
  };
}

try {
  await main(optionsOf(argv.slice(2)));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
