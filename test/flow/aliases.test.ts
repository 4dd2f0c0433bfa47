import { beforeEach, describe, expect, it } from 'vitest';
import { Alert } from '../../src/core/find/alert.ts';
import { NO_CLAIMS, type Source } from '../../src/core/find/source.ts';
import { situationOf } from '../../src/core/incident/incident.ts';
import { receive } from '../../src/flow/find/intake.ts';
import { scope } from '../../src/flow/find/scope.ts';
import { differencesOf } from '../../src/flow/record/compare.ts';
import { mark } from '../../src/flow/record/trust.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { type Copy, createFakeMail, RECOVERABLE, SUBJECT } from '../support/fake-mail.ts';
import { SOURCE } from '../support/source.ts';
import { ANN, BOB, CAS, DANA, looking, OMAR } from './looking.ts';

/** Two sources name one mail by different ids: it is one incident, and what anybody can write makes none. */

const ID = '<wave-1@mailer.example>';
const FROM = 'billing@fabrikam.example';
const NETWORK = '33333333-0000-4000-8000-00000000000a';
const OTHER = '33333333-0000-4000-8000-00000000000b';
/** Exchange's own ids are facts with it. */
const DEFENDER: Source = { ...SOURCE, name: 'defender' };
const BY_ID = { networkMessageId: NETWORK, subject: SUBJECT };
/** It knows what stands in the mail. */
const GATEWAY: Source = { name: 'gateway', kind: 'detector', claims: NO_CLAIMS };
const BY_HEADERS = { internetMessageId: ID, sender: FROM, subject: SUBJECT };

let world: World;
let sent = 0;
const { atRest, cardOf, childrenOf, entries, incident, later, looks, planOf, warnings, tell } = looking(() => world);

beforeEach(async () => {
  world = createWorld(undefined, createFakeMail({ hunting: 'delivered' }));
  await world.govern(POLICIES[2] as (typeof POLICIES)[number]);
});

const lands = (address = ANN, change: object = {}): Copy =>
  world.mail.put(address, { ...BY_HEADERS, networkMessageId: NETWORK, ...change });

/** Taken in; nothing is looked for yet. */
async function told(source: Source, message: object, more: object = {}): Promise<string> {
  sent += 1;
  const alert = Alert.parse({
    id: `alert ${sent}`,
    source: source.name,
    verdict: 'phishing',
    detectedAt: '2026-11-20T07:59:00Z',
    message,
    recipients: [ANN, BOB],
    ...more,
  });
  const id = `delivery ${sent}`;
  return (await receive(world.flow, alert, { source, id, body: id })).incident ?? '';
}
const states = async () =>
  (await tell((tx) => tx.incidents.list(100))).map((one) => `${one.id} ${situationOf(one)}`).toSorted();
const intact = (id: string) => differencesOf({ store: world.flow.store, hash: world.flow.hash }, id);

describe('a mail that one source names by its network id and another by its headers', () => {
  it('is one incident, whoever comes first', async () => {
    lands();
    const first = await told(DEFENDER, BY_ID);
    await atRest();
    expect(await told(GATEWAY, BY_HEADERS)).toBe(first);
    await atRest();
    expect((await incident(first))?.alerts).toBe(2);
  });

  it('is one incident the other way round', async () => {
    lands();
    const first = await told(GATEWAY, BY_HEADERS);
    await atRest();
    expect(await told(DEFENDER, BY_ID)).toBe(first);
  });

  it('is one incident also where the second does not name the subject', async () => {
    lands();
    const first = await told(DEFENDER, BY_ID);
    await atRest();
    expect(await told(GATEWAY, { ...BY_HEADERS, subject: null })).toBe(first);
  });

  it('is one incident where tracking names it and no copy is there any more', async () => {
    lands().folderId = RECOVERABLE;
    const first = await told(DEFENDER, BY_ID);
    await atRest();
    expect(await told(GATEWAY, BY_HEADERS)).toBe(first);
  });

  it('is one incident that is looked for anew, where nothing could be proven by the network id alone', async () => {
    lands();
    const first = await told(DEFENDER, { networkMessageId: NETWORK });
    await atRest();
    expect((await planOf(first))?.copies).toEqual([]);
    expect(await told(GATEWAY, BY_HEADERS)).toBe(first);
    await atRest();
    expect([(await planOf(first))?.copies.length, looks(first)]).toEqual([1, ['alert 2']]);
  });

  it('is one incident by the Message-ID that Exchange keeps, where the alert had none that could be read', async () => {
    lands();
    const first = await told(DEFENDER, { ...BY_ID, sender: FROM });
    await atRest();
    expect(await told(GATEWAY, { internetMessageId: ID, sender: FROM })).toBe(first);
  });

  it('is one incident once a later look has seen it', async () => {
    const first = await told(DEFENDER, BY_ID);
    await atRest();
    lands();
    await later(15);
    expect(await told(GATEWAY, BY_HEADERS)).toBe(first);
  });
});

