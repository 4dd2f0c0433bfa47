import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSlackOutbound } from '../../src/adapters/slack/outbound.ts';
import type { ListFile } from '../../src/core/tell/list-file.ts';
import type { SlackOptions, SlackStandIn } from '../../src/sandbox/slack/start.ts';
import { slackOfTwo } from '../support/slack-of-two.ts';

/** A file goes to one person's messages in Slack: whole and once, or it is known that it did not. */

const SCOPES = ['chat:write', 'users:read', 'files:write', 'im:write'];
// More bytes than characters: Slack wants to know of the former.
const FILE: ListFile = {
  name: 'CB-1-mailboxes.csv',
  type: 'text/csv',
  text: '"mailbox"\r\n"zoë@contoso.example"\r\n',
  rows: 1,
};

let world: SlackStandIn;
const open = async (options: Partial<SlackOptions> = {}) => {
  world = await slackOfTwo({ scopes: SCOPES, messagesTab: true, ...options });
};
const reopen = async (options: Partial<SlackOptions>) => {
  await world.close();
  await open(options);
};
beforeEach(() => open());
afterEach(() => world.close());

const outbound = (files: boolean) =>
  openSlackOutbound({
    apiUrl: world.apiUrl,
    botToken: 'xoxb-test',
    teamId: world.teamId,
    channel: world.channelId,
    files,
    log: { warn() {}, error() {} },
    timeoutMs: 1_000,
    installation: { get: () => Promise.resolve(undefined), set: () => Promise.resolve() },
  });
async function send(key = 'ana') {
  const { files } = await outbound(true);
  return files?.send(world.users[key]?.id ?? 'U0NOBODY', FILE);
}
const seen = (key = 'ana') => world.seenBy(key).files.map(({ name, text }) => ({ name, text }));
const completed = () => world.calls.filter(({ method }) => method === 'files.completeUploadExternal').length;
const answer = (error: string) => ({ answer: { status: 200, body: { ok: false, error } } });

describe('a file for one person', () => {
  test('is in their messages with the app, and in nobody else’s', async () => {
    expect(await send()).toEqual({ is: 'sent' });
    expect(seen()).toEqual([{ name: FILE.name, text: FILE.text }]);
    expect(seen('ben')).toEqual([]);
    expect(await world.messages()).toEqual([]);
  });

  test('is sent by nobody where that is not switched on', async () => {
    expect((await outbound(false)).files).toBeNull();
  });
});

describe('what is certain not to have arrived', () => {
  test.each([
    ['files:write', 'not allowed'],
    ['im:write', 'not allowed'],
  ])('without %s', async (scope, why) => {
    await reopen({ scopes: SCOPES.filter((one) => one !== scope) });
    expect(await send()).toMatchObject({ is: 'not sent', why, detail: expect.stringContaining('missing_scope') });
    expect(completed()).toBe(0);
  });

  test('to an app whose messages are switched off', async () => {
    await reopen({ messagesTab: false });
    expect(await send()).toMatchObject({ is: 'not sent', why: 'no messages' });
  });

  test('to somebody who left', async () => {
    world.setPerson('ana', { deleted: true });
    expect(await send()).toMatchObject({ is: 'not sent', why: 'no messages' });
    expect(await send('nobody')).toMatchObject({ is: 'not sent', why: 'no messages' });
  });

  test.each([
    ['file_uploads_disabled', 'files off'],
    ['storage_limit_reached', 'files off'],
    ['file_upload_size_restricted', 'too large'],
    ['something_new', 'failed'],
  ])('when Slack says %s', async (error, why) => {
    world.faults.fail('files.getUploadURLExternal', answer(error));
    expect(await send()).toMatchObject({ is: 'not sent', why });
    expect(world.uploads.begun()).toEqual([]);
  });

  test.each<[string, Parameters<typeof world.faults.fail>[1], string]>([
    ['breaks off', { answer: 'drop' }, 'not now'],
    ['is taken and the answer lost', { after: true, answer: 'drop' }, 'not now'],
    ['is too large', { answer: { status: 413 } }, 'too large'],
    ['fails', { answer: { status: 503 } }, 'not now'],
    ['is refused', { answer: { status: 400 } }, 'failed'],
    ['is sent elsewhere', { answer: { status: 307, headers: { location: 'http://127.0.0.1:9/' } } }, 'not now'],
  ])('an upload that %s is never completed', async (_how, fault, why) => {
    world.faults.fail('upload_url', fault);
    expect(await send()).toMatchObject({ is: 'not sent', why });
    expect([completed(), seen()]).toEqual([0, []]);
    expect(world.uploads.begun().map(({ isCompleted }) => isCompleted)).toEqual([false]);
  });

  test('when Slack asks to wait, or cannot be reached', async () => {
    world.faults.fail('files.completeUploadExternal', { answer: { status: 429, headers: { 'retry-after': '30' } } });
    expect(await send()).toMatchObject({ is: 'not sent', why: 'not now' });
    const { files } = await outbound(true);
    world.faults.setDown(true);
    expect(await files?.send(world.users['ana']?.id ?? '', FILE)).toMatchObject({ is: 'not sent', why: 'not now' });
    expect(seen()).toEqual([]);
  });

  test.each([
    ['a channel', 'conversations.open', { channel: { id: 'C0EVERYBODY' } }],
    ['nothing', 'conversations.open', {}],
    [
      'an address that is not its own',
      'files.getUploadURLExternal',
      { upload_url: 'https://files.slack.com.evil.example/upload/v1/x', file_id: 'F1' },
    ],
    ['an address without TLS', 'files.getUploadURLExternal', { upload_url: 'http://files.slack.com/x', file_id: 'F1' }],
  ])('when it would go to %s', async (_what, method, more) => {
    world.faults.fail(method, { answer: { status: 200, body: { ok: true, ...more } } });
    expect(await send()).toMatchObject({ is: 'not sent', why: 'failed' });
    expect([completed(), seen()]).toEqual([0, []]);
  });
});

describe('a last step whose answer is lost', () => {
  test.each<[string, Parameters<typeof world.faults.fail>[1], number]>([
    ['on its way back', { after: true, answer: 'drop' }, 1],
    ['by Slack', { after: true, answer: { status: 502 } }, 1],
    ['in what Slack says of itself', { ...answer('internal_error'), after: true }, 1],
    ['before it arrived', { answer: 'drop' }, 0],
  ])('%s is tried once, and nobody claims to know', async (_where, fault, there) => {
    world.faults.fail('files.completeUploadExternal', fault);
    expect(await send()).toMatchObject({ is: 'not known' });
    expect([completed(), seen().length]).toEqual([1, there]);
  });
});
