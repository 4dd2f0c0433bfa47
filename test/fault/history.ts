import fc from 'fast-check';
import type { Ask } from '../../src/core/ask/ask.ts';
import type { SealedPlan } from '../../src/core/find/manifest.ts';
import { situationOf } from '../../src/core/incident/incident.ts';
import { BUTTONS } from '../../src/core/tell/button.ts';
import { present } from '../../src/core/tell/present.ts';
import { compareStored } from '../../src/flow/record/compare.ts';
import { factsOf } from '../../src/flow/tell/facts.ts';
import { ACCOUNT } from '../support/fake-chat-people.ts';
import type { FakeChat } from '../support/fake-rooms.ts';
import { check, type Seen } from './oracle.ts';
import { createWorld, MAILBOXES, PEOPLE, POLICIES, type Someone, type World } from './world.ts';

/** What can happen to Clawback in one history, and the playing of it. */

const VERB_ASKS: Readonly<Record<string, Ask>> = {
  purge: 'purge',
  'hard-purge': 'hard-purge',
  junk: 'junk',
  flag: 'flag',
  confirm: 'contain',
  undo: 'restore',
  reject: 'reject',
  reopen: 'reopen',
  cancel: 'cancel',
  'take-in': 'take-in',
};

const person = fc.nat({ max: PEOPLE.length - 1 });
const platform = fc.constantFrom<FakeChat>('slack', 'teams');
const verb = fc.constantFrom(
  ...['purge', 'purge', 'purge', 'purge', 'hard-purge', 'junk', 'junk', 'flag', 'confirm', 'undo', 'undo'],
  ...['reject', 'reject', 'reopen', 'cancel', 'take-in'],
);
const mail = fc.nat({ max: 1 });

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ is: fc.constant('alert' as const), mail, reporter: fc.option(person) }) },
  { weight: 5, arbitrary: fc.record({ is: fc.constant('land' as const), mail, box: fc.nat({ max: 3 }) }) },
  {
    weight: 14,
    arbitrary: fc.record({
      is: fc.constant('press' as const),
      who: person,
      platform,
      verb,
      incident: fc.nat({ max: 3 }),
      /** 0: the card's own digest; 1: an older one of this incident; 2: one of another incident. */
      digest: fc.constantFrom(0, 0, 0, 0, 0, 1, 2),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constant('together' as const),
      people: fc.array(fc.tuple(person, platform), { minLength: 2, maxLength: 4 }),
      verb: fc.constantFrom('purge', 'reject', 'undo', 'cancel'),
      incident: fc.nat({ max: 3 }),
    }),
  },
  { weight: 9, arbitrary: fc.record({ is: fc.constant('work' as const), jobs: fc.constantFrom(1, 2, 5, 200) }) },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('time' as const), minutes: fc.constantFrom(1, 6, 11, 16, 61) }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('policy' as const), number: fc.nat({ max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('stop' as const), who: person, platform }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('lift' as const), who: person, platform }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('account' as const), who: person, enabled: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ is: fc.constant('chat account' as const), who: person, platform, active: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('everybody' as const), mail: fc.constantFrom(1, 2) }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('copycat' as const), mail, box: fc.nat({ max: 3 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ is: fc.constant('worse' as const), mail, source: fc.constantFrom('defender', 'sublime') }),
  },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('directory' as const), down: fc.boolean() }) },
  // Somebody has the database: the decoy is put into the stored plan of an incident.
  { weight: 1, arbitrary: fc.record({ is: fc.constant('edit' as const), incident: fc.nat({ max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('restart' as const) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('sweep' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Begins with a mail in two mailboxes and its alert, so that few histories are about nothing. */
export const anyHistory = fc.record({
  policy: fc.nat({ max: POLICIES.length - 1 }),
  steps: fc.array(step, { minLength: 4, maxLength: 24 }),
});
export type History = typeof anyHistory extends fc.Arbitrary<infer H> ? H : never;

export interface Told {
  readonly runs: number;
  readonly children: number;
  readonly effects: number;
  readonly refusals: number;
}

/** Plays one history, and throws at the first step after which something does not hold that must. */
export async function play({ policy, steps }: History): Promise<Told> {
  const world = createWorld();
  const seen: Seen = {
    presses: [],
    decoys: new Set(),
    edited: new Set(),
    plans: new Map(),
    effects: 0,
    entries: 0,
    runs: new Set(),
  };
  const digests: string[] = [];
  await world.govern(policyNumber(policy));
  for (const box of [1, 2]) world.land(0, MAILBOXES[box] ?? '');
  await begin(world, seen);
  for (const [number, one] of steps.entries()) {
    const wasStopped = await isStopped(world);
    await perform(world, seen, digests, one, number);
    for (const room of Object.values(world.rooms))
      for (const { view } of room.cards) if (view.digest && !digests.includes(view.digest)) digests.push(view.digest);
    await check(world, seen, wasStopped && (await isStopped(world)));
  }
  await audit(world, seen);
  const entries = world.memory.entries();
  const told = (type: string) => entries.filter((entry) => entry.type === type).length;
  return {
    runs: told('run.started'),
    children: told('plan.grown'),
    effects: world.mail.effects.length,
    refusals: told('press.refused'),
  };
}

/** Whatever happened was recorded as it was done; what somebody changed is found. */
async function audit(world: World, seen: Seen): Promise<void> {
  const { differences } = await compareStored(world.flow);
  if (differences.length > 0 !== seen.edited.size > 0)
    throw new Error(`what is stored differs from the record: ${differences.join('; ') || 'not at all'}`);
}

async function begin(world: World, seen: Seen): Promise<void> {
  const decoy = world.decoy(0, MAILBOXES[1] ?? '');
  seen.decoys.add(`${decoy.mailbox} ${decoy.message}`);
  await world.alert(0, 'the first', null);
  await world.settle();
  await check(world, seen, false);
}

async function isStopped(world: World): Promise<boolean> {
  return (await world.flow.store.transact((tx) => tx.brake.read())).stopped;
}

const policyNumber = (n: number) => POLICIES[n] ?? (POLICIES[0] as (typeof POLICIES)[number]);
const someone = (n: number): Someone => PEOPLE[n] ?? (PEOPLE[0] as Someone);

async function perform(world: World, seen: Seen, digests: readonly string[], one: Step, number: number): Promise<void> {
  switch (one.is) {
    case 'alert':
      await world.alert(one.mail, `alert ${number}`, one.reporter === null ? null : someone(one.reporter));
      return;
    case 'land':
      world.land(one.mail, MAILBOXES[one.box] ?? '');
      return;
    case 'press':
      return press(world, seen, one, digestFor(digests, one.digest));
    case 'together':
      await Promise.all(
        one.people.map(([who, chat]) => press(world, seen, { ...one, who, platform: chat }, undefined)),
      );
      return;
    case 'work':
      await world.settle(one.jobs);
      return;
    case 'time':
      world.pass(one.minutes);
      return;
    case 'policy':
      return world.govern(policyNumber(one.number));
    case 'stop':
      await world.say(someone(one.who), one.platform, 'stop generated');
      return;
    case 'lift':
      await world.say(someone(one.who), one.platform, 'lift');
      return;
    case 'account':
      return setEnabled(world, someone(one.who), one.enabled);
    case 'chat account':
      world.chats[one.platform].accounts.set(world.userOf(someone(one.who), one.platform).id, {
        ...ACCOUNT,
        active: one.active,
      });
      return;
    case 'everybody':
      for (const { address } of PEOPLE) world.land(one.mail, address);
      await world.alert(
        one.mail,
        `alert ${number}`,
        null,
        PEOPLE.map(({ address }) => address),
      );
      return;
    case 'copycat': {
      const { mailbox, message } = world.copycat(one.mail, MAILBOXES[one.box] ?? '');
      seen.decoys.add(`${mailbox} ${message}`);
      return;
    }
    case 'worse':
      await world.worse(one.mail, one.source, `worse ${number}`);
      return;
    case 'directory':
      world.directory.down = one.down;
      return;
    case 'edit':
      return edit(world, seen, one.incident);
    case 'restart':
      return world.restart();
    case 'sweep':
      return world.sweep();
  }
}

async function edit(world: World, seen: Seen, which: number): Promise<void> {
  const plans = await world.flow.store.transact((tx) => tx.incidents.list(100));
  const digests = plans.flatMap(({ planDigest }) => planDigest ?? []);
  const digest = digests[which % Math.max(1, digests.length)];
  const [mailbox, message] = [...seen.decoys][0]?.split(' ') ?? [];
  if (digest === undefined || seen.edited.has(digest)) return;
  seen.edited.add(digest);
  const plan = await world.flow.store.transact((tx) => tx.incidents.plan(digest));
  if (plan && !seen.plans.has(digest)) seen.plans.set(digest, plan);
  world.memory.rewritePlan(digest, (sealed) => withDecoy(sealed, { owner: mailbox, id: message }));
}

/** One more row, as the others are. */
function withDecoy(sealed: SealedPlan, { owner, id }: Partial<Record<'owner' | 'id', string | undefined>>): SealedPlan {
  const places = sealed.rows.filter(({ kind }) => kind === 'target').length;
  const content = JSON.stringify({
    target: { kind: 'copy', owner: owner ?? '', id: id ?? '' },
    address: 'x',
    receivedAt: null,
    before: { folderId: 'inbox', folder: 'Inbox', isRead: false, flag: 'notFlagged', categories: [] },
  });
  return { ...sealed, rows: [...sealed.rows, { kind: 'target', place: places, salt: 'f'.repeat(32), content }] };
}

function digestFor(digests: readonly string[], which: number): string | undefined {
  if (which === 0) return undefined;
  return which === 1 ? (digests.at(-2) ?? 'f'.repeat(64)) : (digests[0] ?? 'e'.repeat(64));
}

async function press(
  world: World,
  seen: Seen,
  one: {
    readonly is: 'press' | 'together';
    readonly who: number;
    readonly platform: FakeChat;
    readonly verb: string;
    readonly incident: number;
  },
  digest: string | undefined,
): Promise<void> {
  const ids = [...new Set(world.rooms[one.platform].cards.map(({ view }) => view.incident))];
  const incident = ids[one.incident % Math.max(1, ids.length)];
  const action = VERB_ASKS[one.verb];
  const presser = someone(one.who);
  const enabled = world.directory.people.get(presser.entraId)?.enabled ?? false;
  if (incident === undefined) return;
  const card = world.rooms[one.platform].cards.find(({ view }) => view.incident === incident);
  // Noted before: whatever the answer is, this is all that this person has said.
  if (action)
    seen.presses.push({
      person: presser.entraId,
      action,
      digest: digest ?? card?.view.digest ?? '',
      at: world.now(),
      enabled: enabled && !world.directory.down,
    });
  // Of presses at the same moment nobody can say what each of them found.
  const before = one.is === 'press' ? await offered(world, incident, one.verb) : null;
  await world.press(presser, one.platform, one.verb, incident, digest);
  if (before?.isOffered === false && (await standOf(world, incident)) !== before.stand)
    throw new Error(`${one.verb} had an effect although no card offered it`);
}

async function offered(world: World, incident: string, name: string) {
  const facts = await world.flow.store.transact((tx) => factsOf(world.flow, tx, incident));
  const isOffered = facts !== null && (BUTTONS.get(name)?.isShown(present(facts), 0) ?? false);
  return { isOffered, stand: await standOf(world, incident) };
}

/** Everything that a press could have changed. */
async function standOf(world: World, id: string): Promise<string> {
  return world.flow.store.transact(async (tx) => {
    const incident = await tx.incidents.get(id);
    const votes = (await tx.decisions.list(id)).map(({ person: who, action, planDigest }) => [who, action, planDigest]);
    const runs = (await tx.runs.ofIncident(id)).map((run) => [run.id, run.state, run.cancelledAt]);
    return JSON.stringify([incident && situationOf(incident), incident?.planDigest, incident?.takenIn, votes, runs]);
  });
}

function setEnabled(world: World, { entraId }: Someone, enabled: boolean): void {
  const known = world.directory.people.get(entraId);
  if (known) world.directory.people.set(entraId, { ...known, enabled });
}
