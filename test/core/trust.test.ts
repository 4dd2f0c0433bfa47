import { describe, expect, it } from 'vitest';
import type { Action } from '../../src/core/action/action.ts';
import type { Situation } from '../../src/core/incident/incident.ts';
import type { Recorded } from '../../src/core/record/ledger.ts';
import type { EntryType } from '../../src/core/record/payloads.ts';
import {
  heardBreach,
  heardIn,
  linkBreach,
  planBreach,
  planlessBreach,
  runBreach,
  stateBreach,
  voteBreach,
} from '../../src/core/record/trust.ts';
import { workBreach } from '../../src/core/record/trust-work.ts';
import { waitBreach } from '../../src/flow/record/wait.ts';
import { copyOf, DIGEST, person, planOf, standingAt, TENANT_ID, voteOf } from '../support/cases.ts';
import { type Flat, type Old, oldEntry } from '../support/entries.ts';

const AT = '2026-11-20T08:10:00.000Z';
let seq = 0;
const entry = <T extends EntryType>(type: T, change: Old = {}) =>
  oldEntry(type, {
    tenant: TENANT_ID,
    at: AT,
    incident: 'CB-0001',
    actor: { kind: 'service', id: 'clawback', name: 'Clawback' },
    platform: null,
    planDigest: DIGEST,
    mailbox: null,
    message: null,
    requestId: null,
    outcome: null,
    seq: ++seq,
    prev: '',
    ...change,
  });
const approved = (n: number, change: Old = {}) =>
  entry('decision.approved', {
    actor: { kind: 'person', id: person(n).entraId, name: 'x' },
    platform: 'slack',
    detail: { action: 'purge', roles: 'approver', signIn: null },
    ...change,
  });

describe('a plan against the record', () => {
  const stored = { plan: planOf(), intact: true, newer: false };
  const own = { id: 'CB-0001', tenant: TENANT_ID };
  const made = entry('plan.made');
  it.each([
    ['as it was made', stored, [made], null],
    ['changed', { ...stored, intact: false }, [made], 'is not as it was made'],
    ['unreadable', { ...stored, plan: null }, [made], 'is not as it was made'],
    ['of a newer version', { plan: null, intact: true, newer: true }, [made], null],
    ['of a newer version, and changed', { plan: null, intact: false, newer: true }, [made], 'is not as it was made'],
    ['gone', null, [made], 'is not stored any more'],
    ['of another incident', { ...stored, plan: planOf({ incident: 'CB-0002' }) }, [made], 'for another incident'],
    ['of another tenant', { ...stored, plan: planOf({ tenant: 't' }) }, [made], 'for another incident'],
    ['that nobody recorded', stored, [entry('plan.made', { planDigest: 'f'.repeat(64) })], 'knows no plan'],
    ['with an entry of another type', stored, [entry('plan.grown')], 'knows no plan'],
    ['given up', stored, [made, entry('plan.made', { planDigest: 'f'.repeat(64) })], 'is not the newest'],
  ])('%s', (_what, plan, entries, words) => {
    const breach = planBreach(own, DIGEST, plan, entries, true);
    expect(breach).toEqual(words === null ? null : expect.stringContaining(words));
  });

  it('an older one is in order where an old run is looked at', () => {
    const entries = [made, entry('plan.made', { planDigest: 'f'.repeat(64) })];
    expect(planBreach(own, DIGEST, stored, entries, false)).toBeNull();
  });
});

describe('what was heard against the record', () => {
  const heard = (type: EntryType, digest: string | null) => entry(type, { detail: { heard: digest } });
  it.each([
    ['as the first alert left it', [heard('alert.received', 'now')], true],
    ['as a later one left it', [heard('alert.received', 'old'), heard('alert.repeated', 'now')], true],
    ['as people left it who took a group in', [heard('alert.received', 'old'), heard('group.taken-in', 'now')], true],
    ['as it was before', [heard('alert.received', 'now'), heard('alert.repeated', 'new')], false],
    ['with an alert that added to nothing', [heard('alert.received', 'old'), heard('alert.repeated', null)], false],
    ['from before there were digests', [entry('alert.received')], true],
    ['by an entry of another kind', [heard('alert.received', 'old'), heard('plan.made', 'now')], false],
  ])('%s', (_what, entries, holds) => {
    expect(heardBreach('now', heardIn(entries)) === null).toBe(holds);
  });
});

