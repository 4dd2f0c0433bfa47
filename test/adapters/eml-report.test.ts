import { describe, expect, it } from 'vitest';
import { askersOf, TakenAlert } from '../../src/core/find/alert.ts';
import { failure, mail, read, readReport } from '../support/mails.ts';
import { outlookFile } from '../support/outlook-files.ts';
import { SOURCE } from '../support/source.ts';

/** Emma reports a mail: hers has the phishing mail attached, and only that one is meant. */

const REPORT = {
  From: 'Emma Jones <emma@contoso.example>',
  To: 'phishing-reports@contoso.example',
  Subject: '[Phish report] Your mailbox is full',
  'Message-ID': '<report-9@contoso.example>',
  'MIME-Version': '1.0',
  'Content-Type': 'multipart/mixed; boundary="b1"',
};
const PHISH = mail(
  {
    From: 'Desk <desk@phish.example>',
    To: 'emma@contoso.example',
    Subject: 'Your mailbox is full',
    'Message-ID': '<phish-1@phish.example>',
  },
  'Sign in at https://login.phish.example/a',
);
const INTERNAL = 'X-MS-Exchange-Organization-AuthAs: Internal';

function part(headers: string, content: Buffer | string): string {
  return `--b1\r\n${headers}\r\n\r\n${content.toString('latin1')}\r\n`;
}
const base64 = (content: Buffer) => content.toString('base64').replace(/.{76}/g, '$&\r\n');
const body = (...parts: string[]) => `--b1\r\nContent-Type: text/plain\r\n\r\nReported.\r\n${parts.join('')}--b1--`;
const report = (parts: string, top: readonly string[] = [], change: Record<string, string | null> = {}) =>
  mail({ ...REPORT, ...change }, parts, top);
const rfc822 = part('Content-Type: message/rfc822', PHISH);

const WAYS: readonly [string, Buffer][] = [
  ['inline', report(body(rfc822))],
  ['inline, and so called', report(body(part('Content-Type: message/rfc822\r\nContent-Disposition: inline', PHISH)))],
  [
    'as an attachment',
    report(body(part('Content-Type: message/rfc822; name="a.eml"\r\nContent-Disposition: attachment', PHISH))),
  ],
  ['in base64', report(body(part('Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64', base64(PHISH))))],
  [
    'as a file of any kind',
    report(
      body(
        part(
          'Content-Type: application/octet-stream; name="phish.EML"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment',
          base64(PHISH),
        ),
      ),
    ),
  ],
  [
    'as an Outlook file',
    report(
      body(
        part(
          'Content-Type: application/vnd.ms-outlook; name="phish.msg"\r\nContent-Transfer-Encoding: base64',
          base64(
            outlookFile({
              subject: 'Your mailbox is full',
              body: 'Sign in at https://login.phish.example/a',
              headers: 'From: Desk <desk@phish.example>\r\nMessage-ID: <phish-1@phish.example>\r\n',
            }),
          ),
        ),
      ),
    ),
  ],
  [
    'in parts of parts',
    report(body(part('Content-Type: multipart/mixed; boundary=b2', `--b2\r\n${rfc822.slice(6)}--b2--`))),
  ],
  [
    'in a digest',
    report(
      body(part('Content-Type: multipart/digest; boundary=b2', `--b2\r\n\r\n${PHISH.toString('latin1')}\r\n--b2--`)),
    ),
  ],
  [
    'in a report of abuse',
    report(body(rfc822), [], { 'Content-Type': 'multipart/report; report-type=feedback-report; boundary="b1"' }),
  ],
  [
    'in an Outlook file of the report',
    outlookFile({
      subject: REPORT.Subject,
      senderSmtp: 'emma@contoso.example',
      inner: [
        {
          subject: 'Your mailbox is full',
          body: 'Sign in at https://login.phish.example/a',
          senderSmtp: 'desk@phish.example',
          messageId: '<phish-1@phish.example>',
        },
      ],
    }),
  ],
  [
    'as a file in an Outlook file of the report',
    outlookFile({
      subject: REPORT.Subject,
      senderSmtp: 'emma@contoso.example',
      files: [{ name: 'a.eml', content: PHISH }],
    }),
  ],
];

