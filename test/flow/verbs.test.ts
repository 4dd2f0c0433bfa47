import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { notAsked, verbCounted, voteCounted } from '../support/answered.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { guid, inSlack, inTeams, joins, MINUTE, policyWith, ruleFor, storyteller } from './telling.ts';

/** Verbs move a case without touching a mail: who may say them stands in the policy, like everything else. */
let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());
const { lands, press, stands, runs, votes, incident, refusals, entries, cardsShow, card } = storyteller(() => night);

const rules = [ruleFor(['purge', 'undo'], { approver: 2 }), ruleFor(['flag'], { approver: 1 })];
const roles = { lead: { people: [guid(40)] }, reader: { people: [guid(41)] } };
const lead = () => joins(night, 40);
const reader = () => joins(night, 41);
const reason = 'A newsletter we asked for';

beforeEach(async () => {
  night.clock.now += 120 * MINUTE;
  night.teamsPeople.down = false;
  for (const { entraId } of Object.values(PEOPLE)) {
    const known = night.directory.people.get(entraId);
    if (known) night.directory.people.set(entraId, { ...known, enabled: true });
  }
});

const govern = (verbs: object = {}) => night.govern(policyWith(rules, { roles, verbs }));

describe('calling it not malicious', () => {
  it('takes one approver where the policy says nothing else', async () => {
    await govern();
    const { id } = await lands();
    expect(await press(id, inTeams('omar'), 'reject', { reason })).toMatchObject({ code: 'rejected' });
    expect((await entries(id, 'decision.rejected'))[0]?.detail).toMatchObject({
      reason,
      seats: [{ role: 'approver', count: 1 }],
      approvedBy: [PEOPLE.omar.entraId],
    });
  });

  it('is not for somebody whose role nobody asks for, and no reason is asked of them', async () => {
    await govern();
    const { id } = await lands();
    expect(await press(id, reader(), 'reject')).toMatchObject(notAsked('approver'));
    expect(await refusals(id)).toEqual(['not-asked']);
    expect(await stands(id)).toBe('open');
  });

  it('by as many people as the policy says: each once, and the card counts them', async () => {
    await govern({ reject: [{ role: 'approver', count: 2 }] });
    const { id } = await lands();
    expect(await press(id, inSlack('dana'), 'reject', { reason })).toMatchObject(verbCounted(1, 2));
    expect(await press(id, inTeams('dana'), 'reject', { reason })).toMatchObject({ code: 'repeated' });
    await cardsShow(id, 'the count', ({ status }) => status.includes('Called not malicious by 1 of 2.'));
    expect(card(id)?.decisions.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^Dana called it not malicious in Slack/),
    ]);
    expect(await press(id, inTeams('omar'), 'reject', { reason })).toMatchObject({ code: 'rejected' });
    expect(await incident(id)).toMatchObject({ stands: 'rejected', closedBy: 'Dana, Omar' });
  });

  it('does not count as the approval of anything else', async () => {
    await govern({ reject: [{ role: 'approver', count: 2 }] });
    const { id } = await lands();
    await press(id, inSlack('dana'), 'reject', { reason });
    expect(await press(id, inTeams('omar'), 'purge')).toMatchObject(voteCounted(1, 2));
    expect(await runs(id)).toEqual([]);
  });

  it('whoever was locked out since does not count any more, and card and answer say the same', async () => {
    await govern({ reject: [{ role: 'approver', count: 2 }] });
    const { id } = await lands();
    await press(id, inSlack('dana'), 'reject', { reason });
    const dana = night.directory.people.get(PEOPLE.dana.entraId);
    if (dana) night.directory.people.set(dana.id, { ...dana, enabled: false });
    const said = await press(id, inTeams('omar'), 'reject', { reason });
    expect(said).toMatchObject({
      code: 'verb-counted',
      counted: 1,
      needed: 2,
      others: { lost: [{ name: 'Dana', why: 'deactivated' }], unsure: [] },
    });
    await cardsShow(id, 'the same', ({ status }) => status.includes('Called not malicious by 1 of 2.'));
    expect((await votes(id)).map(({ person }) => person)).toEqual([PEOPLE.omar.entraId]);
  });

  it('what was said of the list before another look does not count after it', async () => {
    await govern({ reject: [{ role: 'approver', count: 2 }] });
    const { id } = await lands();
    await press(id, inSlack('dana'), 'reject', { reason });
    night.clock.now += 61 * MINUTE;
    await night.run({ queue: 'expire', incident: id });
    await cardsShow(id, 'that nobody decided', ({ canReopen }) => canReopen);
    await press(id, inTeams('lena'), 'reopen');
    expect(await votes(id)).toEqual([]);
    expect((await entries(id, 'decision.withdrawn')).map(({ outcome }) => outcome)).toEqual(['reopened']);
  });

  it('is decided under the policy that the plan was made under', async () => {
    await govern({ reject: [{ role: 'lead', count: 1 }] });
    const { id } = await lands();
    await govern();
    expect(await press(id, inTeams('omar'), 'reject', { reason })).toMatchObject(notAsked('lead'));
    expect(await press(id, lead(), 'reject', { reason })).toMatchObject({ code: 'rejected' });
  });
});

describe('looking again', () => {
  it('takes whom the policy names', async () => {
    await govern({ reopen: [{ role: 'lead', count: 1 }] });
    const { id } = await lands([], { recipients: ['ann@contoso.example'] });
    expect(await press(id, inTeams('omar'), 'reopen')).toMatchObject(notAsked('lead'));
    expect(await press(id, lead(), 'reopen')).toMatchObject({ code: 'reopened' });
  });

  it('takes several where the policy says so, and the word that was enough is spent', async () => {
    await govern({ reopen: [{ role: 'approver', count: 2 }] });
    const { id } = await lands([], { recipients: ['ann@contoso.example'] });
    expect(await press(id, inSlack('dana'), 'reopen')).toMatchObject(verbCounted(1, 2));
    expect(await press(id, inTeams('omar'), 'reopen')).toMatchObject({ code: 'reopened' });
    expect(await votes(id)).toEqual([]);
    expect((await entries(id, 'incident.reopened'))[0]?.detail).toMatchObject({
      approvedBy: [PEOPLE.dana.entraId, PEOPLE.omar.entraId],
    });
  });
});

describe('what the card does not show', () => {
  it('is not accepted: a made-up “look again” leaves the votes of an open incident alone', async () => {
    await govern();
    const { id } = await lands();
    await press(id, inSlack('dana'), 'purge');
    const plan = (await incident(id))?.planDigest;
    expect(card(id)?.canReopen).toBe(false);
    expect(await press(id, inTeams('omar'), 'reopen')).toMatchObject({ code: 'not-shown' });
    expect(await refusals(id)).toEqual(['not-shown']);
    expect([await stands(id), (await incident(id))?.planDigest, (await votes(id)).length]).toEqual(['open', plan, 1]);
  });

  it('nothing can be cancelled that is not under way', async () => {
    await govern();
    const { id } = await lands();
    await press(id, inSlack('dana'), 'cancel');
    expect(await refusals(id)).toEqual(['too-late']);
  });
});
