import { addressKey } from '../../core/address.ts';
import { type MessageKey, subjectKey } from '../../core/find/key.ts';
import { DIFFERENCES, type Difference, deliveriesApart, type Match, match } from '../../core/find/match.ts';
import type { UnsureGroup } from '../../core/find/plan.ts';
import type { FoundMessage } from '../../ports/reader.ts';
import type { Hash } from '../flow.ts';

/** Which of the messages that were found are the mail, which only may be, and which are not. */

interface Place {
  readonly id: string;
  readonly address: string;
}

export interface Found {
  readonly mailbox: Place;
  readonly message: FoundMessage;
}

export interface Recognised {
  readonly copies: readonly Found[];
  readonly unsure: readonly UnsureGroup[];
  readonly others: readonly (Found & { readonly why: string })[];
}

type Verdict = Found & { readonly is: Match };

/** `takenIn`: keys of unsure groups that people took for copies. */
export function recognise(
  hash: Pick<Hash, 'of'>,
  key: MessageKey,
  found: readonly Found[],
  takenIn: readonly string[],
): Recognised {
  const verdicts = withAnchors(key, deliveredTogether(found.map((one) => ({ ...one, is: match(key, one.message) }))));
  const groups = new Map<string, Verdict[]>();
  const copies: Found[] = [];
  for (const verdict of verdicts) {
    if (verdict.is.is === 'copy') copies.push(verdict);
    if (verdict.is.is !== 'unsure') continue;
    const group = groupKey(hash, verdict.message, verdict.is.differences);
    if (takenIn.includes(group)) copies.push(verdict);
    else groups.set(group, [...(groups.get(group) ?? []), verdict]);
  }
  return {
    copies: copies.map(({ mailbox, message }) => ({ mailbox, message })),
    unsure: [...groups].map(([group, members]) => unsureGroup(group, members)),
    others: verdicts.flatMap(({ mailbox, message, is }) =>
      is.is === 'other' ? [{ mailbox, message, why: is.why }] : [],
    ),
  };
}

/** Where the same headers came twice, days apart, people say which delivery is meant. */
function deliveredTogether(verdicts: readonly Verdict[]): readonly Verdict[] {
  const byHeaders = verdicts.filter(({ is }) => is.is === 'copy' && is.by === 'headers');
  if (deliveriesApart(byHeaders, ({ message }) => message.receivedAt).length < 2) return verdicts;
  const unsure = new Set(byHeaders);
  return verdicts.map((verdict) =>
    unsure.has(verdict) ? { ...verdict, is: { is: 'unsure', differences: ['time'] } as const } : verdict,
  );
}

/**
 * A copy that agrees in all its headers shows with which network id the mail came; another with the same one is the same
 * mail, also where its sender is written in another form.
 */
function withAnchors(key: MessageKey, first: readonly Verdict[]): readonly Verdict[] {
  if (key.identified.length > 0) return first;
  const anchors = first.flatMap(({ is, message }) =>
    is.is === 'copy' && message.networkMessageId ? [message.networkMessageId.toLowerCase()] : [],
  );
  if (anchors.length === 0) return first;
  const known = { ...key, identified: [...new Set(anchors)] };
  // Finding more must not make anything less: other network ids are no contradiction to what only headers show.
  return first.map((verdict) => {
    const again = verdict.is.is === 'copy' ? verdict.is : match(known, verdict.message);
    return again.is === 'copy' ? { ...verdict, is: again } : verdict;
  });
}

const KEY_LENGTH = 16;

/** Alike are messages that differ in the same points, bear the same values, and came on one day; deliveries apart. */
function groupKey(hash: Pick<Hash, 'of'>, message: FoundMessage, differences: readonly Difference[]): string {
  const { internetMessageId, sender, subject, receivedAt, networkMessageId } = message;
  const day = (receivedAt ?? '').slice(0, 10);
  const delivery = differences.includes('delivery') ? networkMessageId?.toLowerCase() : '';
  const alike = [differences, internetMessageId, sender && addressKey(sender), subjectKey(subject), day, delivery];
  return hash.of(JSON.stringify(alike).toWellFormed()).slice(0, KEY_LENGTH);
}

function unsureGroup(key: string, members: readonly Verdict[]): UnsureGroup {
  const [first] = members;
  const times = members.flatMap(({ message }) => message.receivedAt ?? []).sort();
  return {
    key,
    differences: first?.is.is === 'unsure' ? first.is.differences : DIFFERENCES,
    // Whatever a mail holds, the plan is hashed, and half a character cannot be.
    sender: first?.message.sender?.toWellFormed() ?? null,
    subject: first?.message.subject?.toWellFormed() ?? null,
    from: times[0] ?? null,
    until: times.at(-1) ?? null,
    addresses: members.map(({ mailbox }) => mailbox.address).sort(),
  };
}
