/** What the doctor looks with. */
export interface Look {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly fetch: typeof fetch;
  /** Fresh GUIDs. */
  readonly ids: () => string;
}
