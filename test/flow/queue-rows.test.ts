import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/core/find/plan.ts';
import type { Incident, Situation } from '../../src/core/incident/incident.ts';
import { createDesk } from '../../src/flow/decide/desk.ts';
import type { ChatUser } from '../../src/ports/desk.ts';
import type { NewWorkItem, Run } from '../../src/ports/runs.ts';
import { answered } from '../support/answered.ts';
import { askedOf, incidentOf, planOf, termsOf } from '../support/cases.ts';
import { type Night, PEOPLE, startNight, TENANT } from '../support/desk-of-the-night.ts';
import { sealed } from '../support/sealed-plans.ts';
import { inSlack, inTeams, MINUTE } from './telling.ts';

/** What a queue makes of what is stored. Nothing is looked for and nothing runs: each case stands where it was put. */

let night: Night;
beforeEach(async () => {
  night = await startNight({ workers: false });
});
afterEach(() => night.close());

const DAY = 24 * 60 * MINUTE;
const at = (ms: number) => new Date(night.clock.now + ms).toISOString();
const dana = inSlack('dana');

interface Case {
  readonly stands?: Situation;
  readonly plan?: Partial<Plan> | null;
  readonly incident?: Partial<Incident>;
}

/** An incident as it is stored, asked about a minute ago where nothing else is said. */
function stored(id: string, { stands = 'open', plan = {}, incident = {} }: Case = {}): Promise<void> {
  return night.flow.store.transact(async (tx) => {
    const policy = night.flow.policy().digest;
    const filed = plan && sealed(planOf({ id: `plan of ${id}`, incident: id, tenant: TENANT, policy, ...plan }));
    if (filed) await tx.incidents.savePlan(filed);
    const asked = { askedAt: at(-MINUTE), deadline: at(60 * MINUTE), updatedAt: at(0) };
    const own = { tenant: TENANT, id, dedupeKey: `key of ${id}`, planDigest: filed?.digest ?? null };
    await tx.incidents.createOrRepeat(incidentOf(stands, { ...own, ...asked, ...incident }));
  });
}

/** A run of this incident, all of whose copies wait; `done` of them ended well, or badly. */
async function running(id: string, copies: number, ended: readonly ('removed' | 'failed')[] = []): Promise<void> {
  const items = Array.from({ length: copies }, (_none, n): NewWorkItem => {
    const address = `user${n}@contoso.example`;
    return { mailbox: `box${n}`, address, message: `m${n}`, folderId: 'inbox', folder: 'Inbox', before: null };
  });
  await night.flow.store.transact(async (tx) => {
    const planDigest = (await tx.incidents.get(id))?.planDigest ?? '';
    const state = ended.length === copies ? 'finished' : 'running';
    const own: Pick<Run, 'id' | 'incident' | 'planDigest' | 'state' | 'mailboxes'> = {
      ...{ id: `run of ${id}`, incident: id, planDigest, state, mailboxes: copies },
    };
    const times = { startedAt: at(-MINUTE), finishedAt: null, rescopedAt: null, cancelledAt: null };
    const how = { action: 'purge', mode: 'live', cause: 'approved', approvedBy: ['p1', 'p2'] } as const;
    await tx.runs.start({ ...own, ...times, ...how }, items);
    await tx.incidents.save(id, { runId: own.id }, at(0));
    const claimed = ended.length === 0 ? [] : await tx.work.claim(own.id, ended.length, MINUTE);
    await tx.work.finish(
      own.id,
      claimed.map(({ seq, fence }, n) => {
        const seen = { outcome: ended[n] ?? 'removed', detail: 'seen', requestId: 'r' } as const;
        return { seq, fence, done: true, ...seen };
      }),
    );
  });
}

async function queueOf(by: ChatUser, channel: string | null = null, flow = night.flow) {
  const queue = answered(await createDesk(flow).queue({ by, channel, open: null }));
  if (queue.code !== 'queue') throw new Error(`there is no queue: ${queue.code}`);
  return queue;
}
const placesIn = (queue: Awaited<ReturnType<typeof queueOf>>) =>
  (['mine', 'role', 'running', 'trouble'] as const).flatMap((place) =>
    queue[place].map(({ incident, copies, barred, trouble }) => [place, incident.id, copies, barred ?? trouble]),
  );
const places = async (by: ChatUser = dana) => placesIn(await queueOf(by));

