import { describe, expect, it } from 'vitest';
import { isAboutALock } from './operators.ts';
import { scoresOf, spread, survivorsOf, table } from './score.ts';
import { SureRunner } from './sure.ts';

/** What counts as noticed when the code is changed to see whether a test notices. */

type Outcome = Awaited<ReturnType<SureRunner['mutantRun']>>;
type Asked = Parameters<SureRunner['mutantRun']>[0];

/** `fails`: whether this test fails with the change, or without it; a text is what it fails with. */
function runnerOf(fails: (test: string, isChanged: boolean) => boolean | string) {
  const asked: Asked[] = [];
  const said: string[] = [];
  const vitest = {
    capabilities: () => ({}),
    dryRun: () => Promise.resolve({}),
    mutantRun(one: Asked): Promise<Outcome> {
      asked.push(one);
      for (const test of one.testFilter ?? []) {
        const failed = fails(test, one.activeMutant.id === 'm');
        const failureMessage = failed === true ? 'expected 1 to be 2' : failed;
        if (failureMessage) return Promise.resolve({ status: 'killed', killedBy: [test], failureMessage });
      }
      return Promise.resolve({ status: 'survived', nrOfTests: one.testFilter?.length ?? 0 });
    },
  };
  const runner = new SureRunner(vitest, (text) => said.push(text));
  const run = (...testFilter: readonly string[]) => runner.mutantRun({ activeMutant: { id: 'm' }, testFilter });
  return { run, said, asked, vitest, runner };
}

describe('a change', () => {
  it('is noticed by a test that fails with it twice, and passes without it', async () => {
    const { run, asked } = runnerOf((test, isChanged) => test === 'b' && isChanged);
    expect(await run('a', 'b', 'c')).toMatchObject({ status: 'killed', killedBy: ['b'] });
    expect(asked.map(({ testFilter }) => testFilter)).toEqual([['a', 'b', 'c'], ['b'], ['b']]);
  });

  it('is not noticed by a test that fails by itself: the others are asked', async () => {
    const { run, said } = runnerOf((test) => test === 'a');
    expect(await run('a', 'b')).toMatchObject({ status: 'survived' });
    expect(said).toEqual([expect.stringContaining('fails by itself: a: expected 1')]);
    expect(await run('a')).toEqual({ status: 'survived', nrOfTests: 0 });
    const other = runnerOf((test, isChanged) => test === 'a' || (test === 'b' && isChanged));
    expect(await other.run('a', 'b')).toMatchObject({ status: 'killed', killedBy: ['b'] });
  });

  it('is not noticed by a test that failed once', async () => {
    const failed: string[] = [];
    const { run } = runnerOf((test, isChanged) => test === 'a' && isChanged && failed.push(test) === 1);
    expect(await run('a', 'b')).toMatchObject({ status: 'survived' });
  });

  it.each(['Test timed out in 5000ms.', 'Hook timed out in 10000ms.'])(
    'after which it says %s is late',
    async (said) => {
      const { run } = runnerOf((_test, isChanged) => isChanged && said);
      expect(await run('a')).toEqual({ status: 'timeout', reason: `a: ${said}` });
    },
  );

  it('that breaks something outside of a test is noticed where that does not happen without it', async () => {
    const { vitest, runner } = runnerOf(() => false);
    const breaks = (always: boolean) => {
      vitest.mutantRun = (one) =>
        Promise.resolve<Outcome>(
          always || one.activeMutant.id === 'm'
            ? { status: 'error', errorMessage: 'a promise was rejected' }
            : { status: 'survived', nrOfTests: 1 },
        );
      return runner.mutantRun({ activeMutant: { id: 'm' }, testFilter: ['a'] });
    };
    expect(await breaks(false)).toMatchObject({ status: 'error' });
    expect(await breaks(true)).toMatchObject({ status: 'timeout', reason: expect.stringContaining('a promise') });
  });
});

describe('the share', () => {
  const result = (status: string) => ({
    ...{ file: 'a.ts', line: 1, place: '', operator: 'CallNotMade', from: 'x', to: 'y', status },
  });
  const results = ['Killed', 'RuntimeError', 'Timeout', 'Survived', 'NoCoverage', 'Ignored'].map(result);

  it('counts what came too late apart from what was noticed, and to be read', () => {
    expect(scoresOf(results)).toEqual([{ file: 'a.ts', run: 5, noticed: 2, late: 1 }]);
    expect(survivorsOf(results).map(({ status }) => status)).toEqual(['Timeout', 'Survived', 'NoCoverage']);
    const text = table(scoresOf(results), survivorsOf(results), 3);
    expect(text).toContain('5 run      2 noticed   40.0 %  1 too late');
    expect(text).toContain('took too long: look at it');
  });

  it('says of a sample where the share of all lies', () => {
    expect(spread({ noticed: 57, run: 60 })).toBe('(of a sample: 86.3 to 98.3 %)');
    expect([spread({ noticed: 20, run: 20 }), spread({ noticed: 0, run: 0 })]).toEqual([
      '(of a sample: 83.9 to 100.0 %)',
      '',
    ]);
  });
});

it.each([
  [{ operator: 'LockNotTaken', from: 'tx.brake.lock()' }, true],
  [{ operator: 'RowNotLocked', from: 'sql`select 1 for update`' }, true],
  [{ operator: 'CallNotMade', from: 'await sql`select pg_advisory_xact_lock(1)`.execute(trx);' }, true],
  [{ operator: 'QueryNotNarrowed', from: 'one().forUpdate()' }, true],
  [{ operator: 'CallNotMade', from: 'await tx.jobs.send(job);' }, false],
])('%# whether a change is missed only on a server', (change, isLock) => {
  expect(isAboutALock(change)).toBe(isLock);
});
