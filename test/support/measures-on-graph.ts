import { randomUUID } from 'node:crypto';
import { createMeasures, type MeasureOptions } from '../../src/adapters/graph/measures/measures.ts';
import { MEASURE_KINDS, type Measure, type MeasureKind } from '../../src/core/measure/measure.ts';
import type { MeasureWorld } from '../contract/measures.ts';
import { APP, openSandbox, type Sandbox, type SandboxOrder } from '../sandbox/graph-stand-in.ts';

/** Measures over the loopback stand-in, with one thing of each kind that belongs to Ana. */

/** Of all kinds, each by the user's own permissions. */
export const MEASURE_ROLES = [
  ...['Mail.ReadWrite', 'MailboxSettings.ReadWrite', 'Calendars.ReadWrite', 'User.Read.All', 'User.RevokeSessions.All'],
  ...['User.EnableDisableAccount.All', 'IdentityRiskyUser.ReadWrite.All', 'DelegatedPermissionGrant.ReadWrite.All'],
];
export const DEFENDER_ROLES = ['SecurityIdentitiesAccount.Read.All', 'SecurityIdentitiesActions.ReadWrite.All'];

export const MAIL_APP = '5a1b6c1e-0b1f-4c55-9a10-000000000a01';
export const GRAPH_ITSELF = '5a1b6c1e-0b1f-4c55-9a10-000000000a02';

const PERMISSIONS: Readonly<Record<MeasureKind, { readonly look: string; readonly effect: string }>> = {
  'rule-off': { look: 'MailboxSettings.ReadWrite', effect: 'MailboxSettings.ReadWrite' },
  'revoke-sessions': { look: 'User.Read.All', effect: 'User.RevokeSessions.All' },
  'disable-account': { look: 'User.Read.All', effect: 'User.EnableDisableAccount.All' },
  'mark-compromised': { look: 'IdentityRiskyUser.Read.All', effect: 'IdentityRiskyUser.ReadWrite.All' },
  'revoke-grant': {
    look: 'DelegatedPermissionGrant.ReadWrite.All',
    effect: 'DelegatedPermissionGrant.ReadWrite.All',
  },
  'remove-event': { look: 'Calendars.ReadWrite', effect: 'Calendars.ReadWrite' },
  'take-sent-copy': { look: 'Mail.ReadWrite', effect: 'Mail.ReadWrite' },
};

/** What the stand-in calls the requests that look, and those that change. */
const LOOKS: Readonly<Record<MeasureKind, string>> = {
  'rule-off': 'getRule',
  'revoke-sessions': 'getUser',
  'disable-account': 'getUser',
  'mark-compromised': 'getRiskyUser',
  'revoke-grant': 'listGrants',
  'remove-event': 'listEvents',
  'take-sent-copy': 'getMessage',
};
const EFFECTS: Readonly<Record<MeasureKind, string>> = {
  'rule-off': 'patchRule',
  'revoke-sessions': 'revokeSignInSessions',
  'disable-account': 'patchUser',
  'mark-compromised': 'confirmCompromised',
  'revoke-grant': 'deleteGrant',
  'remove-event': 'deleteEvent',
  'take-sent-copy': 'move',
};
const BY_DEFENDER: ReadonlySet<MeasureKind> = new Set(['revoke-sessions', 'disable-account', 'mark-compromised']);
const WATCHED_ACTIONS = ['disable', 'enable', 'revokeAllSessions', 'requireUserToSignInAgain', 'markUserAsCompromised'];

export interface OnGraph extends MeasureWorld {
  readonly sandbox: Sandbox;
  readonly ana: string;
  /** From now on the app has these permissions. */
  holds(roles: readonly string[]): Promise<void>;
}

export interface OnGraphOrder {
  readonly sandbox?: SandboxOrder;
  readonly options?: Partial<MeasureOptions>;
  /** Whether Defender for Identity watches Ana. */
  readonly watched?: boolean;
  readonly roles?: readonly string[];
}

