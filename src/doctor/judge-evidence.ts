import type { Tenant } from '../config/schema.ts';
import { type Finding, ok, warn } from './finding.ts';

/** Whether anything is kept of a mail itself. Whether it can be read shows with the mailboxes: it takes no other permission. */
export function judgeEvidence({ evidence }: Pick<Tenant, 'evidence'>): Finding {
  const { on, mime, days } = evidence;
  if (!on)
    return warn('evidence', 'nothing is kept of a mail itself', 'set evidence.on in clawback.yaml to keep its headers');
  const what = mime ? 'its headers, and the whole message encrypted,' : 'its headers, and not the whole message,';
  return ok('evidence', `of each mail ${what} are kept for ${days} days`);
}
