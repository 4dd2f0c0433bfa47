import { createHash } from 'node:crypto';
import { ClawbackError } from '../../core/error.ts';
import type { Alert, Asker } from '../../core/find/alert.ts';
import { alertOf, readWhole } from './alert.ts';
import { type Header, valuesOf } from './headers.ts';
import type { Mail } from './mail.ts';

/** A person reports one mail, or a few that came together; who attaches more has sent an archive. */
const MOST_REPORTED = 20;
const MOST_NAMES = 3;

export interface ReportOptions {
  /** What the alerts call where they come from. */
  readonly source: string;
  /** ISO time. */
  readonly now: string;
}

/** Of one mail that was attached; `why`: for people, why nothing came of it. */
export type ReadReport = { readonly alert: Alert } | { readonly why: string };

/**
 * A report as it lies in a mailbox of reports -> what it says of each mail that is attached to it, none left out silently.
 * What an attached mail says of itself is the choice of whoever wrote it: it says where to look. Who has reported is proven
 * only where Exchange itself says that the report was sent from inside and signed in for. Never throws for what somebody sent.
 */
export async function reportsIn(bytes: Buffer, options: ReportOptions): Promise<readonly ReadReport[]> {
  const outer = await orWhy(() => readWhole(bytes));
  if ('why' in outer) return [outer];
  const { bounce, inner } = outer.value;
  if (bounce) return [{ why: 'it is a bounce: written by a mail server, it reports nothing' }];
  if (inner.length === 0) return [{ why: noneIn(outer.value) }];
  const reporter = reporterOf(outer.value);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const read: ReadReport[] = [];
  for (const [n, file] of inner.slice(0, MOST_REPORTED).entries()) {
    const id = inner.length === 1 ? sha256 : `${sha256}/${n + 1}`;
    read.push(
      await reportOf(file, { ...reporter, findings: [...reporter.findings, ...amongOthers(inner)] }, id, options),
    );
  }
  const left = inner.length - read.length;
  if (left > 0) read.push({ why: `${left} more mails are attached to it: only the first ${MOST_REPORTED} were read` });
  return read;
}

interface Reporter {
  readonly reporter: Asker | null;
  readonly findings: readonly string[];
}

async function reportOf(file: Buffer, by: Reporter, id: string, { source, now }: ReportOptions): Promise<ReadReport> {
  const about = { id, source, now, verdict: 'phishing', severity: 'medium', to: [] } as const;
  const read = await orWhy(async () => alertOf({ ...by, mail: await readWhole(file) }, about));
  return 'why' in read ? { why: `the attached mail cannot be used: ${read.why}` } : { alert: read.value };
}

function reporterOf({ headers, sender }: Mail): Reporter {
  if (sender === null) return { reporter: null, findings: ['Nobody can tell from the report who has sent it.'] };
  if (isInternal(headers)) return { reporter: { entraId: null, address: sender }, findings: [] };
  return {
    reporter: { entraId: null, address: sender, unproven: true },
    findings: [`Exchange does not say that ${sender} has sent the report from inside: it takes no vote away.`],
  };
}

/**
 * Exchange writes it to what was sent by somebody who had signed in, and takes it out of what comes from elsewhere
 * [learn.microsoft.com/exchange/mail-flow/header-firewall]. Two of them were not written by Exchange alone.
 */
function isInternal(headers: readonly Header[]): boolean {
  const [only, ...others] = valuesOf(headers, 'x-ms-exchange-organization-authas');
  return others.length === 0 && /^internal$/i.test(only?.trim() ?? '');
}

function amongOthers(inner: readonly Buffer[]): readonly string[] {
  return inner.length === 1 ? [] : [`${inner.length} mails are attached to the report: each is an alert of its own.`];
}

function noneIn({ attachments }: Mail): string {
  if (attachments.length === 0) return 'no mail is attached to it: a forward does not hold the headers of the mail';
  const named = attachments.slice(0, MOST_NAMES).map((name) => name.slice(0, 60).toWellFormed());
  const more = attachments.length > MOST_NAMES ? ` and ${attachments.length - MOST_NAMES} more` : '';
  return `no mail is attached to it, only ${named.join(', ')}${more}: archives are not opened`;
}

async function orWhy<T>(work: () => Promise<T>): Promise<{ readonly value: T } | { readonly why: string }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (error instanceof ClawbackError) return { why: error.message };
    throw error;
  }
}
