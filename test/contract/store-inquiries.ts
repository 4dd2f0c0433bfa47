import { describe, expect, it } from 'vitest';
import type { Found } from '../../src/core/find/found.ts';
import type { NewInquiry } from '../../src/ports/inquiries.ts';
import type { Sought } from '../../src/ports/seeker.ts';
import type { Tx } from '../../src/ports/store.ts';
import { AT, LEASE_MS, NOTE, type StoreRig } from './store-rig.ts';

export const INQUIRY: NewInquiry = {
  id: 'CS-1',
  person: 'p1',
  at: AT,
  criteria: { sender: 'a@x.example', messageId: null, subject: null, urlHost: null, attachment: null, days: 30 },
  waits: false,
};
/** Far from what one person may ask. */
export const OFTEN = { most: 100, since: '' };

export const SOUGHT: Sought = {
  status: 'answered',
  hits: [
    {
      recipient: 'ann@contoso.example',
      recipientId: null,
      networkMessageId: '73ca4154-58d8-43d0-a890-08dc18c52e6d',
      internetMessageId: '<one@mailer.example>',
      sender: 'a@x.example',
      subject: NOTE,
      at: AT,
      where: 'Inbox/folder',
      likelyId: null,
    },
  ],
  cutAt: null,
  requestId: 'r1',
  detail: '',
  waitMs: null,
  apart: [],
};

export const FOUND: Found = {
  criteria: INQUIRY.criteria,
  asOf: AT,
  coverage: [{ name: 'hunting', status: 'answered', from: AT, until: AT, found: 1, cutAt: null, detail: '' }],
  mails: [
    {
      key: '1',
      digest: 'a1'.repeat(32),
      internetMessageId: '<one@mailer.example>',
      networkMessageIds: [],
      sender: 'a@x.example',
      subject: NOTE,
      first: AT,
      last: AT,
      copies: [
        {
          recipient: 'ann@contoso.example',
          recipientId: null,
          networkMessageId: null,
          at: AT,
          where: null,
          by: ['trace'],
        },
      ],
      exposure: {
        read: { is: 'known', people: ['ann@contoso.example'], times: 1, cut: false },
        clicked: { is: 'not licensed' },
        replied: { is: 'nothing' },
        forwarded: { is: 'not yet' },
        moved: { is: 'not asked', why: 'nobody could be asked' },
      },
    },
  ],
  mailsLeft: 0,
  copiesLeft: 0,
  unnamed: 0,
};

/** Searches of people, from the asking to the answer. */
export function inquiriesContract({ store }: StoreRig): void {
  const on = <T>(work: (inquiries: Tx['inquiries']) => Promise<T>) => store.transact((tx) => work(tx.inquiries));
  const ask = (change: Partial<NewInquiry> = {}, cap = OFTEN) => on((all) => all.ask({ ...INQUIRY, ...change }, cap));
  const claim = (by: string, id = 'CS-1', leaseMs = LEASE_MS) => on((all) => all.claim(id, by, leaseMs));

  describe('a search of a person', () => {
    it('is kept as it was asked, and is open until it is answered', async () => {
      await ask();
      expect(await on((all) => all.get('CS-1'))).toEqual({ ...INQUIRY, found: null, isAnswered: false });
      expect([await on((all) => all.open()), await on((all) => all.get('CS-2'))]).toEqual([['CS-1'], null]);
    });

    it('is in the hands of one at a time, and goes to another when that one is gone', async () => {
      await ask();
      expect([await claim('a'), await claim('b'), await on((all) => all.open())]).toEqual([true, false, []]);
      await on((all) => all.release('CS-1', 'a'));
      expect([await claim('b', 'CS-1', 0), await claim('c')]).toEqual([true, true]);
      const keeps = (by: string) => on((all) => all.keep('CS-1', by, 'q1', SOUGHT));
      expect([await keeps('b'), await keeps('c')]).toEqual([false, true]);
      expect([
        await on((all) => all.extend('CS-1', 'b', 1)),
        await on((all) => all.extend('CS-1', 'c', LEASE_MS)),
      ]).toEqual([false, true]);
    });

    it('keeps what was answered to each question, so that nothing is asked twice', async () => {
      await ask();
      await claim('a');
      for (const question of ['q1', 'q2', 'q1']) await on((all) => all.keep('CS-1', 'a', question, SOUGHT));
      expect(await on((all) => all.kept('CS-1'))).toEqual(
        new Map([
          ['q1', SOUGHT],
          ['q2', SOUGHT],
        ]),
      );
    });

    it('ends with its answer, once, and lets go of the parts', async () => {
      await ask();
      await claim('a');
      await on((all) => all.keep('CS-1', 'a', 'q1', SOUGHT));
      const answers = (by: string) => on((all) => all.answer('CS-1', by, FOUND));
      expect([await answers('b'), await answers('a'), await answers('a')]).toEqual([false, true, false]);
      expect(await on((all) => all.get('CS-1'))).toMatchObject({ found: FOUND, isAnswered: true });
      expect([await on((all) => all.open()), (await on((all) => all.kept('CS-1'))).size]).toEqual([[], 0]);
      expect(await claim('c')).toBe(false);
    });

    it('waits for somebody else where it has to, and is allowed once', async () => {
      await ask({ waits: true });
      expect([await on((all) => all.open()), await claim('a')]).toEqual([[], false]);
      expect([await on((all) => all.allow('CS-1')), await on((all) => all.allow('CS-1'))]).toEqual([true, false]);
      expect([await on((all) => all.open()), await claim('a')]).toEqual([['CS-1'], true]);
    });

    it('is counted by person and time, also where several come at once', async () => {
      const cap = { most: 2, since: '2026-11-20T07:30:00.000Z' };
      await ask({ id: 'CS-0', at: '2026-11-20T07:00:00.000Z' });
      await ask({ id: 'CS-9', person: 'p2' });
      const kept = await Promise.all([1, 2, 3, 4].map((n) => ask({ id: `CS-${n}` }, cap)));
      expect(kept.filter(Boolean)).toHaveLength(2);
    });

    it('goes when it is old, with all that was kept of it', async () => {
      await ask();
      await ask({ id: 'CS-2', at: '2026-11-21T08:00:00.000Z' });
      await claim('a');
      await on((all) => all.keep('CS-1', 'a', 'q1', SOUGHT));
      await on((all) => all.forget('2026-11-21T00:00:00.000Z'));
      expect([await on((all) => all.get('CS-1')), (await on((all) => all.kept('CS-1'))).size]).toEqual([null, 0]);
      expect(await on((all) => all.open())).toEqual(['CS-2']);
    });
  });
}
