import { count, inert, inertOr } from '../text.ts';
import type { Alert } from './alert.ts';

/** Of a detector's findings and of our readers' own notes. */
const MOST_FINDINGS = 6;

/** For a card: not more than `most` lines, and never one finding less without saying where it stands. */
export function suspicionLines(alert: Alert, incident: string, most: number): string[] {
  const seen = suspicions(alert);
  const findings = alert.findings.map((finding) => inertOr(finding, 'An empty finding.', 200));
  const whole = [...seen, ...findings];
  if (findings.length <= MOST_FINDINGS && whole.length <= most) return whole;
  const shown = [...seen, ...findings.slice(0, MOST_FINDINGS)].slice(0, most - 1);
  const untold = findings.length - shown.slice(seen.length).length;
  if (untold === 0) return whole.slice(0, most);
  return [...shown, `${count(untold, 'more finding')}: incident ${incident} lists them`];
}

/** What the mail's own words should make an analyst suspicious of. Authentication results never lower suspicion. */
export function suspicions(alert: Alert): string[] {
  const { sender, senderName } = alert.message;
  const found: string[] = [];
  if (!sender) found.push('The sender cannot be read from this mail.');
  const claimed = addressIn(senderName ?? '');
  if (claimed && claimed.toLowerCase() !== sender?.toLowerCase()) {
    found.push('The display name holds another address than the real sender.');
  }
  const domain = sender?.split('@')[1] ?? '';
  if (/(^|\.)xn--|[^\x21-\x7e]/i.test(domain))
    found.push(`The sender\u2019s domain is an international one: ${inert(domain, 80)}.`);
  if (mixesScripts(senderName ?? '')) found.push('The display name mixes alphabets or uses look-alike letters.');
  if (hides(alert.message.subject ?? '') || hides(senderName ?? '')) {
    found.push('The subject or name holds invisible or direction-changing characters.');
  }
  return found;
}

/** Word by word: the name is the sender's, and one expression over all of it would try every pair of places. */
function addressIn(text: string): string | undefined {
  return text.split(/[\s<>"'(),;:]+/).find((word) => {
    const at = word.indexOf('@');
    const dot = word.lastIndexOf('.');
    return at > 0 && dot > at + 1 && dot < word.length - 1;
  });
}

function mixesScripts(text: string): boolean {
  const scripts = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u].filter((script) =>
    script.test(text),
  );
  return scripts.length > 1 || /[\uFF01-\uFF5E]|[\u{1D400}-\u{1D7FF}]/u.test(text);
}

function hides(text: string): boolean {
  return /[\u00AD\u061C\u180E\u200B\u200C\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF\u{E0000}-\u{E0FFF}]/u.test(text);
}
