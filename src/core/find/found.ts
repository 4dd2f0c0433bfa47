import { addressKey } from '../address.ts';
import type { Criteria } from './criteria.ts';
import type { Delivered } from './identify.ts';
import { subjectKey } from './key.ts';
import { deliveriesApart } from './match.ts';

/** What a search for mail found: deliveries, put together by mail, and what each service that was asked can vouch for. */

/** A delivery that a service named. `where`: the place it was delivered to, in the service's own word; null where it says none. */
export interface Hit extends Delivered {
  readonly where: string | null;
  /** An id that may be the one which Exchange gave the mail: believed where another service names the same as that. */
  readonly likelyId: string | null;
}

export type SeekStatus =
  | 'answered'
  /** It is switched off in the configuration. */
  | 'off'
  /** It knows nothing of what was asked by. */
  | 'cannot say'
  | 'not licensed'
  | 'not permitted'
  /** It does not answer this question, for another reason. */
  | 'refused'
  /** It asked to wait for longer than a search waits. */
  | 'busy'
  /** No answer, or one that cannot be read. */
  | 'silent';

/** How far a service's word goes. */
export interface Coverage {
  /** Of the service. */
  readonly name: string;
  readonly status: SeekStatus;
  /** ISO times. The span that it answered for; null where it answered for none. */
  readonly from: string | null;
  readonly until: string | null;
  /** Deliveries that it named. */
  readonly found: number;
  /** So many were taken, and there are or may be more; null where it told all that it has. */
  readonly cutAt: number | null;
  /** For people; empty where there is nothing to add. */
  readonly detail: string;
}

/** A delivery, told once, whoever named it. */
interface FoundCopy extends Pick<Hit, 'recipient' | 'recipientId' | 'networkMessageId' | 'at' | 'where'> {
  readonly by: readonly string[];
}

/** What became of a mail inside: who, where that is known. Not to be asked is another answer than nothing to tell. */
export type Told =
  | {
      readonly is: 'known';
      readonly people: readonly string[];
      readonly times: number;
      readonly cut: boolean;
      /** Of link clicks: so many of these people were not kept from what was behind it. Left out for anything else. */
      readonly followed?: number;
    }
  | { readonly is: 'nothing' }
  /** Nothing in a part of what there is. `part`: which, for people. */
  | { readonly is: 'nothing in part'; readonly part: string }
  /** Nothing yet, and it was delivered so lately that nothing need be known. */
  | { readonly is: 'not yet' }
  | { readonly is: 'not licensed' }
  | { readonly is: 'not permitted' }
  | { readonly is: 'not asked'; readonly why: string };

export const EXPOSURES = ['read', 'clicked', 'replied', 'forwarded', 'moved'] as const;
export type Exposed = (typeof EXPOSURES)[number];
export type Exposure = Readonly<Record<Exposed, Told>>;

export interface FoundMail {
  /** Names it within its search. */
  readonly key: string;
  /** Over its copies as they are listed here: see `listOf`. */
  readonly digest: string;
  readonly internetMessageId: string | null;
  readonly networkMessageIds: readonly string[];
  readonly sender: string | null;
  readonly subject: string | null;
  /** ISO times of the first and the last delivery; null where none is known. */
  readonly first: string | null;
  readonly last: string | null;
  readonly copies: readonly FoundCopy[];
  readonly exposure: Exposure;
}

export interface Found {
  readonly criteria: Criteria;
  /** ISO time. */
  readonly asOf: string;
  readonly coverage: readonly Coverage[];
  /** Newest first. */
  readonly mails: readonly FoundMail[];
  /** Mails, and copies of those that are here, for which there was no room. */
  readonly mailsLeft: number;
  readonly copiesLeft: number;
  /** Deliveries without any id of their mail: nobody can tell whether two of them are one, and no incident is made of them. */
  readonly unnamed: number;
}

export type BareMail = Omit<FoundMail, 'exposure' | 'digest' | 'key'>;

const MOST_MAILS = 40;
/** As many as one incident looks into. */
const MOST_COPIES = 20_000;

