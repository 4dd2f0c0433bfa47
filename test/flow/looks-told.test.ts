import { expect, it } from 'vitest';
import type { SourceAnswer } from '../../src/core/intelligence/asked.ts';
import { namedByFindings } from '../../src/flow/tell/measures-found.ts';
import type { Tx } from '../../src/ports/store.ts';

/** Lines for an administrator stay open while the only look that could tell otherwise got no answer. */

const hash = { digest: (value: unknown) => JSON.stringify(value) };
const finding = {
  ...{ kind: 'forwarding', person: 'p', address: 'ann@contoso.example', strength: 'strong', weight: 40, sentence: 'x' },
  ...{
    sources: ['mailbox events'],
    at: '2026-11-20T08:00:00.000Z',
    row: { to: 'x' },
    measure: null,
    byHand: 'Set-Mailbox',
  },
};
const look = (findings: readonly object[], is: SourceAnswer['is']) => ({
  ...{ because: 'late', findings, leftOut: 0, people: 1, asked: 1 },
  answers: [{ source: 'mailbox events', is, rows: 0, cut: false, asked: 1, detail: '' }],
});

/** Two looks at the same people, as they are stored and as the record has them. */
function stored(second: ReturnType<typeof look>, change: (digest: string) => string = (digest) => digest): Tx {
  const kept = [look([finding], 'answered'), second].map((one, nth) => ({ nth, look: one, digest: hash.digest(one) }));
  const entry = ({ nth, digest }: { nth: number; digest: string }) => ({
    entry: { type: 'people.looked', detail: { nth, digest: nth === 0 ? change(digest) : digest } },
  });
  const looks = { newest: () => Promise.resolve(kept[1]), of: () => Promise.resolve(kept) };
  return { looks, ledger: { find: () => Promise.resolve(kept.map(entry)) } } as unknown as Tx;
}
const lines = async (tx: Tx) =>
  (await namedByFindings({ hash: hash as never }).of(tx, 'CB-1'))?.byHand.map(({ line }) => line);

it('a later look that was told all has the word', async () => {
  expect(await lines(stored(look([], 'answered')))).toEqual([]);
});

it('a later look that got no answer takes no line away', async () => {
  expect(await lines(stored(look([], 'no answer')))).toEqual(['Set-Mailbox']);
});

it('an earlier look that is not what the record says counts for nothing', async () => {
  expect(await lines(stored(look([], 'no answer'), () => 'another'))).toEqual([]);
});
