import { beforeEach, expect, it } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import { tellElsewhere } from '../../src/flow/tell/elsewhere.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { type Copy, createFakeMail, RECOVERABLE } from '../support/fake-mail.ts';
import { lateRequests } from './late-requests.ts';
import { ANN, BOB, DANA, looking, OMAR } from './looking.ts';

/** What one incident moved is told once on the card of another with the same copies, run by run. */

let world: World;
const { calledWorse, incident, land, reported, tell } = looking(() => world);
const { settled, silent } = lateRequests(() => world);
let ann: Copy;
let acting: string;
let waiting: string;

/** Two incidents with the same two copies: one acts, the other waits. */
beforeEach(async () => {
  world = createWorld(undefined, createFakeMail({ hunting: 'delivered' }));
  await world.govern(POLICIES[2] as Policy);
  ann = land(ANN);
  land(BOB);
  acting = await reported([ANN, BOB]);
  await press('purge');
  await press('undo');
  waiting = await calledWorse([ANN, BOB]);
  await settled(4, 2);
  expect((await incident(waiting))?.elsewhere).toEqual([]);
  await press('reopen');
});

async function press(verb: string): Promise<void> {
  await world.press(verb === 'purge' ? DANA : OMAR, 'slack', verb, acting);
  await settled(12, 6);
}

const told = async () => (await incident(waiting))?.elsewhere.map(({ action, copies }) => `${action} ${copies}`);

it('each run has a line of its own, and what comes true late changes only the line of its run', async () => {
  await press('purge');
  await press('undo');
  await press('reopen');
  const mend = silent('softDelete', ann);
  await press('purge');
  mend();
  expect(await told()).toEqual(['purge 2', 'restore 2', 'purge 1']);
  ann.folderId = RECOVERABLE;
  await settled(60, 6);
  expect(await told()).toEqual(['purge 2', 'restore 2', 'purge 2']);
});

it('no card is drawn anew for what it tells already', async () => {
  await press('purge');
  const drawn = (await incident(waiting))?.revision;
  const run = (await tell((tx) => tx.runs.ofIncident(acting))).at(-1);
  await tellElsewhere(world.flow, run?.id ?? '');
  expect((await incident(waiting))?.revision).toBe(drawn);
});

it('of many runs the newest five are told', async () => {
  for (const verb of ['purge', 'undo', 'reopen', 'purge', 'undo', 'reopen', 'purge', 'undo']) await press(verb);
  expect(await told()).toEqual(['restore 2', 'purge 2', 'restore 2', 'purge 2', 'restore 2']);
});

it('a case that people have flagged the mailboxes of is told as well', async () => {
  await world.press(DANA, 'slack', 'flag', waiting);
  await settled(12, 6);
  expect((await incident(waiting))?.stands).toBe('flagged');
  await press('purge');
  expect(await told()).toEqual(['purge 2']);
});

it('a case about another mail is told nothing', async () => {
  world.land(2, ANN);
  const other = (await world.alert(2, 'another mail', null, [ANN])).incident ?? '';
  await settled(4, 2);
  await press('purge');
  expect([(await incident(other))?.stands, (await incident(other))?.elsewhere]).toEqual(['open', []]);
});

it('a case that is decided and whose copies were not touched there is told nothing', async () => {
  await world.press(DANA, 'slack', 'reject', waiting);
  await settled(4, 2);
  await press('purge');
  expect([(await incident(waiting))?.stands, await told()]).toEqual(['rejected', []]);
});

it('of a run that is not there nothing is told', async () => {
  const drawn = (await incident(waiting))?.revision;
  await tellElsewhere(world.flow, 'no run at all');
  expect((await incident(waiting))?.revision).toBe(drawn);
});
