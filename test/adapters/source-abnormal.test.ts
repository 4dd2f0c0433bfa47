import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { abnormal } from '../../src/adapters/sources/abnormal/abnormal.ts';
import type { Pulled } from '../../src/ports/source.ts';
import { type Abnormal, startAbnormal } from '../../src/sandbox/abnormal/start.ts';
import { alertOf, whyNot } from '../support/payloads/read.ts';
import { abnormalRow } from '../support/payloads/vendors.ts';

/** Abnormal is asked for threats, and each threat for its messages. */

const TOKEN = 'the-token-of-the-api';
const NOW = '2026-11-20T09:00:00.000Z';
const never = new AbortController().signal;
let cloud: Abnormal;

beforeEach(async () => {
  cloud = await startAbnormal({ token: TOKEN, rowsPerPage: 2 });
});
afterEach(() => cloud.close());

const ask = (cursor: string | null, now = NOW, secret = TOKEN) =>
  abnormal.pull.ask({ url: cloud.url, secret, now }, cursor, never);
type Page = Extract<Pulled, { kind: 'page' }>;

/** Everything until it has no more to say. */
async function all(cursor: string | null = null, now = NOW): Promise<{ ids: string[]; cursor: string }> {
  const ids: string[] = [];
  let at = cursor;
  for (let n = 0; n < 50; n += 1) {
    const page = await ask(at, now);
    if (page.kind === 'failed') throw new Error(page.why);
    ids.push(...page.items.map(({ id }) => id.split('#')[0] ?? ''));
    at = page.cursor;
    if (!page.more) return { ids, cursor: at };
  }
  throw new Error('it never ends');
}
const threat = (n: number, change: object = {}) => ({
  id: `threat-${n}`,
  receivedTime: '2026-11-20T08:00:00Z',
  messages: [abnormalRow({}, `45516183569137320${10 + n}`)],
  ...change,
});

describe('a row of Abnormal', () => {
  it('is an alert, whose id no number could hold', () => {
    expect(alertOf(abnormal, abnormalRow())).toMatchObject({
      id: '4551618356913732076',
      source: 'Abnormal',
      verdict: 'phishing',
      severity: 'high',
      detectedAt: '2026-11-20T08:00:00.000Z',
      message: {
        internetMessageId: '<wave-7@mailer.example>',
        sender: 'billing@mailer.example',
        senderName: 'Billing',
      },
      recipients: ['ann@contoso.example', 'bob@contoso.example', 'cara@contoso.example'],
      campaign: { source: 'Abnormal', id: 'threat-1' },
      vendorAction: { state: 'removed', says: 'auto-remediated', at: '2026-11-20T08:00:10.000Z' },
      link: 'https://portal.abnormal.example/threats/1',
      findings: ['Attack type: Phishing: Credential', 'Strategy: Name Impersonation', 'Unusual Sender'],
    });
  });

  it.each([
    ['Not Remediated', undefined],
    ['Remediation Failed', 'failed'],
    ['Beamed Up', 'other'],
  ])('that says of its remediation %s', (remediationStatus, state) => {
    expect(alertOf(abnormal, abnormalRow({ remediationStatus })).vendorAction?.state).toBe(state);
  });

  it.each([
    ['Invoice Fraud', 'bec'],
    ['Malware', 'malware'],
    ['Graymail', 'spam'],
    ['Reconnaissance', 'suspicious'],
  ])('called %s is %s', (attackType, verdict) => {
    expect(alertOf(abnormal, abnormalRow({ attackType, attackStrategy: null })).verdict).toBe(verdict);
  });

  it('of somebody’s report is read likewise', () => {
    const report = {
      campaignId: 'campaign-1',
      firstReported: '2026-11-20T08:00:00Z',
      messageId: '-4661319438952668559',
      fromAddress: 'billing@mailer.example',
      recipientAddress: 'ann@contoso.example',
      judgementStatus: 'Malicious',
      overallStatus: 'Auto-Remediated',
      attackType: 'Attack Type: Phishing: Credential',
    };
    expect(alertOf(abnormal, report)).toMatchObject({
      id: '-4661319438952668559',
      verdict: 'phishing',
      message: { internetMessageId: null, sender: 'billing@mailer.example' },
      campaign: { id: 'campaign-1' },
      vendorAction: { state: 'removed', says: 'Auto-Remediated' },
      findings: ['Attack type: Phishing: Credential', 'Abnormal judges it: Malicious'],
    });
  });

  it('names a list or a text of addresses', () => {
    const { recipients } = alertOf(abnormal, abnormalRow({ toAddresses: ['x@contoso.example', 'y@contoso.example'] }));
    expect(recipients).toContain('y@contoso.example');
  });

  it.each([
    ['a case', { caseId: 7 }, 'caseId: is a case'],
    ['links of a threat', { threatId: 'threat-1', links: [] }, 'messages: are missing'],
    ['something else', { status: 'ok' }, 'messages: are missing'],
    ['a body that is cut', abnormalRow().slice(0, -5), 'not-json'],
  ])('%s is none, and the field is named', (_name, payload, why) => {
    expect(whyNot(abnormal, payload)).toEqual([expect.stringContaining(why)]);
  });
});

