/**
 * What no supported interface does and somebody may ask for, as one exact line for an administrator to run. Whose mailbox it is
 * was typed or found, so that somebody may have chosen it: it stands in a literal string of PowerShell, in which nothing is
 * evaluated and only the quote itself is doubled [learn.microsoft.com, about_Quoting_Rules].
 */
const LINES = {
  'stop-forwarding': (address) =>
    `Set-Mailbox -Identity ${quoted(address)} -ForwardingSmtpAddress $null -ForwardingAddress $null -DeliverToMailboxAndForward $false`,
  'block-sender': (address) => `New-TenantAllowBlockListItems -ListType Sender -Block -Entries ${quoted(address)}`,
  'reset-password': (address) =>
    `Update-MgUser -UserId ${quoted(address)} -PasswordProfile @{ ForceChangePasswordNextSignIn = $true }`,
  'reset-mfa': (address) => `Get-MgUserAuthenticationMethod -UserId ${quoted(address)}`,
} as const satisfies Readonly<Record<string, (address: string) => string>>;

export type HandKind = keyof typeof LINES;
export const HAND_KINDS = Object.keys(LINES) as readonly HandKind[];

/** The one that is called so; null for none. */
export function handNamed(word: string): HandKind | null {
  return HAND_KINDS.find((kind) => kind === word) ?? null;
}

export function handLine(kind: HandKind, address: string): string {
  return LINES[kind](address);
}

/** Quotes of every kind end a literal string for PowerShell; what breaks a line, or cannot be seen, is left out. */
function quoted(value: string): string {
  const plain = value.replace(/[\p{C}\u2028\u2029]/gu, '');
  return `'${plain.replace(/['\u2018\u2019\u201a\u201b]/g, (quote) => quote + quote)}'`;
}
