import { z } from 'zod';
import { errorCode, isGuid } from './answer.ts';
import { createGraphClient, type GraphClient, type GraphClientOptions, kql, odata, query, seg } from './client.ts';

/** HTTP status and error code of one question; status 0: no answer came, and `code` says why. */
export interface Asked {
  readonly status: number;
  readonly code: string;
}

export interface GraphFacts {
  readonly lookup: Asked;
  /** Null: not asked. */
  readonly hunting: Asked | null;
  /** The mailbox that was read, null when nobody's was named. */
  readonly mailbox: ({ readonly address: string } & Asked) | null;
  /** By Entra object id. */
  readonly people: ReadonlyMap<string, Asked>;
  /** Date header of the answers, as Graph sent it. */
  readonly date: string | null;
}

export interface GraphQuestions {
  readonly hunting: boolean;
  /** Entra object ids. */
  readonly people: readonly string[];
  /** Whose inbox folder is asked for: its id, no mail. */
  readonly mailbox: string | null;
}

/** Graph takes 20 requests in one batch. */
const MOST_IN_BATCH = 20;
const NOBODY = 'clawback-doctor@invalid.example';
const NO_MESSAGE = '00000000-0000-0000-0000-000000000000';
const Batch = z.object({
  responses: z.array(z.object({ id: z.string(), status: z.number(), body: z.unknown().optional() })),
});

/** Asks one harmless question per feature. Reads only; never throws for what Graph or the network answers. */
export async function probeGraph(options: GraphClientOptions, questions: GraphQuestions): Promise<GraphFacts> {
  const client = createGraphClient(options);
  let date: string | null = null;
  const heard = (headers: Headers) => {
    date = headers.get('date') ?? date;
  };
  const people = questions.people.filter(isGuid);
  const { mailbox } = questions;
  const paths = [
    `/users${query({ $filter: `userPrincipalName eq ${odata(NOBODY)}`, $select: 'id' })}`,
    ...(mailbox === null ? [] : [`/users/${seg(mailbox)}/mailFolders/inbox${query({ $select: 'id' })}`]),
    ...people.map((id) => `/users/${seg(id)}${query({ $select: 'id' })}`),
  ];
  const answers: Asked[] = [];
  for (let from = 0; from < paths.length; from += MOST_IN_BATCH) {
    answers.push(...(await batch(client, paths.slice(from, from + MOST_IN_BATCH), heard)));
  }
  const [lookup, ...rest] = answers;
  const own = mailbox === null ? null : rest.shift();
  return {
    lookup: lookup ?? UNHEARD,
    hunting: questions.hunting ? await hunt(client, heard) : null,
    mailbox: mailbox === null ? null : { address: mailbox, ...(own ?? UNHEARD) },
    people: new Map(people.map((id, n) => [id, rest[n] ?? UNHEARD])),
    date,
  };
}

const UNHEARD: Asked = { status: 0, code: 'no answer' };

async function batch(client: GraphClient, paths: readonly string[], heard: (headers: Headers) => void) {
  const requests = paths.map((url, n) => ({ id: String(n), method: 'GET', url }));
  try {
    const reply = await client.post('/$batch', { requests });
    heard(reply.headers);
    const parts = Batch.safeParse(reply.body).data?.responses;
    const whole = { status: reply.status, code: errorCode(reply.body) };
    if (reply.status !== 200 || !parts) return paths.map(() => (reply.status === 200 ? UNHEARD : whole));
    return paths.map((_, n): Asked => {
      const part = parts.find(({ id }) => id === String(n));
      return part ? { status: part.status, code: errorCode(part.body) } : UNHEARD;
    });
  } catch (error) {
    return paths.map(() => unanswered(error));
  }
}

/** The shape of the product's own query, about a message that cannot exist. */
async function hunt(client: GraphClient, heard: (headers: Headers) => void): Promise<Asked> {
  const Query = `EmailEvents | where Timestamp > ago(1h) | where NetworkMessageId == ${kql(NO_MESSAGE)} | distinct RecipientEmailAddress`;
  try {
    const reply = await client.post('/security/runHuntingQuery', { Query, Timespan: 'PT1H' });
    heard(reply.headers);
    return { status: reply.status, code: errorCode(reply.body) };
  } catch (error) {
    return unanswered(error);
  }
}

function unanswered(error: unknown): Asked {
  return { status: 0, code: error instanceof Error ? error.message : 'no answer' };
}
