import { askedDocument, lookupsDocument, writtenPart } from '../../src/adapters/store/documents/lookups.ts';
import { sha256 } from '../../src/adapters/store/ledger.ts';
import type { ClaimedPart, Search, Searches } from '../../src/ports/searches.ts';
import { createTable, type Journal, keyOf } from './memory-table.ts';

interface Part {
  readonly incident: string;
  readonly name: string;
  readonly id: string;
  readonly mailboxes: number;
  readonly asked: string;
  readonly at: string;
  readonly by: string | null;
  readonly until: number;
  readonly answer: string | null;
  readonly answeredAt: string | null;
}

/** Searches of many mailboxes, in memory. */
export function createSearches(
  journal: Journal,
  now: () => number,
): { readonly searches: Searches; readonly forget: (incident: string) => void } {
  const table = createTable<Part>(journal);
  const keyOfPart = ({ incident, id }: Pick<Part, 'incident' | 'id'>) => keyOf(incident, id);
  const put = (part: Part) => table.set(keyOfPart(part), part);
  const of = ({ incident, name }: Search) =>
    table.rows().filter((part) => part.incident === incident && part.name === name);
  const held = (search: Search, { id, by }: ClaimedPart) =>
    of(search).find((part) => part.id === id && part.by === by && part.until > now() && part.answer === null);
  const digestOf = (asked: string, answer: string) => sha256(`look ${asked}\n${answer}`);

  const searches: Searches = {
    async parts(search) {
      return of(search).map(({ id, asked, answeredAt }) => {
        const read = askedDocument.look(asked, { tenant: '', id });
        return { id, addresses: 'value' in read ? read.value.addresses : null, answeredAt };
      });
    },
    async add({ incident, name }, parts, at) {
      for (const { id, addresses, wanted } of parts)
        put({
          incident,
          name,
          id,
          mailboxes: addresses.length,
          asked: writtenPart(addresses, wanted),
          at,
          by: null,
          until: 0,
          answer: null,
          answeredAt: null,
        });
    },
    async claim(search, by, leaseMs) {
      const free = of(search).find(({ answer, until }) => answer === null && until <= now());
      if (!free) return null;
      put({ ...free, by, until: now() + leaseMs });
      return { id: free.id, by, ...askedDocument.read(free.asked, { tenant: '', id: free.id }) };
    },
    async extend(search, claimed, leaseMs) {
      const part = held(search, claimed);
      if (part) put({ ...part, until: now() + leaseMs });
      return part !== undefined;
    },
    async answer(search, claimed, lookups, at) {
      const part = held(search, claimed);
      if (!part) return null;
      const answer = lookupsDocument.write(lookups);
      put({ ...part, answer, answeredAt: at });
      return digestOf(part.asked, answer);
    },
    async answers(search, ids) {
      const found = of(search).filter(({ id }) => ids.includes(id));
      return new Map(
        found.flatMap(({ id, asked, answer }) => {
          if (answer === null) return [];
          const read = lookupsDocument.look(answer, { tenant: '', id });
          return [[id, 'value' in read ? { digest: digestOf(asked, answer), lookups: read.value } : null]];
        }),
      );
    },
    async progress(incident) {
      const all = table.rows().filter((part) => part.incident === incident);
      const newest = all.at(-1);
      if (!newest) return null;
      const own = all.filter(({ name }) => name === newest.name);
      const sum = (parts: readonly Part[]) => parts.reduce((total, { mailboxes }) => total + mailboxes, 0);
      const [since = ''] = own.map(({ at }) => at).sort();
      return { mailboxes: sum(own), done: sum(own.filter(({ answer }) => answer !== null)), since };
    },
    async drop(incident, ids) {
      for (const part of table.rows())
        if (part.incident === incident && (ids === 'all' || ids.includes(part.id))) table.remove(keyOfPart(part));
    },
  };
  return { searches, forget: (incident) => void searches.drop(incident, 'all') };
}
