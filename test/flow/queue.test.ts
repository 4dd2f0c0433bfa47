import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Incident } from '../../src/core/incident/incident.ts';
import { createDesk } from '../../src/flow/decide/desk.ts';
import type { ChatUser } from '../../src/ports/desk.ts';
import type { Store, Tx } from '../../src/ports/store.ts';
import { answered } from '../support/answered.ts';
import { incidentOf, planOf, voteOf } from '../support/cases.ts';
import { type Night, PEOPLE, startNight, TENANT } from '../support/desk-of-the-night.ts';
import { sealed } from '../support/sealed-plans.ts';
import { guid, inSlack, inTeams, joins, MINUTE, policyWith, ruleFor, slackUser, storyteller } from './telling.ts';

/** What waits for somebody is what their press would count for, and nothing else. */
let night: Night;
beforeAll(async () => {
  night = await startNight();
  await night.govern(TWO);
});
afterAll(() => night.close());
const { lands, press, becomes } = storyteller(() => night);

const LEAD = guid(80);
const TWO = policyWith([ruleFor(['purge'], { approver: 2, lead: 1 }), ruleFor(['undo', 'flag'], { approver: 1 })], {
  roles: { lead: { people: [LEAD] }, watcher: { people: [guid(81)] } },
});

const look = async (by: ChatUser, open: string | null = null) =>
  answered(await night.desk.queue({ by, channel: null, open }));

/** Where each incident stands in the queue of this person. */
async function queueOf(by: ChatUser) {
  const queue = await look(by);
  if (queue.code !== 'queue') throw new Error(`there is no queue: ${queue.code}`);
  return queue;
}
async function placeOf(by: ChatUser, id: string) {
  const queue = await queueOf(by);
  const places = ['mine', 'role', 'running', 'trouble'] as const;
  for (const place of places) {
    const line = queue[place].find(({ incident }) => incident.id === id);
    if (line) return { place, barred: line.barred, trouble: line.trouble, copies: line.copies, votes: line.votes };
  }
  return null;
}

describe('an incident that asks for a decision', () => {
  it('waits for whoever may decide, with its copies and its votes', async () => {
    const { id } = await lands();
    expect(await placeOf(inSlack('dana'), id)).toMatchObject({
      place: 'mine',
      copies: 2,
      votes: { ask: 'purge', counted: 0, needed: 3 },
    });
  });

  it('waits for their role once they have decided', async () => {
    const { id } = await lands();
    await press(id, inSlack('dana'), 'purge');
    expect(await placeOf(inSlack('dana'), id)).toMatchObject({ place: 'role', barred: 'voted', votes: { counted: 1 } });
    expect(await placeOf(inTeams('omar'), id)).toMatchObject({ place: 'mine', votes: { counted: 1 } });
  });

  it('waits for nobody of a role whose seats are taken', async () => {
    const { id } = await lands();
    await press(id, inSlack('dana'), 'purge');
    await press(id, inTeams('omar'), 'purge');
    expect(await placeOf(inTeams('lena'), id)).toMatchObject({ place: 'role', barred: 'enough' });
    const lead = joins(night, 80);
    expect(await placeOf(lead, id)).toMatchObject({ place: 'mine' });
  });

  it('waits for others where somebody received the mail or reported it', async () => {
    const { id } = await lands(['dana', 'bob']);
    expect(await placeOf(inSlack('dana'), id)).toMatchObject({ place: 'role', barred: 'recipient' });
    const reported = await lands(undefined, { reporter: { entraId: PEOPLE.omar.entraId } });
    expect(await placeOf(inTeams('omar'), reported.id)).toMatchObject({ place: 'role', barred: 'requester' });
  });

  it('is counted, and not shown, for whoever holds none of the roles it waits for', async () => {
    const { id } = await lands();
    const watcher = joins(night, 81);
    const queue = await queueOf(watcher);
    expect([queue.mine.length, queue.role.length]).toEqual([0, 0]);
    expect(queue.others).toBeGreaterThan(0);
    expect(await placeOf(watcher, id)).toBeNull();
  });

  it('agrees with the press of each of them, whatever they voted before', async () => {
    const { id } = await lands(['lena', 'bob']);
    for (const who of ['dana', 'omar', 'lena'] as const) {
      const by = inTeams(who);
      const before = await placeOf(by, id);
      const said = await press(id, by, 'purge');
      expect([who, before?.place === 'mine']).toEqual([who, said.code === 'vote-counted']);
    }
  });

  it('is judged by the policy that its list was made under, as the press is', async () => {
    const { id } = await lands();
    const [lead, newcomer] = [joins(night, 80), joins(night, 82)];
    const roles = { lead: { people: [guid(82)] }, watcher: { people: [LEAD] } };
    await night.govern(policyWith([ruleFor(['purge'], { lead: 1 })], { roles }));
    try {
      expect([(await placeOf(lead, id))?.place, await placeOf(newcomer, id)]).toEqual(['mine', null]);
      expect((await press(id, newcomer, 'purge')).code).not.toBe('vote-counted');
      expect((await press(id, lead, 'purge')).code).toBe('vote-counted');
    } finally {
      await night.govern(TWO);
    }
  });

  it('comes the sooner the less time it has', async () => {
    night.clock.now += 10 * MINUTE;
    const { id } = await lands();
    const { mine } = await queueOf(inSlack('dana'));
    const left = mine.map(({ incident }) => incident.deadline ?? '');
    expect(left).toEqual([...left].sort());
    expect(mine.at(-1)?.incident.id).toBe(id);
  });
});