describe('a state against the record', () => {
  const last: Readonly<Record<string, Recorded>> = {
    made: entry('plan.made', { detail: { mode: 'live' } }),
    started: entry('run.started', { detail: { action: 'purge' } }),
    purged: entry('run.finished', { detail: { action: 'purge' } }),
    'hard-purged': entry('run.finished', { detail: { action: 'hard-purge' } }),
    junked: entry('run.finished', { detail: { action: 'junk' } }),
    flagged: entry('run.finished', { detail: { action: 'flag' } }),
    contained: entry('run.finished', { detail: { action: 'contain' } }),
    restored: entry('run.finished', { detail: { action: 'restore' } }),
    confirmed: entry('containment.confirmed'),
    rejected: entry('decision.rejected'),
    joined: entry('incident.joined', { detail: { into: 'CB-0002' } }),
    expired: entry('incident.expired'),
    reopened: entry('incident.reopened'),
    taken: entry('group.taken-in'),
  };
  const fits: Readonly<Record<Situation, readonly string[]>> = {
    received: ['reopened', 'taken'],
    rehearsed: ['purged', 'hard-purged', 'junked', 'flagged', 'contained', 'restored'],
    rejected: ['rejected', 'joined'],
    expired: ['expired'],
    open: ['made'],
    running: ['started'],
    flagged: ['flagged'],
    contained: ['contained'],
    purged: ['purged', 'hard-purged', 'confirmed'],
    junked: ['junked'],
    restored: ['restored'],
  };
  it.each(Object.entries(fits))('%s', (state, names) => {
    const believed = Object.keys(last).filter(
      (name) =>
        stateBreach(standingAt(state as Situation), [last['made'] as Recorded, last[name] as Recorded]) === null,
    );
    expect(believed).toEqual(names);
  });

  const updated = entry('plan.made', { detail: { foundBy: 'x' } });
  it.each([
    ['open', [updated], true],
    ['flagged', [updated, entry('run.finished', { detail: { action: 'flag' } })], true],
    ['purged', [updated, entry('run.finished', { detail: { action: 'purge' } })], false],
    ['rejected', [updated, entry('decision.rejected')], false],
  ])('received is what an update of the first version looks for anew, where it was %s', (_state, entries, holds) => {
    expect(stateBreach(standingAt('received'), entries) === null).toBe(holds);
  });

  it('a list is never taken away but by that update', () => {
    const breachOf = (made: Recorded, planDigest: string | null = null) => planlessBreach({ planDigest }, [made]);
    expect(breachOf(updated)).toBeNull();
    expect(breachOf(last['made'] as Recorded)).toContain('is not the one');
    expect(breachOf(last['made'] as Recorded, DIGEST)).toBeNull();
    expect(planlessBreach({ planDigest: null }, [entry('alert.received')])).toBeNull();
  });

  it.each([
    ['open', AT, AT, true],
    ['open', '2026-11-20T08:11:00.000Z', AT, true],
    ['open', '2026-11-20T08:11:00.001Z', AT, false],
    ['open', '2026-11-20T08:08:59.999Z', AT, false],
    ['open', AT, null, false],
    ['open', null, null, true],
    ['running', '2020-01-01T00:00:00.000Z', null, true],
  ] as const)('%s, asked at %s until %s', (state, askedAt, deadline, holds) => {
    expect(waitBreach({ ...standingAt(state), askedAt, deadline }, [entry('plan.made')]) === null).toBe(holds);
  });

  it('received is what is new', () => {
    expect(stateBreach(standingAt('received'), [entry('alert.received'), entry('alert.repeated')])).toBeNull();
  });

  it('of an incident that the record has nothing of is not believed', () => {
    expect(stateBreach(standingAt('open'), [])).not.toBeNull();
  });

  it('goes by the last entry that changes it, not by what came after', () => {
    expect(stateBreach(standingAt('open'), [entry('plan.made'), approved(1), entry('alert.received')])).toBeNull();
  });
});

describe('a vote against the record', () => {
  it.each([
    ['as it was given', {}, approved(1), true],
    ['given again with the roles of now', {}, approved(1, { at: '2026-11-20T08:11:00.000Z' }), true],
    ['of another person', { person: person(2).entraId }, approved(1), false],
    [
      'of a stranger with that id',
      {},
      approved(1, { actor: { kind: 'stranger', id: person(1).entraId, name: '' } }),
      false,
    ],
    ['on another plan', { planDigest: 'f'.repeat(64) }, approved(1), false],
    ['for another action', { action: 'hard-purge' as Action }, approved(1), false],
    ['with other roles', { roles: ['lead'] }, approved(1), false],
    ['in the other chat', { platform: 'teams' }, approved(1), false],
    ['with a sign-in', { signIn: { context: 'c1', at: AT } }, approved(1), false],
    ['younger than its entry', { at: '2026-11-20T08:10:00.001Z' }, approved(1), false],
    ['older than its entry', { at: '2026-11-20T08:09:59.999Z' }, approved(1), true],
  ])('%s', (_what, change, said, holds) => {
    expect(voteBreach([voteOf(1, change)], [said]) === null).toBe(holds);
  });

  it.each([
    ['as it was given', {}, true],
    ['when the clock went back before it was written down', { at: '2026-11-20T08:10:00.004Z' }, true],
    ['at another time', { at: '2026-11-20T08:09:00.000Z' }, false],
    ['with another account', { account: 'U0OTHER' }, false],
    ['under another name', { name: 'Boss' }, false],
  ])('that the record has the time of, %s', (_what, change, holds) => {
    const vote = voteOf(1, change);
    const { account, name } = voteOf(1);
    const isLate = vote.at > AT;
    const votedAt = isLate ? vote.at : voteOf(1).at;
    const said = approved(1, {
      actor: { kind: 'person', id: person(1).entraId, name },
      detail: { action: 'purge', roles: 'approver', signIn: null, account, votedAt },
    });
    expect(voteBreach([vote], [said]) === null).toBe(holds);
  });

  it('of before there were roles is one of an approver', () => {
    const old = approved(1, { detail: { action: 'restore', count: 1, needed: 2 } });
    expect(voteBreach([voteOf(1, { action: 'restore' })], [old])).toBeNull();
    expect(voteBreach([voteOf(1, { action: 'restore', roles: ['lead'] })], [old])).not.toBeNull();
  });

  it('is looked for one by one', () => {
    expect(voteBreach([voteOf(1), voteOf(2)], [approved(1)])).toContain(person(2).entraId);
  });
});