/** `answers`: of each service. */
export function mailsIn(
  answers: readonly { readonly name: string; readonly hits: readonly Hit[] }[],
): Pick<Found, 'mailsLeft' | 'copiesLeft' | 'unnamed'> & { readonly mails: readonly BareMail[] } {
  const all = answers.flatMap(({ name, hits }) => hits.map((hit) => ({ ...hit, name })));
  const known = withKnownIds(all);
  const keyOf = mailKeys(known);
  const named = known.filter((hit) => keyOf(hit) !== null);
  const groups = [...Map.groupBy(named, keyOf).values()].flatMap((group) => deliveriesApart(group, ({ at }) => at));
  const mails = groups.filter((group) => group.length > 0).map(mailOf);
  const sorted = mails.sort((a, b) => newestFirst(a.last ?? '', b.last ?? ''));
  let room = MOST_COPIES;
  let copiesLeft = 0;
  const kept = sorted.slice(0, MOST_MAILS).map((mail) => {
    const copies = mail.copies.slice(0, room);
    room -= copies.length;
    copiesLeft += mail.copies.length - copies.length;
    return { ...mail, copies };
  });
  return { mails: kept, mailsLeft: sorted.slice(MOST_MAILS).length, copiesLeft, unnamed: all.length - named.length };
}

function newestFirst(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? 1 : -1;
}

/** `isSure`: who named it knows by itself which id Exchange gave the mail, and what the mail shows as its sender. */
type Named = Hit & { readonly name: string; readonly isSure: boolean };

function withKnownIds(hits: readonly (Hit & { readonly name: string })[]): readonly Named[] {
  const known = new Set(hits.flatMap(({ networkMessageId }) => networkMessageId ?? []));
  return hits.map((hit) => {
    const { networkMessageId, likelyId } = hit;
    if (networkMessageId !== null) return { ...hit, isSure: true };
    return { ...hit, isSure: false, networkMessageId: likelyId !== null && known.has(likelyId) ? likelyId : null };
  });
}

/**
 * What makes two deliveries one mail: the id that Exchange gave it and one header, as in `match`; or Message-ID, sender and
 * subject together. Each of those is its sender's to choose: another mail with this Message-ID is none of these copies.
 */
function mailKeys(hits: readonly Named[]): (hit: Named) => string | null {
  const byId = new Map<string, Named>();
  for (const hit of hits.toSorted((a, b) => Number(b.isSure) - Number(a.isSure))) {
    const { networkMessageId: id } = hit;
    if (id !== null && !byId.has(id)) byId.set(id, hit);
  }
  return (hit) => {
    const named = byId.get(hit.networkMessageId ?? '');
    if (named && agrees(named, hit)) return headersOf(named) ?? `network ${named.networkMessageId}`;
    return headersOf(hit);
  };
}

function agrees(a: Hit, b: Hit): boolean {
  return a.internetMessageId === b.internetMessageId || subjectKey(a.subject) === subjectKey(b.subject);
}

function headersOf({ internetMessageId, sender, subject }: Hit): string | null {
  if (internetMessageId === null) return null;
  return JSON.stringify([internetMessageId, sender === null ? null : addressKey(sender), subjectKey(subject)]);
}

function mailOf(group: readonly Named[]): BareMail {
  const first = group.find(({ isSure }) => isSure) ?? group[0];
  const copies = [...Map.groupBy(group, ({ recipient }) => addressKey(recipient)).values()].map(copyOf);
  const times = group.flatMap(({ at }) => at ?? []).sort();
  return {
    internetMessageId: first?.internetMessageId ?? null,
    networkMessageIds: [...new Set(group.flatMap(({ networkMessageId }) => networkMessageId ?? []))].sort(),
    sender: first?.sender ?? null,
    subject: first?.subject ?? null,
    first: times[0] ?? null,
    last: times.at(-1) ?? null,
    copies: copies.sort((a, b) => (a.recipient < b.recipient ? -1 : 1)),
  };
}

/** The first that is known of each thing; who tells more than another has the word. */
function copyOf(told: readonly Named[]): FoundCopy {
  const known = <K extends 'recipientId' | 'networkMessageId' | 'at' | 'where'>(what: K) =>
    told.find((one) => one[what] !== null)?.[what] ?? null;
  return {
    recipient: told[0]?.recipient ?? '',
    recipientId: known('recipientId'),
    networkMessageId: known('networkMessageId'),
    at: known('at'),
    where: known('where'),
    by: [...new Set(told.map(({ name }) => name))].sort(),
  };
}

/** What the digest of a list is over: all that it holds. Where a copy lies by now changes, and is no part of it. */
export function listOf({ copies, ...mail }: BareMail): object {
  const { internetMessageId, networkMessageIds, sender, subject, first, last } = mail;
  return {
    mail: { internetMessageId, networkMessageIds, sender, subject, first, last },
    copies: copies.map(({ recipient, recipientId, networkMessageId, at, by }) => ({
      recipient,
      recipientId,
      networkMessageId,
      at,
      by,
    })),
  };
}
