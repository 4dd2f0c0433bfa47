import { z } from 'zod';
import { isReadRight } from '../../core/ask/reads.ts';
import { BUTTONS } from '../../core/tell/button.ts';
import { reasonFor } from '../../core/tell/common-reasons.ts';
import { EVERYTHING, FILTERS } from '../../core/tell/details-rows.ts';
import { MEASURE_VERBS } from '../../core/tell/measure-buttons.ts';
import { isMeasures } from '../../core/tell/measures-view.ts';
import { SEARCH_FIELDS } from '../../core/tell/search-form.ts';
import type { Desk, Press, Reply, SearchCall } from '../../ports/desk.ts';
import type { AnyCard } from '../../ports/rooms.ts';
import { inWords } from '../chat/in-words.ts';
import { settled } from '../chat/template.ts';
import { type Inbound, userOf } from './activity.ts';
import {
  answerCard,
  CARD_TYPE,
  type CardIds,
  detailsCard,
  formCard,
  foundCard,
  incidentCard,
  linkCard,
  measuresCard,
  plainId,
  queueCard,
  rowsOf,
  searchCard,
} from './card.ts';
import { containAsked } from './contain.ts';
import { containFormCard, peopleCard } from './contain-cards.ts';
import { flagFormCard, flagsCard } from './flag-cards.ts';
import { flagsAsked } from './flags.ts';
import { TEAMS } from './platform.ts';

/** The body of an answer to `adaptiveCard/action`. The HTTP status stays 200 whatever `statusCode` says. */
export interface InvokeAnswer {
  readonly statusCode: number;
  readonly type: string;
  readonly value: unknown;
}

export interface PressContext {
  readonly desk: Desk;
  readonly channelId: string;
  /** The card as it is now, null when there is no such incident or list. */
  current(incident: string): Promise<AnyCard | null>;
}

/** What our cards send; `open` is a line of a message that gathers many. */
const isOurs = (verb: string) => BUTTONS.has(verb) || MEASURE_VERBS.has(verb) || isReadRight(verb) || verb === 'open';
const NO_IDS: CardIds = { incident: '', digest: '' };
const NO_PAGE = 'The page to go on with has no address that is safe to open. Ask whoever runs Clawback to mend it.';
const Page = z
  .union([z.string().regex(/^\d{1,6}$/), z.number().int().min(0).max(999_999)])
  .transform(Number)
  .default(0);
const Invoke = z.object({
  trigger: z.string().nullish(),
  action: z.object({
    verb: z.string().max(100),
    data: z.object({
      incident: z.string().min(1).max(40),
      digest: z.string().max(128),
      reason: z.string().max(4_000).nullish(),
      /** The key of a common reason. */
      why: z.string().max(12).nullish(),
      word: z.string().max(4_000).nullish(),
      page: Page,
      filter: z.enum(FILTERS).optional(),
      search: z.string().max(4_000).optional(),
    }),
  }),
});

type InvokeData = z.infer<typeof Invoke>['action']['data'];

/** The buttons of a queue, wherever it stands: it is no card of an incident, and only shows. */
const OfQueue = z.object({
  trigger: z.string().nullish(),
  action: z.object({
    verb: z.enum(['queue', 'bring']),
    data: z.object({ incident: z.string().min(1).max(40).nullish() }).nullish(),
  }),
});

/** The buttons of a search: its form, and what it found. */
const Word = z.string().max(4_000).nullish();
const OfSearch = z.object({
  trigger: z.string().nullish(),
  action: z.object({
    verb: z.enum(['search', 'found', 'file']),
    data: z.object({
      ...Object.fromEntries(SEARCH_FIELDS.map((name) => [name, Word])),
      search: z.string().max(40).nullish(),
      mail: z.string().max(40).nullish(),
    }),
  }),
});

async function answerSearch(activity: Inbound, { action }: z.infer<typeof OfSearch>, { desk }: PressContext) {
  const { verb, data } = action;
  const { search, mail } = data;
  const typed: SearchCall['asks'] = {
    is: 'begin',
    typed: Object.fromEntries(
      SEARCH_FIELDS.map((name) => [name, (data as Record<string, string | null | undefined>)[name] ?? null]),
    ),
  };
  const shown: SearchCall['asks'] = { is: 'show', search: search ?? '' };
  const filed: SearchCall['asks'] = { is: 'file', search: search ?? '', mail: mail ?? '' };
  const asks = { search: typed, found: shown, file: filed }[verb];
  return said(await desk.search({ by: userOf(activity), channel: activity.conversation.id, asks }), NO_IDS);
}

async function answerQueue(activity: Inbound, asked: z.infer<typeof OfQueue>, { desk }: PressContext) {
  const open = asked.action.verb === 'bring' ? (asked.action.data?.incident ?? '') : null;
  const by = userOf(activity);
  if (open === '') return said(await desk.stray(by, 'card action of a queue without an incident'), NO_IDS);
  return said(await desk.queue({ by, channel: activity.conversation.id, open }), NO_IDS);
}

