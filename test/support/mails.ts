import { alertFromEml } from '../../src/adapters/eml/alert.ts';
import { ClawbackError } from '../../src/core/error.ts';

/** Mails written by hand, and what the reader makes of them. */

export const OPTIONS = { verdict: 'phishing', to: [], now: '2026-11-20T08:00:00.000Z' } as const;
export const read = (bytes: Buffer, to: readonly string[] = []) => alertFromEml(bytes, { ...OPTIONS, to });
export const readReport = (bytes: Buffer) => alertFromEml(bytes, { ...OPTIONS, as: 'report' });

const HEADERS: Readonly<Record<string, string>> = {
  From: 'Fabrikam Billing <billing@fabrikam.example>',
  To: 'ann@contoso.example',
  Subject: 'Invoice overdue',
  Date: 'Fri, 20 Nov 2026 07:59:00 +0000',
  'Message-ID': '<one@mailer.example>',
};

/** A mail by hand: `change` replaces headers, null drops one; further raw lines go on top. */
export function mail(
  change: Readonly<Record<string, string | null>> = {},
  body = 'Pay now',
  top: readonly string[] = [],
): Buffer {
  const lines = Object.entries({ ...HEADERS, ...change }).flatMap(([name, value]) =>
    value === null ? [] : [`${name}: ${value}`],
  );
  return Buffer.from(`${[...top, ...lines].join('\r\n')}\r\n\r\n${body}`, 'latin1');
}
export const utf8 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

export async function failure(work: Promise<unknown>): Promise<{ code: string; field: string | null }> {
  const error: unknown = await work.then(
    () => new Error('it was read'),
    (cause: unknown) => cause,
  );
  if (error instanceof ClawbackError) return { code: error.code, field: error.field };
  throw error;
}
