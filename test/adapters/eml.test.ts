import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertFromEml } from '../../src/adapters/eml/alert.ts';
import { ClawbackError } from '../../src/core/error.ts';
import { Alert, TakenAlert } from '../../src/core/find/alert.ts';
import { CardView } from '../../src/core/tell/card.ts';
import { present } from '../../src/core/tell/present.ts';
import { factsOf, incidentOf } from '../support/cases.ts';
import { failure, mail, OPTIONS, read, utf8 } from '../support/mails.ts';

describe('the sender of a mail', () => {
  it.each([
    ['plain', 'billing@fabrikam.example', 'billing@fabrikam.example'],
    [
      'with an unquoted comma in its name',
      'Fabrikam account team ,_<no-reply@fabrikam.example>',
      'no-reply@fabrikam.example',
    ],
    ['in a comment', 'Fabrikam (<billing@fabrikam.example>)', 'billing@fabrikam.example'],
    ['after an empty group', 'Fabrikam:;, <billing@fabrikam.example>', 'billing@fabrikam.example'],
    ['inside a group', 'Fabrikam: billing@fabrikam.example;', 'billing@fabrikam.example'],
    [
      'in an encoded name with a comma',
      '=?utf-8?Q?Billing=2C_Fabrikam?= <billing@fabrikam.example>',
      'billing@fabrikam.example',
    ],
    ['folded over two lines', 'Fabrikam\r\n <billing@fabrikam.example>', 'billing@fabrikam.example'],
    ['an empty pair of brackets', '"Fabrikam" <>', null],
    ['without an @', 'Fabrikam Billing', null],
    ['nothing', '', null],
    ['absent', null, null],
  ])('%s', async (_name, header, sender) => {
    expect((await read(mail({ From: header }))).message.sender).toBe(sender);
  });

  it.each([['"Fabrikam" <>'], [''], [null]])('that cannot be read (%j) is said', async (header) => {
    expect((await read(mail({ From: header }))).findings.join()).toMatch(/From header/);
  });

  it('of a mail with several senders is said to be one of several', async () => {
    expect((await read(mail({ From: 'a@fabrikam.example, b@contoso.example' }))).findings.join()).toContain(
      'several senders',
    );
  });

  it('in a second From header is said to be one of several, or the first one counts', async () => {
    const alert = await read(mail({}, 'x', ['From: other@contoso.example']));
    const several = alert.findings.join().includes('several senders');
    expect(several || alert.message.sender === 'other@contoso.example').toBe(true);
  });

  it('may hold what would be a path: whoever builds one encodes it', async () => {
    const sender = 'alice@contoso.example/messages/AAMk';
    expect((await read(mail({ From: `<${sender}>` }))).message.sender).toBe(sender);
  });
});

describe('the key of a mail', () => {
  it('is its Message-ID, as it stands', async () => {
    expect((await read(mail())).message.internetMessageId).toBe('<one@mailer.example>');
  });

  it('may stand on a line of its own', async () => {
    expect((await read(mail({ 'Message-ID': '\r\n <one@mailer.example>' }))).message.internetMessageId).toBe(
      '<one@mailer.example>',
    );
  });

  it.each([
    ['missing', null],
    ['empty', ''],
    ['a word that is no id', 'unknown'],
    ['two in one', '<one@mailer.example> <two@mailer.example>'],
    ['broken over two lines', '<one@\r\n mailer.example>'],
    ['with blanks', "<x' or 1 eq 1>"],
    ['with letters in UTF-8', utf8('<é@mailer.example>')],
    ['with letters in Latin-1', '<é@mailer.example>'],
    ['a thousand characters long', `<${'x'.repeat(1_000)}@mailer.example>`],
  ])('is never guessed: %s', async (_name, header) => {
    const alert = await read(mail({ 'Message-ID': header }));
    expect([alert.message.internetMessageId, alert.findings.join().includes('Message-ID')]).toEqual([null, true]);
  });

  it.each([
    ['without brackets', 'one@mailer.example'],
    ['with the next header glued on', '<one@mailer.example> X-IncomingHeader'],
    ['with a comment', '<one@mailer.example> (added by postmaster@fabrikam.example)'],
    ['twice without brackets', 'one@mailer.example one@mailer.example'],
    ['with a blank before its bracket', '<one@mailer.example >'],
    ['twice', '<one@mailer.example>\r\nMessage-ID: <one@mailer.example>'],
  ])('is mended where it is unambiguous: %s', async (_name, header) => {
    expect((await read(mail({ 'Message-ID': header }))).message.internetMessageId).toBe('<one@mailer.example>');
  });

  it('that is missing keeps mailboxes from being searched only where no other id is known', async () => {
    const said = async (header: string | null) => {
      const bytes = mail({ 'Message-ID': null, 'X-MS-Exchange-Organization-Network-Message-Id': header });
      return (await read(bytes)).findings.join();
    };
    expect([await said(null), await said('33333333-0000-4000-8000-000000000001')]).toEqual([
      'The mail has no Message-ID: mailboxes cannot be searched for it.',
      'The mail has no Message-ID.',
    ]);
  });

  it('is not taken when there are two', async () => {
    expect((await read(mail({}, 'x', ['Message-Id: <two@mailer.example>']))).message.internetMessageId).toBeNull();
  });

  it('is not taken from the body', async () => {
    expect(
      (await read(mail({ 'Message-ID': null }, 'Message-ID: <body@mailer.example>'))).message.internetMessageId,
    ).toBeNull();
  });

  it('is not taken from a mail inside the mail', async () => {
    const inner = `--b\r\nContent-Type: message/rfc822\r\n\r\n${mail({ 'Message-ID': '<inner@mailer.example>' }).toString('latin1')}\r\n--b--`;
    const outer = mail(
      { 'Message-ID': null, 'Content-Type': 'multipart/mixed; boundary=b', 'MIME-Version': '1.0' },
      inner,
    );
    expect((await read(outer)).message.internetMessageId).toBeNull();
  });

  it.each([
    ['33333333-0000-4000-8000-000000000001', '33333333-0000-4000-8000-000000000001'],
    ['not an id', null],
  ])('of Exchange (%s) is %s', async (header, id) => {
    expect(
      (await read(mail({ 'X-MS-Exchange-Organization-Network-Message-Id': header }))).message.networkMessageId,
    ).toBe(id);
  });
});

