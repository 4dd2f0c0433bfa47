import { addressKey } from '../address.ts';
import { Address, InternetMessageId, type TakenAlert } from './alert.ts';

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
  const network = alert.networkIds.map(networkKey);
  // With one header alone two different mails would be one.
  const [first, ...more] = [...network, ...headerKeys(internetMessageId, sender, subject)];
  return first === undefined ? [`alert ${JSON.stringify([alert.from.name, alert.id])}`] : [first, ...more];
}

const NETWORK = 'network ';
export const networkKey = (id: string) => `${NETWORK}${id}`;

/** Of these keys, those that are ids which Exchange itself gave the mail. */
export function networkKeys(keys: readonly string[]): readonly string[] {
  return keys.filter((key) => key.startsWith(NETWORK));
}

function headerKeys(internetMessageId: string | null, sender: string | null, subject: string | null): string[] {
  if (internetMessageId === null || sender === null) return [];
  const line = subjectKey(subject);
  const mail = line === null ? [] : [`mail ${JSON.stringify([internetMessageId, sender, line])}`];
  return [...mail, `from ${JSON.stringify([internetMessageId, sender])}`];
}

/** As mailboxes and tracking have a mail: facts, whoever alerted. */
export interface SeenMail {
  readonly networkMessageId: string | null;
  readonly internetMessageId: string | null;
  readonly sender: string | null;
  readonly subject: string | null;
}

/** More ids than these are no one mail's. */
const MOST_ALIASES = 50;
const NETWORK_ID = /^[0-9a-f-]{36}$/;

/**
 * Under which an incident is filed besides for what was seen of its mail: the ids that Exchange gave it, and its headers as
 * Exchange keeps them. `seen`: proven copies, and deliveries of this mail.
 */
export function aliasKeys(seen: readonly SeenMail[]): readonly string[] {
  // A mail in ten thousand mailboxes is seen in few forms: they are told apart before they are taken apart.
  const forms = [...new Map(seen.map((mail) => [formOf(mail), mail])).values()];
  const ids = forms.flatMap(({ networkMessageId }) => networkMessageId?.toLowerCase() ?? []);
  const network = ids.filter((id) => NETWORK_ID.test(id)).map(networkKey);
  const headers = forms.flatMap(({ internetMessageId, sender, subject }) => {
    const id = InternetMessageId.safeParse(internetMessageId).data ?? null;
    const address = Address.safeParse(sender).data;
    return headerKeys(id, address === undefined ? null : addressKey(address), subject);
  });
  const first = (keys: readonly string[]) => [...new Set(keys)].slice(0, MOST_ALIASES);
  return [...first(network), ...first(headers)];
}

const formOf = ({ networkMessageId, internetMessageId, sender, subject }: SeenMail) =>
  JSON.stringify([networkMessageId, internetMessageId, sender, subject]);

/** Whether mails with the Message-ID and the sender of this alert are known under these keys, and none with its subject. */
export function isOtherSubject(keys: readonly string[], alert: TakenAlert): boolean {
  const { internetMessageId, sender, subject } = messageKey(alert);
  const [mail] = headerKeys(internetMessageId, sender, subject);
  if (mail === undefined || subjectKey(subject) === null) return false;
  const alike = keys.filter((key) =>
    key.startsWith(`mail ${JSON.stringify([internetMessageId, sender]).slice(0, -1)},`),
  );
  return alike.length > 0 && !alike.includes(mail);
}
