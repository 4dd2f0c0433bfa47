import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileTexts } from '../support/card-pictures/hostile.ts';
import { anyTexts, inTurn, TEXTS_A_LIFE } from '../support/surfaces/any-text.ts';
import { liveThrough } from '../support/surfaces/live-through.ts';
import { problemsOf } from '../support/surfaces/oracle.ts';

/** A whole incident in both chats, on the sign-in page, in the terminal and in the record, with hostile texts in all of it. */

const STRINGS = 500;

describe('a text from outside stays a text on every surface', () => {
  it.each(hostileTexts().map((text, index) => ({ text, name: `${index}: ${JSON.stringify(text.slice(0, 60))}` })))(
    '$name',
    async ({ text }) => {
      expect(problemsOf(await liveThrough(() => text))).toEqual([]);
    },
  );

  it('a life takes in every text that is made for it, and shows all surfaces', async () => {
    const texts = inTurn(['harmless']);
    const seen = await liveThrough(texts.next);
    expect(texts.used()).toBeGreaterThanOrEqual(TEXTS_A_LIFE);
    // One that stayed empty would prove nothing.
    const many = [seen.slack, seen.teams, seen.lines, seen.pages, seen.stored];
    expect(seen.recorded).toHaveLength(2);
    expect(many.map((surface) => surface.length).filter((length) => length < 3)).toEqual([]);
    expect(new Set(seen.entries.map(({ type }) => type))).toEqual(
      new Set([
        ...['policy.adopted', 'alert.received', 'mailbox.read', 'plan.made', 'scope.looked', 'card.posted'],
        ...[
          'decision.approved',
          'press.refused',
          'ticket.issued',
          'ticket.signed-in',
          'ticket.refused',
          'decision.reminded',
          'people.called',
        ],
        ...['request.refused', 'stray', 'flag.raised', 'flag.looked', 'brake.stopped', 'decision.rejected'],
      ]),
    );
  });

  it('and so do generated ones', async () => {
    await fc.assert(
      fc.asyncProperty(anyTexts, async (texts) => {
        expect(problemsOf(await liveThrough(inTurn(texts).next))).toEqual([]);
      }),
      { numRuns: STRINGS / TEXTS_A_LIFE },
    );
  });
});