describe('a strange mail is still an alert', () => {
  const deep = (depth: number) => {
    let body = 'Content-Type: text/plain\r\n\r\nx';
    for (let n = 0; n < depth; n += 1)
      body = `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n${body}\r\n--b${n}--\r\n`;
    return Buffer.from(`From: a@fabrikam.example\r\n${body}`, 'latin1');
  };
  const strange: readonly [string, Buffer][] = [
    ['with an impossible date', mail({ Date: 'Invalid, 99 Foo 2026' })],
    [
      'with bytes of no charset',
      mail({ Subject: '\xff\xfe\x80\x00\xc0', From: '\x80\x81 <a@fabrikam.example>' }, '\xff\x00\x80'),
    ],
    ['with an unknown charset', mail({ Subject: '=?x-none?B?////?= =?utf-16?B?2AA=?=' })],
    ['with half a character in its subject', mail({ Subject: '=?utf-16be?B?2AAAYQ==?=' })],
    ['with half a character in UTF-8', mail({ Subject: '=?utf-8?Q?=ED=A0=80x?=' })],
    ['with a subject of a megabyte', mail({ Subject: 'x'.repeat(1_000_000) })],
    [
      'with ten thousand recipients',
      mail({ To: Array.from({ length: 10_000 }, (_none, n) => `u${n}@contoso.example`).join(', ') }),
    ],
    ['with five hundred parts in each other', deep(500)],
    [
      'with a part that never ends',
      mail({ 'Content-Type': 'multipart/mixed; boundary=b' }, '--b\r\nContent-Type: text/html\r\n\r\n<a href="'),
    ],
    ['with broken base64', mail({ 'Content-Transfer-Encoding': 'base64' }, '%%%not base64%%%')],
    [
      'with ten thousand links',
      mail({}, Array.from({ length: 10_000 }, (_none, n) => `https://e${n}.example/`).join(' ')),
    ],
    ['with a link of a megabyte', mail({}, `https://e.example/${'x'.repeat(1_000_000)}`)],
    ['with nothing but a sender', Buffer.from('From: a@fabrikam.example')],
    ['with Unix line ends', Buffer.from(mail().toString('latin1').replaceAll('\r\n', '\n'), 'latin1')],
    [
      'with headers named like the inside of a language',
      mail({}, 'x', ['__proto__: x', 'constructor: y', 'toString: z']),
    ],
  ];

  it.each(strange)('%s', async (_name, bytes) => {
    const alert = await read(bytes);
    expect([Alert.safeParse(alert).success, JSON.parse(JSON.stringify(alert))]).toEqual([true, alert]);
  });

  it.each(strange)('%s: and fits on a card', async (_name, bytes) => {
    const view = present(
      factsOf('open', { incident: incidentOf('open', { alert: TakenAlert.parse(await read(bytes)) }) }),
    );
    expect(CardView.safeParse(view).error).toBeUndefined();
  });

  it('any bytes after a usual header are read or refused in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (noise) => {
        const alert = await read(Buffer.concat([Buffer.from('Subject: '), noise])).catch((error: unknown) => {
          if (error instanceof ClawbackError && error.code === 'invalid') return null;
          throw error;
        });
        expect(alert === null || Alert.safeParse(alert).success).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('the same bytes give the same alert', async () => {
    expect(await read(mail())).toEqual(await read(mail()));
  });

  it('recipients come from the envelope, the headers and the command, each once', async () => {
    const alert = await read(
      mail({ Cc: 'ANN@contoso.example, Team: bob@contoso.example;', 'Delivered-To': '<cas@contoso.example>' }),
      ['dan@contoso.example'],
    );
    expect(alert.recipients.map((address) => address.toLowerCase()).sort()).toEqual(
      ['ann', 'bob', 'cas', 'dan'].map((name) => `${name}@contoso.example`),
    );
  });

  it('the time that it claims is not when it was received', async () => {
    expect((await read(mail())).message.receivedAt).toBeNull();
  });

  it('says that answers would go elsewhere', async () => {
    expect((await read(mail({ 'Reply-To': 'thief@evil.example' }))).findings.join()).toContain('another address');
  });
});

describe('what is no mail', () => {
  it.each([
    ['an empty file', Buffer.alloc(0)],
    ['an Outlook .msg', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(4_096, 1)])],
    ['an archive', Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(512, 7)])],
    ['a text', Buffer.from('Dear colleague: this is a note.\n\nFrom: nobody')],
    ['zeros', Buffer.alloc(4_096)],
    ['a file of 31 megabytes', Buffer.alloc(31 * 1024 * 1024, 65)],
  ])('%s is refused, naming the file', async (_name, bytes) => {
    expect(await failure(read(bytes))).toEqual({ code: 'invalid', field: 'file' });
  });

  it('a verdict that does not exist is refused by its name', async () => {
    expect(await failure(alertFromEml(mail(), { ...OPTIONS, verdict: 'clean' }))).toEqual({
      code: 'invalid',
      field: 'verdict',
    });
  });
});

