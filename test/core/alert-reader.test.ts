import { describe, expect, it } from 'vitest';
import { Alert, LIMITS } from '../../src/core/find/alert.ts';
import type { ReadAlert } from '../../src/core/find/alert-reader.ts';
import { GOOD, GUID, KNOWN, MESSAGE, read, withField, withMessage } from '../support/detector-alerts.ts';

describe('an alert in order', () => {
  it('is taken as it is', () => {
    expect(read(GOOD)).toEqual({ alert: GOOD, unreadablePeople: false, leftOut: 0 });
  });

  it('may leave out everything but one thing to work with', () => {
    const { alert } = read({
      id: '1',
      source: 's',
      verdict: 'bec',
      detectedAt: GOOD.detectedAt,
      message: { subject: 'x' },
    });
    expect([alert.findings, alert.severity, alert.reporter]).toEqual([[], 'medium', null]);
  });

  it('may have as many findings as there is room for', () => {
    const findings = Array.from({ length: LIMITS.findings }, (_none, n) => `finding ${n}`);
    expect(withField({ findings }).alert.findings).toEqual(findings);
  });
});

describe('addresses with every character that the standards allow are good ones', () => {
  it.each([
    "mary.o'neil@contoso.example",
    'bounce/123=emma@phish.example',
    'a%b@phish.example',
    'notice@%parcel.example',
    'a?b#c@phish.example',
    "!#$%&'*+-/=?^_`{|}~@phish.example",
    '"a b"@phish.example',
    '"a\\"b@c"@phish.example',
    'büro@bücher.example',
    `${'x'.repeat(100)}@phish.example`,
    'x@[192.0.2.1]',
  ])('%s', (address) => {
    const { alert } = read({ ...GOOD, recipients: [address], message: { ...MESSAGE, sender: address } });
    expect([alert.recipients, alert.message.sender, alert.findings]).toEqual([[address], address, GOOD.findings]);
  });

  it.each([
    'emma',
    '@contoso.example',
    'emma@',
    'em ma@contoso.example',
    'a@b@contoso.example',
    'a<b@contoso.example',
    '"a"b@contoso.example',
    '"a@contoso.example',
    'a\u0000b@contoso.example',
    'a\ud800@contoso.example',
    'a\nb@contoso.example',
    `${'x'.repeat(320)}@contoso.example`,
    '',
    7,
    { address: 'emma@contoso.example' },
  ])('but not %j', (address) => {
    const { alert } = withField({ recipients: [address, 'omar@contoso.example'] });
    expect(alert.recipients).toEqual(['omar@contoso.example']);
  });
});

