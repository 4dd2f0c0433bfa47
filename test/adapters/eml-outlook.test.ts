import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClawbackError } from '../../src/core/error.ts';
import { Alert } from '../../src/core/find/alert.ts';
import { failure, read } from '../support/mails.ts';
import { type OutlookMail, outlookFile } from '../support/outlook-files.ts';

const MAIL: OutlookMail = {
  subject: 'Invoice overdue',
  body: 'Pay at https://pay.fabrikam.example/x',
  senderName: 'Fabrikam Billing',
  senderSmtp: 'billing@fabrikam.example',
  messageId: '<one@mailer.example>',
  recipients: ['ann@contoso.example'],
  files: [{ name: 'Invoice.pdf', content: Buffer.from('%PDF') }],
};
const HEADERS = [
  'From: Desk <desk@phish.example>',
  'To: emma@contoso.example',
  'Message-ID: <two@phish.example>',
  'X-MS-Exchange-Organization-Network-Message-Id: 33333333-0000-4000-8000-000000000001',
].join('\r\n');

describe('an Outlook file', () => {
  it('is read like any mail', async () => {
    const { message, recipients, findings } = await read(outlookFile(MAIL));
    expect([message, recipients, findings]).toEqual([
      {
        internetMessageId: '<one@mailer.example>',
        networkMessageId: null,
        sender: 'billing@fabrikam.example',
        senderName: 'Fabrikam Billing',
        subject: 'Invoice overdue',
        receivedAt: null,
        urls: ['https://pay.fabrikam.example/x'],
        attachments: ['Invoice.pdf'],
      },
      ['ann@contoso.example'],
      [],
    ]);
  });

  it('is known by the headers of the way it came, where it has them', async () => {
    const { message, recipients } = await read(outlookFile({ ...MAIL, headers: HEADERS }));
    expect([message.sender, message.internetMessageId, message.networkMessageId, recipients]).toEqual([
      'desk@phish.example',
      '<two@phish.example>',
      '33333333-0000-4000-8000-000000000001',
      ['emma@contoso.example', 'ann@contoso.example'],
    ]);
  });

  it.each([
    ['a directory name', { senderSmtp: '', senderEmail: '/O=EXCHANGELABS/CN=0001-OMAR' }],
    ['nobody', { senderSmtp: '' }],
  ])('whose sender is %s has none, and that is said', async (_name, change) => {
    const { message, findings } = await read(outlookFile({ ...MAIL, ...change }));
    expect([message.sender, findings.join()]).toEqual([null, expect.stringContaining('sender')]);
  });

  it('without headers is from whom it was sent for, as in the mailbox, and the delegate’s name is not shown', async () => {
    const { message, findings } = await read(outlookFile({ ...MAIL, representing: 'boss@contoso.example' }));
    expect([message.sender, message.senderName, findings.join()]).toEqual([
      'boss@contoso.example',
      null,
      expect.stringContaining('in the name of'),
    ]);
  });

  it('that was sent by its sender has nothing to tell', async () => {
    const { message, findings } = await read(outlookFile({ ...MAIL, representing: 'billing@fabrikam.example' }));
    expect([message.senderName, findings]).toEqual(['Fabrikam Billing', []]);
  });

  it('that was cut off is refused, naming the file', async () => {
    const whole = outlookFile(MAIL);
    expect(await failure(read(whole.subarray(0, whole.length >> 1)))).toEqual({ code: 'invalid', field: 'file' });
  });

  it('whose chains lead in a circle is refused', async () => {
    const bytes = outlookFile(MAIL);
    // The directory's first sector follows itself.
    const table = (bytes.readInt32LE(76) + 1) * 512;
    const directory = bytes.readInt32LE(48);
    bytes.writeInt32LE(directory, table + directory * 4);
    expect(await failure(read(bytes))).toEqual({ code: 'invalid', field: 'file' });
  });

  it('whose directory leads in a circle is refused', async () => {
    const bytes = outlookFile(MAIL);
    const root = (bytes.readInt32LE(48) + 1) * 512;
    bytes.writeInt32LE(1, root + 128 + 68);
    expect(await failure(read(bytes))).toEqual({ code: 'invalid', field: 'file' });
  });

  it('that claims more than it holds is refused', async () => {
    const bytes = outlookFile(MAIL);
    const root = (bytes.readInt32LE(48) + 1) * 512;
    for (let entry = 1; entry < 4; entry += 1) bytes.writeInt32LE(0x7fffffff, root + entry * 128 + 120);
    expect(await failure(read(bytes))).toEqual({ code: 'invalid', field: 'file' });
  });

  it('with any damage is read or refused in order', async () => {
    const whole = outlookFile({ ...MAIL, headers: HEADERS, inner: [{ subject: 'inner' }] });
    const damage = fc.array(
      fc.record({
        at: fc.oneof(fc.nat(511), fc.nat(whole.length - 5)),
        value: fc.oneof(fc.constantFrom(-2, -1, 0, 1, 2, 0x7fffffff), fc.integer()),
      }),
      { minLength: 1, maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(damage, async (all) => {
        const bytes = Buffer.from(whole);
        for (const { at, value } of all) bytes.writeInt32LE(value, at - (at % 4));
        const alert = await read(bytes).catch((error: unknown) => {
          if (error instanceof ClawbackError && error.code === 'invalid') return null;
          throw error;
        });
        expect(alert === null || Alert.safeParse(alert).success).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
