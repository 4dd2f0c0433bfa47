import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ofType } from '../../src/core/record/ledger.ts';
import { runStarted, voteCounted } from '../support/answered.ts';
import { type Night, PEOPLE, startNight, twoOfThree } from '../support/desk-of-the-night.ts';
import { guid, inSlack, inTeams, joins, MINUTE, policyWith, ruleFor, storyteller } from './telling.ts';

/** What a posted plan promises, and what a changed policy.yaml does to it: nothing. */
let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());
const { lands, press, stands, votes, runs, plan, incident, refusals, entries, card } = storyteller(() => night);

describe('a policy that changes while a plan is open', () => {
  it('the posted plan keeps its seats, a new one gets the new ones', async () => {
    await night.govern(twoOfThree());
    const old = await lands();
    await night.govern(policyWith([ruleFor(['purge'], { approver: 1 })]));
    const young = await lands();
    expect(await press(old.id, inSlack('dana'), 'purge')).toMatchObject(voteCounted(1, 2));
    expect(await press(young.id, inSlack('dana'), 'purge')).toMatchObject({ code: 'run-started', action: 'purge' });
  });

  it('the posted plan keeps its roles', async () => {
    await night.govern(policyWith([ruleFor(['purge'], { desk: 1 })], { roles: { desk: { people: [guid(1)] } } }));
    const { id } = await lands();
    await night.govern(policyWith([ruleFor(['purge'], { desk: 1 })], { roles: { desk: { people: [guid(2)] } } }));
    await press(id, joins(night, 2), 'purge');
    expect(await refusals(id)).toEqual(['unknown-person']);
    expect(await press(id, joins(night, 1), 'purge')).toMatchObject({ code: 'run-started', action: 'purge' });
  });

  it('the posted plan keeps its expiry', async () => {
    await night.govern(policyWith([ruleFor(['purge'], { approver: 2 }, { expiryMinutes: 30 })]));
    const { id } = await lands();
    await night.govern(policyWith([ruleFor(['purge'], { approver: 2 }, { expiryMinutes: 600 })]));
    night.clock.now += 31 * MINUTE;
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject({ code: 'expired' });
    await night.run({ queue: 'expire', incident: id });
    expect(await stands(id)).toBe('expired');
  });

  it('a plan that is made anew is made under the new one', async () => {
    await night.govern(twoOfThree());
    const { id } = await lands();
    const before = await plan(id);
    await night.govern(policyWith([ruleFor(['purge'], { approver: 3 })]));
    night.clock.now += 61 * MINUTE;
    await night.run({ queue: 'expire', incident: id });
    await press(id, inSlack('dana'), 'reopen');
    await night.until('it asks again', async () => (await stands(id)) === 'open');
    expect((await plan(id)).terms.purge).toMatchObject({ seats: [{ role: 'approver', count: 3 }] });
    expect((await plan(id)).policy).not.toBe(before.policy);
  });

  it('the record tells what has changed, once', async () => {
    await night.govern(twoOfThree());
    const before = (await night.entries()).length;
    const next = policyWith([
      ruleFor(['purge', 'undo'], { approver: 3 }, { name: 'purge' }),
      ruleFor(['flag'], { approver: 1 }),
    ]);
    await night.govern(next);
    await night.govern(next);
    const fresh = (await night.entries()).slice(before);
    expect(fresh.map(({ type }) => type)).toEqual(['policy.adopted']);
    const [adopted] = fresh.filter(ofType('policy.adopted'));
    expect(adopted?.detail.diff).toContain('rules.0.approve.0.count: 2 -> 3');
    expect(adopted?.detail.before).not.toBe(adopted?.detail.policy);
  });
});

it('the record tells as much of a large change as it has room for, and no empty lines', async () => {
  await night.govern(policyWith([ruleFor(['purge'], { approver: 1 })]));
  const rules = Array.from({ length: 90 }, (_none, n) =>
    ruleFor(['flag'], { approver: 1 }, { name: `rule ${n} ${'x'.repeat(60)}` }),
  );
  await night.govern(policyWith(rules));
  const diff = (await night.entries()).filter(ofType('policy.adopted')).at(-1)?.detail.diff ?? [];
  expect(diff.join('').length).toBe(4_000);
  expect(diff.filter((line) => line === '')).toEqual([]);
});

