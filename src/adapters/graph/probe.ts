import { z } from 'zod';
import {
  createGraphClient,
  type GraphClient,
  type GraphClientOptions,
  odata,
  query,
  seg,
} from '../microsoft/client.ts';
import { isGuid } from '../microsoft/ids.ts';
import { errorCode } from '../microsoft/said.ts';
import { isHidden, Seen } from './directory-wire.ts';

/** HTTP status and error code of one question; status 0: no answer came, and `code` says why. */
export interface Asked {
  readonly status: number;
  readonly code: string;
}

export interface PersonFacts extends Asked {
  /** Null: Graph did not say, as without User.Read.All. */
  readonly enabled: boolean | null;
  readonly guest: boolean | null;
}

interface GroupFacts extends Asked {
  /** Of users and groups alike. */
  readonly hasMembers: boolean;
  /** It shows its members only to who has Member.Read.Hidden. */
  readonly hidden: boolean;
}

export interface GraphFacts {
  readonly lookup: Asked;
  /** Null: not asked. */
  readonly hunting: Asked | null;
  /** Whether each table answers, by its name. Null: not asked. */
  readonly tables?: ReadonlyMap<string, Asked> | null;
  /** Whether Defender answers about a mail that does not exist. Null: not asked. */
  readonly defender: Asked | null;
  /** The mailbox that was read, null when nobody's was named. */
  readonly mailbox: ({ readonly address: string } & Asked) | null;
  /** By Entra object id. */
  readonly people: ReadonlyMap<string, PersonFacts>;
  /** By object id of the group. */
  readonly groups: ReadonlyMap<string, GroupFacts>;
  /** Whether Identity Protection answers about somebody; 404 is an answer too: not at risk. Null: not asked. */
  readonly risk: Asked | null;
  /** Date header of the answers, as Graph sent it. */
  readonly date: string | null;
}

export interface GraphQuestions {
  /** A harmless query; null: hunting is not asked. */
  readonly hunting: string | null;
  /** Harmless queries, by the table that each asks for; left out: none. */
  readonly tables?: ReadonlyMap<string, string> | null;
  /** Path of a harmless question to Defender; null: it is not asked. */
  readonly defender: string | null;
  /** Entra object ids. */
  readonly people: readonly string[];
  /** Whose inbox folder is asked for: its id, no mail. */
  readonly mailbox: string | null;
  /** Object ids of groups whose members will be asked for. */
  readonly groups: readonly string[];
  /** Somebody whom Identity Protection is asked about; null where it is not used. */
  readonly risk: string | null;
}

/** Graph takes 20 requests in one batch. */
const MOST_IN_BATCH = 20;
const NOBODY = 'clawback-doctor@invalid.example';
const Batch = z.object({
  responses: z.array(z.object({ id: z.string(), status: z.number(), body: z.unknown().optional() })),
});
const Person = z.object({ accountEnabled: z.boolean().nullish(), userType: z.string().nullish() });
const Members = z.object({ value: z.array(z.unknown()) });

type Answer = Asked & { readonly body: unknown };

interface ProbeOptions extends GraphClientOptions {
  readonly sleep: (ms: number) => Promise<void>;
}

/** Identity Protection takes one request a second from all apps of a tenant (learn.microsoft.com/graph/throttling-limits). */
const RISK_GAP_MS = 1_050;
const RISK_TRIES = 4;

