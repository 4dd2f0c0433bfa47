import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyTexts, inTurn, TEXTS_A_LIFE } from '../support/surfaces/any-text.ts';
import { liveThrough } from '../support/surfaces/live-through.ts';
import { problemsOf } from '../support/surfaces/oracle.ts';

/** The long run of test/story/hostile-inputs.test.ts: whole incidents lived through, so that every text takes its real way. */

const STRINGS = 50_000;

it(`${STRINGS} generated texts stay texts in both chats, on the pages, in the terminal and in the record`, async () => {
  await fc.assert(
    fc.asyncProperty(anyTexts, async (texts) => {
      expect(problemsOf(await liveThrough(inTurn(texts).next))).toEqual([]);
    }),
    { numRuns: STRINGS / TEXTS_A_LIFE },
  );
});
