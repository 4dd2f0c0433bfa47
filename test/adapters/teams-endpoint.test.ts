import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { STAYS_LINE } from '../support/card-pictures/replies.ts';
import { cardStates } from '../support/card-pictures/states.ts';
import { APP_ID, startTeamsRig, TENANT_ID } from '../support/card-pictures/teams-rig.ts';

type Rig = Awaited<ReturnType<typeof startTeamsRig>>;
const view = cardStates()[1]?.view ?? expect.fail('no state');
const CONNECTOR = 'https://api.botframework.com';
const ENTRA = `https://sts.windows.net/${TENANT_ID}/`;
const ENTRA_2 = `https://login.microsoftonline.com/${TENANT_ID}/v2.0`;
const DAY_S = 86_400;

/** A press as Teams would send it, each with an id of its own. */
async function pressing(rig: Rig): Promise<() => Record<string, unknown>> {
  const ref = await rig.teams.rooms.post(view, 'key-1');
  return () => rig.world.draft('ana', ref.message, 'purge');
}

/** A genuine token, with its scheme, as it came with an event. */
async function tokenOf(rig: Rig): Promise<string> {
  const [event] = await rig.world.install('ana');
  return event?.sent.headers['authorization'] ?? expect.fail('nothing was sent');
}

/** All that this process says on stdout and stderr, however it says it. */
let said: string[] = [];
beforeEach(() => {
  said = [];
  const hear = (what: unknown) => {
    said.push(String(what));
    return true;
  };
  for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, name).mockImplementation((...words) => void hear(words.join(' ')));
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, 'write').mockImplementation(hear);
});
afterEach(() => vi.restoreAllMocks());

