/** Whoever is on call, as the source of it knows them. */
export type OnCallPerson =
  /** Entra object id, lower case. */
  (
    | { readonly by: 'entra-id'; readonly id: string }
    /** Mail address: the directory knows whose it is. */
    | { readonly by: 'address'; readonly address: string }
  ) & {
    /** Of the escalation: 1 is called before 2. Left out where the source knows no such thing, and all are called. */
    readonly level?: number;
  };

export type OnCallAnswer =
  | { readonly is: 'known'; readonly people: readonly OnCallPerson[] }
  /** It does not say. `why`: for people. */
  | { readonly is: 'silent'; readonly why: string };

/** Who is called first. It says nothing about who may decide. */
export interface OnCall {
  /** At this instant (ISO). Never throws, and asks no more once `until` is aborted. */
  at(now: string, until: AbortSignal): Promise<OnCallAnswer>;
}
