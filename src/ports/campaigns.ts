import type { Incident } from '../core/incident/incident.ts';

/** One incident of a campaign with the list that a card showed of it. */
export interface ShownWave {
  readonly incident: string;
  readonly planDigest: string;
}

/** Which incidents are shown as one, and by which pairs of marks others are recognised as more of them. */
export interface Campaigns {
  /**
   * Takes these pairs for `lead` where nobody has them. Answers whose each of them is, and holds them until the transaction
   * ends: two that come at once find each other. In a fixed order, so that neither waits for the other.
   */
  take(pairs: readonly string[], lead: string): Promise<ReadonlyMap<string, string>>;
  /** From now on they are of this one, whoever had them. */
  hand(pairs: readonly string[], lead: string): Promise<void>;
  /** Ties it to the campaign of that lead; null: to none. */
  tie(incident: string, lead: string | null): Promise<void>;
  /** Without the lead itself, oldest first. */
  waves(lead: string): Promise<readonly Incident[]>;
  /** What a card shows from now on, so that a press on it is about just that. The last few of each lead are kept, in the order in
   * which they were shown: by no clock of a process, of which there may be several. */
  show(lead: string, digest: string, waves: readonly ShownWave[]): Promise<void>;
  /** Null where nothing of that digest was shown. Whoever asks makes the digest anew. */
  shown(lead: string, digest: string): Promise<readonly ShownWave[] | null>;
}
