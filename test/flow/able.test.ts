import { beforeEach, describe, expect, it } from 'vitest';
import { Policy } from '../../src/core/ask/policy.ts';
import type { Ability } from '../../src/ports/ability.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { ANN, DANA, looking } from './looking.ts';

/** What a service does not do where the tenant is, is in no plan's offer, whatever the policy allows. */

const NO: Ability = { no: 'Microsoft 365 (China) has no way to delete a mail for good' };

let world: World;
const { cardOf, land, planOf, reported, entries, incident } = looking(() => world);
beforeEach(async () => {
  world = createWorld();
  await world.govern(POLICIES[2] as (typeof POLICIES)[number]);
  land(ANN);
});

function unable(what: keyof World['mail']['can']) {
  Object.assign(world.mail, { can: { ...world.mail.can, [what]: NO } });
}

const termsIn = async (id: string) => {
  const { terms } = (await planOf(id)) ?? {};
  return Object.entries(terms ?? {}).flatMap(([action, { is }]) => (is === 'refused' ? action : []));
};

describe('deleting for good, where the service has none', () => {
  it('is refused in the plan, in words, and the purge is offered as ever', async () => {
    unable('hardDelete');
    const id = await reported();
    expect((await planOf(id))?.terms['hard-purge']).toEqual({ is: 'refused', rule: null, why: NO.no });
    expect(cardOf(id)).toMatchObject({ canPurge: true, canHardPurge: false });
    const terms = `refused: ${NO.no}`;
    expect(entries(id, 'plan.made')[0]?.detail.rules).toContainEqual({ action: 'hard-purge', rule: null, terms });
  });

  it('cannot be had by a forged press either', async () => {
    unable('hardDelete');
    const id = await reported();
    await world.press(DANA, 'slack', 'hard-purge', id);
    await world.settle();
    expect([(await incident(id))?.stands, world.mail.effects]).toEqual(['open', []]);
  });

  it('is offered where there is, under the same policy', async () => {
    expect(cardOf(await reported())?.canHardPurge).toBe(true);
  });
});

/** The policy of these stories has no rule for a move to Junk, nor for a containment or a release. */
describe.each([
  ['softDelete', ['purge', 'junk', 'contain', 'release']],
  ['mark', ['junk', 'flag', 'contain', 'release']],
  ['putBack', ['junk', 'contain', 'release', 'restore']],
  ['locate', ['purge', 'hard-purge', 'junk', 'flag', 'contain', 'release', 'restore']],
  ['read', ['purge', 'hard-purge', 'junk', 'flag', 'contain', 'release', 'restore']],
] as const)('a service without %s', (what, refused) => {
  it(`refuses ${refused.join(', ')}`, async () => {
    unable(what);
    expect(await termsIn(await reported())).toEqual(refused);
  });
});

describe('a move to Junk, which the policy has a rule for', () => {
  const rules = [{ name: 'junk', when: { action: ['junk'] }, approve: [{ role: 'approver', count: 1 }] }];

  it.each([true, false])('is offered where the service has it (%s)', async (isThere) => {
    await world.govern(Policy.parse({ version: 1, rules }));
    if (!isThere) unable('toJunk');
    expect(cardOf(await reported())?.actions.some(({ id }) => id === 'junk')).toBe(isThere);
  });
});
