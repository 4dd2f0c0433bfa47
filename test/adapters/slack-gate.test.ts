import { createHmac } from 'node:crypto';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createGate } from '../../src/adapters/slack/gate.ts';

const SECRET = 'signing-secret-of-a-test';
const NOW = 1_764_000_000_000;
const FORM = 'application/x-www-form-urlencoded';

function request(body: string, headers: Record<string, string>): IncomingMessage {
  const req = new IncomingMessage(new Socket());
  req.headers = { 'content-type': FORM, ...headers };
  req.push(body);
  req.push(null);
  return req;
}

function signed(body: string, seconds = NOW / 1_000, secret = SECRET): Record<string, string> {
  const mac = createHmac('sha256', secret).update(`v0:${seconds}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': String(seconds), 'x-slack-signature': `v0=${mac}` };
}

const body = 'payload=%7B%22type%22%3A%22block_actions%22%7D';
const at = (seconds: number) => NOW / 1_000 + seconds;

/** What the store does for all instances: each key counts once. */
function memory() {
  const asked: string[] = [];
  const isFresh = (key: string) => {
    asked.push(key);
    return Promise.resolve(asked.indexOf(key) === asked.length - 1);
  };
  return { asked, isFresh };
}

const gate = ({ isFresh } = memory()) => createGate(SECRET, () => NOW, isFresh);

describe('the check in front of Bolt', () => {
  test.each([
    ['fresh', 0],
    ['at the edge of the window behind', -300],
    ['at the edge of the window ahead', 300],
  ])('lets a signed request through: %s', async (_name, shift) => {
    expect(await gate().judge(request(body, signed(body, at(shift))))).toMatchObject({ pass: true });
  });

  test.each([
    ['301 s ahead', signed(body, at(301)), 'timestamp out of the window'],
    ['301 s old', signed(body, at(-301)), 'timestamp out of the window'],
    ['an hour ahead', signed(body, at(3_600)), 'timestamp out of the window'],
    ['a day ahead', signed(body, at(86_400)), 'timestamp out of the window'],
    ['a timestamp that is no number', { ...signed(body), 'x-slack-request-timestamp': '1764000000abc' }, 'timestamp'],
    ['a negative timestamp', { ...signed(body), 'x-slack-request-timestamp': '-1' }, 'timestamp'],
    ['no timestamp', { 'x-slack-signature': 'v0=00' }, 'timestamp'],
    ['no signature', { 'x-slack-request-timestamp': String(NOW / 1_000) }, 'signature'],
    ['another secret', signed(body, NOW / 1_000, 'another-secret'), 'signature'],
    ['the signature of another body', signed('payload=other'), 'signature'],
    [
      'the signature of another second',
      { ...signed(body, at(-5)), 'x-slack-request-timestamp': String(NOW / 1_000) },
      'signature',
    ],
  ])('refuses %s', async (_name, headers, why) => {
    expect(await gate().judge(request(body, headers as Record<string, string>))).toEqual({
      pass: false,
      status: 401,
      why,
    });
  });

  test('answers the same bytes a second time without passing them on', async () => {
    const one = gate();
    await one.judge(request(body, signed(body)));
    expect(await one.judge(request(body, signed(body)))).toEqual({ pass: false, status: 200, why: 'replayed' });
  });

  test('another instance, or the same after a restart, knows a replay too', async () => {
    const shared = memory();
    await gate(shared).judge(request(body, signed(body)));
    expect(await gate(shared).judge(request(body, signed(body)))).toEqual({
      pass: false,
      status: 200,
      why: 'replayed',
    });
  });

  test('of many at the same moment one gets through', async () => {
    const one = gate();
    const verdicts = await Promise.all(Array.from({ length: 50 }, () => one.judge(request(body, signed(body)))));
    expect(verdicts.filter(({ pass }) => pass)).toHaveLength(1);
  });

  test.each([
    ['forged', { ...signed(body), 'x-slack-signature': `v0=${'0'.repeat(64)}` }],
    ['in capitals', { ...signed(body), 'x-slack-signature': signed(body)['x-slack-signature']?.toUpperCase() ?? '' }],
    ['out of the window', signed(body, at(-301))],
  ])('junk does not fill the memory of signatures: %s', async (_name, headers) => {
    const shared = memory();
    await gate(shared).judge(request(body, headers as Record<string, string>));
    expect(shared.asked).toEqual([]);
  });

  test('lets nothing through while nobody can tell whether it is a replay', async () => {
    const blind = gate({ asked: [], isFresh: () => Promise.reject(new Error('the database is down')) });
    expect(await blind.judge(request(body, signed(body)))).toMatchObject({ pass: false, status: 503 });
  });

  test('refuses 300 KB before it looks at the signature', async () => {
    const large = 'x'.repeat(300_000);
    const refused = { pass: false, status: 413, why: 'too large' };
    expect(await gate().judge(request(large, signed(large)))).toEqual(refused);
    expect(await gate().judge(request('', signed(large)), Buffer.from(large))).toEqual(refused);
  });

  test('reads no further than it takes, however long somebody goes on sending', async () => {
    const endless = new IncomingMessage(new Socket());
    for (let n = 0; n < 5; n += 1) endless.push('x'.repeat(60_000));
    expect(await gate().judge(endless)).toMatchObject({ status: 413 });
  });

  test('takes 256 KB, and not a byte more', async () => {
    const of = (length: number) => body.padEnd(length, 'x');
    const judged = (text: string) => gate().judge(request(text, signed(text)));
    expect(await judged(of(262_144))).toMatchObject({ pass: true });
    expect(await judged(of(262_145))).toMatchObject({ pass: false, status: 413 });
    const read = of(262_144);
    expect(await gate().judge(request('', signed(read)), Buffer.from(read))).toMatchObject({ pass: true });
  });

  test('answers the certificate check, and passes nothing on', async () => {
    expect(await gate().judge(request('ssl_check=1&token=x', {}))).toEqual({ pass: false, status: 200, why: null });
  });

  test('a certificate check does not open the gate for JSON', async () => {
    const asJson = (text: string) => gate().judge(request(text, { 'content-type': 'application/json' }));
    expect(await asJson('{"ssl_check":1}')).toMatchObject({ status: 401 });
    expect(await asJson('ssl_check=1')).toMatchObject({ status: 401 });
  });

  test('takes a body that was read before', async () => {
    const verdict = await gate().judge(request('', signed(body)), Buffer.from(body));
    expect(verdict).toEqual({ pass: true, body: Buffer.from(body) });
  });

  test('without a secret trusts nobody', () => {
    expect(createGate('', () => NOW, memory().isFresh).verify(Buffer.from(body), signed(body, NOW / 1_000, ''))).toBe(
      false,
    );
  });

  test('tells whose secret signed a request without using it up', async () => {
    const [ours, theirs] = [gate(), createGate('another-secret', () => NOW, memory().isFresh)];
    expect([ours, theirs].map((one) => one.verify(Buffer.from(body), signed(body)))).toEqual([true, false]);
    expect(await ours.judge(request(body, signed(body)))).toMatchObject({ pass: true });
  });
});