/** Asks one harmless question per feature. Reads only; never throws for what Graph or the network answers. */
export async function probeGraph(options: ProbeOptions, questions: GraphQuestions): Promise<GraphFacts> {
  const client = createGraphClient(options);
  let date: string | null = null;
  const heard = (headers: Headers) => {
    date = headers.get('date') ?? date;
  };
  const people = questions.people.filter(isGuid);
  const groups = questions.groups.filter(isGuid);
  const { mailbox, risk } = questions;
  const lookupPath = `/users${query({ $filter: `userPrincipalName eq ${odata(NOBODY)}`, $select: 'id' })}`;
  const mailboxPath = mailbox === null ? null : `/users/${seg(mailbox)}/mailFolders/inbox${query({ $select: 'id' })}`;
  const riskPath = risk === null ? null : `/identityProtection/riskyUsers/${seg(risk)}`;
  const personPath = (id: string) => `/users/${seg(id)}${query({ $select: 'id,accountEnabled,userType' })}`;
  const groupPath = (id: string) => `/groups/${seg(id)}/transitiveMembers${query({ $select: 'id', $top: '1' })}`;
  const seenPath = (id: string) => `/groups/${seg(id)}${query({ $select: 'id,visibility' })}`;
  const groupPaths = groups.flatMap((id) => [groupPath(id), seenPath(id)]);
  const paths = [lookupPath, mailboxPath, questions.defender, ...people.map(personPath), ...groupPaths];
  const answers = await inBatches(
    client,
    paths.filter((path) => path !== null),
    heard,
  );
  const aboutRisk = async (path: string) => {
    for (let tries = 1; ; tries += 1) {
      const answer = asked((await inBatches(client, [path], heard)).get(path));
      if (answer.status !== 429 || tries === RISK_TRIES) return answer;
      await options.sleep(RISK_GAP_MS);
    }
  };
  const to = (path: string | null) => (path === null ? null : asked(answers.get(path)));
  const own = to(mailboxPath);
  return {
    lookup: to(lookupPath) ?? UNHEARD,
    hunting: questions.hunting === null ? null : await hunt(client, questions.hunting, heard),
    tables: questions.tables ? await huntAll(client, questions.tables, heard) : null,
    defender: to(questions.defender),
    mailbox: mailbox === null || !own ? null : { address: mailbox, ...own },
    people: new Map(people.map((id) => [id, personIn(answers.get(personPath(id)))])),
    groups: new Map(groups.map((id) => [id, groupIn(answers.get(groupPath(id)), answers.get(seenPath(id)))])),
    risk: riskPath === null ? null : await aboutRisk(riskPath),
    date,
  };
}

const UNHEARD: Asked = { status: 0, code: 'no answer' };

function asked(answer: Answer | undefined): Asked {
  return answer ? { status: answer.status, code: answer.code } : UNHEARD;
}

function personIn(answer: Answer | undefined): PersonFacts {
  const person = Person.safeParse(answer?.body).data;
  const userType = person?.userType?.toLowerCase();
  return {
    ...asked(answer),
    enabled: person?.accountEnabled ?? null,
    guest: userType ? userType !== 'member' : null,
  };
}

function groupIn(answer: Answer | undefined, seen: Answer | undefined): GroupFacts {
  const hidden = isHidden(Seen.safeParse(seen?.body).data ?? {});
  return { ...asked(answer), hasMembers: (Members.safeParse(answer?.body).data?.value.length ?? 0) > 0, hidden };
}

/** Path -> its answer. */
async function inBatches(client: GraphClient, paths: readonly string[], heard: (headers: Headers) => void) {
  const answers = new Map<string, Answer>();
  for (let from = 0; from < paths.length; from += MOST_IN_BATCH) {
    const some = paths.slice(from, from + MOST_IN_BATCH);
    const replies = await batch(client, some, heard);
    for (const [n, path] of some.entries()) answers.set(path, replies[n] ?? { ...UNHEARD, body: null });
  }
  return answers;
}

async function batch(
  client: GraphClient,
  paths: readonly string[],
  heard: (headers: Headers) => void,
): Promise<readonly Answer[]> {
  const requests = paths.map((url, n) => ({ id: String(n), method: 'GET', url }));
  try {
    const reply = await client.post('/$batch', { requests });
    heard(reply.headers);
    const parts = Batch.safeParse(reply.body).data?.responses;
    const whole = reply.status === 200 ? UNHEARD : { status: reply.status, code: errorCode(reply.body) };
    return paths.map((_, n): Answer => {
      const part = reply.status === 200 ? parts?.find(({ id }) => id === String(n)) : undefined;
      return part ? { status: part.status, code: errorCode(part.body), body: part.body } : { ...whole, body: null };
    });
  } catch (error) {
    return paths.map(() => ({ ...unanswered(error), body: null }));
  }
}

async function hunt(client: GraphClient, Query: string, heard: (headers: Headers) => void): Promise<Asked> {
  try {
    const reply = await client.post('/security/runHuntingQuery', { Query, Timespan: 'PT1H' });
    heard(reply.headers);
    return { status: reply.status, code: errorCode(reply.body) };
  } catch (error) {
    return unanswered(error);
  }
}

async function huntAll(client: GraphClient, tables: ReadonlyMap<string, string>, heard: (headers: Headers) => void) {
  const answers = new Map<string, Asked>();
  for (const [table, query] of tables) answers.set(table, await hunt(client, query, heard));
  return answers;
}

function unanswered(error: unknown): Asked {
  return { status: 0, code: error instanceof Error ? error.message : 'no answer' };
}
