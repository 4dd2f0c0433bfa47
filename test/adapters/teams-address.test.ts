import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GROUP_ID } from '../../src/sandbox/teams/start.ts';
import { cardStates } from '../support/card-pictures/states.ts';
import { startTeamsRig } from '../support/card-pictures/teams-rig.ts';

/** The way to a card in Teams: only where all of it is known, and to Teams alone. */

const VIEW = cardStates()[1]?.view ?? expect.fail('no state');
let rig: Awaited<ReturnType<typeof startTeamsRig>>;
beforeEach(async () => {
  rig = await startTeamsRig();
});
afterEach(() => rig.close());
const posted = () => rig.teams.rooms.post(VIEW, 'key-1');
const asked = () => rig.world.calls.filter(({ operation }) => operation === 'team').length;

describe('the address of a card in Teams', () => {
  test('shows it in its channel, and the group behind the team is asked for once', async () => {
    const ref = await posted();
    const url = new URL((await rig.teams.rooms.addressOf(ref)) ?? expect.fail('no address'));
    expect([url.origin, decodeURIComponent(url.pathname)]).toEqual([
      'https://teams.microsoft.com',
      `/l/message/${rig.world.channelId}/${ref.message}`,
    ]);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({ groupId: GROUP_ID, parentMessageId: ref.message });
    await rig.teams.rooms.addressOf(ref);
    expect(asked()).toBe(1);
  });

  test('is not guessed where Teams does not name the group, and asked for again', async () => {
    const ref = await posted();
    rig.world.faults.fail('team', { answer: { status: 404, body: {} } });
    rig.world.faults.fail('team', { answer: { status: 200, body: { name: 'Security', aadGroupId: 'none' } } });
    expect([await rig.teams.rooms.addressOf(ref), await rig.teams.rooms.addressOf(ref)]).toEqual([null, null]);
    expect(await rig.teams.rooms.addressOf(ref)).toContain(GROUP_ID);
  });

  test.each([
    ['a chat', { channel: 'a:somebody' }],
    ['a conversation of another form', { channel: '19:x@thread.tacv2/../evil;messageid=1' }],
    ['a message of another form', { channel: '19:abc@thread.tacv2', message: '1?x=y' }],
    ['a cloud with pages of its own', { via: 'https://smba.infra.gov.teams.microsoft.us/teams/' }],
  ])('is none for %s', async (_what, change) => {
    expect(await rig.teams.rooms.addressOf({ ...(await posted()), ...change })).toBeNull();
    expect(asked()).toBe(0);
  });
});
