import { beforeEach, describe, expect, it } from 'vitest';
import type { Happening } from '../../src/flow/flow.ts';
import type { PulledItem, PulledSource } from '../../src/ports/source.ts';
import { pulledChecks } from '../../src/pulled.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { sentAlert } from '../support/signed-alerts.ts';
import { SOURCE } from '../support/source.ts';

/** A mailbox that people used to report to, and that nothing comes to any more, is told: once, until a report comes again. */

const DAY = 24 * 60;
let world: World;
/** All that there is, each time it is asked: what it told before as well. */
let all: PulledItem[];
let happened: Happening[];

const mailbox = (kind: 'report' | 'detector'): PulledSource => ({
  source: { ...SOURCE, name: 'mailbox', kind },
  vendor: 'made-up',
  everyMs: 60_000,
  ask: () => Promise.resolve({ kind: 'page', items: all, cursor: 'x', more: false }),
});

beforeEach(async () => {
  world = createWorld();
  [all, happened] = [[], []];
  Object.assign(world.flow, { pulled: [mailbox('report')], observe: (one: Happening) => happened.push(one) });
  await world.govern(POLICIES[0] as (typeof POLICIES)[number]);
});

function report(n: number): PulledItem {
  const alert = sentAlert({ id: `report-${n}` }, { internetMessageId: `<report-${n}@mailer.example>` });
  return { id: `report-${n}`, body: JSON.stringify(alert), understood: { alert } };
}
const UNREADABLE: PulledItem = { id: 'bad', body: '{}', understood: { why: 'not-json' } };

async function pass(minutes: number): Promise<void> {
  world.pass(minutes);
  await world.sweep();
  await world.settle();
}
const told = () =>
  happened.flatMap((one) => (one.what === 'source' && /silent|speaks/.test(one.result) ? [one.result] : []));
const ready = async () => (await pulledChecks(world.flow)['source mailbox contoso']?.()) ?? null;

async function usual(reports: number): Promise<void> {
  for (let n = 1; n <= reports; n += 1) {
    all.push(report(n));
    await pass(DAY);
  }
}

describe('a source of reports', () => {
  it('that had five and then none for a week is told once, in health and to the operator', async () => {
    await usual(5);
    const last = world.flow.clock.now();
    await pass(6 * DAY);
    expect([told(), await ready()]).toEqual([[], null]);
    await pass(DAY);
    await pass(DAY);
    expect(told()).toEqual(['silent']);
    const remark = `nobody has reported since ${last}, after 5 reports in the 30 days before: look whether it is still set up there`;
    expect(await ready()).toEqual({ remark });
  });

  it('that had four is missed by nobody', async () => {
    await usual(4);
    await pass(20 * DAY);
    expect([told(), await ready()]).toEqual([[], null]);
  });

  it('speaks again with the next report, and may fall silent again', async () => {
    await usual(5);
    await pass(8 * DAY);
    all.push(report(6));
    await pass(DAY);
    expect([told(), await ready()]).toEqual([['silent', 'speaks'], null]);
    await pass(8 * DAY);
    expect(told()).toEqual(['silent', 'speaks', 'silent']);
  });

  it('is not counted twice for what it tells again', async () => {
    all.push(report(1));
    for (let n = 0; n < 6; n += 1) await pass(DAY);
    await pass(10 * DAY);
    expect([told(), await ready()]).toEqual([[], null]);
  });

  it('speaks also where nothing of its reports can be used, and says that once', async () => {
    await usual(5);
    all.push(UNREADABLE);
    await pass(6 * DAY);
    await pass(3 * DAY);
    expect([told(), happened.filter((one) => one.what === 'source' && one.result === 'unusable').length]).toEqual([
      [],
      1,
    ]);
  });

  it('is judged so and no detector is', async () => {
    Object.assign(world.flow, { pulled: [mailbox('detector')] });
    await usual(5);
    await pass(8 * DAY);
    expect([told(), await ready()]).toEqual([[], { remark: expect.stringContaining('nothing came from it since') }]);
  });
});
