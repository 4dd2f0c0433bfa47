import type { Asking, Pulled, SourceVendor } from '../../../ports/source.ts';
import { askJson } from '../reading/ask.ts';
import { later, readCursor, writeCursor } from '../reading/cursor.ts';
import { itemOf } from '../reading/item.ts';
import { readJson, textAt } from '../reading/payload.ts';
import { readProofpoint } from './read.ts';

/** A few of the 1,800 are left to whoever tries the key by hand. */
const BUDGET = 1_780;

/**
 * Proofpoint TAP is asked for what was delivered and clicked. It allows 1,800 questions in 24 hours, says so only once they
 * are used up, looks at most an hour and back seven days: once a minute leaves some to catch up with.
 */
export const proofpoint = {
  secrets: { form: /^[^\s:]{4,}:[^\s:]{4,}$/, looks: '<service principal>:<secret>' },
  read: (bytes, known) => {
    const body = readJson(bytes);
    return body ? readProofpoint(body.value, known) : [{ id: known.id, understood: { why: 'not-json' } }];
  },
  push: null,
  pull: {
    url: 'https://tap-api-v2.proofpoint.com',
    everyMs: 60_000,
    // The service principal names it; a digest of the secret as well would let somebody try secrets.
    allows: { aDay: BUDGET, credential: (secret) => secret.slice(0, secret.indexOf(':')) },
    ask,
  },
} as const satisfies SourceVendor;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FIRST_BACK_MS = DAY_MS;
const FURTHEST_BACK_MS = 7 * DAY_MS - HOUR_MS;
/** Events do not show at once, and none is taken twice. */
const OVERLAP_MS = 5 * 60_000;
/** Shorter ones it refuses. */
const SHORTEST_MS = 30_000;
/** Also after a failure it is asked no more often than this. */
const REST_MS = 60_000;
const USED_UP_MS = 900_000;

async function ask({ url, secret, now }: Asking, cursor: string | null, until: AbortSignal): Promise<Pulled> {
  const read = readCursor(cursor);
  const span = spanOf(textAt(read, 'since'), now);
  if (span === null) return { kind: 'page', items: [], cursor: cursor ?? writeCursor({}), more: false };
  const interval = `${second(span.from)}/${second(span.to)}`;
  const answer = await askJson({
    url: `${url.replace(/\/$/, '')}/v2/siem/all?format=json&interval=${encodeURIComponent(interval)}`,
    headers: { authorization: `Basic ${Buffer.from(secret).toString('base64')}` },
    until,
  });
  if (answer.kind === 'failed') {
    const wish = answer.status === 429 ? USED_UP_MS : REST_MS;
    return { kind: 'failed', why: answer.why, waitMs: Math.max(answer.waitMs ?? 0, wish) };
  }
  if (answer.status === 404)
    return { kind: 'failed', why: 'there is no SIEM API at this address (404)', waitMs: REST_MS };
  // 204 and no body: nothing in this time.
  const mails =
    answer.value === undefined ? [] : readProofpoint(answer.value, { now, id: interval }, ['delivered', 'clicked']);
  return { kind: 'page', items: mails.map(itemOf), cursor: writeCursor({ since: span.to }), more: span.to < now };
}

const second = (time: string) => time.replace(/\.\d+Z$/, 'Z');

/** Null: too little time has passed. */
function spanOf(since: string | null, now: string): { readonly from: string; readonly to: string } | null {
  const wanted = since === null ? later(now, -FIRST_BACK_MS) : later(since, -OVERLAP_MS);
  const from = [wanted, later(now, -FURTHEST_BACK_MS)].toSorted().at(-1) ?? wanted;
  const hour = later(from, HOUR_MS);
  const to = hour < now ? hour : now;
  const isTooShort = since !== null && Date.parse(now) - Date.parse(since) < SHORTEST_MS;
  return isTooShort ? null : { from, to };
}
