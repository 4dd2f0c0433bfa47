/** What the sandbox is asked to do, as far as it takes permissions. */
interface RoleOptions {
  readonly hunting?: boolean;
  readonly byDefender?: boolean;
  readonly measures?: boolean;
  readonly intelligence?: boolean;
  readonly sources?: boolean;
}

const READS_RISK = 'IdentityRiskyUser.Read.All';
const EXECUTOR_ROLES = ['Mail.ReadWrite', 'User.Read.All', 'GroupMember.Read.All', READS_RISK];
/** What is done about people, beside their mail. */
const MEASURING_ROLES = [
  ...['MailboxSettings.ReadWrite', 'Calendars.ReadWrite', 'User.RevokeSessions.All', 'User.EnableDisableAccount.All'],
  ...['IdentityRiskyUser.ReadWrite.All', 'DelegatedPermissionGrant.ReadWrite.All'],
];
const SOURCE_ROLES = ['SecurityAlert.ReadWrite.All', 'ThreatSubmission.ReadWrite.All'];
/** No permission on mailboxes: Defender does it. */
const ORDERING_ROLES = ['SecurityAnalyzedMessage.ReadWrite.All', ...EXECUTOR_ROLES.slice(1)];
const PEOPLE_ROLES = ['MailboxSettings.Read', 'DelegatedPermissionGrant.Read.All', 'IdentityRiskEvent.Read.All'];

/** What the mail executor may do. */
export function rolesOf({
  byDefender,
  hunting = true,
  measures,
  intelligence,
  sources,
}: RoleOptions): readonly string[] {
  const mail = byDefender ? ORDERING_ROLES : EXECUTOR_ROLES;
  const roles = [
    ...(measures ? [...mail.filter((role) => role !== READS_RISK), ...MEASURING_ROLES] : mail),
    ...(hunting ? ['ThreatHunting.Read.All'] : []),
    ...(intelligence ? PEOPLE_ROLES : []),
    ...(sources ? SOURCE_ROLES : []),
  ];
  return [...new Set(roles)];
}
