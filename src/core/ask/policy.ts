import { z } from 'zod';
import { ACTIONS, beginsAtOnce, policyActionOf } from '../action/action.ts';
import { MEASURE_KINDS } from '../measure/measure.ts';
import { roleName, When, words } from './condition.ts';
import { EvidenceRule } from './evidence-rule.ts';
import { Flags, flagTerms, rolesOfFlags } from './flags.ts';
import { Playbook } from './playbook.ts';
import { READ_RIGHTS, Reads, readersOf, searching } from './reads.ts';
import { guid, Role as RoleShape } from './role.ts';
import { APPROVER, type Seat as SeatShape, seats } from './seat.ts';
import { stepUp } from './step-up.ts';

/** policy.yaml: who may have what done, under which conditions. Pure data; evaluated in rule.ts, counted in tally.ts. */

/** What people decide that is not carried out copy by copy: a rule does not speak about it, `verbs` does. */
export const VERBS = ['reject', 'reopen', 'take-in', 'cancel'] as const;
export type Verb = (typeof VERBS)[number];

const minutes = () => z.int().min(1).max(1_440);
const address = () => z.email('must be a mail address').transform((value) => value.toLowerCase());

export type Role = z.infer<typeof RoleShape>;
export type Seat = z.infer<typeof SeatShape>;

const Escalation = z
  .strictObject({
    afterMinutes: minutes(),
    remind: roleName().optional().describe('Who is told that a decision is waiting.'),
    ask: seats().optional().describe('Who is asked from then on, in place of those before.'),
  })
  .refine((step) => (step.remind === undefined) !== (step.ask === undefined), {
    message: 'needs either remind or ask',
  });
export type Escalation = z.infer<typeof Escalation>;

const AT_ONCE: readonly string[] = ACTIONS.filter(beginsAtOnce).map(policyActionOf);

const Rule = z
  .strictObject({
    name: words(80),
    when: When,
    refuse: words(200).optional().describe('Why this is never done. In place of approve.'),
    approve: seats().optional().describe('All of these are needed: an analyst AND a lead.'),
    expiryMinutes: z.int().min(5).max(1_440).default(60),
    escalation: z.array(Escalation).max(10).default([]),
    reason: z.boolean().default(false).describe('Each approval has to say why.'),
    stepUp: stepUp().optional(),
    actFirst: z.boolean().default(false).describe('Only for contain: done at once, then confirmed or rolled back.'),
  })
  .superRefine((rule, issues) => {
    const say = (path: string, message: string) => issues.addIssue({ code: 'custom', path: [path], message });
    if ((rule.refuse === undefined) === (rule.approve === undefined))
      say('approve', 'a rule needs either approve or refuse');
    const first = rule.when.action.find((action) => AT_ONCE.includes(action));
    if (first !== undefined && rule.when.action.length > 1) say('when', `${first} needs rules of its own`);
    if (rule.refuse !== undefined) return;
    const all = AT_ONCE.join(' or ');
    if ((first !== undefined) !== rule.actFirst) say('actFirst', `goes with the action ${all}, and ${all} with it`);
    for (const { afterMinutes } of rule.escalation)
      if (afterMinutes >= rule.expiryMinutes) say('escalation', `${afterMinutes} minutes is not before the expiry`);
  });
export type Rule = z.infer<typeof Rule>;

const one = () => [{ role: APPROVER, count: 1 }];
const two = () => [{ role: APPROVER, count: 2 }];

const Verbs = z.strictObject({
  reject: seats().default(one).describe('Who says that a mail is not malicious, where nothing was removed.'),
  reopen: seats().default(one).describe('Who has copies looked for again: a new list, and the approvals are void.'),
  takeIn: seats().default(one).describe('Who takes a group of unsure copies into the list.'),
  cancel: seats().default(one).describe('Who ends an approved run before it has done everything.'),
  rollBack: seats().optional().describe('Who brings back what was contained. Left out: what the rule for undo asks.'),
});

const NobodyLeft = z.strictObject({
  approve: seats()
    .optional()
    .describe('Who decides although they received it. Left out: the seats of the rule, and at least two approvers.'),
  stepUp: stepUp().optional(),
});

const MailboxSet = z.strictObject({
  addresses: z.array(address()).default([]),
  entraGroups: z.array(guid()).default([]),
});
export type MailboxSet = z.infer<typeof MailboxSet>;
const noMailboxes = { addresses: [], entraGroups: [] };

const ProtectedSet = MailboxSet.extend({
  // Counted by name in a plain object: a name that every object answers to would lose its count, and so its seat.
  name: words(80).refine((name) => !(name in {}), 'is a word of JavaScript: choose another name'),
  approve: seats().optional().describe('Who has to approve as well. Left out: never touched.'),
});

const Cap = z.strictObject({
  plansPerHour: z.int().min(1).max(100_000).optional(),
  mailboxesPerHour: z.int().min(1).max(10_000_000).optional(),
});
export type Cap = z.infer<typeof Cap>;