describe('Abnormal', () => {
  it('is asked page by page, by when mails came and by when they were removed', async () => {
    cloud.threats.push(...Array.from({ length: 23 }, (_none, n) => threat(n + 10)));
    cloud.threats.push(
      threat(1, { receivedTime: '2026-11-01T08:00:00Z', latestTimeRemediated: '2026-11-20T08:30:00Z' }),
    );
    const { ids } = await all();
    expect([ids.length, new Set(ids).size]).toEqual([24, 24]);
    expect(cloud.asked[0]).toContain(
      encodeURIComponent('receivedTime gte 2026-11-19T09:00:00Z lte 2026-11-20T09:00:00Z'),
    );
  });

  it('is asked for few threats in one go, so that large ones do not use up its time, and goes on behind them', async () => {
    cloud.threats.push(...Array.from({ length: 10 }, (_none, n) => threat(n + 10)));
    const first = (await ask(null)) as Page;
    cloud.threats.shift();
    const { ids } = await all(first.cursor);
    const seen = [...first.items.map(({ id }) => id.split('#')[0]), ...ids];
    expect([first.items.length, first.more, new Set(seen).size]).toEqual([4, true, 10]);
  });

  it('is asked on from where it was, with a little of before, and says the same of the same', async () => {
    cloud.threats.push(threat(1));
    const { cursor } = await all();
    cloud.asked.length = 0;
    cloud.threats.push(threat(2, { receivedTime: '2026-11-20T08:50:00Z' }));
    const { ids } = await all(cursor, '2026-11-20T09:02:00.000Z');
    expect(ids).toEqual(['4551618356913732012/auto-remediated']);
    const once = (await ask(cursor, '2026-11-20T09:02:00.000Z')) as Page;
    const again = (await ask(cursor, '2026-11-20T09:03:00.000Z')) as Page;
    expect(again.items.map(({ id, body }) => [id, body])).toEqual(once.items.map(({ id, body }) => [id, body]));
  });

  it('has all messages of a threat taken in, and passes over one that is gone', async () => {
    const messages = [1, 2, 3, 4, 5].map((n) => abnormalRow({}, `455161835691373200${n}`));
    cloud.threats.push(threat(1, { isGone: true }), threat(2, { messages }));
    expect((await all()).ids).toHaveLength(5);
  });

  it('says something new where it did something, and nothing new where somebody has read the mail', async () => {
    const idOf = async (change: object) => {
      cloud.threats.splice(0, 1, threat(1, { messages: [abnormalRow(change)] }));
      return ((await ask(null)) as Page).items[0]?.id;
    };
    const first = await idOf({});
    expect(await idOf({ isRead: true })).toBe(first);
    expect(await idOf({ remediationStatus: 'Unremediated' })).not.toBe(first);
  });

  it('is asked again for what it had told, and says so where it has put a mail back since', async () => {
    cloud.threats.push(threat(1));
    const first = await all();
    const back = [abnormalRow({ remediationStatus: 'Unremediated' }, '4551618356913732011')];
    cloud.threats.splice(0, 1, threat(1, { messages: back }));
    const soon = await all(first.cursor, '2026-11-20T11:00:00.000Z');
    expect(soon.ids).toEqual([]);
    const later = await all(soon.cursor, '2026-11-20T15:00:00.000Z');
    expect(later.ids).toEqual(['4551618356913732011/Unremediated']);
    expect((await all(later.cursor, '2026-11-20T15:05:00.000Z')).ids).toEqual([]);
    const nothingNew = await all(later.cursor, '2026-11-20T21:30:00.000Z');
    expect(nothingNew.ids).toEqual(later.ids);
    expect((await all(nothingNew.cursor, '2026-11-23T04:00:00.000Z')).ids).toEqual([]);
  });

  it.each([
    [429, { why: 'it was asked too often (429)', waitMs: 90_000 }],
    [500, { why: 'it answers with 500', waitMs: null }],
    ['cut', { why: 'its answer is not JSON, or was cut off', waitMs: null }],
  ] as const)('that answers with %s is asked for the same again', async (trouble, failed) => {
    cloud.threats.push(threat(1));
    cloud.trouble.push(trouble);
    expect(await ask(null)).toEqual({ kind: 'failed', ...failed });
    expect((await all()).ids).toHaveLength(1);
  });

  it('that breaks off within a threat has said nothing', async () => {
    cloud.threats.push(threat(1), threat(2));
    cloud.trouble.push('fine', 'fine', 500);
    expect(await ask(null)).toMatchObject({ kind: 'failed', why: 'it answers with 500' });
  });

  it('that refuses the token says so, and never the token', async () => {
    const answer = await ask(null, NOW, 'another-token-1234567');
    expect(answer).toEqual({ kind: 'failed', why: 'it refuses the secret of this source (401)', waitMs: null });
  });

  it('is asked anew where its cursor cannot be read', async () => {
    cloud.threats.push(threat(1));
    expect(((await ask('{"v":9}')) as Page).items).toHaveLength(1);
    expect(((await ask('garbage')) as Page).items).toHaveLength(1);
  });
});
