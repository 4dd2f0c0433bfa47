import { describe, expect, test } from 'vitest';
import { keepFresh } from '../../src/core/fresh.ts';

/** A memory whose clock and whose source the test owns; the source answers `key` and the how-manieth question it was. */
function memory(options: { lifetimeMs?: number; most?: number } = {}) {
  const clock = { now: 0 };
  const asked: string[] = [];
  const source = { answer: (key: string) => Promise.resolve(`${key} ${asked.length}`) };
  const ask = keepFresh({ lifetimeMs: 1_000, most: 10, now: () => clock.now, ...options }, (key: string) => {
    asked.push(key);
    return source.answer(key);
  });
  return { clock, asked, source, ask };
}

describe('an answer that is kept', () => {
  test('is given again until its time is over', async () => {
    const { ask, clock } = memory();
    const first = await ask('dana');
    clock.now = 999;
    const second = await ask('dana');
    clock.now = 1_000;
    expect([first, second, await ask('dana')]).toEqual(['dana 1', 'dana 1', 'dana 2']);
  });

  test('is as old as its question: a slow answer is not fresh for longer', async () => {
    const { ask, clock, source } = memory();
    const { promise, resolve } = Promise.withResolvers<string>();
    source.answer = () => promise;
    const slow = ask('dana');
    clock.now = 900;
    resolve('old');
    await slow;
    source.answer = () => Promise.resolve('new');
    clock.now = 1_000;
    expect(await ask('dana')).toBe('new');
  });

  test('does not serve somebody who asks about another thing', async () => {
    const { ask } = memory();
    expect([await ask('dana'), await ask('omar')]).toEqual(['dana 1', 'omar 2']);
  });

  test('is not believed when it comes from the future, as after a clock that was set back', async () => {
    const { ask, clock } = memory();
    clock.now = 5_000;
    await ask('dana');
    clock.now = 4_000;
    expect(await ask('dana')).toBe('dana 2');
  });

  test('makes room for newer ones, the oldest first', async () => {
    const { ask, asked } = memory({ most: 2 });
    for (const key of ['dana', 'omar', 'lena', 'omar', 'lena', 'dana']) await ask(key);
    expect(asked).toEqual(['dana', 'omar', 'lena', 'dana']);
  });

  test('that was asked for anew is no longer the oldest', async () => {
    const { ask, asked, clock } = memory({ most: 2 });
    for (const key of ['dana', 'omar']) await ask(key);
    clock.now = 1_000;
    for (const key of ['dana', 'lena', 'dana']) await ask(key);
    expect(asked).toEqual(['dana', 'omar', 'dana', 'lena']);
  });

  test('may be that there is nothing', async () => {
    const asked: string[] = [];
    const ask = keepFresh({ lifetimeMs: 1_000, most: 10, now: () => 0 }, (key: string) => {
      asked.push(key);
      return Promise.resolve(null);
    });
    expect([await ask('nobody'), await ask('nobody'), asked.length]).toEqual([null, null, 1]);
  });
});

describe('a question', () => {
  test('that several ask at once goes out once', async () => {
    const { ask } = memory();
    expect(await Promise.all([ask('dana'), ask('dana'), ask('dana')])).toEqual(['dana 1', 'dana 1', 'dana 1']);
  });

  test('that takes longer than an answer may be old is asked anew', async () => {
    const { ask, asked, clock, source } = memory();
    source.answer = () => new Promise(() => undefined);
    void ask('dana');
    clock.now = 1_000;
    source.answer = () => Promise.resolve('answered');
    expect([await ask('dana'), asked.length]).toEqual(['answered', 2]);
  });

  test('that failed fails for all who wait, and is asked again by the next', async () => {
    const { ask, source } = memory();
    source.answer = () => Promise.reject(new Error('the directory is down'));
    const both = await Promise.allSettled([ask('dana'), ask('dana')]);
    source.answer = () => Promise.resolve('back');
    expect([both.map(({ status }) => status), await ask('dana')]).toEqual([['rejected', 'rejected'], 'back']);
  });

  test('that fails late does not take away the newer answer', async () => {
    const { ask, asked, clock, source } = memory();
    const { promise, reject } = Promise.withResolvers<string>();
    source.answer = () => promise;
    const late = ask('dana');
    clock.now = 1_000;
    source.answer = () => Promise.resolve('newer');
    await ask('dana');
    reject(new Error('too late'));
    await late.catch(() => undefined);
    expect([await ask('dana'), asked.length]).toEqual(['newer', 2]);
  });
});

describe('asked anew', () => {
  test('nothing counts that was said before, and each thing is asked for once', async () => {
    const { ask } = memory();
    await ask('dana');
    const anew = ask.anew();
    expect([await anew('dana'), await anew('dana'), await anew('omar')]).toEqual(['dana 2', 'dana 2', 'omar 3']);
  });

  test('the answer is for everybody from then on', async () => {
    const { ask } = memory();
    await ask('dana');
    await ask.anew()('dana');
    expect(await ask('dana')).toBe('dana 2');
  });

  test('a question that is still under way was asked too early', async () => {
    const { ask, source } = memory();
    const { promise, resolve } = Promise.withResolvers<string>();
    source.answer = () => promise;
    const early = ask('dana');
    source.answer = () => Promise.resolve('now');
    const anew = await ask.anew()('dana');
    resolve('before');
    expect([await early, anew, await ask('dana')]).toEqual(['before', 'now', 'now']);
  });

  test('what others asked for meanwhile counts', async () => {
    const { ask, clock } = memory();
    await ask('dana');
    const anew = ask.anew();
    clock.now = 1_000;
    await ask('dana');
    expect(await anew('dana')).toBe('dana 2');
  });

  test('an answer grows too old all the same', async () => {
    const { ask, clock } = memory();
    const anew = ask.anew();
    await anew('dana');
    clock.now = 1_000;
    expect(await anew('dana')).toBe('dana 2');
  });

  test('a failure is not made good by what was said before', async () => {
    const { ask, source } = memory();
    await ask('dana');
    source.answer = () => Promise.reject(new Error('the directory is down'));
    await expect(ask.anew()('dana')).rejects.toThrow('down');
    await expect(ask('dana')).rejects.toThrow('down');
  });

  test('twice over, only what was asked after the second time counts', async () => {
    const { ask } = memory();
    const first = ask.anew();
    await first('dana');
    expect([await first.anew()('dana'), await first('dana')]).toEqual(['dana 2', 'dana 2']);
  });
});
