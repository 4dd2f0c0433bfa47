import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Reply } from '../../src/ports/desk.ts';
import type { GivenFile } from '../../src/sandbox/slack/shares.ts';
import { startSlackRig } from '../support/card-pictures/slack-rig.ts';

/** The message shortcut in Slack: which files it offers, and what of them the bot fetches, and from where. */

const SCOPES = ['chat:write', 'commands', 'users:read', 'channels:read', 'groups:read', 'files:read'];
const MAIL: GivenFile = { name: 'invoice.eml', bytes: 'From: a@x.example\r\n\r\nPay', mimetype: 'message/rfc822' };
const SAID: Reply = { kind: 'said', answer: { code: 'report-not-taken', why: 'not now' } };
const WORDS = 'cannot be checked this moment';

let rig: Awaited<ReturnType<typeof startSlackRig>>;
const open = async (world: object = {}, more: object = {}) => {
  rig = await startSlackRig(2_500, {
    reports: true,
    world: { scopes: SCOPES, shortcuts: ['cb:report'], ...world },
    ...more,
  });
  rig.desk.reply = SAID;
};
const reopen = async (world: object, more: object = {}) => {
  await rig.close();
  await open(world, more);
};
beforeEach(() => open());
afterEach(() => rig.close());

async function pressed(files: readonly GivenFile[], place: { readonly channel?: string } = {}) {
  const ts = rig.world.share('ben', files, place);
  await rig.world.shortcut('ana', ts, 'cb:report');
  const [call] = rig.desk.reports.slice(-1);
  if (!call) throw new Error('the desk was not asked');
  return call;
}
const fetchedOf = async (files: readonly GivenFile[], place: { readonly channel?: string } = {}) => {
  const [file] = (await pressed(files, place)).files;
  return file?.trouble ? { trouble: file.trouble } : file?.fetch();
};
const heard = () => vi.waitFor(() => expect(JSON.stringify(rig.world.seenBy('ana').ephemerals)).toContain(WORDS));

describe('the shortcut on a message', () => {
  test('goes to the desk with who pressed it, where, and its files', async () => {
    const call = await pressed([MAIL, { name: 'logo.png', bytes: 'png' }]);
    expect(call).toMatchObject({
      by: { platform: 'slack', id: rig.world.users['ana']?.id, home: rig.world.teamId },
      channel: rig.world.channelId,
      instead: 'attached',
    });
    expect(call.files.map(({ name, trouble }) => [name, trouble])).toEqual([
      ['invoice.eml', null],
      ['logo.png', null],
    ]);
    expect(rig.world.filesAsked).toEqual([]);
    await heard();
    expect(rig.world.seenBy('ben').ephemerals).toEqual([]);
  });

  test('is answered in a conversation that the app is not in', async () => {
    await pressed([MAIL], { channel: 'D0ELSEWHERE' });
    await heard();
  });

  test('that Slack sends twice is one', async () => {
    const ts = rig.world.share('ben', [MAIL]);
    const { sent } = await rig.world.shortcut('ana', ts, 'cb:report');
    await rig.world.again(sent);
    expect(rig.desk.reports).toHaveLength(1);
  });

  test('from another workspace asks nothing of the desk', async () => {
    const ts = rig.world.share('ben', [MAIL]);
    await rig.world.shortcut('ana', ts, 'cb:report', { userTeam: 'T0EXTERNAL' });
    await rig.world.shortcut('ana', ts, 'cb:report', { patch: (sent) => ({ ...sent, team: { id: 'T0EXTERNAL' } }) });
    expect([rig.desk.reports.length, rig.desk.strays.map(({ what }) => what)]).toEqual([
      0,
      ['shortcut from another workspace', 'shortcut from another workspace'],
    ]);
  });

  test('is a stray where it is not switched on, and so is any other shortcut', async () => {
    const other = (sent: object) => ({ ...sent, callback_id: 'cb:approve' });
    await rig.world.shortcut('ana', rig.world.share('ben', [MAIL]), 'cb:report', { patch: other });
    expect([rig.desk.reports.length, rig.desk.strays.map(({ what }) => what)]).toEqual([0, ['shortcut']]);
    await reopen({}, { reports: false });
    await rig.world.shortcut('ana', rig.world.share('ben', [MAIL]), 'cb:report');
    expect([rig.desk.reports.length, rig.desk.strays.map(({ what }) => what)]).toEqual([0, ['shortcut']]);
  });

  test('a file that cannot be read keeps no other from being reported', async () => {
    const odd = [{ id: 7 }, null, 'x', { id: 'F1', name: 'good.eml', mode: {}, size: '3' }];
    const patch = (sent: Record<string, unknown>) => ({ ...sent, message: { files: odd } });
    await rig.world.shortcut('ana', rig.world.share('ben', [MAIL]), 'cb:report', { patch });
    expect(rig.desk.reports.map(({ files }) => files.map(({ name }) => name))).toEqual([['good.eml']]);
    const none = (sent: Record<string, unknown>) => ({ ...sent, message: { files: 'x' } });
    await rig.world.shortcut('ana', rig.world.share('ben', [MAIL]), 'cb:report', { patch: none });
    expect(rig.desk.reports.at(-1)?.files).toEqual([]);
  });
});

