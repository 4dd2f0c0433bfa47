import type { IncomingMessage, ServerResponse } from 'node:http';
import http from 'node:http';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSlackRig } from '../support/card-pictures/slack-rig.ts';
import { cardStates } from '../support/card-pictures/states.ts';
import { startTeamsRig } from '../support/card-pictures/teams-rig.ts';

/** Genuinely signed, and nothing that a card or a command of ours sends: on record, answered, and never acted on. */

const view = cardStates()[1]?.view ?? expect.fail('no state');

describe('Slack', () => {
  let rig: Awaited<ReturnType<typeof startSlackRig>>;
  let card = '';
  beforeAll(async () => {
    rig = await startSlackRig();
    card = (await rig.slack.rooms.post(view, 'key-1')).message;
  });
  afterAll(() => rig.close());

  type Payload = Record<string, unknown>;
  const send = (patch: (payload: Payload) => Payload) => rig.world.click('ana', card, 'cb:purge', { patch });
  const acted = () => [rig.desk.presses.length, rig.desk.commands.length];

  test.each([
    ['another kind of press', (press: Payload) => ({ ...press, type: 'interactive_message' })],
    [
      'twenty-six buttons',
      (press: Payload) => ({ ...press, actions: Array(26).fill((press['actions'] as object[])[0]) }),
    ],
    ['a list for its container', (press: Payload) => ({ ...press, container: [] })],
    ['a value of 2,001 characters', (press: Payload) => withAction(press, { value: 'x'.repeat(2_001) })],
    ['an id of 256 characters', (press: Payload) => ({ ...press, user: { ...(press['user'] as object), name: 1 } })],
  ])('a press with %s is refused as one of an unknown shape, and acknowledged', async (_what, change) => {
    const before = rig.desk.turnedAway.length;
    const { status } = await send(change);
    expect([status, rig.desk.turnedAway.slice(before), acted()]).toEqual([
      200,
      [{ where: 'Slack', why: 'press of an unknown shape' }],
      [0, 0],
    ]);
  });

  test.each(['shortcut', 'message_action'])('a %s is a stray of the person, and acknowledged', async (type) => {
    const before = rig.desk.strays.length;
    const { status } = await send(({ user, team, trigger_id }) => ({
      type,
      user,
      team,
      trigger_id,
      callback_id: 'approve',
      action_ts: '1',
      channel: { id: 'C0X', name: 'x' },
      message: { ts: '1' },
      response_url: 'http://127.0.0.1:9/x',
      message_ts: '1',
    }));
    expect([status, rig.desk.strays.slice(before), acted()]).toEqual([
      200,
      [{ by: expect.objectContaining({ platform: 'slack', id: rig.world.users['ana']?.id }), what: 'shortcut' }],
      [0, 0],
    ]);
  });

  function withAction(press: Payload, change: Payload): Payload {
    return { ...press, actions: [{ ...(press['actions'] as Payload[])[0], ...change }] };
  }
});

describe('Teams', () => {
  let rig: Awaited<ReturnType<typeof startTeamsRig>>;
  let card = '';
  beforeAll(async () => {
    rig = await startTeamsRig();
    card = (await rig.teams.rooms.post(view, 'key-1')).message;
  });
  afterAll(() => rig.close());

  type Json = Record<string, unknown>;
  const draft = () => rig.world.draft('ana', card, 'purge') as Json;
  const value = (data: Json) => ({
    ...draft(),
    value: { action: { verb: 'purge', data: { incident: view.incident, digest: view.digest, ...data } } },
  });

  test.each([
    ['an incident of 41 characters', { incident: 'x'.repeat(41) }],
    ['an empty incident', { incident: '' }],
    ['a digest of 129 characters', { digest: 'f'.repeat(129) }],
    ['a reason of 4,001 characters', { reason: 'x'.repeat(4_001) }],
    ['a page that no list has', { page: 1_000_000 }],
    ['a page below the first', { page: -1 }],
  ])('a press with %s is a stray of the person', async (_what, data) => {
    const before = rig.desk.strays.length;
    expect((await rig.world.raw(value(data))).status).toBe(200);
    expect(rig.desk.strays.slice(before).map(({ what }) => what)).toEqual(['card action that no card of ours sends']);
    expect(rig.desk.presses).toEqual([]);
  });

  test.each([
    ['an incident of 40 characters', { incident: 'x'.repeat(40) }],
    ['a digest of 128 characters', { digest: 'f'.repeat(128) }],
    ['a reason of 4,000 characters', { reason: 'x'.repeat(4_000) }],
  ])('a press with %s can be read, and is the desk’s to refuse', async (_what, data) => {
    await rig.world.raw(value(data));
    expect(rig.desk.presses.splice(0)).toMatchObject([data]);
  });

  test.each([
    ['another name', 'task/fetch', 'invoke task/fetch'],
    ['no name', undefined, 'invoke without a name'],
  ])('an invoke with %s is a stray', async (_what, name, what) => {
    const before = rig.desk.strays.length;
    await rig.world.raw({ ...draft(), name });
    expect(rig.desk.strays.slice(before).map((stray) => stray.what)).toEqual([what]);
    expect(rig.desk.presses).toEqual([]);
  });

  test('a body that says nothing of its size is read to the limit and no further', async () => {
    const status = await new Promise<number>((resolve, reject) => {
      const sent = http.request(rig.url, { method: 'POST', headers: { 'transfer-encoding': 'chunked' } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      sent.on('error', reject);
      sent.write('x'.repeat(262_144));
      // One byte too many, and the end never comes: whoever waits for it waits in vain.
      sent.write('x');
    });
    expect(status).toBe(413);
  });

  test('a body that was read elsewhere is held to the same limit', async () => {
    const answered: number[] = [];
    const res = { writeHead: (status: number) => ({ end: () => answered.push(status) }) };
    const req = Object.assign(Readable.from([]), { headers: {} });
    const bytes = Buffer.alloc(262_145, 'x');
    const why = await rig.teams.handle(req as unknown as IncomingMessage, res as unknown as ServerResponse, bytes);
    expect([why, answered, await rig.teams.believes('Bearer x', bytes)]).toEqual(['too large', [413], false]);
  });
});
