import { z } from 'zod';
import { listOf, personal, plain } from './field.ts';

/** What is written down between sources and us beside their alerts: exercises, words taken back, and how each was told the end. */

const OF_REPORTER = {
  /** Entra object id. */
  person: personal(),
  /** What they are told of the mail: see `EndName`. */
  end: plain(),
  /** Number of the entry that ended it. */
  ended: z.number(),
};

const TOLD = {
  /** The name that the configuration gives the source, and its own id of the alert. */
  source: plain(),
  alert: plain(),
  /** What it is told of the mail: see `EndName`. */
  end: plain(),
  /** Number of the entry that ended it. */
  ended: z.number(),
  nth: z.number(),
};

export const SOURCE = {
  /** When a list was made. `whole`: all that was seen of the mail is an exercise. */
  'exercise.recognised': z.object({
    whole: z.boolean(),
    by: listOf(plain()),
    copies: z.number(),
    marks: listOf(personal()),
  }),
  /** A source takes back what it said. `votes`: how many do not count any more because of it. */
  'word.taken-back': z.object({ source: plain(), says: personal().nullable(), at: plain(), votes: z.number() }),
  /** Before the vendor is asked, with what it is told. */
  'loop.intended': z.object({ ...TOLD, words: plain() }),
  /** `outcome`: 'told', 'known' where it had heard it, 'waits', 'nothing' where its API takes nothing of the kind, or 'given up'. */
  'loop.told': z.object({ ...TOLD, note: personal() }),
  /** Before whoever reported the mail is written to in a chat, with what they are told. */
  'reporter.intended': z.object({ ...OF_REPORTER, words: personal() }),
  /** `outcome`: 'told', 'not known', 'waits', or 'nothing' where the chat takes no message for them. */
  'reporter.told': z.object({ ...OF_REPORTER, note: personal() }),
};
