import type { Known } from '../../../core/find/alert-reader.ts';
import type { ReadMail } from '../../../ports/source.ts';
import { addressesOf, at, listAt, textAt, textsAt, timeAt } from '../reading/payload.ts';
import { type Found, findings, refused, understoodOf } from '../reading/understood.ts';
import { verdictIn } from '../reading/verdict-words.ts';
import { isEvidence, isOfMail, otherFindings } from './evidence.ts';
import { actionOf } from './remediation.ts';

/**
 * Alerts of Microsoft Defender (`/security/alerts_v2`), which are those of Sentinel too where it lives in the Defender
 * portal. One alert may speak of many mails [learn.microsoft.com/graph/api/resources/security-alert].
 */

/** Of a cluster without any mail that was analyzed, so many are looked for by their ids. */
const MOST_OF_CLUSTER = 20;

/** An alert, a list of them, or an incident with its alerts. */
export function readDefender(payload: unknown, known: Known): readonly ReadMail[] {
  const inner = at(payload, 'value') ?? at(payload, 'alerts');
  const all = Array.isArray(payload) ? payload : inner === undefined ? [payload] : listAt(inner);
  if (all.length === 0) return [{ id: known.id, understood: refused('value', 'holds no alert') }];
  return all.flatMap((alert) => readAlertOf(alert, known));
}

/** Whether anything of it is about mail, Teams or mailboxes: an alert about a device is nobody's here. */
export function isAboutMail(alert: unknown): boolean {
  return listAt(alert, 'evidence').some(isOfMail);
}

function readAlertOf(alert: unknown, known: Known): readonly ReadMail[] {
  const id = textAt(alert, 'id') ?? textAt(alert, 'providerAlertId') ?? known.id;
  const evidence = listAt(alert, 'evidence');
  if (evidence.length === 0)
    return [{ id, understood: refused('evidence', 'is missing: nobody knows which mail is meant') }];
  const mails = mailsIn(evidence);
  if (mails.length === 0) return [{ id, understood: refused('evidence', whyNone(evidence)) }];
  return mails.map((mail) => {
    const exercise = isOwnExercise(mail.about);
    return {
      id: `${id}/${mail.key}`,
      understood: understoodOf(found(alert, id, mail, known), alert, known, {
        delivered: addressesOf(namedIn(mail.about)),
        exercise,
      }),
    };
  });
}

/** One mail, and all evidence that speaks of it: one for each recipient. */
interface Mail {
  readonly key: string;
  readonly about: readonly unknown[];
}

function mailsIn(evidence: readonly unknown[]): readonly Mail[] {
  const mails = new Map<string, unknown[]>();
  for (const one of evidence) {
    if (!isEvidence(one, 'analyzedMessage') && !isEvidence(one, 'submissionMail')) continue;
    const key = (
      textAt(one, 'networkMessageId') ??
      textAt(one, 'internetMessageId') ??
      `mail ${mails.size + 1}`
    ).toLowerCase();
    mails.set(key, [...(mails.get(key) ?? []), one]);
  }
  if (mails.size > 0) return [...mails].map(([key, about]) => ({ key, about }));
  return evidence
    .filter((one) => isEvidence(one, 'mailCluster'))
    .flatMap((cluster) => textsAt(cluster, 'networkMessageIds').map((id) => ({ id, cluster })))
    .slice(0, MOST_OF_CLUSTER)
    .map(({ id, cluster }) => ({ key: id.toLowerCase(), about: [{ networkMessageId: id, ...plainOf(cluster) }] }));
}

const plainOf = (cluster: unknown): Found => ({
  verdict: textAt(cluster, 'verdict'),
  remediationStatus: textAt(cluster, 'remediationStatus'),
  remediationStatusDetails: textAt(cluster, 'remediationStatusDetails'),
});

function whyNone(evidence: readonly unknown[]): string {
  const others = otherFindings(evidence);
  if (others.length > 0) return `names no mail that could be looked for. ${others.join(' ')}`.slice(0, 500);
  const kinds = [
    ...new Set(evidence.map((one) => textAt(one, '@odata.type')?.split('.').at(-1) ?? 'unknown evidence')),
  ];
  return `names no mail: ${kinds.slice(0, 5).join(', ')}`;
}

function found(alert: unknown, id: string, { about }: Mail, known: Known): Found {
  const evidence = listAt(alert, 'evidence');
  const [first] = about;
  const of = (...path: readonly string[]) =>
    about.map((one) => textAt(one, ...path)).find((text) => text !== null) ?? null;
  const submitter = of('submitter');
  return {
    id,
    source: productOf(alert),
    verdict: verdictOf(alert, about),
    severity: SEVERITIES[textAt(alert, 'severity')?.toLowerCase() ?? ''] ?? 'medium',
    detectedAt: timeAt(alert, 'createdDateTime') ?? timeAt(alert, 'firstActivityDateTime') ?? known.now,
    message: {
      internetMessageId: of('internetMessageId'),
      networkMessageId: of('networkMessageId'),
      sender: of('p2Sender', 'emailAddress') ?? of('p2Sender') ?? of('p1Sender', 'emailAddress') ?? of('sender'),
      senderName: of('p2Sender', 'displayName'),
      subject: of('subject'),
      receivedAt: timeAt(first, 'receivedDateTime'),
      urls: urlsOf(about, evidence),
      attachments: filesIn(evidence).flatMap(({ name }) => name ?? []),
    },
    recipients: recipientsOf(about, evidence),
    reporter: submitter?.includes('@') ? submitter : null,
    link: textAt(alert, 'alertWebUrl') ?? textAt(alert, 'incidentWebUrl'),
    campaign: campaignOf(alert, evidence),
    vendorAction:
      textAt(alert, 'classification') === 'falsePositive' ? FALSE_ALARM : (actionOf(about) ?? noThreatIn(about)),
    ...(isExercise(alert, about) ? { simulation: true } : {}),
    evidence: { files: filesIn(evidence) },
    findings: findings(
      textAt(alert, 'title'),
      ...otherFindings(evidence),
      ...about.flatMap((one) => textsAt(one, 'threats').map((threat) => `Threat: ${threat}`)),
      deliveryWords(about),
      classificationWords(alert),
    ),
  };
}