describe('the whole endpoint, with botbuilder behind it', () => {
  let rig: Rig;
  let draft: () => Record<string, unknown>;
  const done = () => [rig.desk.presses.length, rig.desk.strays.length, rig.desk.commands.length, rig.learned.length];

  beforeAll(async () => {
    rig = await startTeamsRig();
    draft = await pressing(rig);
  });
  afterAll(() => rig.close());

  test('takes a genuine press', async () => {
    expect((await rig.world.raw(draft())).status).toBe(200);
    expect(rig.desk.presses).toHaveLength(1);
  });

  test('takes a token that ended 4 minutes ago: clocks differ', async () => {
    const before = rig.desk.presses.length;
    const delivered = await rig.world.raw(draft(), { expiresIn: -240 });
    expect([delivered.status, rig.desk.presses.length - before]).toEqual([200, 1]);
  });

  test.each([
    ['no token at all', { absent: true }],
    ['another audience', { aud: 'another-app' }],
    ['another issuer', { iss: 'https://evil.example/' }],
    ['an expired token', { expiresIn: -360 }],
    ['a token without an end', { claims: { exp: undefined } }],
    ['a token that lives for a week', { expiresIn: 7 * DAY_S }],
    ['a token of tomorrow', { claims: { nbf: Math.floor(Date.now() / 1_000) + DAY_S } }],
    ['a key nobody published', { key: 'foreign' as const }],
    ['a key that is not endorsed for Teams', { key: 'unendorsed' as const }],
    ['HS256 with the public key as secret', { alg: 'HS256' as const }],
    ['no signature', { alg: 'none' as const }],
    ['a token made for another service URL', { serviceUrl: 'https://smba.trafficmanager.net/other/' }],
    ['a token made for two service URLs', { claims: { serviceUrl: 'https://smba.trafficmanager.net/other/' } }],
    ['a token without a service URL', { serviceUrl: null }],
    ['our own outbound token', { iss: ENTRA, aud: CONNECTOR, claims: { appid: APP_ID, tid: TENANT_ID, ver: '1.0' } }],
    ['our own newer token', { iss: ENTRA_2, aud: CONNECTOR, claims: { azp: APP_ID, tid: TENANT_ID, ver: '2.0' } }],
    ['the token of a skill', { iss: ENTRA, claims: { appid: 'another-app', tid: TENANT_ID, ver: '1.0' } }],
    ['a token that an app got for us', { claims: { appid: APP_ID } }],
  ])('answers 401 and does nothing for %s', async (_name, token) => {
    const before = [...done(), rig.desk.keys.length];
    expect((await rig.world.raw(draft(), token)).status).toBe(401);
    expect([...done(), rig.desk.keys.length]).toEqual(before);
    expect(said, 'nothing of a forged token, or of what it was held against, is printed').toEqual([]);
  });

  test.each([
    ['a foreign key', { key: 'foreign' as const }, 'signature'],
    ['a key of another channel', { key: 'unendorsed' as const }, 'endorsement'],
    ['HS256', { alg: 'HS256' as const }, 'algorithm'],
    ['no algorithm', { alg: 'none' as const }, 'no bearer token'],
    ['a key id that nobody published', { kid: 'made-up' }, 'unknown key'],
    ['no key id', { kid: null }, 'unknown key'],
  ])('of a token with %s the security log says so in words of ours', async (_name, token, why) => {
    await rig.world.raw(draft(), token);
    await vi.waitFor(() => expect(rig.refusals.at(-1)).toBe(why));
  });

  test('a signature of other bytes than these is refused, one letter changed', async () => {
    const [head, claims, signature = ''] = (await tokenOf(rig)).split('.');
    const changed = `${head}.${claims}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    const before = done();
    const answer = await fetch(rig.url, {
      method: 'POST',
      headers: { authorization: changed, 'content-type': 'application/json' },
      body: JSON.stringify(draft()),
    });
    expect([answer.status, done(), said]).toEqual([401, before, []]);
  });

  test('a genuine request is believed without being used up', async () => {
    const header = await tokenOf(rig);
    const [body, before] = [JSON.stringify(draft()), done()];
    const asked = [header, header, undefined, `${header}x`];
    const answers = await Promise.all(asked.map((one) => rig.teams.believes(one, Buffer.from(body))));
    expect([answers, done()]).toEqual([[true, true, false, false], before]);
    expect((await rig.world.raw(body)).status).toBe(200);
  });

  test.each([
    ['another tenant', { channelData: { tenant: { id: 'another' } }, conversation: { id: '19:x' } }],
    ['two tenants', { channelData: { tenant: { id: 'another' } } }],
    ['no service URL', { serviceUrl: '' }],
    ['a blank channel', { channelId: '' }],
    ['the channel of the side entrance', { channelId: 'AseChannel' }],
    ['no type', { type: null }],
    ['no activity id', { id: undefined }],
    ['a person without an Entra id', { from: { id: '29:x', name: 'Ana' } }],
    ['a skill as the sender', { from: { id: '29:x', role: 'skill' } }],
    ['another bot as the recipient', { recipient: { id: '28:another-app' } }],
  ])('answers 401 and does nothing for a body with %s', async (_name, change) => {
    const before = done();
    expect((await rig.world.raw({ ...draft(), ...change })).status).toBe(401);
    expect(done()).toEqual(before);
  });

  test('says nothing about why to the caller', async () => {
    const delivered = await rig.world.raw(draft(), { key: 'foreign' });
    expect(delivered.body).toSatisfy((said) => said === null || said === '' || said === undefined);
  });

  test('tells the security log why', async () => {
    await rig.world.raw(draft(), { aud: 'another-app' });
    await vi.waitFor(() => expect(rig.refusals.at(-1)).toBe('audience'));
  });

  test.each([
    ['not JSON', 'press please', 400],
    ['a list', '[]', 400],
    ['a number', '5', 400],
    ['a text', '"press"', 400],
    ['nothing', 'null', 400],
    ['20,000 brackets', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, 400],
    ['an object with 20,000 brackets', `{"value":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 400],
    ['300 KB', JSON.stringify({ text: 'x'.repeat(300_000) }), 413],
  ])('answers a body of %s with a bare status', async (_name, text, status) => {
    expect((await rig.world.raw(text)).status).toBe(status);
  });

  test('takes 256 KB, and not a byte more', async () => {
    const header = await tokenOf(rig);
    const of = (length: number) => {
      const press = draft();
      const text = (filler: string) => JSON.stringify({ ...press, filler });
      return text('x'.repeat(length - text('').length));
    };
    const believed = (text: string) => rig.teams.believes(header, Buffer.from(text));
    expect([await believed(of(262_144)), await believed(of(262_145))]).toEqual([true, false]);
    expect([(await rig.world.raw(of(262_144))).status, (await rig.world.raw(of(262_145))).status]).toEqual([200, 413]);
  });

  test('answers a press with the card that it was about', async () => {
    expect(await rig.world.raw(draft())).toMatchObject({ status: 200, body: { statusCode: 200, value: STAYS_LINE } });
  });

  test('answers an event, which wants to hear nothing, with a bare status', async () => {
    const events = await rig.world.install('ana');
    expect(events.map(({ status, body }) => [status, body || null])).toEqual(events.map(() => [200, null]));
    expect(events).not.toEqual([]);
  });

  test('answers 400 to a body that says a key twice, whoever signed for it', async () => {
    const before = done();
    const twice = JSON.stringify(draft()).replace('{', '{"channelId":"emulator",');
    expect((await rig.world.raw(twice)).status).toBe(400);
    expect(done()).toEqual(before);
  });
});

