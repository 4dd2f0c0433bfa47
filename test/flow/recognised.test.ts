import { describe, expect, it } from 'vitest';
import type { MessageKey } from '../../src/core/find/key.ts';
import { type Found, recognise } from '../../src/flow/find/recognise.ts';
import type { FoundMessage } from '../../src/ports/reader.ts';
import { hash } from '../fault/world.ts';

/** Which of what was found in mailboxes is the mail, which only may be, and how what may be is put in groups. */

const NET = 'aaaaaaaa-0000-4000-8000-000000000001';
const OTHER_NET = 'bbbbbbbb-0000-4000-8000-000000000002';
const KEY: MessageKey = {
  internetMessageId: '<one@mailer.example>',
  networkMessageId: null,
  sender: 'billing@fabrikam.example',
  subject: 'Invoice overdue',
  receivedAt: null,
  identified: [],
};
const MESSAGE: FoundMessage = {
  ...{ message: 'm', internetMessageId: '<one@mailer.example>', sender: 'billing@fabrikam.example' },
  ...{ subject: 'Invoice overdue', receivedAt: '2026-11-20T08:00:00Z', networkMessageId: null },
  ...{ isDraft: false, inSentItems: false, folderId: 'inbox', isRead: false, flag: 'notFlagged', categories: [] },
};

const inMailbox = (name: string, change: Partial<FoundMessage> = {}): Found => ({
  mailbox: { id: name, address: `${name}@contoso.example` },
  message: { ...MESSAGE, message: `of ${name}`, ...change },
});
const seen = (found: readonly Found[], { key = KEY, takenIn = [] as readonly string[] } = {}) => {
  const { copies, unsure, others } = recognise(hash, key, found, takenIn);
  return {
    copies: copies.map(({ mailbox }) => mailbox.id),
    groups: unsure.map(({ addresses }) => addresses.map((address) => address.split('@')[0])),
    unsure,
    others: others.map(({ mailbox, why }) => [mailbox.id, why]),
  };
};
const LOOK_ALIKE = { subject: 'Minutes of Monday' };

describe('what was found', () => {
  it('is the mail, may be it, or is another, and of that it is said why', () => {
    const found = [
      inMailbox('ann'),
      inMailbox('bob', LOOK_ALIKE),
      inMailbox('cas', { internetMessageId: null, sender: null, ...LOOK_ALIKE }),
      inMailbox('dee', { isDraft: true }),
      inMailbox('eve', { inSentItems: true }),
    ];
    expect(seen(found)).toMatchObject({
      copies: ['ann'],
      groups: [['bob']],
      others: [
        ['cas', 'another mail'],
        ['dee', 'a draft'],
        ['eve', 'the sender’s own copy in Sent Items'],
      ],
    });
    expect(recognise(hash, KEY, [inMailbox('ann')], []).copies).toEqual([inMailbox('ann')]);
  });

  it('is a copy where people took its group in, and stays unsure in every other group', () => {
    const found = [inMailbox('ann', LOOK_ALIKE), inMailbox('bob', { sender: 'it@fabrikam.example' })];
    const [first] = seen(found).unsure;
    expect(seen(found, { takenIn: [first?.key ?? ''] })).toMatchObject({ copies: ['ann'], groups: [['bob']] });
  });
});

describe('the same headers', () => {
  const late = { receivedAt: '2026-11-23T08:00:01Z' };

  it('that came twice, days apart, are for people to tell apart', () => {
    const found = [inMailbox('ann'), inMailbox('bob', late)];
    expect(seen(found)).toMatchObject({ copies: [], groups: [['ann'], ['bob']] });
    expect(seen(found).unsure.map(({ differences }) => differences)).toEqual([['time'], ['time']]);
  });

  it('that came three times are no less so', () => {
    const found = [inMailbox('ann'), inMailbox('bob', late), inMailbox('cas', { receivedAt: '2026-11-27T08:00:00Z' })];
    expect(seen(found)).toMatchObject({ copies: [], groups: [['ann'], ['bob'], ['cas']] });
  });

  it('leave alone what its network id identifies, and what differs already', () => {
    const key = { ...KEY, identified: [NET] };
    const found = [
      inMailbox('ann'),
      inMailbox('bob', late),
      inMailbox('cas', { ...late, networkMessageId: NET }),
      inMailbox('dee', { ...late, ...LOOK_ALIKE }),
    ];
    expect(seen(found, { key })).toMatchObject({ copies: ['cas'], groups: [['ann'], ['bob'], ['dee']] });
    expect(seen(found, { key }).unsure[2]?.differences).toEqual(['subject']);
  });

  it('of mails that differ in part say nothing of when the mail came', () => {
    const found = [
      inMailbox('ann'),
      inMailbox('bob', { ...late, ...LOOK_ALIKE }),
      inMailbox('cas', { ...late, isDraft: true }),
    ];
    expect(seen(found).copies).toEqual(['ann']);
  });
});