export const Policy = z
  .strictObject({
    version: z.literal(1),
    roles: z.record(roleName(), RoleShape).default({}),
    linkByEmail: z
      .boolean()
      .default(false)
      .describe('Takes a Slack account for the one Entra account with the same address. Weak: off by default.'),
    mailboxes: z
      .strictObject({
        vip: MailboxSet.default(noMailboxes),
        legalHold: MailboxSet.default(noMailboxes),
        protected: z.array(ProtectedSet).max(20).default([]),
      })
      .default({ vip: noMailboxes, legalHold: noMailboxes, protected: [] }),
    caps: z
      .strictObject({
        tenant: Cap.default({ mailboxesPerHour: 1_000 }),
        analyst: Cap.default({}),
        override: seats().default(one).describe('Who has to approve as well, over a cap.'),
      })
      .default({ tenant: { mailboxesPerHour: 1_000 }, analyst: {}, override: one() }),
    stop: z.strictObject({ lift: seats().default(two).describe('Who lifts a stop.') }).default({ lift: two() }),
    verbs: Verbs.default({ reject: one(), reopen: one(), takeIn: one(), cancel: one() }),
    reads: Reads.default({ exportReason: false, excerpt: [] }).describe('What people may read beyond cards and lists.'),
    flags: Flags.default(() => flagTerms({})).describe('Flagged mailboxes: who looks after them, and until when.'),
    whenNobodyIsLeft: z
      .union([z.literal(false), NobodyLeft])
      .default({})
      .describe(
        'Where everybody who could approve a purge or a release received the mail: of removals soft delete only. false: nobody may.',
      ),
    breakGlass: MailboxSet.default(noMailboxes).describe('Accounts for emergencies: nothing is ever done to them.'),
    playbooks: z
      .array(Playbook)
      .max(20)
      .default([])
      .describe('Measures that are asked for together, by a name. Each needs a rule that allows it.'),
    evidence: z
      .array(EvidenceRule)
      .max(50)
      .default([])
      .describe(
        'What findings add to a decision, once they have been right often enough. They never take anything away.',
      ),
    retention: z
      .strictObject({
        days: z
          .int()
          .min(30)
          .max(3_650)
          .default(400)
          .describe('After so long without a change a closed incident goes.'),
      })
      .default({ days: 400 })
      .describe('How long closed incidents are stored. The record of what was done stays for ever.'),
    rules: z.array(Rule).min(1).max(200).describe('The first that matches decides; if none does, it is refused.'),
  })
  .superRefine((policy, issues) => {
    if (Object.hasOwn(policy.roles, APPROVER))
      issues.addIssue({ code: 'custom', path: ['roles', APPROVER], message: 'is the list in clawback.yaml' });
    for (const { path, role } of rolesUsed(policy))
      if (role !== APPROVER && !Object.hasOwn(policy.roles, role))
        issues.addIssue({ code: 'custom', path, message: `the role ${role} is not defined under roles` });
    for (const n of repeated(policy.rules))
      issues.addIssue({ code: 'custom', path: ['rules', n, 'name'], message: 'two rules have this name' });
    for (const n of repeated(policy.evidence))
      issues.addIssue({ code: 'custom', path: ['evidence', n, 'name'], message: 'two rules have this name' });
    for (const n of repeated(policy.playbooks))
      issues.addIssue({ code: 'custom', path: ['playbooks', n, 'name'], message: 'two playbooks have this name' });
    for (const [n, { name }] of policy.playbooks.entries())
      if ((MEASURE_KINDS as readonly string[]).includes(name))
        issues.addIssue({ code: 'custom', path: ['playbooks', n, 'name'], message: 'is the name of a measure' });
    for (const n of repeated(policy.mailboxes.protected)) {
      const path = ['mailboxes', 'protected', n, 'name'];
      issues.addIssue({ code: 'custom', path, message: 'two protected sets have this name' });
    }
  })
  .meta({ id: 'ClawbackPolicy', title: 'policy.yaml', description: 'Approval policy of Clawback, version 1.' });
export type Policy = z.infer<typeof Policy>;

/** Where a name stands that was there before. */
function repeated(list: readonly { readonly name: string }[]): number[] {
  return list.flatMap(({ name }, n) => (list.findIndex((other) => other.name === name) < n ? [n] : []));
}

/** A policy that was stored before there were verbs in it lacks them. */
type Older<P, K extends keyof P> = Omit<P, K> & Partial<Pick<P, K>>;
type Roles = Older<
  Pick<Policy, 'rules' | 'mailboxes' | 'caps' | 'stop' | 'verbs' | 'reads' | 'flags' | 'whenNobodyIsLeft' | 'evidence'>,
  'verbs' | 'reads' | 'flags' | 'whenNobodyIsLeft' | 'evidence'
>;

