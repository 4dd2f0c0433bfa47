import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIntake } from '../../src/adapters/http/intake.ts';
import { type Listening, listen } from '../../src/adapters/http/server.ts';
import { sublime } from '../../src/adapters/sources/sublime/sublime.ts';
import type { ToldAlert } from '../../src/core/find/alert-reader.ts';
import type { Delivery } from '../../src/core/find/source.ts';
import { type Sublime, startSublime } from '../../src/sandbox/sublime/start.ts';
import { alertOf, whyNot } from '../support/payloads/read.ts';
import { SUBLIME_EVENT, SUBLIME_MESSAGE, SUBLIME_MODEL } from '../support/payloads/vendors.ts';
import { SOURCE } from '../support/source.ts';

/** A webhook that names a message, and the message that is asked for. */

const [SIGN, KEY] = ['the-signing-secret', 'the-api-key'];
let cloud: Sublime;
let web: Listening;
let taken: { readonly alert: ToldAlert; readonly delivery: Delivery }[];

beforeEach(async () => {
  cloud = await startSublime({ key: KEY, secret: SIGN });
  cloud.messages.set('message-1', SUBLIME_MESSAGE);
  cloud.models.set('message-1', SUBLIME_MODEL);
  taken = [];
  web = await started([`sign=${SIGN}`, `key=${KEY}`]);
});
afterEach(async () => {
  await web.close();
  await cloud.close();
});

function started(secrets: readonly string[]): Promise<Listening> {
  const tenant = {
    name: 'contoso',
    sources: [{ source: SOURCE, secrets, url: cloud.url }],
    take: (alert: ToldAlert, delivery: Delivery) => {
      const isKnown = taken.some((one) => one.delivery.id === delivery.id);
      if (!isKnown) taken.push({ alert, delivery });
      return Promise.resolve({ kind: isKnown ? 'replayed' : 'accepted', incident: 'CB-1', created: true } as const);
    },
  };
  const events = { refused: () => undefined, failed: () => undefined, answered: () => undefined };
  return listen(
    new Map([['POST /intake/alerts/sublime', createIntake(sublime.push, [tenant])]]),
    { host: '127.0.0.1', port: 0 },
    events,
  );
}
const deliver = async (event: unknown = SUBLIME_EVENT, how?: Parameters<Sublime['deliver']>[2]) =>
  (await cloud.deliver(`${web.url}/intake/alerts/sublime`, event, how)).status;

