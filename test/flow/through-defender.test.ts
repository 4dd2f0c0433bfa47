import { describe, expect, it } from 'vitest';
import { Policy } from '../../src/core/ask/policy.ts';
import { defenderWorld } from './defender-world.ts';
import { ANN, BOB, CAS, DANA } from './looking.ts';

/** A purge through Defender: ordered once, looked after, told as what was seen, and put back into the Inbox. */

const WITH_JUNK = Policy.parse({
  version: 1,
  rules: [{ name: 'any', when: { action: ['junk', 'undo'] }, approve: [{ role: 'approver', count: 1 }] }],
});
const ALONE = { first: 'defender', fallback: false } as const;
type Opened = Awaited<ReturnType<typeof defenderWorld>>;

async function purging(addresses: readonly string[] = [ANN]) {
  const world = await defenderWorld(ALONE);
  const id = await world.landed(addresses);
  await world.approved(id);
  return { ...world, id };
}

const stands = async ({ incident }: Opened, id: string) => (await incident(id))?.stands;

describe('an order that Defender took on', () => {
  it('is not told as removed before Defender tells that it is done, and is never sent twice', async () => {
    const world = await purging([ANN, BOB]);
    await world.minutes(2);
    expect([await stands(world, world.id), world.outcomes(world.id), world.folderOf(ANN)]).toEqual([
      'running',
      [],
      'Deletions',
    ]);
    await world.minutes(3);
    expect(await stands(world, world.id)).toBe('purged');
    expect(world.outcomes(world.id).map(({ outcome }) => outcome)).toEqual(['removed', 'removed']);
    expect(world.orders()).toHaveLength(1);
  });

  it('bears the case’s name where its people look for it, and no request goes to a mailbox', async () => {
    const world = await purging();
    await world.minutes(5);
    expect(world.orders()[0]?.body).toMatchObject({
      displayName: expect.stringContaining(world.id),
      action: 'softDelete',
    });
    expect(
      world.graph.log.entries().filter(({ path }) => /^\/users\/[^/?]+\/(messages|mailFolders)/.test(path)),
    ).toEqual([]);
  });

  it('and never does is ordered once more after half an hour, and then told as still there', async () => {
    const world = await defenderWorld(ALONE);
    world.graph.faults.set({ neverRemediated: true }, world.idOf(BOB));
    const id = await world.landed([ANN, BOB]);
    await world.approved(id);
    const sent = [];
    for (const minutes of [29, 3, 30]) {
      await world.minutes(minutes);
      sent.push(world.orders().length);
    }
    expect(sent).toEqual([1, 2, 2]);
    expect(world.outcomes(id)).toEqual([
      { outcome: 'removed', note: expect.stringContaining('as Defender tells') },
      { outcome: 'stillThere', note: expect.stringMatching(/not seen done .*: it may still come/) },
    ]);
    expect(JSON.stringify(world.cardOf(id))).toContain('Still in the mailbox of bob@contoso[.]example');
  });

  it('is looked after for two minutes where people end the purge meanwhile, and not sent again', async () => {
    const world = await defenderWorld(ALONE);
    world.graph.faults.set({ neverRemediated: true }, world.idOf(ANN));
    const id = await world.landed([ANN]);
    await world.approved(id);
    await world.minutes(1);
    await world.world.press(DANA, 'slack', 'cancel', id);
    await world.minutes(1);
    expect(world.outcomes(id)).toEqual([]);
    await world.minutes(40);
    expect([world.outcomes(id), world.orders().length]).toEqual([
      [{ outcome: 'stillThere', note: expect.stringContaining('it may still come') }],
      1,
    ]);
  });

  it('is not sent again where people end the purge just before its half hour is over', async () => {
    const world = await defenderWorld(ALONE);
    world.graph.faults.set({ neverRemediated: true }, world.idOf(ANN));
    const id = await world.landed([ANN]);
    await world.approved(id);
    await world.minutes(29);
    await world.world.press(DANA, 'slack', 'cancel', id);
    await world.minutes(10);
    expect([world.outcomes(id).map(({ outcome }) => outcome), world.orders().length]).toEqual([['stillThere'], 1]);
  });

  it.each([
    ['nothing but errors', { status: 500, code: 'InternalServerError' }],
    ['that nobody may look', { status: 403, code: 'Forbidden' }],
    ['an answer that nobody understands', { status: 200, code: 'Odd' }],
  ])('is looked for until it is seen, where Defender answers %s for a while', async (_what, answer) => {
    const world = await purging();
    world.graph.faults.once({ operation: 'listAnalyzedEmails', answer, times: 100_000 });
    await world.minutes(20);
    expect([await stands(world, world.id), world.outcomes(world.id)]).toEqual(['running', []]);
    world.graph.faults.clear();
    await world.minutes(5);
    expect([world.outcomes(world.id).map(({ outcome }) => outcome), world.orders().length]).toEqual([['removed'], 1]);
  });

  it('is told as not seen, and as one that may still come, where nobody may look until the half hour is over', async () => {
    const world = await purging();
    const answer = { status: 403, code: 'Forbidden' };
    world.graph.faults.once({ operation: 'listAnalyzedEmails', answer, times: 100_000 });
    await world.minutes(40);
    expect([world.outcomes(world.id), world.orders().length]).toEqual([
      [{ outcome: 'notAllowed', note: expect.stringContaining('it may still come') }],
      1,
    ]);
  });

  it('and refuses is told as not allowed, at once', async () => {
    const world = await defenderWorld(ALONE);
    world.graph.faults.once({ operation: 'remediate', answer: { status: 403, code: 'Forbidden' } });
    const id = await world.landed([ANN]);
    await world.approved(id);
    await world.minutes(1);
    expect([world.outcomes(id).map(({ outcome }) => outcome), world.orders().length]).toEqual([['notAllowed'], 1]);
  });

  it('after a wait that it asked for is sent then, and counts from then', async () => {
    const world = await defenderWorld(ALONE);
    world.graph.faults.once({ operation: 'remediate', answer: { status: 429, code: 'Busy', retryAfter: '90' } });
    const id = await world.landed([ANN]);
    await world.approved(id);
    await world.minutes(8);
    expect(world.outcomes(id).map(({ outcome }) => outcome)).toEqual(['removed']);
    expect(world.orders().map(({ status }) => status)).toEqual([429, 202]);
  });
});

