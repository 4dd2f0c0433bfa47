import { bothForms } from '../address.ts';
import type { TakenAlert } from '../find/alert.ts';
import type { Evidence } from '../find/evidence.ts';
import { count, inertOr, shortTime } from '../text.ts';
import { simulationLines, vendorRows } from './vendor-words.ts';

/** What speaks for or against a mail, row by row, and who says so. All of it is somebody's word and shown as that. */

type EvidenceRow = readonly [label: string, value: string];

export function evidenceRows(alert: TakenAlert, alerts: number): EvidenceRow[] {
  const { message, evidence } = alert;
  const rows: EvidenceRow[] = [['Reported', reported(alert, alerts)]];
  const by = reporterWords(alert);
  if (by !== '') rows.push(['Reporter', by]);
  if (message.receivedAt) rows.push(['Received', shortTime(message.receivedAt)]);
  const checks = checkWords(evidence);
  if (checks !== '') rows.push(['Sender checks', `${checks}, says ${sourceWords(alert)}`]);
  if (message.urls.length > 0) rows.push(['Links go to', hostsOf(message.urls)]);
  const files = filesOf(alert);
  if (files !== '') rows.push(['Attachments', files]);
  return [...rows, ...vendorRows(alert, sourceWords(alert))];
}

/** Worth a look by itself: its own line among the warnings. */
export function contactLines(alert: TakenAlert): string[] {
  const by = sourceWords(alert);
  const isFirst = alert.evidence?.firstContact === true;
  return [
    ...simulationLines(alert, by),
    ...(isFirst ? [`The sender has not written to these people before, says ${by}.`] : []),
  ];
}

function reported(alert: TakenAlert, alerts: number): string {
  const sure = alert.confidence === null ? '' : `, ${alert.confidence} % sure`;
  const more = alerts > 1 ? `; ${count(alerts, 'alert')}` : '';
  return `${sourceWords(alert)}${sure}, ${shortTime(alert.detectedAt)}${more}`;
}

/** By its secret; what an alert calls its source itself is only text. */
function sourceWords({ from, source }: Pick<TakenAlert, 'from' | 'source'>): string {
  const said = inertOr(source, 'unknown', 80);
  const name = inertOr(from.name, said, 80);
  return name === said ? said : `${name} (\u201c${said}\u201d)`;
}

function reporterWords({ reporter, from }: Pick<TakenAlert, 'reporter' | 'from'>): string {
  if (!reporter) return '';
  const who = inertOr(reporter.address ? bothForms(reporter.address) : reporter.entraId, 'somebody', 120);
  return from.claims.reporters && !reporter.unproven ? who : `${who} (not proven)`;
}

function checkWords(evidence: Evidence | undefined): string {
  const { spf = null, dkim = null, dmarc = null } = evidence ?? {};
  const told = [
    ['SPF', spf],
    ['DKIM', dkim],
    ['DMARC', dmarc],
  ] as const;
  return told.flatMap(([name, result]) => (result === null ? [] : [`${name} ${result}`])).join(', ');
}

const SHOWN_HOSTS = 3;

/** Where a click would lead, not what the link looks like. */
function hostsOf(urls: readonly string[]): string {
  const hosts = [...new Set(urls.map(hostOf))];
  const more = hosts.length - SHOWN_HOSTS;
  const shown = hosts.slice(0, SHOWN_HOSTS).map((host) => inertOr(host, '(nowhere)', 90));
  return `${shown.join(', ')}${more > 0 ? ` and ${count(more, 'more host')}` : ''}`;
}

/** Whoever stands before an @ is no host. What is no web address stays as it is written. */
function hostOf(url: string): string {
  const authority = /^\s*[a-z][a-z0-9+.-]*:[\\/]{2,}([^\\/?#]*)/i.exec(url)?.[1];
  if (authority === undefined) return url;
  return authority
    .slice(authority.lastIndexOf('@') + 1)
    .replace(/:\d*$/, '')
    .toLowerCase();
}

const SHOWN_FILES = 3;
const HASH_SHOWN = 16;

function filesOf({ message, evidence }: Pick<TakenAlert, 'message' | 'evidence'>): string {
  const files = evidence && evidence.files.length > 0 ? evidence.files : message.attachments.map((name) => ({ name }));
  const more = files.length - SHOWN_FILES;
  return `${files.slice(0, SHOWN_FILES).map(fileWords).join('; ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function fileWords(file: {
  readonly name: string;
  readonly type?: string | null;
  readonly sha256?: string | null;
}): string {
  const type = file.type ? inertOr(file.type, '', 60) : '';
  const hash = file.sha256 ? `SHA-256 ${file.sha256.slice(0, HASH_SHOWN)}\u2026` : '';
  const about = [type, hash].filter((part) => part !== '').join(', ');
  return `${inertOr(file.name, '(no name)', 60)}${about === '' ? '' : ` (${about})`}`;
}
