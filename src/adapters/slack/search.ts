import { z } from 'zod';
import { SEARCH_FIELDS } from '../../core/tell/search-form.ts';
import type { SearchCall } from '../../ports/desk.ts';
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

/** Looking for mail in Slack: a window with a form, which then shows what was found to the one who asked. */

const Id = z.string().max(255);
const Value = z.object({ search: z.string().min(1).max(40), mail: z.string().min(1).max(40).optional() });
const From = z.object({ channel: Id });
const Typed = z.object({ value: z.string().max(3_000).nullish() });
const Filled = z.object({
  ...ORIGIN,
  view: z.object({
    callback_id: z.literal('cb:search'),
    private_metadata: z.string().max(3_000),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), Typed)) }),
  }),
});

const BUTTON = /^cb:(found|file:\d)$/;
const NO_WINDOW = 'Slack did not open the window in time. Please say it again.';

/** Opens the form for whoever typed the command; words where Slack did not take it in time. */
export async function openSearch(
  reply: Extract<Shown, { kind: 'search-form' }>,
  { trigger, channel }: { readonly trigger: string; readonly channel: string },
  { client, cards, log }: SlackBotContext,
): Promise<Shown | null> {
  try {
    await client.views.open({ trigger_id: trigger, view: cards.search.form(reply.form, channel) });
    return null;
  } catch (error) {
    log.warn({ err: error }, 'Slack did not open the form of a search');
    return { kind: 'said', lines: [NO_WINDOW] };
  }
}

/** False: it is no form of a search. */
export async function onSearchForm(body: unknown, ack: AckOnce, context: SlackBotContext): Promise<boolean> {
  const filled = Filled.safeParse(body).data;
  if (!filled) return false;
  const from = fromJson(From, filled.view.private_metadata);
  const presser: Presser = { by: presserOf(filled, context), channel: from?.channel ?? '' };
  const { values } = filled.view.state;
  const typed = Object.fromEntries(SEARCH_FIELDS.map((name) => [name, values[name]?.[name]?.value ?? null]));
  const isOurs = from !== null && isAtHome(filled, context);
  const reply = await attempt(context, presser, () =>
    isOurs
      ? context.desk.search({ by: presser.by, channel: presser.channel, asks: { is: 'begin', typed } })
      : context.desk.stray(presser.by, 'search from another workspace'),
  );
  if (reply.kind === 'search-form') {
    const { field, problem } = reply.form;
    const errors = { [field ?? 'sender']: problem.slice(0, 150) };
    if (await ack({ response_action: 'errors', errors } as never)) return true;
  }
  // In the same window, which nobody else sees; where Slack could not be kept waiting, to this one person in the channel.
  const view = context.cards.answer(messageOf(reply, context));
  if (await ack({ response_action: 'update', view } as never)) return true;
  await tell(reply, presser, context);
  return true;
}

/** Whether it is a press on what a search found. */
export function isOfSearch({ actions: [action, ...more] }: Pressed): boolean {
  return more.length === 0 && BUTTON.test(action?.action_id ?? '') && action?.block_id.startsWith('cb:found:') === true;
}

/** `respond`: replaces the message that was pressed. */
export async function onSearchPress(
  pressed: Pressed,
  ack: AckOnce,
  respond: (answer: Answer) => Promise<unknown>,
  context: SlackBotContext,
): Promise<void> {
  const { actions, container, view } = pressed;
  const presser: Presser = { by: presserOf(pressed, context), channel: container.channel_id ?? '' };
  const asks = asksOf(actions[0]?.action_id ?? '', actions[0]?.value);
  const reply = await attempt(context, presser, () =>
    asks && isAtHome(pressed, context)
      ? context.desk.search({ by: presser.by, channel: view ? null : presser.channel, asks })
      : context.desk.stray(presser.by, 'press on a search that none of ours sends'),
  );
  await ack();
  if (view) return inWindow(reply, view, context);
  if (asks?.is !== 'show') return tell(reply, presser, context);
  const answer: Answer = { response_type: 'ephemeral', replace_original: true, ...messageOf(reply, context) };
  await respond(answer).catch((error: unknown) =>
    context.log.warn({ err: error }, 'what a search found was not taken'),
  );
}

function asksOf(action: string, value: string | undefined): SearchCall['asks'] | null {
  const said = fromJson(Value, value);
  if (!said) return null;
  const { search, mail } = said;
  if (action === 'cb:found') return { is: 'show', search };
  return mail === undefined ? null : { is: 'file', search, mail };
}

async function inWindow(reply: Shown, view: NonNullable<Pressed['view']>, context: SlackBotContext): Promise<void> {
  const modal = context.cards.answer(messageOf(reply, context));
  const order = { view_id: view.id, ...(view.hash ? { hash: view.hash } : {}), view: modal };
  await context.client.views
    .update(order)
    .catch((error: unknown) => context.log.warn({ err: error }, 'the window of a search was not changed'));
}
