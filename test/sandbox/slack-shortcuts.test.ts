import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GivenFile } from '../../src/sandbox/slack/shares.ts';
import { type Bolted, startBolted } from './slack-app.ts';

/** Files that people share, and shortcuts on messages: what Slack hands out, to whom, and what it shows in the place of it. */

const SCOPES = ['chat:write', 'commands', 'files:read'];
const MAIL: GivenFile = { name: 'a b.eml', bytes: 'From: a@x.example\r\n\r\n', mimetype: 'message/rfc822' };
const GOOD = { authorization: 'Bearer xoxb-for-tests' };

let world: Bolted;
const open = async (scopes = SCOPES) => {
  world = await startBolted({ scopes, shortcuts: ['cb:report'] });
};
beforeEach(() => open());
afterEach(() => world.close());

/** What the app hears of it. */
async function heard(file: GivenFile, channel?: string) {
  const bodies: Record<string, unknown>[] = [];
  world.app.shortcut('cb:report', async ({ body, ack }) => {
    bodies.push(body as never);
    await ack();
  });
  const ts = world.slack.share('bob', [file], channel === undefined ? {} : { channel });
  await world.slack.shortcut('alice', ts, 'cb:report');
  const [body] = bodies;
  const { files } = (body?.['message'] ?? { files: [] }) as { files: Record<string, string>[] };
  return { ts, body, file: files[0] ?? {} };
}
async function get(address = '', headers: Record<string, string> = GOOD) {
  const response = await fetch(address, { headers, redirect: 'manual' });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

describe('a shortcut on a message', () => {
  test('brings the message with its files, and who chose it without their workspace', async () => {
    const { ts, body, file } = await heard(MAIL);
    expect(body).toMatchObject({
      type: 'message_action',
      callback_id: 'cb:report',
      message_ts: ts,
      channel: { id: world.slack.channelId },
      team: { id: world.slack.teamId },
    });
    expect(body?.['user']).toEqual({ id: world.slack.users['alice']?.id, username: 'alice', name: 'alice' });
    expect(file).toMatchObject({ name: 'a b.eml', mode: 'hosted', size: 21, mimetype: 'message/rfc822' });
  });

  test('is there only where the manifest of the app has it', async () => {
    const ts = world.slack.share('bob', [MAIL]);
    await expect(world.slack.shortcut('alice', ts, 'cb:other')).rejects.toThrow('a real user could not choose it');
    await expect(world.slack.shortcut('alice', '1.0', 'cb:report')).rejects.toThrow(
      'a real user could not open its menu',
    );
  });
});

describe('a file', () => {
  test('is handed out to the app with its token', async () => {
    const { file } = await heard(MAIL);
    const { status, type, text } = await get(file['url_private_download']);
    expect([status, type, text]).toEqual([200, 'message/rfc822', MAIL.bytes]);
  });

  test('leads to the sign-in without a token that is good', async () => {
    const { file } = await heard(MAIL);
    const asked = [
      await get(file['url_private_download'], {}),
      await get(file['url_private_download'], { authorization: 'Bearer x' }),
    ];
    expect(asked.map(({ status }) => status)).toEqual([302, 302]);
  });

  test('is a page with the status of a success where files:read is missing, or the app is not in the conversation', async () => {
    const { file } = await heard(MAIL, 'D0SOMEBODYS');
    expect(await get(file['url_private_download'])).toMatchObject({
      status: 200,
      text: expect.stringMatching(/^<!DOCTYPE/),
    });
    await world.close();
    await open(['chat:write', 'commands']);
    const { file: other } = await heard(MAIL);
    expect(await get(other['url_private_download'])).toMatchObject({
      status: 200,
      text: expect.stringMatching(/^<!DOCTYPE/),
    });
  });

  test('that was deleted is not found, and a tombstone in its message', async () => {
    const { ts, file } = await heard(MAIL);
    world.slack.removeFiles(ts);
    expect((await get(file['url_private_download'])).status).toBe(404);
  });

  test('breaks off where it is told to', async () => {
    const { file: cut } = await heard({ ...MAIL, bytes: 'x'.repeat(200_000), when: 'cut' });
    await expect(get(cut['url_private_download'])).rejects.toThrow();
  });

  test('that was sent as a mail says nothing of the one inside', async () => {
    const { file } = await heard({ ...MAIL, name: 'Fwd: invoice', mode: 'email' });
    expect(file).toMatchObject({ mode: 'email', filetype: 'email', mimetype: 'text/html' });
    expect(Object.keys(file['headers'] ?? {})).toEqual(['date', 'in_reply_to', 'message_id']);
  });
});
