import type { Actor, Entry, Heading } from '../../core/record/ledger.ts';
import type { DetailOf, EntryType } from '../../core/record/payloads.ts';
import { storable, wellFormed } from '../../core/text.ts';
import type { ChatUser } from '../../ports/desk.ts';
import type { IncidentChange, Tx } from '../../ports/store.ts';
import type { Bookkeeping } from '../flow.ts';

/** The one door to the ledger: every stage writes through here, in the transaction of what it records. */

const CLAWBACK: Actor = { kind: 'service', id: 'clawback', name: 'Clawback' };

/** What is written down: a type with what it holds, which is left out where that is nothing, and what else there is to say. */
export type Note<T extends EntryType = EntryType> = {
  [K in T]: Partial<Omit<Heading, 'tenant' | 'at'>> & { readonly type: K } & (DetailOf<K> extends Empty
      ? { readonly detail?: DetailOf<K> }
      : { readonly detail: DetailOf<K> });
}[T];

type Empty = Readonly<Record<string, never>>;

export async function record(flow: Bookkeeping, tx: Tx, notes: readonly Note[]): Promise<void> {
  const at = flow.clock.now();
  await tx.ledger.append(
    notes.map(
      (note): Entry => ({
        incident: null,
        actor: CLAWBACK,
        platform: null,
        planDigest: null,
        mailbox: null,
        message: null,
        requestId: null,
        outcome: null,
        detail: {},
        // Half a character cannot be hashed: an entry that holds one would keep what it tells of from being done at all.
        ...wellFormed(note),
        tenant: flow.tenant.id,
        at,
      }),
    ),
  );
}

interface Known {
  readonly person: string;
  readonly name: string;
}
/** As much of how somebody stands as the record tells. */
type Person = ({ readonly is: 'known' } & Known) | { readonly is: 'refused'; readonly person: string | null };

export function personOf({ person, name }: Known): Actor {
  return { kind: 'person', id: person, name: name.slice(0, 200).toWellFormed() };
}

/** A chat user as an actor: a known person by Entra id, anybody else as a stranger by platform id. */
export function actorOf(by: ChatUser, who: Person | null): Actor {
  const name = storable(by.name.slice(0, 200));
  if (who?.is === 'known') return personOf(who);
  if (who?.person) return { kind: 'person', id: who.person, name };
  return { kind: 'stranger', id: `${by.platform}:${by.id.slice(0, 200).toWellFormed() || 'no id'}`, name };
}

/** The incident changed: raise its revision and let every room hear of it, all in this transaction. */
export async function announce(
  flow: Bookkeeping,
  tx: Tx,
  incident: string,
  change: Partial<IncidentChange> = {},
): Promise<void> {
  await tx.incidents.save(incident, change, flow.clock.now());
  await askForCards(flow, tx, incident);
}

export async function askForCards(flow: Bookkeeping, tx: Tx, incident: string): Promise<void> {
  await tx.cards.touch(incident);
  await askRooms(flow, tx);
}

export async function askRooms({ rooms }: Pick<Bookkeeping, 'rooms'>, tx: Tx): Promise<void> {
  // One wish a room, however many incidents have news: the room says itself which of them it hears first.
  for (const { platform } of rooms) await tx.jobs.send({ queue: 'deliver', incident: '', platform });
}
