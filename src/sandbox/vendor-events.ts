import type { Attack } from './attacks.ts';

/** What vendors would say of an attack, each in the shape that it documents. */

type Json = Record<string, unknown>;

/** Defender names what it has analysed; hunting has to find the others. */
const NAMED = 2;

/** learn.microsoft.com/graph/api/resources/security-alert, with an analyzedMessageEvidence for each recipient that it names. */
export function defenderAlertOf(attack: Attack, now: string): Json {
  return {
    id: defenderId(attack),
    providerAlertId: attack.networkMessageId,
    incidentId: String(Number.parseInt(attack.networkMessageId.slice(0, 6), 16)),
    status: 'new',
    severity: attack.severity === 'critical' ? 'high' : attack.severity,
    classification: null,
    determination: null,
    serviceSource: 'microsoftDefenderForOffice365',
    detectionSource: 'microsoftDefenderForOffice365',
    title: attack.findings[0] ?? attack.title,
    category: 'InitialAccess',
    createdDateTime: now,
    lastUpdateDateTime: now,
    alertWebUrl: `https://security.microsoft.com/alerts/${defenderId(attack)}`,
    comments: [],
    evidence: attack.recipients.slice(0, NAMED).map((recipient) => ({
      '@odata.type': '#microsoft.graph.security.analyzedMessageEvidence',
      createdDateTime: now,
      verdict: 'malicious',
      remediationStatus: 'none',
      networkMessageId: attack.networkMessageId,
      internetMessageId: attack.internetMessageId,
      subject: attack.subject,
      p1Sender: { emailAddress: attack.sender, displayName: null },
      p2Sender: { emailAddress: attack.sender, displayName: attack.senderName },
      recipientEmailAddress: recipient,
      receivedDateTime: attack.receivedAt,
      deliveryAction: 'delivered',
      deliveryLocation: 'inbox_folder',
      antiSpamDirection: 'inbound',
      threats: ['Phish'],
      threatDetectionMethods: ['URL detonation'],
      urls: attack.urls,
      urlCount: attack.urls.length,
      attachmentsCount: attack.attachments.length,
    })),
  };
}

export const defenderId = ({ networkMessageId }: Attack): string => `fa${networkMessageId}`;

/** learn.microsoft.com/graph/api/resources/security-emailthreatsubmission, of somebody who pressed the button of Outlook. */
export function submissionOf(
  attack: Attack,
  by: { readonly id: string; readonly name: string; readonly address: string },
  now: string,
): Json {
  return {
    '@odata.type': '#microsoft.graph.security.emailThreatSubmission',
    id: attack.networkMessageId,
    createdDateTime: now,
    contentType: 'email',
    category: 'phishing',
    originalCategory: 'phishing',
    source: 'user',
    status: 'running',
    clientSource: 'microsoft',
    createdBy: { user: { identity: by.id, displayName: by.name, email: by.address } },
    result: null,
    adminReview: null,
    attackSimulationInfo: null,
    tenantAllowOrBlockListAction: null,
    recipientEmailAddress: by.address,
    internetMessageId: attack.internetMessageId,
    subject: attack.subject,
    sender: attack.sender,
    senderIP: '192.0.2.7',
    receivedDateTime: attack.receivedAt,
  };
}

/** The event of the webhook, which names ids and rules, and what the API then says of the message. */
export function sublimeSays(
  attack: Attack,
  now: string,
): { readonly event: Json; readonly message: Json; readonly model: Json } {
  const id = attack.networkMessageId;
  const [first = ''] = attack.recipients;
  const sender = { email: { email: attack.sender }, display_name: attack.senderName };
  const group = `group-${id}`;
  const mailbox = { id: `mailbox-${id}`, email: first };
  const rules = attack.findings.map((name, n) => ({
    id: `rule-${n + 1}`,
    name,
    severity: attack.severity,
    tags: n === 0 ? ['BEC'] : [],
  }));
  return {
    event: {
      type: 'message.flagged',
      created_at: now,
      data: {
        flagged_rules: rules,
        triggered_actions: [],
        message: {
          id,
          canonical_id: group,
          external_id: id,
          attack_score_verdict: 'malicious',
          mailbox: { id: mailbox.id },
        },
      },
    },
    message: {
      id,
      canonical_id: group,
      subject: attack.subject,
      sender: { email: attack.sender, display_name: attack.senderName },
      recipients: attack.recipients.map((email) => ({ email })),
      mailbox,
      attack_score: { score: attack.confidence, verdict: 'malicious' },
      created_at: now,
    },
    model: {
      headers: {
        message_id: attack.internetMessageId,
        auth_summary: { spf: { pass: true }, dmarc: { pass: false } },
        hops: [],
      },
      sender,
      subject: { subject: attack.subject },
      recipients: { to: attack.recipients.map((email) => ({ email: { email } })) },
      mailbox: { email: { email: first } },
      body: { links: attack.urls.map((url) => ({ href_url: { url } })) },
      attachments: attack.attachments.map((file_name) => ({ file_name, content_type: 'application/pdf' })),
    },
  };
}
