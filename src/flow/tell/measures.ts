import type { MeasureFacts } from '../../core/tell/measures-view.ts';
import type { Tx } from '../../ports/store.ts';
import type { Flow } from '../flow.ts';
import { brakeNow } from '../record/held.ts';
import { knownList } from '../record/measures.ts';
import type { FactSources } from './facts.ts';

/** What is known of a list of measures, for its card; null while it is not made, and where there is none. */
export async function measureFactsOf(
  flow: FactSources & Pick<Flow, 'measures'>,
  tx: Tx,
  id: string,
): Promise<MeasureFacts | null> {
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
    // Of what nobody can look at it is never said that it was done.
    openByHand: (made?.list.byHand ?? []).flatMap(({ line, isFound }) => {
      const isOver = isFound && found && !found.byHand.some((one) => one.line === line);
      return isOver ? [] : [line];
    }),
    brake: await brakeNow(tx),
    chatNames: flow.chatNames,
    now: flow.clock.now(),
  };
}