describe('a case that grew out of another', () => {
  const askers = [{ entraId: PEOPLE.dana.entraId, address: null }];

  it('waits for others where somebody asked about the one that it grew out of, however far back', async () => {
    await stored('CB-1', { stands: 'purged', incident: { askers } });
    await stored('CB-2', { stands: 'purged', incident: { parent: 'CB-1' } });
    await stored('CB-3', { incident: { parent: 'CB-2' } });
    expect(await places()).toEqual([['role', 'CB-3', 2, 'requester']]);
    expect(await places(inTeams('omar'))).toEqual([['mine', 'CB-3', 2, null]]);
  });

  it('that waits as well is judged once for each of the two', async () => {
    await stored('CB-1', { incident: { askers } });
    await stored('CB-2', { incident: { parent: 'CB-1', deadline: at(90 * MINUTE) } });
    await stored('CB-3', { incident: { deadline: at(95 * MINUTE) } });
    expect(await places()).toEqual([
      ['mine', 'CB-3', 2, null],
      ['role', 'CB-1', 2, 'requester'],
      ['role', 'CB-2', 2, 'requester'],
    ]);
  });

  it('waits as it stands where the other one was forgotten', async () => {
    await stored('CB-2', { incident: { parent: 'CB-1' } });
    expect(await places()).toEqual([['mine', 'CB-2', 2, null]]);
  });
});

describe('a case that is under way', () => {
  it('runs with the copies of its list', async () => {
    await stored('CB-1', { stands: 'running' });
    await running('CB-1', 2);
    expect(await places()).toEqual([['running', 'CB-1', 2, null]]);
  });

  it('is looked into before it has a list', async () => {
    await stored('CB-1', { stands: 'received', plan: null });
    expect(await places()).toEqual([['running', 'CB-1', null, null]]);
  });

  it('is trouble and runs no more where it was marked', async () => {
    await stored('CB-1', { stands: 'running', incident: { breach: 'a vote is not in the record' } });
    await running('CB-1', 2);
    expect(await places()).toEqual([['trouble', 'CB-1', 2, 'marked']]);
  });
});

describe('a case whose list cannot be believed', () => {
  it('is trouble, and asks nobody', async () => {
    await stored('CB-1', { incident: { planDigest: 'f'.repeat(64) } });
    expect(await places()).toEqual([['trouble', 'CB-1', null, 'marked']]);
  });
});

describe('a case that ended', () => {
  it('badly is trouble for a week, with all its copies', async () => {
    await stored('CB-1', { stands: 'purged' });
    await running('CB-1', 3, ['removed', 'failed', 'removed']);
    expect(await places()).toEqual([['trouble', 'CB-1', 3, 'not done']]);
    night.clock.now += 6 * DAY;
    expect(await places()).toHaveLength(1);
    night.clock.now += 2 * DAY;
    expect(await places()).toEqual([]);
  });

  it('well is in no queue', async () => {
    await stored('CB-1', { stands: 'purged' });
    await running('CB-1', 2, ['removed', 'removed']);
    await stored('CB-2', { stands: 'rejected' });
    const queue = await queueOf(dana);
    expect([placesIn(queue), queue.over]).toEqual([[], { open: { looked: 0, all: 0 }, ended: { looked: 1, all: 1 } }]);
  });

  it('with a mark is trouble, however it ended', async () => {
    await stored('CB-1', { stands: 'purged', incident: { breach: 'its plan differs' } });
    await running('CB-1', 2, ['removed', 'removed']);
    expect(await places()).toEqual([['trouble', 'CB-1', null, 'marked']]);
  });

  it('is counted where there are more than anybody reads', async () => {
    for (let n = 0; n < 203; n += 1) await stored(`CB-${n}`, { stands: 'expired', plan: null });
    const queue = await queueOf(dana);
    expect([queue.trouble.length, queue.over.ended]).toEqual([200, { looked: 200, all: 203 }]);
  });
});

describe('what counts at this moment', () => {
  const instead = { afterMinutes: 30, ask: [{ role: 'nobody else', count: 1 }] };

  it('is who is asked instead, once they are', async () => {
    const asked = askedOf([{ role: 'approver', count: 1 }], { escalation: [instead] });
    await stored('CB-1', { plan: { terms: termsOf(1, { purge: asked }) }, incident: { askedAt: at(-29 * MINUTE) } });
    expect((await queueOf(dana)).mine).toHaveLength(1);
    night.clock.now += 2 * MINUTE;
    const queue = await queueOf(dana);
    expect([placesIn(queue), queue.others]).toEqual([[], 1]);
  });

  it('is a list that was made under a policy that nobody has any more, by the one of today', async () => {
    await stored('CB-1', { plan: { policy: 'e'.repeat(64) } });
    expect(await places()).toEqual([['mine', 'CB-1', 2, null]]);
  });
});

describe('whoever looks', () => {
  it('is known to have been there', async () => {
    await queueOf(inTeams('lena'));
    const last = await night.flow.store.transact((tx) => tx.calls.lastActed([PEOPLE.lena.entraId]));
    expect([...last]).toEqual([[PEOPLE.lena.entraId, 'teams']]);
  });

  it('and presses there as well, also where nothing comes of it', async () => {
    await night.desk.queue({ by: inTeams('lena'), channel: null, open: 'CB-9' });
    const last = await night.flow.store.transact((tx) => tx.calls.lastActed([PEOPLE.lena.entraId]));
    expect([...last]).toEqual([[PEOPLE.lena.entraId, 'teams']]);
  });
});
