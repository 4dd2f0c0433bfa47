import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ofType } from '../../src/core/record/ledger.ts';
import type { EntryType } from '../../src/core/record/payloads.ts';
import { type Night, PEOPLE, startNight, twoOfThree } from '../support/desk-of-the-night.ts';
import { guid, inSlack, inTeams, joins, MINUTE, policyWith, ruleFor, storyteller } from './telling.ts';

/** Where a little less or a little later would be something else. */
let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());
const { report, lands, press, say, stands, runs, plan, incident, refusals, entries, becomes, cardsShow } = storyteller(
  () => night,
);
beforeEach(async () => {
  night.clock.now += 180 * MINUTE;
  await night.govern(twoOfThree());
});
const recorded = async <T extends EntryType>(type: T) => (await night.entries()).filter(ofType(type));

describe('a containment', () => {
  const atOnce = policyWith([
    ruleFor(['contain'], { approver: 2 }, { name: 'at once', actFirst: true }),
    ruleFor(['purge', 'undo'], { approver: 2 }),
  ]);

  it('of one copy begins at once', async () => {
    await night.govern(atOnce);
    const { id } = await report(['ann']);
    await becomes(id, 'contained');
    expect(await runs(id)).toMatchObject([{ action: 'contain', mailboxes: 1 }]);
  });

  it('of no copy does not begin: there is nothing to confirm or to put back', async () => {
    await night.govern(atOnce);
    const { id } = await report([], { recipients: ['nobody@contoso.example'] });
    await cardsShow(id, 'that nothing was found', ({ digest }) => digest !== '');
    expect([await stands(id), await runs(id)]).toEqual(['open', []]);
    expect(await recorded('run.started').then((all) => all.filter((one) => one.incident === id))).toEqual([]);
  });
});

describe('the deadline', () => {
  const reasoned = { reason: 'A newsletter' };
  it.each([
    ['at it', 0],
    ['after it', MINUTE],
  ])('binds a refusal too, %s, before the timer has fired', async (_when, after) => {
    const { id } = await lands();
    night.clock.now = Date.parse((await incident(id))?.deadline ?? '') + after;
    expect(await press(id, inSlack('dana'), 'reject', reasoned)).toMatchObject({ code: 'expired' });
    expect([await stands(id), await refusals(id)]).toEqual(['open', ['expired']]);
    expect(await entries(id, 'decision.rejected')).toEqual([]);
  });

  it('lets a refusal count up to its last moment', async () => {
    const { id } = await lands();
    night.clock.now = Date.parse((await incident(id))?.deadline ?? '') - 1;
    await press(id, inSlack('dana'), 'reject', reasoned);
    expect(await refusals(id)).not.toContain('expired');
  });

  it('keeps a late “look again” from giving it more time', async () => {
    const { id } = await lands();
    night.clock.now = Date.parse((await incident(id))?.deadline ?? '') + MINUTE;
    await press(id, inSlack('dana'), 'reopen');
    expect(await entries(id, 'incident.reopened')).toEqual([]);
    expect(await stands(id)).toBe('open');
  });

  it('lets people look at the details after it', async () => {
    const { id } = await lands();
    night.clock.now = Date.parse((await incident(id))?.deadline ?? '') + MINUTE;
    expect(await press(id, inSlack('dana'), 'details')).toMatchObject({
      code: 'details',
      rows: [{ outcome: 'undecided' }, { outcome: 'undecided' }],
    });
  });
});

describe('the second look', () => {
  it('is taken with a purge and on record, and not with an undo', async () => {
    await night.govern(policyWith([ruleFor(['purge', 'undo'], { approver: 1 })]));
    const { id } = await lands();
    await press(id, inSlack('dana'), 'purge');
    await becomes(id, 'purged');
    await night.until('the look is on record', async () => (await entries(id, 'scope.checked')).length > 0);
    await press(id, inSlack('dana'), 'undo');
    await becomes(id, 'restored');
    const looks = await entries(id, 'scope.checked');
    const [purge, undo] = await runs(id);
    expect(looks.map(({ detail }) => detail.run)).toEqual([purge?.id]);
    expect([purge?.rescopedAt, undo?.rescopedAt]).toEqual([expect.any(String), null]);
    // Both mailboxes hold copies: the purge itself searched them.
    expect(looks[0]?.detail).toMatchObject({ grown: 0, shielded: 0, looked: 0 });
  });
});

describe('the second look of a containment', () => {
  it('is not taken: its list was made a moment ago', async () => {
    await night.govern(
      policyWith([ruleFor(['contain'], { approver: 2 }, { actFirst: true }), ruleFor(['purge'], { approver: 2 })]),
    );
    const { id } = await report(['ann']);
    await becomes(id, 'contained');
    expect(await entries(id, 'scope.checked')).toEqual([]);
  });
});

describe('people who hold a role by a group', () => {
  const group = guid(830);
  const asking = (count: number) =>
    night.govern(policyWith([ruleFor(['purge'], { desk: count })], { roles: { desk: { entraGroups: [group] } } }));

  it('are enough for a rule that asks for so many', async () => {
    night.directory.groups.set(group, [PEOPLE.omar.entraId, PEOPLE.lena.entraId]);
    await asking(2);
    const { id } = await lands();
    expect((await plan(id)).tooFew).not.toContain('purge');
  });

  it('are too few for a rule that asks for more', async () => {
    night.directory.groups.set(group, [PEOPLE.omar.entraId, PEOPLE.lena.entraId]);
    await asking(3);
    const { id } = await lands();
    expect((await plan(id)).tooFew).toContain('purge');
  });
});

describe('whom the record names', () => {
  it('for a lifted stop: those whose votes lifted it, and nobody else', async () => {
    joins(night, 840);
    joins(night, 841);
    joins(night, 842);
    await night.govern(
      policyWith([ruleFor(['purge'], { approver: 2 })], {
        roles: { analyst: { people: [guid(840), guid(841)] }, lead: { people: [guid(842)] } },
        stop: {
          lift: [
            { role: 'analyst', count: 1 },
            { role: 'lead', count: 1 },
          ],
        },
      }),
    );
    await say(inSlack('dana'), 'stop');
    for (const n of [840, 841, 842]) await say(joins(night, n), 'lift');
    expect((await recorded('brake.lifted')).at(-1)?.detail.people).toEqual(['Person 840', 'Person 842']);
  });

  it('for a flagged mailbox: the person by name, beside the id', async () => {
    const { id } = await lands(['ann']);
    await press(id, inTeams('omar'), 'flag');
    await becomes(id, 'flagged');
    expect((await entries(id, 'mailbox.flagged'))[0]?.actor).toEqual({
      kind: 'person',
      id: PEOPLE.omar.entraId,
      name: 'Omar',
    });
  });
});
