import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweep } from '../../src/flow/sweep.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { intruder, POLICY } from './intruder.ts';
import { inSlack, inTeams, storyteller } from './telling.ts';

/** Somebody has written into a document so that it cannot be read any more: its incident is marked, and no other is held up. */

let night: Night;
const { press, runs, entries, stands } = storyteller(() => night);
const { open, draw, carryOut, approve, expectNothingRan } = intruder(() => night);
beforeAll(async () => {
  night = await startNight({ workers: false, intruded: true, policy: POLICY });
});
afterAll(() => night.close());

describe('a document that cannot be read', () => {
  it.each([
    ['alert', '{'],
    ['state', 'undecided'],
    ['alert', '{"id":"x"}'],
    ['askers', '[{"entraId":1}]'],
    ['taken_in', 'null'],
    ['elsewhere', '[{"incident":"CB-0001"}]'],
  ])('of an incident (%s: %s) lets nobody decide, and nobody else wait', async (column, text) => {
    const { id } = await open();
    const other = await open();
    await night.intrude(`update incident set ${column} = $2, revision = revision + 1 where id = $1`, id, text);
    await draw(id);
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject({ code: 'tampered' });
    await expectNothingRan(id, 'cannot be read');
    expect(await press(other.id, inSlack('dana'), 'purge')).toMatchObject({ code: 'vote-counted' });
    await sweep(night.flow, 'later');
    expect(await entries(id, 'integrity.broken')).toMatchObject([
      { detail: { what: expect.stringMatching(new RegExp(`^the stored .* of ${id} .* cannot be read`)) } },
    ]);
  });

  it.each([
    ['roles', '["approver"'],
    ['addresses', '{}'],
    ['sign_in', '{"context":7}'],
  ])('of a vote (%s: %s) does not count', async (column, text) => {
    const { id } = await open();
    await press(id, inSlack('dana'), 'purge');
    await night.intrude(`update decision set ${column} = $2 where incident = $1`, id, text);
    expect(await press(id, inTeams('omar'), 'purge')).toMatchObject({ code: 'tampered' });
    await expectNothingRan(id, 'cannot be read');
  });

  it('of a run removes nothing', async () => {
    const { id } = await open();
    await approve(id);
    await night.intrude(`update run set approved_by = 'nobody' where incident = $1`, id);
    await carryOut(id);
    await expectNothingRan(id, 'cannot be read');
  });

  it('of a copy that is to be put back puts nothing back', async () => {
    const { id } = await open();
    await approve(id);
    await carryOut(id);
    expect(await stands(id)).toBe('purged');
    await draw(id);
    await press(id, inSlack('dana'), 'undo');
    await press(id, inTeams('omar'), 'undo');
    night.mail.effects.length = 0;
    const undo = (await runs(id)).at(-1);
    await night.intrude(`update work_item set before = '{"place":"inbox"}' where run = $1`, undo?.id);
    await carryOut(id);
    await expectNothingRan(id, 'cannot be read');
  });

  it('of a policy lets nobody decide under it', async () => {
    const { id } = await open();
    const { digest } = night.flow.policy();
    const [row] = await night.intrude('select body from policy_version where digest = $1', digest);
    await night.intrude(`update policy_version set body = '[]' where digest = $1`, digest);
    try {
      expect(await press(id, inSlack('dana'), 'purge')).toMatchObject({ code: 'tampered' });
    } finally {
      await night.intrude('update policy_version set body = $2 where digest = $1', digest, row?.['body']);
    }
    await expectNothingRan(id, 'the stored policy of');
  });

  it('of a card is posted anew', async () => {
    const { id } = await open();
    await night.intrude(`update card set ref = '{"channel":1}', due = true where incident = $1`, id);
    const before = night.slack.cards.filter(({ view }) => view.incident === id).length;
    await night.intrude('update incident set revision = revision + 1 where id = $1', id);
    await draw(id);
    expect(night.slack.cards.filter(({ view }) => view.incident === id)).toHaveLength(before + 1);
  });
});
