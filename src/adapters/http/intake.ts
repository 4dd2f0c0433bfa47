import type { ToldAlert } from '../../core/find/alert-reader.ts';
import type { Delivery } from '../../core/find/source.ts';
import type { AskingBack, Push, Refused, SentHeaders, SentReceipt } from '../../ports/source.ts';
import { type Delivered as DeliveredTo, deliveriesTo, type SigningSource } from './delivery.ts';
import { type Limits, sendTooManyRefused } from './limits.ts';
import { sendAnswer } from './problem.ts';
import type { SignedHandler } from './server.ts';

/** Far above any alert we accept; checked before anything is parsed. */
export const MAX_ALERT_BYTES = 4 * 1024 * 1024;

/** A sender that waits for the answer does not wait for long. */
const COMPLETE_WITHIN_MS = 15_000;

export type TakeAlert = (
  alert: ToldAlert,
  delivery: Delivery,
) => Promise<
  | ({ readonly kind: 'accepted' | 'replayed' } & SentReceipt)
  | { readonly kind: 'reused'; readonly incident: string | null }
>;

export interface IntakeTenant {
  readonly name: string;
  readonly sources: readonly SigningSource[];
  readonly take: TakeAlert;
}

/**
 * Alerts of the sources of one vendor, who says what is signed, what it says, and how it is answered. Answered as taken only
 * when the alert is durable; the same delivery again hears what it was told first. Returns the code of a refusal for the
 * security log, or null.
 */
export function createIntake(
  push: Push,
  tenants: readonly IntakeTenant[],
  limits: Limits | null = null,
): SignedHandler {
  const verified = deliveriesTo(push, tenants, MAX_ALERT_BYTES);
  return async (req, res, wait = null) => {
    const refuse = (refused: Refused): string => {
      sendAnswer(res, push.answerBack.refused(refused));
      return refused.why;
    };
    const delivered = await verified(req);
    if ('why' in delivered) return wait === null ? refuse(delivered) : sendTooManyRefused(res, wait);
    const { tenant, delivery } = delivered;
    const seconds = (await limits?.alert(tenant.name, delivery.source.name, delivery.id)) ?? null;
    if (seconds !== null) return refuse({ why: 'too-many', seconds });
    const understood = await understand(push, delivered, req.headers);
    if ('why' in understood) return refuse(understood);
    const receipt = await tenant.take(understood.alert, delivery);
    if (receipt.kind === 'reused') return refuse({ why: 'reused', incident: receipt.incident });
    await takeMore(delivered, understood.more ?? []);
    sendAnswer(res, push.answerBack.received(receipt));
    return receipt.kind === 'replayed' ? 'replayed' : null;
  };
}

type Delivered = DeliveredTo<IntakeTenant>;

function understand(push: Push, { tenant, bytes, delivery }: Delivered, headers: SentHeaders) {
  const known = { now: new Date().toISOString(), id: delivery.id };
  if (!push.complete) return push.toAlert(bytes, known, headers);
  return push.complete(askingBack(tenant, delivery), bytes, known, AbortSignal.timeout(COMPLETE_WITHIN_MS));
}

/** Each is a sending of its own: what was taken in before a break is the same when it comes again. */
async function takeMore({ tenant, delivery }: Delivered, alerts: readonly ToldAlert[]): Promise<void> {
  for (const [n, alert] of alerts.entries()) await tenant.take(alert, { ...delivery, id: `${delivery.id}#${n + 2}` });
}

function askingBack({ sources }: IntakeTenant, { source }: Delivery): AskingBack {
  const own = sources.find((one) => one.source.name === source.name);
  return { url: own?.url ?? null, secrets: own?.secrets ?? [] };
}
