import { describe, expect, it } from 'vitest';
import { automationTrouble, listAutomation } from '../../src/flow/find/automation.ts';
import { tidy } from '../../src/flow/sweep.ts';
import { automationNight, DAY } from './automation-night.ts';
import { inSlack, inTeams } from './telling.ts';

/** Somebody has the database: what is stored of a list counts only as far as the record says the same. */

const told = automationNight({ intruded: true });
const { night, put, takesOut, listed, gathering, wants, opened, press } = told;
const change = (words: string, list: string) =>
  night().intrude(`update automation_list set list = replace(list, ${words}) where id = $1`, list);

describe('a list of what automation took out into which somebody has written', () => {
  it.each([
    ['another mailbox', `'ann@contoso.example', 'ceo@contoso.example'`],
    ['another mail', `'"subject":"What is new"', '"subject":"Pay today"'`],
    ['out of quarantine', `'"place":"deleted"', '"place":"not known"'`],
    ['into something that cannot be read', `'"clusters"', '"clutter"'`],
  ])('opens nothing, and is told (%s)', async (_what, words) => {
    takesOut(put(['ann']));
    const list = await listed();
    await change(words, list);
    expect(await wants(`${list}/1`)).toEqual({ code: 'put-back-changed', cluster: `${list}/1` });
    const refused = (await night().entries()).findLast(({ type }) => type === 'automation.refused');
    expect(refused).toMatchObject({ outcome: 'put-back-changed', detail: { list, cluster: '1' } });
  });

  it('is not shown where it is drawn again', async () => {
    takesOut(put(['ann']));
    const list = await listed();
    await change(`'ann@contoso.example', 'ceo@contoso.example'`, list);
    const shown = gathering(list);
    await night().intrude('update card set due = true where incident = $1', `gathering automation ${list}`);
    await night().flow.store.transact((tx) => tx.jobs.send({ queue: 'deliver', incident: '', platform: 'slack' }));
    await night().until('it is drawn again', () => (shown?.view.lines.length ?? 1) === 0);
    expect(shown?.view.headline).toBe('This list is not shown');
  });

  it('hides nothing that is taken out later', async () => {
    const copies = put(['ann']);
    takesOut(copies);
    const list = await listed();
    await night().intrude('update automation_list set list = $2 where id = $1', list, '{}');
    night().clock.now += DAY / 8;
    expect(await listAutomation(night().flow, 'now')).toMatchObject({ is: 'listed', list: `${list}-2` });
  });

  it('opens nothing by an alert of which the record says something else', async () => {
    takesOut(put(['ann']));
    const list = await listed();
    const id = await opened(`${list}/1`);
    await night().intrude(
      `update incident set alert = replace(alert, '"cluster":"1"', '"cluster":"2"') where id = $1`,
      id,
    );
    expect(await press(id, inSlack('omar'), 'release')).toMatchObject({ code: 'tampered' });
  });
});

describe('a list whose time is over', () => {
  it('opens nothing, and nobody is said to have written into it', async () => {
    takesOut(put(['ann']));
    const list = await listed();
    night().clock.now += 38 * DAY;
    await tidy(night().flow);
    expect(await wants(`${list}/1`)).toEqual({ code: 'put-back-forgotten', cluster: `${list}/1` });
    const refused = (await night().entries()).findLast(({ type }) => type === 'automation.refused');
    expect(refused).toMatchObject({ outcome: 'put-back-forgotten', detail: { list, cluster: '1' } });
  });
});

describe('a list that somebody has taken away before its time', () => {
  it('is no list whose time is over: what rests on it says so', async () => {
    takesOut(put(['ann']));
    const list = await listed();
    const id = await opened(`${list}/1`);
    await press(id, inSlack('omar'), 'release');
    await press(id, inTeams('lena'), 'release');
    await told.becomes(id, 'restored');
    await night().intrude('delete from automation_list where id = $1', list);
    await press(id, inTeams('lena'), 'reopen');
    await night().until('it is marked', async () => ((await told.incident(id))?.breach ?? '') !== '');
    expect((await told.incident(id))?.breach).toContain(`what is stored of ${list}/1`);
  });
});

describe('a row of which the id holds what no database takes', () => {
  it('keeps nothing else from the list', async () => {
    takesOut(put(['ann']));
    takesOut(put(['bob']), { networkMessageId: 'no\0id' });
    expect(gathering(await listed())?.view.lines).toHaveLength(1);
  });
});

describe('a list that cannot be written down', () => {
  it('is heard of by whoever asks whether everything works, and is made once it can be', async () => {
    takesOut(put(['ann']));
    await night().intrude('alter table automation_list rename to elsewhere');
    try {
      await expect(listAutomation(night().flow, 'now')).rejects.toThrow('automation_list');
    } finally {
      await night().intrude('alter table elsewhere rename to automation_list');
    }
    expect(await automationTrouble(night().flow)).toContain('could not be written down');
    expect(await listAutomation(night().flow, 'now')).toMatchObject({ is: 'listed' });
    expect(await automationTrouble(night().flow)).toBeNull();
  });
});

describe('a mail whose subject holds what no database takes', () => {
  it('goes back like any other', async () => {
    takesOut(put(['ann'], { subject: 'What\0is new \ud800' }));
    const id = await opened(`${await listed()}/1`);
    expect((await told.plan(id)).copies).toHaveLength(1);
  });
});

describe('a list into which somebody has written after it was asked for', () => {
  const slow = automationNight({ intruded: true, workers: false });

  it('is no list of what goes back: nothing is looked for, and the incident says so', async () => {
    slow.takesOut(slow.put(['ann']));
    const list = await slow.listed();
    const said = await slow.wants(`${list}/1`);
    if (said.code !== 'put-back-opened') throw new Error(`not opened: ${JSON.stringify(said)}`);
    const { incident } = said;
    await slow.night().intrude(`update automation_list set list = replace(list, 'ann@', 'ceo@') where id = $1`, list);
    await slow.night().run({ queue: 'scope', incident });
    expect((await slow.incident(incident))?.breach).toContain(`what is stored of ${list}/1`);
    expect(await slow.entries(incident, 'mailbox.read')).toEqual([]);
  });
});
