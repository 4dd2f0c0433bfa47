import { type Alert, messageKey } from '../core/alert.ts';
import { match } from '../core/match.ts';
import type { Copy, LookAlike, Plan, Shielded } from '../core/plan.ts';
import type { Lookup } from '../ports/mail.ts';
import type { Flow } from './flow.ts';
import type { Note } from './record.ts';
import type { MailboxRef, Sets } from './sets.ts';

/** Which mailboxes did it reach? Graph is asked, outside any transaction. */

/** This many recipients at most are looked into for one incident. */
const MAX_MAILBOXES = 20_000;

export interface Survey {
  readonly lookups: readonly Lookup[];
  readonly foundBy: Plan['foundBy'];
  readonly huntRequest: string | null;
}

/** Throws when the tenant cannot be asked now. `also`: further addresses that are known to have been reached. */
export async function survey(flow: Flow, alert: Alert, also: readonly string[] = []): Promise<Survey> {
  const key = messageKey(alert);
  const hunted = await flow.mail.hunt(key);
  const addresses = uniqueAddresses([
    ...(hunted?.deliveries.map(({ recipient }) => recipient) ?? []),
    ...alert.recipients,
    ...also,
  ]);
  const internetMessageIds = key.internetMessageId === null ? [] : [key.internetMessageId];
  const lookups = await flow.mail.locate(addresses.slice(0, MAX_MAILBOXES), { internetMessageIds });
  const named = alert.recipients.length > 0;
  return {
    lookups,
    foundBy: !hunted ? 'recipients' : named ? 'hunting and recipients' : 'hunting',
    huntRequest: hunted?.requestId ?? null,
  };
}

function uniqueAddresses(addresses: readonly string[]): string[] {
  return [...new Map(addresses.map((address) => [address.toLowerCase(), address])).values()];
}

export interface Findings {
  readonly copies: readonly Copy[];
  readonly leftAlone: readonly LookAlike[];
  readonly nothing: readonly string[];
  /** With a copy that the policy never touches. */
  readonly shielded: readonly Shielded[];
  /** Of the mailboxes with copies. */
  readonly refs: ReadonlyMap<string, MailboxRef>;
}

/** What was found, judged: which messages are copies, and which of those must not be touched. */
export function findingsOf({ lookups }: Survey, alert: Alert, sets: Sets): Findings {
  const key = messageKey(alert);
  const refs = refsOf(lookups);
  const found = lookups.flatMap(({ mailbox, messages }) =>
    mailbox ? messages.map((message) => ({ mailbox, message, verdict: match(key, message) })) : [],
  );
  const withCopy = found.filter(({ verdict }) => verdict.is === 'copy');
  const setOf = new Map(withCopy.map(({ mailbox }) => [mailbox.id, sets.shieldOf(refs.get(mailbox.id) ?? NOBODY)]));
  const copies = withCopy.filter(({ mailbox }) => setOf.get(mailbox.id) === null);
  const shielded = new Map<string, Shielded>();
  for (const { mailbox } of withCopy) {
    const set = setOf.get(mailbox.id);
    if (set) shielded.set(mailbox.id, { address: mailbox.address, set });
  }
  return {
    copies: copies.map(({ mailbox, message }) => copyOf(mailbox, message)),
    leftAlone: found.flatMap(({ mailbox, verdict }) =>
      verdict.is === 'copy' ? [] : [{ address: mailbox.address, why: verdict.why }],
    ),
    nothing: lookups.flatMap(({ mailbox, result }) =>
      mailbox && !setOf.has(mailbox.id) && (result === 'found' || result === 'nothing') ? [mailbox.address] : [],
    ),
    shielded: [...shielded.values()],
    refs,
  };
}

const NOBODY: MailboxRef = { id: null, addresses: [] };

/** Every address under which each mailbox was asked for, with its own. */
function refsOf(lookups: readonly Lookup[]): ReadonlyMap<string, MailboxRef> {
  const refs = new Map<string, MailboxRef>();
  for (const { mailbox, address } of lookups) {
    if (!mailbox) continue;
    const known = refs.get(mailbox.id)?.addresses ?? [mailbox.address];
    refs.set(mailbox.id, { id: mailbox.id, addresses: [...known, address] });
  }
  return refs;
}

function copyOf(mailbox: NonNullable<Lookup['mailbox']>, found: Lookup['messages'][number]): Copy {
  return {
    mailbox: mailbox.id,
    address: mailbox.address,
    message: found.message,
    folderId: found.folderId,
    // People name folders and categories as they like; the plan is hashed, and half a character cannot be.
    folder: found.folder.toWellFormed(),
    receivedAt: found.receivedAt,
    isRead: found.isRead,
    flag: found.flag,
    categories: found.categories.map((category) => category.toWellFormed()),
  };
}

export function lookNote(incident: string, lookup: Lookup): Note {
  return {
    type: 'mailbox.read',
    incident,
    platform: 'graph',
    mailbox: lookup.mailbox?.id ?? lookup.address,
    requestId: lookup.requestId,
    outcome: lookup.result,
    detail: { address: lookup.address, messages: lookup.messages.length, note: lookup.detail },
  };
}
