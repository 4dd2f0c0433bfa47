import { randomUUID } from 'node:crypto';
import type { Sandbox } from './sandbox.ts';

/** Who tells Clawback of it: the sandbox's own detector, or what stands in for a vendor, in that vendor's own way. */
export type Reporter = 'detector' | 'defender' | 'user' | 'sublime';

/** A mail that lands in mailboxes, and mails that only look like it. */
export interface Attack {
  /** Left out: the sandbox's own detector. */
  readonly by?: Reporter;
  readonly title: string;
  readonly verdict: 'phishing' | 'bec' | 'malware';
  readonly severity: 'medium' | 'high' | 'critical';
  /** How sure the detector is, in percent; null where it does not say. */
  readonly confidence: number | null;
  /** Why it thinks so. */
  readonly findings: readonly string[];
  readonly internetMessageId: string;
  readonly networkMessageId: string;
  readonly sender: string;
  readonly senderName: string;
  readonly subject: string;
  readonly urls: readonly string[];
  readonly attachments: readonly string[];
  readonly recipients: readonly string[];
  readonly receivedAt: string;
}

/** Message ids (immutable) of the copies and of the decoys, per mailbox owner's object id. */
export interface Landed {
  readonly attack: Attack;
  readonly copies: readonly Placed[];
  readonly decoys: readonly Placed[];
}

interface Placed {
  readonly userId: string;
  readonly messageId: string;
}

export function phishingWave(sandbox: Sandbox, mailboxes: number): Attack {
  return newAttack({
    title: 'a phishing wave',
    verdict: 'phishing',
    severity: 'high',
    confidence: 97,
    findings: [
      'The sender’s domain is two days old and is spelled like fabrikam.example.',
      'The link leads to a page that asks for a Microsoft 365 password.',
      'SPF and DMARC failed for the address in From.',
    ],
    sender: 'billing@fabrikam-invoices.example',
    senderName: 'Fabrikam Billing <billing@fabrikam.example>',
    subject: 'Overdue invoice 48213: service ends today',
    urls: ['https://pay.fabrikam-invoices.example/login?case=48213'],
    attachments: ['Invoice_48213.html'],
    recipients: [EMMA, ...sandbox.employees].slice(0, mailboxes),
  });
}

/** A reply in a stolen thread to three people: few copies, high damage. */
export function becReply(sandbox: Sandbox): Attack {
  return newAttack({
    title: 'a reply-chain fraud',
    verdict: 'bec',
    severity: 'critical',
    confidence: 74,
    findings: [
      'A reply in a known thread, from an address that was never part of it.',
      'It names new bank details, and asks for silence.',
    ],
    sender: 'accounts@northwind-traders.example',
    senderName: 'Northwind Accounts',
    subject: 'RE: RE: Contract 7718 – new bank details',
    urls: [],
    attachments: [],
    recipients: sandbox.employees.slice(-3),
  });
}

/** Markup, mentions, templates and direction tricks in every text. */
export function hostileMail(sandbox: Sandbox): Attack {
  return newAttack({
    title: 'a mail full of markup and tricks',
    verdict: 'malware',
    severity: 'high',
    confidence: 88,
    findings: [
      'The attachment’s name hides its ending: report\u202Efdp.exe',
      '<b>Safe</b> says the mail itself: [Approve](https://evil.example) <!channel>',
    ],
    sender: 'ceo@xn--contso-zqf.example',
    senderName: '\u202Eelpmaxe.osotnoc@oec <!channel> **CEO** {{DATE(2026-01-01T00:00:00Z)}}',
    subject:
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the attacker hopes that somebody expands it
      '<!channel> [Approve](https://evil.example) ${json(\'{"type":"Image"}\')} *URGENT*\nApproved by: everyone \u200B\u2067',
    urls: ['https://contoso.example@evil.example/\\@x', 'javascript:alert(1)'],
    attachments: ['report\u202Efdp.exe'],
    recipients: sandbox.employees.slice(0, 12),
  });
}

/** Found by Defender after it was delivered, and left for people to decide. */
export function foundByDefender(sandbox: Sandbox): Attack {
  return newAttack({
    by: 'defender',
    title: 'what Defender found after delivery',
    verdict: 'phishing',
    severity: 'high',
    confidence: null,
    findings: ['Email messages containing malicious URL removed after delivery', 'Threat: Phish'],
    sender: 'service@contoso-helpdesk.example',
    senderName: 'IT Service Desk',
    subject: 'Your password ends today',
    urls: ['https://login.contoso-helpdesk.example/renew'],
    attachments: [],
    recipients: sandbox.employees.slice(20, 60),
  });
}

