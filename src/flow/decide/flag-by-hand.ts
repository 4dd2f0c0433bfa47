import { flagTerms } from '../../core/ask/flags.ts';
import { ClawbackError } from '../../core/error.ts';
import { isOwnMailbox } from '../../core/flag/flag.ts';
import { storable } from '../../core/text.ts';
import type { FlagCall, Reply } from '../../ports/desk.ts';
import type { Deciding } from '../flow.ts';
import { flagChanged } from '../record/flag.ts';
import { raise } from '../record/flag-raised.ts';
import { personOf, record } from '../record/record.ts';
import { MAX_REASON, said } from './decision.ts';
import type { Standing } from './standing.ts';

/** Somebody flags a mailbox by hand, where the policy lets them. Nothing in it is changed by that. */
export async function flagByHand(
  flow: Deciding,
  standing: Standing,
  { by }: FlagCall,
  { address, reason: typed }: Extract<FlagCall['asks'], { readonly is: 'raise' }>,
): Promise<Reply> {
  const terms = flagTerms(flow.policy().policy);
  const about = { actor: personOf(standing), platform: by.platform } as const;
  if (!terms.raise.some((role) => standing.roles.includes(role))) {
    const detail = { flag: null, verb: 'raise', roles: standing.roles };
    const no = { ...about, type: 'flag.refused', outcome: 'flag-not-by-hand', detail } as const;
    await flow.store.transact((tx) => record(flow, tx, [no]));
    return said({ code: 'flag-not-by-hand', roles: terms.raise });
  }
  const reason = storable(typed).trim();
  if (address === '' || reason === '' || reason.length > MAX_REASON) return said({ code: 'flag-how' });
  const owner = await ownerOf(flow, address);
  if (owner === 'unclear') return said({ code: 'asker-unchecked' });
  if (owner === null) return said({ code: 'flag-names-nobody', address });
  // Neither is whoever has that mailbox in their hands told that it is flagged, nor do they put it off by one reason more.
  if (isOwnMailbox({ person: owner.id, mailbox: owner.id, address: owner.address }, standing)) {
    const detail = { flag: null, verb: 'raise', roles: standing.roles };
    const no = { ...about, type: 'flag.refused', outcome: 'own-mailbox', detail } as const;
    await flow.store.transact((tx) => record(flow, tx, [no]));
    return said({ code: 'flag-refused', flag: owner.address, why: 'own-mailbox' });
  }
  const from = { incident: null, ...about, byHand: true };
  return flow.store.transact(async (tx): Promise<Reply> => {
    const [kept] = await raise(flow, tx, [{ mailbox: owner.id, address: owner.address, reason }], from);
    if (!kept) throw new ClawbackError('unavailable', 'no flag was raised');
    await record(flow, tx, [kept.note]);
    await flagChanged(flow, tx, kept.row.incident);
    flow.observe({ what: 'press', verb: 'flag raise', result: kept.isNew ? 'done' : 'again' });
    const { id, address: of, dueAt } = kept.row;
    return kept.isNew
      ? said({ code: 'flag-raised', flag: id, address: of, dueAt })
      : said({ code: 'flag-raised-again', flag: id, address: of, dueAt, held: kept.held });
  });
}

/** Exactly one person, by an address of theirs. 'unclear': the directory gives no answer now. */
async function ownerOf(flow: Deciding, typed: string) {
  const address = storable(typed).trim().toLowerCase().slice(0, 320);
  try {
    const [person, ...others] = await flow.directory.byAddress(address);
    return person && others.length === 0 ? { id: person.id, address } : null;
  } catch (error) {
    if (error instanceof ClawbackError && error.code === 'unavailable') return 'unclear' as const;
    throw error;
  }
}
