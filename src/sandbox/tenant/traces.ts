import type { TenantUser } from './types.ts';

/** What the logs of the tenant tell of accounts: sign-ins, and what was changed or opened in mailboxes. */

interface SignInTrace {
  readonly at: number;
  readonly userId: string;
  readonly upn: string;
  readonly ip: string;
  readonly country: string;
  readonly app: string;
  readonly failed: boolean;
  readonly factor: 'single' | 'multi';
  readonly managed: boolean;
  /** 0, 1, 10, 50, 100 as hunting counts it. */
  readonly risk: number;
  readonly riskState: number;
}

type SignInOrder = Partial<Omit<SignInTrace, 'userId' | 'upn' | 'ip'>> & Pick<SignInTrace, 'ip'>;

interface AuditTrace {
  readonly at: number;
  /** As CloudAppEvents calls it. */
  readonly action: string;
  /** Who did it. */
  readonly userId: string;
  readonly upn: string;
  readonly ip: string;
  readonly country: string;
  readonly objectName: string;
  readonly raw: Readonly<Record<string, unknown>>;
}

export interface RiskTrace {
  readonly at: number;
  readonly userId: string;
  readonly type: string;
  readonly level: 'low' | 'medium' | 'high';
  readonly state: string;
  readonly ip: string;
}

interface Place {
  readonly at?: number;
  readonly ip?: string;
  readonly country?: string;
  /** Who did it, where that is not the owner. */
  readonly by?: string;
  /** How the record names the mailbox that a cmdlet changed. Default: by what its owner signs in by. */
  readonly named?: string;
  /** It was tried and refused. */
  readonly failed?: boolean;
}

interface RuleTrace {
  readonly name: string;
  readonly moveTo?: string;
  readonly deletes?: boolean;
  readonly marksRead?: boolean;
  readonly forwardTo?: readonly string[];
  readonly words?: readonly string[];
  readonly operation?: 'New-InboxRule' | 'Set-InboxRule' | 'Remove-InboxRule';
}

export interface Traces {
  userSignsIn(user: string, order: SignInOrder): void;
  /** `desktop`: Outlook writes another shape of record than the web. */
  ruleTold(user: string, rule: RuleTrace, from?: Place & { readonly desktop?: boolean }): void;
  /** Empty: switched off. */
  forwardingTold(user: string, to: string, from?: Place & { readonly keepsCopy?: boolean }): void;
  delegateTold(user: string, who: string, rights: string, from?: Place): void;
  consentTold(
    user: string,
    app: {
      readonly name: string;
      readonly id: string;
      readonly scopes: readonly string[];
      readonly forAll?: boolean;
      readonly grant?: string;
    },
    from?: Place,
  ): void;
  accessTold(
    user: string,
    access: { readonly app: string; readonly mails: number; readonly throttled?: boolean },
    from?: Place,
  ): void;
  deletionTold(user: string, subject: string, from?: Place): void;
  riskTold(user: string, risk: Omit<RiskTrace, 'at' | 'userId' | 'ip'> & Partial<Pick<RiskTrace, 'at' | 'ip'>>): void;
  signIns(): readonly SignInTrace[];
  audits(): readonly AuditTrace[];
  riskDetections(): readonly RiskTrace[];
}

