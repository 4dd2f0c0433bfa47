import { z } from 'zod';

/**
 * What the fields of an entry are made of. Every text says whether it is personal; `test/core/payloads.test.ts` refuses one
 * that says neither.
 *
 * Personal is what leads to somebody, also by guessing: names, object ids, accounts, mailboxes, addresses, who sent a mail
 * and its subject; Graph's id of a message, which holds the mailbox in it; what people wrote; texts of a service or of ours
 * that may quote any of these; and digests over them without a salt, because there are few people to try. A value that is
 * personal is sealed as a commitment and can be erased without a break in the chain.
 *
 * Not personal is what stays needed as proof and names nobody: times, counts, roles and seats, rules, actions and outcomes,
 * digests of lists and policies, ids of incidents, runs, tickets and requests, names of sources, finders, rooms and sets
 * that the configuration gives, and the Message-ID of a mail. That there is no value (null) shows in any case.
 */
type Kind = 'personal' | 'plain';
const KINDS = new WeakMap<z.ZodType, Kind>();

function text(kind: Kind): z.ZodString {
  const schema = z.string();
  KINDS.set(schema, kind);
  return schema;
}

export const personal = (): z.ZodString => text('personal');
export const plain = (): z.ZodString => text('plain');
export const kindOf = (schema: z.ZodType): Kind | null => KINDS.get(schema) ?? null;

export const listOf = <T extends z.ZodType>(one: T) => z.array(one).readonly();

/** Who is asked: so many people of each role. Earlier versions kept words; what cannot be read of them has a count of 0. */
export const seats = () => listOf(z.object({ role: plain(), count: z.number() }));

/** The people whose words made it so: object ids. */
export const people = () => listOf(personal());
