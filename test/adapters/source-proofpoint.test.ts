import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { proofpoint } from '../../src/adapters/sources/proofpoint/proofpoint.ts';
import type { Pulled } from '../../src/ports/source.ts';
import { type Proofpoint, startProofpoint } from '../../src/sandbox/proofpoint/start.ts';
import { alertOf, alertsOf, whyNot } from '../support/payloads/read.ts';
import { TAP_CLICK, TAP_MESSAGE } from '../support/payloads/vendors.ts';

/** Proofpoint TAP is asked for an hour at most, and no more than 1,800 times in 24 hours. */

const MINUTE = 60_000;
const never = new AbortController().signal;
let now: number;
let cloud: Proofpoint;

beforeEach(async () => {
  now = Date.parse('2026-11-20T09:00:00Z');
  cloud = await startProofpoint({ principal: 'principal', secret: 'secret', clock: () => now });
});
afterEach(() => cloud.close());

const ask = (cursor: string | null, secret = 'principal:secret') =>
  proofpoint.pull.ask({ url: cloud.url, secret, now: new Date(now).toISOString() }, cursor, never);
type Page = Extract<Pulled, { kind: 'page' }>;
const page = async (cursor: string | null) => {
  const answer = await ask(cursor);
  if (answer.kind === 'failed') throw new Error(answer.why);
  return answer;
};
/** Until it has caught up. */
async function caughtUp(cursor: string | null = null) {
  const items: Page['items'][number][] = [];
  let at = cursor;
  for (let n = 0; n < 400; n += 1) {
    const answer = await page(at);
    items.push(...answer.items);
    at = answer.cursor;
    if (!answer.more) break;
  }
  return { items, cursor: at };
}
const show = (
  event: object,
  at = '2026-11-20T08:10:00Z',
  list: Proofpoint['events'][number]['list'] = 'messagesDelivered',
) => cloud.events.push({ at, list, event });
const threat = (change: object) => ({
  ...TAP_MESSAGE,
  threatsInfoMap: [{ ...TAP_MESSAGE.threatsInfoMap[0], ...change }],
});

describe('an event of TAP', () => {
  it('is an alert about its mail', () => {
    expect(alertOf(proofpoint, TAP_MESSAGE)).toMatchObject({
      id: 'guid-7',
      source: 'Proofpoint TAP',
      verdict: 'phishing',
      severity: 'high',
      confidence: 92,
      detectedAt: '2026-11-20T08:00:00.000Z',
      message: {
        internetMessageId: '<wave-7@mailer.example>',
        sender: 'billing@mailer.example',
        senderName: 'Billing',
        receivedAt: '2026-11-20T07:59:00.000Z',
        urls: ['https://pay.mailer.example/x'],
        attachments: ['invoice.pdf'],
      },
      recipients: ['ann@contoso.example', 'bob@contoso.example'],
      campaign: { source: 'Proofpoint', id: 'campaign-1' },
      link: 'https://threats.proofpoint.example/1',
      findings: ['Threat: PHISH, url, active: https://pay.mailer.example/x'],
    });
  });

  it('of a click tells who followed the link', () => {
    const { recipients, findings, verdict } = alertOf(proofpoint, TAP_CLICK);
    expect([recipients, verdict, findings.at(-1)]).toEqual([
      ['bob@contoso.example'],
      'phishing',
      'A recipient has followed its link at 2026-11-20T08:02:00.000Z.',
    ]);
  });

  it.each(['cleared', 'falsePositive'])(
    'whose threat is %s takes its word back, and stays what it was called',
    (threatStatus) => {
      const { vendorAction, verdict } = alertOf(proofpoint, threat({ threatStatus }));
      expect([vendorAction, verdict]).toEqual([{ state: 'withdrawn', says: threatStatus, at: null }, 'phishing']);
    },
  );

  it('of which only a part is cleared stays a threat', () => {
    const second = { ...TAP_MESSAGE.threatsInfoMap[0], threatId: 'threat-2', threatStatus: 'cleared' };
    const both = { ...TAP_MESSAGE, threatsInfoMap: [...TAP_MESSAGE.threatsInfoMap, second] };
    expect('vendorAction' in alertOf(proofpoint, both)).toBe(false);
  });

  it.each([
    [{ classification: 'MALWARE' }, 'malware'],
    [{ classification: 'IMPOSTOR' }, 'bec'],
    [{ classification: 'TELEPATHY' }, 'spam'],
  ])('of %j is %s', (change, verdict) => {
    expect(alertOf(proofpoint, threat(change)).verdict).toBe(verdict);
  });

  it('that scores nothing and is called nothing is suspicious', () => {
    const quiet = { ...TAP_MESSAGE, threatsInfoMap: [], phishScore: 5, spamScore: 5 };
    expect(alertOf(proofpoint, quiet).verdict).toBe('suspicious');
  });

  it('that was kept out says so', () => {
    const blocked = { ...TAP_MESSAGE, quarantineFolder: 'Phish', quarantineRule: 'phish' };
    expect(alertOf(proofpoint, blocked).vendorAction).toMatchObject({ state: 'kept-out', says: 'phish' });
  });

  it('may come in an answer of the API, with others', () => {
    expect(alertsOf(proofpoint, { messagesDelivered: [TAP_MESSAGE], clicksPermitted: [TAP_CLICK] })).toHaveLength(2);
  });

  it.each([
    ['something else', { hello: 'world' }, 'the event: is no event of TAP'],
    ['an id alone', { GUID: 'guid-7' }, 'the event: is no event of TAP'],
    ['a body that is cut', JSON.stringify(TAP_MESSAGE).slice(0, -4), 'not-json'],
  ])('%s is none, and that is said', (_name, payload, why) => {
    expect(whyNot(proofpoint, payload)).toEqual([expect.stringContaining(why)]);
  });
});

