import type { MailboxSet, TenantPolicy } from '../../core/ask/policy.ts';
import { ClawbackError } from '../../core/error.ts';
import type { Flow } from '../flow.ts';

/** The mailboxes a policy names, found out by id: an address in policy.yaml may be any alias of its mailbox. */

export interface MailboxRef {
  /** Entra object id; null when nobody was found behind the address. */
  readonly id: string | null;
  readonly addresses: readonly string[];
}

export interface Sets {
  isVip(mailbox: MailboxRef): boolean;
  isOnHold(mailbox: MailboxRef): boolean;
  /** Name of the protected set that holds it and is never touched; null when none does. */
  shieldOf(mailbox: MailboxRef): string | null;
  /** Names of the protected sets that hold it and may be touched with an approval more. */
  guardsOf(mailbox: MailboxRef): readonly string[];
}

type Contains = (mailbox: MailboxRef) => boolean;

/**
 * Throws ClawbackError 'unavailable' when the directory cannot be asked: then nothing may be planned or touched. Its `field`
 * is the set that cannot be read.
 */
export async function setsOf(flow: Pick<Flow, 'directory'>, { mailboxes }: TenantPolicy): Promise<Sets> {
  const vip = await contains(flow, mailboxes.vip, 'the set of VIPs');
  const hold = await contains(flow, mailboxes.legalHold, 'the set on legal hold');
  const sets: { name: string; open: boolean; has: Contains }[] = [];
  for (const set of mailboxes.protected) {
    const has = await contains(flow, set, `the protected set “${set.name}”`);
    sets.push({ name: set.name, open: set.approve !== undefined, has });
  }
  return {
    isVip: vip,
    isOnHold: hold,
    shieldOf: (mailbox) => sets.find(({ open, has }) => !open && has(mailbox))?.name ?? null,
    guardsOf: (mailbox) => sets.filter(({ open, has }) => open && has(mailbox)).map(({ name }) => name),
  };
}

const CHECK_EVERY_MS = 60_000;

/**
 * Why the sets of the policy cannot be read in full now, so that nothing would be planned or removed; null when they can.
 * For whoever watches: the directory is asked once a minute at most.
 */
export function watchSets(flow: Pick<Flow, 'directory' | 'policy' | 'clock'>): () => Promise<string | null> {
  let last: { readonly at: number; readonly problem: Promise<string | null> } | null = null;
  return () => {
    const now = Date.parse(flow.clock.now());
    if (last === null || now - last.at >= CHECK_EVERY_MS) {
      const sets = setsOf(flow, flow.policy().policy);
      const problem = sets.then(
        () => null,
        (error: unknown) => `${nameIn(error)} cannot be read in full, so nothing is removed: ${problemOf(error)}`,
      );
      last = { at: now, problem };
    }
    return last.problem;
  };
}

function nameIn(error: unknown): string {
  return (error instanceof ClawbackError && error.field) || 'a set of mailboxes of the policy';
}

function problemOf(error: unknown): string {
  return error instanceof Error ? error.message : 'no reason is known';
}

/** Of a person, or of everybody on a list: who is meant by the address of one must not be left out in silence. */
export async function behind(directory: Flow['directory'], address: string): Promise<readonly string[]> {
  const people = await directory.byAddress(address);
  if (people.length > 0) return people.map(({ id }) => id.toLowerCase());
  const found = await directory.expand(address);
  if (found.kind === 'unclear' || (found.kind === 'group' && !found.complete)) {
    const words = `who is behind ${address}, which the policy names, cannot be read in full (${found.why}): name a group or the people`;
    throw new ClawbackError('unavailable', words);
  }
  if (found.kind === 'group') return found.members.map(({ id }) => id.toLowerCase());
  return found.kind === 'person' ? [found.id.toLowerCase()] : [];
}

/** Whether it is one of these, for whoever asks about a set of their own. */
export async function contains(flow: Pick<Flow, 'directory'>, set: MailboxSet, name: string): Promise<Contains> {
  const addresses = new Set(set.addresses);
  const ids = await idsIn(flow, set).catch((error: unknown) => {
    if (!(error instanceof ClawbackError)) throw error;
    throw new ClawbackError(error.code, error.message, { cause: error, field: name });
  });
  return ({ id, addresses: own }) =>
    (id !== null && ids.has(id.toLowerCase())) || own.some((address) => addresses.has(address.toLowerCase()));
}

async function idsIn(flow: Pick<Flow, 'directory'>, set: MailboxSet): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (const group of set.entraGroups) for (const id of await flow.directory.members(group)) ids.add(id);
  for (const address of set.addresses) for (const id of await behind(flow.directory, address)) ids.add(id);
  return ids;
}
