import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIntake } from '../../src/adapters/http/intake.ts';
import { type Handler, type Listening, listen } from '../../src/adapters/http/server.ts';
import { stopRoute } from '../../src/adapters/http/stop.ts';
import { clawback } from '../../src/adapters/sources/clawback/clawback.ts';
import type { Recorded } from '../../src/core/record/ledger.ts';
import { stopOnce } from '../../src/flow/decide/brake.ts';
import { receive } from '../../src/flow/find/intake.ts';
import { OTHER_SECRET, SECRET } from '../support/configuration.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { type Sending, sentAlert, signed } from '../support/signed-alerts.ts';
import { SOURCE } from '../support/source.ts';

/** What senders do when an answer is lost, and what somebody does with a captured delivery. */

const FABRIKAM_SECRET = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
let night: Night;
let server: Listening;
let broken = false;
let ids = 0;
/** What the security log hears. */
let refused: unknown[] = [];

beforeAll(async () => {
  night = await startNight();
  const { flow } = night;
  const failing = { ...flow, store: { transact: () => Promise.reject(new Error('the database is gone')) } };
  const now = () => (broken ? failing : flow);
  const wired = {
    take: (...[alert, delivery]: [Parameters<typeof receive>[1], Parameters<typeof receive>[2]]) =>
      receive(now(), alert, delivery),
    stop: (reason: string, delivery: Parameters<typeof stopOnce>[1]) => stopOnce(now(), delivery, reason),
  };
  const contoso = {
    name: 'contoso',
    sources: [
      { source: SOURCE, secrets: [SECRET] },
      { source: { ...SOURCE, name: 'defender' }, secrets: [OTHER_SECRET] },
    ],
    ...wired,
  };
  const routes = new Map<string, Handler>([
    ['POST /intake/alerts', createIntake(clawback.push, [contoso])],
    ['POST /intake/stop', stopRoute(clawback.push, [contoso])],
  ]);
  server = await listen(
    routes,
    { host: '127.0.0.1', port: 0 },
    {
      refused: (...what) => void refused.push(what),
      failed: () => undefined,
      answered: () => undefined,
    },
  );
});
afterAll(async () => {
  await server.close();
  await night.close();
});
beforeEach(async () => {
  broken = false;
  refused = [];
  ids += 1;
  await night.flow.store.transact(async (tx) => {
    await tx.brake.lift(await tx.brake.lock());
  });
});

