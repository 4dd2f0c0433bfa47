import { type ReadAlert, readAlert } from '../../src/core/find/alert-reader.ts';

/** Alerts as a detector sends them, and what the reader makes of them. */

export const KNOWN = { now: '2026-11-20T08:00:05Z', id: 'delivery-1' };
export const GUID = '11111111-0000-4000-8000-000000000001';

export const MESSAGE = {
  internetMessageId: '<m-1@phish.example>',
  networkMessageId: GUID,
  sender: 'desk@phish.example',
  senderName: 'Desk',
  subject: 'Overdue',
  receivedAt: '2026-11-20T07:59:00Z',
  urls: ['https://pay.phish.example/x'],
  attachments: ['Invoice.pdf'],
};
export const GOOD = {
  id: 'det-1',
  source: 'a detector',
  verdict: 'phishing',
  severity: 'high',
  detectedAt: '2026-11-20T08:00:00Z',
  message: MESSAGE,
  recipients: ['emma@contoso.example'],
  reporter: { entraId: GUID, address: 'emma@contoso.example' },
  requester: null,
  confidence: 90,
  findings: ['new domain'],
};

export function read(value: unknown): ReadAlert {
  const answer = readAlert(value, KNOWN);
  if ('alert' in answer) return answer;
  throw new Error(JSON.stringify(answer.problems));
}
export const withField = (change: Record<string, unknown>) => read({ ...GOOD, ...change });
export const withMessage = (change: Record<string, unknown>) => read({ ...GOOD, message: { ...MESSAGE, ...change } });
