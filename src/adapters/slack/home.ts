import type { types } from '@slack/bolt';
import { z } from 'zod';
import type { ChatUser, QueueCall } from '../../ports/desk.ts';
import type { Shown } from '../chat/in-words.ts';
import { patiently } from '../chat/patience.ts';
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
  waitOf,
} from './answering.ts';
import { slackCode } from './failure.ts';
import { ButtonValue, fromJson, type Pressed } from './payload.ts';
import { SLACK } from './platform.ts';

/** The queue of one person: on the Home tab when they open it, and wherever they press for it. It only shows. */

const Id = z.string().max(255);
const Opened = z.object({
  team_id: Id,
  enterprise_id: Id.nullish(),
  event: z.object({
    user: Id,
    tab: z.string().max(20).optional(),
    view: z.object({ hash: z.string().max(200).optional() }).optional(),
  }),
});

const REFRESH = 'cb:queue';
const BRING = 'cb:bring';
const NO_WINDOW = 'Slack did not open the window in time. Please press the button again.';

/** Slack has acknowledged events by itself before this is called. Never throws. */
export async function onHomeOpened(body: unknown, context: SlackBotContext): Promise<void> {
  const opened = Opened.safeParse(body).data;
  if (!opened) return recordUnreadable(context.desk, context.log, SLACK.name, 'event of an unknown shape');
  const { team_id, enterprise_id, event } = opened;
  if (event.tab !== undefined && event.tab !== 'home') return;
  const isOurs = isOurWorkspace(team_id, enterprise_id ?? undefined, context);
  // Whoever came from another workspace is told so, at the desk.
  const by = chatUser(event.user, isOurs ? context.home.teamId : team_id, undefined);
  await showHome(by, event.view?.hash, context);
}

/** Whether it is a press of the queue's own buttons, wherever it stands. */
export function isOfQueue({ actions: [action, ...more] }: Pressed): boolean {
  return more.length === 0 && (action?.action_id === REFRESH || action?.action_id === BRING);
}

/** `respond`: replaces the message that was pressed, where it was one for one pair of eyes. */
export async function onQueuePress(
  pressed: Pressed,
  ack: AckOnce,
  respond: (answer: Answer) => Promise<unknown>,
  context: SlackBotContext,
): Promise<void> {
  const { view, container, actions } = pressed;
  const by = presserOf(pressed, context);
  const presser: Presser = { by, channel: container.channel_id ?? '' };
  const isOnHome = view?.callback_id === 'cb:home';
  const isRefresh = actions[0]?.action_id === REFRESH;
  const open = isRefresh ? null : (fromJson(ButtonValue, actions[0]?.value)?.incident ?? '');
  if (!isAtHome(pressed, context) || open === '' || (!isOnHome && presser.channel === '')) {
    const what = isAtHome(pressed, context)
      ? 'press of the queue that none of ours sends'
      : 'press from another workspace';
    const reply = await attempt(context, presser, () => context.desk.stray(by, what));
    await ack();
    return tell(reply, presser, context);
  }
  await ack();
  if (isOnHome && isRefresh) return showHome(by, view.hash, context);
  const call: QueueCall = { by, channel: isOnHome ? null : presser.channel, open };
  const reply = await attempt(context, presser, () => context.desk.queue(call));
  if (isOnHome) return inWindow(reply, pressed, context);
  if (!isRefresh) return tell(reply, presser, context);
  const answer: Answer = { response_type: 'ephemeral', replace_original: true, ...messageOf(reply, context) };
  await respond(answer).catch((error: unknown) => context.log.warn({ err: error }, 'a refreshed queue was not taken'));
}

/**
 * `hash`: what the person saw last. Where something newer is there by now, it is made anew and put over that: what this
 * person asked for last is what they see.
 */
async function showHome(by: ChatUser, hash: string | undefined, context: SlackBotContext): Promise<void> {
  const make = async () =>
    homeOf(await attempt(context, { by }, () => context.desk.queue({ by, channel: null, open: null })), context);
  try {
    await publish(by, await make(), hash, context).catch(async (error: unknown) => {
      if (slackCode(error) !== 'hash_conflict') throw error;
      await publish(by, await make(), undefined, context);
    });
  } catch (error) {
    const why =
      slackCode(error) === 'not_enabled'
        ? 'the Slack app has no Home tab: switch it on in its settings (App Home), or take the manifest anew'
        : 'a Home tab was not taken by Slack';
    context.log.warn({ err: error, user: by.id }, why);
  }
}

async function publish(by: ChatUser, view: types.HomeView, hash: string | undefined, context: SlackBotContext) {
  const order = { user_id: by.id, view, ...(hash === undefined ? {} : { hash }) };
  await patiently(() => context.client.views.publish(order), waitOf, context.sleep);
}

/** Whoever has no queue is told why in the same place. */
function homeOf(reply: Shown, context: SlackBotContext): types.HomeView {
  if (reply.kind === 'queue') return context.cards.queue.home(reply.queue);
  return { type: 'home', callback_id: 'cb:home', blocks: messageOf(reply, context).blocks };
}

/** There is no channel at a Home tab that an answer could be put into. */
async function inWindow(reply: Shown, { trigger_id }: Pressed, context: SlackBotContext): Promise<void> {
  const { client, log } = context;
  try {
    await client.views.open({
      trigger_id: trigger_id ?? '',
      view: {
        type: 'modal',
        title: { type: 'plain_text', text: 'Clawback' },
        close: { type: 'plain_text', text: 'Close' },
        blocks: messageOf(reply, context).blocks,
      },
    });
  } catch (error) {
    log.warn({ err: error }, NO_WINDOW);
  }
}
