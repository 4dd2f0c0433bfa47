import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { inSlack, inTeams, MINUTE, policyWith, ruleFor, storyteller } from './telling.ts';

let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());
const { lands, press, cardsShow, state, votes } = storyteller(() => night);

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
    expect(await press(id, inSlack('dana'), 'undo')).toContain('1 of 2');
    night.clock.now += 30 * MINUTE;
    expect(await press(id, inTeams('omar'), 'undo')).toContain('Restoring 2 copies');
  });

  it('and not a millisecond longer', async () => {
    const id = await purged();
    await press(id, inSlack('dana'), 'undo');
    night.clock.now += 30 * MINUTE + 1;
    expect(await press(id, inTeams('omar'), 'undo')).toContain('1 of 2');
    expect(await press(id, inSlack('dana'), 'undo')).toContain('Restoring 2 copies');
  });
});

describe('why somebody approves', () => {
  it('is kept as it was said, without the blanks around it, up to a thousand characters', async () => {
    await night.govern(policyWith([ruleFor(['purge'], { approver: 2 }, { reason: true })]));
    const { id } = await lands();
    expect(await press(id, inSlack('dana'), 'purge', { reason: `  ${'x'.repeat(1_001)} ` })).toContain('at most 1000');
    expect(await press(id, inSlack('dana'), 'purge', { reason: ' \n ' })).toContain('Please say why');
    expect(await press(id, inSlack('dana'), 'purge', { reason: `  ${'x'.repeat(1_000)} ` })).toContain('1 of 2');
    expect(await votes(id)).toMatchObject([{ person: PEOPLE.dana.entraId, reason: 'x'.repeat(1_000) }]);
    expect(await state(id)).toBe('open');
  });
});
