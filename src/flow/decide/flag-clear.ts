import { flagTerms } from '../../core/ask/flags.ts';
import type { Cast } from '../../core/ask/tally.ts';
import { type Flag, type FlagLook, type FlagVote, isOwnMailbox } from '../../core/flag/flag.ts';
import { clearTally, whyNotClear } from '../../core/flag/may.ts';
import type { FlagCall, Reply } from '../../ports/desk.ts';
import type { FlagRow } from '../../ports/flags.ts';
import type { Held } from '../../ports/held.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { flagChanged } from '../record/flag.ts';
import { type Note, personOf, record } from '../record/record.ts';
import { castKey, gather, othersIn } from './again.ts';
import { type Looked, said } from './decision.ts';
import { lookAt } from './flag-look.ts';
import { type FlagDo, readyFlag } from './flag-ready.ts';
import { type Standing, voterNow } from './standing.ts';

/**
 * A mailbox is cleared by a reason and a second look at the same findings, and by as many people as the policy wants for what
 * was seen then. Everybody who counts is looked at again at that moment.
 */

/** Each new try has learnt of a person more who agreed meanwhile; there are never this many at once. */
const MOST_TRIES = 20;

interface Clearing {
  readonly standing: Standing;
  readonly call: FlagCall;
  readonly asks: FlagDo;
  readonly look: FlagLook;
  readonly looked: Looked;
}

export async function clearFlag(flow: Deciding, standing: Standing, call: FlagCall, asks: FlagDo): Promise<Reply> {
  const ready = await flow.store.transact((tx) => readyFlag(flow, tx, standing, call, asks));
  if ('reply' in ready) return ready.reply;
  const look = await lookAt(flow, ready.flag);
  const looked = new Map<string, Awaited<ReturnType<typeof voterNow>>>();
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const answer = await flow.store.transact((tx) => clearBy(flow, tx, { standing, call, asks, look, looked }));
    if ('kind' in answer) return answer;
    for (const cast of answer.askAbout)
      looked.set(castKey(cast), await voterNow(flow, cast, null, flow.policy().policy));
  }
  throw new Error('people agree to clear this flag faster than they can be counted');
}

async function clearBy(
  flow: Deciding,
  tx: Tx,
  { standing, call, asks, look, looked }: Clearing,
): Promise<Reply | { readonly askAbout: readonly Cast[] }> {
  const ready = await readyFlag(flow, tx, standing, call, asks);
  if ('reply' in ready) return ready.reply;
  const { flag, row } = ready;
  const terms = flagTerms(flow.policy().policy);
  const about = aboutOf(flag, standing, call);
  const seen: Note = {
    type: 'flag.looked',
    incident: flag.incident,
    mailbox: flag.mailbox,
    detail: lookedDetail(flag, look),
  };
  const why = whyNotClear(look, terms);
  if (why !== null) {
    const detail = { flag: flag.id, verb: asks.verb, roles: standing.roles };
    await record(flow, tx, [seen, { ...about, type: 'flag.refused', outcome: why, detail }]);
    await tx.jobs.send({ queue: 'flag', flag: flag.id });
    return said({ code: 'flag-refused', flag: flag.id, why, look });
  }
  const vote = voteOf(standing, call, asks);
  const earlier = flag.votes.filter(({ person }) => person !== standing.person);
  const gathered = gather({
    ...{ earlier, vote, looked },
    count: (votes: readonly FlagVote[]) => clearTally(flag, votes, look, terms),
    conflict: (who) => (isOwnMailbox(flag, who) ? 'recipient' : null),
  });
  if ('askAbout' in gathered) return gathered;
  const { result, starts, refused } = gathered;
  if (refused) return said({ code: 'flag-refused', flag: flag.id, why: 'no-role' });
  const [count, needed] = [result.people.length, result.needed];
  const { roles, account, reason } = vote;
  const agreed: Note = {
    ...about,
    type: 'flag.agreed',
    detail: { flag: flag.id, reason, roles, account, count, needed },
  };
  if (!starts) {
    await record(flow, tx, [seen, agreed]);
    await tx.jobs.send({ queue: 'flag', flag: flag.id });
    return said({
      code: 'flag-clear-counted',
      flag: flag.id,
      look,
      counted: count,
      needed,
      others: othersIn(gathered),
    });
  }
  return cleared(flow, tx, { flag, row, look, notes: [seen, agreed], vote, people: result.people, about });
}

function aboutOf({ incident, mailbox }: Flag, standing: Standing, { by }: FlagCall) {
  return { incident, mailbox, actor: personOf(standing), platform: by.platform } as const;
}

interface Clear {
  readonly flag: Flag;
  readonly row: Held<FlagRow>;
  readonly look: FlagLook;
  readonly notes: readonly Note[];
  readonly vote: FlagVote;
  readonly people: readonly string[];
  readonly about: ReturnType<typeof aboutOf>;
}

async function cleared(flow: Deciding, tx: Tx, { flag, row, look, notes, vote, people, about }: Clear): Promise<Reply> {
  await tx.flagged.save(row, { state: 'cleared', nextAt: null, updatedAt: flow.clock.now() });
  const { before } = flag;
  const detail = {
    ...{ flag: flag.id, people, reason: vote.reason, is: look.is, findings: look.findings, unlooked: look.unlooked },
    before: before?.is === 'seen' ? before.findings : null,
  };
  await record(flow, tx, [...notes, { ...about, type: 'flag.cleared', detail }]);
  await flagChanged(flow, tx, flag.incident);
  flow.observe({ what: 'press', verb: 'flag clear', result: 'done' });
  return said({ code: 'flag-cleared', flag: flag.id, before, after: look });
}

function lookedDetail({ id }: Flag, { is, findings, unlooked }: FlagLook) {
  return { flag: id, when: 'again', is, findings, unlooked };
}

function voteOf({ person, name, roles }: Standing, { by }: FlagCall, { reason }: FlagDo): FlagVote {
  return { person, name, roles, platform: by.platform, account: by.id, reason: reason ?? '' };
}
