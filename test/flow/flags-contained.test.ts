import { beforeEach, describe, expect, it } from 'vitest';
import type { Measure } from '../../src/core/measure/measure.ts';
import { flagging, HOUR } from './flagging.ts';
import { ACCOUNT, IMAGES, measuresOf, measuring, ofAccount, RULE } from './measuring.ts';
import { inSlack, inTeams } from './telling.ts';

/** That a mailbox is contained is said once it was seen, and of whoever calls it so before that it says so. */

const { service, found, measures, asUsual } = measuresOf();
const { night, findings, flagged, flagEntries, shown, press, come, rows } = flagging({ measures });
const { want, shows, pressList } = measuring(night);
beforeEach(asUsual);

/** A flag that Omar looks after, and the rule in that mailbox which a measure would switch off. */
async function taken(n: number): Promise<{ readonly id: string; readonly incident: string; readonly rule: Measure }> {
  const { id, incident } = await flagged(n);
  const row = (await rows()).find((one) => one.id === id);
  const who = { person: row?.mailbox ?? '', address: row?.address ?? '' };
  const rule = { ...RULE, ...who };
  service.set(rule, IMAGES.rule);
  service.set(ofAccount('disable-account', who), ACCOUNT);
  found.measures = [rule];
  await press(inSlack('omar'), 'take', id);
  return { id, incident, rule };
}
const asked = (incident: string) => want(incident, 'found because the account sends mail by itself');
async function carriedOut(incident: string): Promise<string> {
  const list = await asked(incident);
  await shows(list, 'Approval needed');
  await pressList(list, inTeams('omar'), 'measures-apply');
  await shows(list, 'Contained');
  return list;
}
const containment = async (id: string) => {
  const { state, contained } = (await shown(id)).flag;
  return [state, contained?.seen ?? false, contained?.open.map(({ kind, count }) => `${kind} ${count}`)] as const;
};
const said = async (id: string) =>
  (await flagEntries(id, 'flag.contained')).map(({ actor, detail }) => [actor.kind, detail.seen]);

describe('a flagged mailbox', () => {
  it('is contained where the measures about it were done and seen', async () => {
    const { id, incident } = await taken(11);
    await carriedOut(incident);
    expect(await press(inSlack('omar'), 'contain', id)).toMatchObject({ code: 'flag-contained', seen: true, open: [] });
    expect(await containment(id)).toEqual(['contained', true, []]);
  });

  it('is only called so where they wait for people, and contained by itself once they were done', async () => {
    const { id, incident } = await taken(12);
    const list = await asked(incident);
    await shows(list, 'Approval needed');
    const answer = await press(inSlack('omar'), 'contain', id);
    expect(answer).toMatchObject({
      seen: false,
      by: 'Omar',
      open: [{ kind: 'nothing-done' }, { kind: 'asked', count: 1 }],
    });
    await pressList(list, inTeams('omar'), 'measures-apply');
    await shows(list, 'Contained');
    await night().until('it is seen', async () => (await containment(id))[1]);
    expect(await said(id)).toEqual([
      ['person', false],
      ['service', true],
    ]);
  });

  it('is not contained any more where a measure was put back', async () => {
    const { id, incident } = await taken(13);
    const list = await carriedOut(incident);
    await press(inSlack('omar'), 'contain', id);
    await pressList(list, inTeams('omar'), 'measure-back', { page: 1 });
    await shows(list, 'Put back');
    await night().until('that is seen', async () => (await containment(id))[1] === false);
    expect(await containment(id)).toEqual(['contained', false, ['nothing-done 1', 'put-back 1']]);
  });

  it('is not contained where the service refused the measure', async () => {
    const { id, incident, rule } = await taken(14);
    service.once('effect', rule.kind, { is: 'refused', why: '403' });
    const list = await asked(incident);
    await shows(list, 'Approval needed');
    await pressList(list, inTeams('omar'), 'measures-apply');
    await shows(list, 'Done in part');
    expect(await press(inSlack('omar'), 'contain', id)).toMatchObject({
      seen: false,
      open: [{ kind: 'nothing-done' }, { kind: 'failed' }],
    });
  });

  it('that was put right elsewhere is looked at by itself, and contained where that look is clean', async () => {
    const { id } = await taken(15);
    await press(inSlack('omar'), 'contain', id);
    expect(await containment(id)).toEqual(['contained', false, ['nothing-done 1']]);
    findings.looks = [{ is: 'not seen yet', findings: 0 }];
    await come(id, 2);
    expect((await containment(id))[1]).toBe(false);
    await come(id, 1);
    expect(findings.asked.filter(({ containedAt }) => containedAt !== null)).toHaveLength(1);
    await come(id, 2);
    expect(await containment(id)).toEqual(['contained', true, []]);
    night().clock.now += 100 * HOUR;
    await come(id);
    expect(await said(id)).toEqual([
      ['person', false],
      ['service', true],
    ]);
  });

  it('is not contained by anybody’s word while somebody else says what is stored', async () => {
    const { id, incident } = await taken(16);
    await carriedOut(incident);
    const { version } = (await shown(id)).flag;
    expect(version).toBeGreaterThan(0);
    expect(await press(inSlack('dana'), 'contain', id)).toMatchObject({ code: 'flag-refused', why: 'not-yours' });
    expect(await said(id)).toEqual([]);
  });
});