describe('a copy that agrees in all its headers', () => {
  const directoryName = '/O=EXCHANGELABS/CN=BILLING';
  const anchor = inMailbox('ann', { networkMessageId: NET.toUpperCase() });

  it('shows the network id by which others are known whose sender is written in another form', () => {
    const found = [anchor, inMailbox('bob', { networkMessageId: NET, sender: directoryName })];
    expect(seen(found)).toMatchObject({ copies: ['ann', 'bob'], groups: [] });
  });

  it('shows none where it has none, or where the mail is identified already', () => {
    const bob = inMailbox('bob', { networkMessageId: NET, sender: directoryName });
    expect(seen([inMailbox('ann'), bob])).toMatchObject({ copies: ['ann'], groups: [['bob']] });
    const key = { ...KEY, identified: [OTHER_NET] };
    expect(seen([anchor, bob], { key })).toMatchObject({ copies: [], groups: [['ann'], ['bob']] });
  });

  it('makes nothing less: what agrees in all its headers under another network id is a copy still', () => {
    const found = [anchor, inMailbox('bob', { networkMessageId: OTHER_NET }), inMailbox('cas', LOOK_ALIKE)];
    expect(seen(found)).toMatchObject({ copies: ['ann', 'bob'], groups: [['cas']] });
    expect(seen(found).unsure[0]?.differences).toEqual(['subject']);
  });

  it('is the only one that shows an id: one that only may be the mail does not', () => {
    const found = [
      inMailbox('ann', { networkMessageId: NET, sender: directoryName }),
      inMailbox('bob', { networkMessageId: NET, ...LOOK_ALIKE }),
    ];
    expect(seen(found).copies).toEqual([]);
  });
});

describe('a group', () => {
  const alike = (change: Partial<FoundMessage>, other: Partial<FoundMessage> = {}, key = KEY) =>
    seen([inMailbox('bob', { ...LOOK_ALIKE, ...change }), inMailbox('ann', { ...LOOK_ALIKE, ...other })], { key })
      .groups;

  it('holds what differs in the same points, bears the same values and came on one day', () => {
    expect(alike({ receivedAt: '2026-11-20T23:00:00Z' })).toEqual([['ann', 'bob']]);
    expect(alike({ sender: 'BILLING@fabrikam.example' })).toEqual([['ann', 'bob']]);
    expect(alike({ sender: null }, { sender: null })).toEqual([['ann', 'bob']]);
  });

  it.each<[string, Partial<FoundMessage>]>([
    ['of another sender', { sender: 'it@fabrikam.example' }],
    ['of none', { sender: null }],
    ['of another subject', { subject: 'Minutes of Friday' }],
    ['of another id', { internetMessageId: '<two@mailer.example>' }],
    ['of another day', { receivedAt: '2026-11-21T00:00:00Z' }],
    ['of no known day', { receivedAt: null }],
  ])('does not hold one %s', (_what, change) => {
    expect(alike(change)).toHaveLength(2);
  });

  it('tells deliveries apart only where that is in what they differ', () => {
    const nets = [
      { networkMessageId: OTHER_NET },
      { networkMessageId: 'cccccccc-0000-4000-8000-000000000003' },
    ] as const;
    expect(alike(...nets)).toEqual([['ann', 'bob']]);
    expect(alike(...nets, { ...KEY, identified: [NET] })).toEqual([['bob'], ['ann']]);
    const upper = { networkMessageId: OTHER_NET.toUpperCase() };
    expect(alike(nets[0], upper, { ...KEY, identified: [NET] })).toEqual([['ann', 'bob']]);
  });

  it('says what all of it is, from the first to the last, by an id of sixteen characters', () => {
    const found = [
      inMailbox('bob', { ...LOOK_ALIKE, receivedAt: '2026-11-20T09:00:00Z', sender: 'a\ud800@x.example' }),
      inMailbox('ann', { ...LOOK_ALIKE, receivedAt: '2026-11-20T07:00:00Z', sender: 'a\ud800@x.example' }),
      inMailbox('cas', { ...LOOK_ALIKE, receivedAt: '2026-11-20T08:00:00Z', sender: 'a\ud800@x.example' }),
    ];
    expect(seen(found).unsure).toEqual([
      {
        key: expect.stringMatching(/^[0-9a-f]{16}$/),
        differences: ['sender', 'subject'],
        sender: 'a\ufffd@x.example',
        subject: 'Minutes of Monday',
        from: '2026-11-20T07:00:00Z',
        until: '2026-11-20T09:00:00Z',
        addresses: ['ann@contoso.example', 'bob@contoso.example', 'cas@contoso.example'],
      },
    ]);
  });
});
