import type { DefenderMail } from './adapters/defender/mail.ts';
import type { Mailboxes } from './adapters/graph/mailboxes.ts';
import type { Tenant } from './config/schema.ts';
import { type EngineTerms, orderOf } from './core/action/engine.ts';
import { isByDefenderAlone, refsOf } from './core/action/engine-names.ts';
import { ClawbackError } from './core/error.ts';
import type { Ability } from './ports/ability.ts';
import type { Effect, Effects, Ordered } from './ports/effects.ts';
import type { MailEvidence } from './ports/evidence.ts';
import type { Excerpts } from './ports/excerpts.ts';
import type { FoundMessage, Lookup, Reader, Reading, Wanted } from './ports/reader.ts';

interface Chosen {
  readonly terms: EngineTerms;
  readonly readBackMs: number;
  /** Each mailbox itself and nobody else, as it is where nothing is configured. */
  readonly isUsual: boolean;
}

export function engineOf({ graph: { engine } }: Pick<Tenant, 'graph'>): Chosen {
  const { first, fallback, readBackSeconds } = engine;
  return {
    terms: { first, fallback },
    readBackMs: readBackSeconds * 1_000,
    isUsual: first === 'mailbox' && !fallback,
  };
}

/** Whose mailbox it is. Throws ClawbackError 'unavailable' where several have the address. */
export function onlyOne(address: string, people: readonly { readonly id: string }[]): string | null {
  if (people.length > 1) throw new ClawbackError('unavailable', `several people have the address ${address}`);
  return people[0]?.id ?? null;
}

/** Two ways into mailboxes as one: who tells of a copy is asked about it, and what a list says who does it. */

export interface Engines {
  readonly mailbox: Mailboxes;
  readonly defender: DefenderMail;
  readonly terms: EngineTerms;
}

export function joined({ mailbox, defender, terms }: Engines): Mailboxes {
  const order = orderOf(terms);
  const able = (of: (one: { reader: Reader; effects: Effects }) => Ability): Ability => {
    const abilities = order.map((engine) => of(engine === 'mailbox' ? mailbox : defender));
    return abilities.find((ability) => ability === 'yes') ?? abilities[0] ?? 'yes';
  };
  const reader: Reader = {
    can: { locate: able(({ reader: { can } }) => can.locate), read: able(({ reader: { can } }) => can.read) },
    locate: (addresses, wanted) => locate({ mailbox, defender, terms }, addresses, wanted),
    folderNames: (places) =>
      apart(
        places,
        ({ folderId }) => isByDefenderAlone({ message: folderId }),
        (some) => defender.reader.folderNames(some),
        (some) => mailbox.reader.folderNames(some),
      ),
    read: (targets, how) =>
      apart<(typeof targets)[number], Reading>(
        targets,
        isByDefenderAlone,
        (some) => defender.reader.read(some, how),
        async (some) => {
          const readings = await mailbox.reader.read(some, how);
          defender.heard(readings);
          return readings;
        },
      ),
  };
  const effects: Effects = {
    can: {
      softDelete: able(({ effects: { can } }) => can.softDelete),
      hardDelete: able(({ effects: { can } }) => can.hardDelete),
      toJunk: able(({ effects: { can } }) => can.toJunk),
      mark: able(({ effects: { can } }) => can.mark),
      putBack: able(({ effects: { can } }) => can.putBack),
    },
    softDelete: (targets, term) => through(targets, (one, some) => one.softDelete(some, term)),
    hardDelete: (targets, term) => through(targets, (one, some) => one.hardDelete(some, term)),
    toJunk: (targets, term) => through(targets, (one, some) => one.toJunk(some, term)),
    putBack: (orders, term) => through(orders, (one, some) => one.putBack(some, term)),
    mark: (orders, term) => mailbox.effects.mark(orders, term),
  };

  function through<T extends Ordered>(
    targets: readonly T[],
    ask: (effects: Effects, some: readonly T[]) => Promise<readonly Effect[]>,
  ): Promise<readonly Effect[]> {
    return apart(
      targets,
      ({ via }) => via !== undefined,
      (some) => ask(defender.effects, some),
      (some) => ask(mailbox.effects, some),
    );
  }

  const excerpts: Excerpts = {
    text: (target) =>
      isByDefenderAlone(target)
        ? Promise.resolve({ status: 'not read', detail: 'Defender does not tell how a mail begins', requestId: '' })
        : mailbox.excerpts.text(target),
  };
  const notTold = {
    status: 'denied',
    detail: 'Defender does not tell what a mail was sent as',
    requestId: '',
  } as const;
  const evidence: MailEvidence = {
    headers: async (target) => (isByDefenderAlone(target) ? notTold : mailbox.evidence.headers(target)),
    mime: async (target, mostBytes) => (isByDefenderAlone(target) ? notTold : mailbox.evidence.mime(target, mostBytes)),
  };
  return { reader, effects, excerpts, evidence };
}

/** Each half is asked at once, and answered in the order of all. */
async function apart<T, R>(
  all: readonly T[],
  isFirst: (one: T) => boolean,
  first: (some: readonly T[]) => Promise<readonly R[]>,
  second: (some: readonly T[]) => Promise<readonly R[]>,
): Promise<readonly R[]> {
  const [some, others] = [all.filter(isFirst), all.filter((one) => !isFirst(one))];
  if (some.length === 0) return second(others);
  if (others.length === 0) return first(some);
  const [a, b] = (await Promise.all([first(some), second(others)])).map((answers) => answers.values());
  return all.map((one) => {
    const { value } = (isFirst(one) ? a : b)?.next() ?? {};
    if (value === undefined) throw new Error('an adapter answered fewer than it was asked for');
    return value as R;
  });
}

/**
 * A mailbox that may be asked tells more of a copy than Defender: it is what a list says, with what Defender calls the same. Where
 * the mailbox gives no answer, Defender's word counts alone.
 */
async function locate(
  { mailbox, defender, terms }: Engines,
  addresses: readonly string[],
  wanted: Wanted,
): Promise<readonly Lookup[]> {
  const order = orderOf(terms);
  if (!order.includes('mailbox')) return defender.reader.locate(addresses, wanted);
  if (!order.includes('defender')) return mailbox.reader.locate(addresses, wanted);
  const [own, told] = await Promise.all([
    mailbox.reader.locate(addresses, wanted),
    defender.reader.locate(addresses, wanted),
  ]);
  return own.map((lookup, n) => together(lookup, told[n]));
}

const NO_ANSWER: ReadonlySet<Lookup['result']> = new Set(['denied', 'unreachable', 'failed']);

function together(own: Lookup, told: Lookup | undefined): Lookup {
  if (told?.result !== 'found') return own;
  if (NO_ANSWER.has(own.result)) return told;
  return { ...own, messages: own.messages.map((message) => withRefs(message, own, told)) };
}

/** Only where there is no doubt which of them is meant: one here and one there with this network id. */
function withRefs(message: FoundMessage, { mailbox, messages }: Lookup, told: Lookup): FoundMessage {
  const id = message.networkMessageId?.toLowerCase();
  const isSame = (one: FoundMessage) => one.networkMessageId?.toLowerCase() === id;
  if (id === undefined || messages.filter(isSame).length !== 1 || told.messages.filter(isSame).length !== 1)
    return message;
  const recipient = told.mailbox?.address ?? told.address;
  return { ...message, refs: refsOf({ networkMessageId: id, recipient }, mailbox?.address ?? '') };
}
