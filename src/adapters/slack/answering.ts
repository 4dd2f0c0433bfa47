import { type types, webApi } from '@slack/bolt';
import type { ChatUser, Desk, Reply } from '../../ports/desk.ts';
import { inWords, type Shown } from '../chat/in-words.ts';
import type { AdapterLog } from '../chat/log.ts';
import { patiently } from '../chat/patience.ts';
import { BROKEN } from '../chat/trouble.ts';
import type { SlackCards } from './card.ts';
import type { Pressed } from './payload.ts';
import { SLACK } from './platform.ts';
import type { SlackFetching } from './shared-files.ts';

/** Who does something in Slack, whether they are ours, and how one person is answered. */

export interface SlackBotContext {
  readonly desk: Desk;
  readonly client: webApi.WebClient;
  readonly cards: SlackCards;
  readonly home: Home;
  readonly log: AdapterLog;
  /** How files that people report are fetched; null where nothing is reported in Slack. */
  readonly reports: SlackFetching | null;
  /** Slack wants its acknowledgement within 3 s; it leaves after this many milliseconds, whatever happens. */
  readonly ackWithinMs: number;
  /** Waits that many milliseconds. */
  readonly sleep: (ms: number) => Promise<void>;
}

/** What counts as ours. */
interface Home {
  readonly teamId: string;
  /** Empty outside of an Enterprise Grid. */
  readonly enterpriseId: string;
  readonly orgWide: boolean;
}

/** One acknowledgement, sent once. False when it had been sent before, or when Slack cannot be given it. */
export type AckOnce = (body?: never) => Promise<boolean>;

export interface Presser {
  readonly by: ChatUser;
  readonly channel: string;
}

/** The words of the desk's reply, or fixed ones when it failed. */
export async function attempt(
  context: SlackBotContext,
  { by }: Pick<Presser, 'by'>,
  work: () => Promise<Reply>,
): Promise<Shown> {
  try {
    return inWords(await work());
  } catch (error) {
    context.log.error({ err: error, user: by.id }, 'an interaction in Slack failed');
    return { kind: 'said', lines: [BROKEN] };
  }
}

export function chatUser(id: string, home: string | undefined, name: string | undefined): ChatUser {
  return { platform: SLACK.platform, id, home: home ?? '', name: name ?? '' };
}

type Origin = Pick<Pressed, 'team' | 'enterprise' | 'user'>;

/**
 * People of connected workspaces can press too; only those of the one we serve are passed on. In an Enterprise Grid the
 * payload does not say whose somebody is: `user.team_id` may be another workspace of the same company, and an app that is
 * installed for all of it is told no workspace at all [slackapi/bolt-js#1875]. There users.info decides, at the desk.
 */
export function isAtHome({ team, enterprise, user }: Origin, { home }: SlackBotContext): boolean {
  const isOurCompany = home.enterpriseId !== '' && enterprise?.id === home.enterpriseId;
  const isEverywhere = isOurCompany && home.orgWide && (!team || home.teamId === home.enterpriseId);
  const isHere = team?.id === home.teamId || isEverywhere;
  return isHere && (user.team_id === home.teamId || isOurCompany);
}

/** Whether a command or an event is of the workspace, or of the company, that we serve. */
export function isOurWorkspace(teamId: string, enterpriseId: string | undefined, { home }: SlackBotContext): boolean {
  return teamId === home.teamId || (home.orgWide && home.enterpriseId !== '' && enterpriseId === home.enterpriseId);
}

export function presserOf(origin: Origin, context: SlackBotContext): ChatUser {
  const { id, team_id, username, name } = origin.user;
  return chatUser(id, isAtHome(origin, context) ? context.home.teamId : team_id, username ?? name);
}

/** To one pair of eyes in the card's channel. What is lost here is still on the card and in the record. */
export async function tell(reply: Shown, { by, channel }: Presser, context: SlackBotContext): Promise<void> {
  const { client, log } = context;
  if (channel === '') return;
  const message = messageOf(reply, context);
  try {
    await patiently(() => client.chat.postEphemeral({ channel, user: by.id, ...message }), waitOf, context.sleep);
  } catch (error) {
    log.warn({ err: error, channel }, 'an answer to one person was not taken by Slack');
  }
}

export function waitOf(error: unknown): number | null {
  return error instanceof webApi.WebAPIRateLimitedError ? error.retryAfter * 1_000 : null;
}

export interface Answer {
  response_type: 'ephemeral';
  replace_original?: boolean;
  text: string;
  blocks: types.KnownBlock[];
}

/** A reply where no window can open. */
export function messageOf(reply: Shown, { cards }: SlackBotContext): ReturnType<SlackCards['reply']> {
  switch (reply.kind) {
    case 'said':
      return cards.reply(reply.lines);
    case 'link':
      return cards.link(reply);
    case 'form-needed':
      return cards.reply([reply.problem]);
    case 'details':
      return cards.reply([reply.view.summary, 'For the mailbox list press Details on the card.']);
    case 'queue':
      return cards.queue.message(reply.queue);
    case 'search-form':
      return cards.reply([reply.form.problem || reply.form.intro]);
    case 'found':
      return cards.search.found(reply.found);
    case 'flags':
      return cards.flags.list(reply.list);
    case 'people':
      return cards.people(reply);
    case 'flag-form':
      return cards.reply([reply.form.problem || reply.form.purpose]);
    case 'contain-form':
      return cards.reply([reply.form.problem || reply.form.intro]);
  }
}
