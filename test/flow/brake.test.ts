import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ofType } from '../../src/core/record/ledger.ts';
import type { EntryType } from '../../src/core/record/payloads.ts';
import { createDesk } from '../../src/flow/decide/desk.ts';
import { sweep } from '../../src/flow/sweep.ts';
import type { ChatUser } from '../../src/ports/desk.ts';
import { liftCounted, lost, notAsked } from '../support/answered.ts';
import { type Night, PEOPLE, startNight, TENANT, twoOfThree } from '../support/desk-of-the-night.ts';
import { RECOVERABLE } from '../support/fake-mail.ts';
import { guid, inSlack, inTeams, joins, policyWith, ruleFor, slackUser, storyteller } from './telling.ts';

/** The kill switch: easy to pull for everybody at home, and only a quorum puts it back. */
let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());
const { lands, press, say, stands, votes, runs, outcomes, refusals, becomes, cardsShow } = storyteller(() => night);

const brake = () => night.flow.store.transact((tx) => tx.brake.read());
const recorded = async <T extends EntryType>(type: T) => (await night.entries()).filter(ofType(type));
const lifted = async () => {
  await say(inSlack('dana'), 'lift');
  return say(inTeams('omar'), 'lift');
};

/** Does something once, before the mail service is asked the next time. */
function beforeFirst(method: 'read' | 'softDelete', once: () => Promise<unknown>): void {
  const plain = night.mail[method].bind(night.mail) as (targets: never) => Promise<never>;
  let waiting: Promise<unknown> | null = null;
  night.mail[method] = async (targets: never) => {
    waiting ??= once();
    await waiting;
    return plain(targets);
  };
  mend = () => {
    night.mail[method] = plain;
  };
}
let mend: () => void = () => undefined;

/** A stop file that is there a moment after somebody has looked for it. */
function pullAfterNextLook(words: string): void {
  const { stopFile } = night.flow;
  const once = () => {
    Object.assign(night.flow, { stopFile });
    night.setStopFile(words);
    return Promise.resolve(null);
  };
  Object.assign(night.flow, { stopFile: once });
}

afterEach(async () => {
  mend();
  night.setStopFile(null);
  night.directory.down = false;
  await lifted();
  await night.govern(twoOfThree());
});

describe('whoever wanted the stop lifted', () => {
  const dana = () => night.directory.people.get(PEOPLE.dana.entraId);
  afterEach(() => {
    const known = dana();
    if (known) night.directory.people.set(known.id, { ...known, enabled: true });
  });

  it('is looked at again at the last vote: somebody locked out since lifts nothing', async () => {
    await say(inSlack('dana'), 'stop');
    await say(inSlack('dana'), 'lift');
    const known = dana();
    if (known) night.directory.people.set(known.id, { ...known, enabled: false });
    expect(await say(inTeams('omar'), 'lift')).toMatchObject({ ...liftCounted(1, 2), ...lost('Dana', 'deactivated') });
    expect((await brake()).stopped).toBe(true);
    expect((await recorded('decision.withdrawn')).at(-1)).toMatchObject({
      outcome: 'deactivated',
      detail: { name: 'Dana', action: 'lift' },
    });
    expect(await say(inTeams('lena'), 'lift')).toMatchObject({ code: 'lifted' });
  });

  it('and in the chat they said it in', async () => {
    await say(inSlack('dana'), 'stop');
    await say(inSlack('dana'), 'lift');
    const account = night.slackPeople.accounts.get(PEOPLE.dana.slackId);
    night.slackPeople.accounts.delete(PEOPLE.dana.slackId);
    expect(await say(inTeams('omar'), 'lift')).toMatchObject(liftCounted(1, 2));
    if (account) night.slackPeople.accounts.set(PEOPLE.dana.slackId, account);
  });

  it('who cannot be asked about keeps the vote, and nothing goes on until the next word', async () => {
    await say(inSlack('dana'), 'stop');
    await say(inSlack('dana'), 'lift');
    night.slackPeople.down = true;
    const still = { counted: 2, needed: 2, others: { unsure: ['Dana'] } };
    expect(await say(inTeams('omar'), 'lift')).toMatchObject({ ...still, code: 'lift-counted' });
    expect(await say(inTeams('omar'), 'lift')).toMatchObject({ ...still, code: 'lift-repeated' });
    night.slackPeople.down = false;
    expect(await say(inTeams('omar'), 'lift')).toMatchObject({ code: 'lifted' });
  });
});

