import type { SlackFacts, SlackPersonFacts } from '../adapters/slack/probe.ts';
import type { Tenant } from '../config/schema.ts';
import type { Policy } from '../core/ask/policy.ts';
import { inert } from '../core/text.ts';
import { type Finding, fail, ok, skip, warn } from './finding.ts';
import { type NamedGroup, slackGroupsIn } from './in-use.ts';
import { ADDRESS_SCOPE, FILE_SCOPES, REPORT_SCOPE, slackScopes, USER_GROUP_SCOPE } from './permissions.ts';

type Slack = NonNullable<Tenant['slack']>;

/** Slack makes signing secrets of 32 hexadecimal digits; anything else was copied from the wrong field. */
const SIGNING_SECRET = /^[0-9a-f]{32,}$/;
/** Only the search for a card whose answer was lost needs these. */
const OPTIONAL: ReadonlySet<string> = new Set(['channels:history', 'groups:history']);
const AFTER_TOKEN = ['slack scopes', 'slack channel', 'approvers in Slack', 'slack user groups'];
const REINSTALL = 'give the app the manifest that npm run manifest writes, and install it to the workspace again';

export function judgeSlack(
  tenant: Tenant,
  slack: Slack,
  { policy, signingSecret }: { readonly policy: Policy; readonly signingSecret: string },
  facts: SlackFacts,
): Finding[] {
  const token = judgeToken(slack, facts);
  const rest =
    token.state === 'fail'
      ? [...AFTER_TOKEN, ...(slack.files ? ['slack files'] : []), ...(slack.reports ? ['slack reports'] : [])].map(
          (check) => skip(check, 'the bot token is not good'),
        )
      : [
          judgeScopes(policy, slack, facts),
          judgeChannel(slack, facts),
          judgePeople(tenant, facts),
          judgeGroups(policy, facts),
          ...(slack.files ? [judgeFiles(tenant, facts)] : []),
          ...(slack.reports ? [judgeReports(facts)] : []),
        ];
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

function judgeScopes(policy: Policy, { files, reports }: Slack, { scopes, channel }: SlackFacts): Finding {
  const check = 'slack scopes';
  if (!scopes)
    return warn(
      check,
      'Slack did not say what the token may do',
      'compare the app’s scopes with manifest/slack/manifest.json',
    );
  const wanted = [...slackScopes(), ...(policy.linkByEmail ? [ADDRESS_SCOPE] : [])];
  const other = channel.error === null ? (channel.private ? 'channels:' : 'groups:') : null;
  const isIdle = (scope: string) =>
    (other !== null && scope.startsWith(other)) || (scope === USER_GROUP_SCOPE && slackGroupsIn(policy).length === 0);
  const missing = wanted.filter((scope) => !scopes.includes(scope) && !isIdle(scope));
  const hard = missing.filter((scope) => !OPTIONAL.has(scope));
  if (hard.length > 0) return fail(check, `missing: ${missing.join(', ')}`, REINSTALL);
  if (missing.length > 0)
    return warn(
      check,
      `missing: ${missing.join(', ')}: a card whose answer got lost cannot be searched for`,
      REINSTALL,
    );
  const more = [...wanted, ...(files ? FILE_SCOPES : []), ...(reports ? [REPORT_SCOPE] : [])];
  const surplus = scopes.filter((scope) => !more.includes(scope));
  return surplus.length > 0
    ? warn(check, `more than any call uses: ${surplus.map(scopeWord).join(', ')}`, `take these away, then ${REINSTALL}`)
    : ok(
        check,
        `${scopes.length}, as the manifest asks for${policy.linkByEmail ? ', and addresses for linkByEmail' : ''}`,
      );
}

/** Without it lists are taken on the page, as they are where nothing is switched on. */
function judgeFiles({ signIn }: Tenant, { scopes }: SlackFacts): Finding {
  const check = 'slack files';
  if (!signIn)
    return warn(
      check,
      'nobody can be sent a list: it takes a sign-in, and signIn is not configured',
      'set signIn up, or take slack.files out',
    );
  if (!scopes) return skip(check, 'Slack did not say what the token may do');
  const missing = FILE_SCOPES.filter((scope) => !scopes.includes(scope));
  return missing.length > 0
    ? warn(check, `missing: ${missing.join(', ')}: lists are taken on the page, and not sent in Slack`, REINSTALL)
    : ok(check, 'lists can be sent to who signs in for them, in their messages with the app');
}

/** The shortcut itself cannot be asked about: it shows in the menu of a message, or it does not. */
function judgeReports({ scopes }: SlackFacts): Finding {
  const check = 'slack reports';
  if (!scopes) return skip(check, 'Slack did not say what the token may do');
  return scopes.includes(REPORT_SCOPE)
    ? ok(check, 'files that people report can be fetched, in conversations that the app was added to')
    : fail(check, `missing: ${REPORT_SCOPE}: Slack answers with a sign-in page in the place of a file`, REINSTALL);
}

/** Slack's own words stay as they are: made inert, `users:read.email` could not be found in the app's settings. */
function scopeWord(scope: string): string {
  return /^[\w:.-]{1,60}$/.test(scope) ? scope : inert(scope, 60);
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
  if (channel.shared)
    return fail(
      check,
      `${where} is shared with another organisation: its people would read the cards, and no press there counts`,
      'use a channel of your own workspace only',
    );
  if (!channel.member) return fail(check, `the bot is not a member of ${where}`, `write /invite @clawback in ${where}`);
  return ok(check, `the bot is in ${where}; it is shared with nobody else`);
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

function judgeGroups(policy: Policy, { groups }: SlackFacts): Finding {
  const check = 'slack user groups';
  const named = slackGroupsIn(policy);
  if (named.length === 0) return ok(check, 'the policy names none');
  if (named.some(({ id }) => groups.get(id)?.error === 'missing_scope')) return skip(check, 'the scope is missing');
  const which = ({ id, at }: NamedGroup) => `${id} (${at.join(', ')})`;
  const unread = named.flatMap((group) => {
    const error = groups.get(group.id)?.error ?? null;
    if (error === null) return [];
    return error === 'no_such_subteam'
      ? [`Slack knows no user group ${which(group)}`]
      : [`the user group ${which(group)} cannot be read: ${inert(error || 'no answer')}`];
  });
  if (unread.length > 0)
    return fail(
      check,
      unread.join('; '),
      'correct the id in policy.yaml: a group that cannot be read gives nobody a role',
    );
  const empty = named.filter(({ id }) => groups.get(id)?.hasMembers === false);
  return empty.length > 0
    ? warn(
        check,
        `nobody is in ${empty.map(which).join(', ')}`,
        'add people to the group, or name another in policy.yaml',
      )
    : ok(check, `${named.length === 1 ? 'it' : `all ${named.length}`} can be read`);
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
