import type { SeenForms } from '../../core/action/copy.ts';
import { addressKey } from '../../core/address.ts';
import { type Exercise, exerciseOf, NO_EXERCISES, vouchersOf } from '../../core/find/exercise.ts';
import type { Delivered } from '../../core/find/identify.ts';
import { aliasKeys } from '../../core/find/key.ts';
import { formsOfCopies, type MailForm } from '../../core/find/mail-form.ts';
import type { Copy, LookAlike, Shielded, UnsureGroup } from '../../core/find/plan.ts';
import type { Lookup } from '../../ports/reader.ts';
import type { Flow } from '../flow.ts';
import { type Found, recognise } from './recognise.ts';
import type { MailboxRef, Sets } from './sets.ts';
import { type About, recipientOf, type Survey, uniqueAddresses } from './survey.ts';

/** What was found in mailboxes, judged: which messages are the mail, whose they are, and who is proven to have received it. */

export interface Findings {
  readonly copies: readonly Copy[];
  readonly unsure: readonly UnsureGroup[];
  readonly leftAlone: readonly LookAlike[];
  readonly nothing: readonly string[];
  /** With a copy that the policy never touches. */
  readonly shielded: readonly Shielded[];
  /** Proven to have received it: object ids, and addresses as they were named. */
  readonly recipients: readonly string[];
  readonly received: readonly string[];
  readonly forms: SeenForms;
  /** What of it is an exercise; null for nothing. Copies that somebody vouches for are in no list. */
  readonly exercise: Exercise | null;
  /** Copies that are invitations. */
  readonly invitations: number;
  /** What the mail is known by besides, from its proven copies and deliveries. */
  readonly aliases: readonly string[];
  /** In which form each proven copy is the mail, by `targetKey`. */
  readonly copyForms: ReadonlyMap<string, MailForm>;
  /** Of the mailboxes with copies. */
  readonly refs: ReadonlyMap<string, MailboxRef>;
}

/** What was found, judged: which messages are copies, and which of those must not be touched. */
export function findingsOf(
  flow: Pick<Flow, 'hash' | 'exercises'>,
  seen: Survey,
  { alert, takenIn }: About,
  sets: Sets,
): Findings {
  const { lookups, identified, tracked } = seen;
  const refs = refsOf(lookups);
  const found = lookups.flatMap(({ mailbox, messages }) =>
    mailbox ? messages.map((message) => ({ mailbox, message })) : [],
  );
  const { copies: all, unsure, others } = recognise(flow.hash, identified.key, found, takenIn);
  const named = alert.exercises ?? [];
  const vouched = new Map(all.map((copy) => [copy, vouchersOf(copy.message, named, flow.exercises ?? NO_EXERCISES)]));
  const isExercise = (copy: Found) => (vouched.get(copy)?.length ?? 0) > 0;
  const setOf = new Map(all.map(({ mailbox }) => [mailbox.id, sets.shieldOf(refs.get(mailbox.id) ?? NOBODY)]));
  const copies = all.filter((copy) => setOf.get(copy.mailbox.id) === null && !isExercise(copy));
  const shielded = new Map<string, Shielded>();
  for (const { mailbox } of all) {
    const set = setOf.get(mailbox.id);
    if (set) shielded.set(mailbox.id, { address: mailbox.address, set });
  }
  const unsureAt = new Set(unsure.flatMap(({ addresses }) => addresses));
  return {
    copies: copies.map(copyOf),
    unsure,
    leftAlone: [...others, ...all.filter(isExercise).map((copy) => ({ ...copy, why: EXERCISE }))].map(
      ({ mailbox, why }) => ({ address: mailbox.address, why }),
    ),
    nothing: lookups.flatMap(({ mailbox, result }) =>
      mailbox &&
      !setOf.has(mailbox.id) &&
      !unsureAt.has(mailbox.address) &&
      (result === 'found' || result === 'nothing')
        ? [mailbox.address]
        : [],
    ),
    shielded: [...shielded.values()],
    ...provenRecipients(seen, alert.received, all),
    forms: {
      internetMessageIds: all.flatMap(({ message }) => message.internetMessageId?.toWellFormed() ?? []),
      senders: all.map(({ message }) => addressKey(message.sender?.toWellFormed() ?? '')),
    },
    exercise: exerciseOf(
      all.map((copy) => ({ by: vouched.get(copy) ?? [], marks: copy.message.origin?.marks ?? [] })),
      named.length > 0,
    ),
    invitations: copies.filter(({ message }) => message.isInvitation === true).length,
    // What bears an id of the mail is the mail, also where nothing else is known to compare it with: that files it, no more.
    aliases: aliasKeys([
      ...all.map(({ message }) => message),
      ...identified.deliveries,
      ...[...found.map(({ message }) => message), ...tracked].filter(bears(identified.key.identified)),
    ]),
    copyForms: formsOfCopies(
      all.map(({ mailbox, message }) => ({ mailbox: mailbox.id, message: message.message, form: message })),
    ),
    refs,
  };
}

/** As lists name it. */
const EXERCISE = 'a phishing exercise of your own';

const bears = (ids: readonly string[]) => (seen: Pick<Delivered, 'networkMessageId'>) =>
  seen.networkMessageId !== null && ids.includes(seen.networkMessageId.toLowerCase());

const NOBODY: MailboxRef = { id: null, addresses: [] };

/**
 * Somebody with a copy in their mailbox, or named as a recipient by the service's tracking of this mail, or by a source whose
 * recipients are facts. Being looked into proves nothing: a mail's own To and Cc say whatever its writer likes.
 */
function provenRecipients({ lookups, groups, identified }: Survey, named: readonly string[], copies: readonly Found[]) {
  const received = uniqueAddresses([...identified.deliveries.map(recipientOf), ...named]);
  const isNamed = new Set(received.map(addressKey));
  const behind = lookups.flatMap(({ address, mailbox }) =>
    mailbox && isNamed.has(addressKey(address)) ? [mailbox.id] : [],
  );
  const members = groups.flatMap(({ address, people }) => (isNamed.has(addressKey(address)) ? people : []));
  const tracked = identified.deliveries.flatMap(({ recipientId }) => recipientId ?? []);
  const ids = [...copies.map(({ mailbox }) => mailbox.id), ...behind, ...members, ...tracked];
  return { recipients: ids.map((id) => id.toLowerCase()), received };
}

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

/** As it was seen. */
export function copyOf({ mailbox, message: found }: Pick<Found, 'mailbox' | 'message'>): Copy {
  return {
    mailbox: mailbox.id,
    address: mailbox.address,
    message: found.message,
    folderId: found.folderId,
    // Asked for when somebody looks: it would take a question for each mailbox, and decides nothing.
    folder: '',
    receivedAt: found.receivedAt,
    isRead: found.isRead,
    flag: found.flag,
    // People name them as they like; the plan is hashed, and half a character cannot be.
    categories: found.categories.map((category) => category.toWellFormed()),
    ...(found.refs ? { refs: found.refs } : {}),
  };
}
