import { beforeEach, describe, expect, it } from 'vitest';
import type { Target } from '../../src/core/find/plan.ts';
import { situationOf } from '../../src/core/incident/incident.ts';
import type { Term } from '../../src/core/lease.ts';
import { ofType } from '../../src/core/record/ledger.ts';
import type { EntryType } from '../../src/core/record/payloads.ts';
import { present } from '../../src/core/tell/present.ts';
import type { Flow } from '../../src/flow/flow.ts';
import { compareStored } from '../../src/flow/record/compare.ts';
import { work } from '../../src/flow/sweep.ts';
import { factsOf } from '../../src/flow/tell/facts.ts';
import type { Effect } from '../../src/ports/effects.ts';
import { createWorld, PEOPLE, POLICIES, type Someone, type World } from '../fault/world.ts';
import { type Copy, RECOVERABLE } from '../support/fake-mail.ts';

/**
 * One of two processes is frozen in the middle of a purge. The other takes over and finishes, people undo it all, and then
 * the first one wakes up. Its clocks ran on.
 */

const SECONDS = 1 / 60;
const dana = PEOPLE[1] as Someone;

let world: World;
let incident: string;
let copies: readonly Copy[];

beforeEach(async () => {
  world = createWorld();
  await world.govern(POLICIES[2] as (typeof POLICIES)[number]);
  copies = ['ann@contoso.example', 'bob@contoso.example'].map((address) => world.land(0, address));
  const receipt = await world.alert(0, 'd-1', null, ['ann@contoso.example', 'bob@contoso.example']);
  incident = receipt.incident ?? '';
  await world.settle();
});

const folders = () => copies.map(({ folderId }) => folderId);
const gone = [RECOVERABLE, RECOVERABLE];
const back = ['inbox', 'inbox'];
const entries = <T extends EntryType>(type: T) => world.memory.entries().filter(ofType(type));
const stateOf = async () => {
  const found = await world.flow.store.transact((tx) => tx.incidents.get(incident));
  return found && situationOf(found);
};

interface Sleeper {
  /** Resolves when its write is about to leave. */
  readonly held: Promise<void>;
  wake(): void;
  /** All of it is over: what it does after waking included. */
  readonly ended: Promise<void>;
}

type SoftDelete = (targets: readonly Target[], term?: Term) => Promise<readonly Effect[]>;

/** A process that takes the queued run and stands still with its write; `then` is what becomes of that write. */
function aFrozenProcess(then: (write: SoftDelete, targets: readonly Target[], term?: Term) => ReturnType<SoftDelete>) {
  const held = Promise.withResolvers<void>();
  const woken = Promise.withResolvers<void>();
  const softDelete: SoftDelete = async (targets, term) => {
    held.resolve();
    await woken.promise;
    return then(world.mail.softDelete, targets, term);
  };
  const flow: Flow = { ...world.flow, effects: { ...world.mail, softDelete } };
  const job = world.memory.jobs().find((queued) => queued.job.queue === 'run');
  if (!job || !world.memory.take(job)) throw new Error('no run is queued');
  return { held: held.promise, wake: () => woken.resolve(), ended: work(flow, job.job) } satisfies Sleeper;
}

/** Frozen before its write left: the last step looks at the time and finds none. */
const beforeTheLastStep = () => aFrozenProcess((write, targets, term) => write(targets, term));
/** Frozen, or cut off, when the write had left: nothing on this side can hold it back any more. */
const afterTheLastStep = () => aFrozenProcess((write, targets) => write(targets));

/** The other process takes over what the first one holds, and people undo it. */
async function takenOverAndUndone(): Promise<void> {
  world.pass(31 * SECONDS);
  await world.sweep();
  await world.settle();
  expect([await stateOf(), folders()]).toEqual(['purged', gone]);
  await world.press(dana, 'slack', 'undo', incident);
  world.pass(31 * SECONDS);
  await world.settle();
  expect([await stateOf(), folders()]).toEqual(['restored', back]);
}

async function expectTheRecordToAgree(): Promise<void> {
  const { differences } = await compareStored({ store: world.flow.store, hash: world.flow.hash });
  expect(differences).toEqual([]);
}

