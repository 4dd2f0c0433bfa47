import type { SlackFacts, SlackPersonFacts } from '../adapters/slack/probe.ts';
import type { Tenant } from '../config/schema.ts';
import { inert } from '../core/text.ts';
import { type Finding, fail, ok, skip, warn } from './finding.ts';
import { slackScopes } from './permissions.ts';

type Slack = NonNullable<Tenant['slack']>;

/** Slack makes signing secrets of 32 hexadecimal digits; anything else was copied from the wrong field. */
const SIGNING_SECRET = /^[0-9a-f]{32,}$/;
/** Only the search for a card whose answer was lost needs these. */
const OPTIONAL: ReadonlySet<string> = new Set(['channels:history', 'groups:history']);
const AFTER_TOKEN = ['slack scopes', 'slack channel', 'approvers in Slack'];

export function judgeSlack(tenant: Tenant, slack: Slack, signingSecret: string, facts: SlackFacts): Finding[] {
  const token = judgeToken(slack, facts);
  const rest =
    token.state === 'fail'
      ? AFTER_TOKEN.map((check) => skip(check, 'the bot token is not good'))
      : [judgeScopes(facts), judgeChannel(slack, facts), judgePeople(tenant, facts)];
  return [token, ...rest, ...judgeInbound(slack, signingSecret, facts)];
}

function judgeToken(slack: Slack, { auth }: SlackFacts): Finding {
  const check = 'slack token';
  if (auth.error === '')
    return fail(check, `Slack does not answer at ${slack.apiUrl}`, 'look at slack.apiUrl, the proxy and the firewall');
  if (auth.error !== null)
    return fail(
      check,
      `Slack refuses the bot token: ${inert(auth.error)}`,
      'copy the Bot User OAuth Token (xoxb-…) of the app again; it changes when the app is installed anew',
    );
  if (auth.teamId !== slack.teamId)
    return fail(
      check,
      `the token is of workspace ${inert(auth.teamId)}, configured is ${slack.teamId}`,
      'correct slack.teamId, or take the token of the right workspace',
    );
  return ok(check, `of workspace ${slack.teamId}`);
}

function judgeScopes({ scopes, channel }: SlackFacts): Finding {
  const check = 'slack scopes';
  if (!scopes)
    return warn(
      check,
      'Slack did not say what the token may do',
      'compare the app’s scopes with manifest/slack/manifest.json',
    );
  const wanted = slackScopes();
  const other = channel.error === null ? (channel.private ? 'channels:' : 'groups:') : null;
  const missing = wanted.filter((scope) => !scopes.includes(scope) && !(other && scope.startsWith(other)));
  const hard = missing.filter((scope) => !OPTIONAL.has(scope));
  const reinstall = 'give the app the manifest that npm run manifest writes, and install it to the workspace again';
  if (hard.length > 0) return fail(check, `missing: ${missing.join(', ')}`, reinstall);
  if (missing.length > 0)
    return warn(
      check,
      `missing: ${missing.join(', ')}: a card whose answer got lost cannot be searched for`,
      reinstall,
    );
  const surplus = scopes.filter((scope) => !wanted.includes(scope));
  return surplus.length > 0
    ? warn(
        check,
        `more than any call uses: ${surplus.map((scope) => inert(scope, 60)).join(', ')}`,
        `take these away, then ${reinstall}`,
      )
    : ok(check, `${scopes.length}, as the manifest asks for`);
}

function judgeChannel(slack: Slack, { channel }: SlackFacts): Finding {
  const check = 'slack channel';
  const where = `${slack.channel}${channel.name ? ` (#${inert(channel.name, 80)})` : ''}`;
  if (channel.error === 'missing_scope') return skip(check, 'the scope is missing');
  if (channel.error === 'channel_not_found')
    return fail(
      check,
      `there is no channel ${slack.channel}, or the bot cannot see it`,
      'correct slack.channel (it is at the end of the channel’s details), and invite the bot there',
    );
  if (channel.error !== null)
    return fail(check, `Slack answered ${inert(channel.error || 'nothing')} about ${where}`, 'ask again');
  if (channel.archived) return fail(check, `${where} is archived`, 'unarchive it, or choose another channel');
  if (channel.sharedOutside)
    return fail(
      check,
      `${where} is shared with another organisation: its people would read the cards`,
      'use a channel of your own workspace only',
    );
  if (!channel.member) return fail(check, `the bot is not a member of ${where}`, `write /invite @clawback in ${where}`);
  return ok(check, `the bot is in ${where}; it is not shared outside`);
}

function judgePeople(tenant: Tenant, { people }: SlackFacts): Finding {
  const check = 'approvers in Slack';
  const asked = tenant.approvers.filter(({ slackId }) => slackId !== undefined);
  const scopeless = asked.some(({ slackId }) => people.get(slackId ?? '')?.error === 'missing_scope');
  if (scopeless) return skip(check, 'the scope is missing');
  const problems = asked.flatMap(({ name, slackId }) => {
    const problem = personProblem(people.get(slackId ?? ''));
    return problem === null ? [] : [`${name} (${slackId ?? ''}) ${problem}`];
  });
  return problems.length === 0
    ? ok(check, `all ${asked.length} are members of the workspace`)
    : fail(
        check,
        problems.join('; '),
        'slackId is behind “Copy member ID” of the profile; take guests and people who left off the list',
      );
}

/** Why this person's presses should not count in Slack, null when they may. */
export function personProblem(person: SlackPersonFacts | undefined): string | null {
  if (!person) return 'was not asked about';
  if (person.error === 'user_not_found' || person.error === 'user_not_visible') return 'is unknown in this workspace';
  if (person.error !== null) return `could not be looked up: ${inert(person.error || 'no answer')}`;
  if (person.deleted) return 'is deactivated';
  if (person.bot) return 'is a bot';
  return person.outsider ? 'is a guest' : null;
}

function judgeInbound(slack: Slack, signingSecret: string, { socket }: SlackFacts): Finding[] {
  if (slack.mode === 'http') {
    return [
      SIGNING_SECRET.test(signingSecret)
        ? ok('slack signing secret', 'has the right shape; whether it is right shows with the first press')
        : fail(
            'slack signing secret',
            'is no Slack signing secret: 32 digits of 0-9 and a-f',
            'copy it from Basic Information of the Slack app',
          ),
    ];
  }
  if (!socket || socket.error === null) return [ok('slack socket', 'the app token opens a connection')];
  return [
    fail(
      'slack socket',
      `the app token opens no connection: ${inert(socket.error || 'no answer')}`,
      'switch Socket Mode on, and make an app-level token (xapp-…) with connections:write',
    ),
  ];
}