/** A newsletter that nobody wanted: most of what people report is harmless. */
export function reportedByUser(sandbox: Sandbox): Attack {
  return newAttack({
    by: 'user',
    title: 'what Emma reported with the button of Outlook',
    verdict: 'phishing',
    severity: 'medium',
    confidence: null,
    findings: ['Reported as: phishing'],
    sender: 'news@adventure-works.example',
    senderName: 'Adventure Works',
    subject: 'Winter is near: all tents for half the price',
    urls: ['https://www.adventure-works.example/tents'],
    attachments: [],
    recipients: [EMMA, ...sandbox.employees.slice(60, 65)],
  });
}

export const EMMA = 'emma@contoso.example';

/** A message that a rule of Sublime has flagged. */
export function flaggedBySublime(sandbox: Sandbox): Attack {
  return newAttack({
    by: 'sublime',
    title: 'what a rule of Sublime flagged',
    verdict: 'bec',
    severity: 'high',
    confidence: 92,
    findings: ['Business email compromise: payroll change', 'Sender: newly registered domain'],
    sender: 'lena.lead@contoso-people.example',
    senderName: 'Lena Lead',
    subject: 'New account for my salary',
    urls: [],
    attachments: ['bank-details.pdf'],
    recipients: sandbox.employees.slice(65, 71),
  });
}

function newAttack(parts: Omit<Attack, 'internetMessageId' | 'networkMessageId' | 'receivedAt'>): Attack {
  const id = randomUUID();
  return {
    ...parts,
    internetMessageId: `<${id}+wave&x=1@mailer.${parts.sender.split('@')[1] ?? 'example'}>`,
    networkMessageId: randomUUID(),
    receivedAt: new Date(Date.now() - 4 * 60_000).toISOString(),
  };
}

/** Some have read it, some keep it in a folder of their own, somebody has flagged it: what an undo must bring back. */
export function land(sandbox: Sandbox, attack: Attack): Landed {
  const { tenant } = sandbox;
  const copies: Placed[] = [];
  attack.recipients.forEach((address, index) => {
    const folder = index % 11 === 7 ? 'archive' : index % 13 === 5 ? 'junkemail' : 'inbox';
    const { copies: placed } = tenant.deliver({
      ...mailOf(attack),
      to: [address],
      networkMessageId: attack.networkMessageId,
      folder,
      read: index % 4 === 1,
      ...(index % 9 === 3 ? { flag: 'flagged' as const, categories: ['Project Orange'] } : {}),
    });
    copies.push(...placed);
  });
  return { attack, copies, decoys: placeDecoys(sandbox, attack) };
}

/** Good mails beside the bad ones: the same subject, the same sender, and the same Message-ID from somebody else. */
function placeDecoys({ tenant, employees }: Sandbox, attack: Attack): Placed[] {
  const readers = attack.recipients.slice(0, 10);
  const others = employees.slice(-5);
  const deliver = (to: readonly string[], change: object) =>
    to.flatMap((address) => tenant.deliver({ ...mailOf(attack), to: [address], ...change }).copies);
  return [
    ...deliver(readers, { internetMessageId: `<${randomUUID()}@contoso.example>`, sender: 'finance@contoso.example' }),
    ...deliver(readers, {
      internetMessageId: `<${randomUUID()}@mailer.example>`,
      subject: 'Thank you for your payment',
    }),
    ...deliver([...readers.slice(0, 5), ...others], {
      sender: 'ceo@contoso.example',
      senderName: 'The CEO',
      subject: 'All-hands on Friday',
    }),
    ...deliver(readers.slice(0, 3), {
      internetMessageId: `<${randomUUID()}@contoso.example>`,
      sender: 'colleague@contoso.example',
      subject: `FW: ${attack.subject.split('\n')[0] ?? ''}`,
      body: `Is this real? In-Reply-To: ${attack.internetMessageId}`,
      bodyType: 'text',
    }),
  ];
}

function mailOf({ internetMessageId, sender, senderName, subject, receivedAt, urls }: Attack) {
  const links = urls.map((url) => `<p><a href="${url}">Open it here</a></p>`).join('');
  const body = `<html><head><style>p { color: #333 }</style></head><body><p>Dear customer,</p><p>please read this today, or it will cost you.</p>${links}</body></html>`;
  return { internetMessageId, sender, senderName, subject, receivedAt, body, bodyType: 'html' as const };
}