describe('what runs and what went wrong', () => {
  it('is in sections of its own', async () => {
    const { id, copies } = await lands();
    const [first] = copies;
    const answer = { status: 'refused', why: 'denied', detail: '403' } as const;
    if (first) night.mail.trouble.push({ method: 'softDelete', mailbox: first.mailbox, answer, always: true });
    for (const by of [inSlack('dana'), inTeams('omar'), joins(night, 80)]) await press(id, by, 'purge');
    await becomes(id, 'purged');
    expect(await placeOf(inSlack('dana'), id)).toMatchObject({ place: 'trouble', trouble: 'not done' });
  });

  it('is told where nobody decided in time', async () => {
    const { id } = await lands();
    night.clock.now += 61 * MINUTE;
    await night.run({ queue: 'expire', incident: id });
    expect(await placeOf(inSlack('dana'), id)).toMatchObject({ place: 'trouble', trouble: 'nobody decided' });
  });

  it('is told of what differs from the record, which waits for nobody any more', async () => {
    const { id } = await lands();
    await night.flow.store.transact((tx) => tx.incidents.save(id, { breach: 'a vote is not in the record' }, at()));
    expect(await placeOf(inSlack('dana'), id)).toMatchObject({ place: 'trouble', trouble: 'marked' });
  });

  it('is told of what cannot be read, and asks nobody about it', async () => {
    const { id } = await lands();
    const { transact } = night.flow.store;
    const store: Store = {
      transact: (work) =>
        transact((tx) => {
          const open: typeof tx.board.open = async (limit) => {
            const { incidents, total } = await tx.board.open(limit);
            const unread = { what: 'the alert cannot be read' } as Incident['unread'];
            return { total, incidents: incidents.map((one) => (one.id === id && unread ? { ...one, unread } : one)) };
          };
          return work({ ...tx, board: { ...tx.board, open } });
        }),
    };
    const desk = createDesk({ ...night.flow, store });
    const queue = answered(await desk.queue({ by: inSlack('dana'), channel: null, open: null }));
    if (queue.code !== 'queue') throw new Error('there is no queue');
    const isIt = ({ incident }: { incident: { id: string } }) => incident.id === id;
    expect([queue.trouble.find(isIt)?.trouble, queue.mine.some(isIt)]).toEqual(['marked', false]);
  });
});
const at = () => new Date(night.clock.now).toISOString();

describe('whoever has no queue', () => {
  it('is told that they hold no role, in the chat and by the command, and sees no incident', async () => {
    await lands();
    const stranger = slackUser('U0NOBODY');
    night.slackPeople.accounts.set('U0NOBODY', {
      active: true,
      bot: false,
      guest: false,
      stranger: false,
      address: null,
    });
    expect(await look(stranger)).toMatchObject({ code: 'queue-not-shown', why: 'unlinked', linkable: false });
    const nobody = joins(night, 99);
    expect(await look(nobody)).toEqual({
      ...{ code: 'queue-not-shown', why: 'unknown-person' },
      ...{ chat: nobody.platform === 'slack' ? 'Slack' : 'Teams', linkable: false },
    });
  });

  it('leaves nothing in the record by looking, and an entry by asking with a command', async () => {
    const strays = async () => (await night.entries()).filter(({ type }) => type === 'stray').length;
    const before = await strays();
    await look(slackUser('U0NOBODY'));
    expect(await strays()).toBe(before);
    await night.desk.command({ by: slackUser('U0NOBODY'), channel: 'slack-alerts', words: 'queue' });
    expect(await strays()).toBe(before + 1);
  });

  it('is told that it cannot be checked while the directory is silent', async () => {
    night.directory.down = true;
    expect(await look(inSlack('dana'))).toMatchObject({ code: 'queue-not-shown', why: 'cannot-check' });
    night.directory.down = false;
  });
});

