import { z } from 'zod';
import { DEFAULT_VENDOR, VENDOR_NAMES, vendorOf } from '../adapters/sources/vendors.ts';
import { ENGINES } from '../core/action/engine.ts';
import { words } from '../core/ask/condition.ts';
import { AUTOMATION, CHAT_REPORTS, SEARCH_SOURCES } from '../core/find/source.ts';
import { MEASURE_KINDS } from '../core/measure/measure.ts';
import { AutomationSettings } from './automation.ts';
import { CampaignSettings, CardSettings } from './campaigns.ts';
import { Slack, Teams } from './chats.ts';
import { EvidenceSettings } from './evidence.ts';
import { SimulationSettings } from './exercises.ts';
import { OnCall, Quiet } from './on-call.ts';
import { RelaySettings } from './relays.ts';
import { Credential, guid, url } from './values.ts';

/** The shape of clawback.yaml. Secrets are not in it: they come from the environment (secrets.ts). */

const Approver = z.strictObject({
  name: words(80).describe('Shown on cards and in the record.'),
  entraId: guid().describe('Entra object id: the person. Counted once over both chats.'),
  slackId: z
    .string()
    .regex(/^[UW][A-Z0-9]{2,20}$/, 'must be a Slack user id such as U012AB3CD')
    .optional(),
  address: z.email().optional().describe('Own mailbox, so that a recipient is never asked to approve.'),
});

const Engine = z
  .strictObject({
    first: z
      .enum(ENGINES)
      .default('mailbox')
      .describe('defender: Defender for Office 365 Plan 2, SecurityAnalyzedMessage.ReadWrite.All, public cloud.'),
    fallback: z.boolean().default(false).describe('Whether the other one takes what the first cannot do.'),
    readBackSeconds: z
      .int()
      .min(5)
      .max(14_400)
      .default(1_800)
      .describe(
        'How long what Defender took on is looked after before it is asked once more, and then told as not seen.',
      ),
  })
  .describe('Who takes mail out and puts it back: each mailbox itself (Mail.ReadWrite), or Defender by an order.');

const Graph = z.strictObject({
  url: url().default('https://graph.microsoft.com').describe('National clouds have other addresses.'),
  authority: url().default('https://login.microsoftonline.com'),
  clientId: guid().describe('App registration of the mail executor; not the one of the bot.'),
  credential: Credential,
  hunting: z
    .boolean()
    .default(true)
    .describe('Ask Defender advanced hunting for recipients (ThreatHunting.Read.All). There is none in China.'),
  messageTrace: z
    .boolean()
    .default(false)
    .describe('Ask message trace as well where a person searches: 90 days back (ExchangeMessageTrace.Read.All).'),
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
  intelligence: z
    .boolean()
    .default(false)
    .describe(
      'Look at the people who received a mail: sign-ins, clicks, rules, consents (MailboxSettings.Read, DelegatedPermissionGrant.Read.All).',
    ),
  signInLogs: z
    .boolean()
    .default(false)
    .describe(
      'Where hunting tells none, look at people by sign-ins and consents as Entra logs them (AuditLog.Read.All, Entra ID P1).',
    ),
  auditSearch: z
    .boolean()
    .default(false)
    .describe(
      'Where hunting tells none, look at people by a search of the audit log: rules, forwarding, rights (AuditLogsQuery-Exchange.Read.All).',
    ),
  engine: Engine.default({ first: 'mailbox', fallback: false, readBackSeconds: 1_800 }),
});

const SignInApp = z
  .strictObject({
    clientId: guid().describe('App registration of the sign-in page; redirect URI <publicUrl>/auth/callback.'),
    authority: url().default('https://login.microsoftonline.com'),
    credential: Credential,
  })
  .describe('People sign in at Entra to link a Slack account, and where the policy wants a fresh sign-in.');

/** Our own words: the source without a name, the namespace of stops, what people report in chats or look for, and what automation took out. */
const TAKEN: ReadonlySet<string> = new Set(['intake', 'stop', CHAT_REPORTS, AUTOMATION, ...SEARCH_SOURCES]);

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

const SourceSettings = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and dashes')
      .refine((name) => !TAKEN.has(name), 'is taken: choose another name')
      .describe(
        'Names the secrets, CLAWBACK_<TENANT>_SOURCE_<NAME>_SECRETS; what the policy, cards and record call it.',
      ),
    kind: z
      .enum(['detector', 'report', 'operator'])
      .default('detector')
      .describe(
        'report: passes on what people reported; so are submissions and report-mailbox always. operator: a person at a command line.',
      ),
    vendor: z
      .enum(VENDOR_NAMES, { error: `must be one of: ${VENDOR_NAMES.join(', ')}` })
      .default(DEFAULT_VENDOR)
      .describe('Whose form its alerts have, and how it proves itself.'),
    url: url().optional().describe('Where it is asked, for a vendor that is asked and does not send.'),
    mailbox: z
      .email()
      .optional()
      .describe('The one mailbox that vendor report-mailbox reads. Nothing is moved, marked or deleted in it.'),
    tellEnd: z
      .boolean()
      .default(false)
      .describe('Whether it is told how its alerts ended, as far as its vendor takes that. It sets nothing off there.'),
    notify: z.boolean().default(false).describe('Whether Exchange tells of new reports at once, at listen.publicUrl.'),
    tellReporter: z
      .boolean()
      .default(false)
      .describe('Whether who is proven to have reported is told the end in a chat.'),
    claims: SourceClaims.default({ confidence: 100, actFirst: false, facts: [] }),
  })
  .refine(({ tellEnd, vendor }) => !tellEnd || vendorOf(vendor).back !== undefined, {
    message: 'is nothing that this vendor takes: leave it out',
    path: ['tellEnd'],
  });
export type SourceSettings = z.infer<typeof SourceSettings>;

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
  weight: z
    .int()
    .min(1)
    .max(100)
    .default(1)
    .describe(
      'Its share of the work of this process beside other tenants: one with 2 gets twice as much as one with 1.',
    ),
  graph: Graph,
  slack: Slack.optional(),
  teams: Teams.optional(),
  signIn: SignInApp.optional(),
  onCall: OnCall.optional(),
  quietHours: Quiet.optional(),
  evidence: EvidenceSettings,
  simulation: SimulationSettings.optional(),
  ownRelays: RelaySettings.optional(),
  measures: z
    .array(z.enum(MEASURE_KINDS))
    .max(MEASURE_KINDS.length)
    .default([])
    .describe(
      'What may be done about accounts and mailboxes beside taking mail out. Each kind takes a permission of its own; who may have it done is for policy.yaml to say.',
    ),
  automation: AutomationSettings,
  campaigns: CampaignSettings,
  cards: CardSettings,
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

const RequestLog = z
  .strictObject({
    days: z
      .int()
      .min(1)
      .max(3_650)
      .default(90)
      .describe('How long is kept what was asked of Microsoft, request by request. Digests stay in the record.'),
  })
  .describe('Every request to Microsoft is written down before it is sent.');

export const Config = z
  .strictObject({
    listen: Listen.default({ host: '127.0.0.1', port: 3978, trustProxy: 0 }),
    limits: Limits.default({
      refusalsPerMinute: 120,
      alertsPerMinute: 12_000,
      pressesPerMinute: 60,
      cardsPerMinute: 6,
    }),
    requestLog: RequestLog.default({ days: 90 }),
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
