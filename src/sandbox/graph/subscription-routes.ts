import { randomUUID } from 'node:crypto';
import type { TenantChange } from '../tenant/types.ts';
import { badRequest, fail, type Json, ok, problem, type Reply } from './reply.ts';
import type { Route, Service, Task } from './types.ts';

/**
 * learn.microsoft.com/graph/api/subscription-post-subscriptions, -update: new messages of one mailbox, for less than three
 * days. Whoever is to be told is asked first, and has to send the token back as plain text
 * [learn.microsoft.com/graph/change-notifications-delivery-webhooks].
 */

const READ = ['Mail.Read', 'Mail.ReadBasic.All'];
const LONGEST_MS = 4_230 * 60_000;
const HOUR_MS = 3_600_000;
const ASKED_FOR_MS = 10_000;
const MOST_STATE = 128;

export const SUBSCRIPTION_ROUTES: readonly Route[] = [
  {
    operation: 'subscribe',
    method: 'POST',
    pattern: ['subscriptions'],
    outlook: false,
    roles: READ,
    handle: subscribe,
    after: confirmed,
  },
  {
    operation: 'renewSubscription',
    method: 'PATCH',
    pattern: ['subscriptions', ':subscription'],
    outlook: false,
    roles: READ,
    handle: renew,
  },
];

function subscribe({ service, json }: Task): Reply {
  const { changeType, notificationUrl, lifecycleNotificationUrl, resource, expirationDateTime, clientState } = json();
  if (changeType !== 'created') badRequest("Only 'created' is simulated.");
  const address = /^\/?users\/([^/]+)\/messages$/i.exec(String(resource))?.[1] ?? '';
  const user = service.tenant.userByKey(decodeURIComponent(address));
  if (!user) return fail(404, 'ResourceNotFound', 'Resource could not be discovered.');
  if (typeof clientState !== 'string' || clientState.length > MOST_STATE) badRequest('clientState is too long.');
  const until = untilIn(service, expirationDateTime);
  if (until - service.clock() > HOUR_MS && typeof lifecycleNotificationUrl !== 'string')
    badRequest('lifecycleNotificationUrl is a required property for subscriptions that last longer than one hour.');
  const subscription = {
    id: randomUUID(),
    ...{ changeType, notificationUrl, lifecycleNotificationUrl, resource, clientState },
    expirationDateTime: new Date(until).toISOString(),
    userId: user.id,
  };
  return ok(subscription, 201);
}

function untilIn({ clock }: Service, given: unknown): number {
  const until = Date.parse(String(given));
  if (Number.isNaN(until) || until <= clock()) badRequest('Subscription expiration has to lie in the future.');
  if (until - clock() > LONGEST_MS) badRequest('Subscription expiration can only be 4230 minutes in the future.');
  return until;
}

async function confirmed(service: Service, reply: Reply): Promise<Reply> {
  const { userId, ...subscription } = reply.body as Json & { userId: string };
  const token = `Validation: Testing client application reachability for subscription Request-Id: ${randomUUID()}`;
  const url = `${subscription['notificationUrl']}?validationToken=${encodeURIComponent(token)}`;
  const answer = await fetch(url, { method: 'POST', signal: AbortSignal.timeout(ASKED_FOR_MS) }).catch(() => null);
  const isPlain = answer?.headers.get('content-type')?.startsWith('text/plain') === true;
  if (answer?.status !== 200 || !isPlain || (await answer.text()) !== token)
    return problem(
      400,
      'ValidationError',
      'Subscription validation request failed. Notification endpoint must respond.',
    );
  service.subscriptions.set(String(subscription['id']), { ...subscription, userId });
  return { ...reply, body: subscription };
}

function renew({ service, params, json }: Task): Reply {
  const known = live(service, params['subscription'] ?? '');
  if (!known) return fail(404, 'ResourceNotFound', 'The object was not found.');
  known['expirationDateTime'] = new Date(untilIn(service, json()['expirationDateTime'])).toISOString();
  const { userId: _own, ...subscription } = known;
  return ok(subscription);
}

function live({ subscriptions, clock }: Service, id: string): Json | null {
  const known = subscriptions.get(id);
  return known && Date.parse(String(known['expirationDateTime'])) > clock() ? known : null;
}

/** One attempt: what is not heard is lost, which is why somebody looks as well. */
export function tellSubscribers(service: Service, { kind, userId, messageId }: TenantChange): void {
  if (kind !== 'delivered') return;
  for (const id of service.subscriptions.keys()) {
    const known = live(service, id);
    if (known?.['userId'] !== userId) continue;
    const resource = `Users/${userId}/Messages/${messageId}`;
    void post(known['notificationUrl'], { ...told(known), changeType: 'created', resource });
  }
}

/** learn.microsoft.com/graph/change-notifications-lifecycle-events. */
export function tellLifecycle(known: Json, lifecycleEvent: string): Promise<void> {
  return post(known['lifecycleNotificationUrl'], { ...told(known), lifecycleEvent });
}

const told = ({ id, clientState, expirationDateTime }: Json): Json => ({
  subscriptionId: id,
  clientState,
  subscriptionExpirationDateTime: expirationDateTime,
});

async function post(url: unknown, value: Json): Promise<void> {
  const body = JSON.stringify({ value: [value] });
  const headers = { 'content-type': 'application/json' };
  await fetch(String(url), { method: 'POST', headers, body, signal: AbortSignal.timeout(ASKED_FOR_MS) }).catch(
    () => null,
  );
}
