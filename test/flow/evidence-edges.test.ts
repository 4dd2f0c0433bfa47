import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { evidenceListed, takeEvidence } from '../../src/flow/decide/take-evidence.ts';
import { gatherEvidence } from '../../src/flow/find/evidence.ts';
import { scope } from '../../src/flow/find/scope.ts';
import { letGoOfEvidence } from '../../src/flow/record/evidence.ts';
import type { KeptEvidence } from '../../src/ports/evidence.ts';
import type { Job } from '../../src/ports/jobs.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { type FakeEvidence, keeping } from '../support/fake-evidence.ts';
import { ANN, BOB, looking } from './looking.ts';

/** What is kept of a mail, to the last byte and second: tries that end, mails that are large, and what goes when. */

const DAY_MINUTES = 24 * 60;
let world: World;
const { tell, incident, entries, land, planOf } = looking(() => world);
const says = () => world.flow.evidence as FakeEvidence;
beforeEach(async () => {
  world = createWorld();
  Object.assign(world.flow, { keeping: keeping('headers') });
  await world.govern(POLICIES[2] as (typeof POLICIES)[number]);
});

type Errand = Extract<Job, { readonly queue: 'evidence' }>;
const NO_ANSWER = { status: 'no answer', detail: 'lost', requestId: 'r' } as const;
const keptOf = (id: string) => tell((tx) => tx.evidence.of(id));
/** Jobs to read what a mail was sent as, with the seconds until they are due. */
const errands = () =>
  world.memory
    .jobs()
    .flatMap(({ job, dueAt }) => (job.queue === 'evidence' ? [{ job, seconds: (dueAt - world.now()) / 1_000 }] : []));

/** Reported, and its list made; nobody has read anything of it yet. */
async function listed(...addresses: readonly string[]) {
  for (const address of addresses) land(address);
  const id = (await world.alert(1, 'one', null, addresses)).incident ?? '';
  await scope(world.flow, id);
  return { id };
}
/** What stands in the queue for it, taken out. */
function taken(): Errand {
  const queued = world.memory.jobs().find(({ job }) => job.queue === 'evidence');
  if (queued?.job.queue !== 'evidence' || !world.memory.take(queued)) throw new Error('nothing is to be read');
  return queued.job;
}
const run = (errand: Errand) => gatherEvidence(world.flow, errand);

describe('the tries', () => {
  it('end once everything is kept', async () => {
    const { id } = await listed(ANN);
    await run(taken());
    expect([(await keptOf(id)).length, errands()]).toEqual([1, []]);
  });

  it('come later and later, and after the fifth it is told what was in the way', async () => {
    const { id } = await listed(ANN);
    for (const { mailbox } of (await planOf(id))?.copies ?? [])
      says().trouble.set(mailbox, { status: 'denied', detail: '403', requestId: 'r' });
    const waits: unknown[] = [];
    await run(taken());
    for (let tries = 0; tries < 10 && errands().length > 0; tries += 1) {
      waits.push(...errands().map(({ job, seconds }) => [job.nth, seconds]));
      await run(taken());
    }
    expect(waits).toEqual([
      [1, 15],
      [2, 120],
      [3, 900],
      [4, 3_600],
    ]);
    expect(entries(id, 'evidence.missed').map(({ detail }) => detail.tries)).toEqual([5]);
  });

  it.each([
    [600_000, 600],
    [1_000, 15],
    [null, 15],
  ])('wait as long as a mailbox asks, if that is longer: %s', async (waitMs, seconds) => {
    const { id } = await listed(ANN);
    for (const { mailbox } of (await planOf(id))?.copies ?? []) says().trouble.set(mailbox, { ...NO_ANSWER, waitMs });
    await run(taken());
    expect(errands().map((one) => one.seconds)).toEqual([seconds]);
  });

  it.each([
    ['absent', 'no answer', 'no answer'],
    ['no answer', 'absent', 'no answer'],
    ['denied', 'absent', 'denied'],
    ['absent', 'denied', 'denied'],
    ['denied', 'no answer', 'no answer'],
  ] as const)('tell the least certain of what two copies come to: %s and %s', async (first, second, told) => {
    const { id } = await listed(ANN, BOB);
    const trouble = {
      absent: { status: 'absent', detail: '404', requestId: 'r' },
      denied: { status: 'denied', detail: '403', requestId: 'r' },
      'no answer': { ...NO_ANSWER, waitMs: null },
    } as const;
    const job = taken();
    const copies = job.forms.flatMap((form) => form.copies);
    for (const [n, status] of [first, second].entries()) says().trouble.set(copies[n]?.mailbox ?? '', trouble[status]);
    await run({ ...job, nth: 4 });
    expect([copies.length, entries(id, 'evidence.missed').map(({ outcome }) => outcome)]).toEqual([2, [told]]);
  });
});

