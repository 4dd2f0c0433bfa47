import { describe, expect, it } from 'vitest';
import type { Segment } from '../../src/ports/requests.ts';
import type { Tx } from '../../src/ports/store.ts';
import type { StoreRig } from './store-rig.ts';

const segment = (id: string, from: string, more: Partial<Segment> = {}): Segment => ({
  ...{
    id,
    from,
    until: from,
    requests: 2,
    lost: 0,
    digest: 'd'.repeat(64),
    text: `{"id":"${id} \u2013"}\n`.repeat(50),
  },
  ...more,
});
const head = ({ text: _, ...rest }: Segment) => rest;

/** Segments of the log of requests to Microsoft, sealed. */
export function segmentsContract({ store }: StoreRig): void {
  const on = <T>(work: (segments: Tx['segments']) => Promise<T>) => store.transact((tx) => work(tx.segments));
  const keep = (one: Segment) => on((segments) => segments.keep(one));

  describe('segments of requests', () => {
    it('are kept once, as they were', async () => {
      const one = segment('one', '2003-01-02T00:00:00.000Z', { lost: 3 });
      expect(await keep(one)).toBe(true);
      expect(await keep({ ...one, text: 'another' })).toBe(false);
      expect(await on((segments) => segments.text(one.id))).toBe(one.text);
      expect(await on((segments) => segments.text('none'))).toBeNull();
    });

    it('are listed by the time of their first line, from after one of them', async () => {
      const [later, first, second] = [
        segment('a later one', '2002-01-02T00:00:00.000Z'),
        segment('first', '2002-01-01T00:00:00.000Z'),
        segment('second at that time', '2002-01-01T00:00:00.000Z'),
      ];
      for (const one of [later, second, first]) await keep(one);
      const before = { id: '', from: '2002-01-01T00:00:00.000Z' };
      expect(await on((segments) => segments.list(before, 2))).toEqual([head(first), head(second)]);
      expect(await on((segments) => segments.list(second, 1))).toEqual([head(later)]);
    });

    it('are deleted once their last line is old enough', async () => {
      const [old, young] = [
        segment('old', '1999-01-01T00:00:00.000Z', { until: '1999-01-01T00:00:59.000Z' }),
        segment('young', '1999-01-01T00:00:00.000Z', { until: '1999-01-01T00:01:00.000Z' }),
      ];
      for (const one of [old, young]) await keep(one);
      expect(await on((segments) => segments.forget(young.until))).toBe(1);
      expect(await on((segments) => segments.text(old.id))).toBeNull();
      expect(await on((segments) => segments.text(young.id))).toBe(young.text);
    });

    it('are not kept by a transaction that fails', async () => {
      const failing = store.transact(async (tx) => {
        await tx.segments.keep(segment('never', '2001-01-03T00:00:00.000Z'));
        throw new Error('the power goes');
      });
      await failing.catch(() => undefined);
      expect(await on((segments) => segments.text('never'))).toBeNull();
    });
  });
}
