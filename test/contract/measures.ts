import { beforeEach, describe, expect, test } from 'vitest';
import { type Image, MEASURE_KINDS, type Measure, type MeasureKind } from '../../src/core/measure/measure.ts';
import type { MeasureEffect, Measures } from '../../src/ports/measures.ts';

/** A tenant with one thing for each kind of measure. */
export interface MeasureWorld {
  readonly measures: Measures;
  /** One of each kind, which is there and can be done. */
  readonly of: Readonly<Record<MeasureKind, Measure>>;
  /** What every look at it takes away of the tenant's time, so that what is done late is done. */
  settle(): Promise<void>;
  /** Somebody else removes what it is about for good. */
  remove(measure: Measure): Promise<void>;
  /** Somebody else changes something about it that is not the measure's affair. */
  touch(measure: Measure): Promise<void>;
  /** It cannot be changed by any interface. */
  protect(measure: Measure): Promise<void>;
  /** The permissions of this kind are taken away; answers what is said to be missing. */
  withhold(kind: MeasureKind): Promise<{ readonly look: string; readonly effect: string }>;
  /** The next look, or effect, of this kind is asked to wait; null: nobody says for how long. */
  throttle(on: 'look' | 'effect', kind: MeasureKind, retryAfterMs: number | null): Promise<void>;
  /** The next effect of this kind: nobody hears of it. */
  lose(kind: MeasureKind, isDone: boolean): Promise<void>;
  /** Ids of the requests that changed something, or tried to. */
  sent(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** What it looks like afterwards. null: it is not there any more. */
const DONE: Readonly<Record<MeasureKind, (before: Image) => unknown>> = {
  'rule-off': (before) => ({ ...before, isEnabled: false }),
  'revoke-sessions': () => ({ signInSessionsValidFromDateTime: expect.any(String) }),
  'disable-account': (before) => ({ ...before, accountEnabled: false }),
  'mark-compromised': () => expect.objectContaining({ riskState: 'confirmedCompromised' }),
  'revoke-grant': () => null,
  'remove-event': () => null,
  'take-sent-copy': (before) => ({ ...before, folderId: expect.any(String), inRecoverableItems: true }),
};

/** And once it was put back; undefined: there is no way back. */
const BACK: Readonly<Record<MeasureKind, (before: Image) => unknown>> = {
  'rule-off': (before) => before,
  'revoke-sessions': () => undefined,
  'disable-account': (before) => before,
  'mark-compromised': () => expect.objectContaining({ riskState: 'dismissed' }),
  'revoke-grant': (before) => ({ ...before, id: expect.any(String) }),
  'remove-event': () => undefined,
  'take-sent-copy': (before) => before,
};

const REQUEST = '7e0c1b52-90f5-4c1b-8a55-0000000000';

/** What every `Measures` has to do, whatever is behind it. */
export function measuresContract(name: string, make: () => Promise<MeasureWorld>): void {
  describe(`${name}, as measures`, () => {
    let world: MeasureWorld;
    let requests = 0;
    beforeEach(async () => {
      requests = 0;
      world = await make();
      return () => world.close();
    });

    const open = () => new AbortController().signal;
    function step(): { readonly requestId: string; readonly signal: AbortSignal } {
      requests += 1;
      return { requestId: `${REQUEST}${String(requests).padStart(2, '0')}`, signal: open() };
    }
    async function image(kind: MeasureKind): Promise<Image> {
      const look = await world.measures.look(world.of[kind], open());
      if (look.is !== 'there') throw new Error(`${kind} is ${JSON.stringify(look)}`);
      return look.image;
    }
    /** null: gone. */
    async function seen(kind: MeasureKind): Promise<Image | null> {
      await world.settle();
      const look = await world.measures.look(world.of[kind], open());
      return look.is === 'there' ? look.image : look.is === 'gone' ? null : Promise.reject(new Error(look.is));
    }
    const apply = (kind: MeasureKind, before: Image) => world.measures.apply(world.of[kind], before, step());
    const putBack = (kind: MeasureKind, before: Image) => world.measures.putBack(world.of[kind], before, step());

    describe.each(MEASURE_KINDS)('%s', (kind) => {
      const isUndone = BACK[kind]({}) !== undefined;

      test('is done, and seen field by field', async () => {
        const before = await image(kind);
        expect(await apply(kind, before)).toEqual({ is: 'taken' });
        expect(await seen(kind)).toEqual(DONE[kind](before));
      });

      if (isUndone)
        test('is put back, and seen field by field', async () => {
          const before = await image(kind);
          await apply(kind, before);
          await seen(kind);
          expect(await putBack(kind, before)).toEqual({ is: 'taken' });
          expect(await seen(kind)).toEqual(BACK[kind](before));
        });

      if (!isUndone)
        test('is not put back, and says why', async () => {
          const before = await image(kind);
          await apply(kind, before);
          expect(await putBack(kind, before)).toEqual({
            is: 'refused',
            why: expect.stringMatching(/.{10}/),
            missing: null,
          });
          expect(await world.sent()).toHaveLength(1);
        });

      test('is the same however often it is looked at', async () => {
        expect(await image(kind)).toEqual(await image(kind));
      });

      test('goes out under the id that was written down', async () => {
        await apply(kind, await image(kind));
        expect(await world.sent()).toEqual([`${REQUEST}01`]);
      });

      test('names the permission that is missing, and changes nothing', async () => {
        const before = await image(kind);
        const missing = await world.withhold(kind);
        expect(await world.measures.look(world.of[kind], open())).toEqual({ is: 'denied', missing: missing.look });
        expect(await apply(kind, before)).toEqual({ is: 'refused', why: expect.any(String), missing: missing.effect });
      });

      test.each([[7_000], [null]])('asked to wait for %s ms is for later, and was not done', async (retryAfterMs) => {
        const before = await image(kind);
        await world.throttle('effect', kind, retryAfterMs);
        expect(await apply(kind, before)).toEqual({ is: 'later', why: expect.any(String), retryAfterMs });
        expect(await seen(kind)).toEqual(before);
        await world.throttle('look', kind, retryAfterMs);
        const look = await world.measures.look(world.of[kind], open());
        expect(look).toEqual({ is: 'unknown', why: expect.any(String), retryAfterMs });
      });

      test('without an answer is unclear, and the next look sees that it was done', async () => {
        const before = await image(kind);
        await world.lose(kind, true);
        expect(await apply(kind, before)).toMatchObject({ is: 'unclear' });
        expect(await seen(kind)).toEqual(DONE[kind](before));
      });

      test('without an answer is unclear, and the next look sees that it was not done', async () => {
        const before = await image(kind);
        await world.lose(kind, false);
        expect(await apply(kind, before)).toMatchObject({ is: 'unclear' });
        expect(await seen(kind)).toEqual(before);
      });

      test('sends nothing any more for whoever has given up', async () => {
        const before = await image(kind);
        const signal = AbortSignal.abort();
        const late = { requestId: `${REQUEST}99`, signal };
        expect(await world.measures.apply(world.of[kind], before, late)).toMatchObject({ is: 'later' });
        expect(await world.measures.look(world.of[kind], signal)).toMatchObject({ is: 'unknown' });
        expect(await world.sent()).toEqual([]);
      });

      test('is nothing that is there for a person who is none', async () => {
        const before = await image(kind);
        const stray = { ...world.of[kind], person: '../groups' };
        expect(await world.measures.look(stray, open())).not.toMatchObject({ is: 'there' });
        expect(await world.measures.apply(stray, before, step())).toMatchObject({ is: 'refused' });
        expect(await seen(kind)).toEqual(before);
      });
    });

    describe.each(['rule-off', 'revoke-grant', 'take-sent-copy', 'disable-account'] as const)(
      '%s, once somebody else has removed it',
      (kind) => {
        test('is gone, and is not taken for done', async () => {
          const before = await image(kind);
          await world.remove(world.of[kind]);
          expect(await seen(kind)).toBeNull();
          expect(await apply(kind, before)).toMatchObject({ is: 'refused', missing: null });
        });
      },
    );

    test('an account that was removed cannot be enabled again', async () => {
      const before = await image('disable-account');
      await apply('disable-account', before);
      await world.remove(world.of['disable-account']);
      expect(await putBack('disable-account', before)).toMatchObject({ is: 'refused', missing: null });
    });

    test('a rule that somebody changed meanwhile shows it, and keeps it when it is switched on again', async () => {
      const before = await image('rule-off');
      await apply('rule-off', before);
      const off = await seen('rule-off');
      await world.touch(world.of['rule-off']);
      const touched = await seen('rule-off');
      expect(touched).not.toEqual(off);
      await putBack('rule-off', before);
      expect(await seen('rule-off')).toEqual({ ...touched, isEnabled: true });
    });

    test('a consent that somebody gave again meanwhile is not overwritten', async () => {
      const before = await image('revoke-grant');
      await apply('revoke-grant', before);
      await world.touch(world.of['revoke-grant']);
      const touched = await seen('revoke-grant');
      expect(touched).not.toMatchObject({ scope: before['scope'] });
      expect(await putBack('revoke-grant', before)).toMatchObject({ is: 'refused', missing: null });
      expect(await seen('revoke-grant')).toEqual(touched);
    });

    test('a sent copy that was marked meanwhile keeps its marks when it comes back', async () => {
      const before = await image('take-sent-copy');
      await apply('take-sent-copy', before);
      await world.touch(world.of['take-sent-copy']);
      const touched = await seen('take-sent-copy');
      await putBack('take-sent-copy', before);
      expect(await seen('take-sent-copy')).toEqual({
        ...touched,
        folderId: before['folderId'],
        inRecoverableItems: false,
      });
    });

    describe.each(['rule-off', 'disable-account', 'remove-event'] as const)('%s of what is protected', (kind) => {
      let before: Image;
      let effect: MeasureEffect;
      beforeEach(async () => {
        await world.protect(world.of[kind]);
        before = await image(kind);
        effect = await apply(kind, before);
      });

      test('is refused, with the reason', () => {
        expect(effect).toEqual({ is: 'refused', why: expect.stringMatching(/.{10}/), missing: null });
      });

      test('leaves it as it was', async () => {
        expect(await seen(kind)).toEqual(before);
      });
    });

    test('an account with a role in the directory shows it before anybody presses', async () => {
      expect(await image('disable-account')).toMatchObject({ privileged: false, roles: [] });
      await world.protect(world.of['disable-account']);
      expect(await image('disable-account')).toMatchObject({ privileged: true, roles: [expect.any(String)] });
    });
  });
}
