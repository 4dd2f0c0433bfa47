import { usualBeforeSilence } from '../../core/find/silence.ts';
import type { Delivery } from '../../core/find/source.ts';
import { count, number, storable } from '../../core/text.ts';
import type { CursorKey } from '../../ports/cursors.ts';
import type { Pulled, PulledItem, PulledSource } from '../../ports/source.ts';
import type { Tx } from '../../ports/store.ts';
import type { Finding, Flow, Receipt } from '../flow.ts';
import { record } from '../record/record.ts';
import { takeIn, tellTaken } from './intake.ts';

/**
 * Sources that do not send are asked what is new. One process at a time asks; each alert is durable before the cursor moves
 * past it, and what comes twice, because of a crash in between, is the same delivery and changes nothing.
 */

/** Longer than any question may take: see `PulledSource.ask`. */
const LEASE_MS = 120_000;
const FIRST_REST_MS = 30_000;
const LONGEST_REST_MS = 900_000;
/** A service that asks for more than this is asked again all the same: it may have meant something else. */
const LONGEST_WISH_MS = 6 * 3_600_000;

type Page = Extract<Pulled, { readonly kind: 'page' }>;
type Failed = Extract<Pulled, { readonly kind: 'failed' }>;

const keyOf = ({ source, vendor }: PulledSource): CursorKey => ({ source: source.name, vendor });

/** Has those asked that are due. */
export async function askSources(flow: Pick<Flow, 'pulled' | 'store'>): Promise<void> {
  if (flow.pulled.length === 0) return;
  await flow.store.transact(async (tx) => {
    for (const pulled of flow.pulled)
      if (await tx.cursors.isDue(keyOf(pulled))) await tx.jobs.send({ queue: 'pull', source: pulled.source.name });
  });
}

export async function pull(flow: Finding, name: string): Promise<void> {
  const pulled = flow.pulled.find(({ source }) => source.name === name);
  // It was taken out of the configuration.
  if (!pulled) return;
  const key = keyOf(pulled);
  const begun = await flow.store.transact(async (tx) => {
    const claim = await tx.cursors.claim(key, LEASE_MS);
    return claim && { claim, usedUp: await usedUp(flow, tx, pulled) };
  });
  if (!begun) return;
  const { claim } = begun;
  const answer = begun.usedUp ?? (await pulled.ask(claim.cursor));
  const held = { pulled, fence: claim.fence };
  if (answer.kind === 'failed') return endFailed(flow, held, answer, claim.failures);
  if (!(await takeAll(flow, held, answer))) return;
  flow.observe({ what: 'source', source: name, result: claim.failures > 0 ? 'back' : 'answered' });
}

/** Null: it may be asked once more, and that is counted from now on. */
async function usedUp(flow: Finding, tx: Tx, { allowance }: PulledSource): Promise<Failed | null> {
  if (!allowance) return null;
  const waitMs = await tx.cursors.spend(allowance, flow.clock.now());
  if (waitMs === null) return null;
  const why = `its credential was asked with ${number(allowance.most)} times in 24 hours, as often as it is here for all sources together: again when the first of these are old enough`;
  return { kind: 'failed', why, waitMs };
}

interface HeldSource {
  readonly pulled: PulledSource;
  readonly fence: number;
}

async function endFailed(flow: Finding, { pulled, fence }: HeldSource, failed: Failed, before: number): Promise<void> {
  const key = keyOf(pulled);
  const longer = Math.min(FIRST_REST_MS * 2 ** Math.min(before, 10), LONGEST_REST_MS);
  const why = storable(failed.why.slice(0, 300));
  const rest = failed.atUsualPace ? pulled.everyMs : longer;
  await flow.store.transact(async (tx) => {
    if (await tx.cursors.hold(key, fence, LEASE_MS))
      await tx.cursors.failed(
        key,
        { why, restMs: Math.max(rest, wishOf(failed)), cursor: failed.cursor },
        flow.clock.now(),
      );
  });
  flow.observe({ what: 'source', source: pulled.source.name, result: 'failed' });
}

const wishOf = ({ waitMs }: Pick<Pulled, 'waitMs'>) => Math.min(waitMs ?? 0, LONGEST_WISH_MS);

/** Each in a transaction of its own, the last one together with the cursor. False when somebody else has it in hand by now. */
async function takeAll(flow: Finding, held: HeldSource, page: Page): Promise<boolean> {
  let fresh = 0;
  for (const item of page.items.slice(0, -1)) {
    const taken = await take(flow, held, item);
    if (!taken) return false;
    fresh += taken.fresh;
  }
  return (await take(flow, held, page.items.at(-1) ?? null, { page, fresh })) !== null;
}

