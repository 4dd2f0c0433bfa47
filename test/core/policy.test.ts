import { describe, expect, it } from 'vitest';
import {
  defaultPolicy,
  nobodyLeft,
  Policy,
  seatsIn,
  stepUpsIn,
  verbSeats,
  withApprovers,
} from '../../src/core/ask/policy.ts';
import { asksWhy, canAnybodyRead, mayRead, READ_RIGHTS } from '../../src/core/ask/reads.ts';
import { APPROVER } from '../../src/core/ask/seat.ts';
import { person, policyOf } from '../support/cases.ts';

const GROUP = '4B7D0E2C-8A51-4F36-9C1D-6E3F2A5B8D70';
const approve = [{ role: 'approver', count: 1 }];
const rule = { name: 'one', when: { action: ['purge'] }, approve };
const contain = { name: 'contain', when: { action: ['contain'] }, approve, actFirst: true };
const parsed = (change: object) => Policy.parse({ version: 1, rules: [rule], ...change });
const namedIn = (change: object) =>
  Policy.safeParse({ version: 1, rules: [rule], ...change }).error?.issues.map((issue) => issue.path.join('.')) ?? [];

describe('what a policy.yaml may say', () => {
  it.each([
    ['a role of one Slack user group', { roles: { lead: { slackUserGroups: ['S012AB3CD'] } } }],
    [
      'a role of a person and a user group',
      { roles: { lead: { people: [person(1).entraId], slackUserGroups: ['S012AB3CD'] } } },
    ],
    ['a role of an Entra group', { roles: { lead: { entraGroups: [GROUP] } } }],
    ['a range of one number', { rules: [{ ...rule, when: { action: ['purge'], copies: { atLeast: 3, atMost: 3 } } }] }],
    ['that nothing is ever contained', { rules: [{ name: 'never', when: contain.when, refuse: 'not here' }] }],
  ])('%s', (_name, change) => {
    expect(namedIn(change)).toEqual([]);
  });
});

