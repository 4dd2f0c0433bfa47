import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runStarted, voteCounted } from '../support/answered.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { inSlack, inTeams, MINUTE, policyWith, ruleFor, storyteller } from './telling.ts';

/** How much may be done in an hour. Every story begins hours after the one before. */
let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());
const { lands, press, stands, votes, runs, entries, becomes, card } = storyteller(() => night);

beforeEach(() => {
  night.clock.now += 180 * MINUTE;
});

const rules = [ruleFor(['purge', 'undo'], { approver: 1 })];
const capped = (caps: object) => night.govern(policyWith(rules, { caps }));

async function purged(names?: readonly string[]): Promise<string> {
  const { id } = await lands(names);
  expect(await press(id, inSlack('dana'), 'purge')).toMatchObject({ code: 'run-started', action: 'purge' });
  await becomes(id, 'purged');
  return id;
}

describe('caps of the tenant', () => {
  it('over the mailboxes of an hour it takes one person more', async () => {
    await capped({ tenant: { mailboxesPerHour: 3 } });
    await purged(['ann', 'bob']);
    const { id } = await lands(['ann', 'bob']);
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject({
      code: 'vote-counted',
      over: 'the tenant’s cap of 3 mailboxes an hour',
    });
    expect(await stands(id)).toBe('open');
    expect(await press(id, inTeams('omar'), 'purge')).toMatchObject(runStarted('purge', 2));
  });

  it('one plan that is over the cap by itself takes one person more', async () => {
    await capped({ tenant: { mailboxesPerHour: 1 } });
    const { id } = await lands(['ann', 'bob']);
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject(voteCounted(1, 2));
  });

  it('up to the cap, exactly, nothing more is needed', async () => {
    await capped({ tenant: { mailboxesPerHour: 4 } });
    await purged(['ann', 'bob']);
    await purged(['ann', 'bob']);
  });

  it('over the plans of an hour as well', async () => {
    await capped({ tenant: { plansPerHour: 1 } });
    await purged();
    const { id } = await lands();
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject({
      code: 'vote-counted',
      over: 'the tenant’s cap of 1 plan an hour',
    });
  });

  it('after the hour it is free again', async () => {
    await capped({ tenant: { plansPerHour: 1 } });
    await purged();
    night.clock.now += 61 * MINUTE;
    await purged();
  });

  it('the card says that more people are needed, and why', async () => {
    await capped({ tenant: { plansPerHour: 1 } });
    await purged();
    const { id } = await lands();
    expect(card(id)?.needs).toContain('Over the tenant’s cap of 1 plan an hour: more people are needed');
    expect(card(id)?.status).toContain('0 of 2 given');
  });

  it('the run’s entry says that it went over the cap', async () => {
    await capped({ tenant: { plansPerHour: 1 } });
    await purged();
    const { id } = await lands();
    await press(id, inSlack('dana'), 'purge');
    await press(id, inTeams('omar'), 'purge');
    expect((await entries(id, 'run.started'))[0]?.detail).toMatchObject({
      over: 'the tenant’s cap of 1 plan an hour',
      approvedBy: [PEOPLE.dana.entraId, PEOPLE.omar.entraId],
    });
  });
});

describe('who fills the seat more', () => {
  it('the role that the policy names, and nobody else', async () => {
    await night.govern(
      policyWith(rules, {
        caps: { tenant: { plansPerHour: 1 }, override: [{ role: 'lead', count: 1 }] },
        roles: { lead: { people: [PEOPLE.lena.entraId] } },
      }),
    );
    await purged();
    const { id } = await lands();
    await press(id, inSlack('dana'), 'purge');
    expect(await press(id, inTeams('omar'), 'purge')).toMatchObject({ code: 'vote-recorded' });
    expect(await press(id, inTeams('lena'), 'purge')).toMatchObject({ code: 'run-started', action: 'purge' });
  });

  it('not somebody who sits already', async () => {
    await capped({ tenant: { plansPerHour: 1 } });
    await purged();
    const { id } = await lands();
    await press(id, inSlack('dana'), 'purge');
    expect(await press(id, inTeams('dana'), 'purge')).toMatchObject({ code: 'repeated' });
    expect(await stands(id)).toBe('open');
  });

  it('an approval that waited for it is enough once the hour is over, and is pressed again', async () => {
    await night.govern(
      policyWith([ruleFor(['purge'], { approver: 1 }, { expiryMinutes: 300 })], {
        caps: { tenant: { plansPerHour: 1 } },
      }),
    );
    await purged();
    const { id } = await lands();
    await press(id, inSlack('dana'), 'purge');
    night.clock.now += 61 * MINUTE;
    expect(await stands(id)).toBe('open');
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject({ code: 'run-started', action: 'purge' });
    expect(await votes(id)).toHaveLength(1);
  });
});

describe('caps of one analyst', () => {
  it('bind the person, not the others', async () => {
    await capped({ analyst: { plansPerHour: 1 } });
    await purged();
    const mine = await lands();
    expect(await press(mine.id, inSlack('dana'), 'purge')).toMatchObject({
      code: 'vote-counted',
      over: 'one person’s cap of 1 plan an hour',
    });
    const other = await lands();
    expect(await press(other.id, inTeams('omar'), 'purge')).toMatchObject({ code: 'run-started', action: 'purge' });
  });

  it('count over both chats', async () => {
    await capped({ analyst: { mailboxesPerHour: 3 } });
    await purged(['ann', 'bob']);
    const { id } = await lands(['ann', 'bob']);
    expect(await press(id, inTeams('dana'), 'purge')).toMatchObject({
      code: 'vote-counted',
      over: 'one person’s cap of 3 mailboxes an hour',
    });
  });
});

describe('an undo', () => {
  it('is never over a cap', async () => {
    await capped({ tenant: { plansPerHour: 1 }, analyst: { plansPerHour: 1 } });
    const id = await purged();
    await night.until('undo is offered', () => card(id)?.canUndo === true);
    expect(await press(id, inSlack('dana'), 'undo')).toMatchObject(runStarted('restore', 2));
  });

  it('does not count towards one', async () => {
    await capped({ tenant: { plansPerHour: 2 } });
    const id = await purged();
    await night.until('undo is offered', () => card(id)?.canUndo === true);
    await press(id, inSlack('dana'), 'undo');
    await becomes(id, 'restored');
    await purged();
  });
});

it('two incidents that are completed at the same moment do not both pass under the cap', async () => {
  await capped({ tenant: { plansPerHour: 1 } });
  const told = [await lands(), await lands(), await lands(), await lands()];
  await Promise.all(told.map(({ id }, n) => press(id, n % 2 ? inTeams('omar') : inSlack('dana'), 'purge')));
  const started = await Promise.all(told.map(async ({ id }) => (await runs(id)).length));
  expect(started.reduce((sum, n) => sum + n, 0)).toBe(1);
});
