import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sweep, work } from '../../src/flow/sweep.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { type FakeChat, ofChat } from '../support/fake-rooms.ts';
import { knowsPeople, measuresOf, measuring, ofAccount, policyOf } from './measuring.ts';
import { inTeams, MINUTE } from './telling.ts';

/** A list of measures that waits is not forgotten: the room is told, once for each step, until it is decided or over. */

const LEAD = { lead: { people: [PEOPLE.lena.entraId] } };
const flags = { dueHours: 48, remindBefore: [24], escalate: { afterHours: 8, to: 'lead' } };
const LINE = "Set-Mailbox -Identity 'ann@contoso.example' -ForwardingSmtpAddress $null";

let night: Night;
const { found, measures, asUsual } = measuresOf();
const { asked, pressList, shows, entries, press } = measuring(() => night);

beforeEach(async () => {
  asUsual();
  night = await startNight({ policy: policyOf({ approver: 1 }, { roles: LEAD, flags }), measures });
  knowsPeople(night);
});
afterEach(() => night.close());

const reminded = async (incident: string) =>
  (await entries(incident, 'measures.reminded')).map(({ detail }) => `${detail.step}: ${detail.open}`);
const nudges = (platform: FakeChat, id: string) =>
  ofChat(night, platform)
    .nudges.filter(({ call }) => call.incident === id)
    .map(({ call, people }) => [
      call.asks.is === 'measures' ? `${call.asks.about} ${call.asks.kind}` : call.asks.is,
      people.map(({ name }) => name),
    ]);

/** The clock goes on, and somebody looks what is left to do, as after a restart. */
async function come(minutes: number): Promise<void> {
  night.clock.now += minutes * MINUTE;
  await sweep(night.flow, 'later');
}
const until = (incident: string, steps: readonly string[]) =>
  night.until(`the steps ${steps.join(', ')}`, async () => (await reminded(incident)).join() === steps.join());

describe('a list that waits for votes', () => {
  it('is called to in the room halfway, once more to the role that the policy names, and then not any more', async () => {
    const { id, incident } = await asked('disable-account ann@contoso.example because she clicked');
    await come(20);
    expect(await reminded(incident)).toEqual([]);
    await come(12);
    await until(incident, ['votes, halfway: 0']);
    await come(15);
    await until(incident, ['votes, halfway: 0', 'votes, escalated to lead: 0']);
    await night.until('both are told', () => nudges('slack', id).length === 2 && nudges('teams', id).length === 2);
    await come(5);
    await come(60);
    expect(await reminded(incident)).toHaveLength(2);
    // Whoever asked for it does not decide about it, and each is called in one chat.
    const called = [...nudges('slack', id), ...nudges('teams', id)];
    expect(called.filter(([what]) => what === 'votes reminder').flatMap(([, names]) => names)).not.toContain('Dana');
    expect(called.filter(([what]) => what === 'votes escalation').flatMap(([, names]) => names)).toEqual(['Lena']);
  });

  it('is not called to once people decided', async () => {
    const { id, incident } = await asked('disable-account ann@contoso.example because she clicked');
    await pressList(id, inTeams('omar'), 'measures-decline');
    await shows(id, 'Declined');
    await come(32);
    await come(15);
    expect([await reminded(incident), nudges('slack', id)]).toEqual([[], []]);
  });

  it('names nobody in quiet hours, and whoever was not called is once they end', async () => {
    const { id, incident } = await asked('disable-account ann@contoso.example because she clicked');
    const hour = (ms: number) => new Date(ms).toISOString().slice(11, 16);
    const { now } = night.clock;
    const quiet = { zone: 'UTC', from: hour(now), until: hour(now + 40 * MINUTE), calledFrom: 'critical' };
    Object.assign(night.flow, { quiet });
    await come(32);
    await until(incident, ['votes, halfway: 0']);
    await night.until('both are told', () => nudges('slack', id).length === 1 && nudges('teams', id).length === 1);
    const named = () => [...nudges('slack', id), ...nudges('teams', id)].flatMap(([, names]) => names);
    expect(named()).toEqual([]);
    night.clock.now += 9 * MINUTE;
    for (const platform of ['slack', 'teams'] as const)
      await work(night.flow, { queue: 'nudge', incident: id, platform, step: 0, afterQuiet: true });
    expect(named()).toContain('Omar');
  });

  it('is called to in the other chat where one takes nothing any more, and the record says who was not called', async () => {
    const { id, incident } = await asked('disable-account ann@contoso.example because she clicked');
    ofChat(night, 'slack').failures.push({ kind: 'dead', on: `nudge ${id} ` });
    await come(32);
    await until(incident, ['votes, halfway: 0']);
    await night.until('the other is told', () =>
      nudges('teams', id)
        .flatMap(([, names]) => names)
        .includes('Omar'),
    );
    const called = (await entries(incident, 'people.called')).filter(({ platform }) => platform === 'slack');
    expect(await entries(incident, 'people.uncalled')).toHaveLength(called.length);
  });

  it('a call that comes late, when it is decided, is not made', async () => {
    const { id, incident } = await asked('disable-account ann@contoso.example because she clicked');
    await come(32);
    await until(incident, ['votes, halfway: 0']);
    await night.until('they are told', () => nudges('slack', id).length === 1);
    await pressList(id, inTeams('omar'), 'measures-apply');
    await shows(id, 'Contained');
    const before = nudges('slack', id).length;
    await work(night.flow, { queue: 'nudge', incident: id, platform: 'slack', step: 0 });
    expect(nudges('slack', id)).toHaveLength(before);
  });
});

