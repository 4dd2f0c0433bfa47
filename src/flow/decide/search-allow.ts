import { searching } from '../../core/ask/reads.ts';
import { LEAST_OF_DIGEST } from '../../core/tell/answer-search.ts';
import type { Reply, SearchCall } from '../../ports/desk.ts';
import type { Inquiry } from '../../ports/inquiries.ts';
import type { Deciding } from '../flow.ts';
import { type AskedFor, askedForBy } from '../record/inquiry.ts';
import { personOf, record } from '../record/record.ts';
import { said } from './decision.ts';
import { idIn, refuse } from './search-begun.ts';
import type { Standing } from './standing.ts';

/**
 * A second person: somebody else than who asked, with the role that the policy wants. First they are shown who looks for what and
 * why, as the record has it; what they allow then is that and nothing else. Which role it takes was written down when it was
 * asked for: a policy that has changed since hands it to nobody else.
 */
export async function allow(
  flow: Deciding,
  standing: Standing,
  call: SearchCall,
  { search, digest }: Extract<SearchCall['asks'], { readonly is: 'allow' }>,
): Promise<Reply> {
  const id = idIn(search);
  const second = searching(flow.policy().policy)?.second ?? null;
  const reply = await flow.store.transact(async (tx): Promise<Reply | 'changed'> => {
    const inquiry = await tx.inquiries.get(id);
    const asked = inquiry && (await askedForBy(flow.hash, tx, inquiry));
    const why = whyNotAllowed(inquiry, asked, standing, asked?.second ?? second);
    if (inquiry?.waits && !asked && why !== 'role') return 'changed';
    const about = { actor: personOf(standing), platform: call.by.platform };
    const no = async (code: NonNullable<typeof why>): Promise<Reply> => {
      const detail = { inquiry: id, roles: standing.roles };
      await record(flow, tx, [{ ...about, type: 'inquiry.refused', outcome: 'search-not-allowed', detail }]);
      return said({ code: 'search-not-allowed', why: code });
    };
    if (why !== null || !asked) return no(why ?? 'not waiting');
    if (digest === null) return shown(asked);
    if (!isDigestOf(digest, asked)) return no('another digest');
    if (!(await tx.inquiries.allow(id))) return no('not waiting');
    const detail = { inquiry: id, roles: standing.roles, digest: asked.digest };
    await record(flow, tx, [{ ...about, type: 'inquiry.allowed', detail }]);
    await tx.jobs.send({ queue: 'inquire', inquiry: id });
    return said({ code: 'search-allowed', search: id });
  });
  return reply === 'changed' ? refuse(flow, standing, call, 'search-changed') : reply;
}

function shown({ id, name, at, criteria, reason, digest }: AskedFor): Reply {
  return said({ code: 'search-asks', search: id, who: name, at, criteria, reason, digest });
}

function isDigestOf(typed: string, { digest }: AskedFor): boolean {
  const word = typed.trim().toLowerCase();
  return word.length >= LEAST_OF_DIGEST && digest.startsWith(word);
}

function whyNotAllowed(
  inquiry: Inquiry | null,
  asked: AskedFor | null,
  { roles, person }: Standing,
  second: string | null,
): 'own' | 'role' | 'not waiting' | 'another digest' | null {
  // Whoever may not allow it is not told whether there is one.
  if (second === null || !roles.includes(second)) return 'role';
  if (!inquiry?.waits || !asked) return 'not waiting';
  return asked.person === person ? 'own' : null;
}
