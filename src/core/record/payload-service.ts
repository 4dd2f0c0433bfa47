import { z } from 'zod';
import { listOf, personal, plain } from './field.ts';

/** What is written down of rooms and their cards, of the process itself, and of what was turned away. */

const PLACE = { channel: plain(), message: plain(), via: plain() };

export const SERVICE = {
  /**
   * It may have a card of its own, which the hour has only so many of: this is what they are counted by. `kind`: what shares one number.
   * `who`: a digest that stands for whoever alerted.
   */
  'card.granted': z.object({ kind: plain(), who: personal() }),
  'card.posted': z.object(PLACE),
  /** Without a place where it never had one. */
  'card.lost': z.object({ why: plain().nullable(), place: z.object(PLACE).nullable() }),
  'cards.gathered': z.object({ ...PLACE, count: z.number(), incidents: listOf(plain()) }),
  'room.lost': z.object({ why: plain() }),
  'room.back': z.object({}),
  'integrity.broken': z.object({ what: personal() }),
  /** Counted by place and reason; of a source that is asked, by what it calls the alert and what is wrong with it. */
  'request.refused': z.object({
    since: plain().nullable(),
    requests: z.number(),
    kinds: listOf(z.object({ kind: personal(), count: z.number() })),
  }),
  'clock.changed': z.object({ state: plain(), aheadSeconds: z.number(), machine: plain() }),
  /** A segment of the log of requests to Microsoft: what nobody can add to any more. */
  'requests.sealed': z.object({
    segment: plain(),
    requests: z.number(),
    from: plain(),
    until: plain(),
    /** SHA-256 over lines that hold random ids: not personal. */
    digest: plain(),
    lost: z.number(),
  }),
  'requests.forgotten': z.object({ before: plain(), segments: z.number() }),
  'service.started': z.object({ version: plain() }),
  'service.stopped': z.object({}),
};
