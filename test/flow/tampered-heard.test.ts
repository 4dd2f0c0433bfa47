import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { intruder, POLICY } from './intruder.ts';
import { inSlack, inTeams, storyteller } from './telling.ts';

/** What alerts said and people took in, changed in the database: where is looked and who must not decide rests on it. */

let night: Night;
const { report, press, stands, entries, incident } = storyteller(() => night);
const { open, draw, carryOut, approve, expectNothingRan } = intruder(() => night);
const DIFFERS = 'what alerts said, who asked for it or what was taken in';
beforeAll(async () => {
  night = await startNight({ workers: false, intruded: true, policy: POLICY });
});
afterAll(() => night.close());
afterEach(() => {
  night.mail.effects.length = 0;
});

const reportedBy = { reporter: { entraId: PEOPLE.omar.entraId } };

describe('what was heard and was changed', () => {
  it.each([
    ['who reported it', `update incident set askers = '[]' where id = $1`],
    [
      'whom it reached',
      `update incident set alert = replace(alert, '"received":[', '"received":["x@y.example",') where id = $1`,
    ],
    ['which groups were taken in', `update incident set taken_in = '["some group"]' where id = $1`],
  ])('%s: nobody decides', async (_what, statement) => {
    const { id } = await open(reportedBy);
    await night.intrude(statement, id);
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject({ code: 'tampered' });
    await expectNothingRan(id, DIFFERS);
    expect((await night.audit()).differences.filter((line) => line.includes(id)).join(' ')).toContain(DIFFERS);
  });

  it('before a list was made: none is made', async () => {
    const { id } = await report();
    await night.intrude(`update incident set askers = '[{"entraId":null,"address":"x@y.example"}]' where id = $1`, id);
    await night.run({ queue: 'scope', incident: id });
    expect(await entries(id, 'plan.made')).toEqual([]);
    expect((await incident(id))?.breach).toContain(DIFFERS);
  });

  it('after it was approved: the run touches nothing', async () => {
    const { id } = await open();
    await approve(id);
    await night.intrude(`update incident set taken_in = '["some group"]' where id = $1`, id);
    await expectNothingRan(id, DIFFERS);
  });

  it('is not put in order by the next alert', async () => {
    const { id, mail } = await open(reportedBy);
    await night.intrude(`update incident set askers = '[]' where id = $1`, id);
    await night.alert({
      id: 'again',
      message: { ...mail, subject: 'Invoice overdue' },
      recipients: ['cas@contoso.example'],
    });
    await draw(id);
    expect(await press(id, inTeams('lena'), 'purge')).toMatchObject({ code: 'tampered' });
    await expectNothingRan(id, DIFFERS);
  });
});

describe('what was heard honestly', () => {
  it('more than once, still lets people decide', async () => {
    const { id, mail } = await open(reportedBy);
    await night.alert({
      id: 'more',
      message: { ...mail, subject: 'Invoice overdue' },
      recipients: ['zoe@contoso.example'],
    });
    await draw(id);
    await approve(id);
    await press(id, inTeams('lena'), 'purge');
    await carryOut(id);
    expect([await stands(id), (await incident(id))?.breach]).toEqual(['purged', null]);
  });
});
