import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createDefenderMail } from '../../src/adapters/defender/mail.ts';
import { graph, type InnerAnswer } from './graph-loopback.ts';

/** What Defender tells page by page. */

const ADA = 'ada@contoso.example';
const NETWORK_ID = '99999999-0000-4000-8000-000000000001';
const ROW = {
  networkMessageId: NETWORK_ID,
  recipientEmailAddress: ADA,
  latestDelivery: { location: 'inbox_folder' },
};

async function lookIn(pages: readonly ((origin: string) => unknown)[]) {
  const asked: string[] = [];
  const server = await graph({
    inner({ url }): InnerAnswer {
      asked.push(url);
      return { status: 200, body: pages[asked.length - 1]?.(server.baseUrl) };
    },
  });
  const { reader } = createDefenderMail({
    ...{ baseUrl: server.baseUrl, token: async () => 'any', ids: randomUUID, clock: Date.now, patienceMs: 60_000 },
    ...{ sleep: async () => undefined, ownerOf: async () => '11111111-0000-4000-8000-000000000001' },
  });
  const [lookup] = await reader.locate([ADA], { internetMessageIds: [], networkMessageIds: [NETWORK_ID] });
  return { lookup, asked };
}

const emptyWithMore = (n: number) => (origin: string) => ({
  value: [],
  '@odata.nextLink': `${origin}/v1.0/security/collaboration/analyzedEmails?$skiptoken=${n}`,
});

test('a mailbox in which a first page shows nothing is not one without the mail while there are more pages', async () => {
  const { lookup, asked } = await lookIn([emptyWithMore(1), emptyWithMore(2), () => ({ value: [ROW] })]);
  expect([lookup?.result, lookup?.messages.length, asked.length]).toEqual(['found', 1, 3]);
});

test('a mailbox of which a later page is not told is one of which nothing is known', async () => {
  const { lookup } = await lookIn([emptyWithMore(1), () => ({ error: { code: 'oops' } })]);
  expect(lookup?.result).toBe('failed');
});
