import type { Known } from '../../../core/find/alert-reader.ts';
import type { VendorState } from '../../../core/find/vendor-says.ts';
import type { ReadMail } from '../../../ports/source.ts';
import { addressesOf, at, firstText, listAt, textAt, textsAt, timeAt } from '../reading/payload.ts';
import { type Found, findings, refused, understoodOf } from '../reading/understood.ts';
import { verdictIn } from '../reading/verdict-words.ts';

/**
 * Threats of Abnormal: one row for each recipient. The id of a message is a whole number beyond 2^53: it stands beside
 * itself as text, and is read as text where it does not.
 */

export function readAbnormal(payload: unknown, known: Known): readonly ReadMail[] {
  const rows = rowsIn(payload);
  if (rows.length === 0) return [{ id: known.id, understood: refused(...whyNone(payload)) }];
  const threat = textAt(payload, 'threatId');
  return rows.map((row, n) => {
    const own = rows.length > 1 ? { ...known, id: `${known.id}#${n + 1}` } : known;
    return mailOf(row, threat, own);
  });
}

function rowsIn(payload: unknown): readonly unknown[] {
  if (Array.isArray(payload)) return payload.flatMap(rowsIn);
  for (const name of ['messages', 'threats', 'results', 'campaigns']) {
    const rows = at(payload, name);
    if (Array.isArray(rows)) return rows;
  }
  const isRow = ['abxMessageId', 'abxMessageIdStr', 'internetMessageId', 'internet_message_id', 'fromAddress'];
  return isRow.some((name) => at(payload, name) !== undefined) ? [payload] : [];
}

function whyNone(payload: unknown): [field: string, problem: string] {
  if (at(payload, 'caseId') !== undefined || Array.isArray(at(payload, 'cases')))
    return ['caseId', 'is a case about an account, and names no mail: its threatIds are asked for by themselves'];
  const threat = textAt(payload, 'threatId');
  if (threat !== null) return ['messages', `are missing: nobody knows which mails threat ${threat} is about`];
  return ['messages', 'are missing, and so are threats and results: this names no mail'];
}

function mailOf(row: unknown, threat: string | null, known: Known): ReadMail {
  const message = firstText(row, 'abxMessageIdStr', 'abxMessageId', 'abnormal_message_id', 'messageId');
  const campaign = textAt(row, 'threatId') ?? threat ?? textAt(row, 'campaignId');
  const action = actionOf(row);
  // Without it, its second word of the same mail would be taken for the first one.
  const id = [message ?? campaign ?? known.id, action?.says ?? action?.state].filter(Boolean).join('/');
  return {
    id,
    understood: understoodOf(found(row, message ?? id, campaign, known), row, known, { delivered: mailboxesOf(row) }),
  };
}

function found(row: unknown, id: string, campaign: string | null, known: Known): Found {
  const type = textAt(row, 'attackType');
  const strategy = textAt(row, 'attackStrategy');
  const files = textsOnly(row, 'attachmentNames');
  return {
    id,
    source: 'Abnormal',
    verdict: verdictIn([type, strategy, textAt(row, 'attackVector')]),
    severity: /vip|executive/i.test(textAt(row, 'attackedParty') ?? '') ? 'high' : 'medium',
    detectedAt:
      timeAt(row, 'receivedTime') ?? timeAt(row, 'received_time') ?? timeAt(row, 'firstReported') ?? known.now,
    message: {
      internetMessageId: messageIdOf(row),
      sender: firstText(row, 'fromAddress', 'sender', 'returnPath'),
      senderName: firstText(row, 'fromName', 'sender_display_name'),
      subject: textAt(row, 'subject'),
      receivedAt: timeAt(row, 'receivedTime') ?? timeAt(row, 'received_time'),
      urls: textsOnly(row, 'urls'),
      attachments: files,
    },
    recipients: addressesOf([
      ...mailboxesOf(row),
      // Of the header. One text in older tenants, a list in newer ones.
      ...textsAt(row, 'toAddresses'),
      ...textsAt(row, 'ccEmails'),
    ]),
    link: textAt(row, 'abxPortalUrl'),
    campaign: campaign === null ? null : { source: 'Abnormal', id: campaign },
    vendorAction: actionOf(row),
    ...(/simulation/i.test(type ?? '') ? { simulation: true } : {}),
    findings: findings(
      type === null ? null : `Attack type: ${type.replace(/^attack type:\s*/i, '')}`,
      strategy === null ? null : `Strategy: ${strategy}`,
      ...textsOnly(row, 'summaryInsights'),
      verdictOfPeople(row),
    ),
  };
}

/** Where Abnormal saw it arrive. */
const mailboxesOf = (row: unknown) =>
  addressesOf([...textsAt(row, 'recipientAddress'), ...textsAt(row, 'mailbox_name')]);

const textsOnly = (row: unknown, name: string) => listAt(row, name).flatMap((text) => textAt(text) ?? []);

/** Of a report of a user, `messageId` is the mail's own; elsewhere it is a number of Abnormal's. */
function messageIdOf(row: unknown): string | null {
  const own = firstText(row, 'internetMessageId', 'internet_message_id');
  const other = textAt(row, 'messageId');
  return own ?? (other?.includes('@') ? other : null);
}

function verdictOfPeople(row: unknown): string | null {
  const judged = firstText(row, 'judgementStatus', 'judgement');
  return judged === null ? null : `Abnormal judges it: ${judged}`;
}

const STATES: Readonly<Record<string, VendorState>> = {
  'auto-remediated': 'removed',
  'auto remediated': 'removed',
  'post remediated': 'removed',
  'post-remediated': 'removed',
  remediated: 'removed',
  success: 'removed',
  'remediation attempted': 'running',
  pending: 'running',
  'remediation failed': 'failed',
  error: 'failed',
  unremediated: 'put-back',
  restored: 'put-back',
};
/** It has done nothing, and says so. */
const NOTHING_DONE = /^(?:not remediated|no action needed|would remediate|none)$/i;

const NO_THREAT = /^(?:safe|not malicious|no threat)$/i;

function actionOf(row: unknown): { state: VendorState; says: string | null; at: string | null } | null {
  const says = firstText(row, 'remediationStatus', 'remediation_status', 'overallStatus');
  const time = timeAt(row, 'remediationTimestamp');
  const judged = firstText(row, 'judgementStatus', 'judgement');
  // Of what a user had reported: its own judgement.
  if (judged !== null && NO_THREAT.test(judged)) return { state: 'withdrawn', says: judged, at: time };
  if (says !== null && NOTHING_DONE.test(says)) return null;
  if (says !== null) return { state: STATES[says.toLowerCase()] ?? 'other', says, at: time };
  if (at(row, 'autoRemediated') === true) return { state: 'removed', says: 'auto-remediated', at: time };
  return at(row, 'postRemediated') === true ? { state: 'removed', says: 'post-remediated', at: time } : null;
}
