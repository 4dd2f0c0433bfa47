import { describe, expect, it } from 'vitest';
import { ACTIONS, CHANNELS, expected, IDENTITIES, play, ROLE_SETS } from '../fault/matrix.ts';
import type { FakeChat } from '../support/fake-rooms.ts';

/** Identity x channel x role x platform x action, each cell in a world of its own: who may do what, and from where. */

const PLATFORMS: readonly FakeChat[] = ['slack', 'teams'];

describe.each(PLATFORMS)('in %s', (platform) => {
  describe.each(Object.keys(ACTIONS))('asking for %s', (action) => {
    it.each(Object.keys(IDENTITIES))('as %s: every cell is as the table says', async (identity) => {
      for (const channel of Object.keys(CHANNELS)) {
        for (const roles of Object.keys(ROLE_SETS)) {
          const cell = { platform, action, identity, channel, roles };
          const seen = await play(cell);
          expect({ ...cell, ...seen }).toEqual({ ...cell, ...expected(cell) });
        }
      }
    });
  });
});
