import { flagTerms, maySeeFlags, unlookedTerm } from '../../core/ask/flags.ts';
import type { Containment } from '../../core/flag/contained.ts';
import type { Flag } from '../../core/flag/flag.ts';
import { NEEDS_WHY } from '../../core/flag/may.ts';
import type { Answer } from '../../core/tell/answer.ts';
import { storable } from '../../core/text.ts';
import type { FlagCall, Reply } from '../../ports/desk.ts';
import type { FlagChange } from '../../ports/flags.ts';
import type { Deciding } from '../flow.ts';
import { flagChanged } from '../record/flag.ts';
import { movedFrom } from '../record/flag-raised.ts';
import { type Note, personOf, record } from '../record/record.ts';
import { MAX_REASON, said } from './decision.ts';
import { flagByHand } from './flag-by-hand.ts';
import { clearFlag } from './flag-clear.ts';
import { containedNow } from './flag-contained.ts';
import { listOfFlags } from './flag-list.ts';
import { type FlagDo, readyFlag } from './flag-ready.ts';
import { notePlace, type Standing } from './standing.ts';

/**
 * People look after flagged mailboxes. A press counts for the flag as it was shown, of somebody whose roles were asked for just
 * now, and is held against the record; nobody decides about their own mailbox.
 */

/** Of somebody who holds a role. */
export async function flags(flow: Deciding, standing: Standing, call: FlagCall): Promise<Reply> {
  const { asks, by } = call;
  const terms = flagTerms(flow.policy().policy);
  await flow.store.transact((tx) => notePlace(flow, tx, by.platform, standing));
  if (asks.is === 'raise') return flagByHand(flow, standing, call, asks);
  if (!maySeeFlags(terms, standing.roles)) {
    const detail = { flag: null, verb: asks.is === 'do' ? asks.verb : 'list', roles: standing.roles };
    const about = { actor: personOf(standing), platform: by.platform, outcome: 'flags-not-shown' } as const;
    await flow.store.transact((tx) => record(flow, tx, [{ ...about, type: 'flag.refused', detail }]));
    return said({ code: 'flags-not-shown', roles: terms.review });
  }
  if (asks.is === 'list') return listOfFlags(flow, standing, asks.which);
  return NEEDS_WHY.has(asks.verb) ? withReason(flow, standing, call, asks) : decided(flow, standing, call, asks);
}

async function withReason(flow: Deciding, standing: Standing, call: FlagCall, asks: FlagDo): Promise<Reply> {
  const reason = asks.reason === null ? null : storable(asks.reason).trim();
  if (reason !== null && reason !== '' && reason.length <= MAX_REASON) {
    const given = { ...asks, reason };
    return asks.verb === 'clear' ? clearFlag(flow, standing, call, given) : decided(flow, standing, call, given);
  }
  return flow.store.transact(async (tx): Promise<Reply> => {
    const ready = await readyFlag(flow, tx, standing, call, asks);
    if ('reply' in ready) return ready.reply;
    const terms = flagTerms(flow.policy().policy);
    const { unclean } = terms;
    const form = {
      flag: ready.flag,
      verb: asks.verb,
      problem: reason !== null,
      unclean,
      unlooked: unlookedTerm(terms),
    };
    return { kind: 'flag-form', form };
  });
}

/** Taken, contained, or opened again: one person's word, and its effect in the same transaction. */
function decided(flow: Deciding, standing: Standing, call: FlagCall, asks: FlagDo): Promise<Reply> {
  return flow.store.transact(async (tx): Promise<Reply> => {
    const ready = await readyFlag(flow, tx, standing, call, asks);
    if ('reply' in ready) return ready.reply;
    const { flag, row } = ready;
    const at = flow.clock.now();
    const contained = asks.verb === 'contain' ? await containedNow(flow, tx, flag, at) : null;
    const { change, note, answer } = contained
      ? containing(standing, flag, contained)
      : effectOf(flow, standing, flag, asks);
    if (!(await tx.flagged.save(row, { ...change, updatedAt: at, nextAt: at })))
      return said({ code: 'flag-refused', flag: flag.id, why: 'not-now' });
    await tx.jobs.send({ queue: 'flag', flag: flag.id });
    const about = { incident: flag.incident, actor: personOf(standing), platform: call.by.platform };
    await record(flow, tx, [{ ...about, mailbox: flag.mailbox, ...note } as Note]);
    await flagChanged(flow, tx, flag.incident);
    flow.observe({ what: 'press', verb: `flag ${asks.verb}`, result: 'done' });
    return said(answer);
  });
}

interface Effect {
  readonly change: Partial<FlagChange>;
  readonly note: Pick<Note<'flag.taken' | 'flag.contained' | 'flag.reopened'>, 'type' | 'detail'>;
  readonly answer: Answer;
}

function effectOf(flow: Deciding, { person, roles }: Standing, flag: Flag, { verb, reason }: FlagDo): Effect {
  const { id, owner, dueAt } = flag;
  if (verb === 'take')
    return {
      change: { state: 'in review', owner: person },
      note: { type: 'flag.taken', detail: { flag: id, from: owner?.person ?? null, roles } },
      answer: { code: 'flag-taken', flag: id, dueAt },
    };
  const moved = movedFrom(flow, flag, flow.clock.now());
  return {
    change: { state: owner ? 'in review' : 'raised', dueAt: moved.dueAt },
    note: { type: 'flag.reopened', detail: { flag: id, reason: reason ?? '', roles, ...moved } },
    answer: { code: 'flag-reopened', flag: id, ...moved },
  };
}

/** Their word, and beside it what was seen: only that makes it contained. */
function containing({ roles, name }: Standing, { id }: Flag, { seen, open, since }: Containment): Effect {
  return {
    change: { state: 'contained' },
    note: { type: 'flag.contained', detail: { flag: id, roles, seen, open, since: seen ? since : null } },
    answer: { code: 'flag-contained', flag: id, by: name, seen, open },
  };
}
