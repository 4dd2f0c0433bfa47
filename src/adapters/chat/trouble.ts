import type { Desk } from '../../ports/desk.ts';
import type { AdapterLog } from './log.ts';

/** What somebody is told whose press broke here. */
export const BROKEN =
  'Clawback could not finish this. Nothing is certain until the card changes: look at the card, then try again.';

/** The chat itself vouches for it and we cannot read it: it belongs in the record. Never throws. */
export async function recordUnreadable(
  desk: Pick<Desk, 'refused'>,
  log: AdapterLog,
  where: string,
  what: string,
): Promise<void> {
  await desk
    .refused(where, what)
    .catch((error: unknown) => log.error({ err: error }, 'a refusal could not be recorded'));
}