describe('one that is reported by the other id while it is being looked for', () => {
  async function both() {
    lands();
    return [await told(DEFENDER, BY_ID), await told(GATEWAY, BY_HEADERS, { recipients: [CAS] })] as const;
  }

  it('goes on in the one whose search ended first, and both cards and the record say so', async () => {
    const [first, second] = await both();
    await atRest();
    expect(await states()).toEqual([`${first} open`, `${second} rejected`]);
    expect(cardOf(second)?.status).toBe(`The same mail as ${first}: it goes on there. Nothing was touched.`);
    expect(cardOf(second)?.actions).toEqual([]);
    expect(warnings(first)).toContainEqual(expect.stringContaining(`${second} was joined to this one`));
    expect(entries(second, 'incident.joined').map(({ detail }) => detail)).toEqual([{ into: first }]);
    expect([await intact(first), await intact(second)]).toEqual([[], []]);
  });

  it('goes on in the second where that one’s search ended first', async () => {
    const [first, second] = await both();
    await scope(world.flow, second);
    await atRest();
    expect(await states()).toEqual([`${first} rejected`, `${second} open`]);
  });

  it('brings along what was said of it there', async () => {
    lands();
    const first = await told(GATEWAY, BY_HEADERS);
    const reporter = { entraId: OMAR.entraId };
    const second = await told(DEFENDER, BY_ID, { reporter, recipients: [CAS], severity: 'critical' });
    await atRest();
    const { alert, askers, alerts } = (await incident(first)) ?? {};
    expect([alert?.severity, alert?.recipients, alert?.networkIds, alerts]).toEqual([
      'critical',
      [ANN, BOB, CAS],
      [NETWORK],
      2,
    ]);
    expect(askers?.map(({ entraId }) => entraId)).toEqual([OMAR.entraId]);
    expect((await incident(second))?.stands).toBe('rejected');
  });

  it('with copies that the other list does not hold yet is looked for there at once', async () => {
    lands();
    const late = lands(CAS);
    world.mail.hunting.late.add(late);
    const [first, second] = [await told(DEFENDER, BY_ID), await told(GATEWAY, BY_HEADERS, { recipients: [CAS] })];
    await atRest();
    const [child] = await childrenOf(first);
    expect(await states()).toEqual([`${first} open`, `${second} rejected`, `${child} open`]);
    expect([looks(first), (await planOf(child ?? ''))?.copies.map(({ address }) => address)]).toEqual([
      ['alert 1'],
      [CAS],
    ]);
  });

  it('with nothing that the other list lacks is not looked for there once more', async () => {
    const [first] = await both();
    await atRest();
    expect(looks(first)).toEqual([]);
  });

  it('and is another delivery with the same headers besides keeps its list: both cards say so', async () => {
    lands();
    lands(CAS, { networkMessageId: OTHER });
    const first = await told(DEFENDER, BY_ID);
    const second = await told(GATEWAY, BY_HEADERS, { recipients: [CAS] });
    await atRest();
    expect(await states()).toEqual([`${first} open`, `${second} open`]);
    expect((await planOf(second))?.copies).toHaveLength(2);
    expect(warnings(first)).toContainEqual(expect.stringContaining(second));
    expect(warnings(second)).toContainEqual(expect.stringContaining(first));
  });

  it('is decided once', async () => {
    const [first, second] = await both();
    await atRest();
    await world.press(DANA, 'slack', 'purge', first);
    await atRest();
    await world.press(DANA, 'slack', 'reopen', second);
    await atRest();
    expect(await states()).toEqual([`${first} purged`, `${second} rejected`]);
    expect(world.mail.effects).toHaveLength(1);
  });

  it('reported once more by any id of it joins the one where it goes on', async () => {
    const [first] = await both();
    await atRest();
    const again = [await told(DEFENDER, BY_ID), await told(GATEWAY, BY_HEADERS)];
    expect(again).toEqual([first, first]);
  });

  it('reported once more at the very moment goes on there as well', async () => {
    const [first, second] = await both();
    const { transact } = world.flow.store;
    const reads = { second: 0 };
    // What the alert reads was true a moment ago: meanwhile the search ends.
    await atRest();
    world.flow.store.transact = (work) =>
      transact((tx) => {
        const filedUnder: typeof tx.incidents.filedUnder = async (keys) => {
          const found = await tx.incidents.filedUnder(keys);
          reads.second += 1;
          return found.filter(({ id }) => id === second).map((one) => ({ ...one, state: 'received' as const }));
        };
        return work({ ...tx, incidents: { ...tx.incidents, filedUnder } });
      });
    expect([await told(GATEWAY, BY_HEADERS), reads.second > 0]).toEqual([first, true]);
    world.flow.store.transact = transact;
  });

  it('where the one that was first has a list without copies, and the other one has found some, stays: both cards say so', async () => {
    const copy = lands();
    world.mail.hunting.late.add(copy);
    const first = await told(DEFENDER, BY_ID);
    await atRest();
    const second = await told(GATEWAY, BY_HEADERS);
    await atRest();
    expect(await states()).toEqual([`${first} open`, `${second} open`]);
    const words = (other: string) =>
      expect.stringContaining(`Open about the same mail, by the id that Exchange gave it: ${other}.`);
    expect([warnings(first), warnings(second)]).toEqual([
      expect.arrayContaining([words(second)]),
      expect.arrayContaining([words(first)]),
    ]);
  });
});

