import { expect, test } from 'vitest';
import { watchFinders } from '../../src/finder-watch.ts';
import type { Happening } from '../../src/flow/flow.ts';

/** A line of readiness for each service that is asked who received a mail. */

function asked(...results: Extract<Happening, { what: 'finder' }>['result'][]) {
  let minute = 10;
  const watch = watchFinders(() => `2026-11-28T10:${minute++}:00.000Z`);
  for (const result of results) watch.hear({ what: 'finder', finder: 'hunting', result });
  return watch.check({ name: 'hunting', can: { find: 'yes' } })();
}

test('hunting that refuses the question is said to, from when on, and keeps nobody away', async () => {
  expect(await asked('answered', 'refused', 'refused')).toEqual({
    remark: expect.stringMatching(/^it refuses to say who received a mail: .*clawback doctor, since 2026-11-28T10:10/),
  });
});

test.each([
  ['answers again', ['refused', 'answered']],
  ['answers, though with nothing', ['silent', 'names nobody']],
  ['answers, though not with everything', ['busy', 'cut off']],
  ['could not be asked for want of an id', ['no id']],
  ['was not asked yet', []],
] as const)('hunting that %s is well', async (_what, results) => {
  expect(await asked(...results)).toBeNull();
});

test('what comes after a refusal is told in its own words', async () => {
  expect(await asked('refused', 'no id', 'silent')).toEqual({
    remark: expect.stringMatching(/^it gives no answer that can be read, since 2026-11-28T10:11/),
  });
});

test('what its vendor does not offer here is named so, and not as a missing licence', async () => {
  const watch = watchFinders(() => '2026-11-28T10:10:00.000Z');
  watch.hear({ what: 'finder', finder: 'hunting', result: 'refused' });
  expect(await watch.check({ name: 'hunting', can: { find: { no: 'none in China' } } })()).toEqual({
    remark: 'it is not there to be asked: none in China',
  });
});
