import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OnCall } from '../../src/ports/on-call.ts';

/** What everybody keeps who says who is on call. */

export interface OnCallRig {
  readonly onCall: OnCall;
  /** From now on these are on call, by whatever the source knows them. */
  put(people: readonly string[]): void;
  /** How it names one of them. */
  named(person: string): object;
  /** From now on it says nothing. */
  breakDown(): void;
  close(): Promise<void>;
}

const NOW = '2026-12-01T12:00:00.000Z';

export function onCallContract(source: string, start: () => Promise<OnCallRig>): void {
  describe(`who is on call, by ${source}`, () => {
    let rig: OnCallRig;
    beforeEach(async () => {
      rig = await start();
    });
    afterEach(() => rig.close());
    const ask = (until = new AbortController().signal) => rig.onCall.at(NOW, until);

    it('is one, or several, each once', async () => {
      rig.put(['one']);
      expect(await ask()).toEqual({ is: 'known', people: [rig.named('one')] });
      rig.put(['one', 'two', 'one']);
      expect(await ask()).toEqual({ is: 'known', people: [rig.named('one'), rig.named('two')] });
    });

    it('may be nobody, which is an answer', async () => {
      rig.put([]);
      expect(await ask()).toEqual({ is: 'known', people: [] });
    });

    it('is not said where the source cannot be used: never thrown, and never nobody', async () => {
      rig.put(['one']);
      rig.breakDown();
      expect(await ask()).toEqual({ is: 'silent', why: expect.stringMatching(/\S/) });
    });
  });
}
