import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { notAsked, runStarted, voteCounted } from '../support/answered.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { guid, inTeams, joins, links, policyWith, ruleFor, slackUser, storyteller } from './telling.ts';

/** Who holds which role, and who sits on which seat. */
let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());
const { lands, press, say, stands, votes, runs, refusals, entries, card } = storyteller(() => night);

const SOC = guid(900);
const ON_CALL = 'S0ONCALL';
beforeEach(() => {
  night.directory.groups.clear();
  night.slackPeople.groups.clear();
});

describe('a role by Entra group', () => {
  const socDecides = (people: readonly string[] = []) =>
    night.govern(policyWith([ruleFor(['purge'], { soc: 2 })], { roles: { soc: { people, entraGroups: [SOC] } } }));

  it('is held by whoever is in the group', async () => {
    await socDecides();
    night.directory.groups.set(SOC, [guid(10)]);
    const { id } = await lands();
    expect(await press(id, joins(night, 10), 'purge')).toMatchObject(voteCounted(1, 2));
    expect(await press(id, joins(night, 11), 'purge')).toMatchObject({ code: 'unknown-person' });
  });

  it('is lost together with the membership, also for a vote given before', async () => {
    await socDecides();
    night.directory.groups.set(SOC, [guid(10), guid(11)]);
    const { id } = await lands();
    await press(id, joins(night, 10), 'purge');
    night.directory.groups.set(SOC, [guid(11)]);
    expect(await press(id, joins(night, 11), 'purge')).toMatchObject(voteCounted(1, 2));
    expect(await stands(id)).toBe('open');
  });

  it('is held by nobody while the group cannot be read', async () => {
    await socDecides();
    const { id } = await lands();
    expect(await press(id, joins(night, 10), 'purge')).toMatchObject({ code: 'cannot-check' });
    expect(await refusals(id)).toEqual(['cannot-check']);
  });

  it('is still held by those whom the policy names one by one, while the group cannot be read', async () => {
    await socDecides([guid(12)]);
    const { id } = await lands();
    expect(await press(id, joins(night, 12), 'purge')).toMatchObject(voteCounted(1, 2));
  });
});

describe('a role by Slack user group', () => {
  const onCallDecides = () =>
    night.govern(
      policyWith([ruleFor(['purge'], { oncall: 1 })], { roles: { oncall: { slackUserGroups: [ON_CALL] } } }),
    );

  it('is held in Teams too, by the person who is linked to the account in the group', async () => {
    await onCallDecides();
    night.slackPeople.groups.set(ON_CALL, [PEOPLE.dana.slackId]);
    const { id } = await lands();
    expect(await press(id, inTeams('dana'), 'purge')).toMatchObject(runStarted('purge', 2));
  });

  it('is not held by somebody outside the group, or without an account in Slack', async () => {
    await onCallDecides();
    night.slackPeople.groups.set(ON_CALL, [PEOPLE.dana.slackId]);
    const { id } = await lands();
    await press(id, inTeams('omar'), 'purge');
    await press(id, inTeams('lena'), 'purge');
    expect(await refusals(id)).toEqual(['not-asked', 'not-asked']);
  });

  it('is held by nobody while Slack cannot be asked', async () => {
    await onCallDecides();
    const { id } = await lands();
    await press(id, inTeams('dana'), 'purge');
    expect(await votes(id)).toEqual([]);
  });
});

