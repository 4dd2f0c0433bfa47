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
}

const NOTICED = new Set(['Killed', 'Timeout', 'RuntimeError', 'CompileError']);
/** Reached while a module is loaded only: such a change would be a run of all tests each. */
const NOT_RUN = new Set(['Ignored', 'Pending']);

export function scoresOf(results: readonly Result[]): Score[] {
  const files = new Map<string, Score>();
  for (const { file, status } of results) {
    if (NOT_RUN.has(status)) continue;
    const { run, noticed } = files.get(file) ?? { run: 0, noticed: 0 };
    files.set(file, { file, run: run + 1, noticed: noticed + (NOTICED.has(status) ? 1 : 0) });
  }
  return [...files.values()];
}

export function survivorsOf(results: readonly Result[]): Result[] {
  return results.filter(({ status }) => !NOTICED.has(status) && !NOT_RUN.has(status));
}

export function table(scores: readonly Score[], survivors: readonly Result[], equivalent: number): string {
  const width = Math.max(...scores.map(({ file }) => file.length), 5);
  const line = ({ file, run, noticed }: Score) =>
    `${file.padEnd(width)}  ${String(run).padStart(5)} run  ${String(noticed).padStart(5)} noticed  ${percent(noticed, run)}`;
  const sum = (key: 'run' | 'noticed') => scores.reduce((total, score) => total + score[key], 0);
  return [
    '',
    ...survivors.map((one) => `${one.file}:${one.line}  ${one.from}  ->  ${one.to || '(nothing)'}  ${note(one)}`),
    '',
    ...scores.map(line),
    line({ file: 'all', run: sum('run'), noticed: sum('noticed') }),
    `${equivalent} changes more are known to alter nothing (equivalent.json)`,
  ].join('\n');
}

function note({ operator, status }: Result): string {
  return status === 'NoCoverage' ? `${operator}, reached by no test` : operator;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '     -' : `${((part / whole) * 100).toFixed(1).padStart(5)} %`;
}
