import { createHash } from 'node:crypto';
import { z } from 'zod';
import { addressKey } from '../../core/address.ts';
import { instantOf, isoOf } from '../../core/instant.ts';
import type { SourceAnswer } from '../../core/intelligence/asked.ts';
import type { Names, PeopleAnswer, PeopleQuestion, TenantLogs } from '../../ports/intelligence.ts';
import { query, seg } from '../microsoft/client.ts';
import { cloudOf } from '../microsoft/clouds.ts';
import { isGraphId } from '../microsoft/ids.ts';
import { type AuditRecord, changesIn, strangersAmong } from './audit-records.ts';
import { alone, answered, type LogTools, pathAfter, type Refused, refusedBy } from './log-asking.ts';
import { type LogOptions, logTools } from './sign-ins.ts';

/**
 * What was changed in mailboxes as the audit log of Microsoft 365 tells it, where hunting does not: a search that is ordered, runs for
 * minutes, and is read page by page (learn.microsoft.com/graph/api/security-auditcoreroot-post-auditlogqueries). One for all people of a look: to
 * name them would leave out what an administrator did to them, because the names are of whoever did it.
 */

export interface AuditSearchOptions extends LogOptions {
  readonly names: Names;
}

const QUERIES = '/security/auditLog/queries';
const LANE = 'audit search';
const OPERATIONS = [
  ...['New-InboxRule', 'Set-InboxRule', 'Enable-InboxRule', 'Disable-InboxRule', 'Remove-InboxRule'],
  ...['UpdateInboxRules', 'Set-Mailbox', 'Add-MailboxPermission', 'Remove-MailboxPermission'],
  ...['AddFolderPermissions', 'UpdateCalendarDelegation'],
];
/** Nobody waits for it longer than that: the look is taken again, and finds it done. */
const POLLS_MS = [5_000, 10_000];
/** A search that a look has left behind is taken up again for so long; later it would lack what came since. */
const TAKEN_UP_MS = 1_800_000;
/** Of at least 200 a day and tenant [learn: throttling-limits, security audit log query], so many for us. */
const MOST_A_DAY = 100;
const DAY_MS = 86_400_000;
/** learn.microsoft.com/purview/audit-log-retention-policies: without a further licence. */
const MEMORY_MS = 180 * DAY_MS;
/** Ours: pages of a size that nobody documents. */
const MOST_PAGES = 30;
const RUNNING = 'the search of the audit log is still running';

const Query = z.object({
  id: z.string().min(1),
  status: z.string().nullish(),
  isRecordCountLimitExceeded: z.boolean().nullish(),
});
type Query = z.infer<typeof Query>;
const Records = z.object({
  value: z.array(
    z.object({
      createdDateTime: z.string().nullish(),
      operation: z.string().nullish(),
      userId: z.string().nullish(),
      userPrincipalName: z.string().nullish(),
      clientIp: z.string().nullish(),
      objectId: z.string().nullish(),
      auditData: z.record(z.string(), z.unknown()).nullish(),
    }),
  ),
  '@odata.nextLink': z.string().optional(),
});

interface Memory {
  /** Searches that nobody has read yet, by what they are about. */
  readonly left: Map<string, { readonly id: string; readonly at: number }>;
  /** When searches were ordered. */
  ordered: readonly number[];
}

/** Throws ClawbackError 'config' for a base URL that is no https origin; after that nothing that Graph says makes it throw. */
export function auditSearch(options: AuditSearchOptions): TenantLogs {
  const tools = logTools(options);
  const cloud = cloudOf(options.baseUrl);
  const memory: Memory = { left: new Map(), ordered: [] };
  return {
    async ask(question) {
      if (cloud !== 'global' && cloud !== 'another')
        return refused(question, { is: 'not licensed', detail: 'Microsoft offers it only in its public cloud' });
      const key = createHash('sha256')
        .update(JSON.stringify([question.mailAt, question.people]))
        .digest('hex');
      const begun = await begunFor(tools, memory, key, question);
      if ('is' in begun) return refused(question, begun);
      const done = await doneOf(tools, begun);
      // What is under way is looked for again; whatever else became of it is over.
      if ('is' in done && done.detail !== RUNNING) memory.left.delete(key);
      if ('is' in done) return refused(question, done);
      const found = await recordsOf(tools, done);
      if ('is' in found) return refused(question, found);
      memory.left.delete(key);
      return answerOf(options.names, question, found, tools.clock());
    },
  };
}

