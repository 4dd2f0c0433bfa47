import { afterEach, describe, expect, test } from 'vitest';
import { openSlackOutbound } from '../../src/adapters/slack/outbound.ts';
import { probeSlack } from '../../src/adapters/slack/probe.ts';
import type { Grid } from '../../src/sandbox/slack/types.ts';
import { startSlackRig } from '../support/card-pictures/slack-rig.ts';
import { cardStates } from '../support/card-pictures/states.ts';

type Rig = Awaited<ReturnType<typeof startSlackRig>>;
let rig: Rig;
afterEach(() => rig.close());

const HOME = 'T0SANDBOX01';
const COMPANY = 'E0COMPANY';
const view = cardStates()[1]?.view ?? expect.fail('no state');
/** Of another workspace of the company; in ours as well, or not. */
const dana = {
  key: 'dana',
  name: 'Dana',
  email: 'dana@contoso.example',
  teamId: 'T0OTHERWS',
  gridTeams: ['T0OTHERWS', HOME],
};
const nina = {
  key: 'nina',
  name: 'Nina',
  email: 'nina@contoso.example',
  teamId: 'T0OTHERWS',
  gridTeams: ['T0OTHERWS'],
};

async function open(
  grid: Grid,
  install: { enterpriseId?: string; orgWide?: boolean; teamId?: string } = {},
): Promise<string> {
  rig = await startSlackRig(2_500, {
    enterpriseId: COMPANY,
    orgWide: grid.orgWide ?? false,
    ...install,
    world: { grid, users: [dana, nina], groups: { S0LEADS: ['dana'] } },
  });
  return (await rig.slack.rooms.post(view, 'key-1')).message;
}
const idOf = (key: string) => rig.world.users[key]?.id ?? '';
const account = (key: string) => rig.slack.people.account(idOf(key));

describe('a workspace of an Enterprise Grid', () => {
  test.each([
    ['for one workspace', false],
    ['for the whole company', true],
  ])(
    'installed %s, a press by somebody of another workspace is judged, and users.info decides',
    async (_how, orgWide) => {
      const card = await open({ enterpriseId: COMPANY, orgWide });
      await rig.world.click('dana', card, 'cb:purge');
      await rig.world.click('nina', card, 'cb:purge');
      expect(rig.desk.presses.map(({ by }) => [by.id, by.home])).toEqual([
        [idOf('dana'), HOME],
        [idOf('nina'), HOME],
      ]);
      expect([rig.desk.strays, (await account('dana'))?.stranger, (await account('nina'))?.stranger]).toEqual([
        [],
        false,
        true,
      ]);
    },
  );

  test('a press of another company is none of ours', async () => {
    const card = await open({ enterpriseId: 'E0OTHERS' });
    await rig.world.click('dana', card, 'cb:purge');
    expect([rig.desk.presses, rig.desk.strays.map(({ what }) => what)]).toEqual([[], ['press from another workspace']]);
  });

  test('a press that names no workspace is none of ours where the app is installed for one', async () => {
    const card = await open({ enterpriseId: COMPANY, orgWide: true }, { orgWide: false });
    await rig.world.click('dana', card, 'cb:purge');
    expect(rig.desk.presses).toEqual([]);
  });

  test('without a company on record nothing changes: only people of the workspace are passed on', async () => {
    const card = await open({ enterpriseId: COMPANY }, { enterpriseId: '' });
    await rig.world.click('dana', card, 'cb:purge');
    expect(rig.desk.presses).toEqual([]);
  });

  test('installed for the company and configured with it, everybody of the company is at home', async () => {
    const card = await open({ enterpriseId: COMPANY, orgWide: true }, { teamId: COMPANY });
    await rig.world.click('nina', card, 'cb:purge');
    expect([rig.desk.presses[0]?.by.home, (await account('nina'))?.stranger]).toEqual([COMPANY, false]);
  });

  test('a command given in another workspace of the company is taken where the app is installed for all of it', async () => {
    await open({ enterpriseId: COMPANY, orgWide: true });
    await rig.world.slash('dana', '/clawback', 'status');
    expect(rig.desk.commands.map(({ by }) => by.home)).toEqual([HOME]);
  });

  test('user groups are asked for in the workspace that is home', async () => {
    await open({ enterpriseId: COMPANY, orgWide: true });
    expect([...(await rig.slack.people.groupMembers('S0LEADS'))]).toEqual([idOf('dana')]);
  });

  test('configured with the company, they are asked for in each of its workspaces until one has the group', async () => {
    await open({ enterpriseId: COMPANY, orgWide: true }, { teamId: COMPANY });
    expect([...(await rig.slack.people.groupMembers('S0LEADS'))]).toEqual([idOf('dana')]);
    await expect(rig.slack.people.groupMembers('S0NOBODY')).rejects.toMatchObject({
      message: 'Slack answered no_such_subteam to usergroups.users.list',
    });
  });

  test.each([
    ['workspace', HOME, true],
    ['enterprise', HOME, true],
    ['enterprise', COMPANY, true],
    ['enterprise', 'E0OTHERS', false],
  ] as const)('a token that calls its team by the %s is good for %s: %s', async (tokenTeam, teamId, isGood) => {
    await open({ enterpriseId: COMPANY, orgWide: true, tokenTeam });
    const kept: unknown[] = [];
    const started = openSlackOutbound({
      ...{ apiUrl: rig.world.apiUrl, botToken: 'xoxb-test', teamId, channel: rig.world.channelId },
      ...{ log: { warn() {}, error() {} } },
      installation: { get: () => Promise.resolve(null), set: async (value) => void kept.push(value) },
    });
    if (!isGood) return expect(started).rejects.toMatchObject({ code: 'config', field: 'teamId' });
    await started;
    expect(kept).toEqual([expect.objectContaining({ enterpriseId: COMPANY, orgWide: true })]);
  });

  test.each([HOME, COMPANY])(
    'the probe of doctor finds a company’s token good for %s, and the groups',
    async (teamId) => {
      await open({ enterpriseId: COMPANY, orgWide: true, tokenTeam: 'enterprise' }, { teamId });
      const facts = await probeSlack({
        ...{
          apiUrl: rig.world.apiUrl,
          botToken: 'xoxb-test',
          appToken: null,
          teamId,
          channel: rig.world.channelId,
        },
        ...{ people: [idOf('dana'), idOf('nina')], groups: ['S0LEADS'], fetch, sleep: () => Promise.resolve() },
      });
      expect([
        facts.auth.teamId,
        facts.groups.get('S0LEADS')?.hasMembers,
        [...facts.people.values()].map((one) => one.outsider),
      ]).toEqual([teamId, true, [false, teamId === HOME]]);
    },
  );
});