describe('a report is not the reported mail', () => {
  it.each(WAYS)('read as a report, the mail inside is meant: %s', async (_name, bytes) => {
    const { message, reporter } = await readReport(bytes);
    expect([message.internetMessageId, message.sender, message.subject, message.urls, reporter?.address]).toEqual([
      '<phish-1@phish.example>',
      'desk@phish.example',
      'Your mailbox is full',
      ['https://login.phish.example/a'],
      'emma@contoso.example',
    ]);
  });

  it.each(WAYS)('read as a mail it is itself, and names the mail inside and the option: %s', async (_name, bytes) => {
    const { message, findings, reporter } = await read(bytes);
    expect([message.subject, message.urls, reporter, findings.join()]).toEqual([
      REPORT.Subject,
      [],
      null,
      expect.stringMatching(/“Your mailbox is full” from desk@phish\.example.*--as report/),
    ]);
  });

  it('the mailbox of whoever reported it is a place to look', async () => {
    expect((await readReport(report(body(rfc822), [], { From: 'omar@contoso.example' }))).recipients).toEqual([
      'omar@contoso.example',
      'emma@contoso.example',
    ]);
  });

  it('a mail attached to the reported mail is named, and is not the incident', async () => {
    const inside = {
      ...REPORT,
      Subject: 'FW',
      'Message-ID': '<fw-1@contoso.example>',
      'Content-Type': 'multipart/mixed; boundary=b3',
    };
    const wrapped = mail(inside, body(rfc822).replaceAll('b1', 'b3'));
    const { message, findings } = await readReport(report(body(part('Content-Type: message/rfc822', wrapped))));
    expect([message.internetMessageId, findings.join()]).toEqual([
      '<fw-1@contoso.example>',
      expect.stringContaining('desk@phish.example'),
    ]);
  });
});

describe('who has reported it is believed only when proven', () => {
  const reporterOf = async (top: readonly string[], from = 'emma@contoso.example') => {
    const alert = await readReport(report(body(rfc822), top, { From: from }));
    return {
      reporter: alert.reporter,
      disqualified: askersOf([], TakenAlert.parse({ ...alert, from: SOURCE })).length,
      said: alert.findings.join(),
    };
  };

  it.each([
    ['by Exchange', [INTERNAL]],
    ['by the last server', ['Authentication-Results: mx; dkim=pass; dmarc=pass header.from=contoso.example']],
    [
      'by the last server, with comments and folds',
      [
        'Authentication-Results: mx (host (a; b)) 1;\r\n spf=fail (dmarc=fail) smtp.mailfrom="a; b"@x.example;' +
          '\r\n dmarc/1 (as it is) = pass (p=none dis=none) header.from = contoso.example',
      ],
    ],
    [
      'by Exchange for what came from elsewhere',
      [
        'Authentication-Results: spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=x.example; dmarc=pass action=none header.from=CONTOSO.example;compauth=pass reason=100',
      ],
    ],
  ])('%s', async (_name, top) => {
    expect(await reporterOf(top)).toEqual({
      reporter: { entraId: null, address: 'emma@contoso.example' },
      disqualified: 1,
      said: '',
    });
  });

  it.each([
    ['nothing', []],
    ['a failed check', ['Authentication-Results: mx; dmarc=fail header.from=contoso.example']],
    ['a check of another domain', ['Authentication-Results: mx; dmarc=pass header.from=phish.example']],
    ...[
      'mx; spf=fail (was dmarc=pass ) ; dmarc=fail header.from=contoso.example',
      'mx; spf=fail (a (b) dmarc=pass; ) dmarc=pass; header.from=contoso.example',
      'mx; spf=fail smtp.mailfrom="; dmarc=pass header.from=contoso.example;"@x.example',
      'mx; spf=fail smtp.mailfrom="\\"; dmarc=pass header.from=contoso.example;"@x.example',
      'mx; spf=fail smtp.mailfrom=x dmarc=pass header.from=contoso.example',
      'mx; dmarc=pass; spf=fail header.from=contoso.example',
      'mx; dmarc=pass header.from=contoso.example; dmarc=fail header.from=contoso.example',
      'mx; dmarc=pass header.from=phish.example header.from=contoso.example',
      'mx; dmarc=passed header.from=contoso.example',
      'mx; (dmarc=pass header.from=contoso.example',
      `mx; dmarc=pass header.from=contoso.example; x=${'= '.repeat(10_000)}`,
    ].map((results): [string, string[]] => [results, [`Authentication-Results: ${results}`]]),
    ['an anonymous delivery', ['X-MS-Exchange-Organization-AuthAs: Anonymous']],
    [
      'a check that stands below the one of the last server',
      [
        'Authentication-Results: mx; dmarc=none header.from=contoso.example',
        'Authentication-Results: mx; dmarc=pass header.from=contoso.example',
      ],
    ],
  ])('%s proves nothing, so it takes no vote away and is said', async (_name, top) => {
    expect(await reporterOf(top)).toEqual({
      reporter: { entraId: null, address: 'emma@contoso.example', unproven: true },
      disqualified: 0,
      said: expect.stringContaining('Nothing proves'),
    });
  });

  it('and nobody where the sender cannot be read', async () => {
    expect(await reporterOf([INTERNAL], '"Emma"')).toEqual({
      reporter: null,
      disqualified: 0,
      said: expect.stringContaining('Nobody can tell'),
    });
  });
});

