import { type InvokeResponse, TeamsActivityHandler, type TurnContext } from 'botbuilder';
import type { Desk, Reply } from '../../ports/desk.ts';
import { inWords, type Shown } from '../chat/in-words.ts';
import type { AdapterLog } from '../chat/log.ts';
import { BROKEN, recordUnreadable } from '../chat/trouble.ts';
import { Inbound, tenantOf, userOf, wordsToBot } from './activity.ts';
import { CARD_TYPE, queueCard, replyCard, searchCard, veiledCard } from './card.ts';
import type { Connector } from './connector.ts';
import { veiledFlagsCard } from './flag-cards.ts';
import type { MemberIds } from './people.ts';
import { TEAMS } from './platform.ts';
import { answerInvoke, failed, type InvokeAnswer, type PressContext, told } from './press.ts';
import { filesTo, isReportAction, linesOf as reportLines, reportOf, type TeamsFetching, taskOf } from './report.ts';
import { whisper } from './whisper.ts';

/** Where the bot lives, as the channel itself told us. Ours to store; no SDK object. */
export interface TeamsReference {
  readonly event: 'present' | 'removed';
  readonly serviceUrl: string;
  readonly tenantId: string;
  readonly teamId: string;
  /** Null when the event concerns the whole team. */
  readonly channelId: string | null;
  readonly botId: string;
}

export interface BotOptions extends PressContext {
  readonly desk: Desk;
  readonly connector: Connector;
  readonly log: AdapterLog;
  /** Teams gives a card action 10 to 15 s; an answer leaves after this many milliseconds, whatever happens. */
  readonly answerWithinMs: number;
  readonly appId: string;
  readonly tenantId: string;
  readonly members: MemberIds;
  /** How files that people report are fetched; null where nothing is reported in Teams. */
  readonly reports: TeamsFetching | null;
  /** Waits that many milliseconds. */
  sleep(ms: number): Promise<void>;
  learned(reference: TeamsReference): Promise<void>;
}

const ACTION_WITHIN_MS = 4_000;
const LATE =
  'Clawback is still working on this. What becomes of it is told to you alone, here or in the chat with Clawback; until then nothing is certain.';

