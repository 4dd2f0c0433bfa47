import { setTimeout as delay } from 'node:timers/promises';
import { bareLoop, bareSearch } from './bare.ts';
import type { Child } from './child.ts';
import type { Measured } from './figures.ts';
import type { Options } from './options.ts';
import {
  halfApproved,
  openProduct,
  openStandIn,
  type Place,
  phase,
  planned,
  purged,
  type Releases,
  SETTLE_MS,
  say,
} from './place.ts';
import type { StandIn } from './stand-in.ts';

/** One purge of so many copies beside a loop by hand over as many: what everything else is set against. */
export async function measure(
  options: Options,
  releases: Releases,
  mailboxes = options.copies,
): Promise<{ measured: Measured; place: Place }> {
  const { copies, serviceMs, wide, store } = options;
  const standIn = await openStandIn(mailboxes, serviceMs, releases);
  await standIn.ask('land', { name: 'one', copies });
  const byHand = await measureByHand(standIn, 'by hand', copies, wide);
  const { place, ...ready } = await openProduct(options, standIn, releases);
  say('the product: plan');
  const { phase: plan, result: asked } = await phase(place, 'plan', () => planned(place, 'one'));
  await halfApproved(place, asked.incident);
  // What the vote has made of the cards is drawn by then.
  await delay(SETTLE_MS / 2);
  say('the product: purge');
  const { phase: purge, result: done } = await phase(place, 'purge', () => purged(place, asked.incident));
  const measured: Measured = {
    ...{ copies, serviceMs, wide, plan, purge, ...ready, ...byHand, ...done },
    planMs: asked.planMs,
    store: store === 'embedded' ? 'embedded' : 'server',
    peakMb: (await place.product.ask('usage')).peakMb,
    left: await standIn.ask('left', 'one'),
    decoysTouched: await standIn.ask('decoysTouched'),
  };
  return { measured, place };
}

/** The loop by hand on a mail of its own. Throws where it leaves a copy. */
export async function measureByHand(standIn: Child<StandIn>, name: string, copies: number, wide: number) {
  const byHand = await standIn.ask('bare', { name, copies });
  // Once for nothing: neither side is to be measured while it is still being compiled.
  await bareSearch(byHand, wide);
  say(`${name}: search`);
  const { ms: bareSearchMs } = await bareSearch(byHand, wide);
  say(`${name}: search, move, read back`);
  const { ms: bareMs } = await bareLoop(byHand, wide);
  const left = await standIn.ask('bareLeft', name);
  if (left > 0) throw new Error(`by hand ${left} copies are left`);
  return { bareSearchMs, bareMs };
}
