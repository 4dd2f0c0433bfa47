import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startSlackRig } from '../support/card-pictures/slack-rig.ts';
import { cardStates } from '../support/card-pictures/states.ts';

/** What Slack itself signed and we have no use for: acknowledged, on record, and nobody's vote. */
const view = cardStates()[1]?.view ?? expect.fail('no state');
type Payload = Record<string, unknown>;
type Action = Readonly<Record<string, string>>;

describe('a payload from Slack that is no press of ours', () => {
  let rig: Awaited<ReturnType<typeof startSlackRig>>;
  let card: string;
  beforeEach(async () => {
    // Nothing is acknowledged for want of time here: whoever is silent is seen to be.
    rig = await startSlackRig(60_000);
    card = (await rig.slack.rooms.post(view, 'key-1')).message;
  });
  afterEach(() => rig.close());

  const click = (patch: (payload: Payload) => Payload) => rig.world.click('ana', card, 'cb:purge', { patch });
  const withActions = (change: (action: Action) => readonly Action[]) =>
    click((payload) => ({ ...payload, actions: change((payload['actions'] as Action[])[0] ?? {}) }));
  const seen = () => [rig.desk.presses.length, rig.desk.strays.map(({ what }) => what)];

  test.each(['shortcut', 'message_action'])('a %s is acknowledged, and a stray of that person', async (type) => {
    const { status } = await click(({ user, team, trigger_id }) => ({
      type,
      callback_id: 'purge-everything',
      token: 'x',
      action_ts: '1.1',
      user,
      team,
      trigger_id,
    }));
    expect([status, ...seen()]).toEqual([200, 0, ['shortcut']]);
    expect(rig.desk.strays[0]?.by.id).toBe(rig.world.users['ana']?.id);
  });

  test.each<[string, (payload: Payload) => Payload]>([
    ['nobody', (payload) => ({ ...payload, user: { id: 7 } })],
    ['no list of actions', (payload) => ({ ...payload, actions: [{ type: 'button', action_id: 'cb:purge' }] })],
  ])('a press with %s is acknowledged and on record as unreadable', async (_name, patch) => {
    const { status } = await click(patch);
    expect([status, rig.desk.presses.length, rig.desk.turnedAway]).toEqual([
      200,
      0,
      [{ where: 'Slack', why: 'press of an unknown shape' }],
    ]);
  });

  test('two buttons at once are no press, and called that', async () => {
    await withActions((action) => [action, action]);
    expect(seen()).toEqual([0, ['press with 2 actions']]);
  });

  test('a second button beside ours is no press either', async () => {
    await withActions((action) => [action, { ...action, action_id: 'cb:flag' }]);
    expect(seen()).toEqual([0, ['press with 2 actions']]);
  });
});
