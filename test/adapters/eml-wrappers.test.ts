import { describe, expect, it } from 'vitest';
import { mail, read } from '../support/mails.ts';

/** What a program adds when it saves a mail must not change the mail. */

const BOM = Buffer.from('\ufeff');
const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const TEXT = mail().toString('latin1');
const PLIST =
  '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "x">\n<plist version="1.0"></plist>\n';
const ENVELOPE = 'From billing@fabrikam.example Fri Nov 20 07:59:00 2026';

describe('the same mail', () => {
  it.each<[string, Buffer]>([
    ['with a mark of UTF-8', Buffer.concat([BOM, mail()])],
    ['in UTF-16', utf16(`\ufeff${TEXT}`)],
    ['in UTF-16 without a mark', utf16(TEXT)],
    ['in UTF-16 of the other order', utf16(`\ufeff${TEXT}`).swap16()],
    ['in UTF-16 of the other order without a mark', utf16(TEXT).swap16()],
    ['in UTF-16 that ends in the middle of a letter', Buffer.concat([utf16(TEXT), Buffer.of(0x20)])],
    ['after blank lines', Buffer.concat([Buffer.from('\r\n \t\r\n\n'), mail()])],
    ['after a mark and blank lines', Buffer.concat([BOM, Buffer.from('\r\n'), mail()])],
    ['with a mark after blank lines', Buffer.concat([Buffer.from('\r\n \n'), BOM, mail()])],
    ['with two marks', Buffer.concat([BOM, BOM, mail()])],
    ['in UTF-16 with two marks', utf16(`\ufeff\ufeff${TEXT}`)],
    ['from an mbox with a mark inside', Buffer.concat([Buffer.from(`${ENVELOPE}\r\n`), BOM, mail()])],
    ['from Apple Mail with a mark inside', Buffer.concat([Buffer.from(`${mail().length + 3}\n`), BOM, mail()])],
    ['from an mbox', Buffer.concat([Buffer.from(`${ENVELOPE}\r\n`), mail()])],
    ['from an mbox with a mark', Buffer.concat([BOM, Buffer.from(`${ENVELOPE}\n`), mail()])],
    ['from Apple Mail', Buffer.concat([Buffer.from(`${mail().length}\n`), mail(), Buffer.from(PLIST)])],
    ['from Apple Mail, with other line ends', Buffer.from(`${mail().length}   \r\n${TEXT}\r\n${PLIST}`)],
    ['from Apple Mail, without its list', Buffer.concat([Buffer.from(`${mail().length}\n`), mail()])],
    ['with lines that end in LF', Buffer.from(TEXT.replaceAll('\r\n', '\n'), 'latin1')],
    ['with lines that end in CR', Buffer.from(TEXT.replaceAll('\r\n', '\r'), 'latin1')],
  ])('%s is the same alert', async (_name, bytes) => {
    const { id: _id, ...alert } = await read(bytes);
    const { id: _same, ...expected } = await read(mail());
    expect(alert).toEqual(expected);
  });

  it('of an mbox with several is the first one, and that is said', async () => {
    const other = mail({ 'Message-ID': '<two@mailer.example>' }, 'see https://two.example/');
    const box = Buffer.concat([`${ENVELOPE}\n`, mail(), `\n\n${ENVELOPE}\n`, other].map((part) => Buffer.from(part)));
    const { message, findings } = await read(box);
    expect([message.internetMessageId, message.urls, findings.join()]).toEqual([
      '<one@mailer.example>',
      [],
      expect.stringContaining('several mails'),
    ]);
  });

  it('is not taken for an mbox because of a line in its text', async () => {
    const { message } = await read(mail({}, `a\n\n${ENVELOPE}\nX: y\n\nhttps://two.example/`));
    expect(message.urls).toEqual(['https://two.example/']);
  });

  it('with a blank before a colon is read', async () => {
    const bytes = Buffer.from(TEXT.replace('From:', 'From :').replace('Message-ID:', 'Message-ID\t:'), 'latin1');
    const { sender, internetMessageId } = (await read(bytes)).message;
    expect([sender, internetMessageId]).toEqual(['billing@fabrikam.example', '<one@mailer.example>']);
  });

  it('with NULs in its names is read', async () => {
    expect((await read(mail({ From: 'De\u0000sk <desk@phish.example>' }))).message.sender).toBe('desk@phish.example');
  });
});

describe('a mail that was written to take long', () => {
  const MANY = 40_000;
  const digests = Array.from({ length: MANY }, (_none, n) => `multipart/digest; boundary=b${n}`).join('\r\n');

  it.each<[string, Buffer]>([
    ['an envelope of digits', Buffer.from(`${ENVELOPE}\n${TEXT}\n\nFrom x ${'1'.repeat(1_000_000)}\n`)],
    ['envelopes of digits', Buffer.from(`${ENVELOPE}\n${TEXT}${`\n\nFrom x ${'1'.repeat(30_000)}\n`.repeat(30)}`)],
    ['many digests', mail({}, `${digests}\r\n${'x'.repeat(2_500_000)}`)],
    ['a header of blanks', mail({}, 'Pay now', [`X-Long:${' '.repeat(900_000)}x`])],
    ['a sender of brackets', mail({ 'X-Long': 'x', From: `<billing@fabrikam.example>${'<"'.repeat(200_000)}` })],
    ['a name of signs', mail({ From: `"${'@'.repeat(1_000)}" <billing@fabrikam.example>` })],
  ])('is read all the same: %s', async (_name, bytes) => {
    expect((await read(bytes)).message.internetMessageId).toBe('<one@mailer.example>');
  });
});

describe('where a mail leads', () => {
  const links = async (html: string) =>
    (await read(mail({ 'Content-Type': 'text/html; charset=utf-8' }, html))).message.urls;

  it.each([
    ['in plain sight', '<a href="https://login.phish.example/a">x</a>'],
    ['behind entities', '<a href="&#104;ttps&#58;//login.phish.example/&#x61;">x</a>'],
    ['behind names of signs', '<a href="https&colon;&sol;&sol;login.phish.example/a">x</a>'],
    ['without its scheme', '<a href="//login.phish.example/a">x</a>'],
    ['with backslashes', '<a href=https:\\\\login.phish.example\\a>x</a>'],
    ['over two lines', '<a href="https://login.phi&#10;sh.example/a">x</a>'],
    ['in a form', "<form action='//login.phish.example/a'></form>"],
  ])('is seen %s', async (_name, html) => {
    expect(await links(html)).toEqual(['https://login.phish.example/a']);
  });

  it('is told as the browser would read it', async () => {
    expect(await links('<a href="https://x.example/?a=1&amp;b=2">x</a>')).toEqual(['https://x.example/?a=1&b=2']);
  });

  it('does not end at an encoded quote', async () => {
    expect(await links('<a href="https://x.example/?a=&#34;b">x</a>')).toEqual(['https://x.example/?a=%22b']);
  });

  it.each([
    ['160 links of 1,700 signs', 160, 1_700],
    ['5,000 links of 400 signs', 5_000, 400],
    ['300 links of 9,000 signs', 300, 9_000],
  ])('is told as far as an alert holds it: %s', async (_name, many, length) => {
    const body = Array.from({ length: many }, (_none, n) => `https://x.example/${n}/${'y'.repeat(length)}`).join(
      '\r\n',
    );
    const alert = await read(mail({}, body));
    const said = alert.findings.some((finding) => /left out|were cut/.test(finding));
    const whole = alert.message.urls.length === many && length < 4_000;
    expect([Buffer.byteLength(JSON.stringify(alert)) <= 1_048_576, said]).toEqual([true, !whole]);
  });
});