interface Taken {
  /** 1 for what had not come before. */
  readonly fresh: number;
}

/** `end`: the page ends with this item, and so many before it had not come before. */
async function take(
  flow: Finding,
  { pulled, fence }: HeldSource,
  item: PulledItem | null,
  end: { readonly page: Page; readonly fresh: number } | null = null,
): Promise<Taken | null> {
  const key = keyOf(pulled);
  const receipt = await flow.store.transact(async (tx) => {
    if (!(await tx.cursors.hold(key, fence, LEASE_MS))) return null;
    const taken = item ? await takeOne(flow, tx, pulled, item) : null;
    const fresh = isFresh(taken) ? 1 : 0;
    const change = end && (await moveOn(flow, tx, pulled, { ...end, fresh: end.fresh + fresh }));
    return { taken, fresh, change };
  });
  if (!receipt) return null;
  const { taken, fresh, change } = receipt;
  if (taken === 'unusable') flow.observe({ what: 'source', source: key.source, result: 'unusable' });
  else if (taken && taken !== 'known') tellTaken(flow, taken);
  if (change) flow.observe({ what: 'source', source: key.source, result: change });
  return { fresh };
}

function isFresh(taken: Receipt | 'unusable' | 'known' | null): boolean {
  return taken === 'unusable' || (taken !== null && taken !== 'known' && taken.kind === 'accepted');
}

/** Answers what is to be told of it, once this is durable: that it has fallen silent, or speaks again. */
async function moveOn(
  flow: Finding,
  tx: Tx,
  pulled: PulledSource,
  { page, fresh }: { readonly page: Page; readonly fresh: number },
): Promise<'silent' | 'speaks' | null> {
  const key = keyOf(pulled);
  const now = flow.clock.now();
  const restMs = page.more ? 0 : Math.max(pulled.everyMs, wishOf(page));
  await tx.cursors.move(key, { cursor: page.cursor, heard: fresh, restMs }, now);
  if (page.more) await tx.jobs.send({ queue: 'pull', source: key.source });
  const state = pulled.source.kind === 'report' ? await tx.cursors.state(key) : null;
  if (!state) return null;
  const isSilent = usualBeforeSilence(state, now) !== null;
  if (isSilent === (state.silentAt !== null)) return null;
  await tx.cursors.silent(key, isSilent ? now : null);
  return isSilent ? 'silent' : 'speaks';
}

/** What cannot be used is on record by name, and keeps nothing that comes after it. */
async function takeOne(
  flow: Finding,
  tx: Tx,
  pulled: PulledSource,
  item: PulledItem,
): Promise<Receipt | 'unusable' | 'known'> {
  const { source } = pulled;
  const delivery: Delivery = { source, id: deliveryId(flow, item), body: flow.hash.of(item.body) };
  if ('alert' in item.understood) {
    const receipt = await takeIn(flow, tx, item.understood.alert, delivery);
    if (receipt.kind === 'reused') await passOver(flow, tx, delivery, 'its id came before with another body');
    return receipt;
  }
  const key = { source: source.name, id: delivery.id };
  const claim = await tx.incidents.claimDelivery(key, delivery.body, flow.clock.now());
  if (!claim.fresh) return 'known';
  await passOver(flow, tx, delivery, whyUnusable(item.understood));
  return 'unusable';
}

function whyUnusable(refused: Exclude<PulledItem['understood'], { readonly alert: unknown }>): string {
  if (refused.why === 'not-json') return 'it cannot be read';
  const [first] = refused.problems;
  const more = refused.problems.length - 1;
  return `${first ? `${first.field}: ${first.problem}` : 'nothing is said'}${more > 0 ? ` and ${count(more, 'more problem')}` : ''}`;
}

async function passOver(flow: Finding, tx: Tx, { source, id }: Delivery, why: string): Promise<void> {
  const actor = { kind: 'source', id: source.name, name: source.name } as const;
  const kinds = [{ kind: storable(`${id}: ${why}`.slice(0, 300)), count: 1 }];
  const detail = { since: null, requests: 1, kinds };
  await record(flow, tx, [{ type: 'request.refused', actor, platform: 'intake', detail }]);
}

const PLAIN_ID = /^[\x21-\x7e]{1,200}$/;

/** Ids of deliveries are plain text; what a vendor calls its own may be anything. */
function deliveryId({ hash }: Pick<Flow, 'hash'>, { id }: PulledItem): string {
  return PLAIN_ID.test(id) ? id : hash.of(id.toWellFormed());
}
