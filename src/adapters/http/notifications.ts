import { z } from 'zod';
import { readBody } from './body.ts';
import { sendTooManyRefused } from './limits.ts';
import { sendAnswer, sendProblem } from './problem.ts';
import type { SignedHandler } from './server.ts';

/** What Microsoft Graph tells of a mailbox [learn.microsoft.com/graph/change-notifications-delivery-webhooks]. */

/** As far as anything is read of it. */
export interface HeardNotification {
  readonly subscription: string;
  readonly clientState: string;
  /** 'missed', 'subscriptionRemoved', 'reauthorizationRequired'; null for news of the mailbox. */
  readonly lifecycle: string | null;
}

/** One address for all mailboxes: what is told says which of them it is. */
export const NOTIFIED_AT = '/intake/graph';

/** Far above any notification without contents. */
const MOST_BYTES = 262_144;
const MOST_AT_ONCE = 1_000;
/** Each that is not the same as one before costs a look at what is kept; more mailboxes than these are not told of at once. */
const MOST_DIFFERENT = 20;
const Body = z.object({
  value: z
    .array(
      z.object({
        subscriptionId: z.string().max(200),
        clientState: z.string().max(128).nullish(),
        lifecycleEvent: z.string().max(60).nullish(),
      }),
    )
    .max(MOST_AT_ONCE),
});
const NOT_OURS = 'unknown-subscription';

/**
 * Whoever asks whether this address wants to be told gets back what they asked with, as text: it proves nothing and gives
 * nothing. What is told counts only with the words that were agreed on, and only as a reason to look. `hear`: false for what is
 * nobody's here.
 */
export function notificationRoute(hear: (one: HeardNotification) => Promise<boolean>): SignedHandler {
  return async (req, res, wait = null) => {
    const asked = wait === null ? tokenIn(req.url ?? '') : null;
    if (asked !== null) {
      const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };
      sendAnswer(res, { status: 200, headers, body: asked });
      return null;
    }
    const bytes = await readBody(req, MOST_BYTES);
    const told = bytes === null ? null : toldIn(bytes);
    const isKnown = told !== null && (await anyKnown(hear, told));
    if (!isKnown && wait !== null) return sendTooManyRefused(res, wait);
    if (told === null) return refuse(res);
    // The same answer to everybody: who guesses learns nothing.
    sendAnswer(res, { status: 202, headers: {}, body: '' });
    return isKnown ? null : NOT_OURS;
  };
}

async function anyKnown(
  hear: (one: HeardNotification) => Promise<boolean>,
  told: z.infer<typeof Body>['value'],
): Promise<boolean> {
  let isKnown = false;
  const different = new Map(
    told.map(({ subscriptionId: subscription, clientState, lifecycleEvent }) => {
      const one = { subscription, clientState: clientState ?? '', lifecycle: lifecycleEvent ?? null };
      return [JSON.stringify(one), one] as const;
    }),
  );
  // The rest is looked for within the minute: whoever guesses must not have us look a thousand times for one request.
  for (const one of [...different.values()].slice(0, MOST_DIFFERENT)) {
    const heard = await hear(one);
    isKnown ||= heard;
  }
  return isKnown;
}

function refuse(res: Parameters<SignedHandler>[1]): string {
  const detail = 'Only notifications of Microsoft Graph are taken here.';
  sendProblem(res, { status: 400, type: 'invalid-notification', title: 'This is no notification', detail });
  return 'invalid-notification';
}

/** Sent back only where nothing in it could be anything else than text. */
function tokenIn(url: string): string | null {
  const token = new URL(url, 'http://local').searchParams.get('validationToken');
  return token !== null && token.length <= 2_000 && /^[\x20-\x7e]+$/.test(token) ? token : null;
}

function toldIn(bytes: Buffer): z.infer<typeof Body>['value'] | null {
  try {
    return Body.parse(JSON.parse(bytes.toString('utf8'))).value;
  } catch {
    return null;
  }
}
