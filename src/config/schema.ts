import { z } from 'zod';
import { DEFAULT_VENDOR, VENDOR_NAMES } from '../adapters/sources/vendors.ts';
import { words } from '../core/ask/condition.ts';
import { SEVERITIES } from '../core/ask/quiet.ts';
import { isZone } from '../core/zone.ts';

/** The shape of clawback.yaml. Secrets are not in it: they come from the environment (secrets.ts). */

const guid = () => z.guid('must be a GUID').transform((value) => value.toLowerCase());
const url = () => z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' });

const Approver = z.strictObject({
  name: words(80).describe('Shown on cards and in the record.'),
  entraId: guid().describe('Entra object id: the person. Counted once over both chats.'),
  slackId: z
    .string()
    .regex(/^[UW][A-Z0-9]{2,20}$/, 'must be a Slack user id such as U012AB3CD')
    .optional(),
  address: z.email().optional().describe('Own mailbox, so that a recipient is never asked to approve.'),
});

const Credential = z
  .enum(['certificate', 'federated', 'secret'])
  .default('certificate')
  .describe('federated: a token file of the platform, nothing to roll. secret: for trying out only.');

const Graph = z.strictObject({
  url: url().default('https://graph.microsoft.com').describe('National clouds have other addresses.'),
  authority: url().default('https://login.microsoftonline.com'),
  clientId: guid().describe('App registration of the mail executor; not the one of the bot.'),
  credential: Credential,
  hunting: z
    .boolean()
    .default(true)
    .describe('Ask Defender advanced hunting for recipients (ThreatHunting.Read.All). There is none in China.'),
  huntingLagMinutes: z
    .int()
    .min(1)
    .max(59)
    .default(15)
    .describe('How late hunting shows a mail: then it is looked for again, and after 1, 4 and 24 hours.'),
  patienceSeconds: z
    .int()
    .min(5)
    .max(300)
    .default(20)
    .describe('How long one mailbox may keep a plan waiting. It is named on the card, and looked into again later.'),
  identityProtection: z
    .boolean()
    .default(false)
    .describe('Ask Identity Protection whether an approver is at risk (IdentityRiskyUser.Read.All, Entra ID P2).'),
});

const SignInApp = z
  .strictObject({
    clientId: guid().describe('App registration of the sign-in page; redirect URI <publicUrl>/auth/callback.'),
    authority: url().default('https://login.microsoftonline.com'),
    credential: Credential,
  })
  .describe('People sign in at Entra to link a Slack account, and where the policy wants a fresh sign-in.');

const Slack = z.strictObject({
  apiUrl: url().default('https://slack.com/api/'),
  teamId: z
    .string()
    .regex(/^[TE][A-Z0-9]{2,20}$/, 'must be a Slack team id such as T012AB3CD')
    .describe(
      'Id of the workspace (T…); of the company (E…) where the app is installed for all of it and all may decide.',
    ),
  channel: z.string().regex(/^[CG][A-Z0-9]{2,20}$/, 'must be a Slack channel id such as C012AB3CD'),
  mode: z.enum(['http', 'socket']).default('http').describe('socket: no inbound URL needed.'),
  files: z
    .boolean()
    .default(false)
    .describe(
      'Lists that people sign in for can be sent to them in Slack, in their messages with the app (files:write, im:write).',
    ),
});

const Teams = z.strictObject({
  appId: guid().describe('App id of the bot registration.'),
  authority: url().default('https://login.microsoftonline.com'),
  credential: Credential,
  teamId: z.string().min(1).max(200).describe('The 19:…@thread.tacv2 id of the team (its General channel).'),
  channelId: z.string().regex(/^19:/, 'must be a channel id that begins with 19:'),
  serviceUrl: url().default('https://smba.trafficmanager.net/teams/').describe('Used until Teams tells another.'),
  hosts: z.array(z.string().min(1)).min(1).default(['smba.trafficmanager.net', 'botframework.com']),
  issuer: z.string().min(1).default('https://api.botframework.com'),
  openIdMetadata: url().default('https://login.botframework.com/v1/.well-known/openidconfiguration'),
});

/** The receiver's own words: one is the namespace of stops, the other the source without a name. */
const TAKEN: ReadonlySet<string> = new Set(['intake', 'stop']);

const SourceClaims = z
  .strictObject({
    confidence: z.int().min(0).max(100).default(100).describe('Highest confidence that its alerts may claim.'),
    actFirst: z.boolean().default(false).describe('Whether a rule that contains first may act on its word.'),
    facts: z
      .array(z.enum(['recipients', 'ids', 'reporters']))
      .max(3)
      .default([])
      .describe(
        'What its alerts say that is a fact and no hint: who received the mail, Exchange’s ids, who reported it or asked.',
      ),
  })
  .describe('What is believed of it. Everything else in its alerts says only where to look.');

const SourceSettings = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and dashes')
    .refine((name) => !TAKEN.has(name), 'is taken: choose another name')
    .describe('Names the secrets, CLAWBACK_<TENANT>_SOURCE_<NAME>_SECRETS; what the policy, cards and record call it.'),
  kind: z
    .enum(['detector', 'report', 'operator'])
    .default('detector')
    .describe('report: passes on what people reported. operator: a person at a command line.'),
  vendor: z
    .enum(VENDOR_NAMES, { error: `must be one of: ${VENDOR_NAMES.join(', ')}` })
    .default(DEFAULT_VENDOR)
    .describe('Whose form its alerts have, and how it proves itself.'),
  url: url().optional().describe('Where it is asked, for a vendor that is asked and does not send.'),
  claims: SourceClaims.default({ confidence: 100, actFirst: false, facts: [] }),
});
export type SourceSettings = z.infer<typeof SourceSettings>;

