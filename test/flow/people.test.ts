import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ClawbackError } from '../../src/core/error.ts';
import { unlink } from '../../src/flow/decide/link.ts';
import { record } from '../../src/flow/record/record.ts';
import type { DirectoryPerson } from '../../src/ports/people.ts';
import { lost, runStarted, unsure, voteCounted } from '../support/answered.ts';
import { type Night, PEOPLE, startNight, twoOfThree } from '../support/desk-of-the-night.ts';
import { entryOf } from '../support/entries.ts';
import { ACCOUNT } from '../support/fake-chat-people.ts';
import { guid, inSlack, inTeams, joins, links, policyWith, ruleFor, slackUser, storyteller } from './telling.ts';

/** Who somebody is gets asked of the directory and the chat, at the click. Every story breaks one thing and mends it. */
let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());
const { lands, press, say, stands, incident, votes, runs, refusals, entries, becomes, cardsShow } = storyteller(
  () => night,
);

const omar = (): DirectoryPerson => {
  const { entraId, name, address } = PEOPLE.omar;
  return { id: entraId, name, addresses: [address], enabled: true, guest: false };
};
const dana = (): DirectoryPerson => {
  const { entraId, name, address } = PEOPLE.dana;
  return { id: entraId, name, addresses: [address], enabled: true, guest: false };
};
const inDirectory = (change: Partial<DirectoryPerson>) => {
  night.directory.people.set(PEOPLE.omar.entraId, { ...omar(), ...change });
};
const inTheChats = (change: Partial<typeof ACCOUNT>) => {
  night.teamsPeople.accounts.set(PEOPLE.omar.entraId, { ...ACCOUNT, ...change });
  night.slackPeople.accounts.set(PEOPLE.omar.slackId, { ...ACCOUNT, address: PEOPLE.omar.address, ...change });
};

beforeEach(async () => {
  night.directory.remembers = false;
  inDirectory({});
  night.slackPeople.accounts.set(PEOPLE.dana.slackId, { ...ACCOUNT, address: PEOPLE.dana.address });
  inTheChats({});
  night.directory.people.set(PEOPLE.dana.entraId, dana());
  night.directory.risky.clear();
  night.directory.down = false;
  night.slackPeople.down = false;
  night.teamsPeople.shared.clear();
  await night.govern(twoOfThree());
});

const broken: readonly (readonly [string, () => void, string])[] = [
  ['a guest of the directory', () => inDirectory({ guest: true }), 'guest'],
  ['a guest of the chat', () => inTheChats({ guest: true }), 'guest'],
  ['somebody locked out of the directory', () => inDirectory({ enabled: false }), 'deactivated'],
  ['a deactivated chat account', () => inTheChats({ active: false }), 'deactivated'],
  ['a bot', () => inTheChats({ bot: true }), 'bot'],
  ['a stranger in a shared place', () => inTheChats({ stranger: true }), 'outsider'],
  ['somebody at risk', () => night.directory.risky.add(PEOPLE.omar.entraId), 'at-risk'],
  [
    'somebody whom the directory does not know',
    () => night.directory.people.delete(PEOPLE.omar.entraId),
    'unknown-person',
  ],
  [
    'anybody while the directory is down',
    () => {
      night.directory.down = true;
    },
    'cannot-check',
  ],
];

describe.each(['slack', 'teams'] as const)('in %s', (platform) => {
  it.each(broken)('%s does not count, is told why and is recorded', async (_who, breakIt, code) => {
    const { id } = await lands();
    breakIt();
    expect(await press(id, platform === 'slack' ? inSlack('omar') : inTeams('omar'), 'purge')).toMatchObject({ code });
    expect(await votes(id)).toEqual([]);
    expect(await refusals(id)).toEqual([code]);
  });
});

describe('which person is behind an account', () => {
  it('a Slack account that nobody is linked to is told how to link', async () => {
    const { id } = await lands();
    night.slackPeople.accounts.set('U0NEW', ACCOUNT);
    expect(await press(id, slackUser('U0NEW'), 'purge')).toMatchObject({ code: 'unlinked' });
    expect(await refusals(id)).toEqual(['unlinked']);
  });

  it('an account that is one person by configuration and another by sign-in is nobody', async () => {
    await links(night, PEOPLE.dana.slackId, PEOPLE.omar.entraId);
    const { id } = await lands();
    const said = await press(id, inSlack('dana'), 'purge');
    await night.flow.store.transact((tx) => tx.people.remove('slack', PEOPLE.dana.slackId));
    expect(said).toMatchObject({ code: 'ambiguous' });
    expect(await votes(id)).toEqual([]);
  });

  it('an account without an answer from the chat is nobody', async () => {
    const { id } = await lands();
    night.teamsPeople.accounts.delete(PEOPLE.omar.entraId);
    await press(id, inTeams('omar'), 'purge');
    expect(await refusals(id)).toEqual(['unknown-person']);
  });

  it('while Slack is down, Slack cannot decide and Teams still can', async () => {
    const { id } = await lands();
    night.slackPeople.down = true;
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject({ code: 'cannot-check' });
    expect(await press(id, inTeams('dana'), 'purge')).toMatchObject(voteCounted(1, 2));
  });

  it('in a channel that is open to another organisation nobody decides', async () => {
    const { id } = await lands();
    night.teamsPeople.shared.add('teams-alerts');
    expect(await press(id, inTeams('dana'), 'purge')).toMatchObject({ code: 'shared-channel' });
    expect(await refusals(id)).toEqual(['shared-channel']);
  });

  it('a person of the tenant without any role is nobody here', async () => {
    const { id } = await lands();
    expect(await press(id, joins(night, 1), 'purge')).toMatchObject({ code: 'unknown-person' });
    expect((await entries(id, 'press.refused'))[0]?.actor).toMatchObject({ kind: 'person', id: guid(1) });
  });

  it('without a role, not even the status is told', async () => {
    expect(await say(joins(night, 1), 'status')).toMatchObject({ code: 'nothing-shown' });
  });
});

