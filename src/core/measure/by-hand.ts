import { line, type Unfit, unfitIn } from './hand-line.ts';

/**
 * What no supported interface does and somebody may ask for, as one exact line for an administrator to run. Whose mailbox it is
 * was typed or found, so that somebody may have chosen it: it stands in a literal string of PowerShell, in which nothing is
 * evaluated and only the quote itself is doubled [learn.microsoft.com, about_Quoting_Rules].
 */
const LINES = {
  'stop-forwarding': (address) =>
    line`Set-Mailbox -Identity ${address} -ForwardingSmtpAddress $null -ForwardingAddress $null -DeliverToMailboxAndForward $false`,
  'block-sender': (address) => line`New-TenantAllowBlockListItems -ListType Sender -Block -Entries ${address}`,
  'reset-password': (address) =>
    line`Update-MgUser -UserId ${address} -PasswordProfile @{ ForceChangePasswordNextSignIn = $true }`,
  'reset-mfa': (address) => line`Get-MgUserAuthenticationMethod -UserId ${address}`,
} as const satisfies Readonly<Record<string, (address: string) => string | null>>;

export type HandKind = keyof typeof LINES;
export const HAND_KINDS = Object.keys(LINES) as readonly HandKind[];

/** The one that is called so; null for none. */
export function handNamed(word: string): HandKind | null {
  return HAND_KINDS.find((kind) => kind === word) ?? null;
}

/** The line, or why there is none: what is named is no address, as a whole domain is none, or cannot be shown and copied as it is. */
export function handLine(
  kind: HandKind,
  address: string,
): { readonly line: string } | { readonly line: null; readonly why: Unfit } {
  const line = isAddress(address) ? LINES[kind](address) : null;
  return line === null ? { line, why: unfitIn(address) ?? 'no address' } : { line };
}

const isAddress = (text: string) => /^[^@\s]+@[^@\s]+$/.test(text);
