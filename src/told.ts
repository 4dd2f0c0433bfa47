import { vendorOf } from './adapters/sources/vendors.ts';
import type { SourceSecrets } from './config/sources.ts';
import { CHAT_REPORTS } from './core/find/source.ts';
import type { Flow } from './flow/flow.ts';
import { inTime } from './in-time.ts';
import type { PrivateWords } from './ports/private-words.ts';
import type { End, GraphChanging, ToldSource } from './ports/source.ts';

/** Sources that are told how their alerts ended: joined to their vendors, and never for longer than a telling may take. */

const TELL_WITHIN_MS = 60_000;

interface Surroundings {
  readonly now: () => string;
  /** Aborted when this process gives its work away. */
  readonly givenAway: AbortSignal;
  readonly graph: GraphChanging;
}

export function toldSources(held: readonly SourceSecrets[], around: Surroundings): readonly ToldSource[] {
  const bounds = { withinMs: TELL_WITHIN_MS, givenAway: around.givenAway };
  return held.flatMap(({ source, vendor, url, secrets, tellEnd = false }) => {
    const { back } = vendorOf(vendor);
    if (!back || !tellEnd) return [];
    const how = () => ({ url, secrets, now: around.now(), graph: back.url === '' ? around.graph : null });
    return [{ source: source.name, tell: (end: End) => inTime((until) => back.tell(how(), end, until), bounds) }];
  });
}

/** Whose reporters are told as well, in whatever chats one person can be written to: always who reported in a chat. */
export function reportersTold(
  held: readonly SourceSecrets[],
  chats: readonly PrivateWords[],
): Pick<Flow, 'toReporters'> {
  const asked = held.filter(({ tellReporter }) => tellReporter).map(({ source }) => source.name);
  const of = new Set([...asked, CHAT_REPORTS]);
  return chats.length > 0 ? { toReporters: { of, chats } } : {};
}