async function begunFor(
  tools: LogTools,
  memory: Memory,
  key: string,
  { mailAt }: PeopleQuestion,
): Promise<{ readonly id: string } | Refused> {
  const now = tools.clock();
  for (const [name, { at }] of memory.left) if (now - at > TAKEN_UP_MS || at > now) memory.left.delete(name);
  const left = memory.left.get(key);
  if (left) return left;
  memory.ordered = memory.ordered.filter((at) => now - at < DAY_MS && at <= now);
  if (memory.ordered.length >= MOST_A_DAY) return { is: 'no answer', detail: 'asked as often as it may be' };
  memory.ordered = [...memory.ordered, now];
  const body = {
    displayName: 'Clawback: people who received a mail',
    filterStartDateTime: isoOf(Math.min(instantOf(mailAt), now)),
    filterEndDateTime: isoOf(now),
    operationFilters: OPERATIONS,
  };
  const reply = await tools.batcher.send(LANE, {
    operation: 'order audit search',
    method: 'POST',
    path: QUERIES,
    body,
  });
  const said = answered(reply, Query);
  if (said.is !== 'page') return said;
  if (!isGraphId(said.page.id)) return { is: 'no answer', detail: 'the answer names no search' };
  const begun = { id: said.page.id, at: now };
  memory.left.set(key, begun);
  return begun;
}

/** The search once it is done. */
async function doneOf(tools: LogTools, { id }: { readonly id: string }): Promise<Query | Refused> {
  for (let polls = 0; ; polls += 1) {
    const request = { operation: 'look at audit search', method: 'GET', path: `${QUERIES}/${seg(id)}` } as const;
    const reply = await tools.batcher.send(LANE, request);
    const said = answered(reply, Query);
    // It runs on, whoever asks to wait.
    if (said.is !== 'page') return reply.kind === 'answer' ? said : { is: 'no answer', detail: RUNNING };
    const { status } = said.page;
    if (status === 'succeeded') return said.page;
    if (status === 'failed' || status === 'cancelled') return { is: 'no answer', detail: `the search ${status}` };
    const waitMs = POLLS_MS[polls];
    if (waitMs === undefined) return { is: 'no answer', detail: RUNNING };
    await tools.sleep(waitMs);
  }
}

interface Found {
  readonly records: readonly AuditRecord[];
  readonly isAll: boolean;
}

async function recordsOf(tools: LogTools, { id, isRecordCountLimitExceeded }: Query): Promise<Found | Refused> {
  const records: AuditRecord[] = [];
  let path = `${QUERIES}/${seg(id)}/records${query({ $top: '1000' })}`;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const reply = await tools.batcher.send(LANE, { operation: 'read audit search', method: 'GET', path });
    const said = answered(reply, Records);
    if (said.is !== 'page') return reply.kind === 'answer' ? said : refusedBy(reply);
    records.push(...said.page.value);
    const next = pathAfter(tools.origin, said.page, path);
    const isEnd = said.page['@odata.nextLink'] === undefined;
    // A search can succeed without all of its records, and says so in a field of its own.
    if (next === null) return { records, isAll: isEnd && isRecordCountLimitExceeded !== true };
    path = next;
  }
  return { records, isAll: false };
}

async function answerOf(
  names: Names,
  question: PeopleQuestion,
  { records, isAll }: Found,
  now: number,
): Promise<PeopleAnswer> {
  const { people } = question;
  const own = await names.of(people);
  const known = new Map<string, string | null>([
    ...own,
    ...people.flatMap(({ id, address }) => [[addressKey(address), id] as const, [id, id] as const]),
  ]);
  const ids = new Set(people.map(({ id }) => id));
  for (const [name, id] of await names.called(strangersAmong(records, known)))
    if (!known.has(name)) known.set(name, ids.has(id) ? id : null);
  const { rows, count, unresolved } = changesIn(records, known, question.mailAt);
  // Whoever the directory did not name may be called otherwise in the records.
  const namesAll = people.every(({ id }) => own.has(id));
  const cut = !isAll || !namesAll || now - instantOf(question.mailAt) > MEMORY_MS;
  const answer: SourceAnswer = {
    ...{ source: 'mailbox events', is: 'answered', rows: count, cut, asked: people.length, detail: '' },
    only: 'changes',
  };
  return alone(unresolved > 0 ? { ...answer, unresolved } : answer, rows);
}

function refused({ people }: PeopleQuestion, { is, detail }: Refused): PeopleAnswer {
  return alone({ source: 'mailbox events', is, rows: 0, cut: false, asked: people.length, detail }, new Map());
}
