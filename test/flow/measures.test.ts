import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Measure } from '../../src/core/measure/measure.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import {
  ANN,
  GRANT,
  IMAGES,
  knowsPeople,
  measuresOf,
  measuring,
  ofAccount,
  policyOf,
  RULE,
  SENT,
} from './measuring.ts';
import { inSlack, inTeams } from './telling.ts';

/** What is done about people: asked for by one, decided by others, done and seen one by one, and taken back one by one. */

let night: Night;
const { service, found, measures, asUsual } = measuresOf();
const { asked, list, pressList, shows, outcomes, say, lands } = measuring(() => night);

beforeAll(async () => {
  night = await startNight({ policy: policyOf(), measures });
  knowsPeople(night);
});
afterAll(() => night.close());
beforeEach(asUsual);

const EACH: readonly (readonly [string, Measure, string])[] = [
  ['rule-off', RULE, 'found'],
  ['disable-account', ofAccount('disable-account'), 'disable-account'],
  ['mark-compromised', ofAccount('mark-compromised'), 'mark-compromised'],
  ['revoke-grant', GRANT, 'found'],
  ['take-sent-copy', SENT, 'found'],
];

describe('each measure', () => {
  it.each(EACH)('%s is done, seen, and undone', async (kind, measure, words) => {
    found.measures = words === 'found' ? [measure] : [];
    const before = service.now(measure);
    const { id, incident } = await asked(`${words} ann@contoso.example because she clicked`);
    expect(service.sent).toHaveLength(service.sent.length);
    expect(await pressList(id, inTeams('omar'), 'measures-apply')).toMatchObject({ code: 'measures-begun' });
    await shows(id, 'Contained');
    expect(await outcomes(incident)).toEqual([`apply ${kind}: done`]);
    expect(service.now(measure)).not.toEqual(before);
    expect(await pressList(id, inTeams('omar'), 'measure-back', { page: 1 })).toMatchObject({ code: 'measures-begun' });
    await shows(id, 'Put back');
    expect(await outcomes(incident)).toEqual([`apply ${kind}: done`, `back ${kind}: put-back`]);
  });

  it.each(EACH.filter(([kind]) => ['rule-off', 'disable-account', 'take-sent-copy'].includes(kind)))(
    '%s comes back field by field as it was',
    async (_kind, measure, words) => {
      found.measures = words === 'found' ? [measure] : [];
      const before = service.now(measure);
      const { id } = await asked(`${words} ann@contoso.example because she clicked`);
      await pressList(id, inTeams('omar'), 'measures-apply');
      await shows(id, 'Contained');
      await pressList(id, inTeams('omar'), 'measures-back', {});
      await pressList(id, inTeams('omar'), 'measure-back', { page: 1 });
      await shows(id, 'Put back');
      expect(service.now(measure)).toEqual(before);
    },
  );

  it('a consent that comes back has the same rights and another id', async () => {
    found.measures = [GRANT];
    const { id } = await asked('found ann@contoso.example because she clicked');
    await pressList(id, inTeams('omar'), 'measures-apply');
    await shows(id, 'Contained');
    await pressList(id, inTeams('omar'), 'measure-back', { page: 1 });
    await shows(id, 'Put back');
    expect(service.now(GRANT)).toEqual({ ...IMAGES.grant, id: 'grant-1-anew' });
  });

  it('sessions that are ended have no way back, and the card says so before the press', async () => {
    const { id } = await asked('revoke-sessions ann@contoso.example because she clicked');
    expect(list(id)?.measures[0]?.words).toBe('There is nothing to put back: people sign in again.');
    await pressList(id, inTeams('omar'), 'measures-apply');
    await shows(id, 'Contained');
    expect(list(id)?.backs).toEqual([]);
    expect(await pressList(id, inTeams('omar'), 'measure-back', { page: 1 })).toMatchObject({ code: 'not-shown' });
  });
});

describe('who is asked', () => {
  it('whoever asked for it does not decide, and neither does the one that it is about', async () => {
    const { id } = await asked('disable-account ann@contoso.example because she clicked');
    expect(await pressList(id, inSlack('dana'), 'measures-apply')).toMatchObject({ code: 'own-measures' });
    expect(service.now(ofAccount('disable-account'))).toMatchObject({ accountEnabled: true });
  });

  it('nothing is done to somebody who has nothing to do with the mail', async () => {
    const { id } = await lands();
    expect(
      await say(inSlack('dana'), `contain ${id} disable-account lena@contoso.example because I can`),
    ).toMatchObject({ code: 'measures-stranger', address: 'lena@contoso.example' });
  });

  it('declined is declined: nothing is done, and it cannot be approved any more', async () => {
    const { id } = await asked('disable-account ann@contoso.example because she clicked');
    expect(await pressList(id, inTeams('omar'), 'measures-decline')).toMatchObject({ code: 'measures-begun' });
    await shows(id, 'Declined');
    expect(await pressList(id, inTeams('lena'), 'measures-apply')).toMatchObject({ code: 'not-shown' });
    expect(service.now({ ...ofAccount('disable-account'), ...ANN })).toMatchObject({ accountEnabled: true });
  });
});
