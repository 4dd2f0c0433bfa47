import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { alertFromEml } from '../adapters/eml/alert.ts';
import { bothForms } from '../core/address.ts';
import { ClawbackError } from '../core/error.ts';
import { Address, type Alert } from '../core/find/alert.ts';
import { type ReadAlert, readAlert } from '../core/find/alert-reader.ts';
import { isGiven, isRecord, own } from '../core/find/reading.ts';
import { count, inert } from '../core/text.ts';
import { shadowFindings, shadowLines } from './shadow.ts';
import type { Shell } from './shell.ts';

export interface FileOptions {
  readonly verdict: string | undefined;
  readonly to: readonly string[];
  readonly as: 'mail' | 'report';
  /** ISO time. */
  readonly now: string;
}

export interface FileAlert {
  /** As the intake will read it. */
  readonly alert: Alert;
  readonly unreadablePeople: boolean;
  /** What is sent. Of a detector's alert its own words: what only the reader of the intake can tell must not get lost. */
  readonly body: object;
}

/** What the intake takes is far below. */
const MAX_JSON_BYTES = 2 * 1024 * 1024 - 65_536;

/** A mail, or an alert as a detector would send it (`.json`), as it would be sent. Throws ClawbackError 'invalid'. */
export async function alertFromFile(path: string, options: FileOptions): Promise<FileAlert> {
  for (const address of options.to) {
    if (!Address.safeParse(address).success)
      throw new ClawbackError('invalid', `--to ${address} is not one plain mail address`, { field: 'to' });
  }
  const bytes = readMail(path);
  if (/\.json$/i.test(path)) return alertFromJson(bytes, options);
  const alert = await alertFromEml(bytes, { ...options, verdict: options.verdict ?? 'suspicious' });
  return { alert, unreadablePeople: false, body: alert };
}

/** Throws ClawbackError 'invalid' that names the file. */
export function readMail(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new ClawbackError('invalid', `the file ${path} cannot be read`, { cause, field: 'file' });
  }
}

/** The options of the command come on top of what the file says, and never get lost in it. */
function alertFromJson(bytes: Buffer, options: FileOptions): FileAlert {
  if (options.as === 'report') throw new ClawbackError('invalid', 'an alert (.json) is no report', { field: 'as' });
  if (bytes.length > MAX_JSON_BYTES)
    throw new ClawbackError('invalid', `the alert is larger than ${MAX_JSON_BYTES} bytes`, { field: 'file' });
  const known = { now: options.now, id: createHash('sha256').update(bytes).digest('hex') };
  const file = jsonOf(bytes);
  // Whether the file says anything by itself: the options alone make no alert.
  usable(readAlert(file, known));
  const body = isRecord(file) ? { ...file, ...onTop(file, options) } : {};
  const { alert, unreadablePeople } = usable(readAlert(body, known));
  // A file without an id of its own is the same alert each time it is sent.
  return { alert, unreadablePeople, body: alert.id === known.id ? { ...body, id: known.id } : body };
}

function onTop(file: object, { verdict, to }: FileOptions): object {
  const told = own(file, 'recipients');
  const recipients = Array.isArray(told) ? told : isGiven(told) ? [told] : [];
  return {
    ...(verdict === undefined ? {} : { verdict }),
    ...(to.length === 0 ? {} : { recipients: [...to, ...recipients] }),
  };
}

function usable(read: ReturnType<typeof readAlert>): ReadAlert {
  if ('alert' in read) return read;
  const why = read.problems.map(({ field, problem }) => `${field}: ${problem}`).join('; ');
  throw new ClawbackError('invalid', `nothing in the alert can be used: ${why}`, { field: 'file' });
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ClawbackError('invalid', 'the file is not JSON', { cause, field: 'file' });
  }
}

/** Prints what would be sent. Exit code 1 where nothing can be used. */
export async function check(shell: Shell, path: string, options: FileOptions, json: boolean): Promise<number> {
  const checked = await alertFromFile(path, options).catch((error: unknown) => {
    if (error instanceof ClawbackError) return error;
    throw error;
  });
  if (checked instanceof ClawbackError) {
    if (json) shell.out(JSON.stringify({ alert: null, findings: [checked.message], usable: false }, null, 2));
    shell.err(`clawback: ${checked.message}`);
    return 1;
  }
  const { alert, unreadablePeople } = checked;
  const shadow = await shadowFindings(path, options);
  const told = { alert, findings: alert.findings, usable: true, unreadablePeople, shadow };
  if (json) shell.out(JSON.stringify(told, null, 2));
  else
    for (const line of [...summaryOf(alert), ...detailsOf(alert), ...shadowLines(shadow), 'Nothing was sent.'])
      shell.out(line);
  return 0;
}

/** Two lines and more, in which every text of the mail is inert. */
export function summaryOf({ message, findings }: Alert): string[] {
  const sender = message.sender === null ? 'an unreadable sender' : bothForms(message.sender);
  return [
    `mail from ${inert(sender)}: ${inert(message.subject ?? '(no subject)')}`,
    ...findings.map((finding) => `  note: ${inert(finding, 500)}`),
  ];
}

/** What will be looked for, and what it is called. */
export function detailsOf({ verdict, severity, message, recipients, reporter }: Alert): string[] {
  const shown = (values: readonly string[]) => values.map((value) => `  ${inert(value)}`);
  const by = reporter?.address ?? reporter?.entraId ?? null;
  return [
    `verdict: ${verdict}, severity: ${severity}`,
    `Message-ID: ${inert(message.internetMessageId ?? 'none')}`,
    `network message id: ${message.networkMessageId ?? 'none'}`,
    `reported by: ${by === null ? 'nobody known' : inert(by)}${reporter?.unproven ? ' (not proven)' : ''}`,
    `${count(recipients.length, 'mailbox', 'mailboxes')} to look into:`,
    ...shown(recipients),
    `${count(message.urls.length, 'link')}:`,
    ...shown(message.urls),
    `${count(message.attachments.length, 'attachment')}:`,
    ...shown(message.attachments),
  ];
}
