import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ofType } from '../../src/core/record/ledger.ts';
import { tell } from '../../src/core/record/ledger-story.ts';
import { createRefusals, type Refusals } from '../../src/flow/record/junk.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';

/** Requests that nobody could be believed behind: counted, and told once a minute. */
let night: Night;
let refusals: Refusals;
let logged: Readonly<Record<string, number>>[] = [];
let before = 0;

beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());
beforeEach(async () => {
  logged = [];
  refusals = createRefusals(night.flow, (counts) => logged.push(counts));
  before = (await all()).length;
});

const all = async () => (await night.entries()).filter(ofType('request.refused'));
const written = async () => (await all()).slice(before);
const seconds = (n: number) => {
  night.clock.now += n * 1_000;
};

it('ten thousand in a minute are one line, with how many there were of each kind', async () => {
  for (let n = 0; n < 10_000; n += 1) refusals.count('POST /intake/alerts', n % 4 === 0 ? 'unsigned' : 'bad-signature');
  seconds(60);
  await refusals.tell('in time');
  const [entry, ...more] = await written();
  expect([entry?.detail, more]).toEqual([
    {
      since: new Date(night.clock.now - 60_000).toISOString(),
      requests: 10_000,
      kinds: [
        { kind: 'POST /intake/alerts, unsigned', count: 2_500 },
        { kind: 'POST /intake/alerts, bad-signature', count: 7_500 },
      ],
    },
    [],
  ]);
});

it('are not told before the minute is over, and not twice', async () => {
  refusals.count('other', 'no such address');
  seconds(59);
  await refusals.tell('in time');
  expect(await written()).toEqual([]);
  seconds(1);
  await refusals.tell('in time');
  await refusals.tell('in time');
  await refusals.tell('now');
  expect(await written()).toHaveLength(1);
});

it('are told at once when the record is read or Clawback stops', async () => {
  refusals.count('other', 'no such address');
  await refusals.tell('now');
  expect(await written()).toHaveLength(1);
});

it('of which there were none, there is no line', async () => {
  seconds(3_600);
  await refusals.tell('in time');
  await refusals.tell('now');
  expect(await written()).toEqual([]);
});

it('begin a minute of their own after each line', async () => {
  refusals.count('other', 'no such address');
  await refusals.tell('now');
  seconds(30);
  refusals.count('other', 'no such address');
  seconds(30);
  await refusals.tell('in time');
  expect(await written()).toHaveLength(1);
});

it('that could not be written are told with the next ones', async () => {
  const broken = createRefusals(
    { ...night.flow, store: { transact: () => Promise.reject(new Error('the database is gone')) } },
    () => undefined,
  );
  broken.count('other', 'no such address');
  await expect(broken.tell('now')).rejects.toThrow('gone');
  await expect(broken.tell('now'), 'still to be told').rejects.toThrow('gone');
});

it('that could not be written once are all told by the next line, from the first of them on', async () => {
  let isDown = true;
  const { transact } = night.flow.store;
  const shaky = createRefusals(
    { ...night.flow, store: { transact: (work) => (isDown ? Promise.reject(new Error('gone')) : transact(work)) } },
    (counts) => logged.push(counts),
  );
  const first = new Date(night.clock.now).toISOString();
  shaky.count('other', 'no such address');
  shaky.count('other', 'too large');
  await expect(shaky.tell('now')).rejects.toThrow('gone');
  seconds(10);
  isDown = false;
  shaky.count('other', 'no such address');
  await shaky.tell('now');
  const kinds = { 'other, no such address': 2, 'other, too large': 1 };
  expect([(await written()).map(({ detail }) => detail), logged]).toEqual([
    [{ since: first, requests: 3, kinds: Object.entries(kinds).map(([kind, count]) => ({ kind, count })) }],
    [kinds],
  ]);
});

it('of more kinds than there are names of ours do not make the line longer and longer', async () => {
  for (let n = 0; n < 5_000; n += 1) refusals.count(`made up ${n}`, '\ud800\u0000');
  // One that is known goes on being counted as what it is.
  refusals.count('made up 7', '\ud800\u0000');
  await refusals.tell('now');
  const [entry] = await written();
  const { requests, kinds } = entry?.detail ?? {};
  expect([requests, kinds?.length, kinds?.[7]?.count, kinds?.at(-1)]).toEqual([
    ...[5_001, 201, 2],
    { kind: 'anything else', count: 4_800 },
  ]);
});

it('are in the log as well, as numbers', async () => {
  refusals.count('other', 'no such address');
  await refusals.tell('now');
  expect(logged).toEqual([{ 'other, no such address': 1 }]);
});

it('read in the story as what they are, the most frequent first', async () => {
  refusals.count('other', 'no such address');
  for (let n = 0; n < 3; n += 1) refusals.count('POST /intake/alerts', 'unsigned');
  await refusals.tell('now');
  expect((await written()).map(tell)).toEqual([
    '4 requests were refused: POST /intake/alerts, unsigned \u00d7 3; other, no such address',
  ]);
});