describe('what a policy.yaml may not say is named by its key', () => {
  it.each([
    ['a reader with an unknown role', { reads: { excerpt: ['boss'] } }, 'reads.excerpt.0'],
    ['a reader with a count', { reads: { export: [{ role: 'approver' }] } }, 'reads.export.0'],
    ['a right that there is not', { reads: { bodies: ['approver'] } }, 'reads'],
    ['an unknown role', { rules: [{ ...rule, approve: [{ role: 'boss' }] }] }, 'rules.0.approve.0.role'],
    ['the built-in role defined', { roles: { approver: { people: [person(1).entraId] } } }, 'roles.approver'],
    ['neither approve nor refuse', { rules: [{ name: 'one', when: rule.when }] }, 'rules.0.approve'],
    ['both of them', { rules: [{ ...rule, refuse: 'no' }] }, 'rules.0.approve'],
    ['act-first without containment', { rules: [{ ...rule, actFirst: true }] }, 'rules.0.actFirst'],
    ['containment without act-first', { rules: [{ ...rule, when: { action: ['contain'] } }] }, 'rules.0.actFirst'],
    [
      'an escalation after the end',
      { rules: [{ ...rule, escalation: [{ afterMinutes: 60, remind: 'approver' }] }] },
      'rules.0.escalation',
    ],
    ['two rules of one name', { rules: [rule, rule] }, 'rules.1.name'],
    [
      'an empty range',
      { rules: [{ ...rule, when: { action: ['purge'], copies: { atLeast: 3, atMost: 2 } } }] },
      'rules.0.when.copies',
    ],
    [
      'a zone nobody knows',
      { rules: [{ ...rule, when: { action: ['purge'], time: { zone: 'Mars' } } }] },
      'rules.0.when.time.zone',
    ],
    ['an authentication context that is none', { rules: [{ ...rule, stepUp: 'c100' }] }, 'rules.0.stepUp'],
    ['no rule at all', { rules: [] }, 'rules'],
    ['another version', { version: 2 }, 'version'],
    ['an action nobody knows', { rules: [{ ...rule, when: { action: ['shred'] } }] }, 'rules.0.when.action.0'],
    ['a rule about no action', { rules: [{ ...rule, when: { action: [] } }] }, 'rules.0.when.action'],
    [
      'containment together with something else',
      { rules: [{ ...contain, when: { action: ['contain', 'purge'] } }] },
      'rules.0.when',
    ],
    [
      'containment together with something else, refused',
      { rules: [{ name: 'no', when: { action: ['contain', 'purge'] }, refuse: 'never' }] },
      'rules.0.when',
    ],
    [
      'a reminder of a role nobody defined',
      { rules: [{ ...rule, escalation: [{ afterMinutes: 5, remind: 'lead' }] }] },
      'rules.0.escalation.0.remind',
    ],
    [
      'a question to a role nobody defined',
      { rules: [{ ...rule, escalation: [{ afterMinutes: 5, ask: [{ role: 'lead' }] }] }] },
      'rules.0.escalation.0.ask.0.role',
    ],
    ['a step that does nothing', { rules: [{ ...rule, escalation: [{ afterMinutes: 5 }] }] }, 'rules.0.escalation.0'],
    [
      'a step that does both',
      { rules: [{ ...rule, escalation: [{ afterMinutes: 5, remind: 'approver', ask: approve }] }] },
      'rules.0.escalation.0',
    ],
    [
      'a protected set guarded by a role nobody defined',
      { mailboxes: { protected: [{ name: 'board', approve: [{ role: 'legal' }] }] } },
      'mailboxes.protected.0.approve.0.role',
    ],
    [
      'two protected sets of one name',
      { mailboxes: { protected: [{ name: 'board', approve }, { name: 'board' }] } },
      'mailboxes.protected.1.name',
    ],
    // Counted in a plain object: such a set would be touched without the approval it asks for.
    ...['constructor', '__proto__', 'toString'].map((name): [string, object, string] => [
      `a protected set called ${name}`,
      { mailboxes: { protected: [{ name, approve }] } },
      'mailboxes.protected.0.name',
    ]),
    ['an override by a role nobody defined', { caps: { override: [{ role: 'lead' }] } }, 'caps.override.0.role'],
    ['a lift by a role nobody defined', { stop: { lift: [{ role: 'lead' }] } }, 'stop.lift.0.role'],
    // A word that every object answers to is still not a role.
    [
      'a role that only JavaScript knows',
      { rules: [{ ...rule, approve: [{ role: 'constructor' }] }] },
      'rules.0.approve.0.role',
    ],
    ['a retention that an undo could outlast', { retention: { days: 29 } }, 'retention.days'],
    ['a retention of more than ten years', { retention: { days: 3_651 } }, 'retention.days'],
    ['a retention of half a day more', { retention: { days: 400.5 } }, 'retention.days'],
    ['a retention in another unit', { retention: { months: 12 } }, 'retention'],
    ['a role of nobody', { roles: { lead: {} } }, 'roles.lead'],
    ['a role of somebody by name', { roles: { lead: { people: ['Dana'] } } }, 'roles.lead.people.0'],
    ['a role in capitals', { roles: { Lead: { people: [person(1).entraId] } } }, 'roles.Lead'],
    [
      'a seat for nobody',
      { rules: [{ ...rule, approve: [{ role: 'approver', count: 0 }] }] },
      'rules.0.approve.0.count',
    ],
    ['no seat at all', { rules: [{ ...rule, approve: [] }] }, 'rules.0.approve'],
    ['a range that says nothing', { rules: [{ ...rule, when: { action: ['purge'], vip: {} } }] }, 'rules.0.when.vip'],
    [
      'a share above all',
      { rules: [{ ...rule, when: { action: ['purge'], share: { atLeast: 2 } } }] },
      'rules.0.when.share.atLeast',
    ],
    [
      'a time of day that is none',
      { rules: [{ ...rule, when: { action: ['purge'], time: { from: '24:00' } } }] },
      'rules.0.when.time.from',
    ],
    [
      'a day in words',
      { rules: [{ ...rule, when: { action: ['purge'], time: { days: ['monday'] } } }] },
      'rules.0.when.time.days.0',
    ],
    ['two minutes to decide', { rules: [{ ...rule, expiryMinutes: 2 }] }, 'rules.0.expiryMinutes'],
    ['two days to decide', { rules: [{ ...rule, expiryMinutes: 2_880 }] }, 'rules.0.expiryMinutes'],
    ['a cap of nothing', { caps: { tenant: { plansPerHour: 0 } } }, 'caps.tenant.plansPerHour'],
    ['a VIP that is no address', { mailboxes: { vip: { addresses: ['the boss'] } } }, 'mailboxes.vip.addresses.0'],
  ])('%s', (_what, change, path) => {
    expect(namedIn(change)).toContain(path);
  });

  it('a containment of its own, done first, is no mistake', () => {
    expect(namedIn({ rules: [rule, contain] })).toEqual([]);
  });
});

