import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { type babel, Instrumenter } from '@stryker-mutator/instrumenter';
import { FROM_STRYKER, isRepetition, OPERATORS, type Operator } from './operators.ts';

/** One change of one place. */
export interface Change {
  /** Relative to the project. */
  readonly file: string;
  readonly line: number;
  readonly place: string;
  readonly operator: string;
  readonly from: string;
  readonly to: string;
}

/** A change that alters nothing anybody could see, and why. Found by its words, so that lines may move. */
export interface Equivalent {
  readonly file: string;
  /** The whole line of source where the change begins, without its indentation. */
  readonly line: string;
  /** The change as the report words it. */
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

/** Which changes are made; the same for the list that is made beforehand and for the run. */
let wanted: ((place: string) => boolean) | null = null;

export function onlyThese(changes: readonly Change[]): void {
  const places = new Set(changes.map(({ place }) => place));
  wanted = (place) => places.has(place);
}

/** Puts our operators beside Stryker's. The list is not part of its published interface: hence the exact version. */
export async function installOperators(): Promise<void> {
  const inside = new URL('mutators/mutate.js', import.meta.resolve('@stryker-mutator/instrumenter'));
  const { allMutators } = (await import(inside.href)) as { allMutators: Operator[] };
  if (!Array.isArray(allMutators)) throw new Error('this version of Stryker keeps its mutators elsewhere');
  const own = [...allMutators.filter(({ name }) => FROM_STRYKER.has(name)), ...OPERATORS];
  if (own.length !== FROM_STRYKER.size + OPERATORS.length) throw new Error('Stryker lacks a mutator it used to have');
  allMutators.splice(0, allMutators.length, ...own.map(choosing));
}

function choosing(operator: Operator): Operator {
  return {
    ...operator,
    *mutate(path: babel.NodePath, options: unknown) {
      let n = 0;
      for (const replacement of operator.mutate(path, options)) {
        if (isRepetition(operator.name, path.node, replacement)) continue;
        const place = placeOf(operator.name, path.node.loc, n);
        n += 1;
        if (!wanted || wanted(place)) yield replacement;
      }
    },
  };
}

interface Span {
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

function placeOf(operator: string, span: Span | null | undefined, n: number): string {
  const { start, end } = span ?? { start: { line: 0, column: 0 }, end: { line: 0, column: 0 } };
  return `${start.line}:${start.column}-${end.line}:${end.column} ${operator} ${n}`;
}

const silent = new Proxy({}, { get: () => () => false }) as ConstructorParameters<typeof Instrumenter>[0];

/** Every change of these files, in the order in which they stand there. */
export async function changesIn(files: readonly string[]): Promise<Change[]> {
  const changes: Change[] = [];
  for (const file of files) {
    const content = readFileSync(file, 'utf8');
    const { mutants } = await new Instrumenter(silent).instrument([{ name: file, content, mutate: true }], {
      plugins: null,
      excludedMutations: [],
      ignorers: [],
    } as unknown as Parameters<Instrumenter['instrument']>[1]);
    const seen = new Map<string, number>();
    for (const { mutatorName, location, replacement } of mutants) {
      // Stryker counts lines from 0, Babel from 1.
      const span = { start: oneOn(location.start), end: oneOn(location.end) };
      const at = placeOf(mutatorName, span, 0);
      const n = seen.get(at) ?? 0;
      seen.set(at, n + 1);
      changes.push(changeOf({ file, content, span, operator: mutatorName, n, to: replacement ?? '' }));
    }
  }
  return changes;
}

const oneOn = ({ line, column }: Span['start']) => ({ line: line + 1, column });

function changeOf(of: { file: string; content: string; span: Span; operator: string; n: number; to: string }): Change {
  const { span, operator } = of;
  const lines = of.content.split('\n').slice(span.start.line - 1, span.end.line);
  const last = lines.length - 1;
  const from = lines
    .map((text, n) => text.slice(n === 0 ? span.start.column : 0, n === last ? span.end.column : undefined))
    .join('\n');
  return {
    file: relative(process.cwd(), of.file),
    line: span.start.line,
    place: placeOf(operator, span, of.n),
    operator,
    from: oneLine(from),
    to: oneLine(of.to),
  };
}

export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

export function isEquivalent({ file, line, from, to }: Change, known: readonly Equivalent[]): boolean {
  const text = (readFileSync(file, 'utf8').split('\n')[line - 1] ?? '').trim();
  return known.some((one) => one.file === file && one.line === text && one.from === from && one.to === to);
}
