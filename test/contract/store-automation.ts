import { describe, expect, it } from 'vitest';
import type { AutomationList } from '../../src/core/find/automation.ts';
import type { Tx } from '../../src/ports/store.ts';
import { AT, type StoreRig } from './store-rig.ts';

/** A list with something in all of its parts. */
export const LISTED: AutomationList = {
  id: 'AU-20261120-1',
  from: '2026-11-19T02:00:00.000Z',
  until: AT,
  asOf: AT,
  clusters: [
    {
      key: '1',
      by: 'cluster',
      sender: 'news@größe.example',
      mailFrom: null,
      authentication: null,
      mails: [
        {
          networkMessageId: '73ca4154-58d8-43d0-a890-08dc18c52e6d',
          internetMessageId: '<größe@mailer.example>',
          sender: 'news@größe.example',
          subject: 'What is new: “größer”',
          receivedAt: null,
        },
      ],
      copies: [
        {
          networkMessageId: '73ca4154-58d8-43d0-a890-08dc18c52e6d',
          recipient: 'ann@contoso.example',
          recipientId: null,
          removedAt: AT,
          place: 'deleted',
          was: 'inbox',
        },
      ],
      ways: ['Automated Remediation'],
      actions: ['Soft delete'],
      threatsThen: [],
      threatsNow: ['Phish'],
    },
  ],
  apart: { odd: 1, failed: 2, ours: 3, known: 4, left: 5 },
  cutAt: 20_000,
  samples: 3,
};

/** What is kept of what automation took out. */
export function automationContract({ store }: StoreRig): void {
  const on = <T>(work: (lists: Tx['automation']) => Promise<T>) => store.transact((tx) => work(tx.automation));
  const made = (id: string, asOf: string) => ({ ...LISTED, id, asOf });

  describe('a list of what automation took out', () => {
    it('is kept once under its name, the first of them, and says what it said', async () => {
      expect(await on((lists) => lists.keep(LISTED))).toBe(true);
      expect(await on((lists) => lists.keep({ ...LISTED, clusters: [] }))).toBe(false);
      expect(await on((lists) => lists.get(LISTED.id))).toEqual(LISTED);
      expect(await on((lists) => lists.get('AU-20261120-2'))).toBeNull();
    });

    it('is found by its time, the oldest first, and goes by its time', async () => {
      const [old, next, last] = ['2027-01-01T00:00:00.000Z', '2027-01-02T00:00:00.000Z', '2027-01-03T00:00:00.000Z'];
      for (const list of [made('AU-C', last), made('AU-B', next), made('AU-A', next), made('AU-D', old)])
        await on((lists) => lists.keep(list));
      expect(await on((lists) => lists.since(old))).toEqual(['AU-D', 'AU-A', 'AU-B', 'AU-C']);
      expect(await on((lists) => lists.since(next))).toEqual(['AU-A', 'AU-B', 'AU-C']);
      await on((lists) => lists.forget(next));
      expect(await on((lists) => lists.since('2020-01-01T00:00:00.000Z'))).toEqual(['AU-A', 'AU-B', 'AU-C']);
      expect(await on((lists) => lists.get('AU-D'))).toBeNull();
    });
  });
}
