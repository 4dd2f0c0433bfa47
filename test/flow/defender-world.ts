import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { createHunting } from '../../src/adapters/defender/hunting.ts';
import { createDefenderMail } from '../../src/adapters/defender/mail.ts';
import { createMailboxes } from '../../src/adapters/graph/mailboxes.ts';
import type { EngineTerms } from '../../src/core/action/engine.ts';
import { joined } from '../../src/engines.ts';
import type { Effects } from '../../src/ports/effects.ts';
import { startGraph } from '../../src/sandbox/graph/start.ts';
import { createTenant } from '../../src/sandbox/tenant/tenant.ts';
import { createWorld, MAILBOXES, PEOPLE, POLICIES } from '../fault/world.ts';
import { ANN, BOB, CAS, DANA, looking } from './looking.ts';

/** The flow in memory, on the adapters and the stand-in that it has outside of tests: only the clock is the world's. */

const MINUTE = 60_000;
/** Done two minutes after it was taken on, told one minute after that, and looked after for half an hour. */
const READ_BACK_MS = 30 * MINUTE;
const ROLES = ['SecurityAnalyzedMessage.ReadWrite.All', 'ThreatHunting.Read.All', 'User.Read.All'];
const MAIL = {
  internetMessageId: '<mail-1@mailer.example>',
  networkMessageId: '73ca4154-58d8-43d0-a890-08dc18c52e6d',
  sender: 'billing1@fabrikam.example',
  subject: 'Invoice overdue',
};

export async function defenderWorld(terms: EngineTerms, { mail = terms.fallback }: { mail?: boolean } = {}) {
  const world = createWorld();
  await world.govern(POLICIES[2] as (typeof POLICIES)[number]);
  const clock = () => world.now();
  let seed = 1;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const users = [...new Set([...MAILBOXES, ANN, BOB, CAS])].map((userPrincipalName) => ({
    userPrincipalName,
    ...(userPrincipalName === PEOPLE[0]?.address ? { id: PEOPLE[0].entraId } : {}),
  }));
  const tenant = createTenant({ id: world.flow.tenant.id, domain: 'contoso.example', clock, random, users });
  const roles = mail ? [...ROLES, 'Mail.ReadWrite'] : ROLES;
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
  onTestFinished(() => graph.close());
  const to = { baseUrl: graph.url, token: async () => 'any', clock, ids: randomUUID, sleep: async () => undefined };
  const ownerOf = async (address: string) => tenant.userByAddress(address)?.id ?? null;
  const all = joined({
    mailbox: createMailboxes(to),
    defender: createDefenderMail({ ...to, ownerOf, patienceMs: READ_BACK_MS }),
    terms,
  });
  /** What happens to the process in place of, or after, asking for a removal. */
  const fate: { next: ((ask: () => ReturnType<Effects['softDelete']>) => ReturnType<Effects['softDelete']>) | null } = {
    next: null,
  };
  const effects: Effects = {
    ...all.effects,
    softDelete(targets, term) {
      const ask = () => all.effects.softDelete(targets, term);
      const own = fate.next;
      fate.next = null;
      return own ? own(ask) : ask();
    },
  };
  const finders = [createHunting({ ...to, isOn: true })];
  Object.assign(world.flow, { ...all, effects, finders, engine: { terms, readBackMs: READ_BACK_MS } });
  const told = looking(() => world);
  const idOf = (address: string) => tenant.userByAddress(address)?.id ?? '';
  return {
    world,
    graph,
    tenant,
    fate,
    ...told,
    idOf,
    /** Delivered to these, and reported. */
    async landed(addresses: readonly string[], folder = 'inbox') {
      tenant.deliver({ ...MAIL, to: addresses, folder });
      return told.reported(addresses);
    },
    async approved(id: string) {
      await world.press(DANA, 'slack', 'purge', id);
      await world.settle();
    },
    /** A minute at a time, so that whoever looks is there when something happens. */
    async minutes(n: number) {
      for (let minute = 0; minute < n; minute += 1) {
        world.pass(1);
        await world.settle();
      }
    },
    folderOf: (address: string) => tenant.look(address).messages[0]?.folder,
    orders: () => graph.log.entries().filter(({ operation }) => operation === 'remediate'),
    outcomes: (id: string) =>
      told.entries(id, 'copy.outcome').map(({ outcome, detail }) => ({ outcome, note: detail.note })),
  };
}
