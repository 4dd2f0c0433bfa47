import type { Known } from '../../../core/find/alert-reader.ts';
import type { VendorState } from '../../../core/find/vendor-says.ts';
import type { ReadMail } from '../../../ports/source.ts';
import { headerNames, marksExercise } from '../reading/exercise.ts';
import {
  addressesOf,
  at,
  firstText,
  listAt,
  namedAddress,
  numberAt,
  percentOf,
  textAt,
  textsAt,
  timeAt,
} from '../reading/payload.ts';
import { type Found, findings, refused, understoodOf } from '../reading/understood.ts';
import { verdictIn } from '../reading/verdict-words.ts';

/**
 * OCSF 1.x, classes 2004 (Detection Finding) and 4009 (Email Activity) [schema.ocsf.io]. The mail is `email`, or stands
 * among the evidences; where it does not, the observables name its parts. A finding may speak of several mails.
 */

const FINDING = 2_004;
const EMAIL_ACTIVITY = 4_009;

export function isOcsf(payload: unknown): boolean {
  return classOf(payload) !== null;
}

/** `class_uid`; where that is left out, `type_uid` begins with it. */
function classOf(payload: unknown): number | null {
  const type = numberAt(payload, 'type_uid');
  return numberAt(payload, 'class_uid') ?? (type === null ? null : Math.floor(type / 100));
}

export function readOcsf(payload: unknown, known: Known): readonly ReadMail[] {
  const which = classOf(payload);
  const id = textAt(payload, 'finding_info', 'uid') ?? textAt(payload, 'metadata', 'uid') ?? known.id;
  if (which !== FINDING && which !== EMAIL_ACTIVITY) {
    const problem = `${which} is no class that tells of a mail: send 2004 (Detection Finding) or 4009 (Email Activity)`;
    return [{ id, understood: refused('class_uid', problem) }];
  }
  const mails = mailsIn(payload);
  if (mails.length === 0) {
    const where = which === FINDING ? 'evidences' : 'email';
    return [{ id, understood: refused(where, 'holds no email object, so nobody knows which mail is meant') }];
  }
  return mails.map((mail, n) => {
    const own = mails.length === 1 ? id : `${id}/${textAt(mail, 'message_uid') ?? textAt(mail, 'uid') ?? n + 1}`;
    return {
      id: own,
      understood: understoodOf(found(payload, mail, own, known), payload, known, { delivered: deliveredTo(mail) }),
    };
  });
}

function mailsIn(payload: unknown): readonly unknown[] {
  const own = at(payload, 'email');
  const inEvidence = listAt(payload, 'evidences').flatMap((evidence) => at(evidence, 'email') ?? []);
  const mails = [...(own === undefined ? [] : [own]), ...inEvidence].filter((mail) => typeof mail === 'object');
  const observed = mails.length === 0 ? observedMail(payload) : null;
  return observed ? [observed] : mails;
}

/** Names of observables are paths, such as `evidences[0].email.message_uid`. */
function observedMail(payload: unknown): Found | null {
  const told = new Map<string, string[]>();
  for (const observable of listAt(payload, 'observables')) {
    const part = /\bemail\.([a-z_]+)(?:\[\d+\])?$/.exec(textAt(observable, 'name') ?? '')?.[1];
    const value = textAt(observable, 'value');
    if (part !== undefined && value !== null) told.set(part, [...(told.get(part) ?? []), value]);
  }
  const one = (part: string) => told.get(part)?.[0];
  const to = told.get('to');
  if (told.size === 0) return null;
  return {
    message_uid: one('message_uid'),
    from: one('from'),
    subject: one('subject'),
    ...(to ? { to } : {}),
  };
}

function found(payload: unknown, mail: unknown, id: string, known: Known): Found {
  const from = namedAddress(firstText(mail, 'from', 'sender', 'smtp_from') ?? textAt(payload, 'from'));
  const product = textAt(payload, 'metadata', 'product', 'name');
  const networkMessageId = networkIdOf(payload);
  const campaign = textAt(payload, 'metadata', 'correlation_uid');
  return {
    id,
    source: product ?? textAt(payload, 'metadata', 'product', 'vendor_name') ?? 'OCSF',
    verdict: verdictIn(sayings(payload)),
    severity: SEVERITIES[numberAt(payload, 'severity_id') ?? 0] ?? 'medium',
    detectedAt: timeAt(payload, 'time') ?? timeAt(payload, 'time_dt') ?? known.now,
    confidence: percentOf(numberAt(payload, 'confidence_score')),
    message: {
      internetMessageId: textAt(mail, 'message_uid'),
      networkMessageId,
      sender: from.address,
      senderName: from.name,
      subject: textAt(mail, 'subject'),
      urls: urlsOf(payload, mail),
      attachments: listAt(mail, 'files').flatMap((file) => textAt(file, 'name') ?? []),
    },
    recipients: recipientsOf(payload, mail),
    link: textAt(payload, 'finding_info', 'src_url'),
    campaign: campaign === null || campaign === networkMessageId ? null : { source: product ?? 'OCSF', id: campaign },
    vendorAction: actionOf(payload),
    ...(isExercise(mail) ? { simulation: true } : {}),
    evidence: evidenceOf(payload, mail),
    findings: findings(textAt(payload, 'finding_info', 'title'), textAt(payload, 'message'), verdictFinding(payload)),
  };
}