describe('a list with lines for an administrator', () => {
  const begun = async () => {
    found.measures = [ofAccount('revoke-sessions')];
    found.byHand = [{ address: 'ann@contoso.example', line: LINE, isFound: true }];
    const made = await asked('found ann@contoso.example because she clicked');
    await pressList(made.id, inTeams('omar'), 'measures-apply');
    await shows(made.id, 'Done, and more is needed');
    return made;
  };

  it('is called to as flags are, before it is due, when it is, and once to the role after that', async () => {
    const { incident, id } = await begun();
    await come(25 * 60);
    await until(incident, ['by hand, 24 h before: 1']);
    await come(24 * 60);
    await until(incident, ['by hand, 24 h before: 1', 'by hand, overdue: 1']);
    await come(8 * 60);
    const all = ['by hand, 24 h before: 1', 'by hand, overdue: 1', 'by hand, escalated to lead: 1'];
    await until(incident, all);
    await night.until('the room is told', () => nudges('slack', id).length === 3);
    await come(100 * 60);
    expect(await reminded(incident)).toEqual(all);
    expect(await night.ledgerFault()).toBeNull();
  });

  it('is nothing for whoever they are about: not to be called to, and not to decide', async () => {
    found.measures = [ofAccount('revoke-sessions')];
    found.byHand = [{ address: PEOPLE.omar.address, line: LINE, isFound: true }];
    const { id, incident } = await asked('found because she clicked');
    expect(await pressList(id, inTeams('omar'), 'measures-decline')).toMatchObject({ code: 'own-account' });
    await come(32);
    await until(incident, ['votes, halfway: 0']);
    await night.until('both are told', () => nudges('slack', id).length === 1 && nudges('teams', id).length === 1);
    expect([...nudges('slack', id), ...nudges('teams', id)].flatMap(([, names]) => names)).not.toContain('Omar');
  });

  it('is not called to once the look no longer finds them', async () => {
    const { incident } = await begun();
    found.byHand = [];
    await come(25 * 60);
    await come(40 * 60);
    expect(await reminded(incident)).toEqual([]);
  });

  it('is not called to once the mail is called harmless', async () => {
    const { incident } = await begun();
    await press(incident, inTeams('omar'), 'reject', { reason: 'a newsletter' });
    await come(50 * 60);
    expect(await reminded(incident)).toEqual([]);
  });
});
