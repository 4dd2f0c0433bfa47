import { randomUUID } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createDefenderMail, type DefenderOptions } from '../../src/adapters/defender/mail.ts';
import { createMailboxes } from '../../src/adapters/graph/mailboxes.ts';
import { idByDefender } from '../../src/core/action/engine-names.ts';
import { ClawbackError } from '../../src/core/error.ts';
import type { Outgoing } from '../../src/core/record/request-lines.ts';
import { joined } from '../../src/engines.ts';
import type { RequestLog } from '../../src/ports/requests.ts';
import { type Graph, startGraph } from '../../src/sandbox/graph/start.ts';
import { createTenant, type Tenant } from '../../src/sandbox/tenant/tenant.ts';
import { type EngineWorld, engineContract } from '../contract/engine.ts';
import { type Delivery, type Person, PHISH, WANTED } from '../contract/mail-world.ts';

/** Through Defender with one permission, and through each mailbox: what both promise, and what Defender does its own way. */

const MINUTE = 60_000;
const NAMES = Array.from({ length: 130 }, (_, n) => `person${n}`);
const DEFENDER = ['SecurityAnalyzedMessage.ReadWrite.All'];

function countingRandom(): () => number {
  let seed = 1;
  return () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
}

interface Opened {
  readonly tenant: Tenant;
  readonly graph: Graph;
  readonly options: DefenderOptions;
  pass(ms: number): void;
}

async function opened(roles: readonly string[]): Promise<Opened> {
  let now = Date.parse('2026-11-23T09:00:00Z');
  const clock = () => now;
  const random = countingRandom();
  const users = [...NAMES, 'closed', 'boxless', 'shared'];
  const tenant = createTenant({ id: randomUUID(), domain: 'contoso.com', clock, random, users });
  const graph = await startGraph({
    tenant,
    clock,
    random,
    hunting: true,
    verifyToken: async () => ({ aud: 'https://graph.microsoft.com', appid: 'clawback', roles }),
    limits: {
      serviceMs: [0, 1],
      huntingLagMs: [0, 0],
      remediateMs: [2 * MINUTE, 2 * MINUTE],
      remediationTellMs: [MINUTE, MINUTE],
    },
  });
  const options = {
    baseUrl: graph.url,
    token: async () => 'any',
    clock,
    ids: randomUUID,
    sleep: async () => undefined,
    ownerOf: async (address: string) => tenant.userByAddress(address)?.id ?? null,
    patienceMs: 30 * MINUTE,
  };
  return {
    tenant,
    graph,
    options,
    pass: (ms) => {
      now += ms;
    },
  };
}

const engineWorld =
  (roles: readonly string[], make: (options: DefenderOptions) => Pick<EngineWorld, 'reader' | 'effects'>) =>
  async (): Promise<EngineWorld> => {
    const { tenant, graph, options, pass } = await opened(roles);
    const idOf = (name: string) => tenant.userByKey(`${name}@contoso.com`)?.id ?? '';
    return {
      ...make(options),
      finder: null as never,
      people: NAMES.slice(0, 25).map((name) => ({ address: `${name}@contoso.com`, mailbox: idOf(name) })),
      shared: { address: 'shared@contoso.com', mailbox: idOf('shared') },
      closed: 'closed@contoso.com',
      withoutMailbox: 'boxless@contoso.com',
      nobody: 'nobody@contoso.com',
      deliver: async ({ address }: Person, delivery: Delivery) => void tenant.deliver({ ...delivery, to: [address] }),
      erase: async ({ mailbox, message }) => tenant.userDestroys(mailbox, message),
      settled() {
        // Done after the one time, told after the other: somebody has to look in between.
        for (const minutes of [2, 1]) {
          pass(minutes * MINUTE);
          graph.remediations.settle();
        }
      },
      close: () => graph.close(),
    };
  };

engineContract('Defender', engineWorld(DEFENDER, createDefenderMail));
engineContract('Microsoft Graph', engineWorld(['Mail.ReadWrite', 'User.Read.All'], createMailboxes));