describe('what a policy.yaml leaves out', () => {
  it('a rule asks for an hour, for no reason and for no sign-in', () => {
    expect(parsed({}).rules[0]).toMatchObject({ expiryMinutes: 60, reason: false, actFirst: false, escalation: [] });
    expect(parsed({}).rules[0]?.stepUp).toBeUndefined();
  });

  it('a cap of the analysts leaves the cap of the tenant as it is', () => {
    expect(parsed({ caps: { analyst: { plansPerHour: 3 } } }).caps).toEqual({
      tenant: { mailboxesPerHour: 1_000 },
      analyst: { plansPerHour: 3 },
      override: approve,
    });
  });

  it('people are not taken for each other by their addresses, and a stop is lifted by two', () => {
    expect([parsed({}).linkByEmail, parsed({}).stop.lift]).toEqual([false, [{ role: 'approver', count: 2 }]]);
  });

  it('ids and addresses are the same in other letters', () => {
    const { roles, mailboxes } = parsed({
      roles: { lead: { entraGroups: [GROUP] } },
      mailboxes: { vip: { addresses: ['CEO@Contoso.example'] } },
    });
    expect([roles['lead']?.entraGroups, mailboxes.vip.addresses]).toEqual([
      [GROUP.toLowerCase()],
      ['ceo@contoso.example'],
    ]);
  });
});

describe('who the roles of a tenant are', () => {
  it('its approvers are in their role, beside the roles of the file', () => {
    const policy = withApprovers(parsed({ roles: { lead: { people: [person(9).entraId] } } }), [person(1).entraId]);
    expect([policy.roles[APPROVER]?.people, policy.roles['lead']?.people]).toEqual([
      [person(1).entraId],
      [person(9).entraId],
    ]);
  });

  it('two tenants of one policy do not see each other’s people', () => {
    const policy = defaultPolicy();
    withApprovers(policy, [person(1).entraId]);
    expect(withApprovers(policy, [person(2).entraId]).roles[APPROVER]?.people).toEqual([person(2).entraId]);
    expect(policy.roles).toEqual({});
  });
});

it('every list of seats is found that could be impossible to fill', () => {
  const policy = policyOf(2, 1, {
    rules: [
      { ...rule, escalation: [{ afterMinutes: 5, ask: [{ role: 'approver', count: 2 }] }] },
      { name: 'never', when: { action: ['hard-purge'] }, refuse: 'never' },
    ],
    mailboxes: { protected: [{ name: 'board', approve: [{ role: 'approver', count: 3 }] }] },
    caps: { override: [{ role: 'approver', count: 4 }] },
    stop: { lift: [{ role: 'approver', count: 5 }] },
    verbs: { reject: [{ role: 'approver', count: 6 }], rollBack: [{ role: 'approver', count: 7 }] },
    whenNobodyIsLeft: { approve: [{ role: 'approver', count: 8 }] },
  });
  const asking = seatsIn(policy).filter(({ seats }) => seats.length > 0);
  expect(asking.map(({ path, seats }) => `${path} ${seats[0]?.count}`)).toEqual([
    'rules.0.approve 1',
    'rules.0.escalation.0.ask 2',
    'mailboxes.protected.0.approve 3',
    'caps.override 4',
    'stop.lift 5',
    'verbs.reject 6',
    'verbs.reopen 1',
    'verbs.takeIn 1',
    'verbs.cancel 1',
    'verbs.rollBack 7',
    'flags.clear 1',
    'whenNobodyIsLeft.approve 8',
  ]);
});