export function createTraces(need: (user: string) => TenantUser, clock: () => number): Traces {
  const signIns: SignInTrace[] = [];
  const audits: AuditTrace[] = [];
  const risks: RiskTrace[] = [];

  function audited(key: string, action: string, raw: AuditTrace['raw'], place: Place, objectName = ''): void {
    const owner = need(key);
    const actor = need(place.by ?? key);
    const { at = clock(), ip = '203.0.113.10', country = 'DE' } = place;
    // learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema: of cmdlets True or False.
    const common = {
      ...{ Operation: action, UserId: actor.userPrincipalName, ClientIP: ip, Workload: 'Exchange' },
      ResultStatus: place.failed ? 'False' : 'True',
    };
    audits.push({
      at,
      action,
      userId: actor.id,
      upn: actor.userPrincipalName,
      ip,
      country,
      objectName,
      raw: { ...common, MailboxOwnerUPN: owner.userPrincipalName, ...raw },
    });
  }

  return {
    userSignsIn(key, { ip, ...order }) {
      const { id, userPrincipalName } = need(key);
      const usual = {
        at: clock(),
        country: 'DE',
        app: 'Office 365 Exchange Online',
        failed: false,
        risk: 1,
        riskState: 0,
      };
      signIns.push({ factor: 'multi', managed: true, ...usual, ...order, ip, userId: id, upn: userPrincipalName });
    },
    ruleTold(key, rule, { desktop = false, ...place } = {}) {
      const { operation = 'New-InboxRule' } = rule;
      if (desktop) audited(key, 'UpdateInboxRules', { OperationProperties: desktopShape(rule, operation) }, place);
      else audited(key, operation, ruleNamed(place.named, need(key).userPrincipalName, rule), place);
    },
    forwardingTold(key, to, { keepsCopy = true, ...place } = {}) {
      const ObjectId = place.named ?? need(key).userPrincipalName;
      const Parameters = [
        { Name: 'Identity', Value: ObjectId },
        { Name: 'ForwardingSmtpAddress', Value: to === '' ? '' : `smtp:${to}` },
        { Name: 'DeliverToMailboxAndForward', Value: keepsCopy ? 'True' : 'False' },
      ];
      // What a cmdlet did names no owner, but the mailbox as it is called in the directory.
      audited(key, 'Set-Mailbox', { ObjectId, MailboxOwnerUPN: undefined, Parameters }, place);
    },
    delegateTold(key, who, rights, place = {}) {
      const ObjectId = place.named ?? need(key).userPrincipalName;
      const Parameters = [
        { Name: 'Identity', Value: ObjectId },
        { Name: 'User', Value: who },
        { Name: 'AccessRights', Value: rights },
      ];
      audited(key, 'Add-MailboxPermission', { ObjectId, MailboxOwnerUPN: undefined, Parameters }, place);
    },
    consentTold(key, { name, id, scopes, forAll = false, grant: grantId = '' }, place = {}) {
      const kind = forAll ? 'AllPrincipals' : 'Principal';
      const grant = `[] => [[Id: ${grantId}, ClientId: 00000000-0000-0000-0000-000000000000, PrincipalId: ${need(key).id}, ResourceId: , ConsentType: ${kind}, Scope: ${scopes.join(' ')}, CreatedDateTime: ]];`;
      const ModifiedProperties = [
        { Name: 'ConsentContext.IsAdminConsent', NewValue: forAll ? 'True' : 'False', OldValue: '' },
        { Name: 'ConsentAction.Permissions', NewValue: grant, OldValue: '' },
        { Name: 'ServicePrincipal.DisplayName', NewValue: name, OldValue: '' },
        { Name: 'TargetId.ServicePrincipalNames', NewValue: id, OldValue: '' },
      ];
      const raw = { ObjectId: id, Workload: 'AzureActiveDirectory', MailboxOwnerUPN: '', ModifiedProperties };
      audited(key, 'Consent to application.', raw, place, name);
    },
    accessTold(key, { app, mails, throttled = false }, place = {}) {
      const OperationProperties = [
        { Name: 'MailAccessType', Value: 'Bind' },
        { Name: 'IsThrottled', Value: throttled ? 'True' : 'False' },
      ];
      audited(key, 'MailItemsAccessed', { ClientAppId: app, OperationCount: mails, OperationProperties }, place);
    },
    deletionTold(key, subject, place = {}) {
      audited(key, 'SoftDelete', { AffectedItems: [{ Subject: subject, ParentFolder: { Path: '\\Inbox' } }] }, place);
    },
    riskTold(key, risk) {
      risks.push({ at: clock(), ip: '198.51.100.7', ...risk, userId: need(key).id });
    },
    signIns: () => signIns,
    audits: () => audits,
    riskDetections: () => risks,
  };
}

/** Who changes the rule of another one names both in one; then the record calls the owner as the directory does. */
function ruleNamed(named: string | undefined, owner: string, rule: RuleTrace) {
  const ObjectId = `${named ?? owner}\\${rule.name}`;
  if (named === undefined) return { ObjectId, Parameters: webShape(rule) };
  const Parameters = [{ Name: 'Identity', Value: ObjectId }, ...webShape(rule)];
  return { ObjectId, MailboxOwnerUPN: undefined, Parameters };
}

function webShape({ name, moveTo, deletes, marksRead, forwardTo = [], words = [] }: RuleTrace) {
  return [
    { Name: 'Name', Value: name },
    ...(moveTo === undefined ? [] : [{ Name: 'MoveToFolder', Value: moveTo }]),
    ...(deletes ? [{ Name: 'DeleteMessage', Value: 'True' }] : []),
    ...(marksRead ? [{ Name: 'MarkAsRead', Value: 'True' }] : []),
    ...(forwardTo.length > 0 ? [{ Name: 'ForwardTo', Value: forwardTo.join(';') }] : []),
    ...(words.length > 0 ? [{ Name: 'SubjectOrBodyContainsWords', Value: words.join(';') }] : []),
    { Name: 'StopProcessingRules', Value: 'True' },
  ];
}

/** Outlook on a desktop writes what it does in one text, and the operation beside it. */
function desktopShape(
  { name, moveTo, deletes, marksRead, forwardTo = [], words = [] }: RuleTrace,
  operation: NonNullable<RuleTrace['operation']>,
) {
  const actions = [
    ...(moveTo === undefined ? [] : [{ ActionType: 'Move', Folder: moveTo }]),
    ...(deletes ? [{ ActionType: 'Delete' }] : []),
    ...(marksRead ? [{ ActionType: 'MarkAsRead' }] : []),
    ...(forwardTo.length > 0 ? [{ ActionType: 'Forward', Recipients: forwardTo }] : []),
  ];
  const kinds = {
    'New-InboxRule': 'AddMailboxRule',
    'Set-InboxRule': 'ModifyMailboxRule',
    'Remove-InboxRule': 'RemoveMailboxRule',
  };
  return [
    { Name: 'RuleOperation', Value: kinds[operation] },
    { Name: 'RuleName', Value: name },
    { Name: 'RuleState', Value: 'Enabled' },
    { Name: 'RuleActions', Value: JSON.stringify(actions) },
    ...(words.length > 0 ? [{ Name: 'RuleCondition', Value: `SubjectOrBody contains ${words.join(', ')}` }] : []),
  ];
}
