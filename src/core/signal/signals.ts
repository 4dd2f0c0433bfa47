import { addressInName } from './address-in-name.ts';
import { authentication } from './authentication.ts';
import { copiedIndex } from './copied-index.ts';
import type { Facts } from './facts.ts';
import { fakeThread } from './fake-thread.ts';
import type { Seen, Signal, Strength } from './finding.ts';
import { firstTime } from './first-time.ts';
import { judgedBefore } from './judged-before.ts';
import { lookalikeOwn } from './lookalike-own.ts';
import { lookalikePartner } from './lookalike-partner.ts';
import { lowered } from './lowered.ts';
import { maskedRecipients } from './masked-recipients.ts';
import { paymentWords } from './payment-words.ts';
import { prevalence } from './prevalence.ts';
import { replyTo } from './reply-to.ts';
import { threadHijack } from './thread-hijack.ts';
import { unsolicited } from './unsolicited.ts';
import { vipName } from './vip-name.ts';

/** Every signal there is: a new one is a file beside these and a line here. In this order they stand where their weight is the same. */
const SIGNALS = {
  'lookalike-own': lookalikeOwn,
  'lookalike-partner': lookalikePartner,
  'thread-hijack': threadHijack,
  'vip-name': vipName,
  authentication,
  'reply-to': replyTo,
  'copied-index': copiedIndex,
  'address-in-name': addressInName,
  'judged-before': judgedBefore,
  'fake-thread': fakeThread,
  'masked-recipients': maskedRecipients,
  'payment-words': paymentWords,
  prevalence,
  'first-time': firstTime,
  unsolicited,
} as const satisfies Readonly<Record<string, Signal>>;

export type SignalName = keyof typeof SIGNALS;

export const SIGNAL_NAMES = Object.keys(SIGNALS) as readonly SignalName[];

/** Evidence: what one signal saw, where, when, how much it weighs, and the raw row. It decides nothing. */
export interface Finding extends Seen {
  readonly signal: SignalName;
}

/** Everything that can be said about the mail by what is known, the heaviest first. Pure. */
export function findingsIn(facts: Facts): readonly Finding[] {
  const found = SIGNAL_NAMES.flatMap((signal): Finding[] => {
    const seen = SIGNALS[signal].look(facts);
    return seen === null ? [] : [{ signal, ...lowered(seen, facts) }];
  });
  return found.sort((a, b) => b.weight - a.weight);
}

/** The most that a signal ever says. */
export function mostOf(signal: SignalName): Strength {
  return SIGNALS[signal].most;
}