/** unknown, informational, low, medium, high, critical, fatal. */
const SEVERITIES = ['medium', 'low', 'low', 'medium', 'high', 'critical', 'critical'] as const;

function sayings(payload: unknown): readonly (string | null)[] {
  const malware = listAt(payload, 'malware');
  return [
    ...textsAt(payload, 'finding_info', 'types'),
    ...malware.flatMap((one) => textsAt(one, 'classifications')),
    ...(malware.length > 0 ? ['malware'] : []),
    textAt(payload, 'finding_info', 'title'),
    ...listAt(payload, 'evidences').map((evidence) => textAt(evidence, 'verdict')),
    textAt(payload, 'message'),
  ];
}

/** The envelope, and where it was delivered. `to` and `cc` are those of the header. */
function deliveredTo(mail: unknown): readonly string[] {
  return addressesOf(['delivered_to', 'delivered_to_list', 'smtp_to'].flatMap((name) => textsAt(mail, name)));
}

function recipientsOf(payload: unknown, mail: unknown): readonly string[] {
  const names = ['to', 'cc', 'delivered_to', 'delivered_to_list', 'smtp_to', 'to_mailboxes', 'cc_mailboxes'];
  const mailboxes = (name: string): readonly string[] =>
    listAt(mail, name).flatMap((box) => textAt(box, 'email_addr') ?? textAt(box, 'uid') ?? []);
  const given = names.flatMap((name) => (name.endsWith('_mailboxes') ? mailboxes(name) : textsAt(mail, name)));
  return addressesOf([...given, ...textsAt(payload, 'to')]);
}

function urlsOf(payload: unknown, mail: unknown): readonly string[] {
  const inMail = listAt(mail, 'urls').map(urlText);
  const beside = listAt(payload, 'evidences').map((evidence) => urlText(at(evidence, 'url')));
  return [...new Set([...inMail, ...beside].flatMap((url) => url ?? []))];
}

const urlText = (url: unknown) => textAt(url) ?? textAt(url, 'url_string') ?? textAt(url, 'hostname');

const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** OCSF has no field for Exchange's own id: an enrichment of that name, or the id that ties events together, may hold it. */
function networkIdOf(payload: unknown): string | null {
  const enrichment = listAt(payload, 'enrichments').find(
    (one) => (textAt(one, 'name') ?? '').replaceAll(/[_-]/g, '').toLowerCase() === 'networkmessageid',
  );
  const given = textAt(enrichment, 'value') ?? textAt(enrichment, 'data');
  const correlation = textAt(payload, 'metadata', 'correlation_uid');
  return given ?? (correlation !== null && GUID.test(correlation) ? correlation : null);
}

/** `disposition_id` of the profile security_control. */
const DISPOSITIONS: Readonly<Record<number, VendorState>> = {
  2: 'kept-out',
  3: 'removed',
  4: 'removed',
  5: 'removed',
  6: 'kept-out',
  9: 'put-back',
  10: 'withdrawn',
};
/** `verdict_id` of an evidence: false positive, disregard, benign. */
const HARMLESS: ReadonlySet<number> = new Set([1, 3, 5]);

function actionOf(payload: unknown): Found | null {
  const says = textAt(payload, 'disposition') ?? textAt(payload, 'status_detail');
  const number = numberAt(payload, 'disposition_id');
  const state = DISPOSITIONS[number ?? -1];
  if (state) return { state, says };
  const verdicts = listAt(payload, 'evidences').flatMap((evidence) => numberAt(evidence, 'verdict_id') ?? []);
  if (verdicts.length > 0 && verdicts.every((verdict) => HARMLESS.has(verdict))) return { state: 'withdrawn', says };
  const isOther = number !== null && number > 1;
  return isOther ? { state: 'other', says: says ?? `disposition ${number}` } : null;
}

function isExercise(mail: unknown): boolean {
  const named = listAt(mail, 'http_headers').flatMap((header) => textAt(header, 'name') ?? []);
  return marksExercise([...named, ...headerNames(textAt(mail, 'raw_header') ?? '')]);
}

const SHA256 = 3;

function evidenceOf(payload: unknown, mail: unknown): Found {
  const auth = at(payload, 'email_auth');
  const files = listAt(mail, 'files').map((file) => ({
    name: textAt(file, 'name'),
    type: textAt(file, 'mime_type'),
    sha256: textAt(
      listAt(file, 'hashes').find((hash) => numberAt(hash, 'algorithm_id') === SHA256),
      'value',
    ),
  }));
  return { spf: textAt(auth, 'spf'), dkim: textAt(auth, 'dkim'), dmarc: textAt(auth, 'dmarc'), files };
}

function verdictFinding(payload: unknown): string | null {
  return at(payload, 'is_alert') === false ? 'The sender marks it as no alert (is_alert is false).' : null;
}
