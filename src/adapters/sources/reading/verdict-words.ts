import type { Alert } from '../../../core/find/alert.ts';

/** What vendors call mails, as parts of their words: the first that is found counts, and what nobody knows is suspicious. */

type Verdict = Alert['verdict'];

const WORDS: readonly (readonly [part: string, verdict: Verdict])[] = [
  ['business email compromise', 'bec'],
  ['business e-mail compromise', 'bec'],
  ['bec', 'bec'],
  ['impostor', 'bec'],
  ['imposter', 'bec'],
  ['invoice fraud', 'bec'],
  ['payment fraud', 'bec'],
  ['payroll', 'bec'],
  ['malware', 'malware'],
  ['virus', 'malware'],
  ['ransom', 'malware'],
  ['trojan', 'malware'],
  ['worm', 'malware'],
  ['phish', 'phishing'],
  ['credential', 'phishing'],
  ['spam', 'spam'],
  ['graymail', 'spam'],
  ['bulk', 'spam'],
];

/** Of several sayings the first that tells anything. */
export function verdictIn(sayings: readonly (string | null)[]): Verdict {
  for (const saying of sayings) {
    const words = ` ${(saying ?? '').toLowerCase().replaceAll('_', ' ')} `;
    const found = WORDS.find(([part]) => (part.length < 5 ? hasWord(words, part) : words.includes(part)));
    if (found) return found[1];
  }
  return 'suspicious';
}

const hasWord = (words: string, part: string) => words.split(/[^a-z]+/).includes(part);
