import type { Target } from '../../core/find/plan.ts';
import type { MarkOrder } from '../../ports/effects.ts';
import { seg } from '../microsoft/client.ts';
import type { InnerRequest } from './batch.ts';

/** What is asked of one message. */

export function messagePath({ mailbox, message }: Target): string {
  return `/users/${seg(mailbox.toLowerCase())}/messages/${seg(message)}`;
}

export function move(target: Target, destinationId: string): InnerRequest {
  return { operation: 'move', method: 'POST', path: `${messagePath(target)}/move`, body: { destinationId } };
}

export function permanentDelete(target: Target): InnerRequest {
  return { operation: 'permanentDelete', method: 'POST', path: `${messagePath(target)}/permanentDelete`, body: {} };
}

/** Categories and flag only: from 2026-12-31 Graph refuses changes to subject, body or recipients of received mail. */
export function setMarks(order: MarkOrder): InnerRequest {
  const { categories, flag } = order;
  const body = flag === null ? { categories } : { categories, flag: { flagStatus: flag } };
  return { operation: 'mark', method: 'PATCH', path: messagePath(order), body };
}
