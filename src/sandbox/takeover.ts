import { type Attack, type Landed, newAttack } from './attacks.ts';
import type { Sandbox } from './sandbox.ts';

/** A mail that works: one of those who received it gives their account away, and somebody else makes use of it. */

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const USUAL_IP = '203.0.113.24';
const STRANGE_IP = '198.51.100.77';
const APP_ID = '5f1d9c1e-7a34-4c0e-9b52-3f0a7e9c4d10';
/** Ids of the app and of Graph in this tenant. */
const OF_APP = {
  clientId: '7c0d9f7a-90b5-4b53-8b0e-1f0c3a5e2d11',
  resourceId: '2b6f1d34-54a1-4a3c-9a77-6d1be3f0c512',
};

export function takeoverMail(sandbox: Sandbox): Attack {
  return newAttack({
    title: 'an account that is taken over',
    verdict: 'phishing',
    severity: 'critical',
    confidence: 91,
    findings: ['The link leads to a page that passes a sign-in on to Microsoft and keeps the session.'],
    sender: 'sharing@contoso-files.example',
    senderName: 'Contoso File Sharing',
    subject: 'A file was shared with you: Salaries 2027',
    urls: ['https://login.contoso-files.example/share?id=7718'],
    attachments: [],
    recipients: sandbox.employees.slice(20, 23),
  });
}

/** A click, a sign-in from elsewhere, a rule that hides answers, an app that may read mail, and mail to very many. */
export function leaveTraces({ tenant }: Sandbox, { attack }: Landed): void {
  const [victim, ...others] = attack.recipients;
  if (victim === undefined) return;
  const from = Date.parse(attack.receivedAt);
  const at = (minutes: number) => from + minutes * MINUTE_MS;
  const [url = ''] = attack.urls;
  for (const address of attack.recipients) tenant.userSignsIn(address, { ip: USUAL_IP, at: from - 2 * DAY_MS });
  for (const [n, address] of [victim, ...others.slice(0, 1)].entries())
    tenant.userClicks(address, { networkMessageId: attack.networkMessageId, url, at: at(0.5 + n) });
  const elsewhere = { ip: STRANGE_IP, country: 'NG' };
  tenant.userSignsIn(victim, { ...elsewhere, factor: 'single', managed: false, at: at(2) });
  tenant.addRule(victim, {
    displayName: '..',
    isEnabled: true,
    conditions: { subjectContains: ['shared', 'phish'] },
    actions: { markAsRead: true, moveToFolder: 'rss', stopProcessingRules: true },
  });
  const rule = { name: '..', moveTo: 'RSS Subscriptions', marksRead: true, words: ['shared', 'phish'] };
  tenant.ruleTold(victim, rule, { ...elsewhere, at: at(2.5) });
  const scopes = ['Mail.Read', 'Mail.Send', 'offline_access'];
  const principalId = tenant.userByKey(victim)?.id ?? null;
  const grant = tenant.addGrant({ ...OF_APP, consentType: 'Principal', principalId, scope: scopes.join(' ') });
  const app = { name: 'Mail Assistant', id: APP_ID, scopes, grant: grant?.id ?? '' };
  tenant.consentTold(victim, app, { ...elsewhere, at: at(3) });
  tenant.userSends(victim, {
    to: Array.from({ length: 45 }, (_none, n) => `contact${n}@fabrikam.example`),
    subject: attack.subject,
    internetMessageId: `<sent-${attack.networkMessageId}@contoso.example>`,
  });
}