describe('a run against the record', () => {
  const run = {
    id: 'r1',
    action: 'purge' as Action,
    planDigest: DIGEST,
    state: 'running' as const,
    mode: 'live',
    cause: 'approved',
    approvedBy: [person(1).entraId],
    mailboxes: 2,
    cancelledAt: null,
  };
  const started = (detail: Flat = {}, change: Old = {}) =>
    entry('run.started', {
      detail: {
        action: 'purge',
        run: 'r1',
        cause: 'approved',
        mode: 'live',
        mailboxes: 2,
        approvedBy: person(1).entraId,
        ...detail,
      },
      ...change,
    });
  const vote = approved(1);
  it.each([
    ['as it was started', {}, [vote, started()], null],
    ['nobody started', {}, [vote, started({ run: 'r2' })], 'is not in the record'],
    ['with another plan', { planDigest: 'f'.repeat(64) }, [vote, started()], 'the plan of'],
    ['with another action', { action: 'hard-purge' as Action }, [vote, started()], 'the action of'],
    ['with another cause', { cause: 'policy' }, [vote, started()], 'the cause of'],
    ['with another mode', { mode: 'dry-run' }, [vote, started()], 'the mode of'],
    ['with other approvers', { approvedBy: [] }, [vote, started()], 'the approvers of'],
    ['with fewer mailboxes', { mailboxes: 1 }, [vote, started()], 'the mailboxes of'],
    [
      'that has ended',
      {},
      [vote, started(), entry('run.finished', { detail: { run: 'r1' } })],
      'ended, says the record',
    ],
    ['that has not ended', { state: 'finished' as const }, [vote, started()], 'has ended'],
    ['without the vote', {}, [started()], 'rests on is not in the record'],
    ['with a vote that came later', {}, [started(), approved(1)], 'rests on is not in the record'],
    ['with a vote for something else', {}, [approved(1, { detail: { action: 'flag' } }), started()], 'rests on'],
    ['with a vote on another plan', {}, [approved(1, { planDigest: 'f'.repeat(64) }), started()], 'rests on'],
  ])('%s', (_what, change, entries, words) => {
    expect(runBreach({ ...run, ...change }, entries)).toEqual(words === null ? null : expect.stringContaining(words));
  });

  it('that a policy began needs no vote', () => {
    expect(runBreach({ ...run, cause: 'policy' }, [started({ cause: 'policy' })])).toBeNull();
  });
});

describe('work and links against what they come from', () => {
  const copy = { ...copyOf(1), before: null };
  const allowed = new Map([[`${copy.mailbox} ${copy.message}`, { address: copy.address, befores: null }]]);
  it.each([
    ['as it was planned', {}, true],
    ['on another message', { message: 'other' }, false],
    ['in another mailbox', { mailbox: 'other' }, false],
    ['under another address', { address: 'other@contoso.example' }, false],
  ])('work %s', (_what, change, holds) => {
    expect(workBreach([copy, { ...copy, ...change }], allowed) === null).toBe(holds);
  });

  const link = { platform: 'slack', account: 'U0', person: person(1).entraId };
  const said = (type: EntryType, account = 'U0', id = person(1).entraId) =>
    entry(type, { platform: 'slack', actor: { kind: 'person', id, name: '' }, detail: { account } });
  it.each([
    ['as it was made', [said('account.linked')], true],
    ['that nobody made', [], false],
    ['of another account', [said('account.linked', 'U1')], false],
    ['to another person', [said('account.linked', 'U0', person(2).entraId)], false],
    ['that was taken away', [said('account.linked'), said('account.unlinked')], false],
    ['that was made anew', [said('account.linked'), said('account.unlinked'), said('account.linked')], true],
  ])('a link %s', (_what, entries, holds) => {
    expect(linkBreach(link, entries) === null).toBe(holds);
  });
});
