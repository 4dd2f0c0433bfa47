import { beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { answered } from '../support/answered.ts';
import { ANN, DANA, looking } from './looking.ts';

/** What `status` answers: what is open, and whether everything is stopped. */

let world: World;
const { atRest, incident, purge } = looking(() => world);
beforeEach(async () => {
  world = createWorld();
  await world.govern(POLICIES[2] as Policy);
});

async function lands(n: number): Promise<string> {
  world.land(n, ANN);
  const { incident: id } = await world.alert(n, `delivery ${n}`, null, [ANN]);
  await atRest();
  return id ?? '';
}

async function status() {
  const answer = answered(await world.say(DANA, 'slack', 'Status'));
  if (answer.code !== 'status') throw new Error(`no status: ${answer.code}`);
  return answer;
}

describe('the status', () => {
  it('lists what is open with its subject, and nothing that is over', async () => {
    const [open, purged, restored, rejected] = [await lands(1), await lands(2), await lands(3), await lands(4)];
    for (const id of [purged, restored]) expect(await purge(id)).toBe('purged');
    await world.press(DANA, 'slack', 'undo', restored);
    await world.press(DANA, 'slack', 'reject', rejected);
    await atRest();
    expect([(await incident(restored))?.stands, (await incident(rejected))?.stands]).toEqual(['restored', 'rejected']);
    const subject = (await incident(open))?.alert.message.subject;
    expect(await status()).toMatchObject({ stopped: null, open: [{ incident: open, stands: 'open', subject }] });
  });

  it('lists no more than anybody reads, the newest first', async () => {
    const ids: string[] = [];
    for (let n = 1; n <= 22; n += 1) {
      ids.push(await lands(n));
      world.pass(1);
    }
    expect((await status()).open.map((one) => one.incident)).toEqual(ids.toReversed().slice(0, 20));
  });

  it('says who has stopped everything, and why', async () => {
    await world.say(DANA, 'slack', 'stop something is wrong');
    expect((await status()).stopped).toEqual({ by: DANA.name, reason: 'something is wrong' });
  });
});
