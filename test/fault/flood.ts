import { ClawbackError } from '../../src/core/error.ts';
import type { Source } from '../../src/core/find/source.ts';
import type { Night } from '../support/desk-of-the-night.ts';
import { diceFrom } from './dice.ts';

/** A morning on which everybody reports mail: most of it harmless, and among it a few attacks in many waves. */

export interface Flood {
  readonly reports: number;
  /** Attacks; one report in ten is of one of them. */
  readonly campaigns: number;
  readonly seed: number;
}

export interface Flooded {
  /** Every incident that a report opened. */
  readonly incidents: readonly string[];
  /** The first incident of each attack. */
  readonly leads: readonly string[];
}

/** Passes on what people reported, and proves who they are. */
const BUTTON: Source = {
  name: 'report button',
  kind: 'report',
  claims: { confidence: 60, actFirst: false, recipients: false, ids: false, reporters: true },
};
const EMPLOYEES = 5_000;
const AT_ONCE = 8;

export const GROUPING = {
  campaigns: { ownDomains: ['contoso.example'], sharedHosts: [] },
  cardLimits: { perHour: 20, detectorPerHour: 200 },
} as const;

export async function flood(night: Night, { reports, campaigns, seed }: Flood): Promise<Flooded> {
  const dice = diceFrom(seed);
  const below = (most: number) => Math.floor(dice() * most);
  const incidents: string[] = [];
  const leads = new Map<number, string>();
  const attacks = Math.floor(reports / 10);
  // Each attack as often as the others, and all of it in any order.
  const kinds = Array.from({ length: reports }, (_none, n) => (n < attacks ? n % campaigns : -1));
  for (let n = kinds.length - 1; n > 0; n -= 1) {
    const other = below(n + 1);
    [kinds[n], kinds[other]] = [kinds[other] ?? -1, kinds[n] ?? -1];
  }
  let next = 0;
  async function lane(): Promise<void> {
    for (let n = next; n < kinds.length; n = next) {
      next += 1;
      const of = kinds[n] ?? -1;
      const who = `person${below(EMPLOYEES)}@contoso.example`;
      const id = await untilTaken(() => night.alert(reportOf(of, n, who), `report ${n}`, BUTTON));
      incidents.push(id);
      if (of < 0 || leads.has(of)) continue;
      const incident = await night.flow.store.transact((tx) => tx.incidents.get(id));
      leads.set(of, incident?.campaign ?? id);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return { incidents, leads: [...leads.values()] };
}

/** Whoever sends sends again until it is taken: a database under such a load may say that it is busy. */
async function untilTaken(send: () => Promise<string>): Promise<string> {
  for (;;) {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof ClawbackError) || error.code !== 'unavailable') throw error;
    }
  }
}

function reportOf(of: number, n: number, who: string) {
  const sender = of < 0 ? `news${n}@shop${n}.example` : `pay@evil${of}.example`;
  const host = of < 0 ? `www.shop${n}.example` : `login.evil${of}.example`;
  return {
    id: `report ${n}`,
    verdict: 'suspicious',
    severity: 'medium',
    reporter: { entraId: null, address: who },
    recipients: [who],
    message: {
      internetMessageId: `<${n}@mailer.example>`,
      sender,
      subject: `Mail ${n}`,
      urls: [`https://${host}/${n}`],
    },
  };
}

/** What people see of it. */
export async function seenOf(night: Night) {
  return night.flow.store.transact(async (tx) => {
    const open = await tx.board.open(1);
    const held = await tx.cards.held('slack', 10);
    return { open: open.total, held: held.total, named: held.incidents };
  });
}
