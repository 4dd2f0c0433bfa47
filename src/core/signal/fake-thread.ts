import type { Fact, Facts } from './facts.ts';
import { type Signal, seen } from './finding.ts';
import { type Stranger, standingOf, strangerIn } from './stranger.ts';
import { claimsToBe } from './subject.ts';

/** So many header names quoted in the text are a whole earlier mail. */
const QUOTED = 3;

/**
 * It says that it answers, and answers nothing. Precedent: sublime-rules `fake_thread_suspicious_indicators`, medium. Ticket systems
 * and people do it too, and a forwarded mail is new to whoever gets it: medium only where somebody nobody knows shows the text of an
 * exchange that is not in the mailbox.
 */
export const fakeThread: Signal = {
  most: 'medium',
  look(facts) {
    const { subject, thread, quotedHeaders } = facts.mail;
    const stranger = strangerIn(facts);
    if (stranger === null || subject === null || thread === null || isInThread(facts)) return null;
    const claim = claimsToBe(subject.value);
    if (claim === null) return null;
    const { standing } = standingOf(facts, stranger);
    if (standing === 'established') return null;
    const shown = claim === 'reply' ? exchangeShown(facts, stranger) : null;
    const on = [subject, thread, stranger.from, stranger.own] as const;
    const row = { subject: subject.value, quotedHeaders: quotedHeaders?.value ?? null, standing };
    if (shown !== null)
      return seen({
        strength: 'medium',
        sentence: 'It shows an earlier exchange that is not in this mailbox, and names no mail that it answers.',
        on: [...on, ...shown],
        row,
      });
    return seen({
      strength: claim === 'reply' ? 8 : 5,
      sentence: `By its subject it is ${claim === 'reply' ? 'an answer' : 'a forwarded mail'}, but it names no mail before it.`,
      on,
      row,
    });
  },
};

/** By its headers, or because the mailbox knows the thread, whatever its headers lack. */
function isInThread({ mail, mailbox }: Facts): boolean {
  const { inReplyTo = [], references = [] } = mail.thread?.value ?? {};
  return inReplyTo.length + references.length > 0 || (mailbox.conversation?.value.messages ?? 0) > 0;
}

/** What shows that the text is of an exchange that somebody nobody knows made up; null where that cannot be said. */
function exchangeShown(facts: Facts, stranger: Stranger): Fact<unknown>[] | null {
  const { quotedHeaders } = facts.mail;
  const { conversation } = facts.mailbox;
  const { standing, on } = standingOf(facts, stranger);
  const isWhole = quotedHeaders !== null && quotedHeaders.value >= QUOTED;
  return isWhole && conversation !== null && standing === 'new' ? [quotedHeaders, conversation, ...on] : null;
}
