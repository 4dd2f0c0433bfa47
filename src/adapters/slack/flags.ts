import { z } from 'zod';
import { FLAG_VERBS } from '../../core/flag/may.ts';
import { FLAG_LISTS } from '../../core/tell/flags.ts';
import type { FlagCall } from '../../ports/desk.ts';
import type { Shown } from '../chat/in-words.ts';
import {
  type AckOnce,
  type Answer,
  attempt,
  isAtHome,
  messageOf,
  type Presser,
  presserOf,
  type SlackBotContext,
  tell,
} from './answering.ts';
import { fromJson, ORIGIN, type Pressed } from './payload.ts';

/** Looking after flagged mailboxes in Slack: a list for one pair of eyes, wherever it stands, and a window that asks why. */

const Id = z.string().max(255);
const Value = z.object({ flag: z.string().min(1).max(40), seen: z.number().int().min(0) });
const From = Value.extend({ verb: z.enum(FLAG_VERBS), channel: Id });
const Filled = z.object({
  ...ORIGIN,
  view: z.object({
    callback_id: z.literal('cb:flag'),
    private_metadata: z.string().max(3_000),
    state: z.object({
      values: z.object({ reason: z.object({ reason: z.object({ value: z.string().max(3_000).nullish() }) }) }),
    }),
  }),
});

const NO_WINDOW = 'Slack did not open the window in time. Please press the button again.';
const NO_REASON = 'Please say why: it goes into the record.';

/** Whether it is a press on a list of flagged mailboxes, wherever it stands. */
export function isOfFlags({ actions: [action, ...more] }: Pressed): boolean {
  const id = action?.action_id ?? '';
  return more.length === 0 && (id.startsWith('cb:flag:') || id.startsWith('cb:flags:'));
}

/** `respond`: replaces the message that was pressed, where it was one for one pair of eyes. */
export async function onFlagPress(
  pressed: Pressed,
  ack: AckOnce,
  respond: (answer: Answer) => Promise<unknown>,
  context: SlackBotContext,
): Promise<void> {
  const { actions, container, view } = pressed;
  const by = presserOf(pressed, context);
  const channel = view ? null : (container.channel_id ?? '');
  const presser: Presser = { by, channel: channel ?? '' };
  const asks = asksOf(actions[0]?.action_id ?? '', actions[0]?.value);
  const reply = await attempt(context, presser, () =>
    asks && isAtHome(pressed, context) && (view || channel)
      ? context.desk.flags({ by, channel, asks })
      : context.desk.stray(by, 'press on a flagged mailbox that none of ours sends'),
  );
  await ack();
  if (reply.kind === 'flag-form') return ask(reply, pressed, presser, context);
  if (view) return inWindow(reply, pressed, context);
  if (reply.kind !== 'flags') return tell(reply, presser, context);
  const answer: Answer = { response_type: 'ephemeral', replace_original: true, ...messageOf(reply, context) };
  await respond(answer).catch((error: unknown) => context.log.warn({ err: error }, 'a list of flags was not taken'));
}

function asksOf(action: string, value: string | undefined): FlagCall['asks'] | null {
  const which = FLAG_LISTS.find((known) => action === `cb:flags:${known}`);
  if (which) return { is: 'list', which };
  const verb = FLAG_VERBS.find((known) => action === `cb:flag:${known}`);
  const about = fromJson(Value, value);
  return verb && about ? { is: 'do', verb, ...about, reason: null } : null;
}

/** On top of a window that is open, where it was pressed in one. */
async function ask(
  reply: Extract<Shown, { kind: 'flag-form' }>,
  { trigger_id = '', view: from }: Pressed,
  presser: Presser,
  context: SlackBotContext,
): Promise<void> {
  const { client, cards, log } = context;
  const order = { trigger_id, view: cards.flags.form(reply.form, { channel: presser.channel }) };
  try {
    if (from && from.callback_id !== 'cb:home') await client.views.push(order);
    else await client.views.open(order);
  } catch (error) {
    log.warn({ err: error }, 'Slack did not open the form of a flag');
    await tell({ kind: 'said', lines: [NO_WINDOW] }, presser, context);
  }
}

/** What was pressed on the Home tab opens a window; in a window, it is shown in its place. */
async function inWindow(reply: Shown, { trigger_id = '', view }: Pressed, context: SlackBotContext): Promise<void> {
  const { client, cards, log } = context;
  const shown = cards.answer(messageOf(reply, context));
  try {
    if (view && view.callback_id !== 'cb:home') await client.views.update({ view_id: view.id, view: shown });
    else await client.views.open({ trigger_id, view: shown });
  } catch (error) {
    log.warn({ err: error }, NO_WINDOW);
  }
}

/** False: it is no form of a flag. */
export async function onFlagForm(body: unknown, ack: AckOnce, context: SlackBotContext): Promise<boolean> {
  const filled = Filled.safeParse(body).data;
  if (!filled) return false;
  const from = fromJson(From, filled.view.private_metadata);
  const by = presserOf(filled, context);
  const presser: Presser = { by, channel: from?.channel ?? '' };
  const reason = filled.view.state.values.reason.reason.value?.trim() ?? '';
  if (from && reason === '') return ack({ response_action: 'errors', errors: { reason: NO_REASON } } as never);
  const reply = await attempt(context, presser, () => {
    if (!from || !isAtHome(filled, context)) return context.desk.stray(by, 'form of a flag from another workspace');
    const { flag, seen, verb, channel } = from;
    const asks = { is: 'do', verb, flag, seen, reason } as const;
    return context.desk.flags({ by, channel: channel === '' ? null : channel, asks });
  });
  // In the same window, which nobody else sees; where Slack could not be kept waiting, to this one person in the channel.
  const view = context.cards.answer(messageOf(reply, context));
  if (!(await ack({ response_action: 'update', view } as never))) await tell(reply, presser, context);
  return true;
}
