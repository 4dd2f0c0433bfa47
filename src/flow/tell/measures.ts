import type { MeasureList } from '../../core/find/measure-list.ts';
import { standOf } from '../../core/record/measures-now.ts';
import type { ListStands } from '../../core/tell/measure-state.ts';
import type { MeasureFacts } from '../../core/tell/measures-view.ts';
import type { Tx } from '../../ports/store.ts';
import type { Flow } from '../flow.ts';
import { brakeNow } from '../record/held.ts';
import { knownList, listsOf } from '../record/measures.ts';

/** What is asked for it. */
type Sources = Pick<Flow, 'tenant' | 'clock' | 'hash' | 'chatNames' | 'measures'>;

/** What is known of a list of measures, for its card; null while it is not made, and where there is none. */
export async function measureFactsOf(flow: Sources, tx: Tx, id: string): Promise<MeasureFacts | null> {
  const known = await knownList(flow.hash, tx, id);
  if (known.is === 'none' || known.is === 'wanted') return null;
  const isMarked = (await tx.incidents.breach(known.stored.incident)) !== null;
  const made = known.is === 'made' && !isMarked ? known : null;
  const found =
    made && made.list.byHand.length > 0 ? await flow.measures?.findings?.of(tx, known.stored.incident) : null;
  return {
    tenantName: flow.tenant.name,
    id,
    incident: known.stored.incident,
    made,
    openByHand: openIn(made?.list.byHand ?? [], found ?? null),
    brake: await brakeNow(tx),
    chatNames: flow.chatNames,
    now: flow.clock.now(),
  };
}

/** Of what nobody can look at it is never said that it was done. */
function openIn(byHand: MeasureList['byHand'], found: { readonly byHand: MeasureList['byHand'] } | null) {
  const isOver = ({ line, isFound }: MeasureList['byHand'][number]) =>
    isFound && found !== null && !found.byHand.some((one) => one.line === line);
  return byHand.filter((one) => !isOver(one)).map(({ line }) => line);
}

/** The lists of an incident, for a line on its card. */
export async function listStands(
  flow: Pick<Flow, 'clock' | 'hash'>,
  tx: Tx,
  incident: string,
): Promise<readonly ListStands[]> {
  const lists = await listsOf(flow.hash, tx, incident);
  return lists.flatMap((known): readonly ListStands[] => {
    if (known.is === 'none' || known.is === 'wanted') return [];
    if (known.is === 'changed') return [{ id: known.stored.id, made: null }];
    const { list, account } = known;
    // Without a look at the findings nothing of it is over.
    const openByHand = list.byHand.length;
    return [{ id: list.id, made: { list, account, stand: standOf(list, account, flow.clock.now()), openByHand } }];
  });
}
