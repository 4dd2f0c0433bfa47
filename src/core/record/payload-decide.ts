import { z } from 'zod';
import { listOf, people, personal, plain, seats } from './field.ts';

/** What is written down of votes, of what they decide, and of waiting for them. */

export const DECIDING = {
  'decision.approved': z.object({
    action: plain(),
    count: z.number(),
    needed: z.number(),
    rule: plain().nullable(),
    seats: seats(),
    roles: listOf(plain()),
    over: plain().nullable(),
    /** What the person wrote; for taking in, the key of the group that is meant. */
    reason: personal().nullable(),
    signIn: z.object({ context: plain(), at: plain() }).nullable(),
    /** In their chat. Null from before it was kept, as the time of the vote. */
    account: personal().nullable(),
    votedAt: plain().nullable(),
  }),
  'decision.rejected': z.object({ reason: personal(), roles: listOf(plain()), seats: seats(), approvedBy: people() }),
  'decision.withdrawn': z.object({ person: personal(), name: personal(), action: plain() }),
  'decision.reminded': z.object({ role: plain() }),
  'decision.escalated': z.object({ seats: seats() }),
  /**
   * Before it is done, and only who has not been called for this step. `step`: of its escalation, -1 for the call that comes
   * with the question; `asks`: what they are told of it; `why` these people; `afterQuiet`: put off until the quiet hours ended.
   */
  'people.called': z.object({
    step: z.number(),
    asks: plain(),
    why: plain(),
    afterQuiet: z.boolean(),
    roles: listOf(plain()),
    people: listOf(z.object({ person: personal(), account: personal() })),
  }),
  /** `outcome`: certainly not, or not known; `note`: what the chat said. */
  'people.uncalled': z.object({ step: z.number(), people: people(), note: personal() }),
  'press.refused': z.object({
    verb: plain(),
    channel: plain(),
    message: plain(),
    why: plain().nullable(),
    seats: seats(),
    /** Names of those who could not be checked. */
    who: personal().nullable(),
  }),
  stray: z.object({ what: personal() }),
  'incident.reopened': z.object({
    seats: seats(),
    approvedBy: people(),
    /** Where nobody was asked. */
    why: plain().nullable(),
  }),
  'incident.expired': z.object({}),
  /** About the mail of another incident, where it goes on. */
  'incident.joined': z.object({ into: plain() }),
  'group.taken-in': z.object({
    group: personal(),
    differences: listOf(plain()),
    messages: z.number(),
    sender: personal().nullable(),
    subject: personal().nullable(),
    seats: seats(),
    approvedBy: people(),
    heard: personal().nullable(),
  }),
  'containment.confirmed': z.object({ approvedBy: people() }),
  'containment.lapsed': z.object({}),
};
