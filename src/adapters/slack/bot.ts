import type { App, types } from '@slack/bolt';
import type { Press } from '../../ports/desk.ts';
import type { Shown } from '../chat/in-words.ts';
import { recordUnreadable } from '../chat/trouble.ts';
import {
  type AckOnce,
  type Answer,
  attempt,
  chatUser,
  isAtHome,
  isOurWorkspace,
  messageOf,
  type Presser,
  presserOf,
  type SlackBotContext,
  tell,
} from './answering.ts';
import type { Place } from './card.ts';
import { isOfContaining, onContainForm, onContainPress } from './contain.ts';
import { isOfFlags, onFlagForm, onFlagPress } from './flags.ts';
import { isOfQueue, onHomeOpened, onQueuePress } from './home.ts';
import { Commanded, DetailsPlace, FormPlace, fromJson, Pressed, Submitted } from './payload.ts';
import { SLACK } from './platform.ts';
import { lookIn, placeOf, pressOf } from './press.ts';
import { onShortcut } from './report.ts';
import { isOfSearch, onSearchForm, onSearchPress, openSearch } from './search.ts';

const LINK = /^cb:link:[0-2]$/;
const NO_WINDOW = 'Slack did not open the window in time. Please press the button again.';
const NO_REASON = 'Please say why: it goes into the record.';
const NO_REASON_TO_REJECT = 'Please say why this mail is not malicious: it goes into the record.';
/** UTF-16 units. More is cut off, not refused: a stop with a long story must still stop. */
const MOST_WORDS = 4_000;

/**
 * Registers one listener per family of payloads: with several that match, Bolt runs them all. Each does the durable
 * work first, then acknowledges, then answers the person.
 */
export function listen(app: App, context: SlackBotContext): void {
  app.action(/^/, ({ body, ack, respond }) => onPress(body, deadline(ack, context), respond, context));
  app.view(/^/, ({ body, ack }) => onSubmit(body, deadline(ack, context), context));
  app.command(/^/, ({ body, ack, respond }) => onCommand(body, deadline(ack, context), respond, context));
  app.event('app_home_opened', ({ body }) => onHomeOpened(body, context));
  app.shortcut(/^/, ({ body, ack, respond }) => onShortcut(body, deadline(ack, context), respond, context));
}

async function onPress(
  body: unknown,
  ack: AckOnce,
  respond: (answer: Answer) => Promise<unknown>,
  context: SlackBotContext,
): Promise<void> {
  const pressed = Pressed.safeParse(body).data;
  if (!pressed) return ignored('press', ack, context);
  // Slack tells of it when somebody opens a page: nothing is asked by that.
  if (pressed.actions.length === 1 && LINK.test(pressed.actions[0]?.action_id ?? '')) return void (await ack());
  if (isOfQueue(pressed)) return onQueuePress(pressed, ack, respond, context);
  if (isOfFlags(pressed)) return onFlagPress(pressed, ack, respond, context);
  if (isOfContaining(pressed)) return onContainPress(pressed, ack, context);
  if (isOfSearch(pressed)) return onSearchPress(pressed, ack, respond, context);
  const place = placeOf(pressed);
  const presser = { by: presserOf(pressed, context), channel: place?.channel ?? '' };
  const press = isAtHome(pressed, context) && place ? pressOf(pressed, presser.by, place) : null;
  const reply = await attempt(context, presser, () =>
    press ? context.desk.press(press) : context.desk.stray(presser.by, strangeness(pressed, context)),
  );
  await ack();
  await show(reply, pressed, presser, place ?? { channel: '', ts: '' }, context);
}

/** A form of something that is no card of an incident, and is answered with that. */
async function isBeside(body: unknown, ack: AckOnce, context: SlackBotContext): Promise<boolean> {
  if (await onSearchForm(body, ack, context)) return true;
  return (await onFlagForm(body, ack, context)) || (await onContainForm(body, ack, context));
}

async function onSubmit(body: unknown, ack: AckOnce, context: SlackBotContext): Promise<void> {
  if (await isBeside(body, ack, context)) return;
  const submitted = Submitted.safeParse(body).data;
  if (!submitted) return ignored('form', ack, context);
  const { view } = submitted;
  if (view.callback_id === 'cb:details') return onSearch(submitted, ack, context);
  const from = view.callback_id === 'cb:form' ? fromJson(FormPlace, view.private_metadata) : null;
  const presser = { by: presserOf(submitted, context), channel: from?.channel ?? '' };
  const { reason = null, word } = view.state.values;
  if (!(from && isAtHome(submitted, context))) {
    const what = from ? 'form from another workspace' : 'form that is none of ours';
    const reply = await attempt(context, presser, () => context.desk.stray(presser.by, what));
    await ack();
    return tell(reply, presser, context);
  }
  const { incident, digest, verb } = from;
  if (reason === '') return void (await ack(complaint('reason', verb === 'reject' ? NO_REASON_TO_REJECT : NO_REASON)));
  const card = { platform: SLACK.platform, channel: from.channel, message: from.ts } as const;
  const press: Press = {
    by: presser.by,
    card,
    verb,
    incident,
    digest,
    reason,
    page: from.page,
    ...(word === undefined ? {} : { word }),
  };
  const reply = await attempt(context, presser, () => context.desk.press(press));
  if (reply.kind === 'form-needed' && (await ack(complaint(reply.field, reply.problem)))) return;
  await ack();
  await tell(reply, presser, context);
}