describe('a process that ends', () => {
  const crash = () => Promise.reject(new Error('the process has ended'));

  it('between the intent and the order: it is looked for first, and ordered when nothing came of it for half an hour', async () => {
    const world = await defenderWorld(ALONE);
    const id = await world.landed([ANN]);
    world.fate.next = crash;
    await world.approved(id);
    await world.world.restart();
    await world.minutes(20);
    expect([world.orders().length, world.outcomes(id)]).toEqual([0, []]);
    await world.minutes(20);
    expect([world.orders().length, world.outcomes(id).map(({ outcome }) => outcome)]).toEqual([1, ['removed']]);
  });

  it('between the order and its answer: what it did is seen, and it is not ordered again', async () => {
    const world = await defenderWorld(ALONE);
    const id = await world.landed([ANN]);
    world.fate.next = async (ask) => ask().then(crash);
    await world.approved(id);
    await world.world.restart();
    await world.minutes(10);
    expect([world.orders().length, world.outcomes(id).map(({ outcome }) => outcome)]).toEqual([1, ['removed']]);
  });

  it.each(['lost', 'dropped'] as const)(
    'nothing ends, and the answer is %s: one order at most has its effect',
    async (answer) => {
      const world = await defenderWorld(ALONE);
      world.graph.faults.once({ operation: 'remediate', answer });
      const id = await world.landed([ANN]);
      await world.approved(id);
      await world.minutes(40);
      expect(world.outcomes(id).map(({ outcome }) => outcome)).toEqual(['removed']);
      expect(world.graph.remediations.orders()).toHaveLength(1);
    },
  );
});

describe('the undo', () => {
  it('puts it back into the Inbox, and says that its folder is not known', async () => {
    const world = await purging();
    await world.minutes(5);
    await world.world.press(DANA, 'slack', 'undo', world.id);
    await world.minutes(5);
    expect([await stands(world, world.id), world.folderOf(ANN)]).toEqual(['restored', 'Inbox']);
    expect(world.outcomes(world.id).at(-1)).toEqual({
      outcome: 'restored',
      note: 'in the Inbox, as Defender tells; in which folder it was is not known',
    });
  });

  it('of what was in Junk is not in its old place', async () => {
    const world = await defenderWorld(ALONE);
    const id = await world.landed([ANN], 'junkemail');
    await world.approved(id);
    await world.minutes(5);
    await world.world.press(DANA, 'slack', 'undo', id);
    await world.minutes(5);
    expect(world.outcomes(id).map(({ outcome }) => outcome)).toEqual(['removed', 'restoredElsewhere']);
  });
});

