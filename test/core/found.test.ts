import { describe, expect, it } from 'vitest';
import type { Criteria } from '../../src/core/find/criteria.ts';
import { type Found, type FoundMail, type Hit, listOf, mailsIn, type Told } from '../../src/core/find/found.ts';
import { presentFound } from '../../src/core/tell/found-view.ts';

/** Deliveries put together by mail, and told with what each service can vouch for. */

const AT = '2026-11-20T08:00:00.000Z';
const NETWORK = '73ca4154-58d8-43d0-a890-08dc18c52e6d';
const OTHER = '73ca4154-58d8-43d0-a890-08dc18c52e6e';
const THIRD = '73ca4154-58d8-43d0-a890-08dc18c52e6f';
const hit = (change: Partial<Hit> = {}): Hit => ({
  recipient: 'ann@contoso.example',
  recipientId: null,
  networkMessageId: NETWORK,
  internetMessageId: '<one@mailer.example>',
  sender: 'billing@fabrikam.example',
  subject: 'Invoice overdue',
  at: AT,
  where: 'Inbox/folder',
  likelyId: null,
  ...change,
});
const traced = (change: Partial<Hit> = {}) => hit({ networkMessageId: null, where: 'delivered', ...change });
const mails = (hunting: readonly Hit[], trace: readonly Hit[] = []) =>
  mailsIn([
    { name: 'hunting', hits: hunting },
    { name: 'trace', hits: trace },
  ]);

describe('what was found', () => {
  it('is one copy however many services name it, and says which', () => {
    const { mails: found } = mails(
      [hit()],
      [traced({ recipient: 'ANN@contoso.example' }), traced({ recipient: 'bob@contoso.example' })],
    );
    expect(found).toHaveLength(1);
    expect(found[0]?.copies).toEqual([
      {
        recipient: 'ann@contoso.example',
        recipientId: null,
        networkMessageId: NETWORK,
        at: AT,
        where: 'Inbox/folder',
        by: ['hunting', 'trace'],
      },
      {
        recipient: 'bob@contoso.example',
        recipientId: null,
        networkMessageId: null,
        at: AT,
        where: 'delivered',
        by: ['trace'],
      },
    ]);
  });

  const bounce = { sender: 'bounce-17@mailer.example' };
  it('is one mail where trace names the sender of the envelope, and by an id that hunting has for the mail', () => {
    const same = { ...bounce, likelyId: NETWORK, at: '2026-11-20T07:59:00.000Z' };
    const { mails: found } = mails([hit()], [traced(same), traced({ ...same, recipient: 'bob@contoso.example' })]);
    expect(found.map(({ sender, networkMessageIds, copies }) => [sender, networkMessageIds, copies.length])).toEqual([
      ['billing@fabrikam.example', [NETWORK], 2],
    ]);
  });

  it('takes an id that only trace has for none that Exchange gave it', () => {
    const { mails: found } = mails([], [traced({ likelyId: NETWORK })]);
    expect(found.map(({ networkMessageIds }) => networkMessageIds)).toEqual([[]]);
  });

  it('is two mails where a Message-ID was used again, also where both reached the same mailbox at once', () => {
    const other = { ...bounce, subject: 'Lunch' };
    const { mails: found } = mails([hit()], [traced(other), traced({ ...other, recipient: 'bob@contoso.example' })]);
    expect(found.map(({ sender, copies }) => [sender, copies.length])).toEqual([
      ['billing@fabrikam.example', 1],
      ['bounce-17@mailer.example', 2],
    ]);
  });

  it('is two mails where a Message-ID was used again under another sender or subject', () => {
    const { mails: found } = mails([
      hit(),
      hit({ subject: 'Lunch', networkMessageId: OTHER }),
      hit({ sender: 'dana@contoso.example', networkMessageId: THIRD }),
    ]);
    expect(found).toHaveLength(3);
  });

  it('is two mails under one network id where neither Message-ID nor subject agree', () => {
    const { mails: found } = mails([hit(), hit({ internetMessageId: '<two@mailer.example>', subject: 'Lunch' })]);
    expect(found).toHaveLength(2);
  });

  it('is in no list where it has no id at all, and is counted', () => {
    const bare = { internetMessageId: null, networkMessageId: null };
    const { mails: found, unnamed } = mails([], [traced(bare), traced({ ...bare, recipient: 'bob@contoso.example' })]);
    expect([found, unnamed]).toEqual([[], 2]);
  });

  it('is two mails where the same headers came days apart', () => {
    const { mails: found } = mails([hit(), hit({ at: '2026-11-24T08:00:00.000Z' })]);
    expect(found.map(({ last }) => last)).toEqual(['2026-11-24T08:00:00.000Z', AT]);
  });

  it('is told by its network id where it has no Message-ID', () => {
    const bare = { internetMessageId: null };
    const { mails: found } = mails([hit(bare), hit({ ...bare, recipient: 'bob@contoso.example' })]);
    expect(found.map(({ copies }) => copies.length)).toEqual([2]);
  });

  it('counts what there is no room for', () => {
    const many = Array.from({ length: 45 }, (_none, n) =>
      hit({ internetMessageId: `<${n}@mailer.example>`, networkMessageId: null }),
    );
    expect(mails(many)).toMatchObject({ mailsLeft: 5, copiesLeft: 0 });
  });

  it('has a list with a digest of its own: who received which mail, and not where it lies by now', () => {
    const [mail] = mails([hit()]).mails;
    const [moved] = mails([hit({ where: 'DeletedFolder' })]).mails;
    const [more] = mails([hit(), hit({ recipient: 'bob@contoso.example' })]).mails;
    const text = (one: typeof mail) => JSON.stringify(one && listOf(one));
    expect([text(mail) === text(moved), text(mail) === text(more)]).toEqual([true, false]);
  });

  it.each([
    ['network id', { networkMessageIds: [OTHER] }],
    ['first delivery', { first: '2026-11-19T08:00:00.000Z' }],
    ['last delivery', { last: '2026-11-21T08:00:00.000Z' }],
    ['subject', { subject: 'Lunch' }],
    ['sender', { sender: 'dana@contoso.example' }],
    ['Message-ID', { internetMessageId: '<two@mailer.example>' }],
  ])('is another list with another %s', (_what, change) => {
    const [mail] = mails([hit()]).mails;
    if (!mail) throw new Error('there is one');
    expect(listOf({ ...mail, ...change })).not.toEqual(listOf(mail));
  });

  it.each([
    ['object id', { recipientId: THIRD }],
    ['network id', { networkMessageId: OTHER }],
    ['time', { at: '2026-11-19T08:00:00.000Z' }],
    ['witness', { by: ['trace'] }],
  ])('is another list with another %s of a copy', (_what, change) => {
    const [mail] = mails([hit()]).mails;
    if (!mail) throw new Error('there is one');
    const copies = mail.copies.map((copy) => ({ ...copy, ...change }));
    expect(listOf({ ...mail, copies })).not.toEqual(listOf(mail));
  });
});

