import { describe, expect, it } from 'vitest';
import type { Recorded } from '../../src/core/record/ledger.ts';
import type { EntryType } from '../../src/core/record/payloads.ts';
import { explainIncident } from '../../src/core/record/why.ts';
import { hostileTexts } from '../support/card-pictures/hostile.ts';
import { DIGEST, person, TENANT_ID } from '../support/cases.ts';
import { type Flat, type Old, oldEntry } from '../support/entries.ts';

let seq = 0;
const entry = <T extends EntryType>(type: T, change: Old = {}) =>
  oldEntry(type, {
    tenant: TENANT_ID,
    at: '2026-11-20T08:00:00.000Z',
    incident: 'CB-0001',
    actor: { kind: 'person', id: person(1).entraId, name: 'Dana' },
    platform: 'slack',
    planDigest: DIGEST,
    mailbox: null,
    message: null,
    requestId: null,
    outcome: null,
    seq: ++seq,
    prev: '',
    ...change,
  });

it('tells which rule, which people and which digest', () => {
  const lines = explainIncident([
    entry('plan.made', {
      detail: { copies: 3, mailboxes: 2, policy: 'b'.repeat(64), 'rule.purge': 'two: 2 \u00d7 approver' },
    }),
    entry('decision.approved', { detail: { action: 'purge', roles: 'approver', reason: 'seen it before' } }),
    entry('run.started', {
      detail: { action: 'purge', run: 'r1', copies: 3, mailboxes: 2, rule: 'two', approvedBy: person(1).entraId },
    }),
    entry('run.finished', { detail: { run: 'r1', summary: 'removed 3' } }),
  ]).join('\n');
  for (const part of ['purge: two: 2 \u00d7 approver', DIGEST, 'Approved by Dana', 'seen it before', 'removed 3'])
    expect(lines).toContain(part);
});

it('tells why something was refused, and that nothing was carried out', () => {
  const lines = explainIncident([
    entry('press.refused', { outcome: 'recipient', detail: { verb: 'purge' } }),
    entry('decision.approved', { detail: { action: 'purge', count: 1, needed: 2 } }),
    entry('incident.expired'),
  ]);
  expect(lines).toContain('Nothing was carried out.');
  expect(lines.join('\n')).toMatch(
    /Not enough for purge: 1 of 2.*\n.*neither consent nor refusal.*\n.*received the mail/s,
  );
});

it('a hostile name stays one inert line', () => {
  const actor = { kind: 'stranger', id: 'slack:U1', name: '<!here>\nhttps://evil.example' } as const;
  const lines = explainIncident([entry('press.refused', { actor, outcome: 'guest', detail: { verb: 'purge' } })]);
  expect(lines.every((line) => !line.includes('\n') && !line.includes('https://'))).toBe(true);
});

it('of an unknown incident there is nothing to tell', () => {
  expect(explainIncident([])).toEqual([]);
});

const dana = { kind: 'person', id: person(1).entraId, name: 'Dana' } as const;
const omar = { kind: 'person', id: person(2).entraId, name: 'Omar' } as const;
const vote = (actor: Recorded['actor'], change: Flat = {}) =>
  entry('decision.approved', {
    actor,
    detail: { action: 'purge', count: 1, needed: 2, seats: '2 \u00d7 approver', roles: 'approver', ...change },
  });
const ran = (detail: Flat = {}) =>
  entry('run.started', {
    actor: { kind: 'service', id: 'clawback', name: 'Clawback' },
    detail: { action: 'purge', cause: 'approved', run: 'r1', copies: 3, mailboxes: 2, rule: 'two', ...detail },
  });

