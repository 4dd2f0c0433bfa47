import { z } from 'zod';
import type { Reply } from '../../ports/desk.ts';
import {
  type AckOnce,
  type Answer,
  attempt,
  chatUser,
  isAtHome,
  messageOf,
  presserOf,
  type SlackBotContext,
} from './answering.ts';
import { ORIGIN } from './payload.ts';
import { offered, SharedFile } from './shared-files.ts';

/** The message shortcut “Report to Clawback”: what somebody presses in the menu of a message that has a mail file in it. */

/** In the manifest of the app as well. */
const REPORT = 'cb:report';

const Id = z.string().max(255);
const Pressed = z.object({
  type: z.literal('message_action'),
  callback_id: z.literal(REPORT),
  ...ORIGIN,
  channel: z.object({ id: Id }),
  message_ts: Id,
  // A file that cannot be read is none: it keeps no other from being reported.
  message: z.object({
    files: z.array(SharedFile.nullable().catch(null)).max(100).nullish().catch(null),
  }),
});

type Respond = ((answer: Answer) => Promise<unknown>) | undefined;

/** Answered where only who pressed sees it, also in conversations that the app is not in. */
export async function onShortcut(
  body: { readonly user: { readonly id: string; readonly team_id?: string } },
  ack: AckOnce,
  respond: Respond,
  context: SlackBotContext,
): Promise<void> {
  const { desk, reports, log } = context;
  const pressed = reports === null ? undefined : Pressed.safeParse(body).data;
  if (!reports || !pressed) {
    await ack();
    await desk.stray(chatUser(body.user.id, body.user.team_id, ''), 'shortcut');
    return;
  }
  const { channel, message, message_ts, team } = pressed;
  // Slack leaves a person's own workspace out here at times: users.info says it, at the desk.
  const origin = { ...pressed, user: { ...pressed.user, team_id: pressed.user.team_id ?? team?.id } };
  const by = presserOf(origin, context);
  const files = (message.files ?? []).filter((file) => file !== null).map((file) => offered(file, reports));
  const report = (): Promise<Reply> =>
    desk.report({ by, channel: channel.id, message: message_ts, files, instead: 'attached' });
  const reply = await attempt(context, { by }, () =>
    isAtHome(origin, context) ? report() : desk.stray(by, 'shortcut from another workspace'),
  );
  await ack();
  const answer: Answer = { response_type: 'ephemeral', replace_original: false, ...messageOf(reply, context) };
  await respond?.(answer).catch((error: unknown) => log.warn({ err: error }, 'the answer to a report was not taken'));
}
