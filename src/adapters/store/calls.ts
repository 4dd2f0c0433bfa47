import { type Selectable, sql, type Transaction } from 'kysely';
import type { CallStep, Calls } from '../../ports/calls.ts';
import type { Platform } from '../../ports/rooms.ts';
import type { Tables } from './schema.ts';

type Row = Selectable<Tables['called']>;

/** A message has a room, and a call a person: one row each, and the same one for whoever wants to do it again. */
const roomOf = (platform: Platform) => `room ${platform}`;
const personOf = (id: string) => `person ${id}`;

export function callsOf(trx: Transaction<Tables>, tenant: string): Calls {
  async function add(rows: readonly Row[]): Promise<ReadonlySet<string>> {
    if (rows.length === 0) return new Set();
    const added = await trx
      .insertInto('called')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .returning('who')
      .execute();
    return new Set(added.map(({ who }) => who));
  }

  return {
    async take({ incident, question, step }, platform, people, at) {
      const whos = [roomOf(platform), ...new Set(people.map(personOf))].sort();
      const added = await add(whos.map((who) => ({ tenant, incident, question, step, who, platform, at })));
      return {
        message: added.has(roomOf(platform)),
        people: [...new Set(people)].filter((person) => added.has(personOf(person))),
      };
    },

    async giveBack(step, platform, { message, people }) {
      const whos = [...(message ? [roomOf(platform)] : []), ...people.map(personOf)];
      if (whos.length === 0) return;
      await of(trx, tenant, step).where('platform', '=', platform).where('who', 'in', whos).execute();
    },

    async acted(person, platform, at) {
      await trx
        .insertInto('acted')
        .values({ tenant, person, platform, at })
        .onConflict((conflict) =>
          conflict.columns(['tenant', 'person']).doUpdateSet({ platform, at }).where('acted.at', '<=', at),
        )
        .execute();
    },

    async lastActed(people) {
      if (people.length === 0) return new Map();
      const { rows } = await sql<{ person: string; platform: Platform }>`
        select person, platform from acted where tenant = ${tenant} and person = any(${[...people]}::text[])`.execute(
        trx,
      );
      return new Map(rows.map(({ person, platform }) => [person, platform]));
    },
  };
}

function of(trx: Transaction<Tables>, tenant: string, { incident, question, step }: CallStep) {
  return trx
    .deleteFrom('called')
    .where('tenant', '=', tenant)
    .where('incident', '=', incident)
    .where('question', '=', question)
    .where('step', '=', step);
}