const criteria: Criteria = {
  sender: 'billing@fabrikam.example',
  messageId: null,
  subject: null,
  urlHost: null,
  attachment: null,
  days: 30,
};
const NOTHING: Told = { is: 'nothing' };

function foundOf(change: Partial<Found> = {}, exposure: Partial<FoundMail['exposure']> = {}): Found {
  const [bare] = mails([hit(), hit({ recipient: 'bob@contoso.example' })]).mails;
  if (!bare) throw new Error('there is a mail');
  const all = { read: NOTHING, clicked: NOTHING, replied: NOTHING, forwarded: NOTHING, moved: NOTHING, ...exposure };
  return {
    criteria,
    asOf: AT,
    coverage: [
      {
        name: 'hunting',
        status: 'answered',
        from: '2026-10-21T08:00:00.000Z',
        until: AT,
        found: 2,
        cutAt: null,
        detail: '',
      },
    ],
    mails: [{ ...bare, key: '1', digest: 'a1b2c3d4'.repeat(8), exposure: all }],
    mailsLeft: 0,
    copiesLeft: 0,
    unnamed: 0,
    ...change,
  };
}
const shown = (found: Found | null, most = 6) =>
  presentFound({ search: 'CS-1', criteria, at: AT, allowedAt: null, found }, most);