/** A press on something that is no card of an incident; null where it is none. */
async function answerBeside(activity: Inbound, context: PressContext): Promise<InvokeAnswer | null> {
  const ofQueue = OfQueue.safeParse(activity.value).data;
  if (ofQueue && ofQueue.trigger !== 'automatic') return answerQueue(activity, ofQueue, context);
  const ofSearch = OfSearch.safeParse(activity.value).data;
  if (ofSearch && ofSearch.trigger !== 'automatic') return answerSearch(activity, ofSearch, context);
  const wanted = containAsked(activity.value);
  if (wanted) {
    const call = { by: userOf(activity), channel: activity.conversation.id, ...wanted };
    return said(await context.desk.contain(call), wanted);
  }
  const asks = flagsAsked(activity.value);
  if (!asks) return null;
  return said(await context.desk.flags({ by: userOf(activity), channel: activity.conversation.id, asks }), NO_IDS);
}

/** An invoke of a card -> what the person who pressed sees. Throws only what the desk throws. */
export async function answerInvoke(activity: Inbound, context: PressContext): Promise<InvokeAnswer> {
  const by = userOf(activity);
  const stray = async (what: string) => said(await context.desk.stray(by, what), NO_IDS);
  if (activity.name !== 'adaptiveCard/action') return stray(`invoke ${settled(activity.name ?? 'without a name')}`);
  const beside = await answerBeside(activity, context);
  if (beside) return beside;
  const invoke = Invoke.safeParse(activity.value);
  if (!invoke.success) return stray('card action that no card of ours sends');
  // A refresh is the client's doing; our cards ask for none, and nothing may be decided without a person.
  if (invoke.data.trigger === 'automatic') return stray('automatic card action');
  const { verb, data } = invoke.data.action;
  if (verb === 'card')
    return isOurChannel(activity, context) ? back(data.incident, context) : stray('card from elsewhere');
  if (!isOurs(verb)) return stray(`card action ${settled(verb)}`);
  const reason = reasonIn(verb, data);
  if (reason === undefined) return stray(`card action ${settled(verb)} with a reason that no card offers`);
  const press: Press = {
    by,
    card: { platform: TEAMS.platform, channel: activity.conversation.id, message: activity.replyToId ?? '' },
    verb,
    incident: data.incident,
    digest: data.digest,
    reason,
    page: data.page,
    ...lookIn(data),
    ...(typeof data.word === 'string' ? { word: data.word } : {}),
  };
  return said(await context.desk.press(press), data);
}

/** In our words where one of ours was chosen, else as typed; undefined for what no card of ours sends. */
function reasonIn(verb: string, { reason, why }: InvokeData): string | null | undefined {
  if (typeof why !== 'string') return reason ?? null;
  return typeof reason === 'string' ? undefined : (reasonFor(verb, why) ?? undefined);
}

/** What stands in the inputs of the mailbox list; other cards have none. */
function lookIn({ filter, search }: InvokeData): Pick<Press, 'look'> {
  if (filter === undefined && search === undefined) return {};
  return { look: { filter: filter ?? EVERYTHING.filter, search: search ?? '' } };
}

/** Words for the person who pressed; clients show them as plain text. */
export function told(lines: readonly string[]): InvokeAnswer {
  const value = lines.map(settled).join('\n');
  return { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value };
}

export function failed(message: string): InvokeAnswer {
  return { statusCode: 500, type: 'application/vnd.microsoft.error', value: { code: 'Unavailable', message } };
}

/** `ids`: what the press was about, so that a card in the place of its card finds the way back. */
function said(answer: Reply, ids: CardIds): InvokeAnswer {
  const reply = inWords(answer);
  const isRead = answer.kind === 'said' && answer.answer.code === 'excerpt-shown';
  switch (reply.kind) {
    case 'said':
      return isRead ? shown(answerCard(reply.lines, ids)) : told(reply.lines);
    case 'form-needed':
      return shown(formCard(reply));
    case 'link': {
      const card = linkCard(reply, ids);
      return card ? shown(card) : told([...reply.lines, NO_PAGE]);
    }
    case 'details':
      return shown(detailsCard(reply.view));
    case 'queue':
      return shown(queueCard(reply.queue));
    case 'search-form':
      return shown(searchCard(reply.form));
    case 'found':
      return shown(foundCard(reply.found));
    case 'flags':
      return shown(flagsCard(reply.list));
    case 'people': {
      const { incident, digest } = reply;
      return shown(peopleCard({ lines: rowsOf(reply.lines), incident, id: plainId(incident), digest }));
    }
    case 'contain-form':
      return shown(containFormCard(reply.form, plainId(reply.form.incident)));
    case 'flag-form':
      return shown(flagFormCard(reply.form));
  }
}

/** Only who pressed sees the card, in the place of the one pressed. */
function shown(card: object): InvokeAnswer {
  return { statusCode: 200, type: CARD_TYPE, value: card };
}

/** A thread's conversation id starts with the id of its channel. */
function isOurChannel(activity: Inbound, { channelId }: PressContext): boolean {
  return activity.conversation.id.split(';')[0] === channelId;
}

async function back(incident: string, context: PressContext): Promise<InvokeAnswer> {
  const view = await context.current(incident);
  if (view && isMeasures(view)) return shown(measuresCard(view));
  return view ? shown(incidentCard(view)) : told(['This incident is not here.']);
}