describe('a file', () => {
  test('is fetched with the token of the app, byte by byte', async () => {
    const bytes = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0x00, 0xff, 0x0d, 0x0a]);
    expect(await fetchedOf([{ name: 'mail.msg', bytes }])).toEqual({ bytes });
    expect(rig.world.filesAsked.map(({ token }) => token)).toEqual(['xoxb-test']);
  });

  test.each<[string, GivenFile, string]>([
    ['a redirect is not followed', { ...MAIL, when: { redirect: 'http://127.0.0.1:9/elsewhere' } }, 'not handed out'],
    ['half of one is none', { ...MAIL, bytes: 'x'.repeat(200_000), when: 'cut' }, 'cut off'],
    ['with fewer bytes than Slack says is none', { ...MAIL, says: { size: 1_000 } }, 'cut off'],
    ['that Slack says is too large is not fetched', { ...MAIL, says: { size: 31_457_281 } }, 'too large'],
    [
      'of 100 MB that calls itself small is cut at the limit',
      { ...MAIL, bytes: Buffer.alloc(100_000_000), says: { size: 3 } },
      'too large',
    ],
    ['that is a web page is none', { ...MAIL, bytes: '<html>From: me</html>', mimetype: 'text/html' }, 'a web page'],
    [
      'that was sent to Slack as a mail has no headers',
      { ...MAIL, name: 'Re: invoice', mode: 'email' },
      'forwarded into the chat',
    ],
    ['of another service is not fetched', { ...MAIL, mode: 'external' }, 'lies elsewhere'],
    ['at an address that is none is not fetched', { ...MAIL, says: { url: 'not an address' } }, 'lies elsewhere'],
  ])('%s', async (_what, file, trouble) => {
    expect(await fetchedOf([file])).toEqual({ trouble });
  });

  test('that does not end is given up', async () => {
    await reopen({}, { fileWithinMs: 200 });
    expect(await fetchedOf([{ ...MAIL, when: 'slow' }])).toEqual({ trouble: 'no answer' });
  });

  test('that was deleted is told as that, before the press and after it', async () => {
    const ts = rig.world.share('ben', [MAIL]);
    await rig.world.shortcut('ana', ts, 'cb:report');
    rig.world.removeFiles(ts);
    expect(await rig.desk.reports[0]?.files[0]?.fetch()).toEqual({ trouble: 'deleted' });
    await rig.world.shortcut('ana', ts, 'cb:report');
    expect(rig.desk.reports[1]?.files[0]?.trouble).toBe('deleted');
  });

  test('is a sign-in page where the app may not read files, or is not in the conversation', async () => {
    expect(await fetchedOf([MAIL], { channel: 'D0ELSEWHERE' })).toEqual({ trouble: 'a web page' });
    await reopen({ scopes: SCOPES.filter((scope) => scope !== 'files:read') });
    expect(await fetchedOf([MAIL])).toEqual({ trouble: 'a web page' });
  });

  test('is not handed out to another token', async () => {
    await reopen({ botToken: 'xoxb-of-another-app' });
    expect(await fetchedOf([MAIL])).toEqual({ trouble: 'not handed out' });
  });

  test('at another host is not fetched, and the token does not leave for there', async () => {
    const asked: (string | undefined)[] = [];
    const elsewhere = createServer((req, res) => {
      asked.push(req.headers.authorization);
      res.end('From: a@x.example\r\n\r\n');
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const { port } = elsewhere.address() as AddressInfo;
    const host = new URL(rig.world.url).host;
    const addresses = [
      `http://127.0.0.1:${port}/files-pri/x`,
      `http://${host}@127.0.0.1:${port}/x`,
      `http://user:word@${host}/files-pri/x`,
      'https://files.slack.com.example.com/x',
      'http://files.127.0.0.1/x',
      'file:///etc/hostname',
    ];
    for (const url of addresses)
      expect(await fetchedOf([{ ...MAIL, says: { url } }])).toEqual({ trouble: 'lies elsewhere' });
    await new Promise((resolve) => elsewhere.close(resolve));
    expect([asked, rig.world.filesAsked]).toEqual([[], []]);
  });
});
