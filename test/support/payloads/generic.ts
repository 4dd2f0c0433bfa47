/** Payloads in common forms, as senders of made-up companies would send them. */

const PHISH = {
  message_uid: '<wave-7@mailer.example>',
  from: 'Billing <billing@mailer.example>',
  to: ['ann@contoso.example', 'Bob <bob@contoso.example>'],
  subject: 'Invoice overdue',
  urls: [{ url_string: 'https://pay.mailer.example/x' }],
  files: [
    {
      name: 'invoice.pdf',
      type_id: 1,
      mime_type: 'application/pdf',
      hashes: [{ algorithm_id: 3, value: 'AB'.repeat(32) }],
    },
  ],
  http_headers: [{ name: 'X-Mailer', value: 'made up' }],
};
const METADATA = {
  product: { name: 'Fabrikam Mail Guard', vendor_name: 'Fabrikam' },
  version: '1.8.0',
  uid: 'event-1',
};
const TIME = Date.parse('2026-11-20T08:00:00Z');

export const OCSF_FINDING = {
  class_uid: 2004,
  category_uid: 2,
  activity_id: 1,
  type_uid: 200_401,
  severity_id: 4,
  time: TIME,
  metadata: METADATA,
  finding_info: {
    uid: 'finding-1',
    title: 'Credential phishing',
    types: ['Phishing'],
    src_url: 'https://guard.fabrikam.example/findings/1',
  },
  confidence_score: 87.6,
  disposition_id: 3,
  disposition: 'Quarantined',
  evidences: [{ email: PHISH }, { url: { url_string: 'https://second.mailer.example/y' } }],
};

export const OCSF_EMAIL = {
  class_uid: 4009,
  category_uid: 4,
  activity_id: 2,
  type_uid: 400_902,
  severity_id: 5,
  time: TIME,
  direction_id: 1,
  metadata: { ...METADATA, correlation_uid: '11111111-2222-4333-8444-555555555555' },
  message: 'Impostor message delivered',
  email: { ...PHISH, cc: ['cara@contoso.example'], smtp_to: ['ann@contoso.example'] },
  email_auth: { spf: 'fail', dkim: 'none', dmarc: 'fail' },
};

export const STIX = {
  type: 'bundle',
  id: 'bundle--11111111-2222-4333-8444-555555555555',
  objects: [
    { type: 'identity', id: 'identity--1', spec_version: '2.1', name: 'Fabrikam CERT' },
    { type: 'email-addr', id: 'email-addr--1', value: 'billing@mailer.example', display_name: 'Billing' },
    { type: 'email-addr', id: 'email-addr--2', value: 'ann@contoso.example' },
    { type: 'url', id: 'url--1', value: 'https://pay.mailer.example/x' },
    { type: 'file', id: 'file--1', name: 'invoice.pdf', hashes: { 'SHA-256': 'ab'.repeat(32) } },
    {
      type: 'email-message',
      id: 'email-message--1',
      spec_version: '2.1',
      is_multipart: true,
      from_ref: 'email-addr--1',
      to_refs: ['email-addr--2'],
      message_id: '<wave-7@mailer.example>',
      subject: 'Invoice overdue',
      body_multipart: [{ body_raw_ref: 'file--1', content_type: 'application/pdf' }],
      additional_header_fields: { 'X-PHISHTEST': ['1'] },
    },
    {
      type: 'indicator',
      id: 'indicator--1',
      created: '2026-11-20T07:58:00Z',
      modified: '2026-11-20T08:00:00Z',
      created_by_ref: 'identity--1',
      labels: ['credential-phishing'],
      confidence: 85,
      name: 'Invoice wave',
      pattern: "[email-message:message_id = '<wave-7@mailer.example>']",
    },
    { type: 'campaign', id: 'campaign--1', name: 'Invoices of November' },
  ],
};

export const OWN = {
  id: 'own-1',
  source: 'a detector',
  verdict: 'malware',
  severity: 'high',
  detectedAt: '2026-11-20T08:00:00Z',
  message: { internetMessageId: '<wave-7@mailer.example>', sender: 'billing@mailer.example' },
  recipients: ['ann@contoso.example'],
};

export const cloudEvent = (data: unknown, change: object = {}) => ({
  specversion: '1.0',
  id: 'event-77',
  source: '/guard/contoso',
  type: 'example.fabrikam.finding',
  time: '2026-11-20T08:00:00Z',
  datacontenttype: 'application/json',
  data,
  ...change,
});
