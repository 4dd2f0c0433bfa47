import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type AdaptiveCardInvokeResponse,
  CardFactory,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  type ConversationReference,
  MessageFactory,
  TeamsActivityHandler,
  type TurnContext,
} from 'botbuilder';
import { ServiceClientCredentialsFactory } from 'botframework-connector';
import { startTeams, type TeamsOptions, type TeamsStandIn } from '../../src/sandbox/teams/start.ts';

const APP_ID = '11111111-1111-4111-8111-111111111111';
export const TENANT = '22222222-2222-4222-8222-222222222222';

type Bearer = ReturnType<ServiceClientCredentialsFactory['createCredentials']>;

const segment = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const BOT_TOKEN = `${segment({ alg: 'none' })}.${segment({ aud: 'https://api.botframework.com', appid: APP_ID })}.x`;

class FixedToken extends ServiceClientCredentialsFactory {
  override isValidAppId(id: string): Promise<boolean> {
    return Promise.resolve(id === APP_ID);
  }
  override isAuthenticationDisabled(): Promise<boolean> {
    return Promise.resolve(false);
  }
  override createCredentials(): Bearer {
    const credentials: Awaited<Bearer> = {
      signRequest(request) {
        request.headers.set('authorization', `Bearer ${BOT_TOKEN}`);
        return Promise.resolve(request);
      },
    };
    return Promise.resolve(credentials);
  }
}

export function card(words: string, verbs: readonly string[] = ['purge', 'reject']): Record<string, unknown> {
  const execute = (verb: string) => ({ type: 'Action.Execute', title: verb, verb, data: { incident: 'CB-1' } });
  const reason = { type: 'Input.Text', id: 'reason', label: 'Reason', isRequired: true, errorMessage: 'Say why' };
  const asked = { type: 'AdaptiveCard', body: [reason], actions: [execute('reject')] };
  return {
    type: 'AdaptiveCard',
    version: '1.5',
    fallbackText: words,
    body: [
      { type: 'TextBlock', text: words },
      {
        type: 'ActionSet',
        actions: verbs.map((verb) =>
          verb === 'reject' ? { type: 'Action.ShowCard', title: 'Reject', card: asked } : execute(verb),
        ),
      },
    ],
  };
}

type Invoked = (context: TurnContext) => Promise<AdaptiveCardInvokeResponse>;

export interface Botted {
  readonly teams: TeamsStandIn;
  /** What the bot does with a click; replaced by a test. */
  onInvoke: Invoked;
  onMessage: (context: TurnContext) => Promise<unknown>;
  readonly turns: TurnContext['activity'][];
  /** Starts a thread with a card through botbuilder. */
  post(words?: string): Promise<{ conversationId: string; activityId: string }>;
  /** Runs in the thread that `post` started. */
  inThread(conversationId: string, act: (context: TurnContext) => Promise<unknown>): Promise<void>;
  advance(ms: number): void;
  close(): Promise<void>;
}

function bodyOf(req: IncomingMessage): Promise<Record<string, unknown>> {
  return new Response(req as unknown as ReadableStream).json() as Promise<Record<string, unknown>>;
}

/** botbuilder's process() speaks the restify dialect: this is as much of it as it uses. */
function facade(req: IncomingMessage, res: ServerResponse) {
  let body: unknown = '';
  const self = {
    socket: req.socket,
    status(code: number) {
      res.statusCode = code;
      return self;
    },
    header() {
      return self;
    },
    send(value: unknown) {
      body = value;
      return self;
    },
    end() {
      res.end(typeof body === 'string' ? body : JSON.stringify(body ?? ''));
      return self;
    },
  };
  return self;
}

/** The real botbuilder CloudAdapter over real HTTP against the stand-in, with its checks on. */
export async function startBot(options: Partial<TeamsOptions> = {}): Promise<Botted> {
  let offset = 0;
  const teams = await startTeams({
    tenantId: TENANT,
    appId: APP_ID,
    teamId: '19:team@thread.tacv2',
    channelId: '19:alerts@thread.tacv2',
    users: [
      {
        key: 'alice',
        aadObjectId: 'aaaaaaaa-0000-4000-8000-000000000001',
        name: 'Alice Adams',
        upn: 'alice@contoso.com',
      },
      {
        key: 'bob',
        aadObjectId: 'bbbbbbbb-0000-4000-8000-000000000002',
        name: 'Bob Brown',
        upn: 'bob@contoso.com',
        guest: true,
      },
    ],
    clock: () => Date.now() + offset,
    random: Math.random,
    ...options,
  });
  const settings = {
    MicrosoftAppId: APP_ID,
    MicrosoftAppType: 'SingleTenant',
    MicrosoftAppTenantId: TENANT,
    ToBotFromChannelOpenIdMetadataUrl: teams.openIdMetadataUrl,
    ToBotFromChannelTokenIssuer: teams.issuer,
    ToChannelFromBotOAuthScope: teams.issuer,
    ValidateAuthority: 'true',
  };
  const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication(settings, new FixedToken()));
  adapter.onTurnError = (_context, error) => Promise.reject(error);
  const turns: TurnContext['activity'][] = [];
  const bot: Botted = {
    teams,
    turns,
    onInvoke: () => Promise.resolve({ statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: {} }),
    onMessage: () => Promise.resolve(undefined),
    async post(words = 'Case CB-1') {
      let conversationId = '';
      const parameters = {
        isGroup: true,
        channelData: { channel: { id: teams.channelId } },
        activity: MessageFactory.attachment(CardFactory.adaptiveCard(card(words))),
        bot: { id: teams.botId, name: 'Clawback' },
      };
      await adapter.createConversationAsync(
        APP_ID,
        'msteams',
        teams.serviceUrl,
        'https://api.botframework.com',
        parameters as Parameters<CloudAdapter['createConversationAsync']>[4],
        (context) => {
          conversationId = context.activity.conversation.id;
          return Promise.resolve();
        },
      );
      // The adapter drops `activityId` of the connector's answer and puts the conversation id into activity.id.
      return { conversationId, activityId: conversationId.split(';messageid=')[1] ?? '' };
    },
    async inThread(conversationId, act) {
      const reference = { channelId: 'msteams', serviceUrl: teams.serviceUrl, conversation: { id: conversationId } };
      await adapter.continueConversationAsync(APP_ID, reference as ConversationReference, async (context) => {
        await act(context);
      });
    },
    advance(ms) {
      offset += ms;
    },
    async close() {
      await teams.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  class Handler extends TeamsActivityHandler {
    protected override onAdaptiveCardInvoke(context: TurnContext): Promise<AdaptiveCardInvokeResponse> {
      return bot.onInvoke(context);
    }
  }
  const handler = new Handler();
  handler.onMessage(async (context, next) => {
    await bot.onMessage(context);
    await next();
  });
  const server = createServer((req, res) => {
    bodyOf(req)
      .then((body) =>
        adapter.process({ method: 'POST', headers: req.headers, body }, facade(req, res), async (context) => {
          turns.push(context.activity);
          await handler.run(context);
        }),
      )
      .catch(() => {
        res.statusCode = 500;
        res.end();
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  teams.connect({ messagesUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/messages` });
  return bot;
}
