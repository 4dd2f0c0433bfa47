import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verbCounted } from '../support/answered.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { guid, inSlack, inTeams, joins, MINUTE, policyWith, ruleFor, storyteller } from './telling.ts';

/** Each word about a case: what is kept of it, who is named where it took effect, and what is spent. */
let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());
const { lands, press, stands, votes, incident, refusals, entries, cardsShow } = storyteller(() => night);

const rules = [ruleFor(['purge', 'undo'], { approver: 2 }), ruleFor(['flag'], { approver: 1 })];
const roles = { lead: { people: [guid(70)] } };
const two = [{ role: 'approver', count: 2 }];
const govern = (verbs: object = {}) => night.govern(policyWith(rules, { roles, verbs }));
const reason = 'A newsletter we asked for';
const setEnabled = (enabled: boolean) => {
  const dana = night.directory.people.get(PEOPLE.dana.entraId);
  if (dana) night.directory.people.set(dana.id, { ...dana, enabled });
};
beforeEach(() => {
  night.clock.now += 120 * MINUTE;
  night.directory.remembers = false;
  setEnabled(true);
});

describe('a word that is not enough yet', () => {
  it('is on record with its reason, its rule and how far it goes', async () => {
    await govern({ reject: two });
    const { id } = await lands();
    await press(id, inSlack('dana'), 'reject', { reason: `  ${reason} ` });
    expect((await entries(id, 'decision.approved'))[0]).toMatchObject({
      actor: { id: PEOPLE.dana.entraId },
      platform: 'slack',
      detail: { action: 'reject', reason, rule: 'verbs.reject', count: 1, needed: 2, account: PEOPLE.dana.slackId },
    });
    expect(await votes(id)).toMatchObject([{ reason, action: 'reject' }]);
  });

  it('changes the card once: said again, it changes nothing', async () => {
    await govern({ reject: two });
    const { id } = await lands();
    const before = (await incident(id))?.revision ?? 0;
    await press(id, inSlack('dana'), 'reject', { reason });
    const counted = (await incident(id))?.revision ?? 0;
    await press(id, inSlack('dana'), 'reject', { reason });
    expect([counted > before, (await incident(id))?.revision]).toEqual([true, counted]);
  });

  it('stays alone where the other turns out to be locked out, also when it is said again', async () => {
    await govern({ reject: two });
    const { id } = await lands();
    await press(id, inSlack('dana'), 'reject', { reason });
    night.slackPeople.down = true;
    expect(await press(id, inTeams('omar'), 'reject', { reason })).toMatchObject({
      code: 'verb-counted',
      others: { unsure: ['Dana'] },
    });
    night.slackPeople.down = false;
    setEnabled(false);
    const before = (await incident(id))?.revision ?? 0;
    expect(await press(id, inTeams('omar'), 'reject', { reason })).toMatchObject({ code: 'repeated' });
    expect((await entries(id, 'decision.withdrawn')).map(({ outcome }) => outcome)).toEqual(['deactivated']);
    expect((await incident(id))?.revision).toBeGreaterThan(before);
  });

  it('of somebody who turns out to be locked out is not kept', async () => {
    await govern();
    const { id } = await lands();
    night.directory.remembers = true;
    await press(id, inSlack('dana'), 'details');
    setEnabled(false);
    expect(await press(id, inSlack('dana'), 'reject', { reason })).toMatchObject({ code: 'deactivated' });
    expect([await votes(id), await stands(id), await refusals(id)]).toEqual([[], 'open', ['deactivated']]);
  });

  it('is said by a thousand characters at most, and by one at least', async () => {
    await govern({ reject: two });
    const { id } = await lands();
    const rejecting = (text: string) => press(id, inSlack('dana'), 'reject', { reason: text });
    expect(await rejecting(' \n ')).toMatchObject({ code: 'form-needed', problem: 'reason-missing' });
    expect(await rejecting('x'.repeat(1_001))).toMatchObject({ code: 'form-needed', problem: 'reason-too-long' });
    expect(await rejecting('x'.repeat(1_000))).toMatchObject(verbCounted(1, 2));
  });
});