describe('letters of no named encoding', () => {
  it('are read as Windows-1252 and told', async () => {
    const raw = mail({ Subject: 'Rechnung \xfcberf\xe4llig \x80 5', From: 'M\xfcller <billing@fabrikam.example>' });
    const { message, findings } = await read(raw);
    expect([message.subject, message.senderName, findings.join()]).toEqual([
      'Rechnung überfällig € 5',
      'Müller',
      expect.stringContaining('Windows-1252'),
    ]);
  });

  it('are read as UTF-8 where they are, beside a header that is not', async () => {
    const raw = mail({ Subject: utf8('Rechnung überfällig'), From: 'M\xfcller <billing@fabrikam.example>' });
    expect((await read(raw)).message).toMatchObject({ subject: 'Rechnung überfällig', senderName: 'Müller' });
  });

  it('that are UTF-8 are nothing to tell', async () => {
    expect((await read(mail({ Subject: utf8('Rechnung überfällig') }))).findings).toEqual([]);
  });
});

describe('a mail that its parser gives up on', () => {
  const parts = `${'--b\r\nContent-Type: text/plain\r\n\r\nhttps://x.example/\r\n'.repeat(1_100)}--b--`;
  const people = Array.from({ length: 20_000 }, (_none, n) => `u${n}@contoso.example`);

  it('because of its parts is read by its headers', async () => {
    const bytes = mail({ Subject: '=?utf-8?Q?Zahlung_=C3=BC?=', 'Content-Type': 'multipart/mixed; boundary=b' }, parts);
    const { message, recipients, findings } = await read(bytes);
    expect([message, recipients, findings.join()]).toEqual([
      expect.objectContaining({
        internetMessageId: '<one@mailer.example>',
        sender: 'billing@fabrikam.example',
        senderName: 'Fabrikam Billing',
        subject: 'Zahlung ü',
        urls: [],
      }),
      ['ann@contoso.example'],
      expect.stringContaining('were not read'),
    ]);
  });

  it('because of its recipients has all of them', async () => {
    const { message, recipients } = await read(mail({ To: people.join(', ') }));
    expect([message.sender, recipients.length]).toEqual(['billing@fabrikam.example', 20_000]);
  });

  it('because of its senders has the first one and its subject', async () => {
    const { message } = await read(mail({ From: people.join(', ') }));
    expect([message.sender, message.subject]).toEqual(['u0@contoso.example', 'Invoice overdue']);
  });
});
