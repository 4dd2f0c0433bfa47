import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runStarted, voteCounted } from '../support/answered.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { inSlack, inTeams, MINUTE, policyWith, ruleFor, storyteller } from './telling.ts';

let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());
const { lands, press, cardsShow, entries, incident, runs, stands, votes } = storyteller(() => night);

describe('an undo has no deadline', () => {
  const rules = [ruleFor(['purge'], { approver: 1 }), ruleFor(['undo'], { approver: 2 }, { expiryMinutes: 30 })];
  async function purged() {
    await night.govern(policyWith(rules));
    const { id } = await lands();
    await press(id, inSlack('dana'), 'purge');
    await cardsShow(id, 'the undo', ({ canUndo }) => canUndo);
    return id;
  }

  it('and a vote for it counts as long as the rule gives people to decide', async () => {
    const id = await purged();
    night.clock.now += 24 * 60 * MINUTE;
    expect(await press(id, inSlack('dana'), 'undo')).toMatchObject(voteCounted(1, 2));
    night.clock.now += 30 * MINUTE;
    expect(await press(id, inTeams('omar'), 'undo')).toMatchObject(runStarted('restore', 2));
  });

  it('and not a millisecond longer', async () => {
    const id = await purged();
    await press(id, inSlack('dana'), 'undo');
    night.clock.now += 30 * MINUTE + 1;
    expect(await press(id, inTeams('omar'), 'undo')).toMatchObject(voteCounted(1, 2));
    expect(await press(id, inSlack('dana'), 'undo')).toMatchObject(runStarted('restore', 2));
  });
});

describe('an undo that could not put everything back', () => {
  it('may be asked for once more, by as many people, none of whom has said so yet', async () => {
    await night.govern(policyWith([ruleFor(['purge'], { approver: 1 }), ruleFor(['undo'], { approver: 2 })]));
    const { id, copies } = await lands();
    await press(id, inSlack('dana'), 'purge');
    await cardsShow(id, 'the undo', ({ canUndo }) => canUndo);
    const answer = { status: 'refused', why: 'denied', detail: 'no' } as const;
    const trouble = { method: 'putBack', mailbox: copies[0]?.mailbox ?? '', answer, always: true } as const;
    night.mail.trouble.push(trouble);
    await press(id, inSlack('dana'), 'undo');
    expect(await press(id, inTeams('omar'), 'undo')).toMatchObject(runStarted('restore', 2));
    await night.until('it is undone', async () => (await stands(id)) === 'restored');
    night.mail.trouble.length = 0;
    await cardsShow(id, 'another undo', ({ canUndo, status }) => canUndo && status.startsWith('Undone'));
    // The votes that started the last one bear the millisecond of its start.
    night.clock.now += 1;
    expect(await press(id, inSlack('dana'), 'undo')).toMatchObject(voteCounted(1, 2));
    expect(await press(id, inTeams('omar'), 'undo')).toMatchObject({ code: 'run-started', action: 'restore' });
  });
});

describe('an approval that is not enough yet', () => {
  it('is counted on the card and told with the plan that people compare', async () => {
    await night.govern(policyWith([ruleFor(['purge'], { approver: 2 })]));
    const { id } = await lands();
    const { planDigest } = (await incident(id)) ?? {};
    expect(await press(id, inSlack('dana'), 'purge')).toEqual({
      code: 'vote-counted',
      incident: id,
      plan: planDigest,
      counted: 1,
      needed: 2,
      over: null,
      others: { lost: [], unsure: [] },
    });
    await cardsShow(id, 'the count', ({ status }) => status.includes('1 of 2 given'));
    const counted = (await incident(id))?.revision;
    await press(id, inSlack('dana'), 'purge');
    expect((await incident(id))?.revision).toBe(counted);
  });

  it('stays alone where the other turns out to be locked out, also when it is said again', async () => {
    await night.govern(policyWith([ruleFor(['purge'], { approver: 2 })]));
    const { id } = await lands();
    await press(id, inSlack('dana'), 'purge');
    night.slackPeople.down = true;
    expect(await press(id, inTeams('omar'), 'purge')).toMatchObject({
      code: 'vote-counted',
      others: { unsure: ['Dana'] },
    });
    night.slackPeople.down = false;
    const dana = night.directory.people.get(PEOPLE.dana.entraId);
    if (dana) night.directory.people.set(dana.id, { ...dana, enabled: false });
    const before = (await incident(id))?.revision ?? 0;
    expect(await press(id, inTeams('omar'), 'purge')).toMatchObject({ code: 'repeated' });
    if (dana) night.directory.people.set(dana.id, dana);
    expect((await entries(id, 'decision.withdrawn')).map(({ outcome }) => outcome)).toEqual(['deactivated']);
    expect((await incident(id))?.revision).toBeGreaterThan(before);
    await cardsShow(id, 'one vote', ({ status }) => status.includes('1 of 2 given'));
  });

  it('of a purge does not age while people are asked', async () => {
    const flag = ruleFor(['flag'], { approver: 1 }, { expiryMinutes: 30 });
    await night.govern(policyWith([ruleFor(['purge'], { approver: 2 }, { expiryMinutes: 30 }), flag]));
    const { id } = await lands();
    await press(id, inSlack('dana'), 'purge');
    night.clock.now += 20 * MINUTE;
    await press(id, inTeams('omar'), 'flag');
    await cardsShow(id, 'the flag', ({ status }) => status.includes('flagged'));
    night.clock.now += 20 * MINUTE;
    expect(await press(id, inTeams('omar'), 'purge')).toMatchObject(runStarted('purge', 2));
    expect((await runs(id)).map(({ cause }) => cause)).toEqual(['approved', 'approved']);
  });
});

describe('why somebody approves', () => {
  it('is kept as it was said, without the blanks around it, up to a thousand characters', async () => {
    await night.govern(policyWith([ruleFor(['purge'], { approver: 2 }, { reason: true })]));
    const { id } = await lands();
    expect(await press(id, inSlack('dana'), 'purge', { reason: `  ${'x'.repeat(1_001)} ` })).toMatchObject({
      code: 'form-needed',
      problem: 'reason-too-long',
    });
    expect(await press(id, inSlack('dana'), 'purge', { reason: ' \n ' })).toMatchObject({
      code: 'form-needed',
      problem: 'reason-missing',
    });
    expect(await press(id, inSlack('dana'), 'purge', { reason: `  ${'x'.repeat(1_000)} ` })).toMatchObject(
      voteCounted(1, 2),
    );
    expect(await votes(id)).toMatchObject([{ person: PEOPLE.dana.entraId, reason: 'x'.repeat(1_000) }]);
    expect(await stands(id)).toBe('open');
  });
});
