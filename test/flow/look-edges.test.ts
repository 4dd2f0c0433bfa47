import { beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import { rescope } from '../../src/flow/act/rescope.ts';
import { lookAgain } from '../../src/flow/find/second-look.ts';
import { mark } from '../../src/flow/record/trust.ts';
import { createWorld, PEOPLE, POLICIES, type World } from '../fault/world.ts';
import { createFakeMail, RECOVERABLE } from '../support/fake-mail.ts';
import { ANN, BOB, looking, OMAR } from './looking.ts';

/** What a look is about, and when it is none any more. */

let world: World;
const { atRest, childrenOf, entries, incident, land, later, looks, planOf, purge, reported, tell, warnings } = looking(
  () => world,
);
beforeEach(async () => {
  world = createWorld(undefined, createFakeMail({ hunting: 'delivered' }));
  await world.govern(POLICIES[2] as Policy);
});

/** Counts how often the mail is looked for. */
function asked(): () => number {
  const before = world.mail.hunting.asked;
  return () => world.mail.hunting.asked - before;
}

/** What happens while a look is under way. */
function meanwhile(happens: () => Promise<unknown>): void {
  const { locate } = world.mail;
  const { hunt } = world.mail;
  world.mail.hunt = async (key, patience) => {
    Object.assign(world.mail, { hunt, locate });
    await happens();
    return hunt(key, patience);
  };
}

describe('what gives no answer at a set time', () => {
  it('is asked again at once, however many of these times have gone by, and then later and later', async () => {
    land(ANN);
    const id = await reported();
    await purge(id);
    await later(15);
    world.mail.hunting.trouble = { status: 'busy' };
    await later(45);
    for (let n = 0; n < 10; n += 1) await later(1);
    expect(looks(id).slice(0, 4)).toEqual(['lag 0', 'lag 1', 'trouble 0', 'trouble 1']);
  });
});

it('a look before anything was removed reads no copy', async () => {
  land(ANN);
  const id = await reported();
  const { read } = world.mail;
  let reads = 0;
  world.mail.read = (targets, wanted) => {
    reads += 1;
    return read(targets, wanted);
  };
  await later(15);
  expect([looks(id), reads]).toEqual([['lag 0'], 0]);
});

describe('a mailbox whose copy was removed', () => {
  /** The addresses of mailboxes that are looked into from now on. */
  function searched(): readonly string[] {
    const addresses: string[] = [];
    const { locate } = world.mail;
    world.mail.locate = (some, wanted) => {
      addresses.push(...some);
      return locate(some, wanted);
    };
    return addresses;
  }

  it('is not searched while that copy is seen where it was taken', async () => {
    land(ANN);
    const id = await reported();
    await purge(id);
    const addresses = searched();
    await later(15);
    expect([looks(id), addresses]).toEqual([['lag 0'], []]);
  });

  it('is searched once it is not found under its id: its owner may have moved it', async () => {
    const ann = land(ANN);
    const id = await reported();
    await purge(id);
    world.mail.copies.splice(world.mail.copies.indexOf(ann), 1);
    const addresses = searched();
    await later(15);
    expect([looks(id), addresses]).toEqual([['lag 0'], [ANN]]);
  });
});

it('a look that an earlier version wished for names no list, and is about the one that there is', async () => {
  land(ANN);
  const id = await reported();
  await lookAgain(world.flow, { queue: 'look', incident: id, because: 'lag', nth: 0 });
  expect(looks(id)).toEqual(['lag 0']);
});

describe('beside a run nothing is looked for', () => {
  const runs = (id: string) => tell((tx) => tx.runs.ofIncident(id));

  it('twice, nor beside its undo', async () => {
    land(ANN);
    const id = await reported();
    await purge(id);
    await world.press(OMAR, 'slack', 'undo', id);
    await atRest();
    const [purged, restored] = await runs(id);
    expect([purged?.rescopedAt === null, restored?.rescopedAt]).toEqual([false, null]);
    const count = asked();
    for (const run of [purged, restored]) await rescope(world.flow, run?.id ?? '');
    expect(count()).toBe(0);
  });

  it('in a case that was tampered with, or of which nobody knows', async () => {
    land(ANN);
    const id = await reported();
    await world.press(OMAR, 'slack', 'purge', id);
    await tell((tx) => mark(world.flow, tx, id, 'somebody changed it'));
    const count = asked();
    for (const run of [...(await runs(id)).map((one) => one.id), 'no such run']) await rescope(world.flow, run);
    expect([count(), (await runs(id)).map(({ rescopedAt }) => rescopedAt)]).toEqual([0, [null]]);
  });
});

describe('no look is taken any more', () => {
  it('of a case that was tampered with', async () => {
    land(ANN);
    const id = await reported();
    await tell((tx) => mark(world.flow, tx, id, 'somebody changed it'));
    const count = asked();
    await later(15);
    expect([looks(id), count()]).toEqual([[], 0]);
  });

  it('and the first word of what was found in it stands', async () => {
    land(ANN);
    const id = await reported();
    for (const words of ['somebody changed it', 'somebody changed it once more'])
      await tell((tx) => mark(world.flow, tx, id, words));
    expect((await incident(id))?.breach).toBe('somebody changed it');
  });

  it('of a list that grew out of another by itself: it is looked after with that one', async () => {
    land(ANN);
    const bob = land(BOB, true);
    const id = await reported();
    world.mail.hunting.late.delete(bob);
    await later(15);
    const [child = ''] = await childrenOf(id);
    const count = asked();
    const list = (await incident(child))?.planDigest ?? '';
    await lookAgain(world.flow, { queue: 'look', incident: child, because: 'lag', nth: 0, list });
    expect([looks(child), count()]).toEqual([[], 0]);
  });

  it('of a list that people had made anew while it was under way', async () => {
    land(ANN);
    const id = await reported();
    await purge(id);
    await world.press(OMAR, 'slack', 'undo', id);
    await atRest();
    meanwhile(() => world.press(OMAR, 'slack', 'reopen', id).then(() => world.settle()));
    world.pass(14);
    await atRest();
    expect([entries(id, 'incident.reopened').length, looks(id)]).toEqual([1, []]);
  });

  it('of a case in which something was found to be tampered with while it was under way', async () => {
    land(ANN);
    const id = await reported();
    meanwhile(() => tell((tx) => mark(world.flow, tx, id, 'somebody changed it')));
    await later(15);
    expect(looks(id)).toEqual([]);
  });
});

describe('a copy that was back and is gone again', () => {
  it.each([
    ['asked about', ['reopen']],
    ['asked about and flagged', ['reopen', 'flag']],
  ])('is no news while people are %s it', async (_what, verbs) => {
    const ann = land(ANN);
    const id = await reported();
    await purge(id);
    ann.folderId = 'inbox';
    await later(15);
    for (const verb of verbs) {
      await world.press(OMAR, 'slack', verb, id);
      await atRest();
    }
    expect((await incident(id))?.stands).toBe(verbs.length > 1 ? 'flagged' : 'open');
    ann.folderId = RECOVERABLE;
    await later(15);
    expect(entries(id, 'copy.recovered').map(({ outcome }) => outcome)).toEqual(['back']);
  });
});

it('a copy that was back and is removed again in the same moment is out, and gone again is no news', async () => {
  const ann = land(ANN);
  const id = await reported();
  await purge(id);
  ann.folderId = 'inbox';
  world.pass(15);
  await world.settle();
  expect(entries(id, 'copy.recovered').map(({ outcome }) => outcome)).toEqual(['back']);
  const at = world.now();
  await world.press(OMAR, 'slack', 'reopen', id);
  await atRest();
  world.pass((at - world.now()) / 60_000);
  await world.press(OMAR, 'slack', 'purge', id);
  await world.settle();
  expect((await incident(id))?.stands).toBe('purged');
  await later(60);
  expect([ann.folderId, entries(id, 'copy.recovered').map(({ outcome }) => outcome)]).toEqual([RECOVERABLE, ['back']]);
});

describe('a list that was made anew', () => {
  it('asks nobody again whom only a look at the one before could not look into', async () => {
    land(ANN);
    const bob = land(BOB, true);
    const id = await reported();
    await purge(id);
    world.mail.hunting.late.delete(bob);
    world.mail.trouble.push({ method: 'locate', mailbox: bob.mailbox, answer: { status: 'denied', detail: '403' } });
    await later(15);
    expect(warnings(id)).toContainEqual(expect.stringContaining('1 mailbox not looked into'));
    world.mail.copies.splice(world.mail.copies.indexOf(bob), 1);
    await world.press(OMAR, 'slack', 'reopen', id);
    await atRest();
    const { locate } = world.mail;
    const addresses: string[] = [];
    world.mail.locate = (some, wanted) => {
      addresses.push(...some);
      return locate(some, wanted);
    };
    await later(15);
    expect([looks(id).length, entries(id, 'incident.reopened').length]).toEqual([2, 1]);
    expect(addresses).not.toContain(BOB);
  });
});

describe('a list that mail was sent to', () => {
  it('is looked into member by member, and nobody is said to be left out', async () => {
    const [, dana] = PEOPLE;
    world.directory.lists.set('all@contoso.example', { members: [dana?.entraId ?? ''] });
    land(dana?.address ?? '');
    const id = await reported(['all@contoso.example']);
    const plan = await planOf(id);
    expect([plan?.copies.map(({ address }) => address), plan?.notLooked]).toEqual([[dana?.address], 0]);
  });
});
