import { readFileSync } from 'node:fs';
// Not the package's front door: its typings pull the sources of `adaptivecards` into the type check.
import { Template } from 'adaptivecards-templating/lib/template-engine.js';
import { clip, inert } from '../../core/text.ts';

/** The engine leaves null where a part of the template is not for this view: the clients want nothing there at all. */
function leftOut(card: unknown): unknown {
  if (Array.isArray(card)) return card.map(leftOut);
  if (typeof card !== 'object' || card === null) return card;
  const kept = Object.entries(card).filter(([, value]) => value !== null);
  return Object.fromEntries(kept.map(([name, value]) => [name, leftOut(value)]));
}

/** A view as a template may see it: strings, booleans and flat lists. */
type Shown = string | boolean | readonly Shown[] | { readonly [name: string]: Shown };

/** Payloads of buttons and views, and addresses: nobody reads them, they are compared or followed. */
const PAYLOADS: ReadonlySet<string> = new Set(['private', 'buttonValue', 'previousValue', 'nextValue', 'url']);
/** Never shortened, whatever the room is. */
const IDS: ReadonlySet<string> = new Set([
  ...PAYLOADS,
  'incident',
  'digest',
  'revision',
  'previous',
  'next',
  'search',
  'command',
]);
/** The buttons hold nothing but words of ours. */
const OUR_WORDS: ReadonlySet<string> = new Set(['actions', 'apart', 'menus', 'buttons', 'intro']);
/** What no sentence of ours holds and a string in its final form cannot hold either. */
const UNSETTLED = /[\p{C}\u2028\u2029]|\{\{|\$\{/u;
/** UTF-16 units per string, tried in this order until the card fits. Ours never get below 24: a time is as long. */
const WIDTHS = [600, 300, 160, 90, 48, 24, 10] as const;
const LEAST_OF_LATIN = 24;
const DECISIONS_KEPT = 6;

/** Strings come in their final form; should one ever not, it still cannot break a line, hide or be evaluated. */
export function settled(value: string): string {
  return UNSETTLED.test(value) ? inert(value, 600) : value;
}

function narrowed(shown: Shown, width: number, name = ''): Shown {
  if (IDS.has(name) || OUR_WORDS.has(name) || typeof shown === 'boolean') return shown;
  if (typeof shown === 'string') return clipped(shown, width);
  if (!isList(shown)) return mapped(shown, (value, key) => narrowed(value, width, key));
  const kept = name === 'decisions' && width <= 160 ? latest(shown) : shown;
  return kept.map((item) => narrowed(item, width));
}

/** What costs more than a byte a unit (stacked marks, most scripts but Latin) is what makes a card too large at the end. */
function clipped(text: string, width: number): string {
  const line = clip(text.slice(0, 2 * WIDTHS[0]).toWellFormed(), Math.max(width, LEAST_OF_LATIN));
  return Buffer.byteLength(line) > line.length * 1.25 ? clip(line, width) : line;
}

/** A long history makes room by naming how much of it is not shown, never silently. */
function latest(decisions: readonly Shown[]): readonly Shown[] {
  const left = decisions.length - DECISIONS_KEPT;
  if (left <= 0) return decisions;
  return [{ text: `${left} more: in the record` }, ...decisions.slice(left)];
}

function mapped(row: { readonly [name: string]: unknown }, change: (value: never, name: string) => Shown): Shown {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, change(value as never, name)]));
}

function isList(shown: Shown): shown is readonly Shown[] {
  return Array.isArray(shown);
}

function settle(shown: unknown, name = ''): Shown {
  if (typeof shown === 'string') return PAYLOADS.has(name) ? shown : settled(shown);
  if (typeof shown === 'boolean') return shown;
  if (Array.isArray(shown)) return shown.map((item) => settle(item));
  if (typeof shown !== 'object' || shown === null) throw new TypeError(`a card cannot show ${typeof shown} ${name}`);
  return mapped({ ...shown }, settle);
}

/**
 * A card template from `file`, as a function from a view to the finished card. The template is expanded exactly once
 * per attempt, always from the view itself: a second expansion would evaluate what a mail says. Strings are shortened
 * step by step until `fits` says yes. Throws TypeError for a view with anything but strings, booleans and lists.
 */
export function compileCard(file: URL | string, fits: (card: unknown) => boolean): (view: object) => unknown {
  const template = new Template(JSON.parse(readFileSync(file, 'utf8')));
  return (view) => {
    const shown = settle(view);
    let card: unknown;
    for (const width of WIDTHS) {
      card = leftOut(template.expand({ $root: width === WIDTHS[0] ? shown : narrowed(shown, width) }));
      if (fits(card)) break;
    }
    return card;
  };
}
