import { describe, expect, test } from 'vitest';
import { createDirectory } from '../../src/adapters/graph/directory.ts';
import type { Directory } from '../../src/ports/people.ts';
import { graph, graphError, guid, type InnerAnswer, loopbackGraph } from './graph-loopback.ts';

const UNAVAILABLE = expect.objectContaining({ code: 'unavailable' });
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const ana = {
  id: guid(1),
  displayName: 'Ana',
  accountEnabled: true,
  userType: 'Member',
  mail: 'ana@contoso.example',
  userPrincipalName: 'ana@contoso.example',
  proxyAddresses: [],
};

function plain(url: string): InnerAnswer {
  if (url.startsWith('/users/$count')) return { status: 200, body: 'NDI=' };
  if (url.startsWith('/identityProtection')) return graphError(404, 'Request_ResourceNotFound');
  if (url.startsWith('/groups')) return { status: 200, body: { value: [{ id: guid(1) }] } };
  return { status: 200, body: url.startsWith('/users?') ? { value: [ana] } : ana };
}

/** A directory with a clock of the test's own. `graphIs.broken`: every question ends in an error. */
async function directoryWithClock() {
  const graphIs = { broken: false };
  const server = await graph({ inner: ({ url }) => (graphIs.broken ? graphError(500, 'UnknownError') : plain(url)) });
  const clock = { now: 0 };
  return { graphIs, clock, server, directory: on(server.baseUrl, () => clock.now) };
}

function on(baseUrl: string, clock: () => number): Directory {
  const nothing = async () => undefined;
  const token = async () => 'a-token';
  return createDirectory({ baseUrl, token, clock, ids: () => 'our-id', sleep: nothing, identityProtection: true });
}

/** The question, how long its answer may be used, and how many requests one answer takes. */
const QUESTIONS: readonly [string, (directory: Directory) => Promise<unknown>, number, number][] = [
  ['a person', (directory) => directory.person(guid(1)), 15 * SECOND, 1],
  ['an address', (directory) => directory.byAddress('ana@contoso.example'), 15 * SECOND, 2],
  ['the recipients', (directory) => directory.expand('ana@contoso.example'), 5 * MINUTE, 2],
  ['a group', (directory) => directory.members(guid(0xa1)), 5 * MINUTE, 1],
  ['a risk', (directory) => directory.atRisk(guid(1)), 15 * SECOND, 1],
  ['the size', (directory) => directory.size(), 60 * MINUTE, 1],
];

describe('what the directory said', () => {
  test.each(QUESTIONS)('about %s is used again for a while and not longer', async (_, ask, lifetimeMs, requests) => {
    const { directory, clock, server } = await directoryWithClock();
    await ask(directory);
    clock.now = lifetimeMs - 1;
    await ask(directory);
    const within = server.inner().length;
    clock.now = lifetimeMs;
    await ask(directory);
    expect([within, server.inner().length]).toEqual([requests, 2 * requests]);
  });

  test.each(QUESTIONS)('about %s is not used when it cannot be asked anew', async (_, ask, lifetimeMs) => {
    const { directory, clock, graphIs } = await directoryWithClock();
    await ask(directory);
    clock.now = lifetimeMs;
    graphIs.broken = true;
    await expect(ask(directory)).rejects.toEqual(UNAVAILABLE);
  });

  test.each(QUESTIONS)('about %s is asked for once by all who want it at the same time', async (...question) => {
    const [, ask, , requests] = question;
    const { directory, server } = await directoryWithClock();
    await Promise.all([ask(directory), ask(directory), ask(directory)]);
    expect(server.inner()).toHaveLength(requests);
  });

  test.each(QUESTIONS)(
    'about %s is asked for once more by who asks anew, and is then good for all',
    async (...question) => {
      const [, ask, , requests] = question;
      const { directory, server, graphIs } = await directoryWithClock();
      await ask(directory);
      const anew = directory.anew();
      for (const one of [anew, anew, directory]) await ask(one);
      expect(server.inner()).toHaveLength(2 * requests);
      graphIs.broken = true;
      await expect(ask(directory.anew())).rejects.toEqual(UNAVAILABLE);
    },
  );

  test.each(QUESTIONS)('about %s is asked for again after a failure', async (_, ask) => {
    const { directory, graphIs } = await directoryWithClock();
    graphIs.broken = true;
    await expect(ask(directory)).rejects.toEqual(UNAVAILABLE);
    graphIs.broken = false;
    await expect(ask(directory)).resolves.toBeDefined();
  });

  test('about somebody is the same for the id in capitals', async () => {
    const { directory, server } = await directoryWithClock();
    const id = 'aaaaaaaa-0000-4000-8000-00000000000b';
    await Promise.allSettled([directory.atRisk(id), directory.atRisk(id.toUpperCase())]);
    expect(server.inner()).toHaveLength(1);
  });
});

test.each(QUESTIONS)('nobody who listens means no answer about %s', async (_, ask) => {
  const server = await loopbackGraph();
  await server.close();
  await expect(ask(on(server.baseUrl, () => 0))).rejects.toEqual(UNAVAILABLE);
});