/** Its own investigation has found none in any of them [evidence: `verdict`]. */
function noThreatIn(about: readonly unknown[]): Found | null {
  const isClean = about.every((one) => textAt(one, 'verdict')?.toLowerCase() === 'nothreatsfound');
  return isClean ? { state: 'withdrawn', says: 'noThreatsFound' } : null;
}

const FALSE_ALARM: Found = { state: 'withdrawn', says: 'falsePositive' };

const SEVERITIES: Readonly<Record<string, string>> = {
  informational: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
};

const PRODUCTS: Readonly<Record<string, string>> = {
  microsoftDefenderForOffice365: 'Defender for Office 365',
  microsoft365Defender: 'Defender XDR',
  microsoftSentinel: 'Sentinel',
};

function productOf(alert: unknown): string {
  return PRODUCTS[textAt(alert, 'serviceSource') ?? ''] ?? textAt(alert, 'productName') ?? 'Defender';
}

function verdictOf(alert: unknown, about: readonly unknown[]): string {
  return verdictIn([
    ...about.flatMap((one) => [...textsAt(one, 'threats'), ...textsAt(one, 'threatDetectionMethods')]),
    textAt(alert, 'determination'),
    textAt(alert, 'threatFamilyName'),
    ...about.map((one) => textAt(one, 'reportType')),
    textAt(alert, 'title'),
    textAt(alert, 'category'),
  ]);
}

/** Microsoft's own word to whom this mail was delivered. */
function namedIn(about: readonly unknown[]): readonly (string | null)[] {
  return about.flatMap((one) => [textAt(one, 'recipientEmailAddress'), textAt(one, 'recipient')]);
}

/** The mailboxes that are evidence beside a mail, where it names no recipient itself. */
function recipientsOf(about: readonly unknown[], evidence: readonly unknown[]): readonly string[] {
  const named = namedIn(about);
  const boxes = evidence.filter((one) => isEvidence(one, 'mailbox')).map((one) => textAt(one, 'primaryAddress'));
  return addressesOf(named.some((address) => address !== null) ? named : boxes);
}

/** Links of the mail itself, and those that are evidence beside it. */
function urlsOf(about: readonly unknown[], evidence: readonly unknown[]): readonly string[] {
  const own = about.flatMap((one) => listAt(one, 'urls').flatMap((url) => textAt(url) ?? []));
  const beside = evidence.filter((one) => isEvidence(one, 'url')).flatMap((one) => textAt(one, 'url') ?? []);
  return [...new Set([...own, ...beside])];
}

function filesIn(evidence: readonly unknown[]) {
  return evidence
    .filter((one) => isEvidence(one, 'file'))
    .map((one) => ({
      name: textAt(one, 'fileDetails', 'fileName'),
      sha256: textAt(one, 'fileDetails', 'sha256'),
    }));
}

/** The cluster says what the mails have in common; else the incident ties them together. */
function campaignOf(alert: unknown, evidence: readonly unknown[]): Found | null {
  const cluster = evidence.find((one) => isEvidence(one, 'mailCluster'));
  const by = textAt(cluster, 'clusterBy');
  const value = textAt(cluster, 'clusterByValue');
  if (value !== null) return { source: `Defender, by ${by ?? 'cluster'}`.slice(0, 80), id: value.slice(0, 200) };
  const incident = textAt(alert, 'incidentId');
  return incident === null ? null : { source: 'Defender incident', id: incident };
}

/**
 * Attack simulation training of Microsoft, by its id, of this very mail: an alert may speak of others as well. The property is
 * documented for what users submit [learn.microsoft.com/graph/api/resources/security-attacksimulationinfo]; evidence of an
 * alert is believed where it has it.
 */
function isOwnExercise(about: readonly unknown[]): boolean {
  return about.some((one) => textAt(one, 'attackSimulationInfo', 'attackSimId') !== null);
}

/**
 * Titles are what people have written: told, and no more. What the alert was determined to be is not: that is how it ended,
 * and may be our own word of it.
 */
function isExercise(alert: unknown, about: readonly unknown[]): boolean {
  const tags = [...textsAt(alert, 'systemTags'), textAt(alert, 'title')];
  return isOwnExercise(about) || tags.some((tag) => /simulation|securityTesting/i.test(tag ?? ''));
}

function deliveryWords(about: readonly unknown[]): string | null {
  const told = about.flatMap((one) => {
    const [action, place] = [textAt(one, 'deliveryAction'), textAt(one, 'deliveryLocation')];
    return action === null && place === null ? [] : [[action, place].filter(Boolean).join(' to ')];
  });
  return told.length === 0 ? null : `Delivered there: ${[...new Set(told)].slice(0, 5).join('; ')}`;
}

function classificationWords(alert: unknown): string | null {
  const said = textAt(alert, 'classification');
  return said === null || said === 'unknown' ? null : `Classified there: ${said}`;
}
