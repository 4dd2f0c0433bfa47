import { describe, expect, test } from 'vitest';
import { asking, graph, graphError, guid, mailOn, message, type Script, tenant, wanted } from './graph-loopback.ts';

/** Whom tracking names with their object id is asked about with many others at once; folders are named when somebody looks. */

const addressOf = (n: number) => `person${n}@contoso.com`;
const many = Array.from({ length: 40 }, (_, n) => addressOf(n));
const owners = new Map(many.map((address, n) => [address, guid(n)]));

/** A directory that knows everybody, by id and by address; what `asked` answers comes first. */
function everybody(asked: Script['inner'] = () => undefined): Script {
  return {
    inner: (request) => {
      const url = decodeURIComponent(request.url);
      const own = asked(request);
      if (own) return own;
      if (!url.startsWith('/users?')) return { status: 200, body: { value: [message()] } };
      const value = many
        .map((mail, n) => ({ id: guid(n), mail }))
        .filter(({ id, mail }) => url.includes(`'${id}'`) || url.includes(`'${mail}'`));
      return { status: 200, body: { value } };
    },
  };
}

describe('owners whom tracking names', () => {
  test('are asked about fifteen at a time', async () => {
    const server = await graph(everybody());
    const lookups = await mailOn(server).mail.locate(many, { ...wanted, owners });
    expect(lookups.map(({ result, mailbox }) => [result, mailbox?.id])).toEqual(many.map((_, n) => ['found', guid(n)]));
    const asked = asking(server, '/users?').map(({ url }) => decodeURIComponent(url).split("'").length - 1);
    expect(asked.map((quotes) => quotes / 2).toSorted((a, b) => a - b)).toEqual([10, 15, 15]);
  });

  test('that the directory does not know, or does not tell about, are looked for by their address', async () => {
    const server = await graph(
      everybody(({ url }) =>
        decodeURIComponent(url).includes('id in (') ? graphError(403, 'Authorization_RequestDenied') : undefined,
      ),
    );
    const lookups = await mailOn(server).mail.locate(many.slice(0, 3), { ...wanted, owners });
    expect(lookups.map(({ mailbox }) => mailbox?.id)).toEqual([guid(0), guid(1), guid(2)]);
  });

  test('whose id is none are not asked about by it', async () => {
    const server = await graph(everybody());
    await mailOn(server).mail.locate([addressOf(1)], { ...wanted, owners: new Map([[addressOf(1), "x') or true"]]) });
    expect(asking(server, '/users?').map(({ url }) => decodeURIComponent(url))).not.toContainEqual(
      expect.stringContaining('id in'),
    );
  });
});

test('a folder’s name is asked for when somebody looks, and nowhere else', async () => {
  const server = await graph(tenant([message()]));
  const { mail } = mailOn(server);
  const [found] = await mail.locate(['ana@contoso.com'], wanted);
  expect(server.inner().filter(({ url }) => url.includes('mailFolders'))).toEqual([]);
  const folder = { mailbox: found?.mailbox?.id ?? '', folderId: found?.messages[0]?.folderId ?? '' };
  const odd = [
    { ...folder, folderId: '..' },
    { ...folder, mailbox: 'nobody' },
  ];
  expect(await mail.folderNames([folder, ...odd])).toEqual(['Folder f-inbox', null, null]);
});
