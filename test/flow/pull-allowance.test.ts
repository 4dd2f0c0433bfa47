import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pull } from '../../src/flow/find/pull.ts';
import { pulledSources } from '../../src/pulled.ts';
import { type Proofpoint, startProofpoint } from '../../src/sandbox/proofpoint/start.ts';
import { createWorld, type World } from '../fault/world.ts';
import { SOURCE } from '../support/source.ts';

/** A vendor counts questions by the credential: sources that ask with the same one share what it allows. */

const MINUTE = 60_000;
const KEY = 'principal:secret';
let world: World;
let cloud: Proofpoint;

beforeEach(async () => {
  world = createWorld();
  cloud = await startProofpoint({ principal: 'principal', secret: 'secret', clock: () => world.now() });
});
afterEach(() => cloud.close());

const sourceOf = (name: string, secret = KEY) => ({
  ...{ source: { ...SOURCE, name }, vendor: 'proofpoint' as const },
  ...{ url: cloud.url, secrets: [secret] },
});
function set(...sources: readonly ReturnType<typeof sourceOf>[]) {
  const pulled = pulledSources(sources, { now: world.flow.clock.now, givenAway: new AbortController().signal });
  Object.assign(world.flow, { pulled });
  return pulled;
}
/** By another process, or before. */
const askedBefore = (times: number) =>
  world.flow.store.transact(async (tx) => {
    for (const { allowance } of world.flow.pulled.slice(0, 1))
      for (let n = 0; n < times && allowance; n += 1) await tx.cursors.spend(allowance, world.flow.clock.now());
  });
async function minutes(many: number): Promise<void> {
  for (let n = 0; n < many; n += 1) {
    for (const { source } of world.flow.pulled) await pull(world.flow, source.name);
    world.pass(1);
  }
}
const whyOf = async (name: string) =>
  (await world.flow.store.transact((tx) => tx.cursors.state({ source: name, vendor: 'proofpoint' })))?.why ?? null;

describe('two sources of one key', () => {
  it('ask no more often together than its vendor allows', async () => {
    set(sourceOf('tap-one'), sourceOf('tap-two'));
    await askedBefore(1_777);
    await minutes(30);
    expect(cloud.asked).toHaveLength(3);
    expect(await whyOf('tap-one')).toContain('asked with 1,780 times in 24 hours');
    expect(await whyOf('tap-two')).toContain('asked with 1,780 times in 24 hours');
  });

  it('are asked again once the first questions are a day old', async () => {
    set(sourceOf('tap-one'), sourceOf('tap-two'));
    await askedBefore(1_780);
    await minutes(1);
    world.pass(25 * 60);
    await minutes(1);
    expect(cloud.asked).toHaveLength(2);
    expect(await whyOf('tap-one')).toBeNull();
  });

  it('are each left alone for twice as long, and one by itself is not', () => {
    const every = set(sourceOf('tap-one'), sourceOf('tap-two'), sourceOf('tap-three', 'another:secret'));
    expect(every.map(({ everyMs }) => everyMs)).toEqual([2 * MINUTE, 2 * MINUTE, MINUTE]);
  });

  it('share it also while one of them asks with the secret that is new', () => {
    const [one, two, three] = set(sourceOf('a'), sourceOf('b', 'principal:renewed'), sourceOf('c', 'another:secret'));
    expect(one?.allowance).toEqual(two?.allowance);
    expect(three?.allowance).not.toEqual(one?.allowance);
    expect(JSON.stringify(one?.allowance)).not.toContain('principal');
  });
});

it('a question that failed was asked as well', async () => {
  set(sourceOf('tap'));
  await askedBefore(1_778);
  cloud.trouble.push(500, 500, 500);
  await minutes(20);
  expect(cloud.asked).toHaveLength(2);
});
