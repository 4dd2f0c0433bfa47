import { z } from 'zod';
import { isReadRight } from '../../core/ask/reads.ts';
import { BUTTONS } from '../../core/tell/button.ts';
import type { CardView } from '../../core/tell/card.ts';
import { EVERYTHING, FILTERS } from '../../core/tell/details-rows.ts';
import type { Desk, Press, Reply } from '../../ports/desk.ts';
import { inWords } from '../chat/in-words.ts';
import { settled } from '../chat/template.ts';
import { type Inbound, userOf } from './activity.ts';
import {
  answerCard,
  CARD_TYPE,
  type CardIds,
  detailsCard,
  formCard,
  incidentCard,
  linkCard,
  queueCard,
} from './card.ts';
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
  /** The card as it is now, null when there is no such incident. */
  current(incident: string): Promise<CardView | null>;
}

/** What our cards send; `open` is a line of a message that gathers many. */
const isOurs = (verb: string) => BUTTONS.has(verb) || isReadRight(verb) || verb === 'open';
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
      word: z.string().max(4_000).nullish(),
      page: Page,
      filter: z.enum(FILTERS).optional(),
      search: z.string().max(4_000).optional(),
    }),
  }),
});

/** The buttons of a queue, wherever it stands: it is no card of an incident, and only shows. */
const OfQueue = z.object({
  trigger: z.string().nullish(),
  action: z.object({
    verb: z.enum(['queue', 'bring']),
    data: z.object({ incident: z.string().min(1).max(40).nullish() }).nullish(),
  }),
});

async function answerQueue(activity: Inbound, asked: z.infer<typeof OfQueue>, { desk }: PressContext) {
  const open = asked.action.verb === 'bring' ? (asked.action.data?.incident ?? '') : null;
  const by = userOf(activity);
  if (open === '') return said(await desk.stray(by, 'card action of a queue without an incident'), NO_IDS);
  return said(await desk.queue({ by, channel: activity.conversation.id, open }), NO_IDS);
}

/** An invoke of a card -> what the person who pressed sees. Throws only what the desk throws. */
export async function answerInvoke(activity: Inbound, context: PressContext): Promise<InvokeAnswer> {
  const by = userOf(activity);
  const stray = async (what: string) => said(await context.desk.stray(by, what), NO_IDS);
  if (activity.name !== 'adaptiveCard/action') return stray(`invoke ${settled(activity.name ?? 'without a name')}`);
  const ofQueue = OfQueue.safeParse(activity.value).data;
  if (ofQueue && ofQueue.trigger !== 'automatic') return answerQueue(activity, ofQueue, context);
  const invoke = Invoke.safeParse(activity.value);
  if (!invoke.success) return stray('card action that no card of ours sends');
  // A refresh is the client's doing; our cards ask for none, and nothing may be decided without a person.
  if (invoke.data.trigger === 'automatic') return stray('automatic card action');
  const { verb, data } = invoke.data.action;
  if (verb === 'card')
    return isOurChannel(activity, context) ? back(data.incident, context) : stray('card from elsewhere');
  if (!isOurs(verb)) return stray(`card action ${settled(verb)}`);
  const press: Press = {
    by,
    card: { platform: TEAMS.platform, channel: activity.conversation.id, message: activity.replyToId ?? '' },
    verb,
    incident: data.incident,
    digest: data.digest,
    reason: data.reason ?? null,
    page: data.page,
    ...lookIn(data),
    ...(typeof data.word === 'string' ? { word: data.word } : {}),
  };
  return said(await context.desk.press(press), data);
}

/** What stands in the inputs of the mailbox list; other cards have none. */
function lookIn({ filter, search }: z.infer<typeof Invoke>['action']['data']): Pick<Press, 'look'> {
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
  return view ? shown(incidentCard(view)) : told(['This incident is not here.']);
}
