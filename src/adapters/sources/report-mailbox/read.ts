import { createHash } from 'node:crypto';
import type { ToldAlert } from '../../../core/find/alert-reader.ts';
import { rowOf } from '../../../core/find/vendor-row.ts';
import type { PulledItem } from '../../../ports/source.ts';
import { reportsIn } from '../../eml/reports.ts';
import { itemOf } from '../reading/item.ts';
import { textAt } from '../reading/payload.ts';
import { refused } from '../reading/understood.ts';

/**
 * A message of the mailbox: what Exchange lists of it, and its bytes as they were sent. Of those whom the reported mail names as
 * recipients nobody is known to have received it.
 */
export async function readReport(
  listed: unknown,
  bytes: Uint8Array,
  { mailbox, now }: { readonly mailbox: string; readonly now: string },
): Promise<readonly PulledItem[]> {
  const read = await reportsIn(Buffer.from(bytes), { source: `Reports to ${mailbox}`.slice(0, 80), now });
  return read.map((one, n) => {
    const id = `${nameOf(listed)}/${n + 1}`;
    if ('why' in one) return unread(listed, one.why, id);
    const alert: ToldAlert = { ...one.alert, delivered: [], row: rowOf(JSON.stringify(listed)) };
    return itemOf({ id, understood: { alert } });
  });
}

/** On record, and counted: nobody has to find out by themselves that a report came to nothing. */
export function unread(listed: unknown, why: string, id = nameOf(listed)): PulledItem {
  const subject = textAt(listed, 'subject');
  const named = subject === null ? 'without a subject' : `\u201c${subject.slice(0, 80).toWellFormed()}\u201d`;
  return itemOf({ id, understood: refused(`the report ${named}`, why) });
}

/** Its name in the mailbox is long, and says nothing to anybody. */
function nameOf(listed: unknown): string {
  return createHash('sha256')
    .update(textAt(listed, 'id') ?? '')
    .digest('hex')
    .slice(0, 32);
}
