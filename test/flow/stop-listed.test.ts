import { expect, it } from 'vitest';
import { createWorld } from '../fault/world.ts';
import { DANA } from './looking.ts';

it('whoever one role names by id may stop while nobody can be asked, whomever the other roles name', async () => {
  const world = createWorld();
  world.directory.down = true;
  const reply = await world.say(DANA, 'slack', 'stop please');
  const { stopped } = await world.flow.store.transact((tx) => tx.brake.read());
  expect([reply, stopped]).toEqual([{ kind: 'said', answer: { code: 'stop-begun' } }, true]);
});
