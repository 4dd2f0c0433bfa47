/** Time and ids, so that tests can own them. */
export interface Clock {
  /** ISO 8601, UTC, milliseconds. */
  now(): string;
  /** A fresh unguessable id (GUID). */
  id(): string;
  /** A fresh incident id people can read out, e.g. `CB-7F3K2M`. */
  incidentId(): string;
}