describe('why something was carried out', () => {
  it('names everybody whose approval it took, with role, reason, sign-in, chat and time, and nobody else', () => {
    const lines = explainIncident([
      vote(dana, { roles: 'analyst approver', reason: 'seen it before' }),
      vote({ ...omar, id: person(3).entraId, name: 'Ana' }, { roles: 'legal' }),
      vote(omar, { roles: 'lead', signIn: 'c1 2026-11-20T07:59:00.000Z' }),
      ran({
        seats: '1 \u00d7 analyst and 1 \u00d7 lead',
        over: 'the tenant\u2019s cap of 10 mailboxes an hour',
        approvedBy: `${dana.id} ${omar.id}`,
      }),
    ]);
    expect(lines.filter((line) => line.includes('Approved by'))).toEqual([
      `  Approved by Dana (${dana.id}) as analyst approver, because: seen it before, in slack, 20 Nov 08:00 UTC.`,
      `  Approved by Omar (${omar.id}) as lead, signed in for it (c1 2026-11-20T07:59:00.000Z), in slack, 20 Nov 08:00 UTC.`,
    ]);
    expect(lines).toContain(
      '  Rule: two (1 \u00d7 analyst and 1 \u00d7 lead), and over the tenant\u2019s cap of 10 mailboxes an hour.',
    );
    expect(lines).toContain('  Ended: not yet.');
  });

  it('an approval of an older plan, of another action or from afterwards is none of it', () => {
    const lines = explainIncident([
      { ...vote(dana), planDigest: 'f'.repeat(64) },
      vote(dana, { action: 'flag' }),
      ran({ approvedBy: dana.id }),
      vote(dana),
    ]);
    expect(lines.filter((line) => line.startsWith('  Approved by'))).toEqual([]);
  });

  it('somebody who pressed twice is named once', () => {
    const lines = explainIncident([vote(dana), vote(dana), ran({ approvedBy: dana.id })]);
    expect(lines.filter((line) => line.includes('Approved by'))).toHaveLength(1);
  });

  it('tells the end of each run, not of another', () => {
    const end = (run: string, summary: string) => entry('run.finished', { detail: { run, summary } });
    const lines = explainIncident([
      ran(),
      end('r1', 'removed 3'),
      ran({ run: 'r2', action: 'undo' }),
      end('r2', 'restored 3'),
    ]);
    expect(lines.filter((line) => line.includes('Ended'))).toEqual(['  Ended: removed 3.', '  Ended: restored 3.']);
  });

  it('copies that were not in the approved plan are in another incident', () => {
    const lines = explainIncident([ran(), entry('plan.grown', { detail: { copies: 1_200, child: 'CB-0002' } })]);
    expect(lines.at(-1)).toBe(
      '1,200 more copies were found that were in no list; they were not touched: CB-0002 asks for them.',
    );
  });
});

describe('why something was contained', () => {
  const contained = ran({ action: 'contain', cause: 'policy', approvedBy: '' });
  const word = { action: 'contain', reason: 'certainly malware' };

  it('nobody was asked first, and who confirmed it is told with role, reason and digest', () => {
    const lines = explainIncident([
      contained,
      vote(dana, word),
      entry('containment.confirmed', { detail: { approvedBy: dana.id } }),
    ]);
    expect(lines).toContain('  Nobody was asked first: the policy contains at once and asks afterwards.');
    expect(lines.slice(-2)).toEqual([
      `Containment confirmed: it stays removed. Plan: ${DIGEST}. Every approval named this digest.`,
      expect.stringMatching(/^ {2}Approved by Dana .* as approver, because: certainly malware/),
    ]);
    expect(lines.join()).not.toContain('Not enough');
  });

  it('confirmed by too few, it went back by itself', () => {
    const back = ran({ action: 'undo', cause: 'roll-back', run: 'r2', why: 'not confirmed in time', approvedBy: '' });
    const lines = explainIncident([contained, vote(dana, word), entry('containment.lapsed'), back]);
    expect(lines).toContain('  Nobody was asked: an unconfirmed containment goes back by itself.');
    expect(lines).toContain('The containment was not confirmed in time and was rolled back.');
    expect(lines).toContainEqual(expect.stringMatching(/^Not enough for contain: 1 of 2 .*Approved by Dana/));
  });

  it('rolled back by people, it is told who approved that', () => {
    const said = vote(dana, { ...word, action: 'undo' });
    const back = ran({ action: 'undo', cause: 'roll-back', run: 'r2', rule: 'undo', approvedBy: dana.id });
    const lines = explainIncident([contained, said, back]);
    expect(lines.join('\n')).toMatch(/undo of .* ran[\s\S]*Rule: undo[\s\S]*Approved by Dana/);
    expect(lines.join()).not.toContain('Nobody was asked: an unconfirmed');
  });

  it('in an old record: called not malicious, it went back on that word', () => {
    const rejected = entry('decision.rejected', { actor: omar, detail: { reason: 'a newsletter' } });
    const back = ran({ action: 'undo', cause: 'roll-back', run: 'r2', why: 'rejected', approvedBy: omar.id });
    const lines = explainIncident([contained, rejected, back]);
    expect(lines).toContain('  Somebody called it not malicious: a containment goes back on one such word.');
    expect(lines).toContain('Ended by Omar: not malicious, because a newsletter.');
  });
});

