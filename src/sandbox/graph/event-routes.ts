import type { CalendarEvent } from '../tenant/calendar.ts';
import type { Fields, Value } from './filter.ts';
import { messageOr404 } from './message-reading.ts';
import { chosen, pageOf } from './page.ts';
import { badRequest, fail, type Json, ok, type Reply } from './reply.ts';
import { picked } from './shape.ts';
import type { Route, Task } from './types.ts';

/** Calendar entries, and the one that an invitation made (learn.microsoft.com/graph/api/resources/event). */

const READ = ['Calendars.Read'];
const WRITE = ['Calendars.ReadWrite'];
const EVENTS = ['users', ':user', 'events'];
const EVENT = [...EVENTS, ':event'];

export const EVENT_ROUTES: readonly Route[] = [
  {
    operation: 'getInvitedEvent',
    method: 'GET',
    pattern: ['users', ':user', 'messages', ':message', 'microsoft.graph.eventmessage', 'event'],
    outlook: true,
    roles: READ,
    handle: getInvitedEvent,
  },
  { operation: 'listEvents', method: 'GET', pattern: EVENTS, outlook: true, roles: READ, handle: listEvents },
  { operation: 'getEvent', method: 'GET', pattern: EVENT, outlook: true, roles: READ, handle: getEvent },
  { operation: 'deleteEvent', method: 'DELETE', pattern: EVENT, outlook: true, roles: WRITE, handle: deleteEvent },
  {
    operation: 'declineEvent',
    method: 'POST',
    pattern: [...EVENT, 'decline'],
    outlook: true,
    roles: WRITE,
    handle: declineEvent,
  },
];

const NOT_FOUND = 'The specified object was not found in the store.';

/** learn.microsoft.com, eventmessage-get. Of an invitation that was moved nobody finds the entry any more. */
function getInvitedEvent(task: Task): Reply {
  if (!task.call.roles.has('Mail.Read'))
    fail(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.');
  const item = messageOr404(task);
  const event = task.box.calendar.all().find(({ invitation }) => invitation?.message === item.immutableId);
  if (!event) badRequest("Resource not found for the segment 'microsoft.graph.eventMessage'.");
  const isWhereItCame = event?.invitation?.folderId === item.parentFolderId;
  if (!event || !isWhereItCame || (event.deleted && !task.service.beliefs().deletedEventReadable))
    return fail(404, 'ErrorItemNotFound', NOT_FOUND);
  return eventReply(task, event);
}

const FIELDS: Fields<CalendarEvent> = {
  readers: new Map<string, (event: CalendarEvent) => Value>([['iCalUId', (event) => event.iCalUId]]),
  caseless: new Set(),
};
const DEFAULT_PAGE = 10;
const MAX_PAGE = 1_000;

/** Of the calendar itself: what lies in Deleted Items is not in it. */
function listEvents({ box, call, query, service, user }: Task): Reply {
  if (query.orderBy.length > 0) badRequest('Only $filter, $select, $skip and $top are simulated for events.');
  const all = () => box.calendar.all().filter(({ deleted }) => !deleted);
  const size = query.top ?? DEFAULT_PAGE;
  if (size < 1 || size > MAX_PAGE) fail(400, 'ErrorInvalidArgument', `$top must be between 1 and ${MAX_PAGE}.`);
  return ok(
    pageOf(chosen(query, { fields: FIELDS, indexed: new Set(), lookUp: all, all }), query, {
      origin: service.origin(),
      path: call.path,
      rawQuery: call.rawQuery,
      context: `users('${user.id}')/events`,
      start: query.skip,
      size,
      next: (position) => ({ $skip: String(position) }),
      json: (event) => eventJson(event, query.select),
    }),
  );
}

function getEvent(task: Task): Reply {
  const event = eventOr404(task);
  if (event.deleted && !task.service.beliefs().deletedEventReadable) fail(404, 'ErrorItemNotFound', NOT_FOUND);
  return eventReply(task, event);
}

/** learn.microsoft.com, event-delete: on the organizer's calendar everybody who was invited is told. */
function deleteEvent(task: Task): Reply {
  const event = presentOr404(task);
  const { box, wrote } = task;
  if (event.isOrganizer) box.calendar.sent.push({ event: event.id, what: 'cancellation' });
  box.calendar.remove(event.id);
  wrote({ effect: 'event', message: event.id, from: event.subject, to: null });
  return { status: 204 };
}

/** learn.microsoft.com, event-decline: the organizer is told unless somebody says not to. */
function declineEvent(task: Task): Reply {
  const { box, wrote, json } = task;
  const { sendResponse = true, proposedNewTime } = json();
  if (proposedNewTime !== undefined && sendResponse !== true)
    fail(400, 'ErrorInvalidRequest', 'proposedNewTime takes a response.');
  const event = presentOr404(task);
  if (event.isOrganizer)
    fail(400, 'ErrorInvalidRequest', "Your request can't be completed. You can't respond to this meeting.");
  if (sendResponse === true) box.calendar.sent.push({ event: event.id, what: 'response' });
  box.calendar.remove(event.id, 'declined');
  wrote({ effect: 'event', message: event.id, from: event.subject, to: 'declined' });
  return { status: 202 };
}

function presentOr404(task: Task): CalendarEvent {
  const event = eventOr404(task);
  return event.deleted ? fail(404, 'ErrorItemNotFound', NOT_FOUND) : event;
}

function eventOr404({ box, params }: Task): CalendarEvent {
  return box.calendar.find(params['event'] ?? '') ?? fail(404, 'ErrorItemNotFound', NOT_FOUND);
}

function eventReply({ query, service, user }: Task, event: CalendarEvent): Reply {
  const context = `${service.origin()}/v1.0/$metadata#users('${user.id}')/events/$entity`;
  return ok({ '@odata.context': context, ...eventJson(event, query.select) });
}

function eventJson(event: CalendarEvent, select: readonly string[] | null): Json {
  const all = everything(event);
  const shown = select === null ? all : { id: event.id, ...picked(all, select, 'microsoft.graph.event') };
  return { '@odata.etag': `W/"${event.changeKey}"`, ...shown };
}

function everything(event: CalendarEvent): Json {
  const { id, changeKey, iCalUId, subject, organizer, isOrganizer, response, createdAt } = event;
  const time = (iso: string) => ({ dateTime: iso.replace(/\.\d{3}Z$/, '.0000000'), timeZone: 'UTC' });
  return {
    ...{ id, changeKey, iCalUId, subject, isOrganizer, categories: [], createdDateTime: createdAt },
    lastModifiedDateTime: createdAt,
    bodyPreview: '',
    importance: 'normal',
    sensitivity: 'normal',
    isAllDay: false,
    isCancelled: false,
    responseRequested: true,
    seriesMasterId: null,
    showAs: 'tentative',
    type: 'singleInstance',
    responseStatus: { response, time: '0001-01-01T00:00:00Z' },
    body: { contentType: 'html', content: '' },
    start: time(event.start),
    end: time(event.end),
    location: { displayName: '' },
    recurrence: null,
    attendees: [],
    organizer: { emailAddress: organizer },
  };
}
