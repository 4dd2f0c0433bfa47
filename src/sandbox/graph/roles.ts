/** What a permission includes, by itself and through what it includes. */
const IMPLIED: Readonly<Record<string, readonly string[]>> = {
  'Mail.ReadWrite': ['Mail.Read'],
  'Mail.Read': ['Mail.ReadBasic.All'],
  'User.ReadWrite.All': ['User.Read.All'],
  'Directory.Read.All': ['User.Read.All', 'GroupMember.Read.All', 'RoleManagement.Read.Directory'],
  'Calendars.ReadWrite': ['Calendars.Read'],
  'Group.ReadWrite.All': ['Group.Read.All'],
  'Group.Read.All': ['GroupMember.Read.All'],
  'GroupMember.ReadWrite.All': ['GroupMember.Read.All'],
  'IdentityRiskyUser.ReadWrite.All': ['IdentityRiskyUser.Read.All'],
  'SecurityAlert.ReadWrite.All': ['SecurityAlert.Read.All'],
  'ThreatSubmission.ReadWrite.All': ['ThreatSubmission.Read.All'],
  'User.Read.All': ['User.ReadBasic.All'],
  'SecurityAnalyzedMessage.ReadWrite.All': ['SecurityAnalyzedMessage.Read.All'],
  'MailboxSettings.ReadWrite': ['MailboxSettings.Read'],
};

export function allRoles(granted: readonly string[]): ReadonlySet<string> {
  const all = new Set<string>();
  const open = [...granted];
  for (let role = open.pop(); role !== undefined; role = open.pop()) {
    if (all.has(role)) continue;
    all.add(role);
    open.push(...(IMPLIED[role] ?? []));
  }
  return all;
}