describe('stopping', () => {
  it('takes one person, and the record says who and why', async () => {
    expect(await say(inSlack('dana'), 'stop a detector went mad')).toMatchObject({ code: 'stop-begun' });
    expect(await brake()).toMatchObject({ stopped: true, by: 'Dana', reason: 'a detector went mad' });
    expect((await recorded('brake.stopped')).at(-1)).toMatchObject({
      actor: { kind: 'person', id: PEOPLE.dana.entraId },
      platform: 'slack',
      detail: { reason: 'a detector went mad' },
    });
  });

  it('works while the directory is down', async () => {
    night.directory.down = true;
    expect(await say(inTeams('lena'), 'stop')).toMatchObject({ code: 'stop-begun' });
    expect(await brake()).toMatchObject({ stopped: true, reason: 'no reason given' });
  });

  it('works for somebody who asked too often for everything else', async () => {
    const flooded = createDesk(night.flow, () => Promise.resolve(false));
    const ask = (words: string) => flooded.command({ by: inTeams('omar'), channel: 'teams-alerts', words });
    expect(await ask('status')).toEqual({ kind: 'said', answer: { code: 'too-many' } });
    await ask('stop it');
    expect(await brake()).toMatchObject({ stopped: true });
  });

  it('a second stop changes nothing', async () => {
    await say(inSlack('dana'), 'stop the first');
    const before = (await recorded('brake.stopped')).length;
    expect(await say(inTeams('omar'), 'stop the second')).toMatchObject({ code: 'stop-holds' });
    expect(await brake()).toMatchObject({ by: 'Dana', reason: 'the first' });
    expect(await recorded('brake.stopped')).toHaveLength(before);
  });

  const strangers: readonly (readonly [string, ChatUser])[] = [
    ['an account of another workspace', { ...inSlack('dana'), home: 'T0ELSEWHERE' }],
    ['an account of another tenant', { ...inTeams('dana'), home: guid(1) }],
    ['a Slack account that nobody is linked to', slackUser('U0NOBODY')],
  ];
  it.each(strangers)('%s cannot, and is recorded', async (_who, by) => {
    const before = (await recorded('stray')).length;
    await say(by, 'stop');
    expect(await brake()).toMatchObject({ stopped: false });
    expect(await recorded('stray')).toHaveLength(before + 1);
  });

  it('a stop file is a stop like any other, and is named in the record', async () => {
    night.setStopFile('audit week');
    await sweep(night.flow, 'later');
    expect(await brake()).toMatchObject({ stopped: true, by: 'the stop file', reason: 'audit week' });
    night.setStopFile(null);
    await sweep(night.flow, 'later');
    expect(await brake()).toMatchObject({ stopped: true });
  });
});

