import { describe, expect, it } from 'vitest';
import { PEOPLE } from '../support/desk-of-the-night.ts';
import { flagging } from './flagging.ts';
import { inSlack } from './telling.ts';

/** Somebody who has the database says of a flag what the record does not: nothing is done with it, and it is told. */

const { night, chats, flagged, flagEntries, list, flags, press, shown, come } = flagging({ intruded: true });
const differs = (id: string) =>
  night()
    .audit()
    .then(({ differences }) => differences.filter((line) => line.includes(id)));
const take = (id: string, seen: number) =>
  flags(inSlack('dana'), { is: 'do', verb: 'take', flag: id, seen, reason: null });

describe('a row that was edited', () => {
  it.each([
    ['called cleared', `update flag set state = 'cleared' where id = $1`],
    ['given to somebody', `update flag set state = 'in review', owner = 'somebody' where id = $1`],
    ['put off', `update flag set due_at = '2099-01-01T00:00:00.000Z' where id = $1`],
    ['moved to another mailbox', `update flag set mailbox = 'another' where id = $1`],
    ['filed elsewhere', `update flag set incident = 'CB-0000' where id = $1`],
  ])('%s: a press has no effect, nobody is told anything, and audit verify names it', async (what, statement) => {
    const { id } = await flagged(60 + what.length);
    const { version } = (await shown(id)).flag;
    await night().intrude(statement, id);
    expect(await take(id, version)).toEqual({ code: 'flag-differs', flag: id });
    await come(id, 100);
    expect(chats.said).toEqual([]);
    expect(await differs(id)).not.toEqual([]);
    await night().intrude('delete from flag where id = $1', id);
  });

  it('is shown as one that differs, and not as what it says', async () => {
    const { id } = await flagged(61);
    await night().intrude(`update flag set state = 'contained' where id = $1`, id);
    const seen = await list(inSlack('dana'));
    expect([seen.differ, seen.lines.map(({ flag }) => flag.id)]).toEqual([[id], []]);
  });

  it('that is gone is named by audit verify', async () => {
    const { id } = await flagged(62);
    await night().intrude('delete from flag where id = $1', id);
    expect(await differs(id)).toEqual([expect.stringContaining(`flag ${id} is not stored any more`)]);
  });

  it('that nobody raised is named by audit verify, and is none to press', async () => {
    await night().intrude(
      `insert into flag (tenant, id, incident, mailbox, address, state, owner, due_at, updated_at)
       select tenant, 'CF-FORGED', null, 'box', 'a@contoso.example', 'raised', null, '2026-01-01', '2026-01-01' from incident limit 1`,
    );
    expect(await take('CF-FORGED', 1)).toEqual({ code: 'flag-differs', flag: 'CF-FORGED' });
    expect(await differs('CF-FORGED')).toEqual(['the record knows no flag CF-FORGED']);
    await night().intrude(`delete from flag where id = 'CF-FORGED'`);
  });
});

describe('a flag as it is', () => {
  it('agrees with the record, step by step', async () => {
    const { id } = await flagged(63);
    for (const verb of ['take', 'contain'] as const) {
      await press(inSlack('omar'), verb, id);
      expect(await differs(id)).toEqual([]);
    }
    await press(inSlack('omar'), 'clear', id, 'nothing was found');
    expect(await differs(id)).toEqual([]);
    expect((await flagEntries(id, 'flag.taken'))[0]?.actor.id).toBe(PEOPLE.omar.entraId);
  });
});
