import { z } from 'zod';
import { instantOf, isoOf } from '../../core/instant.ts';
import type { Fact, MailFacts } from '../../core/signal/facts.ts';
import type { MailThreads } from '../../ports/intelligence.ts';
import { createGraphClient, type GraphClientOptions, type Observed, odata, query } from '../microsoft/client.ts';
import { type InnerReply, isFine, targetProblem } from './answer.ts';
import { createBatcher } from './batch.ts';
import { boundaryOf, type HeaderLine } from './boundary.ts';
import { messagePath } from './requests.ts';
import { NETWORK_ID_HEADER } from './wire.ts';

/**
 * How one copy of a mail is written, and who was in its conversation before: learn.microsoft.com/graph/api/message-get and
 * user-list-messages. Its headers are asked of it alone; where earlier ones stand in their thread is a property that a list tells
 * (`conversationIndex`, learn.microsoft.com/graph/api/resources/message), so that no header of theirs is needed.
 */

interface ThreadOptions extends GraphClientOptions {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly observe?: (event: Observed) => void;
}

/** Nobody waits for it, and it keeps no worker for ever, milliseconds. */
const WITHIN_MS = 30_000;
/** A conversation that is longer has everybody who matters in these. */
const MOST_EARLIER = 50;
const MOST_IDS = 1_000;

const Party = z.object({
  emailAddress: z.object({ address: z.string().nullish(), name: z.string().nullish() }).nullish(),
});
type Party = z.infer<typeof Party>;
const Parties = z.array(Party).nullish();
const Message = z.object({
  conversationId: z.string().nullish(),
  receivedDateTime: z.string().nullish(),
  subject: z.string().nullish(),
  from: Party.nullish(),
  replyTo: Parties,
  toRecipients: Parties,
  ccRecipients: Parties,
  internetMessageHeaders: z.array(z.object({ name: z.string(), value: z.string().nullish() })).nullish(),
});
type Message = z.infer<typeof Message>;
const Earlier = Message.pick({ receivedDateTime: true, from: true, toRecipients: true, ccRecipients: true }).extend({
  conversationIndex: z.string().nullish(),
});
const Page = z.object({ value: z.array(Earlier) });

const FIELDS = 'conversationId,receivedDateTime,subject,from,replyTo,toRecipients,ccRecipients,internetMessageHeaders';
const EARLIER_FIELDS = 'receivedDateTime,from,toRecipients,ccRecipients,conversationIndex';

/** Throws ClawbackError 'config' for a base URL that is no https origin; after that nothing that Graph says makes it throw. */
export function createThreads(options: ThreadOptions): MailThreads {
  const { clock, ids, observe = () => {} } = options;
  const batcher = createBatcher({ client: createGraphClient(options), clock, ids, observe });
  const get = async <T>(mailbox: string, operation: string, path: string, shape: z.ZodType<T>): Promise<T | null> => {
    const until = clock() + WITHIN_MS;
    const request = { operation, method: 'GET', path } as const;
    const reply = await batcher.send(mailbox.toLowerCase(), request, { term: { left: () => until - clock() } });
    return isAnswer(reply) ? (shape.safeParse(reply.body).data ?? null) : null;
  };
  return {
    async of(copy) {
      if (targetProblem(copy) !== null) return null;
      const path = `${messagePath(copy)}${query({ $select: FIELDS })}`;
      const message = await get(copy.mailbox, 'thread', path, Message);
      if (!message) return null;
      const { conversationId, receivedDateTime } = message;
      const list = `/users/${copy.mailbox}/messages${query({
        $filter: `conversationId eq ${odata(conversationId ?? '')}`,
        $select: EARLIER_FIELDS,
        $top: String(MOST_EARLIER),
      })}`;
      const page = conversationId ? await get(copy.mailbox, 'conversation', list, Page) : null;
      const before = page?.value.filter(
        (one) => instantOf(one.receivedDateTime ?? '') < instantOf(receivedDateTime ?? ''),
      );
      const headers = headersOf(message);
      const { authentication, clientIp } = boundaryOf(headers);
      const at = isoOf(clock());
      return {
        mail: {
          ...factsIn(message, headers, at),
          authentication: authentication && { value: authentication, source: 'exchange', at },
        },
        clientIp,
        networkMessageId:
          headers
            .find(({ name }) => name === NETWORK_ID_HEADER)
            ?.value.trim()
            .toLowerCase() ?? null,
        earlier: before?.map((one) => ({ addresses: addressesOf(one), index: one.conversationIndex ?? null })) ?? null,
      };
    },
  };
}

function isAnswer(reply: InnerReply): reply is Extract<InnerReply, { kind: 'answer' }> {
  return reply.kind === 'answer' && isFine(reply.status);
}

const addressIn = ({ emailAddress }: Party) => emailAddress?.address ?? '';
const allIn = (parties: readonly Party[] | null | undefined) =>
  (parties ?? []).map(addressIn).filter((one) => one !== '');

function addressesOf({ from, toRecipients, ccRecipients }: z.infer<typeof Earlier>): readonly string[] {
  const all = [...(from ? allIn([from]) : []), ...allIn(toRecipients), ...allIn(ccRecipients)];
  return [...new Set(all.map((one) => one.toLowerCase()))];
}

/** In their order. */
function headersOf({ internetMessageHeaders }: Message): readonly HeaderLine[] {
  return (internetMessageHeaders ?? []).map(({ name, value }) => ({ name: name.toLowerCase(), value: value ?? '' }));
}

/** RFC 2369 and 2919. */
const LIST_HEADER = /^list-(?:id|help|subscribe|unsubscribe|post|owner|archive)$/;

/** What its sender wrote. */
function factsIn(message: Message, headers: readonly HeaderLine[], at: string): Omit<MailFacts, 'authentication'> {
  const told = <T>(value: T): Fact<T> => ({ value, source: 'mail', at });
  const { from, replyTo, toRecipients, ccRecipients, subject } = message;
  const address = from ? addressIn(from) : '';
  const headerOf = (wanted: string) => headers.find(({ name }) => name === wanted)?.value ?? null;
  const idsIn = (name: string) => (headerOf(name)?.match(/<[^<>\s]{1,998}>/g) ?? []).slice(0, MOST_IDS);
  // Of mail from inside Graph tells no headers: then nobody knows how it was written.
  const fromHeaders = <T>(value: T): Fact<T> | null => (headers.length === 0 ? null : told(value));
  return {
    from: address.includes('@') ? told({ address, name: from?.emailAddress?.name ?? null }) : null,
    replyTo: replyTo ? told(allIn(replyTo)) : null,
    recipients: toRecipients && ccRecipients ? told({ to: allIn(toRecipients), cc: allIn(ccRecipients) }) : null,
    subject: told(subject ?? ''),
    thread: fromHeaders({
      inReplyTo: idsIn('in-reply-to'),
      references: idsIn('references'),
      index: headerOf('thread-index') ?? headerOf('conversation-index'),
    }),
    kind: fromHeaders({
      list: headers.some(({ name }) => LIST_HEADER.test(name)),
      autoSubmitted: headerOf('auto-submitted'),
      contentType: headerOf('content-type'),
    }),
    quotedHeaders: null,
  };
}
