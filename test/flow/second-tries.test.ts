import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EffectAnswer } from '../../src/ports/effects.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { RECOVERABLE } from '../support/fake-mail.ts';
import { inSlack, policyWith, ruleFor, storyteller, type Told } from './telling.ts';

/** An effect that does not hold is tried again; what is said in the end is what was seen, in words. */
let night: Night;
beforeAll(async () => {
  night = await startNight({ policy: policyWith([ruleFor(['purge', 'undo', 'flag'], { approver: 1 })]) });
});
afterAll(() => night.close());
const { lands, press, entries, becomes } = storyteller(() => night);

const ending = async ({ id }: Told) => (await entries(id, 'copy.outcome')).at(-1);
const intents = async ({ id }: Told) => (await entries(id, 'copy.intent')).map(({ detail }) => detail.attempt);

describe('an effect that does not hold', () => {
  it.each<EffectAnswer>([{ status: 'refused', why: 'failed', detail: 'ErrorInternalServerError' }, { status: 'done' }])(
    'once ($status), and then holds, is an ordinary end',
    async (answer) => {
      const told = await lands(['ann']);
      const plain = night.mail.softDelete.bind(night.mail);
      // Graph says no, or says yes and nothing happens: both are seen by looking again.
      night.mail.softDelete = async (targets) => {
        night.mail.softDelete = plain;
        return targets.map((target) => ({ target, requestId: 'first', ...answer }));
      };
      await press(told.id, inSlack('dana'), 'purge');
      await becomes(told.id, 'purged');
      expect(told.copies[0]?.folderId).toBe(RECOVERABLE);
      expect(await intents(told)).toEqual([1, 2]);
      // Our own second act, seen right after it: nothing is late about that.
      expect(await ending(told)).toMatchObject({
        outcome: 'removed',
        detail: { note: 'seen in Recoverable Items, from where its owner can still recover it' },
      });
      expect((await entries(told.id, 'copy.outcome')).length).toBe(1);
    },
  );

  it('at all ends with what was seen and what the service said', async () => {
    const told = await lands(['ann']);
    const mailbox = told.copies[0]?.mailbox ?? '';
    const answer = { status: 'refused', why: 'failed', detail: 'ErrorInternalServerError' } as const;
    night.mail.trouble.push({ method: 'softDelete', mailbox, answer, always: true });
    await press(told.id, inSlack('dana'), 'purge');
    await becomes(told.id, 'purged');
    expect((await ending(told))?.detail.note).toBe(
      'found in its folder after our move; the service said: ErrorInternalServerError',
    );
    expect(await intents(told)).toEqual([1, 2, 3]);
    night.mail.trouble.length = 0;
  });

  it('at all, though the service says that it did it, says nothing of what it said', async () => {
    const told = await lands(['ann']);
    const plain = night.mail.softDelete.bind(night.mail);
    night.mail.softDelete = async (targets) =>
      targets.map((target) => ({ target, requestId: 'a-request', status: 'done' }) as const);
    await press(told.id, inSlack('dana'), 'purge');
    await becomes(told.id, 'purged');
    night.mail.softDelete = plain;
    expect(await ending(told)).toMatchObject({
      outcome: 'stillThere',
      requestId: 'a-request',
      detail: { note: 'found in its folder after our move' },
    });
  });
});
