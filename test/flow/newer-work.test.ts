import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { record } from '../../src/flow/record/record.ts';
import { ATTACK, type Night, startNight } from '../support/desk-of-the-night.ts';
import { entryOf } from '../support/entries.ts';

/** Two versions of Clawback may share a database for a while: the older one meets work that it cannot read. */

let night: Night;
let id: string;
let run: string;

beforeEach(async () => {
  night = await startNight({ workers: false, intruded: true });
  night.mail.put('ann@contoso.example', ATTACK);
  id = await night.alert();
  await night.run({ queue: 'scope', incident: id });
  await draw();
  await night.press('dana', 'slack', 'purge');
  await night.press('omar', 'teams', 'purge');
  await night.intrude(`update run set action = 'recall-unread' where incident = $1`, id);
  const [row] = await night.intrude('select id from run where incident = $1', id);
  run = String(row?.['id']);
});
afterEach(() => night.close());

async function draw(): Promise<void> {
  for (const platform of ['slack', 'teams']) await night.run({ queue: 'deliver', incident: '', platform });
}

const status = () => night.slack.cards.at(-1)?.view.status;

describe('a run of an action that this version does not know', () => {
  it('is left for one that does, says so, and is told on the card', async () => {
    const newer = 'run-of-a-newer-version';
    await night.intrude('update run set id = $1 where id = $2', newer, run);
    await night.flow.store.transact((tx) =>
      record(night.flow, tx, [{ ...entryOf('run.started', { action: 'recall', run: newer }), incident: id }]),
    );
    await expect(night.run({ queue: 'run', run: newer })).rejects.toMatchObject({
      code: 'unavailable',
      message: `run ${newer} is work of a newer version of Clawback: left for that one`,
    });
    await draw();
    expect(status()).toBe('Approved. This version of Clawback does not know the action and leaves it alone.');
    expect(night.mail.effects).toEqual([]);
  });

  it('is one that somebody has changed where the record names an action of ours: marked, and nothing runs', async () => {
    await night.run({ queue: 'run', run });
    await draw();
    expect(status()).toContain('the action of a run (recall-unread) differ from the record. Nothing runs.');
    expect(night.mail.effects).toEqual([]);
  });

  it('is compared with the record like every other', async () => {
    expect((await night.audit()).differences.join('\n')).toContain('the action of a run');
  });
});
