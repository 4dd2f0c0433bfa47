import type { Check } from './adapters/http/health.ts';
import { vendorOf } from './adapters/sources/vendors.ts';
import type { SourceSecrets } from './config/sources.ts';
import { ClawbackError } from './core/error.ts';
import type { Flow } from './flow/flow.ts';
import type { Asking, Pull, Pulled, PulledSource } from './ports/source.ts';

/** Sources that are asked: joined to their vendors, never for longer than a question may take, and watched. */

const ASK_WITHIN_MS = 60_000;
/** So long without a word, and whoever runs this should look whether it is still set up where it comes from. */
const SILENT_AFTER_MS = 7 * 86_400_000;

interface Surroundings {
  readonly now: () => string;
  /** Aborted when this process gives its work away. */
  readonly givenAway: AbortSignal;
}

export function pulledSources(held: readonly SourceSecrets[], around: Surroundings): readonly PulledSource[] {
  return held.flatMap(({ source, vendor, url, secrets }) => {
    const { pull } = vendorOf(vendor);
    const asked = url ?? pull?.url;
    const [secret] = secrets;
    if (!pull || !asked || secret === undefined) return [];
    const ask = (cursor: string | null) => askInTime(pull, { url: asked, secret, now: around.now() }, cursor, around);
    return [{ source, vendor, everyMs: pull.everyMs, ask }];
  });
}

/**
 * Whatever it does, it has answered by then: nobody else may ask meanwhile. Throws ClawbackError 'unavailable' where this
 * process ends: that says nothing of the service, and another process asks it.
 */
export async function askInTime(
  pull: Pick<Pull, 'ask'>,
  how: Asking,
  cursor: string | null,
  { givenAway, withinMs = ASK_WITHIN_MS }: Pick<Surroundings, 'givenAway'> & { readonly withinMs?: number },
): Promise<Pulled> {
  const ends = () => new ClawbackError('unavailable', 'this process ends');
  if (givenAway.aborted) throw ends();
  const until = AbortSignal.any([AbortSignal.timeout(withinMs), givenAway]);
  const late = new Promise<Pulled>((resolve, reject) => {
    until.addEventListener('abort', () => {
      if (givenAway.aborted) reject(ends());
      else resolve({ kind: 'failed', why: 'no answer in time', waitMs: null });
    });
  });
  const answer = Promise.resolve()
    .then(() => pull.ask(how, cursor, until))
    .catch((error: unknown): Pulled => ({ kind: 'failed', why: String(error), waitMs: null }));
  return Promise.race([late, answer]);
}

/** For `/readyz`: worth a look, and no reason to send nobody here. */
export function pulledChecks(
  flow: Pick<Flow, 'pulled' | 'store' | 'clock' | 'tenant'>,
): Readonly<Record<string, Check>> {
  return Object.fromEntries(
    flow.pulled.map((pulled) => [
      `source ${pulled.source.name} ${flow.tenant.name}`,
      async () => {
        const remark = await troubleOf(flow, pulled);
        return remark === null ? null : { remark };
      },
    ]),
  );
}

async function troubleOf({ store, clock }: Pick<Flow, 'store' | 'clock'>, { source, vendor }: PulledSource) {
  const state = await store.transact((tx) => tx.cursors.state({ source: source.name, vendor }));
  if (!state) return 'it was not asked yet';
  const { failingSince, failures, why, heardAt } = state;
  if (failingSince !== null) return `it gives no answer since ${failingSince} (asked ${failures} times): ${why}`;
  const isSilent = heardAt !== null && Date.parse(clock.now()) - Date.parse(heardAt) >= SILENT_AFTER_MS;
  return isSilent ? `nothing came from it since ${heardAt}: look whether it is still set up there` : null;
}
