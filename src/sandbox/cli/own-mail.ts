import { alertFromEml } from '../../adapters/eml/alert.ts';
import type { Alert } from '../../core/find/alert.ts';
import type { Attack } from '../attacks.ts';

/** What of the sandbox's own attacks a mail from outside takes over: where it lands, and ids it has none of. */
export interface OwnMail {
  readonly attack: Attack;
  readonly alert: Alert;
}

/**
 * A mail as it lies on disk -> an attack on the same mailboxes as `like`, and the alert that tells of it. Throws
 * ClawbackError 'invalid' for what is no mail.
 */
export async function attackFromEml(bytes: Buffer, like: Attack, verdict = 'phishing'): Promise<OwnMail> {
  const alert = await alertFromEml(bytes, { verdict, to: like.recipients.slice(0, 2), now: new Date().toISOString() });
  const { message } = alert;
  const attack: Attack = {
    ...like,
    title: 'the mail of your file',
    internetMessageId: message.internetMessageId ?? like.internetMessageId,
    networkMessageId: message.networkMessageId ?? like.networkMessageId,
    sender: message.sender ?? 'unreadable@sender.example',
    senderName: message.senderName ?? '',
    subject: message.subject ?? '',
    urls: message.urls,
    attachments: message.attachments,
    confidence: alert.confidence,
    findings: alert.findings,
  };
  return { attack, alert };
}
