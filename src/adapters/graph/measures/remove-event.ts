import { z } from 'zod';
import { instantOf } from '../../../core/instant.ts';
import type { Image, Measure } from '../../../core/measure/measure.ts';
import type { MeasureLook } from '../../../ports/measures.ts';
import { odata, query, seg } from '../../microsoft/client.ts';
import { isGraphId } from '../../microsoft/ids.ts';
import type { InnerReply } from '../answer.ts';
import { type Asking, bodyOf, effectOf, isAbsent, type Needs, notSeen, refused, unknown } from './asking.ts';
import { type Carrier, plain } from './carrier.ts';
import { GLOBAL_OBJECT_ID, iCalUIdOf } from './event-id.ts';

/**
 * The calendar entry that an invitation made. The invitation leads to it only where it lies as it came, so its own name for the
 * entry is asked for too; whether the entry is in the calendar, the calendar says.
 */

const NEEDS: Needs = { permission: 'Calendars.ReadWrite', byExchange: true };
const NEEDS_MAIL: Needs = { permission: 'Mail.ReadWrite', byExchange: true };

/** All but its text, which an attacker wrote and nothing needs. */
const FIELDS = [
  ...['id', 'iCalUId', 'subject', 'organizer', 'isOrganizer', 'attendees', 'start', 'end', 'location', 'recurrence'],
  ...['type', 'seriesMasterId', 'responseStatus', 'showAs', 'isAllDay', 'isCancelled', 'createdDateTime'],
];
const Event = z.looseObject({ id: z.string().min(1), iCalUId: z.string().nullish() });
const Events = z.object({ value: z.array(Event) });
const Invitation = z.object({
  id: z.string(),
  receivedDateTime: z.string().nullish(),
  singleValueExtendedProperties: z.array(z.object({ id: z.string(), value: z.string() })).nullish(),
});

export const removeEvent: Carrier = {
  async look(asking, measure, signal) {
    if (!isGraphId(measure.ref)) return unknown('not the id of an invitation');
    const name = await nameOf(asking, measure, signal);
    if ('is' in name) return name;
    const options = query({ $filter: `iCalUId eq ${odata(name.iCalUId)}`, $select: FIELDS.join(',') });
    const path = `${ofPerson(measure)}/events${options}`;
    const reply = await asking.send(measure.person, { operation: 'look for event', method: 'GET', path }, signal);
    const events = Events.safeParse(bodyOf(reply)).data?.value;
    if (!events) return notSeen(reply, NEEDS, asking);
    const [event] = events.filter(({ iCalUId }) => iCalUId === name.iCalUId);
    return event ? { is: 'there', image: { ...plain(event), invitedAt: name.invitedAt } } : { is: 'gone' };
  },

  async apply(asking, measure, image, step) {
    const event = Event.safeParse(image).data;
    if (!event || !isGraphId(event.id)) return refused('not the image of a calendar entry');
    // learn.microsoft.com/graph/api/event-delete: that sends a cancellation to everybody who was invited.
    if (image['isOrganizer'] !== false)
      return refused('the mailbox is the organizer of this meeting: everybody who was invited would be told');
    // Whoever writes an invitation names the entry in it, and may name one that was there long before: that is not theirs to have removed.
    if (wasThereBefore(image))
      return refused('the calendar entry was there before this invitation came, so that it is not what made it');
    const request = {
      operation: 'remove event',
      method: 'DELETE',
      path: `${ofPerson(measure)}/events/${seg(event.id)}`,
      clientRequestId: step.requestId,
    } as const;
    return effectOf(await asking.send(measure.person, request, step.signal), NEEDS, asking);
  },

  putBack: () => Promise.resolve(refused('a calendar entry that was removed cannot be put back')),
};

/** An entry is made when its invitation is delivered; clocks of two services differ by less. Ours: nobody promises it. */
const APART_MS = 10 * 60_000;

/** What cannot be compared was not made by the mail as far as anybody has seen. */
function wasThereBefore({ createdDateTime, invitedAt }: Image): boolean {
  const [created, invited] = [createdDateTime, invitedAt].map((time) =>
    typeof time === 'string' ? instantOf(time) : Number.NaN,
  );
  return !((created ?? Number.NaN) + APART_MS >= (invited ?? Number.NaN));
}

interface Named {
  readonly iCalUId: string;
  /** ISO time, as Exchange has it; null where it cannot be read. */
  readonly invitedAt: string | null;
}

const ofPerson = ({ person }: Measure) => `/users/${seg(person)}`;

/** What the entry is called in every calendar; or that there is none, or that nobody can say. */
async function nameOf(asking: Asking, measure: Measure, signal: AbortSignal): Promise<Named | MeasureLook> {
  const message = `${ofPerson(measure)}/messages/${seg(measure.ref)}`;
  const led = `${message}/microsoft.graph.eventMessage/event${query({ $select: 'id,iCalUId' })}`;
  const named = `${message}${query({
    $select: 'id,receivedDateTime',
    $expand: `singleValueExtendedProperties($filter=id eq ${odata(GLOBAL_OBJECT_ID)})`,
  })}`;
  const [event, invitation] = await Promise.all([
    asking.send(measure.person, { operation: 'look at event', method: 'GET', path: led }, signal),
    asking.send(measure.person, { operation: 'look at invitation', method: 'GET', path: named }, signal),
  ]);
  const iCalUId = Event.safeParse(bodyOf(event)).data?.iCalUId;
  if (iCalUId) return { iCalUId, invitedAt: Invitation.safeParse(bodyOf(invitation)).data?.receivedDateTime ?? null };
  if (isDenied(event)) return notSeen(event, NEEDS, asking);
  return nameIn(invitation, asking);
}

function nameIn(invitation: InnerReply, asking: Asking): Named | MeasureLook {
  if (isAbsent(invitation, 'ErrorItemNotFound'))
    return unknown('the invitation is not there any more, and nothing else leads to its calendar entry');
  const found = Invitation.safeParse(bodyOf(invitation)).data;
  if (!found) return notSeen(invitation, NEEDS_MAIL, asking);
  const [property] = found.singleValueExtendedProperties ?? [];
  // A mail that is no invitation makes no entry.
  if (!property) return { is: 'gone' };
  const iCalUId = iCalUIdOf(property.value);
  return iCalUId === null
    ? unknown('the invitation names its calendar entry in an unknown way')
    : { iCalUId, invitedAt: found.receivedDateTime ?? null };
}

function isDenied(reply: InnerReply): boolean {
  return reply.kind === 'answer' && reply.status === 403;
}
