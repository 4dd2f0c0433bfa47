import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { graphReading } from '../../src/adapters/microsoft/reading.ts';
import { defender } from '../../src/adapters/sources/defender/defender.ts';
import type { GraphReading, Pulled } from '../../src/ports/source.ts';
import { openSandbox, type Sandbox } from '../sandbox/graph-stand-in.ts';
import { DEFENDER_ALERT, DEFENDER_MESSAGE, DEFENDER_RULE } from '../support/payloads/vendors.ts';

/** Defender is asked through the tenant's own Graph for the alerts that were changed since. */

describe('Defender', () => {
  const NOW = '2026-11-20T09:00:00.000Z';
  let sandbox: Sandbox;
  let graph: GraphReading;
  const opened = async (roles: readonly string[]) => {
    sandbox = await openSandbox({ roles });
    graph = graphReading({
      baseUrl: sandbox.graph.url,
      token: () => Promise.resolve(sandbox.token),
      ids: () => crypto.randomUUID(),
      clock: Date.now,
    });
  };
  beforeEach(() => opened(['SecurityAlert.Read.All']));
  afterEach(() => sandbox[Symbol.asyncDispose]());

  const ask = (cursor: string | null, now = NOW) => defender.pull.ask({ url: '', secret: '', now, graph }, cursor);
  const put = (n: number, change: object = {}) => {
    const evidence = [
      { ...DEFENDER_MESSAGE, networkMessageId: `11111111-2222-4333-8444-${String(n).padStart(12, '0')}` },
    ];
    sandbox.graph.alerts.push({ ...DEFENDER_ALERT, id: `alert-${n}`, evidence, ...change });
  };
  async function all(cursor: string | null = null, now = NOW) {
    const items: Extract<Pulled, { kind: 'page' }>['items'][number][] = [];
    let at = cursor;
    for (let pages = 1; pages < 50; pages += 1) {
      const page = await ask(at, now);
      if (page.kind === 'failed') throw new Error(page.why);
      items.push(...page.items);
      at = page.cursor;
      if (!page.more) return { items, cursor: at, pages };
    }
    throw new Error('it never ends');
  }

  const namesOf = ({ items }: Pick<Awaited<ReturnType<typeof all>>, 'items'>) =>
    items.map(({ understood }) => 'alert' in understood && understood.alert.id).toSorted();

  it('is asked for the last day at first, and then on from when it was asked, with half an hour of before', async () => {
    put(1, { lastUpdateDateTime: '2026-11-18T08:00:00Z' });
    put(2, { lastUpdateDateTime: '2026-11-20T08:40:00Z' });
    const first = await all();
    expect(namesOf(first)).toEqual(['alert-2']);
    put(3, { lastUpdateDateTime: '2026-11-20T08:35:00Z' });
    put(4, { lastUpdateDateTime: '2026-11-20T08:20:00Z' });
    const second = await all(first.cursor, '2026-11-20T09:01:00.000Z');
    expect(namesOf(second)).toEqual(['alert-2', 'alert-3']);
    expect(second.items.map(({ id }) => id)).toContain(first.items[0]?.id);
  });

  it('is not asked for the last alert again and again while there is no other', async () => {
    put(1, { lastUpdateDateTime: '2026-11-20T08:59:00Z' });
    const first = await all();
    const soon = await all(first.cursor, '2026-11-20T09:10:00.000Z');
    const later = await all(soon.cursor, '2026-11-20T09:45:00.000Z');
    const quiet = await all(later.cursor, '2026-11-22T10:00:00.000Z');
    expect([first, soon, later, quiet].map((answer) => answer.items.length)).toEqual([1, 1, 1, 0]);
  });

  it('a time that lies ahead in one alert keeps no other one out', async () => {
    put(1, { lastUpdateDateTime: '2099-01-01T00:00:00Z' });
    const first = await all();
    put(2, { lastUpdateDateTime: '2026-11-20T09:05:00Z' });
    expect(namesOf(await all(first.cursor, '2026-11-20T09:10:00.000Z'))).toContain('alert-2');
  });

  it('whose place in the list is known no more is read again from its first page', async () => {
    put(1, { lastUpdateDateTime: '2026-11-20T08:40:00Z' });
    const lost = JSON.stringify({
      v: 1,
      since: '2026-11-20T08:30:00.000Z',
      asked: NOW,
      next: '/security/alerts_v2?$skiptoken=lost',
    });
    const page = await ask(lost);
    expect(page).toMatchObject({ kind: 'page', items: [], more: false });
    expect(namesOf(await all(page.kind === 'page' ? page.cursor : null))).toEqual(['alert-1']);
  });

  it('is read to its end before it is asked from another time', async () => {
    for (let n = 0; n < 120; n += 1) put(n);
    const { items, pages } = await all();
    expect([new Set(items.map(({ id }) => id)).size, pages]).toEqual([120, 3]);
  });

  it('says something new where its automation did something, and nothing where only its time changed', async () => {
    put(1);
    const idNow = async () => (await all()).items[0]?.id;
    const first = await idNow();
    Object.assign(sandbox.graph.alerts[0] ?? {}, { lastUpdateDateTime: '2026-11-20T08:05:00Z' });
    expect(await idNow()).toBe(first);
    Object.assign(sandbox.graph.alerts[0] ?? {}, {
      evidence: [{ ...DEFENDER_MESSAGE, remediationStatus: 'remediated' }],
    });
    expect(await idNow()).not.toBe(first);
  });

  it('says nothing new where it was only told how it ended', async () => {
    put(1);
    const idNow = async () => (await all()).items[0]?.id;
    const first = await idNow();
    Object.assign(sandbox.graph.alerts[0] ?? {}, {
      status: 'resolved',
      classification: 'informationalExpectedActivity',
      determination: 'securityTesting',
      comments: [{ comment: 'Clawback CB-0001: an exercise.' }],
    });
    expect(await idNow()).toBe(first);
  });

  it('is not taken for what it says of devices', async () => {
    put(1, { evidence: [{ '@odata.type': '#microsoft.graph.security.deviceEvidence' }] });
    put(2, { evidence: [DEFENDER_RULE] });
    const { items } = await all();
    expect(items.map(({ understood }) => 'why' in understood && understood.why)).toEqual(['invalid-alert']);
  });

  it('that refuses says which right is missing', async () => {
    await sandbox[Symbol.asyncDispose]();
    await opened(['User.Read.All']);
    expect(await ask(null)).toEqual({
      kind: 'failed',
      why: 'Microsoft Graph refuses (403): grant SecurityAlert.Read.All',
      waitMs: null,
    });
  });

  it.each([
    [429, 'it was asked too often (429)', 30_000],
    [503, 'Microsoft Graph answers with 503', 30_000],
    [501, 'this cloud has no alerts of Defender (501)', null],
  ])('that answers with %i is asked for the same again', async (status, why, waitMs) => {
    const busy: GraphReading = { get: () => Promise.resolve({ status, body: undefined, waitMs }) };
    const how = { url: '', secret: '', now: NOW, graph: busy };
    const answer = await defender.pull.ask(how, null);
    expect(answer).toEqual({ kind: 'failed', why, waitMs });
  });

  it.each([
    ['no list', { error: {} }, 'no list of alerts'],
    ['a next page elsewhere', { value: [], '@odata.nextLink': 'https://evil.example/v1.0/users' }, 'lies elsewhere'],
  ])('that answers with %s has failed', async (_name, body, why) => {
    const odd: GraphReading = { get: () => Promise.resolve({ status: 200, body, waitMs: null }) };
    const how = { url: '', secret: '', now: NOW, graph: odd };
    expect(await defender.pull.ask(how, null)).toMatchObject({
      kind: 'failed',
      why: expect.stringContaining(why),
    });
  });
});
