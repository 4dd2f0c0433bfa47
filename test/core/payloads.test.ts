import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { kindOf } from '../../src/core/record/field.ts';
import { PAYLOADS } from '../../src/core/record/payloads.ts';
import type { Note } from '../../src/flow/record/record.ts';

/** What each type of entry holds is defined once, and whoever writes or reads one is held to it. */

/** Paths of everything in it that is no list, object or null. */
function leavesOf(schema: unknown, path: string): readonly (readonly [string, z.ZodType])[] {
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodReadonly || schema instanceof z.ZodDefault)
    return leavesOf(schema.unwrap(), path);
  if (schema instanceof z.ZodArray) return leavesOf(schema.element, `${path}.*`);
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).flatMap(([name, field]) => leavesOf(field, `${path}.${name}`));
  return [[path, schema as z.ZodType]];
}

const LEAVES = Object.entries(PAYLOADS).flatMap(([type, schema]) => leavesOf(schema, type));

describe('every text of every entry', () => {
  const texts = LEAVES.filter(([, schema]) => schema instanceof z.ZodString);

  it.each(texts)('says whether it is personal: %s', (_path, schema) => {
    expect(kindOf(schema)).not.toBeNull();
  });

  it('is of a form in which a personal one is found: nothing else is in there', () => {
    const others = LEAVES.filter(
      ([, schema]) => ![z.ZodString, z.ZodNumber, z.ZodBoolean, z.ZodEnum].some((known) => schema instanceof known),
    );
    expect(others).toEqual([]);
  });

  it('is personal where it leads to somebody', () => {
    const personal = texts.flatMap(([path, schema]) => (kindOf(schema) === 'personal' ? [path] : []));
    const wanted = /\.(address|account|person|name|owner|sender|subject|reason|what|who|heard|childHeard)$/;
    const named = texts.flatMap(([path]) => (wanted.test(path) ? [path] : []));
    // Names that the configuration gives, and words of ours.
    const ours = [
      'plan.made.finders.*.name',
      'scope.checked.look.finders.*.name',
      'scope.looked.look.finders.*.name',
      'inquiry.answered.coverage.*.name',
    ];
    expect(named.filter((path) => !personal.includes(path))).toEqual([...ours, 'mailbox.flagged.reason'].sort(inOrder));
  });
});

const inOrder = (a: string, b: string) =>
  LEAVES.findIndex(([path]) => path === a) - LEAVES.findIndex(([path]) => path === b);

describe('what does not fit its type', () => {
  it('does not compile', () => {
    const notes: Note[] = [
      { type: 'service.started', detail: { version: '1' } },
      { type: 'service.stopped' },
      // @ts-expect-error a misspelt field
      { type: 'service.started', detail: { versoin: '1' } },
      // @ts-expect-error a field that is missing
      { type: 'decision.reminded', detail: {} },
      // @ts-expect-error no detail at all
      { type: 'decision.reminded' },
      // @ts-expect-error what another type holds
      { type: 'decision.reminded', detail: { version: '1' } },
      // @ts-expect-error a list that was joined
      { type: 'containment.confirmed', detail: { approvedBy: 'one two' } },
      // @ts-expect-error no such type
      { type: 'decision.remembered', detail: { role: 'lead' } },
    ];
    const fits = notes.map(({ type, detail }) => PAYLOADS[type]?.safeParse(detail ?? {}).success ?? false);
    expect(fits).toEqual([true, true, false, false, false, false, false, false]);
  });
});