test('a clock that is a day ahead refuses what is good for an hour', async () => {
  const rig = await startTeamsRig({ now: () => Date.now() + DAY_S * 1_000 });
  try {
    const draft = await pressing(rig);
    expect((await rig.world.raw(draft())).status).toBe(401);
    await vi.waitFor(() => expect(rig.refusals).toEqual(['token expired']));
  } finally {
    await rig.close();
  }
});

describe('a request that comes in again', () => {
  let rig: Rig;
  let draft: () => Record<string, unknown>;
  beforeEach(async () => {
    rig = await startTeamsRig();
    draft = await pressing(rig);
  });
  afterEach(() => rig.close());

  test('is answered with a bare 200, has no effect and is reported', async () => {
    const first = await rig.world.raw(draft());
    const second = await rig.world.again(first.sent);
    expect(second.status).toBe(200);
    expect(second.body).toSatisfy((said) => said === null || said === '' || said === undefined);
    expect(rig.desk.presses).toHaveLength(1);
    await vi.waitFor(() => expect(rig.refusals).toEqual([null, 'replayed']));
  });

  test('is the same request with another token', async () => {
    const press = draft();
    await rig.world.raw(press);
    await rig.world.raw(press, { expiresIn: 1_800 });
    expect(rig.desk.presses).toHaveLength(1);
  });

  test('is another request when a person presses twice', async () => {
    await rig.world.raw(draft());
    await rig.world.raw(draft());
    expect(rig.desk.presses).toHaveLength(2);
  });

  test('is remembered by a key that tells nothing', async () => {
    await rig.world.raw(draft());
    expect(rig.desk.keys).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
  });

  test('as a message is heard once: Teams sends it again when our answer was lost', async () => {
    const said = await rig.world.say('ana', 'stop the newsletter is ours');
    expect((await rig.world.again(said.sent)).status).toBe(200);
    expect(rig.desk.commands.map(({ words }) => words)).toEqual(['stop the newsletter is ours']);
  });

  test('as an event teaches nothing again', async () => {
    const [removed] = await rig.world.uninstall('ana');
    await rig.world.install('ana');
    await rig.world.again(removed?.sent ?? expect.fail('nothing was sent'));
    expect(rig.learned.at(-1)?.event).toBe('present');
  });

  test('is taken when the memory failed the first time: nothing was done then', async () => {
    const remembering = rig.desk.isFresh;
    rig.desk.isFresh = () => Promise.reject(new Error('the database is down'));
    const first = await rig.world.raw(draft());
    expect([first.status, rig.desk.presses.length]).toEqual([503, 0]);
    rig.desk.isFresh = remembering;
    expect((await rig.world.again(first.sent)).status).toBe(200);
    expect(rig.desk.presses).toHaveLength(1);
  });

  test('while the memory fails, the log says so and the caller is told nothing', async () => {
    rig.desk.isFresh = () => Promise.reject(new Error('the database is down'));
    const delivered = await rig.world.raw(draft());
    expect(delivered.body).toSatisfy((said) => said === null || said === '' || said === undefined);
    expect(rig.failures).toEqual(['a request from Teams broke here']);
  });

  test('junk with a bad signature does not reach the memory', async () => {
    await rig.world.raw(draft(), { key: 'foreign' });
    expect(rig.desk.keys).toEqual([]);
  });
});