describe('a process that is frozen in a purge and wakes up after the undo', () => {
  it('has no time left: nothing leaves it, and nothing has to be put right', async () => {
    await world.press(dana, 'slack', 'purge', incident);
    const frozen = beforeTheLastStep();
    await frozen.held;
    await takenOverAndUndone();
    const before = world.mail.effects.length;
    frozen.wake();
    await frozen.ended;
    world.pass(2);
    await world.settle();
    expect([folders(), world.mail.effects.length]).toEqual([back, before]);
    expect([entries('copy.late'), entries('run.started').length]).toEqual([[], 2]);
    await expectTheRecordToAgree();
  });

  it('an effect that comes all the same is recorded, told and put right within a minute', async () => {
    await world.press(dana, 'slack', 'purge', incident);
    const frozen = afterTheLastStep();
    await frozen.held;
    await takenOverAndUndone();
    frozen.wake();
    await frozen.ended;
    expect(folders()).toEqual(gone);
    world.pass(1);
    await world.settle();
    expect([await stateOf(), folders()]).toEqual(['restored', back]);
    expect(entries('copy.late').map(({ outcome }) => outcome)).toEqual([
      'answered late',
      'answered late',
      'taken out again',
      'taken out again',
    ]);
    const again = entries('run.started').at(-1);
    expect(again?.detail).toMatchObject({ action: 'undo', cause: 'late', copies: 2, approvedBy: [dana.entraId] });
    const facts = await world.flow.store.transact((tx) => factsOf(world.flow, tx, incident));
    expect(facts && present(facts).status).toBe(
      'Undone: 2 restored, seen back. A request that came late took 2 copies out again; put back once more: 2 restored, seen back.',
    );
    await expectTheRecordToAgree();
  });

  it('that cannot reach the database any more when it wakes: what it did is put right when its job comes again', async () => {
    await world.press(dana, 'slack', 'purge', incident);
    const frozen = afterTheLastStep();
    await frozen.held;
    await takenOverAndUndone();
    const plain = world.memory.store.transact;
    world.memory.store.transact = () => Promise.reject(new Error('the connection was cut'));
    frozen.wake();
    await expect(frozen.ended).rejects.toThrow('the connection was cut');
    world.memory.store.transact = plain;
    expect([folders(), entries('copy.late')]).toEqual([gone, []]);
    const purge = entries('run.started')[0]?.detail.run;
    await work(world.flow, { queue: 'run', run: String(purge) });
    await world.settle();
    expect([await stateOf(), folders()]).toEqual(['restored', back]);
    expect(entries('copy.late').map(({ outcome }) => outcome)).toEqual(['taken out again', 'taken out again']);
    await expectTheRecordToAgree();
  });

  it('what could not be put back once more is offered for another undo, which brings it back', async () => {
    await world.press(dana, 'slack', 'purge', incident);
    const frozen = afterTheLastStep();
    await frozen.held;
    await takenOverAndUndone();
    frozen.wake();
    await frozen.ended;
    const answer = { status: 'refused', why: 'denied', detail: 'ErrorAccessDenied' } as const;
    world.mail.trouble.push({ method: 'putBack', mailbox: copies[0]?.mailbox ?? '', answer });
    await world.settle();
    expect([await stateOf(), folders()]).toEqual(['restored', [RECOVERABLE, 'inbox']]);
    world.pass(1);
    await world.press(dana, 'slack', 'undo', incident);
    await world.settle();
    expect([await stateOf(), folders()]).toEqual(['restored', back]);
    expect(entries('run.started').at(-1)?.detail).toMatchObject({ cause: 'approved', copies: 1 });
    await expectTheRecordToAgree();
  });

  it('a purge after all of that can be undone as any other', async () => {
    await world.press(dana, 'slack', 'purge', incident);
    const frozen = afterTheLastStep();
    await frozen.held;
    await takenOverAndUndone();
    frozen.wake();
    await frozen.ended;
    await world.settle();
    expect(folders()).toEqual(back);
    for (const verb of ['reopen', 'purge', 'undo']) {
      await world.press(dana, 'slack', verb, incident);
      await world.settle();
      world.pass(31 * SECONDS);
      await world.settle();
    }
    expect([await stateOf(), folders()]).toEqual(['restored', back]);
    expect(entries('run.started').map(({ detail }) => detail.action)).toEqual([
      ...['purge', 'undo', 'undo', 'purge', 'undo'],
    ]);
    await expectTheRecordToAgree();
  });

  it('that is killed instead of waking up, its write still on the way: looked at once more after the undo', async () => {
    await world.press(dana, 'slack', 'purge', incident);
    const frozen = afterTheLastStep();
    await frozen.held;
    await takenOverAndUndone();
    // The write arrives; nobody is there to tell of it.
    await world.mail.softDelete(copies.slice(0, 1));
    world.pass(31 * SECONDS);
    await world.settle();
    expect([await stateOf(), folders()]).toEqual(['restored', back]);
    expect(entries('copy.late').map(({ outcome, message }) => [outcome, message])).toEqual([
      ['taken out again', copies[0]?.message],
    ]);
    await expectTheRecordToAgree();
  });

  it('what people decided since then counts: nothing is put back then, and the record has it', async () => {
    await world.press(dana, 'slack', 'purge', incident);
    const frozen = afterTheLastStep();
    await frozen.held;
    await takenOverAndUndone();
    await world.press(dana, 'slack', 'reopen', incident);
    await world.press(PEOPLE[2] as Someone, 'slack', 'reopen', incident);
    await world.settle();
    const state = await stateOf();
    expect(state).not.toBe('restored');
    frozen.wake();
    await frozen.ended;
    world.pass(1);
    await world.settle();
    expect(folders()).toEqual(gone);
    const [answered, out] = ['answered late', 'taken out again'];
    expect(entries('copy.late').map(({ outcome }) => outcome)).toEqual([answered, answered, out, out]);
    expect(entries('run.started')).toHaveLength(2);
  });
});

