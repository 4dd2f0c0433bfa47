import { beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import type { Read } from '../../src/core/record/codec.ts';
import type { EntryType } from '../../src/core/record/payloads.ts';
import { mark } from '../../src/flow/record/trust.ts';
import { afterRestore, hear, type Since } from '../../src/flow/restored.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { oldEntry } from '../support/entries.ts';
import { DANA, looking } from './looking.ts';

/**
 * A database that was put back from a copy, and entries that were kept elsewhere: of a case that it has forgotten they tell
 * how its last run ended, or else the last that was written.
 */

function heard(...types: readonly EntryType[]): number | undefined {
  const since: Since = new Map();
  for (const [n, type] of types.entries()) hear(since, entryOf(n + 1, type));
  return since.get('CB-0001')?.seq;
}

function entryOf(seq: number, type: EntryType): Read {
  const detail = { action: 'purge', run: 'one', copies: 1, summary: 'removed 1' };
  return { is: 'read', entry: oldEntry(type, { seq, incident: 'CB-0001', detail }) };
}

describe('of a case is told', () => {
  it('the last that was written, where no run has ended', () => {
    expect(heard('alert.received', 'plan.made', 'run.started')).toBe(3);
  });

  it('how its run ended, whatever was written after it', () => {
    expect(heard('run.started', 'run.finished', 'copy.late')).toBe(2);
  });

  it('how its last run ended, where there were more', () => {
    expect(heard('run.finished', 'run.started', 'run.finished', 'copy.late')).toBe(3);
  });

  it('nothing that changes no case', () => {
    expect([heard('card.posted', 'press.refused'), heard('plan.made', 'card.posted')]).toEqual([undefined, 1]);
  });
});

describe('a database that was put back', () => {
  const END = 7;
  let world: World;
  const { atRest, entries, incident, land, reported, tell } = looking(() => world);
  beforeEach(async () => {
    world = createWorld();
    await world.govern(POLICIES[2] as Policy);
    land('ann@contoso.example');
  });

  async function rejected(): Promise<string> {
    const id = await reported();
    await world.press(DANA, 'slack', 'reject', id);
    await atRest();
    return id;
  }
  const breachOf = async (id: string) => (await incident(id))?.breach;
  const marks = (id: string) => entries(id, 'integrity.broken').map(({ detail }) => detail.what);

  it('has every case marked that may have gone on since, and says that it is not known', async () => {
    const id = await reported();
    expect(await afterRestore(world.flow, END, new Map())).toEqual({ marked: [id], gone: [] });
    const words = expect.stringContaining('what was done after entry 7 of the record is not known');
    expect([await breachOf(id), marks(id)]).toEqual([words, [words]]);
  });

  it('leaves what was closed alone, where nothing more was told of it', async () => {
    const id = await rejected();
    expect(await afterRestore(world.flow, END, new Map())).toEqual({ marked: [], gone: [] });
    expect([await breachOf(id), marks(id)]).toEqual([null, []]);
  });

  it('has a closed case marked of which more was told, with what that was', async () => {
    const id = await rejected();
    const since: Since = new Map([[id, { seq: 9, words: 'looked for anew', endsRun: false }]]);
    expect((await afterRestore(world.flow, END, since)).marked).toEqual([id]);
    expect(await breachOf(id)).toContain('does not know entry 9 of the record: looked for anew');
  });

  it('names what it does not hold any more, and only that', async () => {
    const id = await reported();
    const told = { seq: 9, words: 'purged', endsRun: true };
    const { gone } = await afterRestore(
      world.flow,
      END,
      new Map([
        [id, told],
        ['CB-9999', told],
      ]),
    );
    expect(gone).toEqual(['CB-9999']);
  });

  it('keeps the words of a mark that was there before', async () => {
    const id = await reported();
    await tell((tx) => mark(world.flow, tx, id, 'somebody changed it'));
    await afterRestore(world.flow, END, new Map());
    expect([await breachOf(id), marks(id)]).toEqual(['somebody changed it', ['somebody changed it']]);
  });

  it('is stopped, by the operator and with the reason', async () => {
    await afterRestore(world.flow, END, new Map());
    const brake = await tell((tx) => tx.brake.read());
    expect(brake).toMatchObject({ stopped: true, reason: expect.stringContaining('put back from a copy') });
  });
});