/** The window with the mailbox list was sent: it shows what is looked for from now on. */
async function onSearch(submitted: Submitted, ack: AckOnce, context: SlackBotContext): Promise<void> {
  const { private_metadata: drawn, state } = submitted.view;
  const from = isAtHome(submitted, context) ? fromJson(DetailsPlace, drawn) : null;
  const presser = { by: presserOf(submitted, context), channel: from?.channel ?? '' };
  const reply = await attempt(context, presser, () => {
    if (!from) return context.desk.stray(presser.by, 'search that is none of ours');
    const { incident, digest, channel, ts } = from;
    const card = { platform: SLACK.platform, channel, message: ts } as const;
    const asked = { verb: 'details', incident, digest, reason: null, page: 0, look: lookIn(state, from) };
    return context.desk.press({ by: presser.by, card, ...asked });
  });
  if (from && reply.kind === 'details') {
    const view = context.cards.details(reply.view, from);
    if (await ack({ response_action: 'update', view } as never)) return;
  }
  await ack();
  await tell(reply, presser, context);
}

async function onCommand(
  body: unknown,
  ack: AckOnce,
  respond: (answer: Answer) => Promise<unknown>,
  context: SlackBotContext,
): Promise<void> {
  const call = Commanded.safeParse(body).data;
  if (!call) return ignored('command', ack, context);
  const isOurs = isOurWorkspace(call.team_id, call.enterprise_id, context);
  const by = chatUser(call.user_id, isOurs ? context.home.teamId : call.team_id, call.user_name);
  const words = unescaped(call.text ?? '')
    .trim()
    .slice(0, MOST_WORDS)
    .toWellFormed();
  const said = await attempt(context, { by }, () =>
    isOurs
      ? context.desk.command({ by, channel: call.channel_id, words })
      : context.desk.stray(by, 'command from another workspace'),
  );
  const opening = { trigger: call.trigger_id ?? '', channel: call.channel_id };
  const reply = said.kind === 'search-form' ? await openSearch(said, opening, context) : said;
  if (!reply) return void (await ack());
  const answer: Answer = { response_type: 'ephemeral', ...messageOf(reply, context) };
  if (await ack(answer as never)) return;
  await respond(answer).catch((error: unknown) => context.log.warn({ err: error }, 'a command’s answer was not taken'));
}

/** Something Slack itself vouches for and we cannot read: nobody to answer, but it is recorded and nothing must hang. */
async function ignored(what: string, ack: AckOnce, { desk, log }: SlackBotContext): Promise<void> {
  log.warn({ what }, 'Slack sent something of an unknown shape');
  await recordUnreadable(desk, log, SLACK.name, `${what} of an unknown shape`);
  await ack();
}

function deadline(ack: (body?: never) => Promise<void>, { ackWithinMs, log }: SlackBotContext): AckOnce {
  let isSent = false;
  const once: AckOnce = async (body) => {
    if (isSent) return false;
    isSent = true;
    clearTimeout(timer);
    try {
      await ack(body);
      return true;
    } catch (error) {
      // The connection that it belongs to may be gone. What was done is done, and is told another way.
      log.error({ err: error }, 'an acknowledgement to Slack failed');
      return false;
    }
  };
  const timer = setTimeout(() => void once(), ackWithinMs);
  return once;
}

function strangeness(pressed: Pressed, context: SlackBotContext): string {
  if (!isAtHome(pressed, context)) return 'press from another workspace';
  if (pressed.actions.length !== 1) return `press with ${pressed.actions.length} actions`;
  return `press of ${pressed.actions[0]?.action_id.replace(/[^\w:.-]/g, '?').slice(0, 80)}`;
}

async function show(
  reply: Shown,
  { trigger_id, view }: Pressed,
  presser: Presser,
  place: Place,
  context: SlackBotContext,
): Promise<void> {
  const { client, cards, log } = context;
  const isShort = reply.kind !== 'details' && reply.kind !== 'form-needed' && reply.kind !== 'contain-form';
  // What is said behind a window is not seen.
  if (isShort && !view) return tell(reply, presser, context);
  const modal = isShort ? cards.answer(messageOf(reply, context)) : windowOf(reply, place, context);
  try {
    if (view) await client.views.update({ view_id: view.id, ...(view.hash ? { hash: view.hash } : {}), view: modal });
    else await client.views.open({ trigger_id: trigger_id ?? '', view: modal });
  } catch (error) {
    log.warn({ err: error }, 'Slack did not open the window');
    await tell({ kind: 'said', lines: [NO_WINDOW] }, presser, context);
  }
}

function windowOf(
  reply: Extract<Shown, { kind: 'details' | 'form-needed' | 'contain-form' }>,
  place: Place,
  { cards }: SlackBotContext,
): types.ModalView {
  if (reply.kind === 'contain-form') return cards.contain.form(reply.form, place.channel);
  return reply.kind === 'details' ? cards.details(reply.view, place) : cards.form(reply, place);
}

function complaint(field: 'reason' | 'word', problem: string): never {
  return { response_action: 'errors', errors: { [field]: problem.slice(0, 150) } } as never;
}

/** Slack escapes these three, and only these, in a command's text. */
function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
