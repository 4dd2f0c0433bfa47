import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { liftCounted } from '../support/answered.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { intruder, POLICY } from './intruder.ts';
import { inSlack, inTeams, storyteller } from './telling.ts';

/** The stop and the votes for going on, changed in the database: what the record says holds. */

let night: Night;
const { press, say, stands } = storyteller(() => night);
const { open, draw, carryOut, approve } = intruder(() => night);
beforeAll(async () => {
  night = await startNight({ workers: false, intruded: true, policy: POLICY });
});
afterAll(() => night.close());
afterEach(async () => {
  await say(inSlack('dana'), 'lift');
  await say(inTeams('omar'), 'lift');
  night.mail.effects.length = 0;
});

const wipeTheStop = () => night.intrude('update brake set stopped = false');
const forgeALiftVote = () =>
  night.intrude(
    `insert into lift_vote (tenant, number, person, name, roles, platform, account, at)
     select tenant, number, $1, 'Lena', '["approver"]', 'teams', $1, at from brake`,
    PEOPLE.lena.entraId,
  );

describe('a vote for going on', () => {
  it('that nobody gave does not count', async () => {
    await say(inSlack('dana'), 'stop');
    await forgeALiftVote();
    expect((await night.audit()).differences.join(' ')).toContain('a vote for going on by');
    expect(await say(inTeams('omar'), 'lift')).toMatchObject(liftCounted(1, 2));
    expect(await say(inTeams('lena'), 'lift')).toMatchObject({ code: 'lifted' });
  });

  it('that was given on the stop before does not count on this one', async () => {
    await say(inSlack('dana'), 'stop');
    await say(inTeams('lena'), 'lift');
    await say(inTeams('omar'), 'lift');
    await say(inSlack('dana'), 'stop');
    await forgeALiftVote();
    expect(await say(inTeams('omar'), 'lift')).toMatchObject(liftCounted(1, 2));
  });

  it('with other roles than it was given with does not count', async () => {
    await say(inSlack('dana'), 'stop');
    await say(inTeams('lena'), 'lift');
    await night.intrude(`update lift_vote set roles = '["approver","lead"]'`);
    expect(await say(inTeams('omar'), 'lift')).toMatchObject(liftCounted(1, 2));
  });
});

describe('a stop whose row was wiped', () => {
  it('lets nobody approve', async () => {
    const { id } = await open();
    await press(id, inSlack('dana'), 'purge');
    await say(inSlack('dana'), 'stop');
    await wipeTheStop();
    await press(id, inTeams('omar'), 'purge');
    expect(await stands(id)).toBe('open');
  });

  it('lets nothing that was approved go on, and is lifted as any other', async () => {
    const { id } = await open();
    await approve(id);
    await say(inSlack('dana'), 'stop');
    await wipeTheStop();
    await carryOut(id);
    expect([await stands(id), night.mail.effects]).toEqual(['running', []]);
    await say(inSlack('dana'), 'lift');
    expect(await say(inTeams('omar'), 'lift')).toMatchObject({ code: 'lifted' });
    await carryOut(id);
    expect(await stands(id)).toBe('purged');
  });

  it('lets nothing act first', async () => {
    await say(inSlack('dana'), 'stop');
    await wipeTheStop();
    const { id } = await open({ severity: 'critical' });
    await draw(id);
    expect(await stands(id)).toBe('open');
  });
});
