import { distance, least } from './distance.ts';
import type { Domain } from './domain.ts';

/**
 * How one domain resembles another that somebody else owns. `close` is what hardly anybody registers by accident; `near` also happens
 * to honest people, and `far` mostly to them.
 */
export interface Likeness {
  readonly kind: 'same look' | 'one letter' | 'two letters' | 'other ending' | 'name in it';
  readonly closeness: 'close' | 'near' | 'far';
}

/** Below that, letters that look alike make another word: `ibm` and `ibn`. */
const SHORTEST_LOOK = 4;
/** Below that, one letter makes another company: `acme` and `acne`, `apple` and `ample`. */
const SHORTEST_ONE = 5;
const SHORTEST_CLOSE = 6;
const SHORTEST_TWO = 8;

/**
 * Null where it is the same, or another name. Precedent: sublime-rules `lookalike_sender_domain` (distance 1 of the registrable
 * domain, more than 3 letters) and `vendor_impersonation_thread_hijack` (distance below 3); the floors are higher here, because names
 * of five letters have honest neighbours.
 */
export function likeness(stranger: Domain, known: Domain): Likeness | null {
  if (stranger.name === known.name) return null;
  if (stranger.label === known.label) return { kind: 'other ending', closeness: endingCloseness(stranger, known) };
  const shorter = least(stranger.look.length, known.look.length);
  if (stranger.look === known.look && shorter >= SHORTEST_LOOK)
    return { kind: 'same look', closeness: lookCloseness(shorter, stranger, known) };
  const letters = shorter >= SHORTEST_ONE ? lettersApart(stranger, known) : 3;
  if (letters === 1 && !isAnotherNumber(stranger.label, known.label))
    return { kind: 'one letter', closeness: oneCloseness(shorter, stranger, known) };
  if (letters === 2 && shorter >= SHORTEST_TWO) return { kind: 'two letters', closeness: 'near' };
  const holding = holds(stranger, known);
  return holding === null ? null : { kind: 'name in it', closeness: holding };
}

/** Letters alone may look the same by accident where there are few: `stern` and `stem`. */
function lookCloseness(shorter: number, { label: a }: Domain, { label: b }: Domain): Likeness['closeness'] {
  const isWord = /^[a-z-]+$/.test(a) && /^[a-z-]+$/.test(b);
  return isWord && shorter < SHORTEST_CLOSE ? 'near' : 'close';
}

/** At most 3, which stands for more. Letters that look alike count as one. */
function lettersApart(a: Domain, b: Domain): number {
  return least(distance(a.label, b.label, 2), distance(a.look, b.look, 2));
}

/** `.co` for `.com` is a slip of the finger; `.de` and `.dk` are two countries of one company. */
function endingCloseness({ suffix: a }: Domain, { suffix: b }: Domain): Likeness['closeness'] {
  return a.length !== b.length && distance(a, b, 1) === 1 ? 'close' : 'near';
}

/** `helpdesk1` is a second one of `helpdesk` as often as a disguise. */
function oneCloseness(shorter: number, a: Domain, b: Domain): Likeness['closeness'] {
  const isCounted = a.label.replace(/[0-9]+$/, '') === b.label.replace(/[0-9]+$/, '');
  return shorter >= SHORTEST_CLOSE && a.suffix === b.suffix && !isCounted ? 'close' : 'near';
}

/** `region1` and `region2`: names that are counted. */
function isAnotherNumber(a: string, b: string): boolean {
  const counted = (label: string) => label.replace(/[0-9]+/g, '#');
  return a !== counted(a) && counted(a) === counted(b);
}

/** What is put beside a name to make it look like a part of the company. */
const BESIDE =
  /^(?:my|get|the|login|signin|secure|security|pay|payroll|payment|payments|billing|invoice|invoices|support|mail|email|portal|sso|auth|account|accounts|verify|hr|it|help|helpdesk|service|services|team|online|office|cloud|app|apps|corp|inc|group)$/;

/**
 * `near`: `contoso-billing`, `mycontoso`, or the whole of `contoso.example` as the beginning of another's host. `far`: `contoso-fabrikam`.
 * Null where the name does not stand there by itself.
 */
function holds(stranger: Domain, known: Domain): 'near' | 'far' | null {
  if (known.look.length < SHORTEST_ONE) return null;
  const below = stranger.host.slice(0, -stranger.name.length);
  if (`.${below}`.includes(`.${known.name}.`)) return 'near';
  const parts = stranger.label.split('-');
  if (parts.includes(known.label))
    return parts.every((part) => part === known.label || BESIDE.test(part)) ? 'near' : 'far';
  if (known.label.length < SHORTEST_CLOSE) return null;
  const [before, behind] = [stranger.label.startsWith(known.label), stranger.label.endsWith(known.label)];
  const rest = before ? stranger.label.slice(known.label.length) : stranger.label.slice(0, -known.label.length);
  return (before || behind) && BESIDE.test(rest) ? 'near' : null;
}
