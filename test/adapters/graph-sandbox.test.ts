import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createMail } from '../../src/adapters/graph/mail.ts';
import { startGraph } from '../../src/sandbox/graph/start.ts';
import { createTenant } from '../../src/sandbox/tenant/tenant.ts';
import { type Delivery, type MailWorld, mailContract, type Person } from '../contract/mail.ts';

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

async function sandboxWorld(): Promise<MailWorld> {
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
    limits: { serviceMs: [0, 1], huntingLagMs: 0 },
  });
  const idOf = (name: string): string => {
    const user = tenant.userByKey(`${name}@contoso.com`);
    if (!user) throw new Error(`${name} is not in the tenant`);
    return user.id;
  };
  graph.faults.set({ access: 'denied' }, idOf('closed'));
  graph.faults.set({ access: 'notEnabled' }, idOf('boxless'));
  const people = names.map((name): Person => ({ address: `${name}@contoso.com`, mailbox: idOf(name) }));
  return {
    mail: createMail({
      baseUrl: graph.url,
      token: async () => 'any',
      clock,
      ids: randomUUID,
      sleep: async (ms) => {
        await sleep(ms);
      },
      hunting: true,
    }),
    people,
    shared: { address: 'shared@contoso.com', mailbox: idOf('shared') },
    closed: 'closed@contoso.com',
    withoutMailbox: 'boxless@contoso.com',
    nobody: 'nobody@contoso.com',
    async deliver({ address }: Person, mail: Delivery) {
      tenant.deliver({ ...mail, to: [address] });
    },
    async erase({ mailbox, message }) {
      tenant.userDestroys(mailbox, message);
    },
    close: () => graph.close(),
  };
}

mailContract('Microsoft Graph', sandboxWorld);
