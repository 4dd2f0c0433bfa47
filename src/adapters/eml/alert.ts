import { createHash } from 'node:crypto';
import { domainOf, sameAddress } from '../../core/address.ts';
import { ClawbackError } from '../../core/error.ts';
import { Alert, type Asker } from '../../core/find/alert.ts';
import { readAlert } from '../../core/find/alert-reader.ts';
import { MOST_FILE_BYTES } from '../../core/find/offered-file.ts';
import { provenDomain } from './auth-results.ts';
import { fitted } from './fit.ts';
import { valuesOf } from './headers.ts';
import { readInternetMail } from './internet-mail.ts';
import { type Mail, unreadable } from './mail.ts';
import { readOutlook } from './outlook.ts';
import { isOutlook } from './outlook-file.ts';

/** A finding is read by people. */
const MAX_NAMED = 3;

export interface EmlOptions {
  readonly verdict: string;
  /** Further recipients, beside those in the headers. */
  readonly to: readonly string[];
  /** ISO time. */
  readonly now: string;
  /** `report`: the file is somebody's report, and the mail attached to it is meant. By default the file is the mail. */
  readonly as?: 'mail' | 'report';
}

/**
 * A mail as it lies on disk -> an alert. Tolerant of broken headers: what cannot be read is said as a finding, and no
 * key is ever guessed. Throws ClawbackError 'invalid' for what is no mail at all, and for a report without one mail.
 */
export async function alertFromEml(bytes: Buffer, options: EmlOptions): Promise<Alert> {
  const verdict = Alert.shape.verdict.safeParse(options.verdict);
  if (!verdict.success)
    throw new ClawbackError('invalid', `there is no verdict ${options.verdict}`, { field: 'verdict' });
  const outer = await readWhole(bytes);
  const told = options.as === 'report' ? await reportedIn(outer) : { mail: outer, reporter: null, findings: [] };
  const about = { source: 'clawback submit', verdict: verdict.data, severity: 'high' } as const;
  return alertOf(told, { ...options, ...about, id: createHash('sha256').update(bytes).digest('hex') });
}

/** Throws ClawbackError 'invalid' for what is no mail at all. */
export async function readWhole(bytes: Buffer): Promise<Mail> {
  if (bytes.length === 0) throw unreadable('the file is empty');
  if (bytes.length > MOST_FILE_BYTES) throw unreadable(`the file is larger than ${MOST_FILE_BYTES} bytes`);
  return isOutlook(bytes) ? readOutlook(bytes) : readInternetMail(bytes);
}

/** What is said of one mail, made into an alert. Throws ClawbackError 'invalid' where nothing in it can be used. */
export async function alertOf({ mail, ...told }: Reported, about: About): Promise<Alert> {
  const reporters = told.reporter?.address ? [told.reporter.address] : [];
  const recipients = [...about.to, ...reporters, ...mail.recipients];
  const findings = [
    ...told.findings,
    ...mail.findings,
    ...(recipients.length === 0 ? ['No recipient address can be read from the headers.'] : []),
    ...(await innerFindings(mail)),
    ...replyToFinding(mail),
  ];
  const { internetMessageId, networkMessageId, sender, senderName, subject, urls, attachments } = mail;
  const candidate = {
    id: about.id,
    source: about.source,
    verdict: about.verdict,
    severity: about.severity,
    detectedAt: about.now,
    // `Date:` is the sender's word: a time of receipt is only what a server says.
    message: { internetMessageId, networkMessageId, sender, senderName, subject, receivedAt: null, urls, attachments },
    recipients,
    reporter: told.reporter,
    findings,
    ...(mail.files.length > 0 ? { evidence: { files: mail.files } } : {}),
  };
  const read = readAlert(candidate, { now: about.now, id: about.id });
  if ('alert' in read) return fitted(read.alert);
  throw unreadable('nothing in the mail can be used: it has no id, sender, subject, link or recipient');
}

/** The mail that a file is about, as `alertFromEml` takes it. Throws ClawbackError 'invalid' like it. */
export async function mailFromEml(bytes: Buffer, as: EmlOptions['as']): Promise<Mail> {
  const outer = await readWhole(bytes);
  return as === 'report' ? (await reportedIn(outer)).mail : outer;
}

interface About {
  readonly id: string;
  /** What the alert calls where it comes from. */
  readonly source: string;
  readonly verdict: Alert['verdict'];
  readonly severity: Alert['severity'];
  /** Further recipients, beside those in the headers. */
  readonly to: readonly string[];
  /** ISO time. */
  readonly now: string;
}

/** A mail that is meant, who has reported it, and what is to be said of that. */
interface Reported {
  readonly mail: Mail;
  readonly reporter: Asker | null;
  readonly findings: readonly string[];
}

/** The one mail inside, and who has sent the report. */
async function reportedIn(outer: Mail): Promise<Reported> {
  if (outer.bounce) throw unreadable('the file is a bounce: written by a mail server, it reports nothing');
  const [inner, ...others] = outer.inner;
  if (inner === undefined) throw unreadable('no mail is attached to the report');
  if (others.length > 0)
    throw unreadable(`${outer.inner.length} mails are attached to the report: submit each of them by itself`);
  const mail = await readWhole(inner);
  if (outer.sender === null)
    return { mail, reporter: null, findings: ['Nobody can tell from the report who has sent it.'] };
  if (isProven(outer)) return { mail, reporter: { entraId: null, address: outer.sender }, findings: [] };
  return {
    mail,
    reporter: { entraId: null, address: outer.sender, unproven: true },
    findings: [`Nothing proves that ${outer.sender} has sent the report: it takes no vote away.`],
  };
}

/** Exchange writes both headers itself, and takes them out of what comes from elsewhere. */
function isProven({ headers, sender }: Mail): boolean {
  const [authAs = ''] = valuesOf(headers, 'x-ms-exchange-organization-authas');
  if (/^internal$/i.test(authAs.trim())) return true;
  return sender !== null && provenDomain(headers) === domainOf(sender);
}

async function innerFindings({ inner, bounce }: Mail): Promise<readonly string[]> {
  if (inner.length === 0) return [];
  const named = await Promise.all(inner.slice(0, MAX_NAMED).map(nameOf));
  const more = inner.length > MAX_NAMED ? ` and ${inner.length - MAX_NAMED} more` : '';
  const what = `${inner.length === 1 ? 'Another mail is' : 'Other mails are'} attached to it: ${named.join('; ')}${more}.`;
  return [
    bounce ? `The mail is a bounce. ${what}` : `${what} If this is somebody’s report, submit it with --as report.`,
  ];
}

async function nameOf(file: Buffer): Promise<string> {
  const mail = await readWhole(file).catch((error: unknown) => {
    if (error instanceof ClawbackError) return null;
    throw error;
  });
  const short = (text: string | null | undefined, none: string) => (text ? text.slice(0, 60).toWellFormed() : none);
  return `“${short(mail?.subject, '(no subject)')}” from ${short(mail?.sender, 'an unreadable sender')}`;
}

function replyToFinding({ replyTo, sender }: Mail): readonly string[] {
  return replyTo !== null && sender !== null && !sameAddress(replyTo, sender)
    ? ['Answers would go to another address than the sender’s.']
    : [];
}