describe('while it is stopped', () => {
  it('no approval counts, and each is recorded', async () => {
    const { id } = await lands();
    await say(inSlack('dana'), 'stop');
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject({ code: 'stopped' });
    expect(await press(id, inTeams('omar'), 'flag')).toMatchObject({ code: 'stopped' });
    expect(await votes(id)).toEqual([]);
    expect(await refusals(id)).toEqual(['stopped', 'stopped']);
  });

  it('people can still look, and still say that it is not malicious', async () => {
    const { id } = await lands();
    await say(inSlack('dana'), 'stop');
    expect(await press(id, inSlack('dana'), 'details')).toMatchObject({ code: 'details', copies: 2 });
    expect(await press(id, inTeams('omar'), 'reject', { reason: 'Ours' })).toMatchObject({
      code: 'rejected',
      touched: false,
    });
    expect(await stands(id)).toBe('rejected');
  });

  it('the open cards and the status say so, and say so no more afterwards', async () => {
    const { id } = await lands();
    await say(inSlack('dana'), 'stop a detector went mad');
    await cardsShow(id, 'the stop', ({ stopped }) => stopped.includes('Stopped by Dana'));
    expect(await say(inTeams('omar'), 'status')).toMatchObject({
      stopped: { by: 'Dana', reason: 'a detector went mad' },
    });
    await lifted();
    await cardsShow(id, 'no stop', ({ stopped }) => stopped === '');
    expect(await say(inTeams('omar'), 'status')).toMatchObject({ code: 'status', stopped: null });
  });

  it('no approval counts either where only the stop file says so yet: the press is told, and everything is stopped', async () => {
    const { id } = await lands();
    await press(id, inSlack('dana'), 'purge');
    night.setStopFile('audit week');
    expect(await press(id, inTeams('omar'), 'purge')).toMatchObject({ code: 'stopped' });
    expect([await runs(id), await refusals(id)]).toEqual([[], ['stopped']]);
    expect(await brake()).toMatchObject({ stopped: true, by: 'the stop file', reason: 'audit week' });
  });

  it('what was approved just before does not begin, not even after a restart', async () => {
    const { id, copies } = await lands();
    await press(id, inSlack('dana'), 'purge');
    pullAfterNextLook('pulled between vote and run');
    await press(id, inTeams('omar'), 'purge');
    const [run] = await runs(id);
    await night.run({ queue: 'run', run: run?.id ?? '' });
    await sweep(night.flow, 'at start');
    await night.run({ queue: 'run', run: run?.id ?? '' });
    expect(await outcomes(id)).toEqual([]);
    expect(copies.map(({ folderId }) => folderId)).toEqual(['inbox', 'inbox']);
    night.setStopFile(null);
    await lifted();
    await becomes(id, 'purged');
  });
});

describe('a run under way', () => {
  const many = Array.from({ length: 100 }, (_none, n) => `crowd${n}`);
  const oneApproves = () => night.govern(policyWith([ruleFor(['purge'], { approver: 1 })]));

  /** Stopped after the claim and before the intent: nothing of it counts as tried. */
  async function givenBack(id: string) {
    await night.until('it is stopped', async () => (await brake()).stopped);
    const [run] = await runs(id);
    const items = () => night.flow.store.transact((tx) => tx.work.page(run?.id ?? '', 0, 10));
    await night.until('it is given back', async () => (await items()).every(({ attempts }) => attempts === 0));
    return items();
  }

  it('halts before its next chunk, and goes on after the lift', async () => {
    await oneApproves();
    const { id, copies } = await lands(many);
    const already = night.mail.effects.length;
    beforeFirst('softDelete', () => say(inTeams('omar'), 'stop'));
    await press(id, inSlack('dana'), 'purge');
    const count = async (type: string) => (await night.entries(id)).filter((entry) => entry.type === type).length;
    await night.until(
      'what was under way has ended',
      async () => (await count('copy.outcome')) > 0 && (await count('copy.outcome')) === (await count('copy.intent')),
    );
    const [run] = await runs(id);
    await night.run({ queue: 'run', run: run?.id ?? '' });
    const done = night.mail.effects.length - already;
    expect(done).toBeLessThan(100);
    expect(await count('copy.intent')).toBe(done);
    expect(await stands(id)).toBe('running');
    await lifted();
    await becomes(id, 'purged');
    expect(copies.every(({ folderId }) => folderId === RECOVERABLE)).toBe(true);
    expect(night.mail.effects).toHaveLength(already + 100);
  });

  it('looks at no copy over and over while it stands still', async () => {
    await oneApproves();
    const { id } = await lands(['ann', 'bob']);
    const seen = new Map<string, number>();
    beforeFirst('read', () => say(inTeams('omar'), 'stop'));
    const hooked = night.mail.read;
    night.mail.read = (targets) => {
      for (const { message } of targets) seen.set(message, (seen.get(message) ?? 0) + 1);
      return hooked(targets);
    };
    await press(id, inSlack('dana'), 'purge');
    await givenBack(id);
    await lifted();
    await becomes(id, 'purged');
    // Once before the stop, once after the lift, and once after the act.
    expect([...seen.values()]).toEqual([3, 3]);
  });

  it('gives back what it had claimed and not yet announced', async () => {
    await oneApproves();
    const { id, copies } = await lands();
    beforeFirst('read', () => say(inTeams('omar'), 'stop'));
    await press(id, inSlack('dana'), 'purge');
    const items = await givenBack(id);
    expect(items.map(({ intentAt }) => intentAt)).toEqual([null, null]);
    expect(copies.map(({ folderId }) => folderId)).toEqual(['inbox', 'inbox']);
    await lifted();
    await becomes(id, 'purged');
    expect(await outcomes(id)).toEqual(['removed', 'removed']);
  });
});

