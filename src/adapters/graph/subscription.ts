import { z } from 'zod';
import type { GraphChanging } from '../../ports/source.ts';

/** What Exchange tells of new messages in one mailbox [learn.microsoft.com/graph/api/resources/subscription]. */

export interface Wanted {
  /** Of the mailbox that is watched. */
  readonly mailbox: string;
  /** Where it is told, news of the subscription itself included. */
  readonly url: string;
  /** Comes back with everything that is told: at most 128 characters. */
  readonly clientState: string;
  /** ISO time at which it ends unless it is renewed: at most 4,230 minutes from now. */
  readonly until: string;
}

export type Subscribed =
  | { readonly kind: 'held'; readonly id: string; readonly until: string }
  /** There is none of this id any more. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly why: string };

const Answer = z.object({ id: z.string().min(1).max(200), expirationDateTime: z.iso.datetime({ offset: true }) });

/** Made anew: while it is, Exchange asks `url` whether it wants this. Never throws for what the service says. */
export function subscribe(graph: GraphChanging, { mailbox, url, clientState, until }: Wanted): Promise<Subscribed> {
  return asked(() =>
    graph.change('POST', '/subscriptions', {
      changeType: 'created',
      notificationUrl: url,
      lifecycleNotificationUrl: url,
      resource: `users/${mailbox}/messages`,
      expirationDateTime: until,
      clientState,
    }),
  );
}

/** Goes on until then. */
export function renew(graph: GraphChanging, id: string, until: string): Promise<Subscribed> {
  const path = `/subscriptions/${encodeURIComponent(id)}`;
  return asked(() => graph.change('PATCH', path, { expirationDateTime: until }));
}

async function asked(ask: () => ReturnType<GraphChanging['change']>): Promise<Subscribed> {
  try {
    const { status, body } = await ask();
    if (status === 404) return { kind: 'gone' };
    if (status !== 200 && status !== 201) return { kind: 'failed', why: whyOf(status) };
    const told = Answer.safeParse(body).data;
    if (!told) return { kind: 'failed', why: 'Microsoft Graph does not say which subscription it made' };
    return { kind: 'held', id: told.id, until: told.expirationDateTime };
  } catch (error) {
    return {
      kind: 'failed',
      why: `no answer: ${error instanceof Error ? error.message.slice(0, 120) : 'no reason given'}`,
    };
  }
}

function whyOf(status: number): string {
  if (status === 400) return 'Microsoft Graph refuses it (400): does it reach listen.publicUrl from outside?';
  return status === 401 || status === 403
    ? `Microsoft Graph refuses it (${status}): the mailbox may not be read`
    : `Microsoft Graph answers with ${status}`;
}
