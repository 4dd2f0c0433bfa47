import { type Evidence, type EvidenceNow, evidenceNow } from '../ask/evidence.ts';
import type { TenantPolicy } from '../ask/policy.ts';
import { seatWords } from '../ask/rule.ts';
import { type PeopleLook, spokenIn } from '../intelligence/look.ts';
import {
  ENOUGH_CLOSED,
  type KindCount,
  type Measured,
  type Precision,
  precisionOf,
} from '../intelligence/precision.ts';
import { clip, inert, number } from '../text.ts';

/** How right findings have been here, and what the policy makes of them. */

const MEASURED_WORDS: Readonly<Record<Measured, string>> = {
  risk: 'risk in Entra',
  forwarding: 'forwarding',
  'inbox-rule': 'Inbox rules',
  'sign-in': 'sign-ins',
  consent: 'consent to apps',
  burst: 'bursts of mail',
  'mass-access': 'mass access',
  delegate: 'delegates',
  clicked: 'clicks',
  'mfa-mail-deleted': 'deleted notices',
  'lookalike-own': 'look-alike of an own domain',
  'lookalike-partner': 'look-alike of a partner',
  'thread-hijack': 'thread hijack',
  'vip-name': 'name of somebody important',
  authentication: 'failed authentication',
  'reply-to': 'answers elsewhere',
  'copied-index': 'copied mark of a thread',
  'address-in-name': 'address in the name',
  'judged-before': 'judged before',
  'fake-thread': 'made-up thread',
  'masked-recipients': 'hidden recipients',
  'payment-words': 'words about payment',
  prevalence: 'new domain',
  'first-time': 'first mail',
  unsolicited: 'unsolicited',
};

/** `thread hijack 28 of 30 (93 %)`. */
function shareWords({ kind, malicious, closed, percent }: Precision): string {
  const share = percent === null ? '' : ` (${percent} %)`;
  return `${MEASURED_WORDS[kind]} ${number(malicious)} of ${number(closed)}${share}`;
}

/** For who reads a look: of everything that spoke in it. */
export function precisionLines(look: PeopleLook, counts: readonly KindCount[]): readonly string[] {
  const spoke = spokenIn(look);
  if (spoke.length === 0) return [];
  const measured = counts.filter(({ kind }) => spoke.includes(kind)).map(precisionOf);
  const so =
    measured.length === 0
      ? 'none of these kinds in a closed incident yet'
      : `malicious ${measured.map(shareWords).join(', ')}`;
  return [
    `Evidence: it decides nothing. Measured over closed incidents: ${so}; below ${ENOUGH_CLOSED} it is in shadow, and no rule asks for more because of it.`,
  ];
}

const MOST_LINES = 3;
const LONGEST_LINE = 300;

/** On the card: rules of the policy about what spoke here, those that ask for more first. */
export function evidenceLines(
  { evidence: rules }: Partial<Pick<TenantPolicy, 'evidence'>>,
  evidence: Evidence | undefined,
): readonly string[] {
  const now = evidenceNow(rules ?? [], evidence);
  const sorted = [...now.filter(({ proven }) => proven.length > 0), ...now.filter(({ proven }) => proven.length === 0)];
  return sorted.slice(0, MOST_LINES).map((one) => clip(lineOf(one), LONGEST_LINE));
}

function lineOf({ rule, proven, shadow }: EvidenceNow): string {
  const name = `\u201c${inert(rule.name, 80)}\u201d`;
  if (proven.length > 0)
    return `${name} asks for more (${moreWords(rule)}): malicious ${proven.map(shareWords).join(', ')} closed incidents.`;
  return `${name} is in shadow and asks for nothing: malicious ${shadow.map(shareWords).join(', ')} closed incidents; at least ${ENOUGH_CLOSED} and ${rule.percent} % are needed.`;
}

function moreWords({ approve, reason, stepUp }: EvidenceNow['rule']): string {
  return [
    ...(approve ? [seatWords(approve)] : []),
    ...(reason ? ['a reason'] : []),
    ...(stepUp === undefined ? [] : ['a fresh sign-in']),
  ].join(', ');
}
