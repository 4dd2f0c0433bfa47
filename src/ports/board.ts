import type { OutcomeCounts } from '../core/action/outcome.ts';
import type { Vote } from '../core/ask/tally.ts';
import type { Incident } from '../core/incident/incident.ts';

/** So many of them were asked for; `total`: how many there are. */
export interface Listed {
  readonly incidents: readonly Incident[];
  readonly total: number;
}

/** With where it stands in the queue, as it is stored. */
export interface Ranked {
  readonly incident: Incident;
  readonly rank: number;
}

/** Many incidents at once, to look at. Each answer takes a question or two, however many there are. Part of a transaction. */
export interface Board {
  /** What something can still come of: what ranks highest in front. */
  open(limit: number): Promise<Listed>;
  /** The same in the order of their names, after that one. */
  openAfter(after: string, limit: number): Promise<readonly Ranked[]>;
  /** Where it stands in the queue: as `rankOf` answers. */
  rank(incident: string, rank: number): Promise<void>;
  /** So many people are known to have followed its link: see `Incident.clicked`. Fewer than are known already change nothing. */
  clicked(incident: string, people: number): Promise<void>;
  /** What ended at that time (ISO) or later, or was marked; newest first. Without what people called not malicious. */
  ended(since: string, limit: number): Promise<Listed>;
  /** Those that there are, in no order. */
  named(ids: readonly string[]): Promise<readonly Incident[]>;
  /** In the order in which they were given; nothing for an incident without votes. */
  votes(incidents: readonly string[]): Promise<ReadonlyMap<string, readonly Vote[]>>;
  /** What became of the copies of each run. */
  outcomes(runs: readonly string[]): Promise<ReadonlyMap<string, OutcomeCounts>>;
}