async function send(path: string, body: string | Buffer<ArrayBuffer>, sending: Sending = {}) {
  const id = sending.id ?? `delivery-${ids}`;
  const response = await fetch(new URL(path, server.url), {
    method: 'POST',
    body,
    headers: signed(body, { ...sending, id }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Every mail is one that nobody has reported yet. */
const newMail = () => JSON.stringify(sentAlert({}, { internetMessageId: `<${ids}-${Math.random()}@mailer.example>` }));
const alert = (body: string, sending?: Sending) => send('/intake/alerts', body, sending);
const stop = (reason: string, sending?: Sending) => send('/intake/stop', JSON.stringify({ reason }), sending);
const of = async (...types: Recorded['type'][]) => (await night.entries()).filter(({ type }) => types.includes(type));
const alerts = () => of('alert.received', 'alert.repeated');
const isStopped = async () => (await night.flow.store.transact((tx) => tx.brake.read())).stopped;

describe('an alert that is sent again', () => {
  it('is answered as it was the first time, and nothing is done', async () => {
    const body = newMail();
    const first = await alert(body);
    const before = (await alerts()).length;
    expect(refused).toEqual([]);
    expect([await alert(body), (await alerts()).length]).toEqual([first, before]);
    expect(refused).toEqual([['POST /intake/alerts', 'replayed']]);
    expect(first).toMatchObject({ status: 202, body: { created: true } });
  });

  it('is answered with what it joined, when it joined something', async () => {
    const body = newMail();
    await alert(body);
    const joined = await alert(body, { id: `again-${ids}` });
    expect([joined.body['created'], await alert(body, { id: `again-${ids}` })]).toEqual([false, joined]);
  });

  it('twenty times at once is one alert, and all hear of one incident', async () => {
    const body = newMail();
    const before = (await alerts()).length;
    const answers = await Promise.all(Array.from({ length: 20 }, () => alert(body)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect((await alerts()).length - before).toBe(1);
  });

  it('of which nothing can be used is told why, in so many words and no more', async () => {
    const odd = Object.fromEntries(Array.from({ length: 9 }, (_none, n) => [`${n}${'x'.repeat(60)}`, 1]));
    const fields = ['id', 'source', 'verdict', 'severity', 'detectedAt', 'confidence', 'recipients', 'findings'];
    const message = { ...odd, internetMessageId: 'x', networkMessageId: 'x', sender: 'x', receivedAt: 'x', urls: 1 };
    const alike = { ...odd, reporter: 1, requester: 1, ...Object.fromEntries(fields.map((field) => [field, {}])) };
    const { status, body } = await alert(JSON.stringify({ ...alike, message }));
    expect([status, String(body['detail']).length]).toEqual([422, 1_000]);
  });

  it('with another body is refused, and the first stands', async () => {
    const first = await alert(newMail());
    const before = (await alerts()).length;
    expect(await alert(newMail())).toMatchObject({ status: 409, body: { incident: first.body['incident'] } });
    expect((await alerts()).length).toBe(before);
  });

  it('by another source under the same id is another delivery', async () => {
    await alert(newMail());
    expect(await alert(newMail(), { secret: OTHER_SECRET })).toMatchObject({ status: 202, body: { created: true } });
  });

  it('after it could not be stored is taken', async () => {
    const body = newMail();
    broken = true;
    expect((await alert(body)).status).toBe(500);
    broken = false;
    expect(await alert(body)).toMatchObject({ status: 202, body: { created: true } });
  });

  it('is on record under the name of its source; what it calls itself is beside it', async () => {
    const body = JSON.stringify(
      sentAlert({ source: 'Microsoft Defender' }, { internetMessageId: `<${ids}@x.example>` }),
    );
    await alert(body);
    expect((await alerts()).at(-1)).toMatchObject({
      actor: { kind: 'source', id: 'test', name: 'test' },
      detail: { source: 'test', says: 'Microsoft Defender' },
    });
  });
});

describe('a signed stop', () => {
  it('stops, and the record and the cards say which source it was', async () => {
    expect(await stop('the detector went mad')).toEqual({ status: 200, body: { tenant: 'contoso', stopped: true } });
    expect((await of('brake.stopped')).at(-1)).toMatchObject({
      actor: { kind: 'source', id: 'test' },
      platform: 'intake',
      detail: { reason: 'the detector went mad' },
    });
    expect(await night.flow.store.transact((tx) => tx.brake.read())).toMatchObject({
      by: 'a signed call of source test',
    });
  });

  it('where it is stopped already says so', async () => {
    await stop('first', { id: `a-${ids}` });
    expect(await stop('second', { id: `b-${ids}` })).toMatchObject({ status: 200, body: { stopped: false } });
  });

  it('that was captured does not stop again after a lift, and is answered as it was', async () => {
    const first = await stop('captured');
    expect(refused).toEqual([]);
    await night.flow.store.transact((tx) => tx.brake.lock().then(tx.brake.lift));
    expect([await stop('captured'), await isStopped()]).toEqual([first, false]);
    expect(refused).toEqual([['POST /intake/stop', 'replayed']]);
  });

  it('that is new stops again after a lift', async () => {
    await stop('one', { id: `one-${ids}` });
    await night.flow.store.transact((tx) => tx.brake.lock().then(tx.brake.lift));
    await stop('two', { id: `two-${ids}` });
    expect(await isStopped()).toBe(true);
  });

  it('with the id of an earlier one and another reason is refused and stops nothing', async () => {
    await stop('one');
    await night.flow.store.transact((tx) => tx.brake.lock().then(tx.brake.lift));
    expect([(await stop('two')).status, await isStopped()]).toEqual([409, false]);
  });

  it('with the id of an alert stops: their ids are apart', async () => {
    await alert(newMail());
    expect(await stop('an alert had this id')).toMatchObject({ status: 200, body: { stopped: true } });
  });

  it('with half a character is no text, and stops nothing', async () => {
    const cut = Buffer.from([...Buffer.from('{"reason":"x'), 0xc3, ...Buffer.from('"}')]);
    expect([(await send('/intake/stop', cut)).status, await isStopped()]).toEqual([422, false]);
  });

  it('that could not be recorded stops when it is sent again', async () => {
    broken = true;
    expect((await stop('now')).status).toBe(500);
    broken = false;
    expect([(await stop('now')).body['stopped'], await isStopped()]).toEqual([true, true]);
  });

  it.each([
    ['a stranger', { secret: FABRIKAM_SECRET }, 401],
    ['nobody', { headers: { 'webhook-signature': 'v1,AAAA' } }, 401],
    ['its sender six minutes ago', { at: new Date(Date.now() - 360_000) }, 401],
  ])('signed by %s stops nothing', async (_who, { headers, ...sending }: Sending, status) => {
    const body = JSON.stringify({ reason: 'forged' });
    const response = await fetch(new URL('/intake/stop', server.url), {
      method: 'POST',
      body,
      headers: { ...signed(body, { ...sending, id: `forged-${ids}` }), ...(headers as Record<string, string>) },
    });
    expect([response.status, await isStopped()]).toEqual([status, false]);
  });

  it.each([
    ['no reason', '{}', 'reason'],
    ['an empty reason', '{"reason":"  "}', 'reason'],
    ['a reason of 301 characters', JSON.stringify({ reason: 'x'.repeat(301) }), 'reason'],
    ['a reason that is no text', '{"reason":1}', 'reason'],
    ['a wish to lift as well', '{"reason":"x","lift":true}', 'the body'],
    ['a list', '[{"reason":"x"}]', 'the body'],
    ['null', 'null', 'the body'],
    ['no JSON', 'stop!', 'the body'],
    ['bytes that are no text', '\ufffd{', 'the body'],
  ])('with %s is refused, names the field, and stops nothing', async (_what, body, field) => {
    const answer = await send('/intake/stop', body);
    expect([answer.status, answer.body['type']]).toEqual([422, 'urn:clawback:problem:invalid-stop']);
    expect(answer.body['detail']).toMatch(new RegExp(`^${field}: .`));
    expect(await isStopped()).toBe(false);
  });

  it('of nine kilobytes is not read to its end', async () => {
    expect((await send('/intake/stop', JSON.stringify({ reason: 'x'.repeat(9_000) }))).status).toBe(413);
  });
});
