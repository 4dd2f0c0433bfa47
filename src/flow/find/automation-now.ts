import type { AutomationList } from '../../core/find/automation.ts';
import type { Finding } from '../flow.ts';
import { listAsRecorded } from '../record/automation.ts';
import { type Asked, listAutomation } from './automation.ts';

const WEEK_MS = 7 * 86_400_000;

/** For whoever sits at this machine: asked now, and the newest list of the last week. */
export async function automationForOperator(flow: Finding): Promise<{
  readonly asked: Asked;
  readonly list: AutomationList | null;
  readonly changed: readonly string[];
}> {
  const asked = await listAutomation(flow, 'now');
  const since = new Date(Date.parse(flow.clock.now()) - WEEK_MS).toISOString();
  return flow.store.transact(async (tx) => {
    const changed: string[] = [];
    let list: AutomationList | null = null;
    for (const id of await tx.automation.since(since)) {
      const read = await listAsRecorded(flow.hash, tx, id);
      if (read === 'changed') changed.push(id);
      else list = read ?? list;
    }
    return { asked, list, changed };
  });
}
