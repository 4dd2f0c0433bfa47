import { stringify } from 'yaml';
import { prefixOf } from '../config/secrets.ts';
import { PLACEHOLDER } from '../doctor/placeholders.ts';
import type { Answers } from './init-answers.ts';

/** clawback.yaml with comments, from checked answers. */
export function configOf(answers: Answers): string {
  const { name, tenantId, graphClientId, hunting, slack, teams } = answers;
  return `# Written by clawback init. Every key is explained in manifest/clawback.example.yaml; clawback doctor checks the values.
# Secrets are in .env beside this file.

# Put a TLS proxy in front: Slack and Teams only send to https.
listen:
  host: 127.0.0.1
  port: 3978

# Folder of the embedded database; unused when DATABASE_URL is set.
data: ./data

tenants:
  - name: ${plain(name)}
    id: ${plain(tenantId)}

    # The mail executor: an app registration of its own.${later(graphClientId, 'from app-registrations.sh')}
    graph:
      clientId: ${plain(graphClientId ?? PLACEHOLDER.app)}
      credential: certificate
      # ${hunting ? 'Needs ThreatHunting.Read.All.' : 'Off: only addresses that alerts name are looked into. On needs Defender XDR.'}
      hunting: ${hunting}
${slack ? slackPart(slack) : ''}${teams ? teamsPart(teams) : ''}
    # signIn, with listen.publicUrl: a page where people link their Slack account, and sign in anew where the policy wants it.

    # sources: who sends alerts, each with a secret of its own, and what is believed of it. Without any, whoever holds the
    # one secret in .env may send, and is believed in nothing: no act-first, and whom an alert names may still decide.

    # Who may decide. One person counts once, in whatever chat; a recipient of the mail never counts.
    # What they may decide, and how many of them: policy.yaml beside this file (manifest/policy.example.yaml). Without
    # it soft delete only, two people above five mailboxes, one hour to decide, 1,000 mailboxes an hour.
    approvers:
${indented(stringify(answers.approvers), 6)}`;
}

function slackPart({ mode, teamId, channel }: NonNullable<Answers['slack']>): string {
  return `
    # Invite the bot to the channel.${later(teamId && channel, 'from the workspace, and from the details of the channel')}
    slack:
      teamId: ${plain(teamId ?? PLACEHOLDER.slackTeam)}
      channel: ${plain(channel ?? PLACEHOLDER.slackChannel)}
      mode: ${mode}
`;
}

function teamsPart({ appId, teamId, channelId }: NonNullable<Answers['teams']>): string {
  return `
    # The chat bot: a second app registration without Graph permissions.${later(appId && teamId && channelId, 'from app-registrations.sh; the other two from “Get link to channel”, the team’s from its General channel')}
    teams:
      appId: ${plain(appId ?? PLACEHOLDER.app)}
      credential: certificate
      teamId: ${plain(teamId ?? PLACEHOLDER.thread)}
      channelId: ${plain(channelId ?? PLACEHOLDER.thread)}
`;
}

function later(value: string | undefined, where: string): string {
  return value ? '' : ` Not known yet: ${where}.`;
}

/** One YAML scalar, quoted where it has to be. */
function plain(value: string): string {
  return stringify(value, { lineWidth: 0 }).trim();
}

function indented(text: string, by: number): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : ' '.repeat(by) + line))
    .join('\n');
}

/** Secrets of Clawback's own making. */
export interface OwnSecrets {
  /** whsec_… */
  readonly intake: string;
  readonly cacheKey: string;
}

/** .env: what can be made here is made, the rest is empty and the doctor asks for it. */
export function secretsOf({ name, slack, teams }: Answers, own: OwnSecrets): string {
  const prefix = prefixOf(name);
  return `# Secrets of Clawback. Keep this file to its owner (mode 600) and out of version control.

# Signs what clawback submit sends, and alerts of senders that have no name under sources: in clawback.yaml.
# Of a named source: ${prefix}_SOURCE_<NAME>_SECRETS=whsec_… (echo "whsec_$(openssl rand -base64 32)").
${prefix}_INTAKE_SECRETS=${own.intake}
# Encrypts cached tokens.
CLAWBACK_CACHE_KEY=${own.cacheKey}

# The mail executor’s certificate: PEM, or the path of a PEM file. app-registrations.sh makes these.
${prefix}_GRAPH_PRIVATE_KEY=certs/graph.key
${prefix}_GRAPH_CERTIFICATE=certs/graph.crt
${
  teams
    ? `
# The chat bot’s certificate.
${prefix}_BOT_PRIVATE_KEY=certs/bot.key
${prefix}_BOT_CERTIFICATE=certs/bot.crt
`
    : ''
}${
  slack
    ? `
# Slack app, OAuth & Permissions: Bot User OAuth Token (xoxb-…). Basic Information: Signing Secret.
${prefix}_SLACK_BOT_TOKEN=
${prefix}_SLACK_SIGNING_SECRET=
`
    : ''
}${
  slack?.mode === 'socket'
    ? `# Basic Information, App-Level Tokens, with connections:write (xapp-…).
${prefix}_SLACK_APP_TOKEN=
`
    : ''
}
# A PostgreSQL server instead of the embedded database:
# DATABASE_URL=postgres://clawback@db.example.com/clawback
`;
}