describe('what is no report', () => {
  const delivery = part('Content-Type: message/delivery-status', 'Final-Recipient: rfc822; x@contoso.example');

  it.each<[string, Buffer, RegExp]>([
    ['a mail without another', mail(), /no mail is attached/],
    ['two mails', report(body(rfc822, rfc822)), /2 mails are attached/],
    [
      'a file that only calls itself a mail',
      report(body(part('Content-Type: message/rfc822', 'x'))),
      /no mail is attached/,
    ],
    [
      'a bounce',
      report(body(delivery, rfc822), [], {
        'Content-Type': 'multipart/report; report-type=delivery-status; boundary="b1"',
      }),
      /bounce/,
    ],
    ['a bounce that does not say so', report(body(delivery, rfc822)), /bounce/],
    [
      'a bounce of an old server',
      report(body(rfc822), ['Return-Path: <>'], { From: 'Mail Delivery System <MAILER-DAEMON@contoso.example>' }),
      /bounce/,
    ],
    [
      'a bounce of an old server, saved without its way',
      report(body(rfc822), [], { From: 'Mail Delivery System <MAILER-DAEMON@contoso.example>' }),
      /bounce/,
    ],
    [
      'a bounce of Exchange',
      report(body(rfc822), [], { From: 'MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@contoso.example' }),
      /bounce/,
    ],
    [
      'an answer of a machine to nobody',
      report(body(rfc822), ['Return-Path: < >', 'Auto-Submitted: auto-replied'], { From: 'mta@contoso.example' }),
      /bounce/,
    ],
    [
      'a receipt of Outlook',
      outlookFile({ subject: 'x', messageClass: 'REPORT.IPM.Note.NDR', inner: [{ subject: 'y' }] }),
      /bounce/,
    ],
  ])('%s is refused with a reason', async (_name, bytes, reason) => {
    await expect(readReport(bytes)).rejects.toThrow(reason);
    expect(await failure(readReport(bytes))).toEqual({ code: 'invalid', field: 'file' });
  });

  it('a bounce is read as itself, without the option', async () => {
    const bounce = report(body(delivery, rfc822), [], { From: 'MAILER-DAEMON@contoso.example' });
    const { findings, attachments } = { ...(await read(bounce)), ...(await read(bounce)).message };
    expect([findings.join(), attachments]).toEqual([expect.not.stringContaining('--as report'), ['(no name)']]);
  });

  it.each([
    [['Return-Path: <>']],
    [['Return-Path: <>', 'Auto-Submitted: no']],
    [['Return-Path: <emma@contoso.example>', 'Auto-Submitted: auto-generated']],
  ])('a person’s report with %j is no bounce', async (top) => {
    expect((await readReport(report(body(rfc822), top))).message.subject).toBe('Your mailbox is full');
  });
});
