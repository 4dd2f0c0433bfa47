import { createHash } from 'node:crypto';
import type { PulledItem, ReadMail } from '../../../ports/source.ts';

/**
 * What was read, as a sending of its own: the same words of the same mail are the same, and other words are another. What
 * changes each time it is asked, the row that is only kept, and findings, of which a repeated alert adds none, are no words:
 * among them is what we have told the vendor ourselves.
 */
export function itemOf({ id, understood }: ReadMail): PulledItem {
  const body = JSON.stringify(
    'alert' in understood ? { ...understood.alert, row: null, detectedAt: null, findings: null } : understood,
  );
  const words = createHash('sha256').update(body).digest('hex').slice(0, 16);
  return { id: `${id}#${words}`, body, understood };
}
