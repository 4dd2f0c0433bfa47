/** Payloads in the forms of vendors, of made-up mails to made-up people. */

export const SUBLIME_EVENT = {
  type: 'message.flagged',
  created_at: '2026-11-20 08:00:00.237078000',
  data: {
    flagged_rules: [
      { id: 'rule-1', name: 'Credential phishing: engaging language', severity: 'high', tags: ['Phishing'] },
      { id: 'rule-2', name: 'Link: newly registered domain', severity: 'medium' },
    ],
    triggered_actions: [
      { id: 'action-1', name: 'Tell the team', type: 'slack_alert' },
      { id: 'action-2', name: 'Out of the inbox', type: 'quarantine_message' },
    ],
    message: {
      id: 'message-1',
      canonical_id: 'group-7',
      external_id: 'AAMk=',
      attack_score_verdict: 'malicious',
      mailbox: { id: 'mailbox-1' },
    },
  },
};
export const SUBLIME_MESSAGE = {
  id: 'message-1',
  canonical_id: 'group-7',
  subject: 'Invoice overdue',
  sender: { email: 'billing@mailer.example', display_name: 'Billing' },
  recipients: [{ email: 'ann@contoso.example' }],
  mailbox: { id: 'mailbox-1', email: 'ann@contoso.example' },
  created_at: '2026-11-20T07:59:58Z',
};
export const SUBLIME_MODEL = {
  headers: {
    message_id: '<wave-7@mailer.example>',
    auth_summary: { spf: { pass: false }, dmarc: { pass: true } },
    hops: [{ fields: [{ name: 'X-ThreatSim-ID', value: '1' }] }],
  },
  sender: { email: { email: 'billing@mailer.example' }, display_name: 'Billing' },
  subject: { subject: 'Invoice overdue' },
  recipients: { to: [{ email: { email: 'ann@contoso.example' } }], cc: [{ email: { email: 'cara@contoso.example' } }] },
  mailbox: { email: { email: 'ann@contoso.example' } },
  body: { links: [{ href_url: { url: 'https://pay.mailer.example/x' } }] },
  attachments: [{ file_name: 'invoice.pdf', content_type: 'application/pdf', sha256: 'ab'.repeat(32) }],
};

/** As JSON text: its id is beyond what a double can hold, and stands there as a number. */
export const abnormalRow = (change: object = {}, id = '4551618356913732076') =>
  JSON.stringify({
    threatId: 'threat-1',
    abxMessageId: 'BIG',
    internetMessageId: '<wave-7@mailer.example>',
    subject: 'Invoice overdue',
    fromAddress: 'billing@mailer.example',
    fromName: 'Billing',
    recipientAddress: 'ann@contoso.example',
    toAddresses: 'ann@contoso.example, bob@contoso.example',
    ccEmails: ['cara@contoso.example'],
    receivedTime: '2026-11-20T08:00:00Z',
    attackType: 'Phishing: Credential',
    attackStrategy: 'Name Impersonation',
    attackedParty: 'VIP',
    summaryInsights: ['Unusual Sender'],
    urls: ['https://pay.mailer.example/x'],
    attachmentNames: ['invoice.pdf'],
    abxPortalUrl: 'https://portal.abnormal.example/threats/1',
    autoRemediated: true,
    remediationTimestamp: '2026-11-20T08:00:10Z',
    isRead: false,
    ...change,
  }).replace('"BIG"', id);

