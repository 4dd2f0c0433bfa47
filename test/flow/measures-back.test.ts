import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import {
  ACCOUNT,
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
import { inSlack, inTeams, MINUTE } from './telling.ts';

/** The way back: each measure by itself or all together, and nothing that somebody has changed since is overwritten. */

let night: Night;
const { service, found, measures, asUsual } = measuresOf();
const { asked, list, pressList, shows, outcomes } = measuring(() => night);

beforeAll(async () => {
  night = await startNight({ policy: policyOf(), measures });
  knowsPeople(night);
});
afterAll(() => night.close());
beforeEach(async () => {
  asUsual();
  await night.govern(policyOf());
});

const account = ofAccount('disable-account');

async function done(words: string): Promise<{ readonly id: string; readonly incident: string }> {
  const list = await asked(words);
  await pressList(list.id, inTeams('omar'), 'measures-apply');
  await shows(list.id, 'Contained');
  return list;
}
const back = (id: string, page: number) => pressList(id, inTeams('omar'), 'measure-back', { page });

describe('what somebody has changed since', () => {
  it('a rule is not switched on over it, and that is told', async () => {
    found.measures = [RULE];
    const { id, incident } = await done('found ann@contoso.example because she clicked');
    service.change(RULE, { actions: { forwardTo: ['eve@fabrikam.example'] } });
    await back(id, 1);
    await shows(id, 'Done in part');
    expect(await outcomes(incident)).toEqual(['apply rule-off: done', 'back rule-off: changed']);
    expect(list(id)?.measures[0]?.words).toContain('somebody has changed it since, and that is not overwritten');
    expect(service.now(RULE)).toMatchObject({ isEnabled: false, actions: { forwardTo: ['eve@fabrikam.example'] } });
  });

  it('an account that got a role is not let in again', async () => {
    const { id, incident } = await done('disable-account ann@contoso.example because she clicked');
    service.change(account, { privileged: true, roles: ['Global Administrator'] });
    await back(id, 1);
    await shows(id, 'Done in part');
    expect((await outcomes(incident)).at(-1)).toBe('back disable-account: changed');
    expect(service.now(account)).toMatchObject({ accountEnabled: false });
  });

  it('another consent to the same app is left as it is', async () => {
    found.measures = [GRANT];
    const { id, incident } = await done('found ann@contoso.example because she clicked');
    service.set(GRANT, { ...IMAGES.grant, id: 'grant-2', scope: 'User.Read' });
    await back(id, 1);
    await shows(id, 'Done in part');
    expect((await outcomes(incident)).at(-1)).toBe('back revoke-grant: changed');
    expect(service.now(GRANT)).toMatchObject({ scope: 'User.Read' });
  });

  it('a risk that somebody else has confirmed is not dismissed', async () => {
    const risk = ofAccount('mark-compromised');
    const { id, incident } = await done('mark-compromised ann@contoso.example because she clicked');
    service.change(risk, { riskLastUpdatedDateTime: '2027-01-01T00:00:00Z' });
    await back(id, 1);
    await shows(id, 'Done in part');
    expect((await outcomes(incident)).at(-1)).toBe('back mark-compromised: changed');
    expect(service.now(risk)).toMatchObject({ riskState: 'confirmedCompromised' });
  });

  it('what somebody else has put back already is not asked for again', async () => {
    found.measures = [RULE];
    const { id, incident } = await done('found ann@contoso.example because she clicked');
    service.change(RULE, { isEnabled: true });
    const sent = service.sent.length;
    await back(id, 1);
    await shows(id, 'Put back');
    expect((await outcomes(incident)).at(-1)).toBe('back rule-off: as-before');
    expect(service.sent).toHaveLength(sent);
  });

  it('a mail that its owner has moved out of the bin stays where it is', async () => {
    found.measures = [SENT];
    const { id, incident } = await done('found ann@contoso.example because she clicked');
    service.change(SENT, { folderId: 'archive', inRecoverableItems: false });
    await back(id, 1);
    await shows(id, 'Done in part');
    expect((await outcomes(incident)).at(-1)).toBe('back take-sent-copy: changed');
    expect(service.now(SENT)).toMatchObject({ folderId: 'archive' });
  });
});

describe('in part', () => {
  it('one of several comes back, the others stay, and then the rest together', async () => {
    found.measures = [RULE, GRANT, SENT];
    const { id } = await done('found ann@contoso.example because she clicked');
    await back(id, 2);
    await shows(id, 'Put back in part');
    expect(service.now(GRANT)).toMatchObject({ scope: IMAGES.grant.scope });
    expect(service.now(RULE)).toMatchObject({ isEnabled: false });
    expect(list(id)?.backs.map(({ page }) => page)).toEqual(['1', '3']);
    expect(await pressList(id, inTeams('omar'), 'measures-back')).toMatchObject({ measures: 2 });
    await shows(id, 'Put back');
    expect(service.now(RULE)).toEqual(IMAGES.rule);
    expect(service.now(SENT)).toEqual(IMAGES.sent);
  });

  it('what was not there when its turn came is nothing to put back', async () => {
    found.measures = [RULE, GRANT];
    const { id } = await asked('found ann@contoso.example because she clicked');
    service.remove(RULE);
    await pressList(id, inTeams('omar'), 'measures-apply');
    await shows(id, 'Contained');
    expect(list(id)?.backs.map(({ page }) => page)).toEqual(['2']);
  });
});

describe('who says so', () => {
  it('a way back takes as many people as the way there, and their votes age', async () => {
    await night.govern(policyOf({ approver: 2 }));
    const { id } = await asked('disable-account ann@contoso.example because she clicked');
    await pressList(id, inTeams('omar'), 'measures-apply');
    await pressList(id, inTeams('lena'), 'measures-apply');
    await shows(id, 'Contained');
    expect(await back(id, 1)).toMatchObject({ code: 'measures-counted', counted: 1, needed: 2 });
    night.clock.now += 61 * MINUTE;
    expect(await pressList(id, inTeams('lena'), 'measure-back', { page: 1 })).toMatchObject({ counted: 1 });
    expect(await back(id, 1)).toMatchObject({ code: 'measures-begun' });
    await shows(id, 'Put back');
    expect(service.now(account)).toEqual(ACCOUNT);
  });

  it('whoever asked for the measures does not have them put back', async () => {
    const { id } = await done('disable-account ann@contoso.example because she clicked');
    expect(await pressList(id, inSlack('dana'), 'measure-back', { page: 1 })).toMatchObject({ code: 'own-measures' });
  });
});