describe('why something was decided that is no action', () => {
  const said = vote(dana, { action: 'reject', reason: 'ours', count: 1, needed: 2, seats: '2 × approver' });

  it('names everybody who called it not malicious', () => {
    const end = entry('decision.rejected', {
      actor: omar,
      detail: { reason: 'a newsletter', approvedBy: `${dana.id} ${omar.id}` },
    });
    const lines = explainIncident([said, end]);
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}Approved by Dana .* because: ours/));
    expect(lines.join()).not.toContain('Not enough');
  });

  it('says where it was not enough', () => {
    expect(explainIncident([said])).toContainEqual(expect.stringMatching(/^Not enough for reject: 1 of 2/));
  });

  it('says whose vote was taken back, and why', () => {
    const gone = entry('decision.withdrawn', { outcome: 'deactivated', detail: { name: 'Dana', action: 'purge' } });
    expect(explainIncident([gone])).toContain(
      'The vote of Dana for purge did not count any more: the account is deactivated.',
    );
  });

  it('says who ended a run early', () => {
    const end = entry('run.cancelled', { actor: omar, detail: { left: 7, approvedBy: omar.id } });
    expect(explainIncident([ran(), end])).toContain('Cancelled by Omar: 7 copies were left alone.');
  });
});

describe('why something was not done', () => {
  it.each([
    ['stopped', {}, 'Clawback was stopped.'],
    ['policy', { why: 'under legal hold' }, 'the policy does not allow it (under legal hold).'],
    ['not-asked', { seats: '1 \u00d7 lead' }, 'holds no role that was asked for (1 \u00d7 lead).'],
    ['something-new', {}, 'something-new.'],
  ])('a refused press: %s', (outcome, detail, words) => {
    const [line] = explainIncident([
      entry('press.refused', { actor: omar, outcome, detail: { verb: 'purge', ...detail } }),
    ]).slice(-1);
    expect(line).toBe(`Refused: Omar in slack, purge, plan ${DIGEST}, 20 Nov 08:00 UTC: ${words}`);
  });

  it.each([
    ['somebody-else', {}, 'somebody else signed in than had pressed.'],
    ['entra-refused', { why: 'access_denied' }, 'Entra did not let them sign in (access_denied).'],
    ['sign-in-failed', { why: 'it is not fresh' }, 'the sign-in could not be taken (it is not fresh).'],
    // As older versions wrote it down.
    ['Entra says access_denied', {}, 'Entra says access_denied.'],
  ])('a sign-in that did not count: %s', (outcome, more, words) => {
    const actor = { kind: 'service', id: 'clawback', name: 'Clawback' } as const;
    const refused = entry('ticket.refused', { actor, platform: 'web', outcome, detail: { kind: 'vote', ...more } });
    expect(explainIncident([refused]).at(-1)).toBe(
      `Refused: Clawback in web, vote, plan ${DIGEST}, 20 Nov 08:00 UTC: ${words}`,
    );
  });
});

it('stays harmless lines, whatever the record holds', () => {
  const types: readonly Recorded['type'][] = [
    'plan.made',
    'decision.approved',
    'decision.rejected',
    'run.started',
    'run.finished',
    'containment.confirmed',
    'plan.grown',
    'press.refused',
    'ticket.refused',
  ];
  const keys = [
    'policy',
    'rule.purge',
    'action',
    'rule',
    'seats',
    'over',
    'roles',
    'signIn',
    'reason',
    'summary',
    'child',
    'verb',
    'kind',
    'why',
  ];
  const lines = [...hostileTexts(), 'a\nb\u001b[2J'].flatMap((text) =>
    explainIncident(
      types.map((type) =>
        entry(type, {
          actor: { kind: 'stranger', id: text, name: text },
          outcome: text,
          detail: { run: 'r1', approvedBy: text, ...Object.fromEntries(keys.map((key) => [key, text])) },
        }),
      ),
    ),
  );
  expect(lines.length).toBeGreaterThan(100);
  expect(lines.filter((line) => /[\p{Cc}\u2028\u2029\u202E\u200B]|(?<!hxxps?):\/\//u.test(line))).toEqual([]);
});
