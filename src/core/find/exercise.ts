/**
 * Phishing exercises of the customer's own. Whoever sends a mail chooses its headers: were one of them enough, every attacker
 * would write it. What counts is the word of Microsoft about this very delivery, and where the mail came from as Exchange saw
 * it, held against what the configuration names. Everything else is told, and nothing follows from it.
 */

/** Where one delivery came from, as the mail service saw it when it took it in; null for what cannot be told for certain. */
export interface Origin {
  /** Address of the host that handed it over. */
  readonly clientIp: string | null;
  /** Domain of the envelope sender, lower case; only where SPF has passed for it. */
  readonly returnPath: string | null;
  /** Of the headers that the configuration names, those that it bears; lower case. Anybody can write them. */
  readonly marks: readonly string[];
}

/** What the configuration says of exercises. A list that it does not give is null: it neither counts nor hinders. */
export interface OwnExercises {
  readonly isOwnAddress: ((clientIp: string) => boolean) | null;
  readonly isOwnReturnPath: ((domain: string) => boolean) | null;
}

export const NO_EXERCISES: OwnExercises = { isOwnAddress: null, isOwnReturnPath: null };

export const VOUCHERS = ['microsoft', 'address', 'return-path'] as const;
export type Voucher = (typeof VOUCHERS)[number];

interface Delivered {
  readonly networkMessageId: string | null;
  readonly origin?: Origin | undefined;
}

/**
 * Who vouches for one copy; none: it is a mail like any other. `named`: network message ids, lower case, of which Microsoft
 * says so. Makers of exercises serve many customers from the same hosts, so every list that is given has to agree
 * [learn.microsoft.com/defender-office-365/advanced-delivery-policy-configure: domain and address both].
 */
export function vouchersOf(
  { networkMessageId, origin }: Delivered,
  named: readonly string[],
  own: OwnExercises,
): readonly Voucher[] {
  if (networkMessageId !== null && named.includes(networkMessageId.toLowerCase())) return ['microsoft'];
  const lists = [
    own.isOwnAddress && { by: 'address' as const, holds: agrees(own.isOwnAddress, origin?.clientIp) },
    own.isOwnReturnPath && { by: 'return-path' as const, holds: agrees(own.isOwnReturnPath, origin?.returnPath) },
  ].filter((list) => list !== null);
  return lists.every(({ holds }) => holds) ? lists.map(({ by }) => by) : [];
}

const agrees = (isOwn: (value: string) => boolean, value: string | null | undefined) =>
  typeof value === 'string' && isOwn(value);

/** What was seen of a mail when its list was made. */
export interface Exercise {
  /** All that was seen of it is an exercise: nothing is asked, and nothing is done. */
  readonly whole: boolean;
  readonly by: readonly Voucher[];
  /** Copies that somebody vouches for: they are in no list. */
  readonly copies: number;
  /** Headers of exercises that copies bear for which nobody vouches. */
  readonly marks: readonly string[];
}

/** Null where nothing speaks of an exercise. `isNamed`: Microsoft says it of the mail that was reported. */
export function exerciseOf(
  copies: readonly { readonly by: readonly Voucher[]; readonly marks: readonly string[] }[],
  isNamed: boolean,
): Exercise | null {
  const vouched = copies.filter(({ by }) => by.length > 0);
  const others = copies.filter(({ by }) => by.length === 0);
  const marks = [...new Set(others.flatMap((copy) => copy.marks))].sort();
  const whole = others.length === 0 && (vouched.length > 0 || isNamed);
  const said = new Set<Voucher>([
    ...(whole && isNamed ? (['microsoft'] as const) : []),
    ...vouched.flatMap(({ by }) => by),
  ]);
  if (!whole && vouched.length === 0 && marks.length === 0) return null;
  return { whole, by: VOUCHERS.filter((by) => said.has(by)), copies: vouched.length, marks };
}
