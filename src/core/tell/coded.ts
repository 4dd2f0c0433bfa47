/** No facts beside the code. */
export type Nothing = Readonly<Record<never, never>>;

/** From the facts of each code of a subject: what can be told of it. */
export type Coded<Facts> = { readonly [Code in keyof Facts]: { readonly code: Code } & Facts[Code] }[keyof Facts];

/**
 * The words of a subject, each a line of its own. Total: a code without words, or words for no code, does not compile.
 * Another language would be another of these.
 */
export type Words<Facts> = { readonly [Code in keyof Facts]: (facts: Facts[Code]) => readonly string[] };