describe('a word that was enough', () => {
  it('names those on the seats, and nobody whose seat was taken', async () => {
    await govern({
      reject: [
        { role: 'approver', count: 1 },
        { role: 'lead', count: 1 },
      ],
    });
    const { id } = await lands();
    await press(id, inSlack('dana'), 'reject', { reason });
    await press(id, inTeams('omar'), 'reject', { reason });
    await press(id, joins(night, 70), 'reject', { reason });
    expect(await incident(id)).toMatchObject({ stands: 'rejected', closedBy: 'Dana, Person 70' });
    expect((await entries(id, 'decision.rejected'))[0]?.detail.approvedBy).toEqual([PEOPLE.dana.entraId, guid(70)]);
  });

  it('says whether anything was done before', async () => {
    await govern();
    const untouched = await lands();
    expect(await press(untouched.id, inTeams('omar'), 'reject', { reason })).toMatchObject({
      code: 'rejected',
      touched: false,
    });
    const flagged = await lands();
    await press(flagged.id, inSlack('dana'), 'flag');
    await cardsShow(flagged.id, 'the flag', ({ status }) => status.includes('flagged'));
    expect(await press(flagged.id, inTeams('omar'), 'reject', { reason })).toMatchObject({
      code: 'rejected',
      touched: true,
    });
  });

  it('to look again spends what was said of the case, and no approval', async () => {
    await govern({ reject: two });
    const { id } = await lands();
    await press(id, inSlack('dana'), 'reject', { reason });
    await press(id, inTeams('omar'), 'purge');
    night.clock.now += 61 * MINUTE;
    await night.run({ queue: 'expire', incident: id });
    await cardsShow(id, 'that nobody decided', ({ canReopen }) => canReopen);
    await press(id, inTeams('lena'), 'reopen');
    expect((await entries(id, 'decision.withdrawn')).map(({ detail }) => detail.action)).toEqual(['reject']);
    expect((await votes(id)).map(({ action }) => action)).toEqual(['purge']);
  });
});

describe('taking unsure mails in', () => {
  async function unsure() {
    await govern({ takeIn: two });
    const told = await lands();
    for (const [name, subject] of [
      ['cas', 'All-hands on Monday'],
      ['dee', 'All-hands on Friday'],
    ] as const)
      night.mail.put(`${name}@contoso.example`, { ...told.mail, subject });
    const again = await night.alert({
      message: { ...told.mail, subject: 'Invoice overdue' },
      recipients: ['cas@contoso.example', 'dee@contoso.example'],
    });
    await cardsShow(again, 'that there is more', ({ canReopen }) => canReopen);
    await press(again, inTeams('omar'), 'reopen');
    await cardsShow(again, 'two groups', (view) => view.unsure.length === 2);
    return again;
  }

  it('takes as many people as the policy says for one group: a word for another says nothing about it', async () => {
    const id = await unsure();
    expect(await press(id, inSlack('dana'), 'take-in', { page: 0 })).toMatchObject(verbCounted(1, 2));
    expect(await press(id, inTeams('omar'), 'take-in', { page: 1 })).toMatchObject(verbCounted(1, 2));
    expect(await stands(id)).toBe('open');
    const [first, second] = await entries(id, 'decision.approved');
    expect([first?.detail.rule, first?.detail.reason !== second?.detail.reason]).toEqual(['verbs.takeIn', true]);
    expect(await press(id, inTeams('lena'), 'take-in', { page: 0 })).toMatchObject({ code: 'taken-in', messages: 1 });
    expect((await entries(id, 'group.taken-in'))[0]?.detail).toMatchObject({
      group: first?.detail.reason,
      approvedBy: [PEOPLE.dana.entraId, PEOPLE.lena.entraId],
    });
  });
});
