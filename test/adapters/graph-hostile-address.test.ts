import { describe, expect, test } from 'vitest';
import { createDirectory } from '../../src/adapters/graph/directory.ts';
import { parseFilter } from '../../src/sandbox/graph/filter-parser.ts';
import { graph, type Inner, mailOn, wanted } from './graph-loopback.ts';

const emptyGraph = () => graph({ inner: () => ({ status: 200, body: { value: [] } }) });

async function emptyDirectory() {
  const server = await emptyGraph();
  const by = createDirectory({
    baseUrl: server.baseUrl,
    token: async () => 'a-token',
    clock: () => 0,
    ids: () => 'our-id',
    sleep: async () => undefined,
    identityProtection: true,
  });
  return { by, server };
}

/** Whoever writes an address chooses it: it is one literal of one filter, and nothing else. */
describe('an address of an attacker’s choosing', () => {
  const HOSTILE = [
    `o'neil@contoso.example`,
    `x'or(1)eq(1)or'@contoso.example`,
    `x'')or(''@contoso.example`,
    `"x' or mail ne '"@contoso.example`,
    `a%27%20or+1+eq+1@contoso.example`,
    `a/b/../../groups@contoso.example`,
    `a#b?$top=1&$filter=x@contoso.example`,
    `a;b,c|d~e@contoso.example`,
    `"john o'hara / %2F ? # & + x"@contoso.example`,
    `"a@b"@contoso.example`,
    `пример@пример.example`,
    `用户@例子.example`,
    `\u{1f4a9}@contoso.example`,
  ];

  function literalsIn(text: string): readonly string[] {
    const filter = parseFilter(text);
    const walk = (node: typeof filter): readonly string[] => {
      if ('left' in node) return [...walk(node.left), ...walk(node.right)];
      if (node.kind === 'in') return node.values;
      return node.kind === 'not' ? walk(node.inner) : [String(node.value)];
    };
    return walk(filter);
  }

  /** What was asked, without what was asked for: every path and option, and every literal in every filter. */
  function asked(requests: readonly Inner[]) {
    const urls = requests.map(({ url }) => new URL(`http://graph${url}`));
    return {
      paths: [...new Set(urls.map(({ pathname, hash, search }) => `${pathname} ${hash} ${search.split('&').length}`))],
      options: [...new Set(urls.map(({ searchParams }) => [...searchParams.keys()].join()))],
      literals: [...new Set(urls.flatMap(({ searchParams }) => literalsIn(searchParams.get('$filter') ?? '')))],
    };
  }

  test.each(HOSTILE)('%s stays a literal where a mailbox is looked for', async (address) => {
    const server = await emptyGraph();
    await mailOn(server).mail.locate([address], wanted);
    expect(asked(server.inner())).toEqual({
      paths: ['/users  2'],
      options: ['$filter,$select'],
      literals: [address, `smtp:${address}`],
    });
  });

  test.each(HOSTILE)('%s stays a literal where a person is looked up', async (address) => {
    const { by, server } = await emptyDirectory();
    await by.byAddress(address);
    const lower = address.toLowerCase();
    expect(asked(server.inner())).toEqual({
      paths: ['/users  2'],
      options: ['$filter,$select'],
      literals: [lower, `smtp:${lower}`],
    });
  });

  test.each(HOSTILE)('%s stays a literal where recipients are looked up', async (address) => {
    const { by, server } = await emptyDirectory();
    expect(await by.expand(address)).toEqual({ kind: 'nobody' });
    const { paths, options, literals } = asked(server.inner());
    expect([paths, options]).toEqual([['/users  2', '/groups  2'], ['$filter,$select']]);
    const untagged = address.toLowerCase().replace(/^([^"+@]+)\+[^@]*@/, '$1@');
    const expected = new Set([address.toLowerCase(), untagged].flatMap((one) => [one, `smtp:${one}`]));
    expect(new Set(literals)).toEqual(expected);
  });

  test.each([
    '',
    'ana',
    'a b@contoso.example',
    'a\u0000@x.example',
    '\ud800@x.example',
    `${'x'.repeat(320)}@x.example`,
  ])('%j is asked of nobody', async (address) => {
    const { by, server } = await emptyDirectory();
    expect(await by.expand(address)).toEqual({ kind: 'unclear', why: 'not a mail address' });
    await expect(by.byAddress(address)).rejects.toMatchObject({ code: 'unavailable' });
    expect(server.seen).toHaveLength(0);
  });
});
