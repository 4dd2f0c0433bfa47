import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { huntingSeeker } from '../../src/adapters/defender/seek.ts';
import { type Hit, mailsIn } from '../../src/core/find/found.ts';
import { openSandbox, type Sandbox } from '../sandbox/graph-stand-in.ts';

/** What hunting is asked about mail that was found, whatever senders chose for its headers; and what it is not asked. */

const NOW = Date.parse('2026-11-23T09:00:00Z');
const DAY = 86_400_000;
const PHISH = {
  sender: 'billing@fabrikam.example',
  subject: 'Invoice overdue',
  internetMessageId: '<one@fabrikam.example>',
};

const huntingOf = (sandbox: Sandbox) =>
  huntingSeeker({
    baseUrl: sandbox.graph.url,
    token: async () => sandbox.token,
    clock: () => NOW,
    ids: randomUUID,
    sleep: async () => undefined,
    isOn: true,
  });

describe('what became of a mail', () => {
  const bare = (change: Partial<Hit> = {}): Hit => ({
    recipient: 'ann@contoso.com',
    recipientId: null,
    networkMessageId: '73ca4154-58d8-43d0-a890-08dc18c52e6d',
    likelyId: null,
    internetMessageId: PHISH.internetMessageId,
    sender: PHISH.sender,
    subject: PHISH.subject,
    at: new Date(NOW - 2 * DAY).toISOString(),
    where: null,
    ...change,
  });
  async function became(hits: readonly Hit[], arrange: (sandbox: Sandbox) => void = () => undefined) {
    await using sandbox = await openSandbox({ users: ['ann'], roles: ['ThreatHunting.Read.All'] });
    arrange(sandbox);
    const [mail] = (await huntingOf(sandbox).exposure?.(mailsIn([{ name: 'hunting', hits }]).mails)) ?? [];
    return mail;
  }
  const noSubject = { is: 'not asked', why: 'it has no subject by which an answer to it could be told' };

  test.each([
    ['a line end', 'Invoice\r\n overdue'],
    ['half a character', 'Invoice \ud800'],
    ['U+0000', 'a\0b'],
    ['nothing', ''],
    ['blanks alone', ' \t '],
    ['no subject', null],
    ['more than Exchange keeps', 'x'.repeat(255)],
  ])('is told as far as it can be asked about, where its subject is %s', async (_what, subject) => {
    expect(await became([bare({ subject })])).toMatchObject({
      clicked: { is: 'nothing' },
      replied: noSubject,
      forwarded: noSubject,
    });
  });

  test('is told by its subject as it stands at the end of an answer, without the blanks around it', async () => {
    const answers = (sandbox: Sandbox) =>
      sandbox.tenant.userSends('ann', {
        to: [PHISH.sender],
        subject: `RE: ${PHISH.subject}`,
        internetMessageId: '<re@contoso.com>',
      });
    expect(await became([bare({ subject: ` ${PHISH.subject} \t` })], answers)).toMatchObject({
      replied: { is: 'known', people: ['ann@contoso.com'] },
    });
  });

  test('says that nothing was found only of what was asked about: a thousand ids and people at once', async () => {
    const many = Array.from({ length: 1_200 }, (_none, n) =>
      bare({
        recipient: `person${n}@contoso.com`,
        networkMessageId: `73ca4154-58d8-43d0-a890-${String(n).padStart(12, '0')}`,
      }),
    );
    expect(await became(many)).toEqual({
      clicked: { is: 'nothing in part', part: expect.stringMatching(/^1000 of its 1200 ids/) },
      moved: { is: 'nothing in part', part: expect.stringMatching(/^1000 of its 1200 ids/) },
      replied: { is: 'nothing in part', part: expect.stringMatching(/^1000 of its 1200 recipients/) },
      forwarded: { is: 'nothing in part', part: expect.stringMatching(/^1000 of its 1200 recipients/) },
    });
  });

  test('is not taken from a mail that somebody outside wrote in the name of a recipient', async () => {
    const forged = (sandbox: Sandbox) =>
      sandbox.tenant.deliver({
        to: ['ann'],
        sender: 'ann@contoso.com',
        mailFrom: 'mallory@fabrikam.example',
        subject: `RE: ${PHISH.subject}`,
        internetMessageId: '<forged@fabrikam.example>',
      });
    expect(await became([bare()], forged)).toMatchObject({ replied: { is: 'nothing' }, forwarded: { is: 'nothing' } });
  });

  test('is not said to be nothing where the mail has no id that hunting knows, beside others that have', async () => {
    const traced = bare({ networkMessageId: null, subject: 'Lunch', at: new Date(NOW - DAY).toISOString() });
    expect(await became([bare(), traced])).toMatchObject({
      clicked: { is: 'not asked' },
      moved: { is: 'not asked' },
      replied: { is: 'nothing' },
    });
  });

  test('is not asked about what is no id and no address', async () => {
    const odd = [bare({ networkMessageId: "x') or 1 == 1" }), bare({ recipient: 'a\nb@contoso.com' })];
    expect(await became(odd)).toMatchObject({
      clicked: { is: 'nothing in part', part: expect.stringMatching(/^1 of its 2 ids/) },
      replied: { is: 'nothing in part', part: expect.stringMatching(/^1 of its 2 recipients/) },
    });
  });
});
