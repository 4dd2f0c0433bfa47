import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ofType } from '../../src/core/record/ledger.ts';
import type { EntryType } from '../../src/core/record/payloads.ts';
import { stop } from '../../src/flow/decide/brake.ts';
import { type Night, startNight, twoOfThree } from '../support/desk-of-the-night.ts';
import { holding } from './holding.ts';
import { guid, inSlack, inTeams, MINUTE, policyWith, ruleFor, storyteller } from './telling.ts';

/**
 * Two things at the same moment, both already past their first look when either may finish. On a server each has a
 * connection of its own, and only the locks stand between them; on the embedded database they take turns anyway.
 */
let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());
const { lands, press, say, runs, stands, votes, entries, refusals, becomes } = storyteller(() => night);
const { whileHeld, theRecord } = holding(() => night);
beforeEach(async () => {
  night.clock.now += 180 * MINUTE;
  await night.govern(twoOfThree());
});
afterEach(async () => {
  await say(inSlack('dana'), 'lift');
  await say(inTeams('omar'), 'lift');
});

const brake = () => night.flow.store.transact((tx) => tx.brake.read());
const recorded = async <T extends EntryType>(type: T) => (await night.entries()).filter(ofType(type));

describe('two starts', () => {
  it('under a cap that has room for one: one starts, the other takes a person more', async () => {
    await night.govern(
      policyWith([ruleFor(['purge'], { approver: 1 })], { caps: { tenant: { mailboxesPerHour: 3 } } }),
    );
    const [first, second] = [await lands(['ann', 'bob']), await lands(['ann', 'bob'])];
    await whileHeld(theRecord, [
      () => press(first.id, inSlack('dana'), 'purge'),
      () => press(second.id, inTeams('omar'), 'purge'),
    ]);
    expect([...(await runs(first.id)), ...(await runs(second.id))]).toHaveLength(1);
  });
});

describe('a start and a stop', () => {
  it('the stop is being written when the last approval comes: nothing starts', async () => {
    const { id } = await lands();
    await press(id, inSlack('dana'), 'purge');
    await whileHeld(
      async (tx) => {
        await tx.brake.stop(await tx.brake.lock(), 'Lena', 'a detector went mad', night.flow.clock.now());
      },
      [() => press(id, inTeams('omar'), 'purge')],
    );
    expect([await runs(id), await refusals(id), await stands(id)]).toEqual([[], ['stopped'], 'open']);
    expect(await votes(id)).toHaveLength(1);
  });
});

describe('two stops', () => {
  it('are one, with one reason', async () => {
    const before = (await recorded('brake.stopped')).length;
    const by = (name: string) => ({ actor: { kind: 'service', id: name, name }, platform: 'operator', name }) as const;
    const won = await whileHeld(theRecord, [
      () => stop(night.flow, by('first'), 'one reason'),
      () => stop(night.flow, by('second'), 'another reason'),
    ]);
    expect(won.filter(Boolean)).toHaveLength(1);
    expect((await recorded('brake.stopped')).slice(before)).toHaveLength(1);
    expect((await brake()).by).toBe(won[0] ? 'first' : 'second');
  });
});

describe('two votes for going on', () => {
  it('are counted together, and lift the stop once', async () => {
    await say(inTeams('lena'), 'stop');
    const before = (await recorded('brake.lifted')).length;
    await whileHeld(theRecord, [() => say(inSlack('dana'), 'lift'), () => say(inTeams('omar'), 'lift')]);
    expect((await brake()).stopped).toBe(false);
    expect((await recorded('brake.lifted')).slice(before)).toHaveLength(1);
  });
});

describe('two workers on one run', () => {
  it('take the second look once, and finish it once', async () => {
    const group = guid(820);
    night.directory.groups.set(group, []);
    await night.govern(
      policyWith([ruleFor(['purge'], { approver: 1 })], {
        mailboxes: { protected: [{ name: 'board', entraGroups: [group] }] },
      }),
    );
    const { id } = await lands();
    // Nobody gets on with the run while the group cannot be read.
    night.directory.groups.delete(group);
    await press(id, inSlack('dana'), 'purge');
    const [run] = await runs(id);
    const work = () => night.run({ queue: 'run', run: run?.id ?? '' });
    await expect(work()).rejects.toThrow('no such group');
    night.directory.groups.set(group, []);
    await whileHeld(theRecord, [work, work]);
    await becomes(id, 'purged');
    await night.until('the scope was looked at', async () => (await entries(id, 'scope.checked')).length > 0);
    expect(await entries(id, 'scope.checked')).toHaveLength(1);
    expect(await entries(id, 'run.finished')).toHaveLength(1);
  });
});
