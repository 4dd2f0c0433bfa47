import { type Selectable, sql, type Transaction } from 'kysely';
import type { Link, Links, Ticket, Tickets } from '../../ports/accounts.ts';
import { ticketListDocument } from './documents/ticket-list.ts';
import { ticketSignInDocument } from './documents/ticket-sign-in.ts';
import { ticketVoteDocument } from './documents/ticket-vote.ts';
import type { Tables } from './schema.ts';

/** Who is behind a chat account, and the pages that people are sent to. */

export function linksOf(trx: Transaction<Tables>, tenant: string): Links {
  const links = () => trx.selectFrom('link').selectAll().where('tenant', '=', tenant);
  return {
    async of(platform, account) {
      const row = await links().where('platform', '=', platform).where('account', '=', account).executeTakeFirst();
      return row ? toLink(row) : null;
    },

    async account(platform, person) {
      const row = await links().where('platform', '=', platform).where('person', '=', person).executeTakeFirst();
      return row?.account ?? null;
    },

    async add(link) {
      const added = await trx
        .insertInto('link')
        .values({ tenant, ...link })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return Number(added.numInsertedOrUpdatedRows) > 0;
    },

    async list() {
      return (await links().orderBy('at').orderBy('account').execute()).map(toLink);
    },

    async remove(platform, account) {
      const removed = await trx
        .deleteFrom('link')
        .where('tenant', '=', tenant)
        .where('platform', '=', platform)
        .where('account', '=', account)
        .executeTakeFirst();
      return Number(removed.numDeletedRows) > 0;
    },
  };
}

function toLink({ platform, account, person, at }: Selectable<Tables['link']>): Link {
  return { platform: platform as Link['platform'], account, person, how: 'sign-in', at };
}

export function ticketsOf(trx: Transaction<Tables>, tenant: string): Tickets {
  const tickets = () => trx.selectFrom('ticket').selectAll().where('tenant', '=', tenant);
  return {
    async add(ticket) {
      await trx
        .insertInto('ticket')
        .values({
          tenant,
          id: ticket.id,
          kind: ticket.kind,
          platform: ticket.platform,
          account: ticket.account,
          home: ticket.home,
          account_name: ticket.accountName,
          person: ticket.person,
          vote: ticket.vote && ticketVoteDocument.write(ticket.vote),
          list: ticket.list ? ticketListDocument.write(ticket.list) : null,
          expires_at: ticket.expiresAt,
          state: ticket.state,
          browser: ticket.browser,
          nonce: ticket.nonce,
          verifier: ticket.verifier,
          signed_in: ticket.signedIn && ticketSignInDocument.write(ticket.signedIn),
          code: ticket.code,
        })
        .execute();
    },

    async issued(kind, person, endingAfter) {
      await sql`select pg_advisory_xact_lock(hashtext(${`ticket ${kind} ${tenant} ${person}`}))`.execute(trx);
      const { rows } = await sql<{ issued: number }>`
        select count(*)::int as issued from ticket
         where tenant = ${tenant} and kind = ${kind} and person = ${person} and expires_at > ${endingAfter}`.execute(
        trx,
      );
      return rows[0]?.issued ?? 0;
    },

    async lock(id) {
      const row = await tickets().where('id', '=', id).forUpdate().executeTakeFirst();
      return row ? toTicket(row) : null;
    },

    async byCode(platform, account, code) {
      const row = await tickets()
        .where('platform', '=', platform)
        .where('account', '=', account)
        .where('code', '=', code)
        .where('kind', '=', 'link')
        .where('state', '=', 'signed-in')
        .forUpdate()
        .executeTakeFirst();
      return row ? toTicket(row) : null;
    },

    async save(id, { signedIn, ...plain }) {
      const person = signedIn === undefined ? {} : { signed_in: signedIn && ticketSignInDocument.write(signedIn) };
      await trx
        .updateTable('ticket')
        .set({ ...plain, ...person })
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .execute();
    },

    async forget(before) {
      await trx.deleteFrom('ticket').where('tenant', '=', tenant).where('expires_at', '<', before).execute();
    },
  };
}

/** Throws ClawbackError where it cannot be read: the page says that it is not valid, and another one can be asked for. */
function toTicket(row: Selectable<Tables['ticket']>): Ticket {
  const place = { tenant: row.tenant, id: `ticket ${row.id.slice(0, 8)}` };
  return {
    id: row.id,
    kind: row.kind as Ticket['kind'],
    platform: row.platform as Ticket['platform'],
    account: row.account,
    home: row.home,
    accountName: row.account_name,
    person: row.person,
    vote: row.vote === null ? null : ticketVoteDocument.read(row.vote, place),
    ...(row.list === null ? {} : { list: ticketListDocument.read(row.list, place) }),
    expiresAt: row.expires_at,
    state: row.state as Ticket['state'],
    browser: row.browser,
    nonce: row.nonce,
    verifier: row.verifier,
    signedIn: row.signed_in === null ? null : ticketSignInDocument.read(row.signed_in, place),
    code: row.code,
  };
}
