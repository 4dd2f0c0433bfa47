import { z } from 'zod';
import { Credential, guid, url } from './values.ts';

/** The chats of a tenant, as clawback.yaml has them. */

export const Slack = z.strictObject({
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
      'People can be written to in their messages with the app: lists that they sign in for, and the end of what they reported (files:write, im:write).',
    ),
  reports: z
    .boolean()
    .default(false)
    .describe('People report mail with a shortcut on a message that has an .eml or .msg file (files:read).'),
});

export const Teams = z.strictObject({
  appId: guid().describe('App id of the bot registration.'),
  authority: url().default('https://login.microsoftonline.com'),
  credential: Credential,
  teamId: z.string().min(1).max(200).describe('The 19:…@thread.tacv2 id of the team (its General channel).'),
  channelId: z.string().regex(/^19:/, 'must be a channel id that begins with 19:'),
  serviceUrl: url().default('https://smba.trafficmanager.net/teams/').describe('Used until Teams tells another.'),
  hosts: z.array(z.string().min(1)).min(1).default(['smba.trafficmanager.net', 'botframework.com']),
  issuer: z.string().min(1).default('https://api.botframework.com'),
  openIdMetadata: url().default('https://login.botframework.com/v1/.well-known/openidconfiguration'),
  reports: z
    .boolean()
    .default(false)
    .describe('People report mail by sending an .eml or .msg file to the bot, in the chat with it alone.'),
});
