import { type AboutPerson, type Containment, containmentOf } from '../../core/flag/contained.ts';
import { causesLookedAt, type Flag } from '../../core/flag/flag.ts';
import type { PeopleLook } from '../../core/intelligence/look.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { listsOf } from '../record/measures.ts';
import { record } from '../record/record.ts';
import { looksNow } from '../tell/people.ts';

/** Whether a flagged mailbox is contained, by what the record has of its cases. No service is asked. */

/** `calledAt`: when somebody called it so, or does now, ISO time. */
export async function containedNow(flow: Deciding, tx: Tx, flag: Flag, calledAt: string): Promise<Containment> {
  return containmentOf(flag, await aboutPerson(flow, tx, flag), calledAt, flow.clock.now());
}

async function aboutPerson(flow: Deciding, tx: Tx, flag: Flag): Promise<AboutPerson> {
  const lists: AboutPerson['lists'][number][] = [];
  const looks: PeopleLook[] = [];
  let differ = 0;
  for (const incident of causesLookedAt(flag).incidents) {
    for (const known of await listsOf(flow.hash, tx, incident)) {
      if (known.is === 'made') lists.push(known);
      if (known.is === 'changed') differ += 1;
    }
    const looked = await tx.ledger.find({ incident, types: ['people.looked'] });
    const known = await looksNow(flow, tx, incident, looked);
    if (known === 'differs') differ += 1;
    else looks.push(...(known ?? []));
  }
  return { lists: lists.toSorted((a, b) => (a.list.at < b.list.at ? -1 : 1)), differ, looks };
}

/** Of one that was called contained: what is seen of that by now, where it is something else than what was written down. */
export async function noteContained(flow: Deciding, tx: Tx, flag: Flag): Promise<void> {
  const { contained } = flag;
  if (flag.state !== 'contained' || !contained) return;
  const { seen, open, since } = await containedNow(flow, tx, flag, contained.at);
  if (seen === contained.seen && isSame(open, contained.open)) return;
  const detail = { flag: flag.id, roles: [], seen, open, since: seen ? since : null };
  await record(flow, tx, [{ type: 'flag.contained', incident: flag.incident, mailbox: flag.mailbox, detail }]);
}

function isSame(one: Containment['open'], other: Containment['open']): boolean {
  return one.length === other.length && one.every((point, n) => isPoint(point, other[n]));
}

type Point = Containment['open'][number];
const isPoint = (one: Point, other: Point | undefined) => one.kind === other?.kind && one.count === other.count;