export const TAP_MESSAGE = {
  GUID: 'guid-7',
  QID: 'r2FNwRHF004109',
  messageID: 'wave-7@mailer.example',
  sender: 'bounce@mailer.example',
  fromAddress: ['billing@mailer.example'],
  headerFrom: '"Billing" <billing@mailer.example>',
  recipient: ['ann@contoso.example', 'bob@contoso.example'],
  toAddresses: ['ann@contoso.example'],
  subject: 'Invoice overdue',
  messageTime: '2026-11-20T07:59:00.000Z',
  impostorScore: 0,
  malwareScore: 10,
  phishScore: 92,
  spamScore: 100,
  messageParts: [
    { filename: 'text.html', contentType: 'text/html' },
    { filename: 'invoice.pdf', contentType: 'application/pdf', sha256: 'ab'.repeat(32), sandboxStatus: 'THREAT' },
  ],
  threatsInfoMap: [
    {
      campaignId: 'campaign-1',
      classification: 'PHISH',
      threat: 'https://pay.mailer.example/x',
      threatId: 'threat-1',
      threatStatus: 'active',
      threatTime: '2026-11-20T08:00:00.000Z',
      threatType: 'url',
      threatUrl: 'https://threats.proofpoint.example/1',
    },
  ],
};
export const TAP_CLICK = {
  GUID: 'guid-7',
  messageID: 'wave-7@mailer.example',
  id: 'click-1',
  sender: 'billing@mailer.example',
  recipient: 'bob@contoso.example',
  clickTime: '2026-11-20T08:02:00.000Z',
  clickIP: '192.0.2.1',
  classification: 'PHISH',
  threatID: 'threat-1',
  threatStatus: 'active',
  url: 'https://pay.mailer.example/x',
};

const of = (type: string) => ({ '@odata.type': `#microsoft.graph.security.${type}Evidence` });
const NETWORK_ID = '11111111-2222-4333-8444-555555555555';

export const DEFENDER_MESSAGE = {
  ...of('analyzedMessage'),
  networkMessageId: NETWORK_ID,
  internetMessageId: '<wave-7@mailer.example>',
  subject: 'Invoice overdue',
  p1Sender: { emailAddress: 'bounce@mailer.example' },
  p2Sender: { emailAddress: 'billing@mailer.example', displayName: 'Billing' },
  recipientEmailAddress: 'ann@contoso.example',
  receivedDateTime: '2026-11-20T07:59:00Z',
  threats: ['Phish'],
  urls: ['https://pay.mailer.example/x'],
  deliveryAction: 'delivered',
  deliveryLocation: 'inbox_folder',
  verdict: 'malicious',
  remediationStatus: 'pendingApproval',
};
export const DEFENDER_CLUSTER = {
  ...of('mailCluster'),
  clusterBy: 'Subject;SenderIp',
  clusterByValue: 'Invoice overdue;192.0.2.7',
  emailCount: 40,
  networkMessageIds: [NETWORK_ID, '11111111-2222-4333-8444-666666666666'],
  remediationStatus: 'running',
};
export const DEFENDER_RULE = {
  ...of('mailboxConfiguration'),
  configurationType: 'mailForwardingRule',
  displayName: '..',
  mailboxPrimaryAddress: 'bob@contoso.example',
};
export const DEFENDER_TEAMS = {
  ...of('teamsMessage'),
  threadId: '19:x',
  senderFromAddress: 'mallory@mailer.example',
  recipients: ['ann@contoso.example', 'bob@contoso.example'],
};
export const DEFENDER_SUBMISSION = {
  ...of('submissionMail'),
  networkMessageId: NETWORK_ID,
  recipient: 'ann@contoso.example',
  sender: 'billing@mailer.example',
  subject: 'Invoice overdue',
  submitter: 'ann@contoso.example',
  submissionId: 's-1',
  reportType: 'Phish',
};
export const DEFENDER_ALERT = {
  id: 'da637551227677560813_1',
  incidentId: '28282',
  serviceSource: 'microsoftDefenderForOffice365',
  title: 'Phish delivered due to an override',
  severity: 'high',
  status: 'new',
  createdDateTime: '2026-11-20T08:00:00Z',
  lastUpdateDateTime: '2026-11-20T08:00:30Z',
  alertWebUrl: 'https://security.microsoft.com/alerts/da637551227677560813_1',
  evidence: [DEFENDER_MESSAGE, { ...DEFENDER_MESSAGE, recipientEmailAddress: 'bob@contoso.example' }],
};
