import type { Change } from './changes.ts';

/** Per cent of the changes that some test has to notice. */
export const LEAST = 95;

export interface Result extends Change {
  /** In Stryker's words. */
  readonly status: string;
}

export interface Score {
  readonly file: string;
  readonly run: number;
  readonly noticed: number;
  /** Neither noticed nor missed: something took too long, which may be the change or the machine. */
  readonly late: number;
}

const NOTICED = new Set(['Killed', 'RuntimeError', 'CompileError']);
const LATE = 'Timeout';
/** Reached while a module is loaded only: such a change would be a run of all tests each. */
const NOT_RUN = new Set(['Ignored', 'Pending']);

export function scoresOf(results: readonly Result[]): Score[] {
  const files = new Map<string, Score>();
  for (const { file, status } of results) {
    if (NOT_RUN.has(status)) continue;
    const { run, noticed, late } = files.get(file) ?? { run: 0, noticed: 0, late: 0 };
    files.set(file, {
      file,
      run: run + 1,
      noticed: noticed + (NOTICED.has(status) ? 1 : 0),
      late: late + (status === LATE ? 1 : 0),
    });
  }
  return [...files.values()];
}

/** What is to be read: what no test noticed, and what took too long for anybody to tell. */
export function survivorsOf(results: readonly Result[]): Result[] {
  return results.filter(({ status }) => !NOTICED.has(status) && !NOT_RUN.has(status));
}

export function table(scores: readonly Score[], survivors: readonly Result[], equivalent: number): string {
  const width = Math.max(...scores.map(({ file }) => file.length), 5);
  const line = ({ file, run, noticed, late }: Score) =>
    `${file.padEnd(width)}  ${count(run)} run  ${count(noticed)} noticed  ${percent(noticed, run)}${late > 0 ? `  ${late} too late` : ''}`;
  const sum = (key: 'run' | 'noticed' | 'late') => scores.reduce((total, score) => total + score[key], 0);
  const all = { file: 'all', run: sum('run'), noticed: sum('noticed'), late: sum('late') };
  return [
    '',
    ...survivors.map((one) => `${one.file}:${one.line}  ${one.from}  ->  ${one.to || '(nothing)'}  ${note(one)}`),
    '',
    ...scores.map(line),
    `${line(all)}  ${spread(all)}`,
    `${equivalent} changes more are known to alter nothing (equivalent.json)`,
  ].join('\n');
}

/** Where the share of all changes lies when these were a sample of them: Wilson's interval, 95 of 100 times. */
export function spread({ noticed, run }: Pick<Score, 'noticed' | 'run'>): string {
  if (run === 0) return '';
  const z = 1.96;
  const share = noticed / run;
  const middle = share + z ** 2 / (2 * run);
  const reach = z * Math.sqrt((share * (1 - share)) / run + z ** 2 / (4 * run ** 2));
  const [low, high] = [middle - reach, middle + reach].map((end) => ((end / (1 + z ** 2 / run)) * 100).toFixed(1));
  return `(of a sample: ${low} to ${high} %)`;
}

function note({ operator, status }: Result): string {
  if (status === 'NoCoverage') return `${operator}, reached by no test`;
  return status === LATE ? `${operator}, took too long: look at it` : operator;
}

function count(n: number): string {
  return String(n).padStart(5);
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '     -' : `${((part / whole) * 100).toFixed(1).padStart(5)} %`;
}