describe('an undo after a process was overtaken', () => {
  it('begins with a copy only when nothing of the old process can reach it any more', async () => {
    await world.press(dana, 'slack', 'purge', incident);
    const frozen = beforeTheLastStep();
    await frozen.held;
    world.pass(21 * SECONDS);
    const { runId } = (await world.flow.store.transact((tx) => tx.incidents.get(incident))) ?? {};
    await work(world.flow, { queue: 'run', run: runId ?? '' });
    expect([await stateOf(), folders()]).toEqual(['purged', gone]);
    await world.press(dana, 'slack', 'undo', incident);
    await world.settle();
    world.pass(25 * SECONDS);
    await world.settle();
    expect([await stateOf(), folders()]).toEqual(['running', gone]);
    world.pass(6 * SECONDS);
    await world.settle();
    expect([await stateOf(), folders()]).toEqual(['restored', back]);
    frozen.wake();
    await frozen.ended;
    expect(folders()).toEqual(back);
  });

  it('begins at once where nobody was overtaken, and is not looked at again', async () => {
    await world.press(dana, 'slack', 'purge', incident);
    await world.settle();
    await world.press(dana, 'slack', 'undo', incident);
    await world.settle();
    expect([await stateOf(), folders()]).toEqual(['restored', back]);
    expect(world.memory.jobs().map(({ job }) => job.queue)).not.toContain('late');
  });

  it('a request that nobody answered is waited for as well', async () => {
    const [ann] = copies;
    const plain = world.mail.softDelete;
    let late: readonly Target[] = [];
    // The first request to one mailbox gets lost on the way, and comes a minute later.
    world.mail.softDelete = async (targets, term) => {
      const lost = late.length === 0 ? targets.filter(({ mailbox }) => mailbox === ann?.mailbox) : [];
      if (lost.length > 0) late = lost;
      const done = await plain(
        targets.filter((target) => !lost.includes(target)),
        term,
      );
      return [
        ...done,
        ...lost.map((target) => ({ target, requestId: '', status: 'unknown', detail: 'timeout' }) as const),
      ];
    };
    await world.press(dana, 'slack', 'purge', incident);
    await world.settle();
    world.pass(2 * SECONDS);
    await world.settle();
    expect([await stateOf(), folders()]).toEqual(['purged', gone]);
    await world.press(dana, 'slack', 'undo', incident);
    await world.settle();
    expect(folders()).toEqual([RECOVERABLE, 'inbox']);
    world.pass(31 * SECONDS);
    await world.settle();
    expect([await stateOf(), folders()]).toEqual(['restored', back]);
    await plain(late);
    world.pass(31 * SECONDS);
    await world.settle();
    expect([await stateOf(), folders()]).toEqual(['restored', back]);
    await expectTheRecordToAgree();
  });
});