describe('who decides what is no action', () => {
  const one = [{ role: 'approver', count: 1 }];

  it.each(['reject', 'reopen', 'take-in', 'cancel'] as const)(
    '%s: one approver, where the policy does not say',
    (verb) => {
      expect(verbSeats(defaultPolicy(), verb)).toEqual(one);
    },
  );

  it('the same under a policy from before there were verbs in it', () => {
    const { verbs: _verbs, whenNobodyIsLeft: _left, ...rest } = defaultPolicy();
    const older = rest as Policy;
    expect([verbSeats(older, 'reject'), nobodyLeft(older), seatsIn(older).length]).toEqual([
      one,
      null,
      seatsIn(defaultPolicy()).length - 5,
    ]);
  });

  it('each by its own name', () => {
    const seats = (count: number) => [{ role: 'approver', count }];
    const verbs = { reject: seats(2), reopen: seats(3), takeIn: seats(4), cancel: seats(5) };
    const policy = policyOf(9, 1, { verbs });
    expect([verbSeats(policy, 'reject'), verbSeats(policy, 'reopen')]).toEqual([seats(2), seats(3)]);
    expect([verbSeats(policy, 'take-in'), verbSeats(policy, 'cancel')]).toEqual([seats(4), seats(5)]);
  });

  it.each([
    ['verbs.rollBack.0.role', { verbs: { rollBack: [{ role: 'nobody' }] } }],
    ['whenNobodyIsLeft.approve.0.role', { whenNobodyIsLeft: { approve: [{ role: 'nobody' }] } }],
  ])('%s has to be a role that is defined', (path, change) => {
    const parsed = Policy.safeParse({ version: 1, rules: [rule], ...change });
    expect(parsed.error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });

  it('every fresh sign-in that it asks for is found', () => {
    const policy = policyOf(3, 1, {
      rules: [{ ...rule, stepUp: 'c1' }],
      whenNobodyIsLeft: { stepUp: 'c2' },
    });
    expect(stepUpsIn(policy).map(({ context }) => context)).toEqual(['c1', 'c2']);
    expect(stepUpsIn(defaultPolicy())).toEqual([]);
  });
});

describe('who reads more than cards and lists show', () => {
  const roles = { lead: { people: [person(1).entraId] } };
  const may = (reads: object | undefined, held: readonly string[]) => {
    const policy = parsed(reads ? { roles, reads } : { roles });
    return READ_RIGHTS.map((right) => mayRead(policy, right, held));
  };

  it('takes the list along with any role, and reads an excerpt with none, where nothing is said', () => {
    expect([may(undefined, ['approver']), may(undefined, [])]).toEqual([
      [true, false],
      [false, false],
    ]);
  });

  it('has one of the roles that are named, and nobody where none is', () => {
    const reads = { export: [], excerpt: ['lead'] };
    expect([may(reads, ['lead']), may(reads, ['approver'])]).toEqual([
      [false, true],
      [false, false],
    ]);
  });

  it('is offered it only where somebody has it', () => {
    const offered = (reads: object) => READ_RIGHTS.map((right) => canAnybodyRead(parsed({ roles, reads }), right));
    expect([offered({}), offered({ export: [], excerpt: ['lead'] })]).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it('always gives a reason for an excerpt, and for a list where the policy wants one', () => {
    const asked = (reads: object) => READ_RIGHTS.map((right) => asksWhy(parsed({ reads }), right));
    expect([asked({}), asked({ exportReason: true })]).toEqual([
      [false, true],
      [true, true],
    ]);
  });

  it('reads nothing by a policy from before there were such rights but the list', () => {
    expect(READ_RIGHTS.map((right) => mayRead({}, right, ['approver']))).toEqual([true, false]);
  });
});
