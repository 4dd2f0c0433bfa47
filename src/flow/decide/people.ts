import { instantOf } from '../../core/instant.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { factsOf } from '../tell/facts.ts';
import { type Decided, type Ready, said } from './decision.ts';

/** Who reads an older one is told so, and another look is taken meanwhile. */
const FRESH_MS = 900_000;

/** What was found out about the people of an incident. An older look is taken anew: whoever presses sees that one by pressing again. */
export async function showPeople(flow: Deciding, tx: Tx, { incident }: Ready): Promise<Decided> {
  const facts = await factsOf(flow, tx, incident.id);
  const people = facts?.people ?? null;
  if (people?.is !== 'looked') return { refusal: { code: 'not-shown' } };
  const { look } = people;
  const now = flow.clock.now();
  const again = flow.looksAtPeople === true && instantOf(now) - instantOf(look.at) > FRESH_MS;
  const list = incident.planDigest;
  if (again && list !== null) {
    const { length: nth } = await tx.looks.of(incident.id);
    await tx.jobs.send({ queue: 'people', incident: incident.id, list, because: 'asked', nth, tries: 0 });
  }
  const counts = await tx.looks.counts();
  const shown = {
    code: 'people-shown',
    incident: incident.id,
    look,
    counts,
    now,
    again: again && list !== null,
  } as const;
  return facts?.containable
    ? { kind: 'people', answer: shown, incident: incident.id, digest: list ?? '' }
    : said(shown);
}