describe('an analyst and a lead', () => {
  const analyst = guid(20);
  const lead = guid(21);
  const both = guid(22);
  const analystAndLead = () =>
    night.govern(
      policyWith([ruleFor(['purge'], { analyst: 1, lead: 1 }), ruleFor(['flag'], { analyst: 1 })], {
        roles: { analyst: { people: [analyst, both] }, lead: { people: [lead, both] } },
      }),
    );
  beforeEach(analystAndLead);

  it('one of each starts it', async () => {
    const { id } = await lands();
    expect(await press(id, joins(night, 20), 'purge')).toMatchObject(voteCounted(1, 2));
    expect(await press(id, joins(night, 21), 'purge')).toMatchObject({ code: 'run-started', action: 'purge' });
    expect((await runs(id)).map(({ approvedBy }) => approvedBy)).toEqual([[analyst, lead]]);
  });

  it('two analysts do not', async () => {
    await night.govern(
      policyWith([ruleFor(['purge'], { analyst: 1, lead: 1 })], {
        roles: { analyst: { people: [analyst, guid(23)] }, lead: { people: [lead] } },
      }),
    );
    const { id } = await lands();
    await press(id, joins(night, 20), 'purge');
    expect(await press(id, joins(night, 23), 'purge')).toMatchObject({ code: 'vote-recorded' });
    expect(await stands(id)).toBe('open');
  });

  it('the lead alone, in both chats, is one seat', async () => {
    joins(night, 21, 'U0LEAD');
    await links(night, 'U0LEAD', lead);
    const { id } = await lands();
    expect(await press(id, joins(night, 21), 'purge')).toMatchObject(voteCounted(1, 2));
    expect(await press(id, slackUser('U0LEAD'), 'purge')).toMatchObject({ code: 'repeated' });
    expect(await stands(id)).toBe('open');
  });

  it('somebody who is both fills one seat only', async () => {
    const { id } = await lands();
    expect(await press(id, joins(night, 22), 'purge')).toMatchObject(voteCounted(1, 2));
    expect(await stands(id)).toBe('open');
  });

  it('somebody who is both moves over for a later person who is only one of them', async () => {
    const { id } = await lands();
    await press(id, joins(night, 22), 'purge');
    expect(await press(id, joins(night, 20), 'purge')).toMatchObject({ code: 'run-started', action: 'purge' });
  });

  it('somebody whose role is not asked for is told which are', async () => {
    const { id } = await lands();
    expect(await press(id, joins(night, 21), 'flag')).toMatchObject(notAsked('analyst'));
    const [entry] = await entries(id, 'press.refused');
    expect(entry).toMatchObject({ outcome: 'not-asked', detail: { seats: [{ role: 'analyst', count: 1 }] } });
  });

  it('the card says whose approval is still missing', async () => {
    const { id } = await lands();
    await press(id, joins(night, 20), 'purge');
    await night.until('it says so', () => card(id)?.needs.includes('approval still of 1 × lead') === true);
    expect(card(id)?.needs).not.toContain('× analyst');
  });

  it('the record tells rule, seats and roles of each vote', async () => {
    const { id } = await lands();
    await press(id, joins(night, 20), 'purge');
    expect((await entries(id, 'decision.approved'))[0]?.detail).toMatchObject({
      rule: 'purge',
      seats: [
        { role: 'analyst', count: 1 },
        { role: 'lead', count: 1 },
      ],
      roles: ['analyst'],
      count: 1,
      needed: 2,
    });
  });
});

describe('what a role is good for besides', () => {
  it('whoever holds any role may look; that it is not malicious says who is asked for it', async () => {
    const roles = { reader: { people: [guid(30)] } };
    await night.govern(policyWith([ruleFor(['purge'], { approver: 2 })], { roles }));
    const { id } = await lands();
    const reader = joins(night, 30);
    expect(await press(id, reader, 'details')).toMatchObject({ code: 'details', copies: 2 });
    expect(await say(reader, 'status')).toMatchObject({
      open: expect.arrayContaining([expect.objectContaining({ incident: id })]),
    });
    expect(await press(id, reader, 'reject', { reason: 'A newsletter' })).toMatchObject(notAsked('approver'));
    expect(await press(id, inTeams('dana'), 'reject', { reason: 'A newsletter' })).toMatchObject({ code: 'rejected' });
  });

  it('where everybody who could decide has reported the mail, the card warns', async () => {
    await night.govern(policyWith([ruleFor(['purge'], { lead: 1 })], { roles: { lead: { people: [guid(31)] } } }));
    joins(night, 31);
    const { id } = await lands(['ann'], { reporter: { entraId: guid(31) } });
    expect(card(id)?.needs).toContain('Too few people may decide');
  });
});
