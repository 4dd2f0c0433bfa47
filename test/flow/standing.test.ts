import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withApprovers } from '../../src/core/ask/policy.ts';
import { ClawbackError } from '../../src/core/error.ts';
import { personBehindLink } from '../../src/flow/decide/link.ts';
import { holdersOf, standingOf, voterNow } from '../../src/flow/decide/standing.ts';
import type { ChatUser } from '../../src/ports/desk.ts';
import { type Night, PEOPLE, SLACK_TEAM, startNight } from '../support/desk-of-the-night.ts';
import { ACCOUNT } from '../support/fake-chat-people.ts';
import { guid, inSlack, inTeams, joins, links, policyWith, ruleFor, slackUser } from './telling.ts';

/** Who somebody is, asked at the click: each thing that may be in the way, by itself. */
let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());

const GROUP = guid(900);
const roles = {
  lead: { people: [guid(90)], entraGroups: [GROUP] },
  helper: { slackUserGroups: ['S012HELPERS'] },
};
const policy = (change: object = {}) =>
  withApprovers(policyWith([ruleFor(['purge'], { approver: 1 })], { roles, ...change }), [
    PEOPLE.dana.entraId,
    PEOPLE.omar.entraId,
  ]);
const standing = (by = inSlack('dana'), channel: string | null = 'C0ALERTS', change: object = {}) =>
  standingOf(night.flow, by, channel, policy(change));

beforeEach(() => {
  night.slackPeople.accounts.set('U0NEW', { ...ACCOUNT, address: 'new@contoso.example' });
  night.directory.groups.set(GROUP, []);
  night.slackPeople.groups.set('S012HELPERS', []);
});

describe('somebody is', () => {
  it('a person of the directory, under the name of the configuration', async () => {
    const known = night.directory.people.get(PEOPLE.dana.entraId);
    if (known) night.directory.people.set(known.id, { ...known, name: 'Dana of the directory' });
    expect(await standing()).toMatchObject({ is: 'known', person: PEOPLE.dana.entraId, name: 'Dana', certain: true });
    const { people } = night.flow;
    Object.assign(night.flow, { people: people.filter(({ name }) => name === 'Omar') });
    await links(night, PEOPLE.dana.slackId, PEOPLE.dana.entraId);
    expect(await standing()).toMatchObject({ is: 'known', name: 'Dana of the directory' });
    Object.assign(night.flow, { people });
  });

  it('the same in Teams, however the id is written', async () => {
    const id = 'abcdef01-0000-4000-8000-000000000001';
    night.directory.people.set(id, { id, name: 'Abe', addresses: [], enabled: true, guest: false });
    night.directory.groups.set(GROUP, [id]);
    const by = { ...inTeams('dana'), id: id.toUpperCase() };
    night.teamsPeople.accounts.set(by.id, ACCOUNT);
    expect(await standing(by)).toMatchObject({ is: 'known', person: id, roles: ['lead'] });
  });

  it('nobody in Teams without an id of the directory', async () => {
    night.teamsPeople.accounts.set('29:somebody', ACCOUNT);
    expect(await standing({ ...inTeams('dana'), id: '29:somebody' })).toEqual({
      is: 'refused',
      why: 'unknown-person',
      person: null,
    });
  });

  it('nobody without an account', async () => {
    night.slackPeople.accounts.set('', ACCOUNT);
    expect(await standing(slackUser(''))).toEqual({ is: 'refused', why: 'unknown-person', person: null });
    night.slackPeople.accounts.delete('');
  });

  it('nobody in a chat that is not set up', async () => {
    const { chats } = night.flow;
    Object.assign(night.flow, { chats: new Map([['teams', night.teamsPeople]]) });
    expect(await standing()).toMatchObject({ is: 'refused', why: 'unknown-person' });
    Object.assign(night.flow, { chats });
  });

  it('an outsider from another workspace, whatever the account', async () => {
    expect(await standing({ ...inSlack('dana'), home: 'T0OTHER' })).toMatchObject({ why: 'outsider' });
    expect(await standing({ ...inTeams('dana'), home: SLACK_TEAM })).toMatchObject({ why: 'outsider' });
  });

  it('looked for in a channel only where there is one', async () => {
    const shared = night.slackPeople.isShared;
    const asked: string[] = [];
    Object.assign(night.slackPeople, {
      isShared: (channel: string) => {
        asked.push(channel);
        return Promise.resolve(false);
      },
    });
    await standing(inSlack('dana'), null);
    await standing(inSlack('dana'), 'C0ALERTS');
    Object.assign(night.slackPeople, { isShared: shared });
    expect(asked).toEqual(['C0ALERTS']);
  });
});