/** Who decides a verb; one approver where the policy is from before verbs were in it. */
export function verbSeats({ verbs }: Pick<Roles, 'verbs'>, verb: Verb): readonly Seat[] {
  return verbs?.[verb === 'take-in' ? 'takeIn' : verb] ?? one();
}

/** Who decides where everybody else received the mail; null where nobody does. */
export function nobodyLeft({ whenNobodyIsLeft }: Pick<Roles, 'whenNobodyIsLeft'>): z.infer<typeof NobodyLeft> | null {
  return whenNobodyIsLeft || null;
}

/** Where the policy does not say how many recipients have to agree. */
export const LEAST_RECIPIENTS: readonly Seat[] = [{ role: APPROVER, count: 2 }];

/** Where a fresh sign-in is asked for, and with which authentication context. */
export function stepUpsIn(policy: Policy): { readonly where: string; readonly context: string }[] {
  const left = nobodyLeft(policy)?.stepUp;
  return [
    ...[...policy.rules, ...policy.evidence].flatMap(({ name, stepUp: context }) =>
      context === undefined ? [] : [{ where: `rule \u201c${name}\u201d`, context }],
    ),
    ...(left === undefined ? [] : [{ where: 'whenNobodyIsLeft', context: left }]),
  ];
}

type Path = (string | number)[];

/** Every list of seats of the policy that has to be filled at one time, with where it stands. */
export function seatsIn(policy: Roles): { readonly path: string; readonly seats: readonly Seat[] }[] {
  return seatLists(policy).map(({ path, seats: list }) => ({ path: path.join('.'), seats: list }));
}

function seatLists({
  rules,
  mailboxes,
  caps,
  stop,
  verbs,
  flags,
  whenNobodyIsLeft,
  evidence = [],
}: Roles): { path: Path; seats: readonly Seat[] }[] {
  return [
    ...rules.flatMap((rule, n) => [
      { path: ['rules', n, 'approve'], seats: rule.approve ?? [] },
      ...rule.escalation.map((step, m) => ({ path: ['rules', n, 'escalation', m, 'ask'], seats: step.ask ?? [] })),
    ]),
    ...mailboxes.protected.map((set, n) => ({
      path: ['mailboxes', 'protected', n, 'approve'],
      seats: set.approve ?? [],
    })),
    ...evidence.map(({ approve = [] }, n) => ({ path: ['evidence', n, 'approve'], seats: approve })),
    { path: ['caps', 'override'], seats: caps.override },
    { path: ['stop', 'lift'], seats: stop.lift },
    ...Object.entries(verbs ?? {}).map(([verb, list]) => ({ path: ['verbs', verb], seats: list ?? [] })),
    ...(flags ? [{ path: ['flags', 'clear'], seats: flags.clear }] : []),
    ...(whenNobodyIsLeft ? [{ path: ['whenNobodyIsLeft', 'approve'], seats: whenNobodyIsLeft.approve ?? [] }] : []),
  ];
}

/** Every place of the policy that names a role. */
function rolesUsed(policy: Roles): { path: Path; role: string }[] {
  const reminded = policy.rules.flatMap((rule, n) =>
    rule.escalation.flatMap((step, m) =>
      step.remind === undefined ? [] : [{ path: ['rules', n, 'escalation', m, 'remind'], role: step.remind }],
    ),
  );
  const seated = seatLists(policy).flatMap(({ path, seats: list }) =>
    list.map(({ role }, index) => ({ path: [...path, index, 'role'], role })),
  );
  const reading = READ_RIGHTS.flatMap((right) =>
    (readersOf(policy, right) ?? []).map((role, index) => ({ path: ['reads', right, index], role })),
  );
  const search = searching(policy);
  const searchers = (search?.by ?? []).map((role, index) => ({ path: ['reads', 'search', 'by', index], role }));
  const second = search?.second === undefined ? [] : [{ path: ['reads', 'search', 'second'], role: search.second }];
  return [...reminded, ...seated, ...reading, ...searchers, ...second, ...rolesOfFlags(policy)];
}

/** What holds where there is no policy.yaml: soft delete only, two people above five mailboxes, one hour. */
export function defaultPolicy(): Policy {
  return Policy.parse({
    version: 1,
    rules: [
      {
        name: 'up to five mailboxes',
        when: { action: ['purge', 'undo', 'release'], mailboxes: { atMost: 5 } },
        approve: one(),
      },
      {
        name: 'more than five mailboxes',
        when: { action: ['purge', 'undo', 'release'] },
        approve: two(),
      },
      { name: 'flag mailboxes', when: { action: ['flag'] }, approve: one() },
    ],
  });
}

/** The policy of one tenant: what was read, with the people of its `approvers` list in their role. */
export type TenantPolicy = Policy;

export function withApprovers(policy: Policy, approvers: readonly string[]): TenantPolicy {
  return {
    ...policy,
    roles: { ...policy.roles, [APPROVER]: { people: [...approvers], entraGroups: [], slackUserGroups: [] } },
  };
}
