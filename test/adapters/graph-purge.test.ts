import { describe, expect, test } from 'vitest';
import {
  asking,
  graph,
  graphError,
  guid,
  type InnerAnswer,
  mailOn,
  message,
  type Script,
  wanted,
  wordOf,
} from './graph-loopback.ts';

const target = { mailbox: guid(1), message: 'AAkA=/+x#1' };

/** Folder -> the folder around it. Recoverable Items holds more than what the user can get back from. */
const AROUND: Readonly<Record<string, string>> = {
  'f-inbox': 'f-top',
  'f-bin': 'f-recoverable',
  'f-purges': 'f-recoverable',
  'f-holds': 'f-recoverable',
};

/** A mailbox whose one message lies in `folder`; `asked` answers for a folder first. */
function mailbox(folder: string, asked: (id: string) => InnerAnswer | undefined = () => undefined): Script {
  return {
    inner: ({ url }) => {
      const name = /\/mailFolders\/([\w-]+)/.exec(url)?.[1];
      if (name === undefined) {
        if (url.startsWith('/users?'))
          return { status: 200, body: { value: [{ id: guid(1), mail: 'ana@contoso.com' }] } };
        const found = message({ parentFolderId: folder });
        return { status: 200, body: url.includes('/messages?') ? { value: [found] } : found };
      }
      const id = name === 'recoverableitemsdeletions' ? 'f-bin' : name;
      return asked(id) ?? { status: 200, body: { id, displayName: id, parentFolderId: AROUND[id] } };
    },
  };
}

const aboutFolders = (server: Awaited<ReturnType<typeof graph>>, folder: string) =>
  asking(server, `mailFolders/${folder}`);

describe('a message that Graph still gives out by its id', () => {
  test.each(['f-purges', 'f-holds'])('is absent once it is in %s, not visible', async (folder) => {
    const { mail } = mailOn(await graph(mailbox(folder)));
    expect(await mail.read([target])).toMatchObject([
      { status: 'absent', target, beyond: true, detail: expect.stringContaining('hold') },
    ]);
  });

  test('is visible in an ordinary folder, and in the bin recoverable', async () => {
    const inInbox = await mailOn(await graph(mailbox('f-inbox'))).mail.read([target]);
    const inBin = await mailOn(await graph(mailbox('f-bin'))).mail.read([target]);
    expect([inInbox, inBin]).toMatchObject([
      [{ status: 'ok', state: { inRecoverableItems: false } }],
      [{ status: 'ok', state: { inRecoverableItems: true } }],
    ]);
  });

  test.each([
    ['cannot be asked about', graphError(404, 'ErrorItemNotFound'), 'failed'],
    ['is closed to us', graphError(403, 'ErrorAccessDenied'), 'denied'],
    ['has to rest', { status: 429, headers: { 'Retry-After': '3' } }, 'throttled'],
    ['does not say what is around it', { status: 200, body: { id: 'f-odd' } }, 'failed'],
  ] as const)('is neither absent nor visible when its folder %s', async (_, answer, status) => {
    const server = await graph(mailbox('f-odd', (id) => (id === 'f-odd' ? answer : undefined)));
    expect(await mailOn(server).mail.read([target])).toMatchObject([{ status, target }]);
  });

  test('has its folder looked at once, and again only after no answer', async () => {
    let broken = true;
    const server = await graph(
      mailbox('f-inbox', (id) => (id === 'f-inbox' && broken ? graphError(500, 'UnknownError') : undefined)),
    );
    const { mail } = mailOn(server);
    await mail.read([target]);
    broken = false;
    await mail.read([target, { ...target, message: 'm-2' }]);
    await mail.read([target]);
    expect(aboutFolders(server, 'f-inbox')).toHaveLength(2);
  });

  test('is not looked at again where a search found it: a search never sees Recoverable Items', async () => {
    const server = await graph(mailbox('f-inbox'));
    const { mail } = mailOn(server);
    await mail.locate(['ana@contoso.com'], wanted);
    const before = aboutFolders(server, 'f-inbox').length;
    expect(await mail.read([target])).toMatchObject([{ status: 'ok', state: { inRecoverableItems: false } }]);
    expect(aboutFolders(server, 'f-inbox')).toHaveLength(before);
  });
});

describe('a hard delete', () => {
  test('goes by an encoded id, with an empty body: a write without one would fail the whole batch', async () => {
    const server = await graph({});
    await mailOn(server).mail.hardDelete([target]);
    expect(server.inner()).toMatchObject([
      {
        method: 'POST',
        url: `/users/${guid(1)}/messages/AAkA%3D%2F%2Bx%231/permanentDelete`,
        headers: { 'Content-Type': 'application/json', Prefer: 'IdType="ImmutableId"' },
        body: {},
      },
    ]);
  });

  test.each([
    [{ status: 204 }, 'done'],
    [graphError(404, 'ErrorItemNotFound'), 'absent'],
    [graphError(404, 'MailboxNotEnabledForRESTAPI'), 'unreachable'],
    [graphError(404, 'ErrorNonExistentMailbox'), 'missing'],
    [graphError(403, 'ErrorAccessDenied'), 'denied'],
    [graphError(400, 'BadRequest'), 'failed'],
    [graphError(504, 'UnknownError'), 'unknown'],
    [{ status: 503 }, 'throttled'],
    [undefined, 'unknown'],
  ])('answered with %j is sent once and called %s', async (answer, word) => {
    const server = await graph({ inner: () => answer });
    const effects = await mailOn(server).mail.hardDelete([target]);
    expect(effects.map((effect) => [wordOf(effect), effect.target])).toEqual([[word, target]]);
    expect(server.inner()).toHaveLength(1);
  });

  test.each([
    { mailbox: 'ana@contoso.com', message: 'm-1' },
    { mailbox: guid(1), message: '..' },
  ])('is never sent for the target $mailbox $message', async (bad) => {
    const server = await graph({});
    expect(await mailOn(server).mail.hardDelete([bad])).toMatchObject([{ status: 'refused', why: 'failed' }]);
    expect(server.seen).toHaveLength(0);
  });
});
