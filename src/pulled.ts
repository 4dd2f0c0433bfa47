import type { Check } from './adapters/http/health.ts';
import { vendorOf } from './adapters/sources/vendors.ts';
import type { SourceSecrets } from './config/sources.ts';
import { USUAL_DAYS, usualBeforeSilence } from './core/find/silence.ts';
import { automationTrouble } from './flow/find/automation.ts';
import type { Flow } from './flow/flow.ts';
import { HASH } from './identifiers.ts';
import { inTime } from './in-time.ts';
import type { CursorState } from './ports/cursors.ts';
import type { Asking, GraphReading, MimeReading, Pull, Pulled, PulledSource } from './ports/source.ts';

/** Sources that are asked: joined to their vendors, never for longer than a question may take, and watched. */

const ASK_WITHIN_MS = 60_000;
/** So long without a word, and whoever runs this should look whether it is still set up where it comes from. */
const SILENT_AFTER_MS = 7 * 86_400_000;

interface Surroundings {
  readonly now: () => string;
  /** Aborted when this process gives its work away. */
  readonly givenAway: AbortSignal;
  /** For vendors that are asked through the tenant's Graph. */
  readonly graph?: GraphReading;
  /** For those that read a mailbox. */
  readonly mime?: MimeReading;
}

export function pulledSources(held: readonly SourceSecrets[], around: Surroundings): readonly PulledSource[] {
  return held.flatMap((one) => {
    const { source, vendor } = one;
    const { pull } = vendorOf(vendor);
    const how = pull ? howAsked(pull, one, around) : null;
    if (!pull || !how) return [];
    const ask = (cursor: string | null) => askInTime(pull, { ...how, now: around.now() }, cursor, around);
    const credential = credentialOf(one);
    if (!pull.allows || credential === null) return [{ source, vendor, everyMs: pull.everyMs, ask }];
    // Each more seldom, so that together they are no more often asked than one alone would be.
    const sharing = held.filter((other) => other.vendor === vendor && credentialOf(other) === credential).length;
    const allowance = { vendor, credential, most: pull.allows.aDay };
    return [{ source, vendor, everyMs: pull.everyMs * sharing, allowance, ask }];
  });
}

/** Stands for what it asks with, where its vendor counts questions by that; null where it does not. */
function credentialOf({ vendor, secrets: [secret] }: SourceSecrets): string | null {
  const { pull } = vendorOf(vendor);
  return pull?.allows && secret !== undefined ? HASH.of(pull.allows.credential(secret)) : null;
}

/** Null where it cannot be asked. */
function howAsked(
  pull: Pull,
  { url, mailbox, secrets: [secret] }: SourceSecrets,
  { graph, mime }: Pick<Surroundings, 'graph' | 'mime'>,
): Omit<Asking, 'now'> | null {
  if (pull.ofMailbox) return graph && mime && mailbox ? { url: '', secret: '', graph, mime, mailbox } : null;
  if (pull.byGraph) return graph ? { url: '', secret: '', graph } : null;
  const asked = url ?? pull.url;
  return asked && secret !== undefined ? { url: asked, secret } : null;
}

/** Whatever it does, it has answered by then: nobody else may ask meanwhile. Throws as `inTime` does. */
export function askInTime(
  pull: Pick<Pull, 'ask'>,
  how: Asking,
  cursor: string | null,
  { givenAway, withinMs = ASK_WITHIN_MS }: Pick<Surroundings, 'givenAway'> & { readonly withinMs?: number },
): Promise<Pulled> {
  return inTime((until) => pull.ask(how, cursor, until), { withinMs, givenAway });
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

/** The same of what automation took out. */
export function automationChecks(flow: Pick<Flow, 'automation' | 'store' | 'tenant'>): Readonly<Record<string, Check>> {
  if (!flow.automation) return {};
  return {
    [`automation ${flow.tenant.name}`]: async () => {
      const remark = await automationTrouble(flow);
      return remark === null ? null : { remark };
    },
  };
}

async function troubleOf({ store, clock }: Pick<Flow, 'store' | 'clock'>, { source, vendor }: PulledSource) {
  const state = await store.transact((tx) => tx.cursors.state({ source: source.name, vendor }));
  if (!state) return 'it was not asked yet';
  const { failingSince, failures, why, heardAt } = state;
  if (failingSince !== null) return `it gives no answer since ${failingSince} (asked ${failures} times): ${why}`;
  return source.kind === 'report' ? silenceOf(state, clock.now()) : quietOf(heardAt, clock.now());
}

/** People do not report every week: only where they used to is their silence worth a word. */
function silenceOf(state: CursorState, now: string): string | null {
  const usual = usualBeforeSilence(state, now);
  return usual === null
    ? null
    : `nobody has reported since ${state.heardAt}, after ${usual} reports in the ${USUAL_DAYS} days before: look whether it is still set up there`;
}

function quietOf(heardAt: string | null, now: string): string | null {
  const isSilent = heardAt !== null && Date.parse(now) - Date.parse(heardAt) >= SILENT_AFTER_MS;
  return isSilent ? `nothing came from it since ${heardAt}: look whether it is still set up there` : null;
}