const OnCall = z
  .discriminatedUnion('source', [
    z.strictObject({
      source: z.literal('file'),
      file: z
        .string()
        .min(1)
        .describe('A schedule in YAML, meant from the folder of this file; read at each question.'),
    }),
    z.strictObject({
      source: z.literal('pagerduty'),
      url: url().default('https://api.pagerduty.com').describe('https://api.eu.pagerduty.com in the European region.'),
      schedules: z
        .array(z.string().regex(/^[A-Z0-9]{4,30}$/, 'must be the id of a PagerDuty schedule such as PI7DH85'))
        .min(1)
        .max(10),
    }),
  ])
  .describe('Who is called first, and alone. It never says who may decide: policy.yaml does.');

const clockTime = () => z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 22:00');

const Quiet = z
  .strictObject({
    zone: z.string().refine(isZone, 'must be an IANA time zone such as Europe/Berlin'),
    from: clockTime(),
    until: clockTime().describe('Excluded; before `from` it means the next morning.'),
    calledFrom: z
      .enum(SEVERITIES)
      .default('critical')
      .describe('From this severity on people are called by name all the same.'),
  })
  .refine(({ from, until }) => from !== until, {
    message: 'is the same as from: that is no time at all',
    path: ['until'],
  })
  .describe(
    'Cards come as always, and nobody is called by name: that is done when these hours end, if it still waits.',
  );

const HostName = z
  .string()
  .max(253)
  .regex(
    /^(?=.*\.)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/,
    'must be a host name in lower case, such as security.microsoft.com',
  );
const MICROSOFT_HOSTS = ['security.microsoft.com', 'admin.exchange.microsoft.com'];

export const Tenant = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,30}$/, 'must be lower-case letters, digits and dashes, beginning with a letter')
    .describe('Names the secrets: CLAWBACK_<NAME>_….'),
  id: guid().describe('Entra tenant id.'),
  mode: z.enum(['live', 'dry-run']).default('live').describe('dry-run: everything but the effect; nothing is touched.'),
  graph: Graph,
  slack: Slack.optional(),
  teams: Teams.optional(),
  signIn: SignInApp.optional(),
  onCall: OnCall.optional(),
  quietHours: Quiet.optional(),
  links: z
    .strictObject({ hosts: z.array(HostName).max(20).default(MICROSOFT_HOSTS) })
    .default({ hosts: MICROSOFT_HOSTS })
    .describe('Where cards may link to: pages of Microsoft, and of detectors that send the address of their alert.'),
  sources: z
    .array(SourceSettings)
    .max(50)
    .default([])
    .describe('Who sends alerts. Each is who its secrets say it is, whatever its alerts call themselves.'),
  approvers: z.array(Approver).min(1).max(200).describe('The role `approver` of the policy, and who is who in Slack.'),
});
export type Tenant = z.infer<typeof Tenant>;

const Monitor = z
  .strictObject({
    host: z.string().min(1).default('127.0.0.1'),
    port: z.int().min(1).max(65_535),
  })
  .describe('Where monitoring asks: /metrics and the detail of /readyz, for whoever reaches this address.');

const Listen = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(3978),
  publicUrl: url().optional().describe('How people reach this address from a browser; needed for the sign-in page.'),
  trustProxy: z
    .int()
    .min(0)
    .max(5)
    .default(0)
    .describe('How many proxies in front add to X-Forwarded-For; 0: the header is not believed.'),
  monitor: Monitor.optional(),
});

const Limits = z.strictObject({
  refusalsPerMinute: z
    .int()
    .min(1)
    .max(100_000)
    .default(120)
    .describe('Refused requests of one address, for each purpose.'),
  alertsPerMinute: z.int().min(1).max(1_000_000).default(12_000).describe('Alerts of one tenant.'),
  pressesPerMinute: z.int().min(1).max(100_000).default(60).describe('Presses and commands of one person.'),
  cardsPerMinute: z
    .int()
    .min(1)
    .max(100_000)
    .default(6)
    .describe(
      'New incidents that get a card at once, in each chat. More are gathered in one message that opens their cards.',
    ),
});

export const Config = z
  .strictObject({
    listen: Listen.default({ host: '127.0.0.1', port: 3978, trustProxy: 0 }),
    limits: Limits.default({
      refusalsPerMinute: 120,
      alertsPerMinute: 12_000,
      pressesPerMinute: 60,
      cardsPerMinute: 6,
    }),
    policy: z
      .string()
      .min(1)
      .optional()
      .describe('The approval policy. Left out: policy.yaml beside this file, or safe defaults if there is none.'),
    data: z
      .string()
      .min(1)
      .default('./data')
      .describe('Folder of the embedded database and of the operator socket, meant from the folder of this file.'),
    log: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    tenants: z.array(Tenant).min(1).max(100),
  })
  .meta({ id: 'ClawbackConfig', title: 'clawback.yaml', description: 'Configuration of Clawback, version 1.' });
export type Config = z.infer<typeof Config>;
