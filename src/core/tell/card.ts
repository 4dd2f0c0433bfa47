import { z } from 'zod';
import { OUTCOMES } from '../action/outcome.ts';

/**
 * What a card says, platform-neutral. Every string here is final: inert, clipped, in our words or quoted from the
 * mail. Templates bind nothing but strings, booleans and flat rows, so a missing or structured value cannot slip in.
 */

const line = (max: number) => z.string().min(1).max(max);
const Row = z.strictObject({ label: line(60), value: line(600) });
export const Note = z.strictObject({ text: line(300) });

/** ISO time in whole seconds, for the chat's own dates; empty for none. */
const instant = () => z.string().regex(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)?$/);

/** A button, in our own words. */
export const CardAction = z.strictObject({
  /** The verb that a press of it names. */
  id: z.string().regex(/^[a-z][a-z-]{0,30}$/),
  label: line(60),
  style: z.enum(['plain', 'primary', 'danger']),
  /** No undo brings back what it does: it stands apart from the others. */
  isApart: z.boolean(),
  /** What it takes before it counts: nothing more, a reason, or a form in which a word is typed. */
  needs: z.enum(['press', 'reason', 'word']),
  /** Empty for none. */
  tooltip: z.string().max(200),
  /** What the reason has to answer; empty where none is asked for at the button. */
  question: z.string().max(100),
  /** What a press of it speaks about, where that is not the plan of this card. */
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  /** What may be given as the reason in one press, by its key; empty where every reason is typed. */
  reasons: z.array(z.strictObject({ why: z.string().regex(/^[a-z]{1,12}$/), label: line(60) })).max(4),
  /** Asked once more, in every chat. */
  confirmation: z.strictObject({ title: line(100), text: line(300), yes: line(30), no: line(30) }).nullable(),
});

export const CardView = z.strictObject({
  tenant: line(80),
  incident: line(40),
  revision: z.string().regex(/^\d+$/),
  /** Full hex digest of the plan that a press on this card speaks about; empty while there is no plan. */
  digest: z.string().regex(/^([0-9a-f]{64})?$/),
  /** `a1b2 c3d4`, or a dash. */
  shortDigest: line(20),
  severity: z.enum(['low', 'medium', 'high', 'critical']),
  /** Severity and verdict in words, e.g. `HIGH · Phishing`. */
  headline: line(120),
  /** Where the case stands, in a few words: `Approval needed`. */
  state: line(60),
  /** One sentence: what is the case now. */
  status: line(300),
  /** Who stopped Clawback, why, and how the stop is lifted; empty while it may act. */
  stopped: z.string().max(400),
  /** Colour family of the status band; never the only carrier of meaning. */
  tone: z.enum(['neutral', 'busy', 'attention', 'good', 'bad']),
  sender: line(600),
  subject: line(400),
  /** `12 copies in 11 mailboxes, 4 read`. */
  reach: line(300),
  /** What speaks for or against the mail: who says so and why, what it carries, where its links lead. */
  facts: z.array(Row).max(10),
  /** Copies that need a person, by name and cause. */
  troubles: z.array(Note).max(8),
  /** What deserves suspicion or care: look-alikes left alone, mailboxes not readable, name/address mismatch. */
  warnings: z.array(Note).max(20),
  /** Messages that agree with the mail only in part, in groups of like ones; the first of them. */
  unsure: z.array(z.strictObject({ text: line(500), page: z.string().regex(/^\d+$/), label: line(60) })).max(3),
  /** How many mails are shown as one attack, and where they stand; empty where it is this one alone. */
  campaign: z.string().max(300),
  /** The others, each with a button that brings its own card. */
  waves: z.array(z.strictObject({ incident: line(40), text: line(400) })).max(8),
  /** Whether a group can be taken in: then there is one button each. */
  canTakeIn: z.boolean(),
  /** What is asked, and of whom; empty when nothing is asked. */
  needs: z.string().max(300),
  /** Until when is waited; empty where nothing ends. */
  deadline: instant(),
  /** `at most 38 min left`: stays true while the card is not drawn anew; empty with `deadline`. */
  left: z.string().max(60),
  /** What happens once enough people have approved what is asked, to how many copies; empty when nothing is asked. */
  effect: z.string().max(300),
  /** Who decided what, in order. */
  decisions: z.array(Note).max(20),
  /** While an action runs: `120 of 400 copies checked`; else empty. */
  progress: z.string().max(200),
  /** What the work waits for, and since when; empty where it goes on. */
  waits: z.string().max(300),
  /** When it ended; empty while it is not over. */
  endedAt: instant(),
  /** Until about when an undo works; empty where there is nothing to undo. */
  undoUntil: instant(),
  /** Count per outcome, once there is any. */
  outcomes: z.array(Row).max(OUTCOMES.length),
  /** Pages to read on, at hosts of the configuration. */
  links: z
    .array(
      z.strictObject({
        label: line(40),
        url: z
          .string()
          .max(1_500)
          .regex(/^https:\/\/[^\s{}]+$/),
      }),
    )
    .max(3),
  /** What people are waited for, if for anything. */
  asks: z.enum(['approval', 'confirmation', 'nothing']),
  /** The buttons, in the order that they are read in. */
  actions: z.array(CardAction).max(20),
});
export type CardView = z.infer<typeof CardView>;

/** One message about many things. Nothing is decided on it: each line leads to a card of its own, or to none. */
export const GatheredView = z.strictObject({
  tenant: line(80),
  title: line(60),
  headline: line(120),
  /** What its buttons do. */
  intro: line(300),
  /** What deserves care. */
  notes: z.array(Note).max(8),
  /** `incident`: what a press of its button names. `button`: empty for a line without one. */
  lines: z.array(z.strictObject({ incident: line(40), text: line(700), button: z.string().max(20) })).max(20),
});
export type GatheredView = z.infer<typeof GatheredView>;
