/**
 * What no supported interface does, as one exact line for an administrator to run. Values were found in mailboxes, so that
 * somebody may have chosen them: each stands in a literal string of PowerShell, in which nothing is evaluated and only the
 * quote itself is doubled [learn.microsoft.com, about_Quoting_Rules].
 */
export const BY_HAND = {
  'mailbox-forwarding': ({ mailbox }: Values) =>
    `Set-Mailbox -Identity ${quoted(mailbox)} -ForwardingSmtpAddress $null -ForwardingAddress $null -DeliverToMailboxAndForward $false`,
  'block-sender': ({ value }: Values) =>
    `New-TenantAllowBlockListItems -ListType Sender -Block -Entries ${quoted(value)} -NoExpiration`,
  'hidden-rule': ({ mailbox, value }: Values) =>
    `Disable-InboxRule -Mailbox ${quoted(mailbox)} -Identity ${quoted(value)} -Confirm:$false`,
  'reset-password': ({ mailbox }: Values) =>
    `Update-MgUser -UserId ${quoted(mailbox)} -PasswordProfile @{ ForceChangePasswordNextSignIn = $true }`,
  'reset-mfa': ({ mailbox }: Values) => `Get-MgUserAuthenticationMethod -UserId ${quoted(mailbox)}`,
  'disable-app': ({ value }: Values) =>
    `Update-MgServicePrincipal -ServicePrincipalId ${quoted(value)} -AccountEnabled:$false`,
} as const;
export type ByHandKind = keyof typeof BY_HAND;

interface Values {
  readonly mailbox: string;
  /** What it is about beside the mailbox; empty for nothing. */
  readonly value: string;
}

/** Quotes of every kind end a literal string for PowerShell; what breaks a line, or cannot be seen, is left out. */
export function quoted(value: string): string {
  const plain = value.replace(/[\p{C}\u2028\u2029]/gu, '');
  return `'${plain.replace(/['\u2018\u2019\u201a\u201b]/g, (quote) => quote + quote)}'`;
}