describe('what the policy refuses', () => {
  it('has no button, tells why and is recorded', async () => {
    await night.govern(
      policyWith([
        { name: 'never flag', when: { action: ['flag'] }, refuse: 'flags confuse our people' },
        ruleFor(['purge'], { approver: 2 }),
      ]),
    );
    const { id } = await lands();
    expect(card(id)).toMatchObject({ canPurge: true, canFlag: false });
    expect(await press(id, inSlack('dana'), 'flag')).toMatchObject({
      code: 'policy',
      why: expect.stringContaining('flags confuse our people'),
    });
    expect((await entries(id, 'press.refused'))[0]).toMatchObject({ outcome: 'policy', detail: { verb: 'flag' } });
  });

  it('what no rule speaks about is refused', async () => {
    await night.govern(policyWith([ruleFor(['purge'], { approver: 1 }, { when: { mailboxes: { atMost: 1 } } })]));
    const { id } = await lands(['ann', 'bob']);
    expect(card(id)).toMatchObject({ canPurge: false, canHardPurge: false, canFlag: false });
    expect(card(id)?.status).toContain('The policy allows nothing here');
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject({
      code: 'policy',
      why: 'no rule of the policy allows purge here',
    });
    expect(await votes(id)).toEqual([]);
  });

  it('a plan for which nothing is allowed does not stay open for ever', async () => {
    await night.govern(policyWith([{ name: 'no', when: { action: ['purge'] }, refuse: 'not tonight' }]));
    const { id } = await lands();
    night.clock.now += 61 * MINUTE;
    await night.run({ queue: 'expire', incident: id });
    expect(await stands(id)).toBe('expired');
  });

  it('an undo that the policy does not name is not offered', async () => {
    await night.govern(policyWith([ruleFor(['purge'], { approver: 1 })]));
    const { id } = await lands();
    await press(id, inSlack('dana'), 'purge');
    await night.until('it is purged', () => card(id)?.status.startsWith('Purged') === true);
    expect(card(id)?.canUndo).toBe(false);
    expect(await press(id, inSlack('dana'), 'undo')).toMatchObject({ code: 'policy' });
  });
});

it('an approval that needs a fresh sign-in counts nowhere while no sign-in page is set up', async () => {
  await night.govern(policyWith([ruleFor(['purge'], { approver: 1 }, { stepUp: 'c1' })]));
  const { id } = await lands();
  expect(await press(id, inSlack('dana'), 'purge')).toMatchObject({ code: 'no-sign-in' });
  expect(await refusals(id)).toEqual(['no-sign-in']);
  expect(await votes(id)).toEqual([]);
});

describe('an approval that has to say why', () => {
  const why = () => night.govern(policyWith([ruleFor(['purge'], { approver: 2 }, { reason: true })]));

  it('is asked for the reason, and counts with it', async () => {
    await why();
    const { id } = await lands();
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject({ code: 'form-needed', problem: null });
    expect(await press(id, inSlack('dana'), 'purge', { reason: '  ' })).toMatchObject({
      code: 'form-needed',
      problem: 'reason-missing',
    });
    expect(await press(id, inSlack('dana'), 'purge', { reason: 'x'.repeat(1_001) })).toMatchObject({
      code: 'form-needed',
      problem: 'reason-too-long',
    });
    expect(await votes(id)).toEqual([]);
    expect(await press(id, inSlack('dana'), 'purge', { reason: ' Fabrikam confirmed it ' })).toMatchObject(
      voteCounted(1, 2),
    );
    expect((await votes(id)).map(({ reason }) => reason)).toEqual(['Fabrikam confirmed it']);
  });

  it('somebody who may not decide is not asked for one', async () => {
    await why();
    const { id } = await lands(['ann'], { reporter: { entraId: PEOPLE.dana.entraId } });
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject({ code: 'requester' });
  });

  it('the reason is in the record', async () => {
    await why();
    const { id } = await lands();
    await press(id, inSlack('dana'), 'purge', { reason: 'Fabrikam confirmed it' });
    expect((await entries(id, 'decision.approved'))[0]?.detail.reason).toBe('Fabrikam confirmed it');
  });
});

describe('each action has an expiry of its own', () => {
  const ownTimes = () =>
    night.govern(
      policyWith([
        ruleFor(['flag'], { approver: 1 }, { expiryMinutes: 15 }),
        ruleFor(['purge'], { approver: 1 }, { expiryMinutes: 90 }),
      ]),
    );

  it('one is over while the other is still open', async () => {
    await ownTimes();
    const { id } = await lands();
    night.clock.now += 16 * MINUTE;
    expect(await press(id, inSlack('dana'), 'flag')).toMatchObject({ code: 'expired' });
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject({ code: 'run-started', action: 'purge' });
  });

  it('the incident stays open until the last of them', async () => {
    await ownTimes();
    const { id } = await lands();
    night.clock.now += 60 * MINUTE;
    await night.run({ queue: 'expire', incident: id });
    expect(await stands(id)).toBe('open');
    night.clock.now += 31 * MINUTE;
    await night.run({ queue: 'expire', incident: id });
    expect(await stands(id)).toBe('expired');
  });

  it('votes for an undo age as the rule for it says', async () => {
    await night.govern(
      policyWith([ruleFor(['purge'], { approver: 1 }), ruleFor(['undo'], { approver: 2 }, { expiryMinutes: 10 })]),
    );
    const { id } = await lands();
    await press(id, inSlack('dana'), 'purge');
    await night.until('undo is offered', () => card(id)?.canUndo === true);
    await press(id, inSlack('dana'), 'undo');
    night.clock.now += 11 * MINUTE;
    expect(await press(id, inTeams('omar'), 'undo')).toMatchObject(voteCounted(1, 2));
    expect(await press(id, inSlack('dana'), 'undo')).toMatchObject(runStarted('restore', 2));
    expect((await runs(id)).map(({ action }) => action)).toEqual(['purge', 'restore']);
    expect(await incident(id)).toMatchObject({ planDigest: card(id)?.digest });
  });
});
