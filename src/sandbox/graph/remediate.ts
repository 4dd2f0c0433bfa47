import { randomUUID } from 'node:crypto';
import { type Analyzed, REMEDIATION_ACTIONS, type RemediationAction } from './remediations.ts';
import { badRequest, fail, type Json, type Reply, record } from './reply.ts';
import type { Task } from './types.ts';

/** learn.microsoft.com/graph/api/security-analyzedemail-remediate: all of these are required, and nothing else is known. */
const PARAMETERS = [
  'displayName',
  'description',
  'severity',
  'action',
  'remediateSendersCopy',
  'analyzedEmails',
] as const;
const SEVERITIES = new Set<unknown>(['low', 'medium', 'high']);
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ADDRESS = /^[^\s@]+@[^\s@]+$/;
/** Recipients have to be so many of the messages [learn: remediate-malicious-email-delivered-office-365]. */
const LEAST_SHARE = 0.4;

/** 202 says that it was taken on, with a link for people and nothing for a program to ask by. */
export function remediate(task: Task): Reply {
  licensed(task);
  const { service, json, wrote } = task;
  const body = json();
  const action = checked(body);
  const mails = mailsIn(body['analyzedEmails']);
  const { remediateMost } = service.limits();
  if (mails.length > remediateMost) badRequest(`More than ${remediateMost} emails in one request.`);
  const recipients = new Set(mails.map(({ recipient }) => recipient.toLowerCase())).size;
  if (recipients < mails.length * LEAST_SHARE)
    badRequest('The recipients are less than 40% of the messages of this remediation.');
  const bulkId = randomUUID();
  service.remediations.accept({ bulkId, displayName: String(body['displayName']), action, mails });
  wrote({ effect: 'remediate', message: null, from: null, to: action });
  const filters = encodeURIComponent(JSON.stringify({ bulkId: [bulkId] }));
  return {
    status: 202,
    headers: {
      Location: `https://security.microsoft.com/action-center/history?filters=${filters}&tid=${service.tenant.id}`,
      'Content-Type': 'application/json;text/plain',
    },
  };
}

function checked(body: Json): RemediationAction {
  const unknown = Object.keys(body).find((name) => !PARAMETERS.some((one) => one === name));
  if (unknown !== undefined) badRequest(`The parameter '${unknown}' is not known.`);
  for (const name of PARAMETERS) if (body[name] === undefined) badRequest(`The parameter '${name}' is required.`);
  for (const name of ['displayName', 'description'] as const)
    if (typeof body[name] !== 'string' || body[name].trim() === '') badRequest(`'${name}' is no text.`);
  if (!SEVERITIES.has(body['severity'])) badRequest("The value of 'severity' is not known.");
  // The example of the documentation writes it as a text.
  const sendersCopy = String(body['remediateSendersCopy']);
  if (sendersCopy !== 'true' && sendersCopy !== 'false') badRequest("'remediateSendersCopy' is no Boolean.");
  const action = REMEDIATION_ACTIONS.find((one) => one === body['action']);
  return action ?? badRequest(`The action '${String(body['action'])}' isn't supported.`);
}

function mailsIn(list: unknown): readonly Analyzed[] {
  if (!Array.isArray(list) || list.length === 0) return badRequest("'analyzedEmails' is empty.");
  return list.map((one) => {
    const { networkMessageId, recipientEmailAddress, ...more } = record(one) ?? {};
    if (typeof networkMessageId !== 'string' || !GUID.test(networkMessageId))
      return badRequest('networkMessageId is no GUID.');
    if (typeof recipientEmailAddress !== 'string' || !ADDRESS.test(recipientEmailAddress))
      return badRequest('recipientEmailAddress is no address.');
    if (Object.keys(more).length > 0) return badRequest('Only networkMessageId and recipientEmailAddress are taken.');
    return { networkMessageId, recipient: recipientEmailAddress };
  });
}

export function licensed({ service }: Pick<Task, 'service'>): void {
  if (!service.defender()) fail(403, 'Forbidden', 'The tenant is not licensed for Defender for Office 365 Plan 2.');
}