describe('through Defender', () => {
  async function world(roles: readonly string[] = DEFENDER) {
    const all = await opened(roles);
    onTestFinished(() => all.graph.close());
    const mail = createDefenderMail(all.options);
    const posted = () => all.graph.log.entries().filter(({ operation }) => operation === 'remediate');
    const named = (n: number, networkMessageId = PHISH.networkMessageId) => {
      const recipient = `person${n}@contoso.com`;
      return {
        mailbox: all.tenant.userByAddress(recipient)?.id ?? '',
        message: idByDefender(networkMessageId),
        address: recipient,
        via: { networkMessageId, recipient, order: 'case 4711' },
      };
    };
    return { ...all, ...mail, posted, named };
  }
  const mailsIn = ({ body }: { body: unknown }) =>
    (body as { analyzedEmails: readonly { recipientEmailAddress: string }[] }).analyzedEmails;

  test('what was accepted is told as accepted, and is not removed', async () => {
    const { tenant, effects, reader, named } = await world();
    tenant.deliver({ ...PHISH, to: ['person0'] });
    expect(await effects.softDelete([named(0)])).toMatchObject([{ status: 'accepted' }]);
    expect(await reader.read([named(0)])).toMatchObject([{ status: 'ok', state: { inRecoverableItems: false } }]);
  });

  test('each question and each order is written down with an id of its own before it leaves', async () => {
    const { tenant, options, graph, named } = await world();
    tenant.deliver({ ...PHISH, to: ['person0', 'person1'] });
    const book: Outgoing[] = [];
    const answers: unknown[] = [];
    const requests: RequestLog = {
      before: async (outgoing) => void book.push(outgoing),
      after: (_id, status, inner) => void answers.push([status, inner]),
    };
    const { reader, effects } = createDefenderMail({ ...options, requests });
    await reader.read([named(0), named(1)]);
    await effects.softDelete([named(0)]);
    expect(answers).toEqual([
      [200, [200, 200]],
      [202, []],
    ]);
    expect(book.map(({ operation, changes }) => ({ operation, changes }))).toEqual([
      { operation: 'batch', changes: false },
      { operation: 'remediate', changes: true },
    ]);
    const ids = (book[0]?.inner ?? []).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    const sent = graph.log.entries().filter(({ inBatch }) => inBatch);
    expect(sent.map(({ clientRequestId }) => clientRequestId)).toEqual(ids);
  });

  test('fifty mails go in one order, under the name that its people find it by', async () => {
    const { effects, posted, named } = await world();
    await effects.softDelete(Array.from({ length: 120 }, (_, n) => named(n)));
    expect(posted().map((entry) => [entry.status, mailsIn(entry).length])).toEqual([
      [202, 50],
      [202, 50],
      [202, 20],
    ]);
    expect(posted()[0]?.body).toMatchObject({
      displayName: 'case 4711',
      action: 'softDelete',
      remediateSendersCopy: false,
    });
  });

  test('many mails of one recipient are spread, so that recipients are 40 % of each order', async () => {
    const { effects, posted, named } = await world();
    const twins = Array.from({ length: 5 }, (_, n) => named(0, `0000000${n}-58d8-43d0-a890-08dc18c52e6d`));
    expect((await effects.softDelete([...twins, named(1)])).map(({ status }) => status)).toEqual(
      Array.from({ length: 6 }, () => 'accepted'),
    );
    expect(posted().map((entry) => [entry.status, mailsIn(entry).length])).toEqual([
      [202, 3],
      [202, 2],
      [202, 1],
    ]);
  });

  test('beside fifty orders that are not seen done, none is sent, and then it goes on', async () => {
    const { tenant, effects, reader, posted, named, pass, graph } = await world();
    tenant.deliver({ ...PHISH, to: NAMES });
    for (let n = 0; n < 50; n += 1) await effects.softDelete([named(n)]);
    expect(await effects.softDelete([named(50)])).toMatchObject([{ status: 'throttled' }]);
    expect(posted()).toHaveLength(50);
    for (const minutes of [2, 1]) {
      pass(minutes * MINUTE);
      graph.remediations.settle();
    }
    await reader.read([named(0)]);
    expect(await effects.softDelete([named(50)])).toMatchObject([{ status: 'accepted' }]);
  });

  test.each([
    ['its mailbox tells that it is gone', true, 'accepted'],
    ['its mailbox tells that it is where it was', false, 'throttled'],
  ])('beside fifty orders, and of one %s', async (_what, isGone, status) => {
    const { tenant, options, named, pass, graph } = await world([...DEFENDER, 'Mail.ReadWrite']);
    tenant.deliver({ ...PHISH, to: NAMES });
    const terms = { first: 'defender', fallback: true } as const;
    const { reader, effects } = joined({
      mailbox: createMailboxes(options),
      defender: createDefenderMail(options),
      terms,
    });
    const inMailbox = (n: number) => {
      const { id = '' } = tenant.userByAddress(`${NAMES[n]}@contoso.com`) ?? {};
      return { ...named(n), mailbox: id, message: tenant.look(id).messages[0]?.immutableId ?? '' };
    };
    for (let n = 0; n < 50; n += 1) await effects.softDelete([inMailbox(n)]);
    if (isGone) {
      pass(2 * MINUTE);
      graph.remediations.settle();
    }
    await reader.read([inMailbox(0)]);
    expect(await effects.softDelete([inMailbox(50)])).toMatchObject([{ status }]);
  });

  test.each([
    ['403 is a refusal', { status: 403, code: 'Forbidden' }, { status: 'refused', why: 'denied' }],
    ['400 is one, too', { status: 400, code: 'BadRequest' }, { status: 'refused', why: 'failed' }],
    [
      '429 asks to wait',
      { status: 429, code: 'TooManyRequests', retryAfter: '7' },
      { status: 'throttled', waitMs: 7_000 },
    ],
    ['504 may have been taken on', { status: 504, code: 'Timeout' }, { status: 'unknown' }],
    ['409 is known there already', { status: 409, code: 'Conflict' }, { status: 'accepted' }],
    ['an answer that is lost may have been one', 'lost', { status: 'unknown' }],
  ] as const)('%s', async (_, answer, expected) => {
    const { graph, effects, posted, named } = await world();
    graph.faults.once({ operation: 'remediate', answer });
    expect(await effects.softDelete([named(0)])).toMatchObject([expected]);
    expect(posted()).toHaveLength(1);
  });

  test('no marks are set, and nothing is sent for it', async () => {
    const { effects, graph, named } = await world();
    expect(effects.can.mark).toEqual({ no: expect.stringContaining('mailbox') });
    expect(await effects.mark([{ ...named(0), categories: [], flag: null }])).toMatchObject([{ status: 'refused' }]);
    expect(graph.log.entries()).toEqual([]);
  });

  test('what it does not know is not gone, and nobody may read it who may not', async () => {
    const { graph, reader, named } = await world();
    expect(await reader.read([named(0)])).toMatchObject([{ status: 'failed' }]);
    graph.faults.once({ operation: 'listAnalyzedEmails', answer: { status: 403, code: 'Forbidden' } });
    graph.faults.once({ operation: 'listAnalyzedEmails', answer: { status: 429, code: 'Busy', retryAfter: '3' } });
    expect(await reader.read([named(0)])).toMatchObject([{ status: 'denied' }]);
    expect(await reader.read([named(0)])).toMatchObject([{ status: 'throttled', waitMs: 3_000 }]);
  });

  test('a mail to everybody is asked for as a whole, page by page', async () => {
    const { graph, reader, tenant } = await world();
    tenant.deliver({ ...PHISH, to: NAMES.slice(0, 100) });
    const lookups = await reader.locate(
      NAMES.map((name) => `${name}@contoso.com`),
      WANTED,
    );
    expect(lookups.map(({ result }) => result)).toEqual(NAMES.map((_, n) => (n < 100 ? 'found' : 'nothing')));
    expect(graph.log.entries().filter(({ operation }) => operation === 'listAnalyzedEmails')).toHaveLength(1);
  });

  test('without a network message id nothing can be looked for', async () => {
    const { reader } = await world();
    const wanted = { internetMessageIds: [PHISH.internetMessageId] };
    expect(await reader.locate(['person0@contoso.com'], wanted)).toMatchObject([{ result: 'failed' }]);
  });

  test('whose it is cannot be told while the directory is silent', async () => {
    const { options, tenant } = await world();
    tenant.deliver({ ...PHISH, to: ['person0'] });
    const ownerOf = async () => Promise.reject(new ClawbackError('unavailable', 'silent'));
    const { reader } = createDefenderMail({ ...options, ownerOf });
    expect(await reader.locate(['person0@contoso.com'], WANTED)).toMatchObject([{ result: 'failed' }]);
  });

  test.each(['https://graph.microsoft.us', 'https://microsoftgraph.chinacloudapi.cn'])(
    'is not offered at %s',
    (baseUrl) => {
      const { options } = { options: { ...OFFLINE, baseUrl } };
      expect(createDefenderMail(options).effects.can.softDelete).toEqual({ no: expect.any(String) });
    },
  );
});

const OFFLINE: DefenderOptions = {
  baseUrl: 'https://graph.microsoft.com',
  token: async () => 'any',
  clock: () => 0,
  ids: () => '',
  sleep: async () => undefined,
  ownerOf: async () => null,
  patienceMs: MINUTE,
};
