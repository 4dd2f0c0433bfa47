import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createHunting } from '../../src/adapters/defender/hunting.ts';
import { createMailboxes } from '../../src/adapters/graph/mailboxes.ts';
import type { Target } from '../../src/core/find/plan.ts';
import { startGraph } from '../../src/sandbox/graph/start.ts';
import { createTenant } from '../../src/sandbox/tenant/tenant.ts';
import { effectsContract } from '../contract/effects.ts';
import { evidenceContract } from '../contract/evidence.ts';
import { finderContract } from '../contract/finder.ts';
import type { Delivery, Person } from '../contract/mail-world.ts';
import { readerContract } from '../contract/reader.ts';

/** One permission each for people, mail and hunting: what the product asks an administrator for. */
const ROLES = ['User.ReadBasic.All', 'Mail.ReadWrite', 'ThreatHunting.Read.All'];

/** Repeatable ids, different from each other. */
function countingRandom(): () => number {
  let seed = 1;
  return () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
}

async function openTenant() {
  const clock = Date.now;
  const random = countingRandom();
  const names = Array.from({ length: 25 }, (_, n) => `person${n}`);
  const tenant = createTenant({
    id: '11111111-1111-4111-8111-111111111111',
    domain: 'contoso.com',
    clock,
    random,
    users: [...names, 'closed', 'boxless', { userPrincipalName: 'shared@contoso.com', accountEnabled: false }],
  });
  const graph = await startGraph({
    tenant,
    clock,
    random,
    hunting: true,
    verifyToken: async () => ({ aud: 'https://graph.microsoft.com', appid: 'clawback', roles: ROLES }),
    limits: { serviceMs: [0, 1], huntingLagMs: [0, 0] },
  });
  const idOf = (name: string): string => {
    const user = tenant.userByKey(`${name}@contoso.com`);
    if (!user) throw new Error(`${name} is not in the tenant`);
    return user.id;
  };
  graph.faults.set({ access: 'denied' }, idOf('closed'));
  graph.faults.set({ access: 'notEnabled' }, idOf('boxless'));
  const people = names.map((name): Person => ({ address: `${name}@contoso.com`, mailbox: idOf(name) }));
  const options = {
    baseUrl: graph.url,
    token: async () => 'any',
    clock,
    ids: randomUUID,
    sleep: async (ms: number) => {
      await sleep(ms);
    },
  };
  return {
    tenant,
    finder: createHunting({ ...options, isOn: true }),
    ...createMailboxes(options),
    people,
    shared: { address: 'shared@contoso.com', mailbox: idOf('shared') },
    closed: 'closed@contoso.com',
    withoutMailbox: 'boxless@contoso.com',
    nobody: 'nobody@contoso.com',
    async deliver({ address }: Person, delivery: Delivery) {
      tenant.deliver({ ...delivery, to: [address] });
    },
    async erase({ mailbox, message }: Target) {
      tenant.userDestroys(mailbox, message);
    },
    close: () => graph.close(),
  };
}

const sandboxWorld = openTenant;

finderContract('advanced hunting', sandboxWorld);
readerContract('Microsoft Graph', sandboxWorld);
effectsContract('Microsoft Graph', sandboxWorld);
evidenceContract('Microsoft Graph', sandboxWorld);

describe('what a real mailbox holds', () => {
  const NETWORK_ID = '73ca4154-58d8-43d0-a890-08dc18c52e6d';
  const mail = {
    internetMessageId: '<a@contoso.com>',
    networkMessageId: NETWORK_ID,
    sender: 'Person1@contoso.com',
    subject: 'Payroll',
  };
  const key = { internetMessageId: '<a@contoso.com>', networkMessageId: NETWORK_ID, sender: 'person1@contoso.com' };
  const byId = { internetMessageIds: ['<a@contoso.com>'] };

  async function tenantWith(use: (world: Awaited<ReturnType<typeof openTenant>>) => Promise<void>) {
    const world = await openTenant();
    try {
      await use(world);
    } finally {
      await world.close();
    }
  }

  test('mail from inside has a directory name in the mailbox and the address in hunting; the ids agree', async () => {
    await tenantWith(async ({ reader: asked, finder, tenant }) => {
      const directoryName = '/O=EXCHANGELABS/OU=X/CN=RECIPIENTS/CN=PERSON1';
      tenant.deliver({ ...mail, to: ['person0'], directoryName });
      const [found] = await asked.locate(['person0@contoso.com'], byId);
      expect(found?.messages).toMatchObject([{ sender: directoryName, networkMessageId: NETWORK_ID }]);
      const hunted = await finder.find(key, 'short');
      expect(hunted.deliveries).toMatchObject([{ sender: 'Person1@contoso.com', networkMessageId: NETWORK_ID }]);
    });
  });

  test('the owner’s own copy is told by the folder, though its sender is a directory name', async () => {
    await tenantWith(async ({ reader: asked, tenant }) => {
      const directoryName = '/O=EXCHANGELABS/OU=X/CN=RECIPIENTS/CN=PERSON1';
      tenant.deliver({ ...mail, to: ['person1'], directoryName, folder: 'sentitems', hunted: false });
      tenant.deliver({ ...mail, to: ['person1'], directoryName });
      tenant.deliver({ ...mail, to: ['person1'], draft: true, folder: 'drafts', hunted: false });
      const [found] = await asked.locate(['person1@contoso.com'], byId);
      const messages = found?.messages ?? [];
      const mailbox = found?.mailbox?.id ?? '';
      const names = await asked.folderNames(messages.map(({ folderId }) => ({ mailbox, folderId })));
      const seen = messages.map(({ inSentItems, isDraft }, n) => `${names[n]} ${inSentItems} ${isDraft}`);
      expect(seen.toSorted()).toEqual(['Drafts false true', 'Inbox false false', 'Sent Items true false']);
    });
  });

  test('a mail under another Message-ID than its header’s is found by the one that hunting tells', async () => {
    await tenantWith(async ({ reader: asked, finder, tenant }) => {
      const malformed = '<a b@fabrikam.example';
      tenant.deliver({ ...mail, to: ['person0'], internetMessageId: malformed, keptMessageId: '<kept@contoso.com>' });
      const hunted = await finder.find({ ...key, internetMessageId: null }, 'short');
      const told = hunted.deliveries.flatMap(({ internetMessageId }) => internetMessageId ?? []);
      const [found] = await asked.locate(['person0@contoso.com'], { internetMessageIds: [malformed, ...told] });
      expect(found?.messages).toMatchObject([
        { internetMessageId: '<kept@contoso.com>', networkMessageId: NETWORK_ID },
      ]);
    });
  });

  test('mail to a list is found with each member, by what hunting tells', async () => {
    await tenantWith(async ({ reader: asked, finder, tenant }) => {
      const members = ['person0', 'person1'].map((name) => tenant.userByKey(`${name}@contoso.com`)?.id ?? '');
      tenant.setGroup({ displayName: 'All', mail: 'all@contoso.com', members });
      tenant.deliver({ ...mail, to: ['all@contoso.com'] });
      const hunted = await finder.find(key, 'short');
      const told = hunted.deliveries.map(({ recipient }) => recipient);
      const lookups = await asked.locate([...told, 'all@contoso.com'], byId);
      expect(lookups.map(({ address, result }) => [address, result])).toEqual([
        ['person0@contoso.com', 'found'],
        ['person1@contoso.com', 'found'],
        ['all@contoso.com', 'missing'],
      ]);
    });
  });
});
