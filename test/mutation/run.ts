import { globSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, matchesGlob } from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import {
  type Change,
  changesIn,
  type Equivalent,
  installOperators,
  isEquivalent,
  oneLine,
  onlyThese,
} from './changes.ts';
import { isAboutALock } from './operators.ts';
import { LEAST, type Result, scoresOf, survivorsOf, table } from './score.ts';
import { ON_SERVER } from './vitest.config.ts';

/**
 * `npm run test:mutation`: small changes to the code that decides, one at a time; a change after which every test that
 * reaches it still passes is a test that is missing. What no test could notice stands in equivalent.json, with the reason.
 */

const USAGE = `npm run test:mutation -- [--files GLOB] [--tests GLOB] [--sample N] [--seed S] [--workers N] [--list] [--json]
  --files GLOB   change these files, by default the code that decides: core, flow, the gates, the store, the batcher
  --tests GLOB   run these tests only, by default all of core, flow and adapters that reach the file
  --sample N     so many of the changes, picked by --seed (default 1)
  --again FILE   only what survived, or took too long, in this report of an earlier run (--json)
  --workers N    at once (default 2); tests of the flow wait more than they compute
  --list         say what would be changed, and stop
Nights are played in memory, and locks are left alone: nothing there misses one. With TEST_DATABASE_URL=… both are
tried on that server, which takes longer.
A change is noticed where a test fails with it, twice, and passes without it. What takes too long counts apart, as not noticed.
Exit 1 when fewer than ${LEAST} % of what was run were noticed.`;

const DECIDING = [
  'src/core/**/*.ts',
  'src/flow/**/*.ts',
  'src/adapters/store/*.ts',
  'src/adapters/slack/gate.ts',
  'src/adapters/teams/guard.ts',
  'src/adapters/teams/endpoint.ts',
  'src/adapters/http/intake.ts',
  'src/adapters/http/stop.ts',
  'src/adapters/graph/batch.ts',
];
/** Nothing is decided there: the shape of tables, one time each, what `doctor` asks, and the first line of a thread. */
const LEFT_OUT = [
  'src/adapters/store/schema*.ts',
  'src/adapters/store/migrations.ts',
  'src/adapters/store/probe.ts',
  'src/adapters/store/pglite-thread.ts',
];