describe('a press in the queue', () => {
  it('says where the card is, with the way to it where the chat has one', async () => {
    const { id } = await lands();
    expect(await look(inSlack('dana'), id)).toMatchObject({ code: 'queue-card-is-there', incident: id, to: 'card' });
    expect(await look(inTeams('dana'), id)).toEqual({ code: 'queue-card-is-there', incident: id });
  });

  it('brings a card out of the message that gathers many', async () => {
    night.slack.newPerMinute = 0;
    const { id } = await landsAsALine();
    expect(await look(inSlack('dana'), id)).toEqual({ code: 'queue-card-comes', incident: id });
    await night.until('it is there', () => night.slack.cards.some(({ view }) => view.incident === id));
    night.slack.newPerMinute = 1_000_000;
  });

  it('of somebody without a role brings nothing', async () => {
    const { id } = await lands();
    expect(await look(joins(night, 99), id)).toMatchObject({ code: 'queue-not-shown' });
  });

  it('for an incident that is not there says so', async () => {
    expect(await look(inSlack('dana'), 'CB-9\u0000')).toEqual({ code: 'incident-not-known', asked: 'CB-9' });
  });
});

async function landsAsALine() {
  const { report } = storyteller(() => night);
  const told = await report();
  await night.until('it is a line', () =>
    night.slack.gatherings.some(({ view }) => view.lines.some(({ incident }) => incident === told.id)),
  );
  return told;
}

describe('five hundred incidents', () => {
  it('are read in a few questions, and what is beyond them is counted', async () => {
    const many = await startNight({ workers: false });
    try {
      await many.flow.store.transact(async (tx) => {
        const policy = many.flow.policy().digest;
        for (let n = 0; n < 520; n += 1) await anOpenOne(tx, n, policy, many.clock.now);
      });
      const asked = { count: 0 };
      const desk = createDesk({ ...many.flow, store: counting(many.flow.store, asked) });
      const reply = answered(await desk.queue({ by: inSlack('dana'), channel: null, open: null }));
      expect(reply).toMatchObject({ code: 'queue', over: { open: { looked: 500, all: 520 } } });
      if (reply.code !== 'queue') throw new Error('there is no queue');
      expect(reply.mine.length + reply.role.length).toBe(500);
      expect(asked.count).toBeLessThan(30);
    } finally {
      await many.close();
    }
  });
});

async function anOpenOne(tx: Tx, n: number, policy: string, now: number): Promise<void> {
  const id = `CB-${1_000 + n}`;
  const plan = sealed(planOf({ id: `plan of ${id}`, incident: id, tenant: TENANT, policy }));
  const { digest } = plan;
  await tx.incidents.savePlan(plan);
  const change: Partial<Incident> = {
    ...{ tenant: TENANT, id, dedupeKey: `key of ${id}`, planDigest: digest },
    askedAt: new Date(now).toISOString(),
    deadline: new Date(now + (n + 1) * MINUTE).toISOString(),
  };
  await tx.incidents.createOrRepeat(incidentOf('open', change));
  if (n % 10 === 0) await tx.decisions.add(id, voteOf(1, { planDigest: digest }), '');
}

/** Counts the questions to the ports of a transaction. */
function counting(store: Store, asked: { count: number }): Store {
  const watched = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, name, receiver) {
        const value: unknown = Reflect.get(target, name, receiver);
        if (typeof value !== 'function') return value;
        return (...given: readonly unknown[]) => {
          asked.count += 1;
          return Reflect.apply(value, target, given) as unknown;
        };
      },
    });
  const eachPort = (tx: Tx) =>
    Object.fromEntries(Object.entries(tx).map(([name, port]) => [name, watched(port as object)])) as unknown as Tx;
  return { transact: (work) => store.transact((tx) => work(eachPort(tx))) };
}
