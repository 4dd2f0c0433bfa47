/** What can be done about a person's account or mailbox, beside taking mail out: each is a measure, approved, carried out and put back by itself. */
export const MEASURE_KINDS = [
  'rule-off',
  'revoke-sessions',
  'disable-account',
  'mark-compromised',
  'revoke-grant',
  'remove-event',
  'take-sent-copy',
] as const;
export type MeasureKind = (typeof MEASURE_KINDS)[number];

/** One thing that is done to one person's account or mailbox. Ids are the vendor's; what is in `name` was written by somebody, perhaps an attacker. */
export interface Measure {
  readonly kind: MeasureKind;
  /** Entra object id, lower case. */
  readonly person: string;
  /** Mail address, for people to read. */
  readonly address: string;
  /** Id of the rule, the grant, the message of the invitation or the sent message; empty where the account itself is meant. */
  readonly ref: string;
  /** What people know it by: the name of a rule or of an app; empty for none. */
  readonly name: string;
}

/** All that is needed to compare it later and to put it back: flat or nested JSON, as the vendor gave it. */
export type Image = Readonly<Record<string, unknown>>;
