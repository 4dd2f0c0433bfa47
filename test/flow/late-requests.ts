import type { Flow } from '../../src/flow/flow.ts';
import { work } from '../../src/flow/sweep.ts';
import type { Effect, EffectAnswer } from '../../src/ports/effects.ts';
import type { World } from '../fault/world.ts';
import type { Copy } from '../support/fake-mail.ts';

/** What stories about requests have in common that have no answer, or have their effect when nobody waits for it. */

const SECONDS = 1 / 60;
type Method = 'softDelete' | 'toJunk' | 'putBack' | 'hardDelete' | 'mark';
type Write = (targets: readonly Copy[], term?: unknown) => Promise<readonly Effect[]>;
const LOST: EffectAnswer = { status: 'unknown', detail: 'timeout' };

/** About the world that `now` answers. */
export function lateRequests(now: () => World) {
  async function settled(seconds: number, steps = 1): Promise<void> {
    for (let n = 0; n < steps; n += 1) {
      now().pass((seconds / steps) * SECONDS);
      await now().settle();
    }
  }

  /** From now on no request of this kind about this mailbox is answered, and none has its effect; answers how it ends. */
  function silent(method: Method, { mailbox }: Copy) {
    const { mail } = now();
    const plain = mail[method] as Write;
    const isTheirs = (target: Copy) => target.mailbox === mailbox;
    mail[method] = (async (targets: readonly Copy[], term?: unknown) => {
      const others = await plain(
        targets.filter((target) => !isTheirs(target)),
        term,
      );
      const lost = targets
        .filter(isTheirs)
        .map(({ message }) => ({ target: { mailbox, message }, requestId: 'r', ...LOST }));
      return [...others, ...lost];
    }) as never;
    return () => {
      mail[method] = plain as never;
    };
  }

  return {
    settled,
    silent,

    /** The same for the next such request alone. */
    silentOnce(method: Method, who: Copy) {
      const mend = silent(method, who);
      const { mail } = now();
      const quiet = mail[method] as Write;
      mail[method] = (async (targets: readonly Copy[], term?: unknown) => {
        if (targets.some(({ mailbox }) => mailbox === who.mailbox)) mend();
        return quiet(targets, term);
      }) as never;
    },

    /** A process takes the queued run and stands still with its request; the effect of that comes when it wakes. */
    frozenWith(method: 'softDelete' | 'toJunk' | 'putBack') {
      const world = now();
      const held = Promise.withResolvers<void>();
      const woken = Promise.withResolvers<void>();
      const write = async (targets: never) => {
        held.resolve();
        await woken.promise;
        return (world.mail[method] as (all: never) => Promise<never>)(targets);
      };
      const flow: Flow = { ...world.flow, effects: { ...world.mail, [method]: write } };
      const job = world.memory.jobs().find((queued) => queued.job.queue === 'run');
      if (!job || !world.memory.take(job)) throw new Error('no run is queued');
      const ended = work(flow, job.job);
      return {
        held: held.promise,
        async wakes() {
          woken.resolve();
          await ended;
        },
      };
    },

    /** Another process takes over what the frozen one holds, and finishes. */
    async takenOver(): Promise<void> {
      await settled(31);
      await now().sweep();
      await settled(31, 4);
    },
  };
}
