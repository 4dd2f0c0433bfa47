import { z } from 'zod';
import type { Shown } from '../chat/in-words.ts';
import {
  type AckOnce,
  attempt,
  isAtHome,
  messageOf,
  type Presser,
  presserOf,
  type SlackBotContext,
  tell,
} from './answering.ts';
import { fromJson, MOST_OPTION, ORIGIN, type Pressed } from './payload.ts';

/** Asking for measures about people in Slack: a button below what was found about them, and a window with a form. */

const Id = z.string().max(255);
const Ids = z.strictObject({ incident: z.string().min(1).max(40), digest: z.string().max(128) });
const From = Ids.extend({ channel: Id });
const Option = z.object({ value: z.string().max(MOST_OPTION) });
const Typed = z.object({ value: z.string().max(3_000).nullish() });
const Filled = z.object({
  ...ORIGIN,
  view: z.object({
    callback_id: z.literal('cb:contain'),
    private_metadata: z.string().max(3_000),
    state: z.object({
      values: z.object({
        what: z.object({ what: z.object({ selected_option: Option.nullish() }) }),
        who: z.object({ who: z.object({ selected_options: z.array(Option).max(100) }) }).optional(),
        address: z.object({ address: Typed }),
        reason: z.object({ reason: Typed }),
      }),
    }),
  }),
});

const NO_WINDOW = 'Slack did not open the window in time. Please press the button again.';

/** Whether it is a press below what was found about people. */
export function isOfContaining({ actions: [action, ...more] }: Pressed): boolean {
  return more.length === 0 && action?.action_id === 'cb:contain:form';
}

export async function onContainPress(pressed: Pressed, ack: AckOnce, context: SlackBotContext): Promise<void> {
  const { actions, container } = pressed;
  const presser: Presser = { by: presserOf(pressed, context), channel: container.channel_id ?? '' };
  const ids = fromJson(Ids, actions[0]?.value);
  const isOurs = ids !== null && actions[0]?.block_id === `cb:contain:${ids.incident}` && presser.channel !== '';
  const reply = await attempt(context, presser, () =>
    isOurs && isAtHome(pressed, context)
      ? context.desk.contain({ ...presser, ...ids, typed: null })
      : context.desk.stray(presser.by, 'press for measures that none of ours sends'),
  );
  await ack();
  if (reply.kind !== 'contain-form') return tell(reply, presser, context);
  await openContain(reply, { trigger: pressed.trigger_id ?? '', presser }, context);
}

/** In a window of its own, which nobody else sees. */
async function openContain(
  reply: Extract<Shown, { kind: 'contain-form' }>,
  { trigger, presser }: { readonly trigger: string; readonly presser: Presser },
  context: SlackBotContext,
): Promise<void> {
  const { client, cards, log } = context;
  try {
    await client.views.open({ trigger_id: trigger, view: cards.contain.form(reply.form, presser.channel) });
  } catch (error) {
    log.warn({ err: error }, 'Slack did not open the form for measures');
    await tell({ kind: 'said', lines: [NO_WINDOW] }, presser, context);
  }
}

/** False: it is no form for measures. */
export async function onContainForm(body: unknown, ack: AckOnce, context: SlackBotContext): Promise<boolean> {
  const filled = Filled.safeParse(body).data;
  if (!filled) return false;
  const from = fromJson(From, filled.view.private_metadata);
  const presser: Presser = { by: presserOf(filled, context), channel: from?.channel ?? '' };
  const { what, who, address, reason } = filled.view.state.values;
  const typed = {
    what: what.what.selected_option?.value ?? null,
    who: (who?.who.selected_options ?? []).map(({ value }) => value),
    address: address.address.value ?? null,
    reason: reason.reason.value ?? null,
  };
  const reply = await attempt(context, presser, () =>
    from && isAtHome(filled, context)
      ? context.desk.contain({ by: presser.by, ...from, typed })
      : context.desk.stray(presser.by, 'form for measures from another workspace'),
  );
  if (reply.kind === 'contain-form') {
    const { field, problem } = reply.form;
    if (await ack({ response_action: 'errors', errors: { [field]: problem.slice(0, 150) } } as never)) return true;
  }
  // In the same window, which nobody else sees; where Slack could not be kept waiting, to this one person in the channel.
  const view = context.cards.answer(messageOf(reply, context));
  if (!(await ack({ response_action: 'update', view } as never))) await tell(reply, presser, context);
  return true;
}
