import { describe, expect, it } from 'vitest';
import { Policy, withApprovers } from '../../src/core/ask/policy.ts';
import { isOfIncident, wantedIn } from '../../src/core/find/measures-wanted.ts';
import { alertOf, copyOf, planOf } from '../support/cases.ts';

/** What somebody types to ask for measures, at the limits and in odd orders. */

const policy = withApprovers(
  Policy.parse({
    version: 1,
    rules: [{ name: 'r', when: { action: ['purge'] }, approve: [{ role: 'approver', count: 1 }] }],
    playbooks: [{ name: 'takeover', measures: ['rule-off', 'revoke-sessions'] }],
  }),
  [],
);
const read = (words: string) => wantedIn(words, policy);
const people = (n: number) => Array.from({ length: n }, (_none, nth) => `p${nth}@contoso.example`).join(' ');

describe('what is wanted', () => {
  it('may have a reason of a thousand characters and twenty people', () => {
    const reason = 'x'.repeat(1_000);
    expect(read(`CB-1 rule-off ${people(20)} because ${reason}`)).toMatchObject({ reason });
    expect(read(`CB-1 rule-off ${people(20)} because x`)).toMatchObject({ addresses: { length: 20 } });
  });

  it('names each measure and each person once', () => {
    expect(read('CB-1 takeover rule-off RULE-OFF ann@contoso.example Ann@contoso.example because x')).toMatchObject({
      ...{ kinds: ['rule-off', 'revoke-sessions'], addresses: ['ann@contoso.example'], playbook: 'takeover' },
    });
    expect(read('CB-1 reset-mfa reset-mfa ann@contoso.example because x')).toMatchObject({
      byHand: ['reset-mfa'],
      kinds: [],
    });
  });

  it('may be what was found, of some people or of all, and beside measures', () => {
    expect(read('CB-1 found ann@contoso.example because x')).toMatchObject({
      kinds: [],
      addresses: ['ann@contoso.example'],
    });
    expect(read('CB-1 found rule-off because x')).toEqual({ problem: { is: 'nobody' } });
    expect(read('CB-1 found rule-off ann@contoso.example because x')).toMatchObject({ kinds: ['rule-off'] });
  });

  it('is for everybody only where all of it can be', () => {
    expect(read('CB-1 block-sender remove-event because x')).toMatchObject({ addresses: [] });
    expect(read('CB-1 block-sender disable-account because x')).toEqual({ problem: { is: 'nobody' } });
    expect(read('CB-1 takeover because x')).toEqual({ problem: { is: 'nobody' } });
  });

  it('is told of the first thing that is wrong', () => {
    expect(read(`explode ${people(21)}`)).toEqual({ problem: { is: 'nobody' } });
    expect(read(`CB-1 explode ${people(21)}`)).toEqual({ problem: { is: 'word', word: 'explode' } });
    expect(read(`CB-1 rule-off ${people(21)}`)).toEqual({ problem: { is: 'too-many' } });
    expect(read('because x')).toEqual({ problem: { is: 'incident' } });
  });

  it('names an incident of forty characters at most', () => {
    expect(read(`cb-${'a'.repeat(60)} rule-off ann@contoso.example because x`)).toMatchObject({
      incident: `CB-${'A'.repeat(37)}`,
    });
  });
});

describe('who has to do with a mail', () => {
  const of = (address: string, { alert = {}, plan = {} } = {}) =>
    isOfIncident(address, { alert: alertOf(alert), plan: planOf({ copies: [], ...plan }) });

  it.each<[string, Parameters<typeof of>[1]]>([
    ['an alert names', { alert: { recipients: ['Eve@contoso.example'] } }],
    ['received it, as a service says', { alert: { received: ['eve@contoso.example'] } }],
    ['received it, as the list says', { plan: { received: ['eve@CONTOSO.example'] } }],
    ['holds a copy', { plan: { copies: [copyOf(1, { address: 'eve@contoso.example' })] } }],
    [
      'holds a copy that is protected',
      { plan: { shielded: [{ ...copyOf(1, { address: 'eve@contoso.example' }), set: 'board' }] } },
    ],
    ['is named as who sent it', { alert: { message: { ...alertOf().message, sender: 'eve@contoso.example' } } }],
  ])('is whoever %s', (_what, facts) => {
    expect(of('eve@contoso.example', facts)).toBe(true);
    expect(of('eve@contoso.example')).toBe(false);
  });
});