describe('news of a mail that has other cards', () => {
  /** One about its network id alone, whose copies tracking shows only to the second one. */
  async function first(): Promise<string> {
    world.mail.hunting.late.add(lands());
    const id = await told(DEFENDER, BY_ID);
    await atRest();
    return id;
  }
  const revision = async (id: string) => (await incident(id))?.revision;

  it('is told on those that are open', async () => {
    const id = await first();
    const before = (await revision(id)) ?? 0;
    await told(GATEWAY, BY_HEADERS);
    await atRest();
    expect(await revision(id)).toBe(before + 1);
  });

  it.each<[string, (id: string) => Promise<unknown>]>([
    ['is over', (id) => world.press(OMAR, 'slack', 'reject', id)],
    ['was tampered with', (id) => tell((tx) => mark(world.flow, tx, id, 'somebody changed it'))],
  ])('is not told on one that %s', async (_what, happens) => {
    const id = await first();
    await happens(id);
    await atRest();
    const before = await revision(id);
    const second = await told(GATEWAY, BY_HEADERS);
    await atRest();
    expect([second === id, await revision(id)]).toEqual([false, before]);
    expect((await planOf(second))?.copies).toHaveLength(1);
  });
});

describe('what anybody can write', () => {
  it('a Message-ID with another sender is another mail', async () => {
    lands();
    const first = await told(DEFENDER, BY_ID);
    await atRest();
    const second = await told(GATEWAY, { ...BY_HEADERS, sender: 'mallory@mailer.example' });
    await atRest();
    expect(await states()).toEqual([`${first} open`, `${second} open`]);
    expect(warnings(first)).not.toContainEqual(expect.stringContaining(second));
  });

  it('the same while it is being looked for joins nothing', async () => {
    lands();
    const first = await told(DEFENDER, BY_ID);
    const second = await told(GATEWAY, { ...BY_HEADERS, sender: 'mallory@mailer.example' });
    await atRest();
    expect(await states()).toEqual([`${first} open`, `${second} open`]);
  });

  it('Message-ID and sender with another subject are another mail', async () => {
    lands();
    const first = await told(DEFENDER, BY_ID);
    await atRest();
    expect(await told(GATEWAY, { ...BY_HEADERS, subject: 'All-hands on Friday' })).not.toBe(first);
  });

  it('a network id of whose source ids are no facts joins nothing by itself', async () => {
    lands();
    const first = await told(DEFENDER, BY_ID);
    await atRest();
    expect(await told(GATEWAY, BY_ID)).not.toBe(first);
  });
});
