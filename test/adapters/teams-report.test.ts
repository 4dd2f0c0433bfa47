import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Reply } from '../../src/ports/desk.ts';
import type { GivenFile } from '../../src/sandbox/slack/shares.ts';
import { startTeamsRig } from '../support/card-pictures/teams-rig.ts';

/** Reporting mail in Teams: a file to the bot alone is fetched without a token, and a message elsewhere only gets words. */

const MAIL: GivenFile = { name: 'invoice.eml', bytes: 'From: a@x.example\r\n\r\nPay' };
const SAID: Reply = { kind: 'said', answer: { code: 'report-not-taken', why: 'not now' } };
const WORDS = 'cannot be checked this moment';

let rig: Awaited<ReturnType<typeof startTeamsRig>>;
const open = async (reports = true) => {
  rig = await startTeamsRig({ reports });
  rig.world.habits.personal = true;
  rig.desk.reply = SAID;
};
beforeEach(() => open());
afterEach(() => rig.close());

async function fetchedOf(file: GivenFile) {
  await rig.world.sendFiles('ana', [file]);
  return rig.desk.reports.at(-1)?.files[0]?.fetch();
}

describe('a file in the chat with the bot alone', () => {
  test('goes to the desk with who sent it, and the answer comes there', async () => {
    const { replies, activity } = await rig.world.sendFiles('ana', [MAIL, { name: 'logo.png', bytes: 'x' }]);
    const [call] = rig.desk.reports;
    expect(call).toMatchObject({
      by: { platform: 'teams', id: rig.world.members['ana']?.aadObjectId },
      message: activity['id'],
      instead: 'alone',
    });
    expect(call?.files.map(({ name, trouble }) => [name, trouble])).toEqual([
      ['invoice.eml', null],
      ['logo.png', null],
    ]);
    expect(JSON.stringify(replies)).toContain(WORDS);
    expect(rig.world.drive.asked).toEqual([]);
  });

  test('is fetched, and no token goes there', async () => {
    const bytes = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0x00, 0xff]);
    expect(await fetchedOf({ name: 'mail.msg', bytes })).toEqual({ bytes });
    expect(rig.world.drive.asked).toEqual([{ path: '/_layouts/15/download.aspx', authorization: null }]);
  });

  test.each<[string, GivenFile, string]>([
    ['a redirect is not followed', { ...MAIL, when: { redirect: 'http://127.0.0.1:9/x' } }, 'not handed out'],
    ['half of one is none', { ...MAIL, bytes: 'x'.repeat(200_000), when: 'cut' }, 'cut off'],
    ['of 100 MB is cut at the limit', { ...MAIL, bytes: Buffer.alloc(100_000_000) }, 'too large'],
    ['that is a web page is none', { ...MAIL, bytes: '<html>', mimetype: 'text/html' }, 'a web page'],
    [
      'at another host is not fetched',
      { ...MAIL, says: { url: 'https://sharepoint.com.example.com/x' } },
      'lies elsewhere',
    ],
    ['without TLS is not fetched', { ...MAIL, says: { url: 'http://contoso.sharepoint.com/x' } }, 'lies elsewhere'],
    [
      'with a name in its address is not fetched',
      { ...MAIL, says: { url: 'https://a@127.0.0.1/x' } },
      'lies elsewhere',
    ],
  ])('%s', async (_what, file, trouble) => {
    expect(await fetchedOf(file)).toEqual({ trouble });
  });

  test('whose address is too old is not handed out', async () => {
    const url = `${rig.world.url}/_layouts/15/download.aspx?UniqueId=b83b9f77-7003-4d63-985c-000000000000&tempauth=old`;
    expect(await fetchedOf({ ...MAIL, says: { url } })).toEqual({ trouble: 'not handed out' });
  });

  test('that is not there any more is told as that', async () => {
    await rig.world.sendFiles('ana', [MAIL]);
    rig.world.drive.remove();
    expect(await rig.desk.reports[0]?.files[0]?.fetch()).toEqual({ trouble: 'deleted' });
  });

  test('comes with words that are no command, except to stop', async () => {
    await rig.world.sendFiles('ana', [MAIL], 'status please look');
    expect([rig.desk.reports.length, rig.desk.commands.length]).toEqual([1, 0]);
    await rig.world.sendFiles('ana', [MAIL], 'stop it at once');
    expect([rig.desk.reports.length, rig.desk.commands.map(({ words }) => words)]).toEqual([1, ['stop it at once']]);
  });

  test('in a channel is none for the bot, whatever it says of itself', async () => {
    const patch = (sent: Record<string, unknown>) => ({
      ...sent,
      conversation: {
        conversationType: 'channel',
        tenantId: '22222222-0000-4000-8000-000000000002',
        id: rig.world.channelId,
      },
    });
    await rig.world.sendFiles('ana', [MAIL], undefined, { patch });
    expect([rig.desk.reports.length, rig.desk.strays.length]).toEqual([0, 1]);
  });

  test('of a shape that is none keeps nothing else from being read', async () => {
    const odd = { attachments: [7, null, { contentType: 5 }, { contentType: 'text/html' }] };
    await rig.world.sendFiles('ana', [MAIL], 'status', { patch: (sent) => ({ ...sent, ...odd }) });
    expect([rig.desk.reports.length, rig.desk.commands.map(({ words }) => words)]).toEqual([0, ['status']]);
    const nowhere = { contentType: 'application/vnd.microsoft.teams.file.download.info', name: 'a.eml', content: null };
    await rig.world.sendFiles('ana', [MAIL], undefined, { patch: (sent) => ({ ...sent, attachments: [nowhere] }) });
    expect(await rig.desk.reports[0]?.files[0]?.fetch()).toEqual({ trouble: 'lies elsewhere' });
  });

  test('is a stray where it is not switched on', async () => {
    await rig.close();
    await open(false);
    await rig.world.sendFiles('ana', [MAIL]);
    expect([rig.desk.reports.length, rig.desk.strays.length]).toEqual([0, 1]);
  });
});

describe('the action on a message', () => {
  test('names its files as out of reach, and its answer is for who asked alone', async () => {
    const { shown } = await rig.world.actOn('ana', [MAIL]);
    expect(shown).toContain(WORDS);
    expect(rig.desk.reports[0]?.files.map(({ name, trouble }) => [name, trouble])).toEqual([
      ['invoice.eml', 'out of reach'],
    ]);
    expect([rig.desk.reports[0]?.instead, rig.world.drive.asked.length, rig.world.messages()]).toEqual([
      'alone',
      0,
      [],
    ]);
  });

  test('is answered also where the desk fails', async () => {
    rig.desk.before = () => Promise.reject(new Error('broken'));
    expect((await rig.world.actOn('ana', [])).shown).not.toContain('Unable to reach app');
    await vi.waitFor(() => expect(rig.failures).toEqual(['an action on a message in Teams failed']));
  });

  test('of another app is a stray, and so is ours where it is not switched on', async () => {
    const patch = (sent: Record<string, unknown>) => ({ ...sent, value: { commandId: 'other' } });
    await rig.world.actOn('ana', [MAIL], { patch });
    await rig.close();
    await open(false);
    await rig.world.actOn('ana', [MAIL]);
    expect([rig.desk.reports.length, rig.desk.strays.map(({ what }) => what)]).toEqual([
      0,
      ['invoke composeExtension/fetchTask'],
    ]);
  });
});
