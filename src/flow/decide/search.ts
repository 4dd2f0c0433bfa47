import { maySearch, searching } from '../../core/ask/reads.ts';
import type { FoundPage } from '../../core/tell/found-view.ts';
import type { SearchProblem } from '../../core/tell/search-form.ts';
import type { Reply, SearchCall } from '../../ports/desk.ts';
import type { Inquiry } from '../../ports/inquiries.ts';
import type { Deciding } from '../flow.ts';
import type { AskedFor } from '../record/inquiry.ts';
import { personOf } from '../record/record.ts';
import { said } from './decision.ts';
import { allow } from './search-allow.ts';
import { answered, ask, idIn, ownSearch, readTyped, refuse } from './search-begun.ts';
import { file } from './search-file.ts';
import { notePlace, type Standing } from './standing.ts';

/**
 * Looking for mail without an alert. It is power over everybody's mailbox, so it is a right of the policy, with a reason, a
 * number an hour and, where the policy wants it, somebody else's word; and nothing is looked for before it is written down.
 */

/** Somebody who waits is answered after this at the latest; what they asked for goes on. */
const SHOWN_WITHIN_MS = 2_000;

type Ask<Is extends SearchCall['asks']['is']> = Extract<SearchCall['asks'], { readonly is: Is }>;

/** Of somebody who holds a role. */
export function search(flow: Deciding, standing: Standing, call: SearchCall): Promise<Reply> {
  const { asks } = call;
  const may = asks.is === 'allow' || maySearch(flow.policy().policy, standing.roles);
  if (!may) return refuse(flow, standing, call, 'may-not-search');
  switch (asks.is) {
    case 'allow':
      return allow(flow, standing, call, asks);
    case 'form':
      return Promise.resolve(form(flow, {}, null));
    case 'begin':
      return begin(flow, standing, call, asks);
    case 'show':
      return show(flow, standing, call, idIn(asks.search));
    case 'file':
      return file(flow, standing, call, asks);
  }
}

function form(flow: Deciding, typed: Ask<'begin'>['typed'], problem: SearchProblem | null): Reply {
  const second = searching(flow.policy().policy)?.second ?? null;
  return { kind: 'search-form', form: { typed, problem, second } };
}

async function begin(flow: Deciding, standing: Standing, call: SearchCall, { typed }: Ask<'begin'>): Promise<Reply> {
  const asked = readTyped(typed);
  if ('problem' in asked) return form(flow, typed, asked.problem);
  const begun = await ask(flow, {
    ...asked,
    person: standing.person,
    actor: personOf(standing),
    platform: call.by.platform,
    roles: standing.roles,
  });
  await flow.store.transact((tx) => notePlace(flow, tx, call.by.platform, standing));
  if ('most' in begun) return said({ code: 'search-too-many', most: begun.most });
  if (begun.second !== null) return said({ code: 'search-waits', search: begun.id, role: begun.second });
  return show(flow, standing, call, begun.id);
}

/** Only to who asked for it. */
async function show(flow: Deciding, standing: Standing, call: SearchCall, id: string): Promise<Reply> {
  await answered(flow, id, SHOWN_WITHIN_MS);
  const looked = await ownSearch(flow, standing, id);
  if (looked.is === 'not known') return said({ code: 'search-not-known', asked: id });
  if (looked.is === 'changed') return refuse(flow, standing, call, 'search-changed');
  const { inquiry, asked } = looked;
  if (inquiry.waits) return said({ code: 'search-waits', search: id, role: asked.second ?? 'second person' });
  if (inquiry.isAnswered && !inquiry.found) return said({ code: 'search-says-nothing' });
  return { kind: 'found', page: pageOf(asked, inquiry) };
}

function pageOf({ id, criteria, at, allowedAt }: AskedFor, { found }: Inquiry): FoundPage {
  return { search: id, criteria, at, allowedAt, found };
}
