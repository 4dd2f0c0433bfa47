import { beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import { scope } from '../../src/flow/find/scope.ts';
import { work } from '../../src/flow/sweep.ts';
import type { Reader } from '../../src/ports/reader.ts';
import type { Tx } from '../../src/ports/store.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { createFakeMail } from '../support/fake-mail.ts';
import { looking } from './looking.ts';

/** A mail to very many: what was looked into is kept as it goes. */

let world: World;
const { atRest, cardOf, entries, land, planOf, queued, tell } = looking(() => world);
const MANY = 1_000;
/** As many are looked into together. */
const PART = 240;
beforeEach(async () => {
  world = createWorld(undefined, createFakeMail({ hunting: 'delivered' }));
  await world.govern(POLICIES[2] as Policy);
});

function landsAt(many: number): void {
  for (let n = 0; n < many; n += 1) land(`person${n}@fabrikam.example`);
}
/** Reported, and not looked for yet. */
const reported = async () => (await world.alert(1, 'one', null, [])).incident ?? '';

/** Puts something before each question to mailboxes; answers how many addresses were answered. */
function whenAsked(before: (nth: number) => void | Promise<void> = () => undefined): () => number {
  const { locate } = world.mail;
  let nth = 0;
  let answered = 0;
  world.mail.locate = async (...question: Parameters<Reader['locate']>) => {
    nth += 1;
    await before(nth);
    answered += question[0].length;
    return locate(...question);
  };
  return () => answered;
}

/** Two parts are answered, and then the process dies with the others. */
async function diesInTheMiddle(): Promise<string> {
  const id = await reported();
  const { locate } = world.mail;
  const answered = whenAsked((nth) => (nth > 2 ? Promise.reject(new Error('killed')) : undefined));
  await world.settle();
  expect([answered(), await copiesIn(id)]).toEqual([2 * PART, undefined]);
  world.mail.locate = locate;
  return id;
}

async function comesBack(): Promise<void> {
  // What the dead one held is free by then.
  world.pass(1);
  await world.restart();
  await atRest();
}

/** As somebody who can write to the database would. */
function spoil(change: (searches: Tx['searches']) => Partial<Tx['searches']>): void {
  const { transact } = world.flow.store;
  world.flow.store.transact = (story) =>
    transact((tx) => story({ ...tx, searches: { ...tx.searches, ...change(tx.searches) } }));
}

const copiesIn = async (id: string) => (await planOf(id))?.copies.length;
const noted = (id: string) => entries(id, 'mailbox.read').map(({ detail }) => detail.address);

describe('a mail in a thousand mailboxes', () => {
  beforeEach(() => landsAt(MANY));

  it('is looked for in parts, each of which is on record, and is planned as a whole', async () => {
    const id = await reported();
    await atRest();
    expect(await copiesIn(id)).toBe(MANY);
    expect([noted(id).length, new Set(noted(id)).size]).toEqual([MANY, MANY]);
    expect(entries(id, 'search.kept').map(({ detail }) => detail.mailboxes)).toEqual([PART, PART, PART, PART, 40]);
  });

  it('leaves nothing of the search behind', async () => {
    const id = await reported();
    await atRest();
    expect(await tell((tx) => tx.searches.progress(id))).toBeNull();
  });

  it('is looked for again only where nobody had answered when the process died', async () => {
    const id = await diesInTheMiddle();
    const answered = whenAsked();
    await comesBack();
    expect([answered(), await copiesIn(id), noted(id).length]).toEqual([MANY - 2 * PART, MANY, MANY]);
  });

  it('is looked for again where it was answered too long ago', async () => {
    const id = await diesInTheMiddle();
    world.pass(16);
    const answered = whenAsked();
    await comesBack();
    expect([answered(), await copiesIn(id)]).toEqual([MANY, MANY]);
  });

  it('is looked for again where an answer is not stored as the record says', async () => {
    const id = await diesInTheMiddle();
    spoil((searches) => ({
      answers: async (search, ids) => {
        const answers = await searches.answers(search, ids);
        return new Map([...answers].map(([part, answer]) => [part, answer && { ...answer, digest: 'f'.repeat(64) }]));
      },
    }));
    const answered = whenAsked();
    await comesBack();
    expect([answered(), await copiesIn(id)]).toEqual([MANY, MANY]);
  });

  it('is looked for again under another Message-ID', async () => {
    const id = await diesInTheMiddle();
    world.mail.put('one-more@fabrikam.example', {
      internetMessageId: '<mended@mailer.example>',
      networkMessageId: '99999999-0000-4000-8000-000000000001',
      sender: 'billing1@fabrikam.example',
    });
    const hunt = world.mail.hunt;
    world.mail.hunt = async (...asked) => {
      const told = await hunt(...asked);
      const [first] = told.deliveries;
      const alias = first ? [{ ...first, internetMessageId: '<mended@mailer.example>' }] : [];
      return { ...told, deliveries: [...told.deliveries, ...alias] };
    };
    const answered = whenAsked();
    await comesBack();
    expect([answered(), await copiesIn(id)]).toEqual([MANY, MANY]);
  });

  it('shows on its card how far the search is, and nothing of it once the list is made', async () => {
    const id = await reported();
    const seen: (string | undefined)[] = [];
    whenAsked(async (nth) => {
      world.pass(0.1);
      if (nth < 5) return;
      await new Promise((resolve) => setImmediate(resolve));
      await work(world.flow, { queue: 'deliver', incident: '', platform: 'slack' });
      seen.push(cardOf(id)?.waits);
    });
    await atRest();
    expect(seen).toEqual(['960 of 1,000 mailboxes looked into, about 1 second left at this pace.']);
    expect(cardOf(id)?.waits).toBe('');
  });

  it('is looked for by other processes as well, and what they were answered counts', async () => {
    const id = await reported();
    const helped = Promise.withResolvers<void>();
    const answered = whenAsked((nth) => (nth <= 4 ? helped.promise : undefined));
    const [first] = queued('scope');
    const looked = first && work(world.flow, first);
    // Four parts are under way here, and the fifth is for whoever comes.
    while (queued('search').length === 0) await new Promise((resolve) => setImmediate(resolve));
    const [help] = queued('search');
    if (help) await work(world.flow, help);
    expect(answered()).toBe(MANY - 4 * PART);
    helped.resolve();
    await looked;
    expect([answered(), await copiesIn(id)]).toEqual([MANY, MANY]);
  });

  it('is asked of each mailbox once where two look for it at the same time', async () => {
    const id = await reported();
    const begun = Promise.withResolvers<void>();
    const answered = whenAsked((nth) => (nth <= 4 ? begun.promise : undefined));
    const one = scope(world.flow, id);
    while (queued('search').length === 0) await new Promise((resolve) => setImmediate(resolve));
    const other = scope(world.flow, id);
    // The other takes the part that is left, and waits for those that are under way.
    while (answered() === 0) await new Promise((resolve) => setImmediate(resolve));
    begun.resolve();
    await Promise.all([one, other]);
    expect([answered(), await copiesIn(id), noted(id).length]).toEqual([MANY, MANY, MANY]);
  });

  it('is looked for in four parts at a time, to the end', async () => {
    landsAt(9 * PART);
    await reported();
    const { locate } = world.mail;
    const atOnce: number[] = [];
    let underWay = 0;
    world.mail.locate = async (...question: Parameters<Reader['locate']>) => {
      underWay += 1;
      atOnce.push(underWay);
      await new Promise((resolve) => setImmediate(resolve));
      const found = await locate(...question);
      underWay -= 1;
      return found;
    };
    await atRest();
    expect([atOnce.length, Math.max(...atOnce), Math.max(...atOnce.slice(5))]).toEqual([9, 4, 4]);
  });

  it('is looked for again where nobody can read any more what a part was to look into, and that part is let go of', async () => {
    const id = await diesInTheMiddle();
    let spoiled: string | undefined;
    const dropped: string[] = [];
    spoil((searches) => ({
      async parts(search) {
        const parts = await searches.parts(search);
        spoiled ??= parts.find(({ answeredAt }) => answeredAt !== null)?.id;
        return parts.map((part) => (part.id === spoiled ? { ...part, addresses: null } : part));
      },
      drop(incident, ids) {
        if (ids !== 'all') dropped.push(...ids);
        return searches.drop(incident, ids);
      },
    }));
    const answered = whenAsked();
    await comesBack();
    expect([answered(), await copiesIn(id), dropped]).toEqual([MANY - PART, MANY, [spoiled]]);
  });

  it('is given up for this time where a part is missing again and again', async () => {
    const id = await reported();
    spoil((searches) => ({
      parts: async (search) =>
        (await searches.parts(search)).filter(({ addresses }) => !addresses?.includes('person999@fabrikam.example')),
    }));
    const answered = whenAsked();
    await expect(scope(world.flow, id)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('not stored as the record says'),
    });
    expect(answered()).toBe(MANY + 2 * 40);
  });

  it('is not helped with by a process that ends', async () => {
    const id = await reported();
    const begun = Promise.withResolvers<void>();
    const answered = whenAsked(() => begun.promise);
    const looked = scope(world.flow, id);
    while (queued('search').length === 0) await new Promise((resolve) => setImmediate(resolve));
    const asked: string[] = [];
    const locate: Reader['locate'] = async (addresses) => {
      asked.push(...addresses);
      return [];
    };
    const reader = { ...world.mail, locate };
    for (const help of queued('search')) await work({ ...world.flow, reader, mayBegin: () => false }, help);
    begun.resolve();
    await looked;
    expect([asked, answered(), await copiesIn(id)]).toEqual([[], MANY, MANY]);
  });

  it('is left to another process by one that ends', async () => {
    const id = await reported();
    const answered = whenAsked();
    await expect(scope({ ...world.flow, mayBegin: () => false }, id)).rejects.toThrow('another goes on');
    const before = answered();
    await comesBack();
    expect([before, answered(), await copiesIn(id)]).toEqual([0, MANY, MANY]);
  });

  it('is not looked for once more by a process that was frozen until the list was made', async () => {
    const id = await reported();
    const thawed = Promise.withResolvers<void>();
    const under = Promise.withResolvers<void>();
    const answered = whenAsked((nth) => {
      if (nth === 4) under.resolve();
      return nth <= 4 ? thawed.promise : undefined;
    });
    const frozen = scope(world.flow, id);
    await under.promise;
    // What it holds is free by then.
    world.pass(1);
    await scope(world.flow, id);
    expect([answered(), await copiesIn(id)]).toEqual([MANY, MANY]);
    thawed.resolve();
    await frozen;
    // No more than the four parts that it had asked for.
    expect([answered(), noted(id).length]).toEqual([MANY + 4 * PART, MANY]);
    expect(await tell((tx) => tx.searches.progress(id))).toBeNull();
  });

  it('is not put down by whoever was overtaken', async () => {
    const id = await reported();
    whenAsked((nth) => (nth === 1 ? world.pass(2) : undefined));
    await atRest();
    expect([await copiesIn(id), noted(id).length]).toEqual([MANY, MANY]);
  });
});

it('a mail in few mailboxes is not kept as it goes', async () => {
  landsAt(PART);
  const id = await reported();
  await atRest();
  expect([await copiesIn(id), entries(id, 'search.kept')]).toEqual([PART, []]);
});
