/** What users report, in the shapes that Microsoft documents; all of it made up. */

export const SUBMISSION = {
  '@odata.type': '#microsoft.graph.security.emailThreatSubmission',
  id: '7f0a4c1e-3d52-4b7e-9a61-08dd5b2f9c10',
  createdDateTime: '2026-11-20T08:55:00.1234567Z',
  contentType: 'email',
  category: 'phishing',
  originalCategory: 'phishing',
  source: 'user',
  status: 'running',
  clientSource: 'microsoft',
  createdBy: {
    user: {
      identity: '00000000-0000-4000-8000-0000000000D5',
      displayName: 'Emma Employee',
      email: 'emma@contoso.example',
    },
  },
  result: null,
  adminReview: null,
  attackSimulationInfo: null,
  tenantAllowOrBlockListAction: null,
  recipientEmailAddress: 'emma@contoso.example',
  internetMessageId: '<wave-7@mailer.example>',
  subject: 'Invoice overdue',
  sender: 'billing@mailer.example',
  senderIP: '192.0.2.7',
  receivedDateTime: '2026-11-20T08:40:00Z',
  tenantId: '3f1c2a7e-90f5-4c1b-8a55-0d2f6f6b1c01',
} as const;

/** As Exchange writes it to what somebody who has signed in sends within the tenant. */
export const FROM_INSIDE = 'X-MS-Exchange-Organization-AuthAs: Internal';

export interface ReportParts {
  readonly from?: string;
  readonly subject?: string;
  /** Further lines at the top of the report, as Exchange adds them. */
  readonly top?: readonly string[];
  /** What is attached to it, each with the headers of its part. */
  readonly parts: readonly string[];
  /** Of a report within a report another one. */
  readonly border?: string;
}

export const attached = (mail: string) => `Content-Type: message/rfc822\r\n\r\n${mail}\r\n`;

/** The mail that is meant, as plain text. */
export function reportedMail(change: Readonly<Record<string, string>> = {}): string {
  const headers = {
    From: 'Billing <billing@mailer.example>',
    To: 'emma@contoso.example',
    Subject: 'Invoice overdue',
    'Message-ID': '<wave-7@mailer.example>',
    ...change,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `${lines.join('\r\n')}\r\n\r\nPay at https://pay.mailer.example/x`;
}

/** A report, as a button sends it or a person writes it. */
export function reportMail({
  from = 'emma@contoso.example',
  subject = '3|Phishing',
  top = [],
  parts,
  border = 'outer',
}: ReportParts) {
  return [
    ...top,
    `From: Somebody <${from}>`,
    'To: reports@contoso.example',
    `Subject: ${subject}`,
    'Message-ID: <report-1@contoso.example>',
    'MIME-Version: 1.0',
    `Content-Type: multipart/mixed; boundary="${border}"`,
    '',
    ['', 'Content-Type: text/plain\r\n\r\nReported.\r\n', ...parts].join(`--${border}\r\n`).concat(`--${border}--`),
  ].join('\r\n');
}
