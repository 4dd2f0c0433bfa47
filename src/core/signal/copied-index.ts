import { inert } from '../text.ts';
import { readConversationIndex } from './conversation-index.ts';
import { type Signal, seen } from './finding.ts';
import { standingOf, strangerIn, wasIn } from './stranger.ts';

/**
 * The mark by which Outlook and Exchange know a thread (MS-OXOMSG 2.2.1.3), at a mail from somebody who was never in that thread. Our
 * own: no public rule reads it. An honest answer adds five bytes and names what it answers: one that does neither has copied the mark.
 */
export const copiedIndex: Signal = {
  most: 'medium',
  look(facts) {
    const stranger = strangerIn(facts);
    const { thread } = facts.mail;
    const { sameIndex } = facts.mailbox;
    if (stranger === null || thread === null || sameIndex === null || thread.value.index === null) return null;
    const index = readConversationIndex(thread.value.index);
    const { messages, indexes } = sameIndex.value;
    if (index === null || messages === 0 || wasIn(sameIndex.value, stranger)) return null;
    // What was asked for was the root; the answer is looked at all the same.
    const earlier = indexes
      .flatMap((one) => readConversationIndex(one) ?? [])
      .filter(({ root }) => root === index.root);
    if (earlier.length === 0) return null;
    const { standing, on } = standingOf(facts, stranger);
    if (standing === 'established') return null;
    const isVerbatim = earlier.some(({ bytes }) => bytes === index.bytes);
    const namesNothing = thread.value.inReplyTo.length + thread.value.references.length === 0;
    const who = inert(stranger.address, 80);
    const isCopied = standing === 'new' && (isVerbatim || namesNothing);
    return seen({
      strength: isCopied ? 'medium' : 6,
      sentence: isCopied
        ? `Carries the mark of a thread of yours without being an answer in it, from somebody who was never in it: ${who}.`
        : `Carries the mark of a thread of yours, from somebody who was never in it: ${who}.`,
      on: [sameIndex, thread, stranger.from, stranger.own, ...on],
      row: { domain: stranger.domain.name, root: index.root, replies: index.replies, verbatim: isVerbatim, standing },
    });
  },
};
