import type { ChatUser, Desk, Press, Reply } from '../ports/desk.ts';
import { command } from './command.ts';
import { press } from './decide.ts';
import type { Flow } from './flow.ts';
import { openCard } from './gathering.ts';
import { createRefusals, type Refusals } from './junk.ts';
import { stray, tooMany } from './refuse.ts';

/** What the chat platforms may ask of this tenant. `mayAsk` is false for an account that asks too often. */
export function createDesk(
  flow: Flow,
  mayAsk: (account: string) => Promise<boolean> = () => Promise.resolve(true),
  refusals: Refusals = createRefusals(flow, () => undefined),
): Desk {
  const mayNow = ({ platform, home, id }: ChatUser) => mayAsk(`${platform} ${home} ${id}`);
  return {
    press: async (pressed) => ((await mayNow(pressed.by)) ? pressedHere(flow, pressed) : tooMany(flow, 'press')),
    async command(call) {
      // Nobody stops too often: the switch works in a flood as well.
      const may = /^\s*stop\b/i.test(call.words) || (await mayNow(call.by));
      return may ? command(flow, call) : tooMany(flow, 'command');
    },
    stray: (by, what) => stray(flow, by, what),
    refused: (where, why) => Promise.resolve(refusals.count(where, why)),
    isFresh: (platform, key) =>
      flow.store.transact((tx) => tx.replays.claim(platform, key.slice(0, 200), flow.clock.now())),
  };
}

async function pressedHere(flow: Flow, pressed: Press): Promise<Reply> {
  return (await openCard(flow, pressed)) ?? press(flow, pressed);
}
