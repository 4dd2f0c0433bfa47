import { beforeEach, describe, expect, it } from 'vitest';
import type { Situation } from '../../src/core/incident/incident.ts';
import type { Recorded } from '../../src/core/record/ledger.ts';
import type { Flow } from '../../src/flow/flow.ts';
import { deadlineBreach, escalationOf, nudgeTime, waitBreach, waitFor } from '../../src/flow/record/wait.ts';
import { createWorld, type World } from '../fault/world.ts';
import { askedOf, incidentOf, planOf, termsOf } from '../support/cases.ts';
import { at } from './began.ts';

/** Until when a decision is waited for, who is called in between, and where a row says something else than the record. */

const MINUTE = 60_000;
let world: World;
beforeEach(() => {
  world = createWorld();
});

const approver = [{ role: 'approver', count: 1 }];
const asked = (expiryMinutes: number, escalation: readonly { afterMinutes: number; remind: string }[] = []) =>
  askedOf(approver, { expiryMinutes, escalation: [...escalation] });
const reminds = (...minutes: readonly number[]) =>
  minutes.map((afterMinutes) => ({ afterMinutes, remind: 'approver' }));
const plan = planOf({ terms: termsOf(1, { purge: asked(30, reminds(10, 20)), flag: asked(90), restore: asked(999) }) });
const nothing = planOf({
  terms: {
    ...termsOf(),
    purge: { is: 'refused', rule: null, why: 'never' },
    flag: { is: 'refused', rule: null, why: 'never' },
  },
});

describe('a question', () => {
  async function waits(situation: Situation, of = plan, onCall: Flow['onCall'] = null) {
    const before = world.memory.jobs().length;
    const waiting = await world.flow.store.transact((tx) =>
      waitFor({ ...world.flow, onCall }, tx, { id: 'CB-1', situation, plan: of }),
    );
    const jobs = world.memory.jobs().slice(before);
    const minutes = jobs.map(({ job, dueAt }) => [job.queue, Math.floor((dueAt - world.now()) / MINUTE)]);
    return { waiting, minutes };
  }
  const onCall = { at: () => Promise.resolve({ is: 'known', people: [] } as const) };
  const now = () => new Date(world.now()).toISOString();
  const later = (minutes: number) => new Date(world.now() + minutes * MINUTE).toISOString();

  it('waits as long as the longest of what can be asked for, and reminds at the first step', async () => {
    const { waiting, minutes } = await waits('open');
    expect(waiting).toEqual({ askedAt: now(), deadline: later(90), nudges: 0, nudgeAt: later(10) });
    expect(minutes.map(([queue]) => queue).sort()).toEqual(['expire', 'remind']);
    expect(minutes).toContainEqual(['remind', 10]);
  });

  it('is in sight for an hour where nothing is allowed, and reminds nobody', async () => {
    const { waiting, minutes } = await waits('open', nothing, onCall);
    expect(waiting).toEqual({ askedAt: now(), deadline: later(60), nudges: 0, nudgeAt: null });
    expect(minutes.map(([queue]) => queue)).toEqual(['expire']);
  });

  it('calls whoever is on call in each chat, unless people have just had mailboxes flagged', async () => {
    const calls = async (situation: Situation) =>
      (await waits(situation, plan, onCall)).minutes.filter(([queue]) => queue === 'nudge');
    expect(await calls('open')).toEqual([
      ['nudge', 0],
      ['nudge', 0],
    ]);
    expect(await calls('flagged')).toEqual([]);
  });

  it('has the steps of what is led with, and none where there is no list', () => {
    expect(escalationOf(plan, 'open')).toEqual(reminds(10, 20));
    expect([escalationOf(null, 'open'), escalationOf(nothing, 'open')]).toEqual([[], []]);
  });

  it('has a step at its minute after it was asked, and none where nothing is asked or there is none', () => {
    const [step] = reminds(10);
    expect([nudgeTime(at(0), step), nudgeTime(null, step), nudgeTime(at(0), undefined)]).toEqual([at(10), null, null]);
  });
});

describe('a row that says since when and until when', () => {
  const entry = (type: string, minutes: number) => ({ type, at: at(minutes) }) as unknown as Recorded;
  const row = (stands: Situation, askedAt: string | null, deadline: string | null) =>
    incidentOf(stands, { askedAt, deadline });
  const differs = 'since when and until when it waits differs from the record';

  it.each<[string, Situation, string]>([
    ['open', 'open', 'plan.made'],
    ['flagged', 'flagged', 'run.finished'],
    ['contained', 'contained', 'run.finished'],
  ])('agrees with the newest entry that began it, to a minute, where it is %s', (_what, stands, type) => {
    const entries = [entry(type, 0), entry(type, 10), entry('card.posted', 30)];
    const said = (minutes: number) => waitBreach(row(stands, at(minutes), at(90)), entries);
    expect([said(10), said(9), said(11), said(8.9), said(11.1), said(0)]).toEqual([
      ...[null, null, null],
      ...[differs, differs, differs],
    ]);
  });

  it('says until when wherever something is waited for', () => {
    expect(waitBreach(row('open', at(0), null), [entry('plan.made', 0)])).toBe(differs);
  });

  it('cannot be held against what the record does not say, or where nothing is waited for', () => {
    expect([
      waitBreach(row('open', at(50), at(90)), [entry('run.finished', 0)]),
      waitBreach(row('open', null, null), [entry('plan.made', 0)]),
      waitBreach(row('purged', at(50), at(90)), [entry('plan.made', 0), entry('run.finished', 0)]),
    ]).toEqual([null, null, null]);
  });

  it('says the time that its list gives, to the moment', () => {
    const until = (deadline: string | null, askedAt: string | null = at(0)) =>
      deadlineBreach(row('open', askedAt, deadline), plan);
    const other = 'until when it waits differs from its plan';
    expect([until(at(90)), until(at(89)), until(at(91)), until(null), until(at(5), null)]).toEqual([
      ...[null, other, other],
      ...[null, null],
    ]);
    expect(deadlineBreach(row('running', at(0), at(1)), plan)).toBeNull();
  });
});
