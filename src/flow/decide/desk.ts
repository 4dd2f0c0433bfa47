import { isListId } from '../../core/find/measure-list.ts';
import { FOR_ALL } from '../../core/tell/campaign-view.ts';
import type { ChatUser, CommandCall, Desk, Press, Reply } from '../../ports/desk.ts';
import type { Answering } from '../flow.ts';
import { createRefusals, type Refusals } from '../record/junk.ts';
import { pressAll } from './all-waves.ts';
import { command, containFor, flagsFor, searchFor } from './command.ts';
import { press } from './decide.ts';
import { openCard } from './gathering.ts';
import { pressMeasures } from './measures.ts';
import { putBack } from './put-back.ts';
import { queueFor } from './queue.ts';
import { stray, tooMany } from './refuse.ts';
import { report } from './report.ts';
import { atMost } from './turns.ts';

export interface CountingDesk extends Desk {
  /** Settles when every press and command that came until now has its answer. */
  idle(): Promise<void>;
}

/** An answer is given by whoever asked for it, a moment after it is there. */
const GIVEN_MS = 300;
/** Files of reports that are held in memory: each may have 30 MB. */
const FILES_AT_ONCE = 2;

/** What the chat platforms may ask of this tenant. `mayAsk` is false for an account that asks too often. */
export function createDesk(
  flow: Answering,
  mayAsk: (account: string) => Promise<boolean> = () => Promise.resolve(true),
  refusals: Refusals = createRefusals(flow, () => undefined),
): CountingDesk {
  const inTurn = atMost(FILES_AT_ONCE);
  const underWay = new Set<Promise<unknown>>();
  function counted<T>(answer: Promise<T>): Promise<T> {
    const over = () => void underWay.delete(answer);
    underWay.add(answer);
    answer.then(over, over);
    return answer;
  }
  const mayNow = ({ platform, home, id }: ChatUser) => mayAsk(`${platform} ${home} ${id}`);
  async function commanded(call: CommandCall): Promise<Reply> {
    // Nobody stops too often: the switch works in a flood as well.
    const may = /^\s*stop\b/i.test(call.words) || (await mayNow(call.by));
    return may ? command(flow, call) : tooMany(flow, 'command');
  }
  return {
    press: (pressed) =>
      counted(mayNow(pressed.by).then((may) => (may ? pressedHere(flow, pressed) : tooMany(flow, 'press')))),
    command: (call) => counted(commanded(call)),
    queue: (call) => counted(mayNow(call.by).then((may) => (may ? queueFor(flow, call) : tooMany(flow, 'command')))),
    search: (call) => counted(mayNow(call.by).then((may) => (may ? searchFor(flow, call) : tooMany(flow, 'command')))),
    flags: (call) => counted(mayNow(call.by).then((may) => (may ? flagsFor(flow, call) : tooMany(flow, 'command')))),
    contain: (call) =>
      counted(mayNow(call.by).then((may) => (may ? containFor(flow, call) : tooMany(flow, 'command')))),
    report: (call) =>
      counted(mayNow(call.by).then((may) => (may ? report(flow, call, inTurn) : tooMany(flow, 'command')))),
    stray: (by, what) => stray(flow, by, what),
    refused: (where, why) => Promise.resolve(refusals.count(where, why)),
    isFresh: (platform, key) =>
      flow.store.transact((tx) => tx.replays.claim(platform, key.slice(0, 200), flow.clock.now())),
    async idle() {
      if (underWay.size === 0) return;
      await Promise.allSettled(underWay);
      await new Promise((resolve) => setTimeout(resolve, GIVEN_MS));
    },
  };
}

async function pressedHere(flow: Answering, pressed: Press): Promise<Reply> {
  if (isListId(pressed.incident)) return pressMeasures(flow, pressed);
  const opened = (await putBack(flow, pressed)) ?? (await openCard(flow, pressed));
  return opened ?? (FOR_ALL.has(pressed.verb) ? pressAll(flow, pressed) : press(flow, pressed));
}
