import { readFileSync } from 'node:fs';
import { mailFromEml } from '../adapters/eml/alert.ts';
import { mailFactsOf } from '../adapters/eml/signal-facts.ts';
import { domainOf } from '../core/address.ts';
import { domainSet } from '../core/signal/domain.ts';
import type { Facts, History } from '../core/signal/facts.ts';
import { score } from '../core/signal/score.ts';
import { type Finding, findingsIn } from '../core/signal/signals.ts';

const NOT_ASKED: History = { received: null, sent: null, days: null };

interface Asked {
  /** Mailboxes that somebody at the machine names: their domains are ours. */
  readonly to: readonly string[];
  readonly as: 'mail' | 'report';
  /** ISO time. */
  readonly now: string;
}

/** What our own signals see in a file by itself: nobody is asked about its sender. None for an alert, which holds no mail. */
export async function shadowFindings(path: string, { to, as, now }: Asked): Promise<readonly Finding[]> {
  if (/\.json$/i.test(path)) return [];
  const mail = mailFactsOf(await mailFromEml(readFileSync(path), as), now);
  const own =
    to.length === 0 ? null : { value: domainSet(to.map(domainOf)), source: 'configuration' as const, at: now };
  const facts: Facts = {
    mail,
    tenant: { ownDomains: own, partners: null, vips: null, ownRelay: null },
    mailbox: {
      ...{ owner: null, address: NOT_ASKED, domain: NOT_ASKED },
      ...{ conversation: null, sameIndex: null, judged: null, judgedDomain: null },
    },
  };
  return findingsIn(facts);
}

/** For people; nothing where nothing is seen. */
export function shadowLines(findings: readonly Finding[]): readonly string[] {
  if (findings.length === 0) return [];
  return [
    `shadow, decides nothing: ${score(findings).sentence}`,
    ...findings.map(({ strength, weight, sentence }) => `  ${strength} ${weight}: ${sentence}`),
  ];
}