describe('one odd field never costs the alert', () => {
  /** What is changed, what the alert then holds at the path, and what the finding names. */
  it.each<[string, () => ReadAlert, (alert: Alert) => unknown, unknown, RegExp]>([
    ['a missing id', () => withField({ id: undefined }), (a) => a.id, 'delivery-1', /^id: is missing/],
    ['an id with U+0000', () => withField({ id: 'a\u0000b' }), (a) => a.id, 'delivery-1', /^id: cannot be used/],
    [
      'an id with half a character',
      () => withField({ id: '\ud800' }),
      (a) => a.id,
      'delivery-1',
      /^id: cannot be used/,
    ],
    [
      'an id that is too long',
      () => withField({ id: 'x'.repeat(201) }),
      (a) => a.id,
      'delivery-1',
      /^id: cannot be used/,
    ],
    ['a source with a line break', () => withField({ source: 'a\nb' }), (a) => a.source, 'unnamed', /^source: /],
    [
      'an unknown verdict',
      () => withField({ verdict: 'clean' }),
      (a) => a.verdict,
      'suspicious',
      /^verdict: is not known/,
    ],
    ['no verdict', () => withField({ verdict: null }), (a) => a.verdict, 'suspicious', /^verdict: is missing/],
    ['an unknown severity', () => withField({ severity: 'urgent' }), (a) => a.severity, 'medium', /^severity: /],
    [
      'a time that is none',
      () => withField({ detectedAt: 'yesterday' }),
      (a) => a.detectedAt,
      KNOWN.now,
      /^detectedAt: /,
    ],
    [
      'a time without its offset',
      () => withField({ detectedAt: '2026-11-20T08:00:00' }),
      (a) => a.detectedAt,
      KNOWN.now,
      /^detectedAt/,
    ],
    ['a confidence of 101', () => withField({ confidence: 101 }), (a) => a.confidence, null, /^confidence: /],
    ['a confidence in words', () => withField({ confidence: 'high' }), (a) => a.confidence, null, /^confidence: /],
    ['an unknown field', () => withField({ isApprover: true }), (a) => 'isApprover' in a, false, /isApprover/],
    [
      'an unknown field of the message',
      () => withMessage({ xyz: 1 }),
      (a) => 'xyz' in a.message,
      false,
      /^message: .*xyz/,
    ],
    [
      'recipients that are no list',
      () => withField({ recipients: 'emma@contoso.example' }),
      (a) => a.recipients,
      [],
      /^recipients: /,
    ],
    ['findings that are no list', () => withField({ findings: {} }), (a) => a.findings.length, 1, /^findings: /],
    [
      'a Message-ID that is none',
      () => withMessage({ internetMessageId: 'unknown' }),
      (a) => a.message.internetMessageId,
      null,
      /Message-ID/,
    ],
    [
      'a Message-ID that is a number',
      () => withMessage({ internetMessageId: 7 }),
      (a) => a.message.internetMessageId,
      null,
      /internetMessageId/,
    ],
    [
      'two Message-IDs',
      () => withMessage({ internetMessageId: '<a@x.example><b@x.example>' }),
      (a) => a.message.internetMessageId,
      null,
      /different ids/,
    ],
    [
      'a network id that is none',
      () => withMessage({ networkMessageId: 'x' }),
      (a) => a.message.networkMessageId,
      null,
      /networkMessageId/,
    ],
    [
      'a sender that is none',
      () => withMessage({ sender: 'nobody' }),
      (a) => a.message.sender,
      null,
      /^message sender: /,
    ],
    [
      'a time of receipt that is none',
      () => withMessage({ receivedAt: 7 }),
      (a) => a.message.receivedAt,
      null,
      /receivedAt/,
    ],
    [
      'a subject that is a list',
      () => withMessage({ subject: ['x'] }),
      (a) => a.message.subject,
      null,
      /^message subject: /,
    ],
    [
      'a name of 2,000 letters',
      () => withMessage({ senderName: 'x'.repeat(2_000) }),
      (a) => a.message.senderName?.length,
      1_000,
      /was cut/,
    ],
    [
      'a link of 9,000 letters',
      () => withMessage({ urls: ['y'.repeat(9_000), 'z'] }),
      (a) => a.message.urls.map((url) => url.length),
      [4_000, 1],
      /urls: 1 of 2 are too long/,
    ],
    [
      '6,000 links',
      () => withMessage({ urls: Array(6_000).fill('https://x.example') }),
      (a) => a.message.urls.length,
      5_000,
      /1000 were left out/,
    ],
    [
      '501 attachments',
      () => withMessage({ attachments: Array(501).fill('a.pdf') }),
      (a) => a.message.attachments.length,
      500,
      /attachments: .*1 were left out/,
    ],
    [
      'an attachment that is a list',
      () => withMessage({ attachments: [[], 'a.pdf'] }),
      (a) => a.message.attachments,
      ['a.pdf'],
      /attachments: 1 of 2/,
    ],
    [
      'a bad recipient',
      () => withField({ recipients: ['emma@contoso.example', 'nobody'] }),
      (a) => a.recipients,
      ['emma@contoso.example'],
      /^recipients: 1 of 2 .*: 1\)/,
    ],
  ])('%s', (_name, reading, at, value, finding) => {
    const { alert } = reading();
    expect([at(alert), alert.findings.some((text) => finding.test(text)), Alert.safeParse(alert).success]).toEqual([
      value,
      true,
      true,
    ]);
  });

  it('what is too long is cut, and that is said', () => {
    const { findings } = withField({ findings: ['x'.repeat(501), 'y'] }).alert;
    expect(findings).toEqual(['findings: 1 of 2 are too long and were cut', 'x'.repeat(500), 'y']);
  });

  it('a missing message is told where recipients are left to work with', () => {
    expect(withField({ message: undefined }).alert.findings).toEqual([
      'message: is missing or no object',
      ...GOOD.findings,
    ]);
  });

  it.each([
    ['an id with blanks around it', { networkMessageId: ` ${GUID} ` }],
    ['a sender in brackets', { sender: ' <desk@phish.example> ' }],
  ])('%s is taken without a word', (_name, change) => {
    expect(withMessage(change).alert).toEqual(GOOD);
  });

  it('an address is looked for in 1,000 characters, and in no more', () => {
    const sender = (length: number) =>
      withMessage({ sender: 'desk@phish.example'.padStart(length) }).alert.message.sender;
    expect([sender(1_000), sender(1_001)]).toEqual(['desk@phish.example', null]);
  });

  it.each([
    ['a Message-ID without brackets', { internetMessageId: 'm-1@phish.example' }],
    ['a Message-ID with a blank', { internetMessageId: '<m-1@phish.example >' }],
  ])('%s is mended', (_name, change) => {
    const { message, findings } = withMessage(change).alert;
    expect([message.internetMessageId, findings.join()]).toEqual([
      '<m-1@phish.example>',
      expect.stringContaining('Message-ID'),
    ]);
  });

  it('and whatever else is in it stays', () => {
    const { alert } = withField({ verdict: 'clean' });
    expect({ ...alert, verdict: 'phishing', findings: GOOD.findings }).toEqual(GOOD);
  });

  it('a recipient named twice is one', () => {
    const recipients = ['Emma@contoso.example', 'emma@CONTOSO.example', 'x@bücher.example', 'x@xn--bcher-kva.example'];
    expect(withField({ recipients }).alert.recipients).toEqual(['Emma@contoso.example', 'x@bücher.example']);
  });

  it('a number is an id', () => {
    expect(withField({ id: 12_345 }).alert.id).toBe('12345');
    expect(withField({ id: 1.5 }).alert.id).toBe(KNOWN.id);
  });

  it('neither capitals nor blanks hide a verdict', () => {
    expect(withField({ verdict: ' Phishing ' }).alert).toEqual(GOOD);
  });
});
