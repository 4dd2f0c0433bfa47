/** Where the processor's time went, by function. */

interface Node {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
}

export interface Profile {
  readonly nodes: readonly Node[];
  readonly samples?: readonly number[];
  readonly timeDeltas?: readonly number[];
}

export interface Share {
  readonly where: string;
  readonly ms: number;
}

/** Time in the function itself, without what it called; the most first. Waiting is left out. */
export function selfTimes({ nodes, samples = [], timeDeltas = [] }: Profile): readonly Share[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  samples.forEach((id, n) => {
    // A sample stands for the time until the next one.
    const name = names.get(id) ?? 'unknown';
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[n + 1] ?? 0) / 1_000);
  });
  times.delete('(idle)');
  return [...times].map(([where, ms]) => ({ where, ms })).sort((a, b) => b.ms - a.ms);
}

function nameOf({ functionName, url, lineNumber }: Node['callFrame']): string {
  const file = url.replace(/^.*\/node_modules\//, '').replace(/^file:.*\/(src|test)\//, '$1/');
  const name = functionName === '' ? `(anonymous:${lineNumber + 1})` : functionName;
  return file === '' ? name : `${name}  ${file}`;
}

export function topOf(profile: Profile, most: number): string {
  const all = selfTimes(profile);
  const whole = all.reduce((total, { ms }) => total + ms, 0);
  const lines = all
    .slice(0, most)
    .map(
      ({ where, ms }) => `${ms.toFixed(0).padStart(7)} ms ${((100 * ms) / whole).toFixed(1).padStart(5)} %  ${where}\n`,
    );
  return `${whole.toFixed(0)} ms of processor time\n${lines.join('')}`;
}