describe('by the address of a Slack account', () => {
  const byEmail = { linkByEmail: true };
  const approver = { name: 'New', address: 'new@contoso.example', n: 91 };
  beforeEach(() => {
    joins(night, approver.n);
    const known = night.directory.people.get(guid(approver.n));
    if (known) night.directory.people.set(known.id, { ...known, addresses: [approver.address] });
  });
  const lead = { roles: { lead: { people: [guid(91)] } } };

  it('somebody is the only person who has it, in whatever letters', async () => {
    night.slackPeople.accounts.set('U0NEW', { ...ACCOUNT, address: 'NEW@Contoso.example' });
    expect(await standing(slackUser('U0NEW'), null, { ...byEmail, ...lead })).toMatchObject({
      is: 'known',
      person: guid(91),
    });
  });

  it('the directory is asked by the address in small letters', async () => {
    const { directory } = night.flow;
    const asked: string[] = [];
    const byAddress = (address: string) => {
      asked.push(address);
      return Promise.resolve([]);
    };
    night.slackPeople.accounts.set('U0NEW', { ...ACCOUNT, address: 'NEW@Contoso.example' });
    Object.assign(night.flow, { directory: { ...directory, byAddress } });
    await standing(slackUser('U0NEW'), null, byEmail);
    Object.assign(night.flow, { directory });
    expect(asked).toEqual(['new@contoso.example']);
  });

  it('nobody is somebody who has none in the directory', async () => {
    night.slackPeople.accounts.set('U0NEW', { ...ACCOUNT, address: 'nobody@contoso.example' });
    expect(await standing(slackUser('U0NEW'), null, byEmail)).toEqual({ is: 'refused', why: 'unlinked', person: null });
  });

  it('nobody is somebody whose other account is on record', async () => {
    await links(night, 'U0OLD', guid(91));
    expect(await standing(slackUser('U0NEW'), null, { ...byEmail, ...lead })).toEqual({
      is: 'refused',
      why: 'ambiguous',
      person: guid(91),
    });
  });
});

describe('asked anew for a vote', () => {
  const vote = {
    person: PEOPLE.omar.entraId,
    name: 'Omar',
    roles: ['approver'],
    platform: 'slack',
    account: PEOPLE.dana.slackId,
  };
  it('an account that is somebody else by now is ambiguous', async () => {
    expect(await voterNow(night.flow, vote, null, policy())).toEqual({
      is: 'refused',
      why: 'ambiguous',
      person: PEOPLE.omar.entraId,
    });
  });

  it.each([
    ['cannot be asked about', new ClawbackError('unavailable', 'the directory is down'), 'cannot-check'],
    ['is told as a bug, where it is one', new ClawbackError('invalid', 'a bad id'), null],
    ['is told as a bug of anybody', new Error('a bug'), null],
  ])('somebody %s', async (_what, error, why) => {
    const { directory } = night.flow;
    Object.assign(night.flow, { directory: { ...directory, person: () => Promise.reject(error) } });
    const asked = standing();
    if (why === null) await expect(asked).rejects.toBe(error);
    else expect(await asked).toMatchObject({ is: 'refused', why });
    Object.assign(night.flow, { directory });
  });
});

describe('who may stop everything, without asking anybody who it is', () => {
  it.each<[string, ChatUser, string | null]>([
    ['a person of the configuration', inSlack('dana'), PEOPLE.dana.entraId],
    ['a person who is linked', slackUser('U0LINKED'), guid(94)],
    ['nobody behind another account', slackUser('U0NEVER'), null],
    ['a person in Teams, by the id in small letters', { ...inTeams('dana'), id: 'ABC' }, 'abc'],
    ['nobody in Teams without an id', { ...inTeams('dana'), id: '' }, null],
  ])('is %s', async (_who, by, person) => {
    if ((await night.flow.store.transact((tx) => tx.people.of('slack', 'U0LINKED'))) === null)
      await links(night, 'U0LINKED', guid(94));
    expect(await personBehindLink(night.flow, by)).toBe(person);
  });
});

describe('who holds a role', () => {
  beforeEach(async () => {
    night.directory.groups.set(GROUP, [guid(92)]);
    night.slackPeople.groups.set('S012HELPERS', ['U0HELPER', 'U0NOBODY', PEOPLE.omar.slackId]);
    if ((await night.flow.store.transact((tx) => tx.people.of('slack', 'U0HELPER'))) === null)
      await links(night, 'U0HELPER', guid(93));
  });
  const holders = async (role: string) => {
    const people = await holdersOf(night.flow, role, policy());
    return people && [...people].sort();
  };

  it('is whoever is named and whoever is in its groups, in either chat', async () => {
    expect(await holders('lead')).toEqual([guid(90), guid(92)]);
    expect(await holders('helper')).toEqual([PEOPLE.omar.entraId, guid(93)].sort());
    expect(await holders('nobody-knows')).toEqual([]);
  });

  it.each([
    ['unknown, while a group cannot be asked', new ClawbackError('unavailable', 'down'), null],
    ['a bug, where it is one', new Error('a bug'), 'a bug'],
  ])('is %s', async (_what, error, thrown) => {
    const { directory } = night.flow;
    Object.assign(night.flow, { directory: { ...directory, members: () => Promise.reject(error) } });
    if (thrown === null) {
      expect(await holders('lead')).toBeNull();
      expect(await standing(joins(night, 92))).toMatchObject({ is: 'refused', why: 'cannot-check' });
      expect(await standing()).toMatchObject({ is: 'known', roles: ['approver'], certain: false });
    } else {
      await expect(holders('lead')).rejects.toThrow(thrown);
      await expect(standing(joins(night, 92))).rejects.toThrow(thrown);
    }
    Object.assign(night.flow, { directory });
  });

  it('without a Slack account nobody is in a group of Slack', async () => {
    const { chats } = night.flow;
    const asked: string[] = [];
    const groupMembers = (group: string) => {
      asked.push(group);
      return Promise.resolve(new Set<string>());
    };
    Object.assign(night.flow, { chats: new Map([...chats, ['slack', { ...night.slackPeople, groupMembers }]]) });
    expect(await standing(joins(night, 90))).toMatchObject({ is: 'known', roles: ['lead'] });
    expect(asked).toEqual([]);
    Object.assign(night.flow, { chats });
  });
});