describe('lifting', () => {
  it('takes two different people, each named in the record', async () => {
    await say(inSlack('dana'), 'stop');
    expect(await say(inSlack('dana'), 'lift')).toMatchObject(liftCounted(1, 2));
    expect(await say(inTeams('dana'), 'lift')).toMatchObject({ code: 'lift-repeated' });
    expect(await brake()).toMatchObject({ stopped: true });
    expect(await say(inTeams('omar'), 'lift')).toMatchObject({ code: 'lifted' });
    expect(await brake()).toMatchObject({ stopped: false });
    expect((await recorded('brake.lifted')).at(-1)?.detail).toEqual({ people: ['Dana', 'Omar'] });
  });

  it('votes for an earlier stop do not count for a later one', async () => {
    await say(inSlack('dana'), 'stop the first');
    await lifted();
    await say(inSlack('dana'), 'stop the second');
    expect(await say(inTeams('omar'), 'lift')).toMatchObject(liftCounted(1, 2));
  });

  it('takes the roles that the policy names', async () => {
    joins(night, 60);
    await night.govern(
      policyWith([ruleFor(['purge'], { approver: 2 })], {
        roles: { lead: { people: [guid(60)] } },
        stop: { lift: [{ role: 'lead', count: 1 }] },
      }),
    );
    await say(inSlack('dana'), 'stop');
    expect(await say(inTeams('omar'), 'lift')).toMatchObject({ ...notAsked('lead'), code: 'lift-not-asked' });
    expect(await say(joins(night, 60), 'lift')).toMatchObject({ code: 'lifted' });
  });

  it('is not for outsiders, nor while nobody can be asked who somebody is', async () => {
    await say(inSlack('dana'), 'stop');
    await say({ ...inTeams('omar'), home: TENANT.replace('c0de', 'ffff') }, 'lift');
    await say(joins(night, 61), 'lift');
    night.directory.down = true;
    expect(await say(inSlack('dana'), 'lift')).toMatchObject({ code: 'asker-unchecked' });
    night.directory.down = false;
    expect(await say(inTeams('omar'), 'lift')).toMatchObject(liftCounted(1, 2));
  });

  it('does not help while the stop file is still there', async () => {
    night.setStopFile('audit week');
    await sweep(night.flow, 'later');
    expect(await lifted()).toMatchObject({ code: 'stop-file-there' });
    expect(await brake()).toMatchObject({ stopped: true });
  });

  it('of what is not stopped is said to be just that', async () => {
    expect(await say(inSlack('dana'), 'lift')).toMatchObject({ code: 'not-stopped' });
  });
});
