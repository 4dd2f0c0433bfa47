import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TeamsReference } from '../../../src/adapters/teams/bot.ts';
import { createTeamsInbound, type TeamsInboundOptions } from '../../../src/adapters/teams/inbound.ts';
import { createTeamsOutbound, type TeamsOutboundOptions } from '../../../src/adapters/teams/outbound.ts';
import type { MemberIds } from '../../../src/adapters/teams/people.ts';
import type { CardView } from '../../../src/core/tell/card.ts';
import type {
  ChatUser,
  CommandCall,
  ContainCall,
  Desk,
  FlagCall,
  Press,
  QueueCall,
  Reply,
  ReportCall,
  SearchCall,
} from '../../../src/ports/desk.ts';
import { startTeams } from '../../../src/sandbox/teams/start.ts';
import { STAYS } from './replies.ts';

export const APP_ID = '11111111-0000-4000-8000-000000000001';
export const TENANT_ID = '22222222-0000-4000-8000-000000000002';
export const TEAM_ID = '19:team@thread.tacv2';

/** A desk that writes down what it is asked and says what a test wants it to say. */
export interface ListeningDesk extends Desk {
  readonly presses: Press[];
  readonly commands: CommandCall[];
  readonly queues: QueueCall[];
  readonly searches: SearchCall[];
  readonly flagCalls: FlagCall[];
  readonly contained: ContainCall[];
  readonly reports: ReportCall[];
  readonly strays: { readonly by: ChatUser; readonly what: string }[];
  /** Keys of the requests it was asked about, in order. */
  readonly keys: string[];
  reply: Reply;
  /** Takes this long, or fails, before it answers. */
  before: () => Promise<void>;
}

export function listeningDesk(): ListeningDesk {
  const desk: ListeningDesk = {
    presses: [],
    commands: [],
    queues: [],
    searches: [],
    flagCalls: [],
    contained: [],
    reports: [],
    strays: [],
    keys: [],
    reply: STAYS,
    before: () => Promise.resolve(),
    async press(press) {
      desk.presses.push(press);
      await desk.before();
      return desk.reply;
    },
    async command(call) {
      desk.commands.push(call);
      await desk.before();
      return desk.reply;
    },
    async queue(call) {
      desk.queues.push(call);
      await desk.before();
      return desk.reply;
    },
    async search(call) {
      desk.searches.push(call);
      await desk.before();
      return desk.reply;
    },
    async flags(call) {
      desk.flagCalls.push(call);
      await desk.before();
      return desk.reply;
    },
    async contain(call) {
      desk.contained.push(call);
      await desk.before();
      return desk.reply;
    },
    async report(call) {
      desk.reports.push(call);
      await desk.before();
      return desk.reply;
    },
    stray(by, what) {
      desk.strays.push({ by, what });
      return Promise.resolve({ kind: 'said', answer: { code: 'not-understood' } });
    },
    refused: () => Promise.resolve(),
    isFresh(_platform, key) {
      const isNew = !desk.keys.includes(key);
      desk.keys.push(key);
      return Promise.resolve(isNew);
    },
  };
  return desk;
}

interface Changes {
  readonly token?: () => Promise<string>;
  readonly serviceUrl?: string;
  readonly reference?: (serviceUrl: string) => string | null;
  readonly answerWithinMs?: number;
  readonly current?: CardView;
  readonly hosts?: readonly string[];
  readonly issuer?: string;
  readonly now?: () => number;
  readonly askTimeoutMs?: number;
  readonly sleep?: (ms: number) => Promise<void>;
  readonly members?: MemberIds;
  readonly reports?: boolean;
  /** Left out: one that writes down what it is asked. */
  readonly desk?: Desk;
  readonly tenantId?: string;
}

/** A token with the audience a connector wants; nobody checks its signature here. */
function botToken(): Promise<string> {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return Promise.resolve(`${part({ alg: 'none' })}.${part({ aud: 'https://api.botframework.com' })}.`);
}

/** Both halves of the Teams adapter. */
export function createTeams(options: TeamsOutboundOptions & TeamsInboundOptions) {
  const outbound = createTeamsOutbound(options);
  return { ...outbound, ...createTeamsInbound(outbound, options) };
}

/** The Teams adapter behind a loopback server, and a Teams stand-in that talks to it. */
export async function startTeamsRig(changes: Changes = {}) {
  const tenantId = changes.tenantId ?? TENANT_ID;
  const world = await startTeams({
    tenantId,
    appId: APP_ID,
    teamId: TEAM_ID,
    channelId: '19:alerts@thread.tacv2',
    users: [
      { key: 'ana', aadObjectId: '33333333-0000-4000-8000-00000000000a', name: 'Ana', upn: 'ana@contoso.example' },
      { key: 'ben', aadObjectId: '33333333-0000-4000-8000-00000000000b', name: 'Ben', upn: 'ben@contoso.example' },
      {
        key: 'gus',
        aadObjectId: '33333333-0000-4000-8000-00000000000c',
        name: 'Gus (Guest)',
        upn: 'gus@fabrikam.example',
        guest: true,
      },
    ],
    clock: Date.now,
    random: Math.random,
    reports: true,
  });
  const desk = listeningDesk();
  const learned: TeamsReference[] = [];
  const failures: string[] = [];
  const refusals: (string | null)[] = [];
  const teams = createTeams({
    appId: APP_ID,
    tenantId,
    hosts: changes.hosts ?? ['127.0.0.1', 'smba.trafficmanager.net'],
    issuer: changes.issuer ?? world.issuer,
    openIdMetadataUrl: world.openIdMetadataUrl,
    serviceUrl: changes.serviceUrl ?? world.serviceUrl,
    channelId: world.channelId,
    teamId: TEAM_ID,
    desk: changes.desk ?? desk,
    timeoutMs: 2_000,
    ...(changes.sleep === undefined ? {} : { sleep: changes.sleep }),
    ...(changes.members === undefined ? {} : { members: changes.members }),
    ...(changes.reports === undefined ? {} : { reports: changes.reports, fileHosts: ['127.0.0.1'] }),
    ...(changes.now === undefined ? {} : { now: changes.now }),
    ...(changes.askTimeoutMs === undefined ? {} : { askTimeoutMs: changes.askTimeoutMs }),
    ...(changes.answerWithinMs === undefined ? {} : { answerWithinMs: changes.answerWithinMs }),
    token: changes.token ?? botToken,
    reference: () => Promise.resolve(changes.reference?.(world.serviceUrl) ?? null),
    learned: async (reference) => void learned.push(reference),
    current: () => Promise.resolve(changes.current ?? null),
    log: { warn() {}, error: (_fields, message) => failures.push(message) },
  });
  const server = createServer((req, res) => {
    teams.handle(req, res).then(
      (why) => refusals.push(why),
      () => res.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/messages`;
  world.connect({ messagesUrl: url });
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await world.close();
  };
  return { url, world, teams, desk, learned, failures, refusals, close };
}