/** `work`'s result, or `late` once the time is up; work goes on then, and its failure is logged. */
async function inTime<T>(
  work: Promise<T>,
  ms: number,
  late: T,
  broken: T,
  onError: (error: unknown) => void,
): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<T>();
  const timer = setTimeout(resolve, ms, late);
  try {
    return await Promise.race([
      promise,
      work.catch((error: unknown) => {
        onError(error);
        return broken;
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

/** A command's answer stands in the thread for everybody: no mailbox list there, and no way to a page for one person. */
function cardOf(answer: Reply): object {
  const reply = inWords(answer);
  switch (reply.kind) {
    case 'queue':
      return queueCard(reply.queue);
    case 'search-form':
      return searchCard(reply.form);
    case 'found':
      return veiledCard(reply.found);
    case 'flags':
      return veiledFlagsCard(reply.list);
    case 'flag-form':
      return replyCard([reply.form.purpose]);
    case 'people':
      return replyCard(['What was found about people is for your eyes only: press People on the card.']);
    case 'contain-form':
      return replyCard([reply.form.intro]);
    default:
      return replyCard(linesOf(reply));
  }
}

function linesOf(
  reply: Exclude<
    Shown,
    { readonly kind: 'queue' | 'search-form' | 'found' | 'flags' | 'flag-form' | 'people' | 'contain-form' }
  >,
): readonly string[] {
  switch (reply.kind) {
    case 'said':
      return reply.lines;
    case 'form-needed':
      return [reply.problem];
    case 'link':
      return ['This goes on with a page that is for your eyes only: press the button on the card to be shown the way.'];
    case 'details':
      return [reply.view.summary, 'The mailbox list is for your eyes only: press Details on the card.'];
  }
}

function referenceOf(activity: Inbound): TeamsReference | null {
  const teamId = activity.channelData?.team?.id;
  const botId = activity.recipient?.id;
  if (!(teamId && botId)) return null;
  const isRemoved =
    activity.action?.startsWith('remove') === true || activity.membersRemoved?.some(({ id }) => id === botId) === true;
  return {
    event: isRemoved ? 'removed' : 'present',
    serviceUrl: activity.serviceUrl,
    tenantId: tenantOf(activity),
    teamId,
    channelId: activity.channelData?.channel?.id ?? null,
    botId,
  };
}

/** Turns activities into calls of the desk, and the desk's replies into what Teams shows. Never throws for input. */
export class ClawbackBot extends TeamsActivityHandler {
  private readonly options: BotOptions;

  constructor(options: BotOptions) {
    super();
    this.options = options;
    const learn = (context: TurnContext) => this.quietly(context, (activity) => this.learn(activity));
    this.onMessage((context) => this.quietly(context, (activity) => this.command(activity)));
    this.onConversationUpdate(learn);
    this.onInstallationUpdate(learn);
    this.onUnrecognizedActivityType((context) => this.quietly(context, (activity) => this.stray(activity)));
  }

  protected override async onInvokeActivity(context: TurnContext): Promise<InvokeResponse> {
    const { answerWithinMs, log } = this.options;
    const activity = Inbound.safeParse(context.activity);
    if (!activity.success) {
      await this.unreadable('press of an unknown shape');
      return { status: 200, body: failed('This is not a press Clawback can read.') };
    }
    if (this.options.reports && isReportAction(activity.data)) return this.howToReport(activity.data);
    const work = this.known(activity.data).then(() => answerInvoke(activity.data, this.options));
    const late = told([LATE]);
    const broken = failed(BROKEN);
    const body = await inTime<InvokeAnswer>(work, answerWithinMs, late, broken, (error) =>
      log.error({ err: error, activity: activity.data.id ?? '' }, 'a card press in Teams failed'),
    );
    if (body === late)
      this.tellLater(
        activity.data,
        work.catch(() => broken),
      );
    return { status: 200, body };
  }

  /** Teams gives this 5 s, and asks twice more [learn: respond-to-task-module-submit]. */
  private async howToReport(activity: Inbound): Promise<InvokeResponse> {
    const { desk, answerWithinMs, log } = this.options;
    const said = desk.report(reportOf(activity)).then(reportLines);
    const ms = Math.min(answerWithinMs, ACTION_WITHIN_MS);
    const lines = await inTime<readonly string[]>(said, ms, [BROKEN], [BROKEN], (error) =>
      log.error({ err: error }, 'an action on a message in Teams failed'),
    );
    return { status: 200, body: taskOf(lines) };
  }

  /** Nobody waits for this here: the press was acknowledged, and its answer is still to be told. */
  private tellLater(activity: Inbound, work: Promise<InvokeAnswer>): void {
    work
      .then((answer) => whisper(activity, answer, this.options))
      .catch((error: unknown) =>
        this.options.log.error({ err: error }, 'the late answer to a press was not taken by Teams'),
      );
  }

  /** Who speaks is asked about in the roster by the id that Teams itself has for them. */
  private async known({ from }: Inbound): Promise<void> {
    const { members, log } = this.options;
    const entraId = from.aadObjectId?.toLowerCase();
    if (!entraId || !from.id) return;
    try {
      if ((await members.get(entraId)) !== from.id) await members.set(entraId, from.id);
    } catch (error) {
      log.warn({ err: error }, 'what Teams calls somebody could not be kept');
    }
  }

  /** Everything but a press has nobody waiting for the answer: failures go to the log. */
  private async quietly(context: TurnContext, work: (activity: Inbound) => Promise<void>): Promise<void> {
    const { answerWithinMs, log } = this.options;
    const activity = Inbound.safeParse(context.activity);
    if (!activity.success) return this.unreadable('activity of an unknown shape');
    await inTime(work(activity.data), answerWithinMs, undefined, undefined, (error) =>
      log.error({ err: error, type: activity.data.type }, 'an activity from Teams failed'),
    );
  }

  private unreadable(what: string): Promise<void> {
    return recordUnreadable(this.options.desk, this.options.log, TEAMS.name, what);
  }

  private async learn(activity: Inbound): Promise<void> {
    const reference = referenceOf(activity);
    if (reference) await this.options.learned(reference);
  }

  private async command(activity: Inbound): Promise<void> {
    const words = wordsToBot(activity);
    const { desk, log, reports } = this.options;
    const files = reports ? filesTo(activity, reports) : [];
    // Whoever stops everything is not asked about a file.
    const isReport = files.length > 0 && !/^stop\b/i.test(words ?? '');
    if (words === null && !isReport) return this.stray(activity);
    const by = userOf(activity);
    await this.known(activity);
    const channel = activity.conversation.id;
    const asked = isReport
      ? desk.report({ by, channel, message: activity.id ?? '', files, instead: 'alone' })
      : desk.command({ by, channel, words: words ?? '' });
    const card = await asked.then(cardOf, (error: unknown) => {
      log.error({ err: error }, 'a command from Teams failed');
      return replyCard([BROKEN]);
    });
    await this.answer(activity, card);
  }

  private async stray(activity: Inbound): Promise<void> {
    await this.options.desk.stray(userOf(activity), `activity ${activity.type}`);
  }

  private async answer(activity: Inbound, content: object): Promise<void> {
    const path = `v3/conversations/${encodeURIComponent(activity.conversation.id)}/activities`;
    await this.options.connector.send(activity.serviceUrl, 'POST', path, {
      type: 'message',
      ...(activity.id ? { replyToId: activity.id } : {}),
      summary: 'Clawback has answered',
      attachments: [{ contentType: CARD_TYPE, content }],
    });
  }
}
