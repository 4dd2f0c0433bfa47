import { describe, expect, it } from 'vitest';
import { readInternetMail } from '../../src/adapters/eml/internet-mail.ts';
import { mailFactsOf } from '../../src/adapters/eml/signal-facts.ts';
import type { MailFacts } from '../../src/core/signal/facts.ts';

const AT = '2026-12-01T08:00:00.000Z';

async function factsIn(...lines: readonly string[]): Promise<MailFacts> {
  return mailFactsOf(await readInternetMail(Buffer.from([...lines, '', 'Hello'].join('\r\n'))), AT);
}

describe('what a file tells the signals', () => {
  it('who wrote to whom, and where answers go', async () => {
    const { from, recipients, replyTo } = await factsIn(
      'From: "Pat Lund" <pat@fabrikam.example>',
      'To: Ana <ana@contoso.example>, joe@contoso.example',
      'Cc: kim@fabrikam.example',
      'Reply-To: <billing@fabrikam.example>, other@example.com',
    );
    expect([from?.value, recipients?.value, replyTo?.value]).toEqual([
      { address: 'pat@fabrikam.example', name: 'Pat Lund' },
      { to: ['ana@contoso.example', 'joe@contoso.example'], cc: ['kim@fabrikam.example'] },
      ['billing@fabrikam.example', 'other@example.com'],
    ]);
  });

  it('what it answers', async () => {
    const { thread } = await factsIn(
      'From: pat@fabrikam.example',
      'In-Reply-To: <1@contoso.example>',
      'References: <0@contoso.example>',
      ' <1@contoso.example>',
      'Thread-Index: AQHa',
    );
    expect(thread?.value).toEqual({
      inReplyTo: ['<1@contoso.example>'],
      references: ['<0@contoso.example>', '<1@contoso.example>'],
      index: 'AQHa',
    });
  });

  it('what it calls itself', async () => {
    const { kind } = await factsIn(
      'From: pat@fabrikam.example',
      'List-Unsubscribe: <https://fabrikam.example>',
      'Auto-Submitted: auto-generated',
      'Content-Type: text/plain',
    );
    expect(kind?.value).toEqual({ list: true, autoSubmitted: 'auto-generated', contentType: 'text/plain' });
  });

  it('headers that are not there are none, which is known', async () => {
    const { replyTo, thread, subject } = await factsIn('From: pat@fabrikam.example');
    expect([replyTo?.value, thread?.value, subject?.value]).toEqual([
      [],
      { inReplyTo: [], references: [], index: null },
      '',
    ]);
  });

  it('a sender that cannot be read is not known', async () => {
    expect((await factsIn('From: nobody', 'Subject: x')).from).toBeNull();
  });

  it('what a server has stamped is not known, whatever stands there', async () => {
    const { authentication } = await factsIn(
      'Authentication-Results: spf=fail; dmarc=fail action=oreject header.from=contoso.example; compauth=fail',
      'From: pat@contoso.example',
    );
    expect(authentication).toBeNull();
  });

  it('all of it is known since the file was read, from the mail itself', async () => {
    const { from, kind } = await factsIn('From: pat@fabrikam.example');
    expect([from?.at, from?.source, kind?.at]).toEqual([AT, 'mail', AT]);
  });
});