describe('a Slack account and a person with the same address', () => {
  const byAddress = () =>
    night.govern(
      policyWith([ruleFor(['purge'], { desk: 1 })], { linkByEmail: true, roles: { desk: { people: [guid(2)] } } }),
    );

  it('are two things, unless the policy says otherwise', async () => {
    await night.govern(policyWith([ruleFor(['purge'], { desk: 1 })], { roles: { desk: { people: [guid(2)] } } }));
    joins(night, 2, 'U0MAIL');
    const { id } = await lands();
    await press(id, slackUser('U0MAIL'), 'purge');
    expect(await refusals(id)).toEqual(['unlinked']);
  });

  it('are one where the policy says so', async () => {
    await byAddress();
    joins(night, 2, 'U0MAIL');
    const { id } = await lands();
    await press(id, slackUser('U0MAIL'), 'purge');
    expect((await votes(id)).map(({ person }) => person)).toEqual([guid(2)]);
  });

  it('are nobody where two people have the address', async () => {
    await byAddress();
    joins(night, 2, 'U0MAIL');
    joins(night, 3);
    night.directory.people.set(guid(3), { ...omar(), id: guid(3), addresses: ['person2@contoso.example'] });
    const { id } = await lands();
    await press(id, slackUser('U0MAIL'), 'purge');
    night.directory.people.delete(guid(3));
    expect(await refusals(id)).toEqual(['ambiguous']);
  });

  it('are nobody where the person has another Slack account on record', async () => {
    await byAddress();
    night.slackPeople.accounts.set('U0SECOND', { ...ACCOUNT, address: PEOPLE.dana.address });
    const { id } = await lands();
    await press(id, slackUser('U0SECOND'), 'purge');
    expect(await refusals(id)).toEqual(['ambiguous']);
  });

  it('an account whose address Slack does not tell stays unlinked', async () => {
    await byAddress();
    night.slackPeople.accounts.set('U0SILENT', ACCOUNT);
    const { id } = await lands();
    await press(id, slackUser('U0SILENT'), 'purge');
    expect(await refusals(id)).toEqual(['unlinked']);
  });
});

