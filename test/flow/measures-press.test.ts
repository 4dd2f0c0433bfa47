import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ofType } from '../../src/core/record/ledger.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { ANN, knowsPeople, MAIL_RULE, MEASURES_RULE, measuresOf, measuring, ofAccount, policyOf } from './measuring.ts';
import { guid, inSlack, inTeams, joins, policyWith } from './telling.ts';

/** A press on a list of measures is believed nothing but its ids: who, where, on what and whether still is read again. */

let night: Night;
const { service, measures, asUsual } = measuresOf();
const { asked, list, pressList, shows, say } = measuring(() => night);
const WANTED = 'disable-account ann@contoso.example because she clicked';
const account = ofAccount('disable-account');

beforeAll(async () => {
  night = await startNight({ policy: policyOf(), measures });
  knowsPeople(night);
});
afterAll(() => night.close());
beforeEach(async () => {
  asUsual();
  await night.govern(policyOf());
});

const refused = async (incident: string) =>
  (await night.entries(incident)).filter(ofType('measures.refused')).map(({ outcome }) => outcome);
const begun = async (incident: string) => (await night.entries(incident)).filter(ofType('measures.begun'));

describe('a press that is none', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['of a button that the card does not have', { verb: 'measures-explode' }, 'unknown-button'],
    ['of a button of another card', { verb: 'purge' }, 'unknown-button'],
    ['on what is not the list any more', { digest: 'e'.repeat(64) }, 'stale-card'],
    [
      'from another message',
      { card: { platform: 'teams', channel: 'teams-alerts', message: 'elsewhere' } },
      'wrong-place',
    ],
  ])('%s begins nothing, and is written down', async (_what, more, code) => {
    const { id, incident } = await asked(WANTED);
    expect(await pressList(id, inTeams('omar'), 'measures-apply', more)).toMatchObject({ code });
    expect([await begun(incident), await refused(incident)]).toEqual([[], [code]]);
    expect(service.now(account)).toMatchObject({ accountEnabled: true });
  });

  it('on a list that nobody knows is told so', async () => {
    const { id } = await asked(WANTED);
    const answer = await pressList(id, inTeams('omar'), 'measures-apply', { incident: 'CM-NOBODY' });
    expect(answer).toMatchObject({ code: 'unknown-incident' });
  });

  it('with a NUL in its name is the same press', async () => {
    const { id } = await asked(WANTED);
    expect(await pressList(id, inTeams('omar'), 'measures-apply', { incident: `${id}\0` })).toMatchObject({
      code: 'measures-begun',
    });
    await shows(id, 'Contained');
  });

  it('of somebody who is locked out does not count', async () => {
    const { id, incident } = await asked(WANTED);
    const omar = night.directory.people.get(PEOPLE.omar.entraId);
    if (omar) night.directory.people.set(omar.id, { ...omar, enabled: false });
    const answer = await pressList(id, inTeams('omar'), 'measures-apply');
    if (omar) night.directory.people.set(omar.id, omar);
    expect([answer.code, await begun(incident)]).toEqual([(await refused(incident))[0], []]);
  });

  it('of somebody who holds no role that is asked for is told who is', async () => {
    await night.govern(
      policyWith([MEASURES_RULE({ lead: 1 }), MAIL_RULE], { roles: { lead: { people: [guid(77)] } } }),
    );
    const { id, incident } = await asked(WANTED);
    expect(await pressList(id, inTeams('omar'), 'measures-apply')).toMatchObject({
      ...{ code: 'not-asked', seats: [{ role: 'lead', count: 1, filled: 0 }] },
    });
    expect(await begun(incident)).toEqual([]);
  });

  it('of the one that it is about does not count, whatever it is for', async () => {
    const ann = joins(night, 1);
    knowsPeople(night);
    const people = [ANN.person, ...Object.values(PEOPLE).map(({ entraId }) => entraId)];
    await night.govern(policyWith([MEASURES_RULE({ hunter: 1 }), MAIL_RULE], { roles: { hunter: { people } } }));
    const { id, incident } = await asked(WANTED);
    expect(await pressList(id, ann, 'measures-apply')).toMatchObject({ code: 'own-account' });
    expect(await pressList(id, ann, 'measures-decline')).toMatchObject({ code: 'own-account' });
    expect([await begun(incident), await refused(incident)]).toEqual([[], ['own-account', 'own-account']]);
  });
});

describe('a press that counts', () => {
  it('may leave it by whoever asked for it, and ends it for everybody', async () => {
    const { id } = await asked(WANTED);
    expect(await pressList(id, inSlack('dana'), 'measures-decline')).toMatchObject({ code: 'measures-begun' });
    await shows(id, 'Declined');
  });

  it('leaves it also while everything is stopped, and has nothing done', async () => {
    const { id, incident } = await asked(WANTED);
    await say(inTeams('lena'), 'stop');
    expect(await pressList(id, inTeams('omar'), 'measures-apply')).toMatchObject({ code: 'stopped' });
    expect(await pressList(id, inTeams('omar'), 'measures-decline')).toMatchObject({ code: 'measures-begun' });
    await say(inSlack('dana'), 'lift');
    await say(inTeams('omar'), 'lift');
    await shows(id, 'Declined');
    expect(await begun(incident)).toEqual([]);
  });

  it('counts for what it was for: a vote to leave it is none to do it', async () => {
    await night.govern(
      policyWith([MEASURES_RULE({ approver: 2 }), MAIL_RULE], { verbs: { reject: [{ role: 'approver', count: 2 }] } }),
    );
    const { id, incident } = await asked(WANTED);
    expect(await pressList(id, inTeams('omar'), 'measures-decline')).toMatchObject({ counted: 1, needed: 2 });
    expect(await pressList(id, inTeams('lena'), 'measures-apply')).toMatchObject({ counted: 1, needed: 2 });
    expect(await begun(incident)).toEqual([]);
    expect(await pressList(id, inTeams('omar'), 'measures-apply')).toMatchObject({ code: 'measures-begun' });
    await shows(id, 'Contained');
    expect(list(id)?.measures).toHaveLength(1);
  });

  it('finds out that somebody who voted before was locked out, and counts without them', async () => {
    await night.govern(policyOf({ approver: 2 }));
    const { id, incident } = await asked(WANTED);
    expect(await pressList(id, inTeams('omar'), 'measures-apply')).toMatchObject({ counted: 1, needed: 2 });
    const omar = night.directory.people.get(PEOPLE.omar.entraId);
    if (omar) night.directory.people.set(omar.id, { ...omar, enabled: false });
    const answer = await pressList(id, inTeams('lena'), 'measures-apply');
    if (omar) night.directory.people.set(omar.id, omar);
    expect(answer).toMatchObject({
      code: 'measures-counted',
      counted: 1,
      needed: 2,
      others: { lost: [{ name: 'Omar' }] },
    });
    const lost = (await night.entries(incident)).filter(ofType('measures.withdrawn'));
    expect(lost.map(({ detail }) => [detail.of, detail.name])).toEqual([['apply', 'Omar']]);
    expect(await pressList(id, inTeams('omar'), 'measures-apply')).toMatchObject({ code: 'measures-begun' });
    await shows(id, 'Contained');
  });
});