describe('a webhook of Sublime', () => {
  it('becomes an alert with what its API says of the message', async () => {
    expect(await deliver()).toBe(202);
    expect(cloud.asked).toEqual(['GET /v0/messages/message-1', 'GET /v0/messages/message-1/message_data_model']);
    expect(taken[0]?.alert).toMatchObject({
      id: 'message-1',
      source: 'Sublime',
      verdict: 'phishing',
      severity: 'high',
      detectedAt: '2026-11-20T08:00:00.237Z',
      message: {
        internetMessageId: '<wave-7@mailer.example>',
        sender: 'billing@mailer.example',
        senderName: 'Billing',
        subject: 'Invoice overdue',
        urls: ['https://pay.mailer.example/x'],
        attachments: ['invoice.pdf'],
      },
      recipients: ['ann@contoso.example', 'cara@contoso.example'],
      campaign: { source: 'Sublime', id: 'group-7' },
      vendorAction: { state: 'removed', says: 'slack_alert, quarantine_message' },
      simulation: true,
      evidence: { spf: 'fail', dmarc: 'pass' },
    });
  });

  it('is taken without the model where there is none yet', async () => {
    cloud.models.clear();
    expect(await deliver()).toBe(202);
    expect(taken[0]?.alert.message).toMatchObject({ internetMessageId: null, sender: 'billing@mailer.example' });
  });

  it.each([
    ['with another secret', { secret: 'another-secret' }],
    ['six minutes ago', { at: Date.now() - 360_000 }],
    ['six minutes ahead', { at: Date.now() + 360_000 }],
  ])('signed %s is refused, and nobody is asked', async (_name, how) => {
    expect([await deliver(SUBLIME_EVENT, how), taken, cloud.asked]).toEqual([401, [], []]);
  });

  it.each([
    ['no signature', {}],
    ['one without a time', { 'x-sublime-signature': `v0=${'ab'.repeat(32)}` }],
    ['one that is cut', { 'x-sublime-signature': 't=1763625600,v0=abcd' }],
  ])('with %s is refused', async (_name, headers: Record<string, string>) => {
    const answer = await fetch(`${web.url}/intake/alerts/sublime`, { method: 'POST', body: '{}', headers });
    expect([answer.status, cloud.asked]).toEqual([401, []]);
  });

  it('is not verified with the key of the API', async () => {
    expect(await deliver(SUBLIME_EVENT, { secret: KEY })).toBe(401);
  });

  it('sent twice, and signed anew, is one sending', async () => {
    await deliver();
    expect([await deliver(SUBLIME_EVENT, { at: Date.now() - 60_000 }), taken.length]).toEqual([202, 1]);
  });

  it.each([
    ['is asked too often', 429],
    ['has trouble', 500],
    ['refuses the key', 403],
    ['breaks off in the middle of its answer', 'cut'],
  ] as const)('is to be sent again where the API %s, and is taken then', async (_name, trouble) => {
    cloud.trouble.push(trouble);
    expect([await deliver(), taken]).toEqual([503, []]);
    expect([await deliver(), taken.length]).toEqual([202, 1]);
  });

  it('is to be sent again where the model is not said', async () => {
    cloud.trouble.push('fine', 429);
    expect([await deliver(), taken]).toEqual([503, []]);
  });

  it('of a message that the API does not know, or about no mail, is refused by name', async () => {
    cloud.messages.clear();
    const answer = await cloud.deliver(`${web.url}/intake/alerts/sublime`, SUBLIME_EVENT);
    expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining('data.message.id')]);
    expect(await deliver({ type: 'rule.deactivate', data: {} })).toBe(422);
  });
});

describe('secrets of Sublime', () => {
  const { form } = sublime.secrets;
  it.each([
    ['sign=the-signing-secret key=the-api-key', true],
    ['key=the-api-key sign=one-secret sign=another-secret', true],
    ['sign=the-signing-secret', false],
    ['key=the-api-key', false],
    ['sign=short key=the-api-key', false],
    ['the-signing-secret the-api-key', false],
  ])('%s', (secrets, isGood) => {
    expect(form.test(secrets)).toBe(isGood);
  });
});

describe('tried by itself', () => {
  it('an event says that the message has yet to be asked for', () => {
    expect(whyNot(sublime, SUBLIME_EVENT)).toEqual([expect.stringContaining('the API is asked for message message-1')]);
  });

  it('what the API says is an alert', () => {
    expect(alertOf(sublime, SUBLIME_MODEL).message.internetMessageId).toBe('<wave-7@mailer.example>');
    expect(alertOf(sublime, SUBLIME_MESSAGE)).toMatchObject({ id: 'message-1', campaign: { id: 'group-7' } });
  });

  it('the id that the mail itself bears comes before any other', () => {
    const hops = [{ fields: [{ name: 'Message-Id', value: '<own@mailer.example>' }] }];
    const model = {
      ...SUBLIME_MODEL,
      _meta: { id: 'meta-1', canonical_id: 'group-9' },
      headers: { message_id: 'ab12', hops },
    };
    expect(alertOf(sublime, model)).toMatchObject({
      id: 'meta-1',
      campaign: { id: 'group-9' },
      message: { internetMessageId: '<own@mailer.example>' },
    });
  });

  it('verdicts that nobody knows are suspicious', () => {
    const message = { ...SUBLIME_MESSAGE, attack_score_verdict: 'bewildering' };
    expect(alertOf(sublime, message).verdict).toBe('suspicious');
  });
});
