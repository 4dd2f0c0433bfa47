import http from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIntake, type TakeAlert } from '../../src/adapters/http/intake.ts';
import { type Listening, listen } from '../../src/adapters/http/server.ts';
import { generic } from '../../src/adapters/sources/generic/generic.ts';
import type { ToldAlert } from '../../src/core/find/alert-reader.ts';
import { SECRET } from '../support/configuration.ts';
import { OCSF_FINDING } from '../support/payloads/generic.ts';
import { type Sending, signed } from '../support/signed-alerts.ts';
import { SOURCE } from '../support/source.ts';

/** A webhook in a common form: what is signed, in time, whole and new is taken, and nothing else is. */

const PATH = '/intake/alerts/generic';
const MINUTE = 60_000;
let server: Listening;
let taken: { id: string; body: string; alert: ToldAlert }[] = [];
let refusals: string[] = [];

beforeAll(async () => {
  const take: TakeAlert = (alert, { id, body }) => {
    const before = taken.find((one) => one.id === id);
    if (before)
      return Promise.resolve(
        before.body === body
          ? { kind: 'replayed', incident: 'CB-0001', created: true }
          : { kind: 'reused', incident: 'CB-0001' },
      );
    taken.push({ id, body, alert });
    return Promise.resolve({ kind: 'accepted', incident: 'CB-0001', created: true });
  };
  const intake = createIntake(generic.push, [
    { name: 'contoso', sources: [{ source: SOURCE, secrets: [SECRET] }], take },
  ]);
  server = await listen(
    new Map([[`POST ${PATH}`, intake]]),
    { host: '127.0.0.1', port: 0 },
    {
      refused: (route, why) => refusals.push(`${route}: ${why}`),
      failed: () => undefined,
      answered: () => undefined,
    },
  );
});
afterAll(() => server.close());
beforeEach(() => {
  [taken, refusals] = [[], []];
});

const finding = (change: object = {}) => JSON.stringify({ ...OCSF_FINDING, ...change });
async function post(body: string, sending: Sending = {}, sent: string = body): Promise<number> {
  const headers = { 'content-type': 'application/json', ...signed(body, sending) };
  const response = await fetch(new URL(PATH, server.url), { method: 'POST', headers, body: sent });
  await response.text();
  return response.status;
}

describe('a webhook in a common form', () => {
  it('that is signed and in time is taken', async () => {
    expect(await post(finding())).toBeLessThan(300);
    expect(taken.map(({ alert }) => alert.id)).toEqual(['finding-1']);
  });

  it('that somebody else signed is refused, and reaches nobody', async () => {
    const secret = `whsec_${Buffer.alloc(24, 99).toString('base64')}`;
    expect(await post(finding(), { secret })).toBe(401);
    expect([taken, refusals]).toEqual([[], [`POST ${PATH}: bad-signature`]]);
  });

  it('that is changed after it was signed is refused', async () => {
    expect(await post(finding(), {}, finding({ severity_id: 1 }))).toBe(401);
    expect(taken).toEqual([]);
  });

  it.each([
    ['six minutes old', -6],
    ['six minutes ahead', 6],
  ])('%s is refused', async (_name, minutes) => {
    expect(await post(finding(), { at: new Date(Date.now() + minutes * MINUTE) })).toBe(401);
    expect(taken).toEqual([]);
  });

  it('four minutes old is taken', async () => {
    expect(await post(finding(), { at: new Date(Date.now() - 4 * MINUTE) })).toBeLessThan(300);
  });

  it('that comes twice is taken once, and answered as it was the first time', async () => {
    const first = await post(finding());
    expect(await post(finding())).toBe(first);
    expect(taken).toHaveLength(1);
  });

  it('whose name came before with another body is refused', async () => {
    await post(finding());
    expect(await post(finding({ severity_id: 1 }))).toBe(409);
    expect(taken).toHaveLength(1);
  });

  it('whose body is cut off is refused as it is signed, and the server goes on', async () => {
    const whole = finding();
    expect(await post(whole.slice(0, -20))).toBe(400);
    expect(await post(whole, { id: 'delivery-2' })).toBeLessThan(300);
  });

  it('whose connection breaks in the middle of the body reaches nobody', async () => {
    const whole = finding();
    const { port } = new URL(server.url);
    const headers = { 'content-type': 'application/json', 'content-length': whole.length, ...signed(whole) };
    await new Promise<void>((resolve) => {
      const request = http.request({ host: '127.0.0.1', port, path: PATH, method: 'POST', headers });
      request.on('error', () => resolve());
      request.on('close', () => resolve());
      request.write(whole.slice(0, 40), () => request.destroy());
    });
    expect(await post(whole, { id: 'delivery-3' })).toBeLessThan(300);
    expect(taken.map(({ id }) => id)).toEqual(['delivery-3']);
  });

  it('with numbers that nobody knows is taken as suspicious, and of medium weight', async () => {
    const unknown = { severity_id: 4_711, disposition_id: 4_711, disposition: 'Bamboozled', activity_id: 4_711 };
    const finding_info = { uid: 'finding-2', title: 'Something odd' };
    expect(await post(finding({ ...unknown, finding_info }))).toBeLessThan(300);
    const [one] = taken;
    expect([one?.alert.verdict, one?.alert.severity, one?.alert.vendorAction?.state]).toEqual([
      'suspicious',
      'medium',
      'other',
    ]);
  });

  it('with an id beyond what a double holds keeps every digit of it', async () => {
    const body = finding().replace('"uid":"finding-1"', '"uid":9223372036854775807');
    expect(await post(body)).toBeLessThan(300);
    expect(taken[0]?.alert.id).toBe('9223372036854775807');
  });
});
