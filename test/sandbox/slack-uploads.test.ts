import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SlackOptions } from '../../src/sandbox/slack/start.ts';
import { type Bolted, startBolted } from './slack-app.ts';

/** Slack takes a file in three steps, and what it refuses at each of them. */
const SCOPES = ['chat:write', 'files:write', 'im:write'];
const TEXT = 'mailbox,kind\r\n';
const LENGTH = Buffer.byteLength(TEXT);

let world: Bolted;
const reopen = async (options: Partial<SlackOptions>) => {
  await world.close();
  world = await startBolted({ scopes: SCOPES, messagesTab: true, ...options });
};
beforeEach(async () => {
  world = await startBolted({ scopes: SCOPES, messagesTab: true });
});
afterEach(() => world.close());

const idOf = (key: string) => world.slack.users[key]?.id ?? '';
const open = async (user: string) => (await world.app.client.conversations.open({ users: user })).channel?.id ?? '';
async function begun(length = LENGTH) {
  const { upload_url = '', file_id = '' } = await world.app.client.files.getUploadURLExternal({
    filename: 'list.csv',
    length,
  });
  return { address: upload_url, id: file_id };
}
const send = async (address: string, text = TEXT, headers = {}) =>
  (await fetch(address, { method: 'POST', body: text, headers })).status;
const complete = (id: string, channel: string) =>
  world.app.client.files.completeUploadExternal({ files: [{ id, title: 'The list' }], channel_id: channel });
const files = (key = 'alice') => world.slack.seenBy(key).files.map(({ name, title, text }) => ({ name, title, text }));

describe('a file for one person', () => {
  test('is there once it is completed, and nobody else has it', async () => {
    const channel = await open(idOf('alice'));
    const { address, id } = await begun();
    expect(await send(address)).toBe(200);
    expect(files()).toEqual([]);
    await complete(id, channel);
    expect(files()).toEqual([{ name: 'list.csv', title: 'The list', text: TEXT }]);
    expect(files('bob')).toEqual([]);
    expect(await open(idOf('alice'))).toBe(channel);
  });

  test('is completed once', async () => {
    const channel = await open(idOf('alice'));
    const { address, id } = await begun();
    await send(address);
    await complete(id, channel);
    await expect(complete(id, channel)).rejects.toThrow('file_not_found');
    expect(files()).toHaveLength(1);
  });

  test('is not completed where nothing, or something else, was uploaded', async () => {
    const channel = await open(idOf('alice'));
    const [none, short] = [await begun(), await begun()];
    expect(await send(short.address, 'half')).toBe(400);
    await expect(complete(none.id, channel)).rejects.toThrow('file_not_found');
    await expect(complete(short.id, channel)).rejects.toThrow('file_not_found');
    await expect(complete('F0NOBODYS', channel)).rejects.toThrow('file_not_found');
    expect(files()).toEqual([]);
  });

  test('has an address for one upload, which needs no token and takes none', async () => {
    const { address } = await begun();
    expect(await send(address, TEXT, { authorization: 'Bearer xoxb-for-tests' })).toBe(400);
    expect(await send(address)).toBe(200);
    expect(await send(address)).toBe(410);
    expect(await send(`${address}x`)).toBe(404);
  });
});

describe('what Slack refuses', () => {
  test.each([
    ['files:write', 'files:write'],
    ['im:write', 'channels:write,groups:write,mpim:write,im:write'],
  ])('a token without %s', async (scope, needed) => {
    await reopen({ scopes: SCOPES.filter((one) => one !== scope) });
    const asked = scope === 'im:write' ? open(idOf('alice')) : begun();
    await expect(asked).rejects.toMatchObject({ data: { error: 'missing_scope', needed } });
  });

  test('no length, no name, and more than it takes', async () => {
    await expect(begun(0)).rejects.toThrow('missing_argument');
    await expect(begun(2_000_000_000)).rejects.toThrow('file_upload_size_restricted');
  });

  test('a place that is none, and messages that the app does not have', async () => {
    const { address, id } = await begun();
    await send(address);
    await expect(complete(id, 'D0NOBODY')).rejects.toThrow('channel_not_found');
    await expect(complete(id, idOf('alice'))).rejects.toThrow('channel_not_found');
    await reopen({ messagesTab: false });
    const channel = await open(idOf('alice'));
    const again = await begun();
    await send(again.address);
    await expect(complete(again.id, channel)).rejects.toThrow('messages_tab_disabled');
  });

  test('somebody whom it does not know, who has left, or nobody', async () => {
    world.slack.setPerson('bob', { deleted: true });
    await expect(open(idOf('bob'))).rejects.toThrow('user_disabled');
    await expect(open('U0NOBODY')).rejects.toThrow('user_not_found');
    await expect(open('')).rejects.toThrow('users_list_not_supplied');
  });

  test('more calls than a minute has', async () => {
    await reopen({ limits: { perMinute: { 'files.completeUploadExternal': 1 } } });
    const channel = await open(idOf('alice'));
    await expect(complete('F0NOBODYS', channel)).rejects.toThrow('file_not_found');
    await expect(complete('F0NOBODYS', channel)).rejects.toMatchObject({ retryAfter: 60 });
  });
});
