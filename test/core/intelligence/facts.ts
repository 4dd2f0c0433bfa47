import type { PersonFacts, RuleChange, SignIns } from '../../../src/core/intelligence/facts.ts';
import { domainSet } from '../../../src/core/signal/domain.ts';

/** Ann, who received a mail at eight, and whatever is told of her account. */
export const ANN = { id: '00000000-0000-4000-8000-00000000000a', address: 'ann@contoso.example' };
const MAIL_AT = '2026-11-20T08:00:00.000Z';
export const at = (minutes: number) => new Date(Date.parse(MAIL_AT) + minutes * 60_000).toISOString();

export function factsOf(change: Partial<PersonFacts> = {}): PersonFacts {
  return {
    person: ANN,
    mailAt: MAIL_AT,
    ownDomains: domainSet(['contoso.example']),
    ourApps: new Set(['our-app']),
    clicks: [],
    signIns: [],
    risks: [],
    rules: [],
    forwardings: [],
    delegates: [],
    consents: [],
    accesses: [],
    deletions: [],
    bursts: [],
    ...change,
  };
}

export function rule(change: Partial<RuleChange> = {}): RuleChange {
  return {
    at: at(30),
    name: 'Newsletters of the week',
    isEnd: false,
    id: null,
    stands: null,
    moveTo: null,
    deletes: false,
    marksRead: false,
    sendsTo: [],
    words: [],
    ip: null,
    ...change,
  };
}

export function signIns(change: Partial<SignIns> = {}): SignIns {
  return {
    ip: '203.0.113.10',
    country: 'DE',
    first: at(-10_000),
    last: at(-5),
    times: 12,
    singleFactor: 0,
    unmanaged: 0,
    ...change,
  };
}

export const click = (minutes: number, outcome: 'allowed' | 'through' | 'blocked' = 'allowed') => ({
  at: at(minutes),
  url: 'https://login.fabrikam.example/x',
  ip: null,
  outcome,
});