describe('what stands in a job is no authority', () => {
  it('neither for a copy of another list', async () => {
    const { id } = await listed(ANN);
    const job = taken();
    world.land(2, BOB);
    const other = (await world.alert(2, 'two', null, [BOB])).incident ?? '';
    await scope(world.flow, other);
    const theirs = taken();
    await run({ ...job, incident: other });
    await run({ ...theirs, incident: id });
    expect([says().read, await keptOf(id), await keptOf(other)]).toEqual([[], [], []]);
  });

  it('nor for an incident that differs from the record', async () => {
    const { id } = await listed(ANN);
    await tell((tx) => tx.incidents.save(id, { breach: 'differs' }, world.flow.clock.now()));
    await run(taken());
    expect(says().read).toEqual([]);
  });

  it('nor for a list that somebody wrote into', async () => {
    const { id } = await listed(ANN);
    const job = taken();
    world.memory.rewritePlan((await incident(id))?.planDigest ?? '', (plan) => ({ ...plan, rows: plan.rows.slice(1) }));
    await run(job);
    expect(says().read).toEqual([]);
  });
});

describe('headers', () => {
  const headers = (...lines: readonly (readonly [string, string])[]) => {
    says().says = { ...says().says, headers: lines.map(([name, value]) => ({ name, value })) };
  };

  it('are kept with every character that they begin with', async () => {
    const { id } = await listed(ANN);
    headers(['\ufeffX', 'größe']);
    await run(taken());
    const [kept] = (await evidenceListed(world.flow, id)) ?? [];
    const piece = kept && (await takeEvidence(world.flow, id, kept, 'dana'));
    expect(Buffer.from(piece?.content ?? '', 'base64').toString('utf8')).toBe('\ufeffX: größe\n');
  });

  it.each([
    [997, 'kept'],
    [998, 'too large'],
  ])('with %i characters after their name are %s where a thousand bytes are the most', async (length, outcome) => {
    const { id } = await listed(ANN);
    headers(['X', 'x'.repeat(length - 1)]);
    await run(taken());
    const told = [...entries(id, 'evidence.kept'), ...entries(id, 'evidence.missed')];
    expect(told.map((entry) => entry.outcome)).toEqual([outcome]);
  });
});

const OLD = '2026-08-01T08:00:00.000Z';
const piece = (at: string, change: Partial<KeptEvidence> = {}): KeptEvidence => ({
  ...{ kind: 'headers', networkMessageId: null, internetMessageId: '<one@mailer.example>', mailbox: 'm', message: '1' },
  ...{ digest: createHash('sha256').update(at).digest('hex'), bytes: 7, at, ...change },
});

describe('what is older than its days', () => {
  const ninetyDaysAgo = () => new Date(world.now() - 90 * DAY_MINUTES * 60_000).toISOString();

  it('goes, what is younger stays, and the record says which and how much', async () => {
    const young = piece(ninetyDaysAgo(), { kind: 'mime' });
    const old = [piece(OLD), piece('2026-08-02T08:00:00.000Z', { internetMessageId: '<other@mailer.example>' })];
    for (const one of [young, ...old]) await tell((tx) => tx.evidence.keep('CB-0900', one, 'text'));
    await letGoOfEvidence(world.flow);
    expect(await keptOf('CB-0900')).toEqual([young]);
    expect(entries('CB-0900', 'evidence.let-go').map(({ outcome, detail }) => [outcome, detail])).toEqual([
      ['after its days', { digests: old.map(({ digest }) => digest), bytes: 14, before: ninetyDaysAgo() }],
    ]);
  });

  it('stays with an incident that differs from the record', async () => {
    const { id } = await listed(ANN);
    await tell((tx) => tx.evidence.keep(id, piece(OLD), 'text'));
    await tell((tx) => tx.incidents.save(id, { breach: 'differs' }, world.flow.clock.now()));
    await letGoOfEvidence(world.flow);
    expect([await keptOf(id), entries(id, 'evidence.let-go')]).toEqual([[piece(OLD)], []]);
  });

  it('of a thousand incidents goes at once, and the rest at the next turn', async () => {
    await tell(async (tx) => {
      for (let n = 0; n <= 1_000; n += 1)
        await tx.evidence.keep(`CB-${String(n).padStart(5, '0')}`, piece(OLD), 'text');
    });
    await letGoOfEvidence(world.flow);
    expect(await keptOf('CB-00999')).toEqual([]);
    expect(await keptOf('CB-01000')).toHaveLength(1);
    await letGoOfEvidence(world.flow);
    expect(await keptOf('CB-01000')).toEqual([]);
  });
});