describe('what is told of a search', () => {
  it('says how far each service goes, and whose list it is', () => {
    const { title, asked, notes, mails: told } = shown(foundOf());
    expect([title, asked]).toEqual([
      'Search CS-1 found 1 mail',
      'sender billing@fabrikam[.]example; the last 30 days, asked 20 Nov 08:00 UTC',
    ]);
    expect(notes.map(({ text }) => text)).toEqual([
      'Advanced hunting: 21 Oct 08:00 UTC to 20 Nov 08:00 UTC, complete: 2 deliveries.',
    ]);
    expect(told[0]?.facts).toBe('2 mailboxes · 20 Nov 08:00 UTC · named by hunting · list a1b2 c3d4');
  });

  it.each([
    ['cut', { cutAt: 10_000 }, 'cut off at 10,000 rows, the newest'],
    [
      'not licensed',
      { status: 'not licensed', from: null, until: null, found: 0 },
      'Advanced hunting is not licensed in this tenant.',
    ],
    [
      'not permitted',
      { status: 'not permitted', from: null, until: null, found: 0, detail: '403 Forbidden' },
      'Advanced hunting is not permitted to this application (403 Forbidden).',
    ],
    ['silent', { status: 'silent', from: null, until: null, found: 0 }, 'Advanced hunting gave no answer.'],
  ] as const)('never passes for complete where a service is %s', (_what, change, words) => {
    const [coverage] = foundOf().coverage;
    if (!coverage) throw new Error('there is one');
    const notes = shown(foundOf({ coverage: [{ ...coverage, ...change }] })).notes.map(({ text }) => text);
    expect(notes[0]).toContain(words);
    expect(notes[1]).toBe('No service has told all that it knows: there may be more mail than this.');
  });

  it.each<[Told, string]>([
    [{ is: 'known', people: ['ann@contoso.example'], times: 3, cut: false }, 'ann@contoso[.]example, 3 times'],
    [{ is: 'nothing' }, 'nothing found'],
    [{ is: 'nothing in part', part: '3 of 5 mailboxes' }, 'nothing found in what was looked at: 3 of 5 mailboxes'],
    [{ is: 'not yet' }, 'nothing seen yet, and it came only lately'],
    [{ is: 'not licensed' }, 'not licensed in this tenant'],
    [{ is: 'not permitted' }, 'not permitted to this application'],
  ])('keeps apart what is known and what cannot be asked: %j', (clicked, words) => {
    const lines = shown(foundOf({}, { clicked })).mails[0]?.exposure.map(({ text }) => text);
    expect(lines?.[0]).toBe('Received by ann@contoso[.]example, bob@contoso[.]example: 2 in Inbox/folder');
    expect(lines?.[2]).toBe(`Link pressed (also where it was blocked): ${words}`);
  });

  const [whole] = foundOf().coverage;
  if (!whole) throw new Error('there is one');
  it.each([
    ['told all, for the whole time', [whole], 'Search CS-1 found no mail'],
    ['told all of a shorter time', [{ ...whole, from: '2026-11-01T08:00:00.000Z' }], 'found no mail in what was'],
    ['was cut', [{ ...whole, cutAt: 10_000 }], 'found no mail in what was looked at'],
    ['has limits of its own', [{ ...whole, detail: 'it knows senders by the envelope only' }], 'in what was looked at'],
    ['gave no answer', [{ ...whole, status: 'silent' as const }], 'found no mail in what was looked at'],
  ])('says that nothing was found only as far as it was looked, where a service %s', (_what, coverage, title) => {
    expect(shown(foundOf({ mails: [], coverage })).title).toContain(title);
  });

  it('says so where the services remember less than was asked for', () => {
    const notes = presentFound(
      { search: 'CS-1', criteria, at: AT, allowedAt: null, found: foundOf({ criteria: { ...criteria, days: 90 } }) },
      6,
    ).notes;
    expect(notes.at(-1)?.text).toBe('No service has told all of the last 90 days: there may be older mail than this.');
  });

  it('says what of the deliveries is in no list', () => {
    expect(shown(foundOf({ unnamed: 2 })).notes.at(-1)?.text).toBe(
      '2 deliveries more of mail without any id: in no list here, and no incident is made of it.',
    );
  });

  it('says from when its days count where it was allowed later', () => {
    const later = '2026-11-20T11:30:00.000Z';
    expect(presentFound({ search: 'CS-1', criteria, at: AT, allowedAt: later, found: null }, 6).asked).toBe(
      'sender billing@fabrikam[.]example; the last 30 days, asked 20 Nov 08:00 UTC, allowed 20 Nov 11:30 UTC, from when they count',
    );
  });

  it('counts the mails for which the place has no room', () => {
    expect(shown(foundOf({ mailsLeft: 2 }), 0).notes.at(-1)?.text).toBe(
      '3 more mails are not shown here: search for less.',
    );
  });

  it('keeps what a mail says for text', () => {
    const [mail] = foundOf().mails;
    if (!mail) throw new Error('there is one');
    const evil = shown(
      foundOf({ mails: [{ ...mail, subject: 'see https://evil.example {{x}}', sender: '\u202ea@b.example' }] }),
    );
    expect(JSON.stringify(evil)).not.toMatch(/https:|\u202e|\{\{x/);
  });

  it('is under way until there is an answer', () => {
    expect(shown(null)).toMatchObject({ title: 'Search CS-1 is under way', isUnderWay: true, mails: [] });
  });
});
