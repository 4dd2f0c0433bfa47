import { describe, expect, it } from 'vitest';
import { type Hit, mailsIn } from '../../src/core/find/found.ts';
import { flagStepLines } from '../../src/core/tell/flag-words.ts';
import { leadsOn, type SignInFor } from '../../src/core/tell/page-words.ts';

/** What is cut is counted, and what is offered is there. */

describe('more copies than one incident looks into', () => {
  const hits = (mail: number, many: number): readonly Hit[] =>
    Array.from({ length: many }, (_none, n) => ({
      ...{
        recipient: `p${n}@contoso.example`,
        recipientId: null,
        likelyId: null,
        where: null,
        subject: `Mail ${mail}`,
      },
      ...{ networkMessageId: `73ca4154-58d8-43d0-a890-08dc18c52e0${mail}`, internetMessageId: `<${mail}@x.example>` },
      ...{ sender: 'a@x.example', at: `2026-11-2${mail}T08:00:00.000Z` },
    }));

  it('are counted over all mails, the newest first', () => {
    const { mails, copiesLeft } = mailsIn([
      { name: 'hunting', hits: [...hits(1, 9), ...hits(2, 12_000), ...hits(3, 12_000)] },
    ]);
    expect([mails.map(({ copies }) => copies.length), copiesLeft]).toEqual([[12_000, 8_000, 0], 4_009]);
  });
});

describe('somebody who is told of a flag that waits', () => {
  const flag = {
    ...{
      id: 'CF-1',
      address: 'ann@contoso.example',
      dueAt: '2026-11-23T08:00:00.000Z',
      state: 'raised',
      reason: 'phishing',
    },
    ...{ owner: null, before: null, after: null },
  } as never;
  const lines = (kind: 'reminder' | 'overdue' | 'escalation', more = 0) =>
    flagStepLines(flag, { kind, role: 'lead' }, more);

  it('is told how many more wait like it, and of none where there is none', () => {
    expect(lines('overdue').some((line) => line.startsWith('So '))).toBe(false);
    expect(lines('overdue', 1)[1]).toBe('So is 1 more mailbox of the same incident.');
    expect(lines('overdue', 2)[1]).toBe('So are 2 more mailboxes of the same incident.');
  });

  it('is told why it is they who are told', () => {
    expect(lines('escalation').at(-1)).toContain('because the policy names lead');
    expect(lines('reminder').at(-1)).toBe('Say “flags” to Clawback to see it.');
  });
});

it('a page leads on but where there is nothing left to approve', () => {
  const vote = { is: 'vote', action: 'purge', incident: 'CB-1', digest: 'd', about: null } as const;
  const about = {
    subject: 'x',
    sender: 'a@x.example',
    amount: { copies: 1, mailboxes: 1, mode: 'live' },
    reason: null,
  };
  const asked: readonly SignInFor[] = [
    { is: 'link', chat: 'Slack', account: 'lena' },
    { is: 'list', incident: 'CB-1', digest: 'd' },
    { ...vote, about } as SignInFor,
    vote,
  ];
  expect(asked.map(leadsOn)).toEqual([true, true, true, false]);
});
