import type { Facts, KindHeaders, Known } from './facts.ts';
import type { Seen } from './finding.ts';

/**
 * What speaks for an honest mail: that it is a list's, an automatic answer, a bounce or an invitation by its headers, or that people have
 * called earlier ones harmless. The sender writes those headers, so that they take half of what a weak finding weighs and nothing
 * else: no finding is dropped because of them, and none that is medium or strong weighs less. What may weigh there is known by the
 * tenant itself, and stands in the signal that it concerns. The list of them follows the negations of sublime-rules.
 */
export function lowered(seen: Seen, { mail, mailbox }: Facts): Seen {
  if (seen.strength !== 'weak') return seen;
  const judged = mailbox.judged?.value;
  const isHarmless = judged !== undefined && judged.harmless > 0 && judged.malicious === 0;
  if (!isHarmless && !isAutomatic(mail.kind)) return seen;
  const half = (seen.weight - (seen.weight % 2)) / 2;
  return { ...seen, weight: half };
}

function isAutomatic(kind: Known<KindHeaders>): boolean {
  if (kind === null) return false;
  const { list, autoSubmitted, contentType } = kind.value;
  const answersItself = autoSubmitted !== null && !/^\s*no\b/i.test(autoSubmitted.slice(0, 100));
  return list || answersItself || /^\s*(?:multipart\/report|text\/calendar)\b/i.test(contentType?.slice(0, 100) ?? '');
}
