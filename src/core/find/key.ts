import { addressKey } from '../address.ts';
import type { TakenAlert } from './alert.ts';

/** By what a mail is looked for and recognised. `null` where nothing usable is known: a value is never guessed. */
export interface MessageKey {
  readonly internetMessageId: string | null;
  /** As the alert names it, lower case. Who named it decides whether it identifies: see `identified`. */
  readonly networkMessageId: string | null;
  /** In the form that addresses are compared in. */
  readonly sender: string | null;
  readonly subject: string | null;
  /** When Exchange received it, where a source that knows says so; never the mail's own date. ISO time. */
  readonly receivedAt: string | null;
  /** Network message ids that are this mail: from a source whose ids are facts, or from the service itself. */
  readonly identified: readonly string[];
}

export function messageKey(alert: TakenAlert): MessageKey {
  const { internetMessageId, networkMessageId, sender, subject, receivedAt } = alert.message;
  const networkId = networkMessageId?.toLowerCase() ?? null;
  return {
    internetMessageId,
    networkMessageId: networkId,
    sender: sender === null ? null : addressKey(sender),
    // Goes into the plan, which is hashed: half a character cannot be.
    subject: subject?.toWellFormed() ?? null,
    receivedAt: alert.from.claims.ids ? receivedAt : null,
    identified: alert.networkIds,
  };
}

/** Exchange keeps 255 characters of a subject; white space is folded on the way. */
const KEPT_OF_SUBJECT = 255;

/** One form of a subject for comparison; null where there is none, which never agrees with anything. */
export function subjectKey(subject: string | null): string | null {
  const folded = (subject ?? '').normalize('NFC').replace(/\s+/g, ' ').trim().slice(0, KEPT_OF_SUBJECT).trimEnd();
  return folded === '' ? null : folded;
}

/**
 * Under which an incident is filed, most telling first. Alerts that share one may speak of the same mail: see repeat.ts. A
 * network id files only where the source's ids are facts: anybody can write one into an uploaded file.
 */
export function filingKeys(alert: TakenAlert): readonly [string, ...string[]] {
  const { internetMessageId, sender, subject } = messageKey(alert);
  const network = alert.networkIds.map((id) => `network ${id}`);
  const pair =
    internetMessageId !== null && sender !== null ? [`from ${JSON.stringify([internetMessageId, sender])}`] : [];
  const line = subjectKey(subject);
  const mail = pair.length > 0 && line !== null ? [`mail ${JSON.stringify([internetMessageId, sender, line])}`] : [];
  // With one header alone two different mails would be one.
  const [first, ...more] = [...network, ...mail, ...pair];
  return first === undefined ? [`alert ${JSON.stringify([alert.from.name, alert.id])}`] : [first, ...more];
}
