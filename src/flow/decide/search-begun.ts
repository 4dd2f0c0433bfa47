import { searching } from '../../core/ask/reads.ts';
import { askedFor, type Criteria, criteriaOf, INSIDE } from '../../core/find/criteria.ts';
import type { Actor } from '../../core/record/ledger.ts';
import type { SearchForm, SearchProblem } from '../../core/tell/search-form.ts';
import { storable } from '../../core/text.ts';
import type { Reply, SearchCall } from '../../ports/desk.ts';
import type { Inquiry } from '../../ports/inquiries.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { type AskedFor, askedForBy, isAsSeen } from '../record/inquiry.ts';
import { type Note, personOf, record } from '../record/record.ts';
import { MAX_REASON, said } from './decision.ts';
import type { Standing } from './standing.ts';

/** How a search begins and is waited for, whoever asks for it; and how it is refused. */

const HOUR_MS = 3_600_000;
const LOOK_EVERY_MS = 250;
const LONGEST_REASON = MAX_REASON;

/** An id as somebody typed it. */
export const idIn = (typed: string): string => storable(typed).trim().toUpperCase().slice(0, 40);

export function readTyped(
  typed: SearchForm['typed'],
): { readonly criteria: Criteria; readonly reason: string } | { readonly problem: SearchProblem } {
  const read = criteriaOf(typed);
  if ('problem' in read) return read;
  const reason = storable(typed.reason ?? '').trim();
  return reason === '' || reason.length > LONGEST_REASON ? { problem: 'reason' } : { ...read, reason };
}

interface Asking {
  readonly criteria: Criteria;
  readonly reason: string;
  readonly person: string;
  readonly actor: Actor;
  readonly platform: string;
  readonly roles: readonly string[];
  /** Because of which incident, and whose mail it is about; left out: of none. */
  readonly about?: { readonly incident: string; readonly address: string };
}

/** Written down, and on its way unless it has to be allowed; or how many an hour there may be, and that is recorded. */
export async function ask(
  flow: Deciding,
  { criteria, reason, person, actor, platform, roles, about }: Asking,
): Promise<{ readonly id: string; readonly second: string | null } | { readonly most: number }> {
  const terms = searching(flow.policy().policy);
  const second = terms?.second ?? null;
  const most = terms?.perHour ?? 0;
  const id = `CS-${flow.hash.code()}`;
  const at = flow.clock.now();
  const since = new Date(Date.parse(at) - HOUR_MS).toISOString();
  const aboutNotes: Note[] = about
    ? [
        {
          ...{ type: 'inquiry.about', incident: about.incident, actor, platform },
          detail: { inquiry: id, address: about.address, days: criteria.days, reason },
        },
      ]
    : [];
  const isKept = await flow.store.transact(async (tx) => {
    const asked = { id, person, at, criteria, waits: second !== null };
    if (!(await tx.inquiries.ask(asked, { most, since }))) {
      const detail = { inquiry: null, roles };
      await record(flow, tx, [{ type: 'inquiry.refused', actor, platform, outcome: 'search-too-many', detail }]);
      return false;
    }
    const by = [...askedFor(criteria), ...(criteria.inside ? [INSIDE] : [])];
    const detail = { inquiry: id, criteria: by, days: criteria.days, reason, roles, second };
    await record(flow, tx, [{ type: 'inquiry.asked', actor, platform, detail }, ...aboutNotes]);
    if (second === null) await tx.jobs.send({ queue: 'inquire', inquiry: id });
    return true;
  });
  return isKept ? { id, second } : { most };
}

/** As it is once it has its answer, or `withinMs` from now. */
export async function answered(flow: Deciding, id: string, withinMs: number): Promise<Inquiry | null> {
  for (let waited = 0; ; waited += LOOK_EVERY_MS) {
    const inquiry = await flow.store.transact((tx) => tx.inquiries.get(id));
    if (!inquiry || inquiry.isAnswered || inquiry.waits || waited >= withinMs) return inquiry;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

type Looked =
  | { readonly is: 'as recorded'; readonly inquiry: Inquiry; readonly asked: AskedFor }
  /** What is stored is not what the record says. */
  | { readonly is: 'changed'; readonly inquiry: Inquiry }
  | { readonly is: 'not known' };

/** What is stored of a search, held against the record. */
export async function lookAt(flow: Deciding, tx: Tx, id: string): Promise<Looked> {
  const inquiry = await tx.inquiries.get(id);
  if (!inquiry) return { is: 'not known' };
  const asked = await askedForBy(flow.hash, tx, inquiry);
  const isSame = asked && (!inquiry.found || (await isAsSeen(flow.hash, tx, id, inquiry.found)));
  return isSame ? { is: 'as recorded', inquiry, asked } : { is: 'changed', inquiry };
}

/** The same for who asked for it; nobody else is told that there is one. */
export async function ownSearch(flow: Deciding, { person }: Standing, id: string): Promise<Looked> {
  const looked = await flow.store.transact((tx) => lookAt(flow, tx, id));
  if (looked.is === 'not known') return looked;
  const owner = looked.is === 'changed' ? looked.inquiry.person : looked.asked.person;
  return owner === person ? looked : { is: 'not known' };
}

type RefusalCode = 'may-not-search' | 'search-changed';

export async function refuse(
  flow: Deciding,
  standing: Standing,
  { by, asks }: SearchCall,
  why: RefusalCode,
): Promise<Reply> {
  const id = 'search' in asks ? idIn(asks.search) : null;
  flow.observe({ what: 'press', verb: 'search', result: why });
  const detail = { inquiry: id, roles: standing.roles };
  const actor = personOf(standing);
  await flow.store.transact((tx) =>
    record(flow, tx, [{ type: 'inquiry.refused', actor, platform: by.platform, outcome: why, detail }]),
  );
  if (why === 'search-changed') return said({ code: why, search: id ?? '' });
  return said({ code: why, roles: searching(flow.policy().policy)?.by ?? [] });
}
