import { EventEmitter } from 'node:events';
import type { PgBoss } from 'pg-boss';
import { expect, it } from 'vitest';
import { createWorkers, type QueueName, type TenantJob } from '../../src/adapters/store/jobs.ts';

/** What the workers of a process ask of their queue, and when. What the queue itself does is tried on a database. */

type Work = (jobs: readonly { readonly data: TenantJob }[]) => Promise<void>;

function aQueue() {
  const asked: string[] = [];
  const work = new Map<string, Work>();
  const events = new EventEmitter();
  const note = (what: string) => Promise.resolve(void asked.push(what));
  const boss = {
    on: (name: string, told: (what: unknown) => void) => events.on(name, told),
    start: () => note('start'),
    createQueue: (name: string, { policy }: { policy: string }) => note(`make ${name}, ${policy}`),
    updateQueue: (name: string, { retryLimit }: { retryLimit: number }) => note(`set ${name}, ${retryLimit} tries`),
    work: async (name: string, _options: unknown, does: Work) => {
      await note(`open ${name}`);
      work.set(name, does);
      return `id of ${name}`;
    },
    offWork: (name: string, { wait }: { wait: boolean }) => note(`close ${name}${wait ? ' once idle' : ''}`),
    notifyWorker: (id: string) => void asked.push(`wake ${id}`),
    stop: ({ graceful, close }: { graceful: boolean; close: boolean }) =>
      note(`stop${graceful ? ', handing over' : ''}${close ? ', and close' : ''}`),
  };
  const problems: unknown[] = [];
  const workers = createWorkers(boss as unknown as PgBoss, (error, queue, tenant) => {
    problems.push([String(error), queue, tenant]);
  });
  /** What was asked since it was last looked at, as far as it is about one queue or about none. */
  const since = (queue: QueueName = 'run') =>
    asked.splice(0).filter((what) => !what.includes(' ') || what.includes(` ${queue}`) || what.startsWith('stop'));
  return { workers, work, events, problems, since };
}

const job = (run: string) => ({ data: { queue: 'run', run, tenant: 'contoso' } as const });

it('are there once they are started, each queue made and set before it is opened', async () => {
  const { workers, since } = aQueue();
  expect([workers.hasStarted(), since()]).toEqual([false, []]);
  await workers.start(() => Promise.resolve());
  expect([workers.hasStarted(), since()]).toEqual([
    true,
    ['start', 'make run, short', 'set run, 60 tries', 'open run'],
  ]);
});

it('are woken where they are open, each queue once, and nobody is before that', async () => {
  const { workers, since } = aQueue();
  workers.wake(['run']);
  expect(since()).toEqual([]);
  await workers.start(() => Promise.resolve());
  since();
  workers.wake(['run', 'run', 'scope']);
  expect(since()).toEqual(['wake id of run']);
});

it('that are held begin nothing and are not woken until they go on, opened once', async () => {
  const { workers, since } = aQueue();
  await workers.start(() => Promise.resolve());
  since();
  await workers.goOn();
  expect(since()).toEqual([]);
  await workers.hold();
  workers.wake(['run']);
  expect(since()).toEqual(['close run']);
  await workers.goOn();
  workers.wake(['run']);
  expect(since()).toEqual(['open run', 'wake id of run']);
});

it('that were never started do not go on', async () => {
  const { workers, since } = aQueue();
  await workers.goOn();
  expect([workers.hasStarted(), since()]).toEqual([false, []]);
});

it('that end hand over what is under way, and are woken no more', async () => {
  const { workers, since } = aQueue();
  await workers.start(() => Promise.resolve());
  since();
  await workers.stop();
  workers.wake(['run']);
  expect(since()).toEqual(['stop, handing over, and close']);
});

it('do the job that they are given, and nothing where there is none', async () => {
  const { workers, work } = aQueue();
  const done: TenantJob[] = [];
  await workers.start((one) => Promise.resolve(void done.push(one)));
  await work.get('run')?.([job('r1')]);
  await work.get('run')?.([]);
  expect(done).toEqual([job('r1').data]);
});

it('say what went wrong, and leave the job to be tried again', async () => {
  const { workers, work, problems } = aQueue();
  await workers.start(() => Promise.reject(new Error('no answer')));
  await expect(work.get('run')?.([job('r1')])).rejects.toThrow('no answer');
  expect(problems).toEqual([['Error: no answer', 'run', 'contoso']]);
});

it.each(['error', 'warning'])('say what the queue tells as %s', (name) => {
  const { events, problems } = aQueue();
  events.emit(name, new Error('slow'));
  expect(problems).toEqual([['Error: slow', 'pg-boss', null]]);
});