const { values: asked } = parseArgs({
  options: {
    files: { type: 'string', multiple: true },
    tests: { type: 'string', multiple: true },
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    list: { type: 'boolean', default: false },
    again: { type: 'string' },
    workers: { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const print = (text: string) => process.stdout.write(`${text}\n`);

// Tests run in threads there, which cannot set it: the product does at its start.
process.umask(0o077);
process.exitCode = await main();

async function main(): Promise<number> {
  if (asked.help) {
    print(USAGE);
    return 0;
  }
  const files = globSync(asked.files ?? DECIDING)
    .filter((file) => asked.files || !LEFT_OUT.some((glob) => matchesGlob(file, glob)))
    .sort();
  if (files.length === 0) throw new Error('no such file');
  await installOperators();
  const all = await changesIn(files);
  const known = JSON.parse(readFileSync(new URL('equivalent.json', import.meta.url), 'utf8')) as Equivalent[];
  const open = all.filter((change) => !isEquivalent(change, known) && (ON_SERVER || !isAboutALock(change)));
  const left = asked.again === undefined ? open : open.filter(survivedIn(asked.again));
  const chosen = asked.sample ? sampleOf(left, Number(asked.sample), Number(asked.seed)) : left;
  const equivalent = all.filter((change) => isEquivalent(change, known)).length;
  for (const { file, line, from } of known.filter((one) => files.includes(one.file) && !fitsAny(one, all)))
    process.stderr.write(`equivalent.json names what is not there any more: ${file}  ${line}  ${from}\n`);
  if (asked.list) {
    for (const one of chosen) print(`${one.file}:${one.line}  ${one.operator}  ${one.from}  ->  ${one.to}`);
    print(`${chosen.length} of ${all.length} changes in ${files.length} files, ${equivalent} known to alter nothing`);
    return 0;
  }
  onlyThese(chosen);
  const results = await resultsOf(chosen);
  const scores = scoresOf(results);
  const survivors = survivorsOf(results);
  if (asked.json) print(JSON.stringify({ scores, survivors, equivalent }, null, 2));
  else print(table(scores, survivors, equivalent));
  return scores.every(({ noticed, run }) => noticed * 100 >= LEAST * run) ? 0 : 1;
}

function fitsAny(one: Equivalent, all: readonly Change[]): boolean {
  return all.some((change) => change.file === one.file && isEquivalent(change, [one]));
}

/** What other tests did not notice; compared by its words, so that lines may have moved. */
function survivedIn(report: string): (change: Change) => boolean {
  const text = readFileSync(report, 'utf8');
  const { survivors } = JSON.parse(text.slice(text.indexOf('{'))) as { survivors: readonly Change[] };
  const wordsOf = ({ file, operator, from, to }: Change) => JSON.stringify([file, operator, from, to]);
  const words = new Set(survivors.map(wordsOf));
  return (change) => words.has(wordsOf(change));
}

/** Always the same ones for the same seed: each change draws a number, the smallest win. */
function sampleOf(changes: readonly Change[], size: number, seed: number): Change[] {
  if (!Number.isSafeInteger(size) || size < 1) throw new Error('--sample takes a number of changes');
  let state = (seed >>> 0) + 1;
  const draw = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
  const drawn = new Map(changes.map((change) => [change, draw()]));
  const lucky = new Set([...changes].sort((a, b) => (drawn.get(a) ?? 0) - (drawn.get(b) ?? 0)).slice(0, size));
  return changes.filter((change) => lucky.has(change));
}

async function resultsOf(chosen: readonly Change[]): Promise<Result[]> {
  const options = {
    testRunner: 'sure',
    plugins: [
      '@stryker-mutator/vitest-runner',
      new URL('sure.ts', import.meta.url).href,
      new URL('progress.ts', import.meta.url).href,
    ],
    vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
    mutate: [...new Set(chosen.map(({ file }) => file))],
    ...(asked.tests ? { testFiles: asked.tests } : {}),
    coverageAnalysis: 'perTest',
    ignoreStatic: true,
    // Generous: the machine may be busy, and what takes too long has been noticed by nobody. Endless loops are counted, not timed.
    timeoutMS: 300_000,
    dryRunTimeoutMinutes: 60,
    disableTypeChecks: false,
    // Stryker rewrites it with the compiler's JavaScript interface, which TypeScript 7 no longer has; nothing here needs that.
    tsconfigFile: 'not-rewritten.json',
    logLevel: 'warn',
    concurrency: Number(asked.workers),
    // Elsewhere, so that the linter does not meet a second project inside this one.
    tempDirName: join(tmpdir(), 'clawback-mutation'),
    cleanTempDir: 'always',
    ignorePatterns: ['/pictures', '/dist', '/manifest/out'],
    reporters: asked.json ? ['as-it-goes'] : ['progress-append-only'],
    checkers: [],
    allowEmpty: true,
  };
  const mutants = await new Stryker(options as unknown as ConstructorParameters<typeof Stryker>[0]).runMutationTest();
  const results: Result[] = [];
  for (const { fileName, location, mutatorName, replacement, status } of mutants) {
    const at = spanOf(location);
    const change = chosen.find(
      (one) =>
        fileName.endsWith(one.file) &&
        one.place.startsWith(`${at} ${mutatorName} `) &&
        one.to === oneLine(replacement ?? ''),
    );
    if (change) results.push({ ...change, status });
  }
  return results;
}

/** Stryker's results count lines and columns from 1, Babel columns from 0. */
function spanOf({ start, end }: Record<'start' | 'end', { readonly line: number; readonly column: number }>): string {
  return `${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`;
}
