import { createHash, timingSafeEqual } from 'node:crypto';
import { renew, subscribe } from './adapters/graph/subscription.ts';
import type { Check } from './adapters/http/health.ts';
import { type HeardNotification, NOTIFIED_AT } from './adapters/http/notifications.ts';
import type { SourceSecrets } from './config/sources.ts';
import type { Flow } from './flow/flow.ts';
import type { GraphChanging } from './ports/source.ts';

/**
 * Mailboxes that tell of what is new in them, so that nobody waits for the next look. What is told is a reason to look and
 * nothing else: each look reads what is there, and goes on each minute where nothing is told.
 */

/** Exchange allows a little less than three days. */
const LASTS_MS = 48 * 3_600_000;
/** Renewed so long before it ends that an outage of a day loses nothing. */
const RENEW_BEFORE_MS = 24 * 3_600_000;

/** What is kept of a subscription; of what it is known by, only the digest. */
interface Held {
  readonly id: string;
  readonly until: string;
  readonly stateSha256: string;
}

export interface Notifications {
  /** Makes what is missing, and renews what ends soon. Safe to call again and again, and by several processes. */
  keep(): Promise<void>;
  /** False for what no subscription of ours has sent. */
  hear(notified: HeardNotification): Promise<boolean>;
  readonly checks: Readonly<Record<string, Check>>;
}

interface Kept {
  get(source: string): Promise<unknown>;
  set(source: string, held: Held): Promise<unknown>;
  delete(source: string): Promise<unknown>;
}

interface Settings {
  readonly flow: Pick<Flow, 'store' | 'clock' | 'tenant'>;
  readonly graph: GraphChanging;
  /** By the name of the source. */
  readonly kept: Kept;
  /** Origin under which Exchange reaches us; null where it does not. */
  readonly publicUrl: string | null;
  /** Fresh and unguessable. */
  readonly secret: () => string;
}

interface Surroundings extends Pick<Settings, 'flow' | 'graph' | 'secret'> {
  readonly kept: Kept;
  readonly url: string;
}

/** Null where no source is told of. */
export function notificationsFor(sources: readonly SourceSecrets[], settings: Settings): Notifications | null {
  const { flow, graph, secret, kept, publicUrl } = settings;
  const told = sources.filter(({ notify, mailbox }) => notify && mailbox);
  if (told.length === 0 || publicUrl === null) return null;
  const around = { flow, graph, secret, kept, url: new URL(NOTIFIED_AT, publicUrl).href };
  const troubles = new Map<string, string>();
  return {
    async keep() {
      for (const source of told) {
        const why = await keepOne(source, around);
        if (why === null) troubles.delete(source.source.name);
        else troubles.set(source.source.name, why);
      }
    },
    async hear({ subscription, clientState, lifecycle }) {
      for (const { source, vendor } of told) {
        const held = heldIn(await kept.get(source.name));
        if (held?.id !== subscription || !isSame(held.stateSha256, digestOf(clientState))) continue;
        if (lifecycle === 'subscriptionRemoved') await kept.delete(source.name);
        if (lifecycle === 'reauthorizationRequired') await kept.set(source.name, { ...held, until: flow.clock.now() });
        await flow.store.transact(async (tx) => {
          await tx.cursors.hurry({ source: source.name, vendor });
          await tx.jobs.send({ queue: 'pull', source: source.name });
        });
        return true;
      }
      return false;
    },
    checks: Object.fromEntries(
      told.map(({ source: { name } }) => [
        `notifications ${name} ${flow.tenant.name}`,
        async () => {
          const why = troubles.get(name);
          return why === undefined
            ? null
            : { remark: `new reports are not told at once, and looked for each minute: ${why}` };
        },
      ]),
    ),
  };
}

/** Why it is not told of; null where it is. */
async function keepOne({ source, mailbox }: SourceSecrets, around: Surroundings): Promise<string | null> {
  const { flow, graph, kept, url, secret } = around;
  const now = Date.parse(flow.clock.now());
  const until = new Date(now + LASTS_MS).toISOString();
  const held = heldIn(await kept.get(source.name));
  if (held && Date.parse(held.until) - now > RENEW_BEFORE_MS) return null;
  const renewed = held ? await renew(graph, held.id, until) : null;
  if (held && renewed?.kind === 'held') return keepAs(around, source.name, { ...held, until: renewed.until });
  // It may be that only this question was not answered: it goes on until it ends.
  if (renewed?.kind === 'failed' && held && Date.parse(held.until) > now) return renewed.why;
  const clientState = secret();
  const made = await subscribe(graph, { mailbox: mailbox ?? '', url, clientState, until });
  if (made.kind !== 'held') return made.kind === 'failed' ? made.why : 'there is no such mailbox';
  // What was made and never put down here ends by itself, and what it tells meanwhile is nobody's.
  return keepAs(around, source.name, { id: made.id, until: made.until, stateSha256: digestOf(clientState) });
}

async function keepAs({ kept }: Surroundings, source: string, held: Held): Promise<null> {
  await kept.set(source, held);
  return null;
}

function heldIn(value: unknown): Held | null {
  const { id, until, stateSha256 } = (value ?? {}) as Partial<Record<keyof Held, unknown>>;
  return typeof id === 'string' && typeof until === 'string' && typeof stateSha256 === 'string'
    ? { id, until, stateSha256 }
    : null;
}

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