describe('whoever voted earlier is looked at again when the last vote comes', () => {
  it('somebody locked out since does not count any more, and nothing starts', async () => {
    const { id } = await lands();
    await press(id, inTeams('omar'), 'purge');
    inDirectory({ enabled: false });
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject(voteCounted(1, 2));
    expect(await runs(id)).toEqual([]);
  });

  it('it starts when somebody else fills that place, and the record names those who count', async () => {
    const { id } = await lands();
    await press(id, inTeams('omar'), 'purge');
    inDirectory({ enabled: false });
    await press(id, inSlack('dana'), 'purge');
    expect(await press(id, inTeams('lena'), 'purge')).toMatchObject(runStarted('purge', 2));
    expect((await runs(id)).map(({ approvedBy }) => approvedBy)).toEqual([[PEOPLE.dana.entraId, PEOPLE.lena.entraId]]);
    await becomes(id, 'purged');
  });

  it('somebody who is at risk by now does not count either', async () => {
    const { id } = await lands();
    await press(id, inTeams('omar'), 'purge');
    night.directory.risky.add(PEOPLE.omar.entraId);
    await press(id, inSlack('dana'), 'purge');
    expect(await stands(id)).toBe('open');
  });

  it('somebody who reported the mail after voting does not count either, and the card says so', async () => {
    const { id, mail } = await lands();
    await press(id, inTeams('omar'), 'purge');
    await night.alert({ message: mail, reporter: { address: PEOPLE.omar.address } });
    await cardsShow(id, 'nobody counted', ({ status }) => status.includes('0 of 2'));
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject(voteCounted(1, 2));
    expect(await press(id, inTeams('lena'), 'purge')).toMatchObject(runStarted('purge', 2));
  });

  it('a quorum held up because the directory was down starts at the next press of the same person', async () => {
    const { id } = await lands();
    await press(id, inTeams('omar'), 'purge');
    // For the earlier voter only: whoever presses is known.
    const { anew } = night.directory;
    night.directory.anew = () => {
      const now = anew();
      const silent = () => Promise.reject(new ClawbackError('unavailable', 'no answer'));
      return { ...now, person: (asked) => (asked === PEOPLE.omar.entraId ? silent() : now.person(asked)) };
    };
    // Not taken back, for nothing speaks against it: card and answer count it, and nothing starts.
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject({ ...voteCounted(2, 2), ...unsure('Omar') });
    expect(await press(id, inSlack('dana'), 'purge')).toEqual({
      code: 'unchecked',
      people: ['Omar'],
      counted: 2,
      needed: 2,
    });
    await cardsShow(id, 'the same number', ({ status }) => status.includes('2 of 2'));
    expect(await runs(id)).toEqual([]);
    night.directory.anew = anew;
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject(runStarted('purge', 2));
    expect(await votes(id)).toHaveLength(2);
  });

  it('is asked anew, whatever was said of them a moment ago', async () => {
    night.directory.remembers = true;
    const { id } = await lands();
    await press(id, inTeams('omar'), 'purge');
    inDirectory({ enabled: false });
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject(lost('Omar', 'deactivated'));
  });

  it('in the chat they voted in as well', async () => {
    const { id } = await lands();
    await press(id, inSlack('dana'), 'purge');
    night.slackPeople.accounts.set(PEOPLE.dana.slackId, { ...ACCOUNT, active: false });
    const said = await press(id, inTeams('omar'), 'purge');
    expect(said).toMatchObject({ ...voteCounted(1, 2), ...lost('Dana', 'deactivated') });
  });

  it('and so is whoever presses last', async () => {
    night.directory.remembers = true;
    const { id } = await lands();
    await press(id, inTeams('omar'), 'details');
    await press(id, inSlack('dana'), 'purge');
    inDirectory({ enabled: false });
    expect(await press(id, inTeams('omar'), 'purge')).toMatchObject({ code: 'deactivated' });
    expect(await votes(id)).toHaveLength(1);
  });

  it('the vote is taken back: card, answer and record say the same', async () => {
    const { id } = await lands();
    await press(id, inTeams('omar'), 'purge');
    inDirectory({ enabled: false });
    await press(id, inSlack('dana'), 'purge');
    await cardsShow(id, 'one vote', ({ status }) => status.includes('1 of 2'));
    expect((await votes(id)).map(({ person }) => person)).toEqual([PEOPLE.dana.entraId]);
    expect((await entries(id, 'decision.withdrawn'))[0]).toMatchObject({
      outcome: 'deactivated',
      detail: { person: PEOPLE.omar.entraId, name: 'Omar', action: 'purge' },
    });
  });

  it('whose vote was taken back may say it anew', async () => {
    const { id } = await lands();
    await press(id, inTeams('omar'), 'purge');
    inDirectory({ enabled: false });
    await press(id, inSlack('dana'), 'purge');
    inDirectory({ enabled: true });
    expect(await press(id, inTeams('omar'), 'purge')).toMatchObject(runStarted('purge', 2));
  });

  it('an account that is linked to somebody else by now has no vote', async () => {
    joins(night, 50, 'U0NEW');
    await night.govern(
      policyWith([ruleFor(['purge'], { pair: 2 })], { roles: { pair: { people: [guid(50), PEOPLE.dana.entraId] } } }),
    );
    await links(night, 'U0NEW', guid(50));
    const { id } = await lands();
    expect(await press(id, slackUser('U0NEW'), 'purge')).toMatchObject(voteCounted(1, 2));
    await unlink(night.flow, 'U0NEW');
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject(lost('Person 50', 'unlinked'));
  });

  it('of a vote from before accounts were kept, only the directory is asked', async () => {
    const { id } = await lands();
    const planDigest = (await incident(id))?.planDigest ?? '';
    const { entraId, name, address } = PEOPLE.omar;
    const at = night.flow.clock.now();
    await night.flow.store.transact(async (tx) => {
      const roles = ['approver'];
      const cast = { action: 'purge', planDigest, at, roles, reason: null, signIn: null } as const;
      await tx.decisions.add(
        id,
        { person: entraId, name, platform: 'teams', account: '', addresses: [address], ...cast },
        '',
      );
      const { detail } = entryOf('decision.approved', { action: 'purge', count: 1, needed: 2 });
      const actor = { kind: 'person', id: entraId, name } as const;
      await record(night.flow, tx, [
        { type: 'decision.approved', incident: id, actor, platform: 'teams', planDigest, detail },
      ]);
    });
    night.teamsPeople.accounts.delete(PEOPLE.omar.entraId);
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject(runStarted('purge', 2));
  });
});
