import type { SignalName } from '../../../src/core/signal/signals.ts';
import { OWN, type Told } from '../../support/signal-facts.ts';

/** A sender and a thread that somebody made up, with what is true of them. */
export interface Sample {
  /** What it is, in the words of the table. */
  readonly kind: string;
  readonly isGood: boolean;
  readonly told: Told;
  /** What was put into it on purpose, by how it was made and not by what a signal says of it; nothing into a good one. */
  readonly shows: readonly SignalName[];
}

/** What a kind makes of its `n`th mail; `roll` throws one of so many. */
type Made = Pick<Sample, 'told' | 'shows'>;
export type Maker = (n: number, roll: (of: number) => number) => Made;

export const EACH = 10;

/** Three people whose names are worth something, one with a private address that is known. */
const VIPS = [
  { name: 'Ana Bell', addresses: ['ana.bell@contoso.example', 'bell.family@gmail.com'] },
  { name: 'J\u00F6rg M. Lindstr\u00F6m', addresses: ['jorg@contoso.example'] },
  { name: 'Priya Raman', addresses: ['priya.raman@contoso.example'] },
] as const;

const FIRST = ['alpine', 'blue', 'cedar', 'delta', 'ever', 'forth', 'grand', 'harbor', 'iron', 'jade', 'lake', 'maple'];
const SECOND = [
  'coffee',
  'data',
  'freight',
  'glass',
  'health',
  'labs',
  'metal',
  'print',
  'steel',
  'travel',
  'works',
  'yachts',
];

/** 150 companies that people write to: enough that some have honest neighbours. */
const PARTNERS: readonly string[] = [
  ...['fabrikam.example', 'northwind.example', 'acme.example', 'ibm.example', 'alphatech.example', 'gmail.com'],
  ...FIRST.flatMap((first) => SECOND.map((second) => `${first}${second}.example`)),
];

/** So many companies that nobody has heard of. */
const STRANGERS = [
  'sunrise',
  'proseware',
  'litware',
  'tailspin',
  'adventure',
  'wideworld',
  'lucerne',
  'margies',
  'trey',
  'coho',
];

export function stranger(n: number, roll: (of: number) => number): string {
  return `${STRANGERS[n % STRANGERS.length]}${['', '-group', 'online', 'services'][roll(4)]}.example`;
}

export function one<T>(list: readonly [T, ...T[]], n: number): T {
  return list[n % list.length] ?? list[0];
}

/** The same tenant for all of them. */
export const TENANT: Told = { own: [...OWN], partners: PARTNERS, vips: VIPS };

/** An ordinary thread of the mailbox with a partner. */
export const THREAD = { messages: 4, domains: ['contoso.example', 'fabrikam.example'] } as const;
export const ANSWERS = {
  inReplyTo: ['<4711@contoso.example>'],
  references: ['<4711@contoso.example>'],
  index: null,
} as const;

/** Seen for months, and never written to: what newsletters and services are. */
export const ONLY_HEARD = { received: 30, sent: 0, days: 200 } as const;
