import type { MeasureList } from '../../core/find/measure-list.ts';
import { standOf } from '../../core/record/measures-now.ts';
import type { ListStands } from '../../core/tell/measure-state.ts';
import type { MeasureFacts } from '../../core/tell/measures-view.ts';
import type { Answers } from '../../ports/measure-findings.ts';
import type { Tx } from '../../ports/store.ts';
import type { Containing, Flow } from '../flow.ts';
import { brakeNow } from '../record/held.ts';
import { knownList, listsOf } from '../record/measures.ts';

/** What is asked for it. */
type Sources = Pick<Flow, 'tenant' | 'clock' | 'hash' | 'chatNames'> & Containing;

/** What is known of a list of measures, for its card; null while it is not made, and where there is none. */
export async function measureFactsOf(flow: Sources, tx: Tx, id: string): Promise<MeasureFacts | null> {
  const known = await knownList(flow.hash, tx, id);
  if (known.is === 'none' || known.is === 'wanted') return null;
  const isMarked = (await tx.incidents.breach(known.stored.incident)) !== null;
  const made = known.is === 'made' && !isMarked ? known : null;
  return {
    tenantName: flow.tenant.name,
    id,
    incident: known.stored.incident,
    made,
    openByHand: made ? await openByHand(flow, tx, made.list) : [],
    brake: await brakeNow(tx),
    chatNames: flow.chatNames,
    now: flow.clock.now(),
  };
}

/** Lines for an administrator that are open as far as the newest look can tell. */
export async function openByHand(
  { measures }: Containing,
  tx: Tx,
  { byHand, incident }: Pick<MeasureList, 'byHand' | 'incident'>,
): Promise<readonly string[]> {
  const found = byHand.length > 0 ? await measures?.findings?.of(tx, incident) : null;
  return openIn(byHand, found ?? null);
}

/** Of what nobody can look at it is never said that it was done. */
function openIn(byHand: MeasureList['byHand'], found: Pick<Answers, 'byHand'> | null) {
  const isOver = ({ line, isFound }: MeasureList['byHand'][number]) =>
    isFound && found !== null && !found.byHand.some((one) => one.line === line);
  return byHand.filter((one) => !isOver(one)).map(({ line }) => line);
}

/** The lists of an incident, for a line on its card. `found`: what the newest look names; null where nobody has looked. */
export async function listStands(
  flow: Pick<Flow, 'clock' | 'hash'>,
  tx: Tx,
  incident: string,
  found: Pick<Answers, 'byHand'> | null,
): Promise<readonly ListStands[]> {
  const lists = await listsOf(flow.hash, tx, incident);
  return lists.flatMap((known): readonly ListStands[] => {
    if (known.is === 'none' || known.is === 'wanted') return [];
    if (known.is === 'changed') return [{ id: known.stored.id, made: null }];
    const { list, account } = known;
    const openByHand = openIn(list.byHand, found).length;
    return [{ id: list.id, made: { list, account, stand: standOf(list, account, flow.clock.now()), openByHand } }];
  });
}