export async function measuresOnGraph(order: OnGraphOrder = {}): Promise<OnGraph> {
  const sandbox = await openSandbox({ users: ['ana', 'bob'], ...order.sandbox });
  const { tenant, graph, entra } = sandbox;
  const ana = tenant.userByKey('ana@contoso.com')?.id ?? '';
  let roles: readonly string[] = order.roles ?? MEASURE_ROLES;
  let token = await entra.issue({ clientId: APP, roles, lifetimeSeconds: 864_000 });
  const measures = createMeasures({
    baseUrl: graph.url,
    token: () => Promise.resolve(token),
    roles: () => roles,
    clock: sandbox.clock,
    ids: randomUUID,
    sleep: async (ms) => sandbox.pass(ms),
    kinds: MEASURE_KINDS,
    ...order.options,
  });
  const refs = furnished(sandbox, ana);
  if (order.watched) {
    tenant.watchAccount(ana, WATCHED_ACTIONS);
    graph.setBeliefs({ entraActionsRefused: false });
  }
  const measure = (kind: MeasureKind): Measure => ({
    ...{ kind, person: ana, address: 'ana@contoso.com', ref: refs[kind] ?? '', name: '' },
  });
  const holds = async (some: readonly string[]) => {
    roles = some;
    token = await entra.issue({ clientId: APP, roles, lifetimeSeconds: 864_000 });
  };
  const effectOf = (kind: MeasureKind) => (order.watched && BY_DEFENDER.has(kind) ? 'invokeAction' : EFFECTS[kind]);
  return {
    sandbox,
    ana,
    holds,
    measures,
    of: Object.fromEntries(MEASURE_KINDS.map((kind) => [kind, measure(kind)])) as MeasureWorld['of'],
    settle: async () => sandbox.pass(120_000),
    remove: async ({ kind, ref }) => {
      const { rules } = tenant.mailbox('ana');
      if (kind === 'rule-off') rules.splice(0, rules.length);
      else if (kind === 'revoke-grant') tenant.removeGrant(ref);
      else if (kind === 'take-sent-copy') tenant.userDestroys('ana', ref);
      else tenant.removeUser('ana');
    },
    touch: async ({ kind, ref }) => {
      const { rules } = tenant.mailbox('ana');
      if (kind === 'rule-off')
        rules.splice(0, rules.length, ...rules.map((rule) => ({ ...rule, conditions: { subjectContains: ['pay'] } })));
      else if (kind === 'revoke-grant') tenant.addGrant({ ...GRANT, principalId: ana, scope: 'User.Read' }, true);
      else tenant.userMarks('ana', ref, { isRead: false, categories: ['Mine'] });
    },
    protect: async ({ kind }) => {
      const box = tenant.mailbox('ana');
      if (kind === 'rule-off')
        box.rules.splice(0, box.rules.length, ...box.rules.map((rule) => ({ ...rule, isReadOnly: true })));
      else if (kind === 'disable-account') tenant.setRole('Exchange Administrator', [ana]);
      else box.calendar.change(box.calendar.all()[0]?.id ?? '', { isOrganizer: true });
    },
    withhold: async (kind) => {
      const { look, effect } = PERMISSIONS[kind];
      await holds(roles.filter((role) => ![look, effect, 'SecurityIdentitiesActions.ReadWrite.All'].includes(role)));
      return { look, effect };
    },
    throttle: async (on, kind, retryAfterMs) => {
      const retry = retryAfterMs === null ? {} : { retryAfter: String(retryAfterMs / 1_000) };
      const operation = on === 'look' ? LOOKS[kind] : effectOf(kind);
      graph.faults.once({ operation, answer: { status: 429, code: 'TooManyRequests', ...retry } });
    },
    lose: async (kind, isDone) => graph.faults.once({ operation: effectOf(kind), answer: isDone ? 'lost' : 'dropped' }),
    sent: async () =>
      graph.log
        .entries()
        .filter(({ method, operation }) => method !== 'GET' && operation !== 'unknown')
        .map(({ clientRequestId }) => clientRequestId ?? ''),
    close: async () => sandbox[Symbol.asyncDispose](),
  };
}

const GRANT = {
  clientId: MAIL_APP,
  resourceId: GRAPH_ITSELF,
  consentType: 'Principal',
  scope: 'Mail.Read offline_access',
} as const;

/** The ids that measures go by. */
function furnished({ tenant }: Sandbox, ana: string): Readonly<Partial<Record<MeasureKind, string>>> {
  const rule = tenant.addRule('ana', {
    displayName: '..',
    isEnabled: true,
    conditions: { bodyOrSubjectContains: ['invoice'] },
    actions: { moveToFolder: 'AAMkRSS', markAsRead: true, stopProcessingRules: true },
  });
  const mail = (subject: string, folder: string, sender: string) => {
    const internetMessageId = `<${subject}@mail.contoso.com>`;
    const [copy] = tenant.deliver({ to: ['ana'], internetMessageId, sender, subject, folder, read: true }).copies;
    return copy ?? { messageId: '', folderId: '' };
  };
  const invitation = mail('payroll-call', 'inbox', 'hr@fabrikam.example');
  const sent = mail('new-bank', 'sentitems', 'ana@contoso.com');
  tenant.mailbox('ana').calendar.add({
    subject: 'Payroll call',
    organizer: { name: 'HR', address: 'hr@fabrikam.example' },
    start: '2026-11-30T09:00:00.000Z',
    end: '2026-11-30T09:30:00.000Z',
    invitation: { message: invitation.messageId, folderId: invitation.folderId },
  });
  tenant.setRisk(ana, { riskState: 'atRisk', riskLevel: 'medium' });
  return {
    'rule-off': rule.id,
    'revoke-grant': tenant.addGrant({ ...GRANT, principalId: ana })?.id ?? '',
    'remove-event': invitation.messageId,
    'take-sent-copy': sent.messageId,
  };
}
