import type { Policy } from '../../src/core/ask/policy.ts';
import type { Link, Links, Ticket, Tickets } from '../../src/ports/accounts.ts';
import type { Held } from '../../src/ports/held.ts';
import type { Brake, Brakes, LiftVote, Policies, Replays } from '../../src/ports/store.ts';
import { by, createTable, type Journal, keyOf } from './memory-table.ts';

/** Linked accounts, tickets, policies, kill switch and replay memory, in memory. */

export function createLinks(journal: Journal): Links {
  const links = createTable<Link>(journal);
  const ofPerson = (platform: string, person: string) =>
    links.rows().find((link) => link.platform === platform && link.person === person);
  return {
    async of(platform, account) {
      return links.get(keyOf(platform, account)) ?? null;
    },
    async account(platform, person) {
      return ofPerson(platform, person)?.account ?? null;
    },
    async add(link) {
      return !ofPerson(link.platform, link.person) && links.add(keyOf(link.platform, link.account), link);
    },
    async list() {
      return [...links.rows()].sort(by(({ account }) => account)).sort(by(({ at }) => at));
    },
    async remove(platform, account) {
      return links.remove(keyOf(platform, account));
    },
  };
}

export function createTickets(journal: Journal): Tickets {
  const tickets = createTable<Ticket>(journal);
  return {
    async add(ticket) {
      if (!tickets.add(ticket.id, ticket)) throw new Error(`there is a ticket ${ticket.id} already`);
    },
    async issued(kind, person, endingAfter) {
      const own = (ticket: Ticket) => ticket.kind === kind && ticket.person === person;
      return tickets.rows().filter((ticket) => own(ticket) && ticket.expiresAt > endingAfter).length;
    },
    async lock(id) {
      return tickets.get(id) ?? null;
    },
    async byCode(platform, account, code) {
      const waits = (ticket: Ticket) => ticket.kind === 'link' && ticket.state === 'signed-in' && ticket.code === code;
      const own = (ticket: Ticket) => ticket.platform === platform && ticket.account === account;
      return tickets.rows().find((ticket) => own(ticket) && waits(ticket)) ?? null;
    },
    async save(id, change) {
      const ticket = tickets.get(id);
      if (ticket) tickets.set(id, { ...ticket, ...change });
    },
    async forget(before) {
      for (const { id, expiresAt } of tickets.rows()) if (expiresAt < before) tickets.remove(id);
    },
  };
}

export function createPolicies(journal: Journal): Policies {
  const versions = createTable<Policy>(journal);
  const current = createTable<string>(journal);
  return {
    async get(digest) {
      return versions.get(digest) ?? null;
    },
    async stored(digest) {
      const value = versions.get(digest);
      return value ? { value } : null;
    },
    async digests() {
      return versions.keys().sort();
    },
    async adopt(digest, policy) {
      versions.add(digest, policy);
      const before = current.get('');
      current.set('', digest);
      const body = before === undefined ? undefined : versions.get(before);
      return before === undefined || !body ? null : { digest: before, policy: body };
    },
  };
}

const OFF: Brake = { number: 0, stopped: false, by: null, reason: null, at: null };

export function createBrakes(journal: Journal): Brakes {
  const brake = createTable<Brake>(journal);
  const votes = createTable<LiftVote & { readonly number: number }>(journal);
  const read = () => brake.get('') ?? OFF;
  return {
    async read() {
      return read();
    },
    async lock() {
      return read() as Held<Brake>;
    },
    async stop(_held, who, reason, at) {
      const { number, stopped } = read();
      if (!stopped) brake.set('', { number: number + 1, stopped: true, by: who, reason, at });
    },
    async lift() {
      brake.set('', { ...OFF, number: read().number });
    },
    async addLiftVote(number, vote) {
      return votes.add(keyOf(number, vote.person), { ...vote, number });
    },
    async withdrawLiftVote(number, person) {
      votes.remove(keyOf(number, person));
    },
    async liftVotes(number) {
      const cast = votes.rows().filter((vote) => vote.number === number);
      return cast.map(({ number: _stop, ...vote }) => vote);
    },
  };
}

export function createReplays(journal: Journal): Replays {
  const seen = createTable<{ readonly key: string; readonly at: string }>(journal);
  return {
    async claim(kind, name, at) {
      const key = keyOf(kind, name);
      return seen.add(key, { key, at });
    },
    async forget(before) {
      for (const { key, at } of seen.rows()) if (at < before) seen.remove(key);
    },
  };
}
