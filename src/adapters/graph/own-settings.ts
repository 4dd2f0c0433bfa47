import { z } from 'zod';
import type { SourceAnswer } from '../../core/intelligence/asked.ts';
import type { Person } from '../../core/intelligence/facts.ts';
import type { GrantNow, OwnAnswer, OwnSettings, RuleNow } from '../../ports/intelligence.ts';
import {
  createGraphClient,
  type GraphClientOptions,
  nextPath,
  type Observed,
  odata,
  query,
} from '../microsoft/client.ts';
import { isGuid } from '../microsoft/ids.ts';
import { type InnerReply, isFine } from './answer.ts';
import { createBatcher } from './batch.ts';

/** What the mailbox and the account of a few people say of themselves: a batch for all of them, asked once. */

interface OwnSettingsOptions extends GraphClientOptions {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly observe?: (event: Observed) => void;
}

/** Nobody waits for it, and it keeps no worker for ever, milliseconds. */
const WITHIN_MS = 30_000;

/** More pages of rules or grants than that are nobody's. */
const MOST_PAGES = 5;

const Recipients = z.array(z.object({ emailAddress: z.object({ address: z.string().nullish() }).nullish() })).nullish();
/** learn.microsoft.com/graph/api/resources/messageruleactions. */
const Actions = z.object({
  delete: z.boolean().nullish(),
  permanentDelete: z.boolean().nullish(),
  moveToFolder: z.string().nullish(),
  copyToFolder: z.string().nullish(),
  markAsRead: z.boolean().nullish(),
  forwardTo: Recipients,
  forwardAsAttachmentTo: Recipients,
  redirectTo: Recipients,
});
const Rule = z.object({
  id: z.string(),
  displayName: z.string().nullish(),
  isEnabled: z.boolean().nullish(),
  actions: Actions.nullish(),
});
const Rules = z.object({ value: z.array(Rule), '@odata.nextLink': z.string().optional() });
const Grant = z.object({ id: z.string(), clientId: z.string(), scope: z.string().nullish() });
const Grants = z.object({ value: z.array(Grant), '@odata.nextLink': z.string().optional() });

/** Throws ClawbackError 'config' for a base URL that is no https origin; after that nothing that Graph says makes it throw. */
export function createOwnSettings(options: OwnSettingsOptions): OwnSettings {
  const { clock, ids, observe = () => {} } = options;
  const client = createGraphClient(options);
  const batcher = createBatcher({ client, clock, ids, observe });
  async function all<T, V>(people: readonly Person[], ask: Asked<T, V>): Promise<OwnAnswer<V>> {
    const known = people.filter(({ id }) => isGuid(id));
    const until = clock() + WITHIN_MS;
    const term = { left: () => until - clock() };
    const seen = await Promise.all(known.map(({ id }) => pagesOf(id, ask, term)));
    return gathered(known, seen, ask);
  }
  /** Page by page: what is on a later one is there as well. */
  async function pagesOf<T, V>(id: string, ask: Asked<T, V>, term: { left(): number }): Promise<Pages<T>> {
    const rows: T[] = [];
    let path = ask.path(id);
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const reply = await batcher.send(id, { operation: ask.operation, method: 'GET', path }, { term });
      const page = pageIn(reply, ask);
      if (!page) return { rows: null, reply };
      rows.push(...page.value);
      const next = page['@odata.nextLink'];
      const after = next === undefined ? null : pathAfter(client.origin, next, path);
      if (after === null) return { rows: next === undefined ? rows : null, reply };
      path = after;
    }
    return { rows: null, reply: null };
  }
  return {
    rules: (people) => all(people, RULES),
    grants: (people) => all(people, GRANTS),
  };
}

interface Asked<T, V> {
  readonly source: SourceAnswer['source'];
  readonly operation: string;
  readonly path: (id: string) => string;
  readonly shape: z.ZodType<{ readonly value: readonly T[]; readonly '@odata.nextLink'?: string | undefined }>;
  readonly of: (value: T) => V;
}

/** learn.microsoft.com/graph/api/mailfolder-list-messagerules. */
const RULES: Asked<z.infer<typeof Rule>, RuleNow> = {
  source: 'mailbox rules',
  operation: 'rules',
  path: (id) => `/users/${id}/mailFolders/inbox/messageRules`,
  shape: Rules,
  of: ({ id, displayName, isEnabled, actions }) => ({
    ...{ id, name: displayName ?? '', isEnabled: isEnabled ?? true },
    ...(actions ? { does: doesIn(actions) } : {}),
  }),
};

function doesIn(actions: z.infer<typeof Actions>): NonNullable<RuleNow['does']> {
  const { forwardTo, forwardAsAttachmentTo, redirectTo } = actions;
  const to = [forwardTo, forwardAsAttachmentTo, redirectTo].flatMap((some) => some ?? []);
  return {
    deletes: actions.delete === true || actions.permanentDelete === true,
    moves: Boolean(actions.moveToFolder),
    copies: Boolean(actions.copyToFolder),
    marksRead: actions.markAsRead === true,
    sendsTo: to.flatMap(({ emailAddress }) => emailAddress?.address?.toLowerCase() ?? []),
  };
}

/** learn.microsoft.com/graph/api/oauth2permissiongrant-list. */
const GRANTS: Asked<z.infer<typeof Grant>, GrantNow> = {
  source: 'app grants',
  operation: 'grants',
  path: (id) => `/oauth2PermissionGrants${query({ $filter: `principalId eq ${odata(id)}` })}`,
  shape: Grants,
  of: ({ id, clientId, scope }) => ({ id, clientId, scopes: (scope ?? '').split(/\s+/).filter((one) => one !== '') }),
};

interface Pages<T> {
  /** Null where not all of them came: of a list that is not whole nobody says what is not on it. */
  readonly rows: readonly T[] | null;
  /** The last one; null where there were too many. */
  readonly reply: InnerReply | null;
}

function pathAfter(origin: string, link: string, path: string): string | null {
  try {
    return nextPath(origin, link, path);
  } catch {
    return null;
  }
}

function gathered<T, V>(people: readonly Person[], seen: readonly Pages<T>[], ask: Asked<T, V>): OwnAnswer<V> {
  const of = new Map(people.flatMap(({ id }, n) => (seen[n]?.rows ? [[id, seen[n].rows.map(ask.of)] as const] : [])));
  const failed = seen.flatMap(({ rows: all, reply }) => (all || !reply ? [] : [reply]));
  const isDenied = failed.length === people.length && failed.every(isRefusal);
  const rows = [...of.values()].reduce((sum, { length }) => sum + length, 0);
  const answer: SourceAnswer = {
    source: ask.source,
    is: of.size > 0 || people.length === 0 ? 'answered' : isDenied ? 'not permitted' : 'no answer',
    rows,
    // Who gave no answer is not known to have none.
    cut: of.size < people.length,
    asked: of.size,
    detail: failed.map(wordsOf).at(-1) ?? '',
  };
  return { answer, of };
}

function pageIn<T, V>(reply: InnerReply, { shape }: Asked<T, V>) {
  return reply.kind === 'answer' && isFine(reply.status) ? shape.safeParse(reply.body).data : undefined;
}

const isRefusal = (reply: InnerReply) => reply.kind === 'answer' && (reply.status === 403 || reply.status === 401);

function wordsOf(reply: InnerReply): string {
  if (reply.kind === 'answer') return `${reply.status} ${reply.code}`.trim();
  return reply.kind === 'throttled' ? 'asks to wait' : reply.detail;
}
