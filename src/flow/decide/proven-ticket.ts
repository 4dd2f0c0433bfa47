import type { DetailOf } from '../../core/record/payloads.ts';
import { wellFormed } from '../../core/text.ts';
import type { Ticket } from '../../ports/accounts.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding, Hash } from '../flow.ts';
import { type Note, record } from '../record/record.ts';

/**
 * A row of a ticket alone votes for nobody and links nobody: that it was issued, and who signed in with it, has to be in
 * the record, for exactly what the row says.
 */

type Digests = Pick<Hash, 'digest'>;

/** What does not change from the press in the chat on. */
function issuedDigest(hash: Digests, ticket: Ticket): string {
  const { id, kind, platform, account, home, accountName, person, vote, list, expiresAt } = ticket;
  return hash.digest(wellFormed({ id, kind, platform, account, home, accountName, person, vote, list, expiresAt }));
}

/** Everything, as it is from the sign-in until it is used. */
function signedInDigest(hash: Digests, { state: _state, ...ticket }: Ticket): string {
  return hash.digest(wellFormed(ticket));
}

/** As it is stored: that is what it will be held against. */
async function storedTicket(tx: Tx, id: string): Promise<Ticket> {
  const ticket = await tx.tickets.lock(id);
  if (!ticket) throw new Error('the ticket is not there');
  return ticket;
}

/** `what`: of the entry, beside the ticket itself. */
export async function recordIssued(
  flow: Deciding,
  tx: Tx,
  id: string,
  {
    detail: what,
    ...note
  }: Omit<Note<'ticket.issued'>, 'type' | 'detail'> & {
    readonly detail: Omit<DetailOf<'ticket.issued'>, 'ticket' | 'digest'>;
  },
): Promise<void> {
  const digest = issuedDigest(flow.hash, await storedTicket(tx, id));
  await record(flow, tx, [{ ...note, type: 'ticket.issued', detail: { ...what, ticket: id, digest } }]);
}

export async function recordSignedIn(flow: Deciding, tx: Tx, id: string): Promise<void> {
  const ticket = await storedTicket(tx, id);
  const { signedIn: who, vote, list, kind, platform, account } = ticket;
  if (!who) throw new Error('nobody is signed in with this ticket');
  await record(flow, tx, [
    {
      type: 'ticket.signed-in',
      incident: vote?.incident ?? list?.incident ?? null,
      actor: { kind: 'person', id: who.person, name: who.name.slice(0, 200).toWellFormed() },
      platform: 'web',
      planDigest: vote?.digest ?? list?.digest ?? null,
      detail: {
        kind,
        ticket: id,
        account: `${platform}:${account}`,
        person: who.person,
        context: who.proof?.context ?? null,
        signedInAt: who.proof?.at ?? null,
        digest: signedInDigest(flow.hash, ticket),
      },
    },
  ]);
}

export async function isProven(flow: Deciding, tx: Tx, ticket: Ticket): Promise<boolean> {
  const found = await tx.ledger.find({
    incident: ticket.vote?.incident ?? ticket.list?.incident ?? null,
    types: ['ticket.issued', 'ticket.signed-in'],
    detail: ['ticket', ticket.id],
  });
  const says = (type: 'ticket.issued' | 'ticket.signed-in', digest: string) =>
    found.some(({ entry }) => entry?.type === type && entry.detail.digest === digest);
  return (
    says('ticket.issued', issuedDigest(flow.hash, ticket)) &&
    says('ticket.signed-in', signedInDigest(flow.hash, ticket))
  );
}
