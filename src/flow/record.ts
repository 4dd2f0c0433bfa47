import type { Actor, Entry, EntryType } from '../core/ledger.ts';
import type { Approver } from '../core/policy.ts';
import type { ChatUser } from '../ports/desk.ts';
import type { Tx } from '../ports/store.ts';
import type { Flow } from './flow.ts';

/** The one door to the ledger: every stage writes through here, in the transaction of what it records. */

const CLAWBACK: Actor = { kind: 'service', id: 'clawback', name: 'Clawback' };

export type Note = { readonly type: EntryType } & Partial<Omit<Entry, 'tenant' | 'at' | 'type'>>;

export async function record(flow: Flow, tx: Tx, notes: readonly Note[]): Promise<void> {
  const at = flow.clock.now();
  await tx.ledger.append(
    notes.map((note) => ({
      incident: null,
      actor: CLAWBACK,
      platform: null,
      planDigest: null,
      mailbox: null,
      message: null,
      requestId: null,
      outcome: null,
      detail: {},
      ...note,
      tenant: flow.tenant.id,
      at,
    })),
  );
}

/** A chat user as an actor: a known person by Entra id, anybody else as a stranger by platform id. */
export function actorOf(by: ChatUser, approver: Approver | null): Actor {
  return approver
    ? { kind: 'person', id: approver.entraId, name: approver.name }
    : {
        kind: 'stranger',
        id: `${by.platform}:${by.id.slice(0, 200).toWellFormed() || 'no id'}`,
        name: by.name.slice(0, 200).toWellFormed(),
      };
}

/** The incident changed: raise its revision and let every room hear of it, all in this transaction. */
export async function announce(
  flow: Flow,
  tx: Tx,
  incident: string,
  change: Parameters<Tx['incidents']['save']>[1] = {},
): Promise<void> {
  await tx.incidents.save(incident, change, flow.clock.now());
  await askForCards(flow, tx, incident);
}

export async function askForCards(flow: Flow, tx: Tx, incident: string): Promise<void> {
  for (const room of flow.rooms) await tx.jobs.send({ queue: 'deliver', incident, platform: room.platform });
}
