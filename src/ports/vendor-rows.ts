import type { VendorRow } from '../core/find/vendor-row.ts';

/** What vendors sent, beside the incident that it was taken into; it goes with that. Part of a transaction of the store. */
export interface VendorRows {
  /** Once for each delivery; no more than `MOST_ROWS` of one incident, the first ones. */
  keep(incident: string, row: KeptRow): Promise<void>;
  /** In the order in which they came. */
  of(incident: string): Promise<readonly KeptRow[]>;
}

export interface KeptRow extends VendorRow {
  /** Name of the source, and what it calls the delivery. */
  readonly source: string;
  readonly delivery: string;
  /** When it came, ISO time. */
  readonly at: string;
}

/** Further ones say the same in the words of more mails. */
export const MOST_ROWS = 50;