describe('a move to Junk', () => {
  it('is ordered, seen there, and undone into the Inbox', async () => {
    const world = await defenderWorld(ALONE);
    await world.world.govern(WITH_JUNK);
    const id = await world.landed([ANN]);
    await world.world.press(DANA, 'slack', 'junk', id);
    await world.minutes(5);
    expect([world.folderOf(ANN), world.outcomes(id).map(({ outcome }) => outcome)]).toEqual(['Junk Email', ['junked']]);
    await world.world.press(DANA, 'slack', 'undo', id);
    await world.minutes(5);
    expect([world.folderOf(ANN), world.outcomes(id).at(-1)?.outcome]).toEqual(['Inbox', 'restored']);
  });
});

describe('what was in Deleted Items before', () => {
  it('is ordered away, and not told as removed: Defender has one word for both', async () => {
    const world = await defenderWorld(ALONE);
    const id = await world.landed([ANN], 'deleteditems');
    await world.approved(id);
    await world.minutes(70);
    expect([world.folderOf(ANN), world.outcomes(id).map(({ outcome }) => outcome)]).toEqual(['Deletions', ['failed']]);
  });
});

describe('a list', () => {
  it('says who carries it out, and offers nothing that cannot be done', async () => {
    const world = await defenderWorld(ALONE);
    const id = await world.landed([ANN, BOB]);
    const plan = await world.planOf(id);
    expect([plan?.engine, plan?.terms.flag, plan?.terms.contain.is]).toEqual([
      ALONE,
      { is: 'refused', rule: null, why: expect.stringContaining('mailbox') },
      'refused',
    ]);
    expect(world.warnings(id)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^All 2 copies go through Defender, as it is configured: .*into the Inbox/),
        expect.stringMatching(/^All 2 copies are known from Defender alone, as it told 20 Nov 08:00 UTC/),
      ]),
    );
  });

  it('leaves a mailbox that may not be opened to Defender, where that may take over, and each to its own way', async () => {
    const world = await defenderWorld({ first: 'mailbox', fallback: true });
    world.graph.faults.set({ access: 'denied' }, world.idOf(BOB));
    const id = await world.landed([ANN, BOB]);
    expect(world.warnings(id)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^1 of 2 copies goes through Defender, because their mailboxes gave no answer/),
      ]),
    );
    await world.approved(id);
    await world.minutes(5);
    expect(world.outcomes(id).map(({ outcome }) => outcome)).toEqual(['removed', 'removed']);
    expect(world.orders().map(({ body }) => body)).toMatchObject([
      { analyzedEmails: [{ recipientEmailAddress: BOB }] },
    ]);
  });

  it('is ordered from Defender and seen in the mailbox, where both may be asked; the undo is exact', async () => {
    const world = await defenderWorld({ first: 'defender', fallback: true });
    world.tenant.addFolder(CAS, 'Projects');
    const id = await world.landed([CAS], 'Projects');
    await world.approved(id);
    await world.minutes(3);
    expect(world.outcomes(id)).toEqual([
      { outcome: 'removed', note: expect.stringContaining('seen in Recoverable Items') },
    ]);
    await world.world.press(DANA, 'slack', 'undo', id);
    await world.minutes(2);
    expect([world.folderOf(CAS), world.orders().length]).toEqual(['Projects', 1]);
  });

  it('of a time without a choice is carried out by the mailboxes, whatever is configured since', async () => {
    const world = await defenderWorld({ first: 'mailbox', fallback: true });
    Object.assign(world.world.flow, { engine: undefined });
    const id = await world.landed([ANN]);
    Object.assign(world.world.flow, { engine: { terms: ALONE, readBackMs: 1 } });
    await world.approved(id);
    await world.minutes(2);
    expect([world.outcomes(id).map(({ outcome }) => outcome), world.orders()]).toEqual([['removed'], []]);
  });
});
