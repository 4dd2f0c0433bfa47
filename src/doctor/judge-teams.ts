import type { TokenFacts } from '../adapters/entra/probe.ts';
import type { MetadataFacts, TeamsFacts } from '../adapters/teams/probe.ts';
import type { Tenant } from '../config/schema.ts';
import { inert } from '../core/text.ts';
import { type Finding, fail, ok, skip, warn } from './finding.ts';

type Teams = NonNullable<Tenant['teams']>;
const AFTER = ['teams team', 'teams channel', 'teams roster', 'approvers in Teams'];

export function judgeTeams(
  tenant: Tenant,
  teams: Teams,
  token: TokenFacts | null,
  facts: TeamsFacts | null,
): Finding[] {
  if (token?.outcome !== 'given' || !facts)
    return ['teams connector', ...AFTER].map((check) => skip(check, 'there is no token for the bot'));
  if (!facts.serviceAllowed) {
    return [
      fail(
        'teams connector',
        `${teams.serviceUrl} is at no host of teams.hosts, or not https`,
        'correct teams.serviceUrl or teams.hosts',
      ),
      ...AFTER.map((check) => skip(check, 'the service URL is not allowed')),
    ];
  }
  const { status } = facts.team;
  if (status === 0 || status === 401 || status >= 500) {
    const found = status === 0 ? 'does not answer' : `answers ${status}`;
    const mend =
      status === 401
        ? 'give the Azure Bot resource this app id, single tenant'
        : 'look at teams.serviceUrl, the proxy and the firewall';
    return [
      fail('teams connector', `${teams.serviceUrl} ${found}`, mend),
      ...AFTER.map((check) => skip(check, 'the connector does not answer')),
    ];
  }
  const team = judgeTeam(teams, facts);
  const rest =
    team.state === 'ok'
      ? judgeInside(tenant, teams, facts)
      : AFTER.slice(1).map((check) => skip(check, 'the bot is not in the team'));
  return [ok('teams connector', teams.serviceUrl), team, ...rest, ...(teams.reports ? [judgeReports(teams)] : [])];
}

/** GCC High, DoD and 21Vianet [learn: bots-filesv4]. */
const WITHOUT_FILES = /\.(?:us|cn)$/;

/** Nobody can ask Teams what is in the package that was uploaded. */
function judgeReports({ authority }: Teams): Finding {
  const check = 'teams reports';
  return WITHOUT_FILES.test(new URL(authority).hostname)
    ? warn(check, 'bots get no files in this cloud: nothing can be reported in Teams', 'take teams.reports out')
    : ok(check, 'switched on; whether the uploaded package takes files shows with the first one');
}

function judgeTeam({ teamId, appId }: Teams, { team, members }: TeamsFacts): Finding {
  const check = 'teams team';
  if (team.status === 200) return ok(check, `the bot is in it, with ${members.size} people`);
  const words = `${team.status} ${team.code}`.trim();
  if (team.status === 404)
    return fail(
      check,
      `there is no team ${teamId}: ${words}`,
      'teams.teamId is the 19:…@thread.tacv2 id of the team’s General channel, from “Get link to channel”',
    );
  if (team.status === 403)
    return fail(
      check,
      `the bot is not installed in the team: ${words}`,
      `upload the app package that npm run manifest writes (bot ${appId}), and add it to the team`,
    );
  return fail(check, `the connector answered ${words}`, 'ask again in a minute');
}

function judgeInside(tenant: Tenant, teams: Teams, facts: TeamsFacts): Finding[] {
  const channel = judgeChannel(teams, facts);
  const roster =
    channel.state === 'ok' ? judgeRoster(facts) : skip('teams roster', 'the channel is not one that can be used');
  return [channel, roster, judgePeople(tenant, facts)];
}

const TYPES = ['standard', 'private', 'shared'];

/** The General channel has the id of the team and is sometimes left out of the list. Documented lists name no types. */
function judgeChannel({ teamId, channelId }: Teams, { channels }: TeamsFacts): Finding {
  const check = 'teams channel';
  const found =
    channels.list.find(({ id }) => id === channelId) ?? (channelId === teamId ? { type: 'standard' } : undefined);
  if (!found && channels.status !== 200)
    return fail(
      check,
      `the list of channels was not given: ${channels.status} ${channels.code}`,
      'ask again in a minute',
    );
  if (!found)
    return fail(
      check,
      `the team has no channel ${channelId}`,
      'teams.channelId is in “Get link to channel”; private and shared channels take no bots this way',
    );
  const type = found.type ?? (channels.list.every((one) => one.type === null) ? 'standard' : 'unknown');
  if (type === 'shared')
    return fail(
      check,
      'is a shared channel: people of other organisations can be in it, so no press there counts',
      'use a standard channel of the team',
    );
  return TYPES.includes(type)
    ? ok(check, `is in the team, ${type}`)
    : fail(check, `is of a type that is not known here: ${inert(type, 40)}`, 'use a standard channel of the team');
}

function judgeRoster({ roster }: TeamsFacts): Finding {
  const check = 'teams roster';
  const { status, code } = roster;
  if (status === 200 || (status === 404 && code === 'MemberNotFoundInConversation'))
    return ok(check, 'Teams says who is in the channel');
  return fail(
    check,
    `Teams does not say who is in the channel, so no press there can count: ${status} ${inert(code, 60)}`.trimEnd(),
    'ask again in a minute; then take the app out of the team and add it again',
  );
}

function judgePeople(tenant: Tenant, { members }: TeamsFacts): Finding {
  const check = 'approvers in Teams';
  const problems = tenant.approvers.flatMap(({ name, entraId, slackId }) => {
    const member = members.get(entraId);
    if (member?.guest) return [`${name} is a guest`];
    return member || slackId !== undefined ? [] : [`${name} is not in the team, and has no slackId`];
  });
  if (problems.length > 0)
    return fail(check, problems.join('; '), 'add them to the team, or take them off the list of approvers');
  const there = tenant.approvers.filter(({ entraId }) => members.has(entraId)).length;
  return ok(check, `${there} of ${tenant.approvers.length} are in the team`);
}

export function judgeMetadata({ openIdMetadata, issuer }: Teams, facts: MetadataFacts): Finding {
  const check = 'openid metadata';
  const network =
    'without it no press in Teams can be checked: look at teams.openIdMetadata, the proxy and the firewall';
  if (facts.status !== 200)
    return fail(
      check,
      `${openIdMetadata} ${facts.status === 0 ? 'does not answer' : `answers ${facts.status}`}`,
      network,
    );
  if (facts.keysStatus !== 200 || facts.keys === 0)
    return fail(check, `publishes no key that may speak for Teams (keys answered ${facts.keysStatus})`, network);
  if (facts.issuer !== issuer)
    return fail(
      check,
      `is of another issuer than ${issuer}`,
      'teams.issuer and teams.openIdMetadata have to be of the same cloud',
    );
  return ok(check, `publishes ${facts.keys === 1 ? 'a key' : `${facts.keys} keys`} for Teams`);
}
