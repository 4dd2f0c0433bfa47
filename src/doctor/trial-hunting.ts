import { z } from 'zod';
import type { GraphClient } from '../adapters/microsoft/client.ts';
import { kql, odata, query } from '../adapters/microsoft/client.ts';
import { errorCode, retryAfterMs } from '../adapters/microsoft/said.ts';
import type { Judged } from './trial-beliefs.ts';
import { needed, StepFailed } from './trial-end.ts';
import type { Line } from './trial-line.ts';
import { mailbox } from './trial-own.ts';

/** A mail that somebody sent to the mailbox by hand: it is only looked for. */

export interface HuntOrder {
  readonly client: GraphClient;
  readonly line: Line;
  readonly user: string;
  readonly messageId: string;
  readonly forMs: number;
  readonly clock: () => number;
  readonly sleep: (ms: number, stop: AbortSignal) => Promise<void>;
}

const EVERY_MS = 30_000;
const LONGEST_PAUSE_MS = 300_000;
/** Clawback looks a second time after this, unless it is told otherwise. */
const BELIEVED_MS = 900_000;
const Delivered = z.object({ value: z.array(z.object({ receivedDateTime: z.string() })) });
const Rows = z.object({ results: z.array(z.unknown()) });

export async function untilHunted(order: HuntOrder, stop: AbortSignal): Promise<Judged[]> {
  const { line, user, messageId, forMs, clock, sleep } = order;
  const path = `${mailbox(user)}/messages${query({ $filter: `internetMessageId eq ${odata(messageId)}`, $select: 'receivedDateTime' })}`;
  const said = needed(
    'find the delivered mail',
    await line.ask({ step: 'find the delivered mail', method: 'GET', path }, stop),
  );
  const received = Date.parse(Delivered.parse(said.body).value[0]?.receivedDateTime ?? '');
  if (Number.isNaN(received))
    return [
      {
        belief: 'hunting',
        verdict: 'not tried',
        seen: 'the mailbox holds no mail with the Message-ID after --delivered',
      },
    ];
  const until = clock() + forMs;
  for (let asked = 1; ; asked += 1) {
    const look = await ask(order);
    const age = clock() - line.aheadMs() - received;
    if (look.found) return [shown(age, asked)];
    if (clock() >= until)
      return [
        {
          belief: 'hunting',
          verdict: age > BELIEVED_MS ? 'not so' : 'not tried',
          seen: `not there ${minutes(age)} after delivery, asked ${asked} times`,
        },
      ];
    await sleep(Math.max(EVERY_MS, look.waitMs), stop);
  }
}

function shown(age: number, asked: number): Judged {
  if (asked === 1 && age > BELIEVED_MS)
    return {
      belief: 'hunting',
      verdict: 'not tried',
      seen: `it was there at the first look, ${minutes(age)} after delivery: name a fresher mail`,
    };
  const when = asked === 1 ? 'at the first look' : `at look ${asked}`;
  return {
    belief: 'hunting',
    verdict: age <= BELIEVED_MS ? 'confirmed' : 'not so',
    seen: `there ${when}, ${minutes(age)} after delivery`,
  };
}

async function ask({ client, user, messageId, clock }: HuntOrder): Promise<{ found: boolean; waitMs: number }> {
  const Query = `EmailEvents | where Timestamp > ago(30d) | where InternetMessageId == ${kql(messageId)} | where RecipientObjectId == ${kql(user)} | project Timestamp`;
  const startedAt = clock();
  const reply = await client.post('/security/runHuntingQuery', { Query, Timespan: 'P30D' }).catch(() => null);
  const ms = clock() - startedAt;
  const status = reply?.status ?? 0;
  if (status === 429 || status === 503) {
    const told = reply?.headers.get('retry-after') ?? null;
    return { found: false, waitMs: Math.min(LONGEST_PAUSE_MS, told === null ? 0 : retryAfterMs(told, clock())) };
  }
  // One answer that does not come is no reason to end half an hour of asking.
  if (status === 0 || status >= 500) return { found: false, waitMs: 0 };
  const rows = Rows.safeParse(reply?.body).data?.results;
  if (status !== 200 || !rows)
    throw new StepFailed('ask advanced hunting', {
      status,
      code: errorCode(reply?.body),
      body: undefined,
      ms,
      retryAfterMs: null,
    });
  return { found: rows.length > 0, waitMs: 0 };
}

function minutes(ms: number): string {
  return `${(Math.max(0, ms) / 60_000).toFixed(1)} min`;
}
