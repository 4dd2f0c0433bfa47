import { z } from 'zod';
import { kindOf } from './field.ts';
import { type DetailOf, type EntryType, PAYLOADS } from './payloads.ts';
import type { Salt, Seal } from './seal.ts';

/**
 * Personal values of an entry. In the bytes that are hashed each stands as a commitment, `{"sha256": …}`: hex SHA-256 over
 * salt, path and value, each in a line of its own, as UTF-8. What opens it, salt and value by path, is stored beside the
 * entry. Who erases that takes the value away and leaves the proof that there was one, at this place, which nobody can
 * change or guess.
 */

/** What an erased value reads as. */
export const ERASED = '[erased]';

/** By path, such as `actor.id` or `detail.approvedBy.0`. */
type Openings = Record<string, readonly [salt: string, value: string]>;

/** Where personal values are in something: it is one, a list of such, or some of its fields hold them. */
type Marks = 'here' | { readonly each: Marks } | { readonly fields: readonly (readonly [string, Marks])[] };

function marksOf(schema: unknown): Marks | null {
  if (isWrapped(schema)) return marksOf(schema.unwrap());
  if (schema instanceof z.ZodArray) {
    const each = marksOf(schema.element);
    return each && { each };
  }
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries(schema.shape).flatMap(([name, field]) => {
      const marks = marksOf(field);
      return marks ? [[name, marks] as const] : [];
    });
    return fields.length > 0 ? { fields } : null;
  }
  return schema instanceof z.ZodString && kindOf(schema) === 'personal' ? 'here' : null;
}

function isWrapped(schema: unknown): schema is z.ZodNullable | z.ZodReadonly | z.ZodDefault {
  return schema instanceof z.ZodNullable || schema instanceof z.ZodReadonly || schema instanceof z.ZodDefault;
}

const HERE = { fields: [['id', 'here'] as const, ['name', 'here'] as const] };
const IN_DETAIL = new Map(Object.entries(PAYLOADS).map(([type, schema]) => [type, marksOf(schema)]));

interface Closing {
  readonly type: EntryType;
  readonly actor: { readonly kind: string; readonly id: string };
  readonly detail: DetailOf<EntryType>;
}

/** A service and a source have names that the configuration gives them; whoever runs the machine has one of their own. */
function marksOn({ type, actor }: Closing): Marks {
  const isSomebody = actor.kind === 'person' || actor.kind === 'stranger' || actor.id === 'operator';
  const detail = IN_DETAIL.get(type);
  return {
    fields: [
      ['mailbox', 'here'],
      ['message', 'here'],
      ...(isSomebody ? [['actor', HERE] as const] : []),
      ...(detail ? [['detail', detail] as const] : []),
    ],
  };
}

/**
 * `opened`: null where nothing of it is personal. Only what its payload has is taken over: what came along with it is
 * neither sealed nor known to be nobody's. Texts have no half characters. Throws where the detail is no such payload.
 */
export function closeEntry<E extends Closing>(
  entry: E,
  seal: Seal,
  salt: Salt,
): { readonly closed: object; readonly opened: string | null } {
  const openings: Openings = {};
  const commit = (path: string, value: string) => {
    const opening = [salt(), value] as const;
    openings[path] = opening;
    return { sha256: commitment(opening, path, seal) };
  };
  const whole = { ...entry, detail: PAYLOADS[entry.type].parse(entry.detail) };
  const closed = close(whole, marksOn(entry), '', commit) as object;
  return { closed, opened: Object.keys(openings).length > 0 ? JSON.stringify(openings) : null };
}

function commitment([salt, value]: readonly [string, string], path: string, seal: Seal): string {
  return seal.sha256(`${salt}\n${path}\n${value}`);
}

function close(value: unknown, marks: Marks, path: string, commit: (path: string, value: string) => object): unknown {
  if (marks === 'here') return typeof value === 'string' ? commit(path, value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if ('each' in marks)
    return (value as readonly unknown[]).map((one, nth) => close(one, marks.each, `${path}.${nth}`, commit));
  const closed: Record<string, unknown> = { ...value };
  for (const [name, inside] of marks.fields)
    closed[name] = close(closed[name], inside, path === '' ? name : `${path}.${name}`, commit);
  return closed;
}

/**
 * The parsed bytes with the values in place of their commitments, `ERASED` where nothing opens one. Null where an opening
 * fits no commitment: somebody changed it. By the form of the bytes alone, so that it also opens what newer versions write.
 */
export function openEntry(parsed: unknown, opened: string | null, seal: Seal): unknown {
  const openings = opened === null ? new Map<string, unknown>() : openingsIn(opened);
  if (openings === null) return null;
  const whole = open(parsed, '', openings, seal);
  return openings.size === 0 ? whole : null;
}

function openingsIn(opened: string): Map<string, unknown> | null {
  try {
    const read: unknown = JSON.parse(opened);
    return typeof read === 'object' && read !== null ? new Map(Object.entries(read)) : null;
  } catch {
    return null;
  }
}

/** Takes each opening that fits: what is left over fits nothing. */
function open(value: unknown, path: string, openings: Map<string, unknown>, seal: Seal): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const below = (name: string | number) => (path === '' ? String(name) : `${path}.${name}`);
  if (Array.isArray(value)) return value.map((one, nth) => open(one, below(nth), openings, seal));
  const sealed = commitmentIn(value);
  if (sealed === null)
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, open(one, below(name), openings, seal)]),
    );
  const opening = openings.get(path);
  if (!isOpening(opening) || commitment(opening, path, seal) !== sealed) return ERASED;
  openings.delete(path);
  return opening[1];
}

function commitmentIn(value: object): string | null {
  const [only, ...more] = Object.entries(value);
  const isOne = more.length === 0 && only?.[0] === 'sha256' && typeof only[1] === 'string';
  return isOne ? (only[1] as string) : null;
}

const SALT = /^[0-9a-f]{32}$/;

function isOpening(value: unknown): value is readonly [string, string] {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [salt, text] = value as readonly unknown[];
  // A salt of another form could take over a part of the value.
  return typeof salt === 'string' && SALT.test(salt) && typeof text === 'string' && text.isWellFormed();
}