describe('TAP', () => {
  it('is asked hour by hour until it is caught up with, and what was kept out is not asked about', async () => {
    show(TAP_MESSAGE, '2026-11-19T12:00:00Z');
    show({ ...TAP_MESSAGE, GUID: 'guid-8' }, '2026-11-20T08:30:00Z', 'messagesBlocked');
    show(TAP_CLICK, '2026-11-20T08:40:00Z', 'clicksPermitted');
    const { items } = await caughtUp();
    expect(items.map(({ id }) => id.split('/')[0])).toEqual(['guid-7', 'guid-7']);
    expect(cloud.asked[0]).toBe('2026-11-19T09:00:00Z/2026-11-19T10:00:00Z');
  });

  it('says anew of a mail whose threat was cleared since', async () => {
    show(TAP_MESSAGE);
    const first = await caughtUp();
    now += 10 * MINUTE;
    show(threat({ threatStatus: 'cleared' }), '2026-11-20T09:05:00Z');
    const later = await caughtUp(first.cursor);
    expect(first.items.map(({ id }) => id)).not.toEqual(later.items.map(({ id }) => id));
    expect(later.items).toHaveLength(1);
  });

  it('that was left alone for two weeks is asked for the days that it remembers', async () => {
    const { cursor } = await caughtUp();
    now += 14 * 24 * 60 * MINUTE;
    await caughtUp(cursor);
    expect(cloud.budget).toBeGreaterThan(1_500);
  });

  it('has enough for a whole day of questions each minute, after a week without', async () => {
    const { cursor } = await caughtUp();
    now += 7 * 24 * 60 * MINUTE;
    cloud.budget = 1_800;
    let at = (await caughtUp(cursor)).cursor;
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      now += MINUTE;
      at = (await page(at)).cursor;
    }
    expect(cloud.budget).toBeGreaterThan(0);
  }, 60_000);

  it('that says that it was asked too often is left alone for a quarter of an hour', async () => {
    cloud.budget = 0;
    expect(await ask(null)).toMatchObject({ kind: 'failed', why: 'it was asked too often (429)', waitMs: 15 * MINUTE });
  });

  it.each([
    [500, 'it answers with 500'],
    ['cut', 'its answer is not JSON, or was cut off'],
  ] as const)('that answers with %s is asked for the same, and not before a minute', async (trouble, why) => {
    show(TAP_MESSAGE, '2026-11-19T09:30:00Z');
    cloud.trouble.push(trouble);
    const failed = await ask(null);
    expect(failed).toMatchObject({ kind: 'failed', why, waitMs: MINUTE });
    expect((await page(null)).items).toHaveLength(1);
  });

  it('that refuses the credential says so', async () => {
    const answer = await ask(null, 'principal:another');
    expect(answer).toMatchObject({ kind: 'failed', why: 'it refuses the secret of this source (401)' });
    expect(JSON.stringify(answer)).not.toContain('another');
  });
});
