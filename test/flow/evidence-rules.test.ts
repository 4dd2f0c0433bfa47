import { afterEach, describe, expect, it, vi } from 'vitest';
import { askForPeople } from '../../src/flow/find/people.ts';
import { runStarted, voteCounted } from '../support/answered.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { createFakeIntelligence, type FakeIntelligence } from '../support/fake-intelligence.ts';
import { factsOf } from '../support/signal-facts.ts';
import { inSlack, inTeams, policyWith, ruleFor, storyteller } from './telling.ts';

/** What a finding adds to a decision, once people have seen it right thirty times; and whose mail it was. */

const AT = '2026-11-20T08:05:00.000Z';
const OUTSIDE = { at: AT, to: 'mallory@fabrikam.example', keepsCopy: true, ip: null } as const;
const NAME = 'forwarding needs a lead';
const POLICY = policyWith([ruleFor(['purge', 'undo', 'flag'], { approver: 1 })], {
  roles: { lead: { people: [PEOPLE.omar.entraId] } },
  evidence: [
    { name: NAME, seen: ['forwarding'], action: ['purge'], approve: [{ role: 'lead', count: 1 }], reason: true },
  ],
});

let night: Night;
let people: FakeIntelligence;
const { lands, press, becomes, cardsShow, entries, incident } = storyteller(() => night);
afterEach(() => night.close());

const shows = (text: string) => (view: { warnings: readonly { text: string }[] }) =>
  view.warnings.some((warning) => warning.text.includes(text));

/** A night after so many incidents in which mail was sent on, closed as malicious. */
async function begun(closed: number, more: Parameters<typeof startNight>[0] = {}) {
  people = createFakeIntelligence();
  people.rows.set('ann@contoso.example', { forwardings: [OUTSIDE] });
  night = await startNight({ policy: POLICY, intelligence: people, ...more });
  await night.flow.store.transact(async (tx) => {
    for (let n = 0; n < closed; n += 1) {
      await tx.looks.spoke(`CB-OLD${n}`, ['forwarding']);
      await tx.looks.ended(`CB-OLD${n}`, 'malicious');
    }
  });
}

describe('a finding that was right thirty times', () => {
  it('takes one more, with a reason, and the record says by which rule', async () => {
    await begun(30);
    const { id } = await lands();
    await cardsShow(id, 'who is needed', shows(`\u201c${NAME}\u201d asks for more (1 \u00d7 lead, a reason)`));
    expect(await press(id, inSlack('dana'), 'purge', { reason: 'phish' })).toMatchObject(voteCounted(1, 2));
    expect(await press(id, inTeams('omar'), 'purge', { reason: 'phish' })).toMatchObject(runStarted('purge', 2));
    const [approved] = await entries(id, 'decision.approved');
    expect(approved?.detail.rule).toContain(NAME);
  });

  it('counts also where a later look does not see it any more', async () => {
    await begun(30);
    const { id } = await lands();
    await cardsShow(id, 'who is needed', shows('asks for more'));
    people.rows.clear();
    const list = (await incident(id))?.planDigest ?? '';
    await night.flow.store.transact((tx) => askForPeople(night.flow, tx, { incident: id, list }, 'asked'));
    await cardsShow(id, 'the later look', (view) => !shows('All mail goes on')(view));
    expect(await press(id, inSlack('dana'), 'purge', { reason: 'phish' })).toMatchObject(voteCounted(1, 2));
  });

  it('waits for the lead in the queue, and no more for who has voted', async () => {
    await begun(30);
    const { id } = await lands();
    await cardsShow(id, 'who is needed', shows('asks for more'));
    await press(id, inSlack('dana'), 'purge', { reason: 'phish' });
    const { desk } = night;
    const queue = await desk.queue({ by: inTeams('omar'), channel: null, open: null });
    expect(queue).toMatchObject({ queue: { mine: [{ votes: { counted: 1, needed: 2 } }] } });
  });

  it('takes nobody more for what the rule does not name', async () => {
    await begun(30);
    const { id } = await lands();
    await cardsShow(id, 'who is needed', shows('asks for more'));
    expect(await press(id, inSlack('dana'), 'flag')).toMatchObject(runStarted('flag', 2));
  });
});

describe('a finding that was right less often', () => {
  it('is in shadow: the card says so, and one is enough', async () => {
    await begun(29);
    const { id } = await lands();
    await cardsShow(id, 'that it is in shadow', shows(`\u201c${NAME}\u201d is in shadow and asks for nothing`));
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject(runStarted('purge', 2));
  });

  it('is proven by the incident after, and not by its own', async () => {
    await begun(29);
    const { id } = await lands();
    await cardsShow(id, 'that it is in shadow', shows('is in shadow'));
    await press(id, inSlack('dana'), 'purge');
    await becomes(id, 'purged');
    const counts = await night.flow.store.transact((tx) => tx.looks.counts());
    expect(counts).toEqual([{ kind: 'forwarding', malicious: 30, harmless: 0 }]);
  });
});

describe('a plan from before the policy had such rules', () => {
  it('keeps the policy that it was made under', async () => {
    await begun(30, { policy: policyWith([ruleFor(['purge', 'undo', 'flag'], { approver: 1 })]) });
    const { id } = await lands();
    await cardsShow(id, 'the finding', shows('All mail goes on'));
    await night.govern(POLICY);
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject(runStarted('purge', 2));
  });
});

/** A mail in the name of somebody else, as Exchange saw it, for whoever can still look at it. */
function forges() {
  const forged = { dmarc: 'fail', compauth: 'fail', action: 'oreject' };
  const { mail } = factsOf({ from: 'billing@fabrikam.example', authentication: forged });
  const none = { received: 0, sent: 0, first: null };
  const past = { at: AT, ownDomains: ['contoso.example'], partners: [], address: none, domain: none, arrivals: [] };
  const { ask } = people.logs;
  Object.assign(people.logs, {
    ask: async (question: Parameters<typeof ask>[0]) => ({ ...(await ask(question)), past }),
  });
  Object.assign(people.threads, { of: async () => ({ mail, clientIp: null, networkMessageId: null, earlier: [] }) });
}

describe('whose mail it was', () => {
  const judged = (but = '') =>
    night.flow.store.transact((tx) =>
      tx.looks.judged({ address: 'billing@fabrikam.example', domain: 'fabrikam.example' }, but),
    );

  it('is remembered by how people closed it', async () => {
    await begun(0);
    const { id } = await lands();
    await press(id, inSlack('dana'), 'purge');
    await becomes(id, 'purged');
    expect((await judged()).address).toEqual({ malicious: 1, harmless: 0 });
    expect((await judged(id)).address).toEqual({ malicious: 0, harmless: 0 });
  });

  it('is not held against whoever is named, where Exchange could not confirm that it was theirs', async () => {
    await begun(0);
    forges();
    const { id } = await lands();
    await cardsShow(id, 'that it is not confirmed', shows('Exchange could not confirm'));
    await press(id, inSlack('dana'), 'purge');
    await becomes(id, 'purged');
    expect((await judged()).address).toEqual({ malicious: 0, harmless: 0 });
  });

  async function lookedAgain(id: string): Promise<void> {
    const list = (await incident(id))?.planDigest ?? '';
    const before = (await entries(id, 'people.looked')).length;
    await night.flow.store.transact((tx) => askForPeople(night.flow, tx, { incident: id, list }, 'asked'));
    await vi.waitFor(async () => expect((await entries(id, 'people.looked')).length).toBeGreaterThan(before), 10_000);
  }

  it('is not held against them either where a later look could not see the mail any more', async () => {
    await begun(0);
    const { of } = people.threads;
    forges();
    const { id } = await lands();
    await cardsShow(id, 'that it is not confirmed', shows('Exchange could not confirm'));
    Object.assign(people.threads, { of });
    await lookedAgain(id);
    await press(id, inSlack('dana'), 'purge');
    await becomes(id, 'purged');
    expect((await judged()).address).toEqual({ malicious: 0, harmless: 0 });
  });

  it('is not held against them any more once a look after the end sees that it was forged', async () => {
    await begun(0);
    const { id } = await lands();
    await press(id, inSlack('dana'), 'purge');
    await becomes(id, 'purged');
    forges();
    await lookedAgain(id);
    expect((await judged()).address).toEqual({ malicious: 0, harmless: 0 });
  });
});

describe('a finding that speaks after the end', () => {
  it('counts by how people closed the case', async () => {
    await begun(0);
    people.rows.clear();
    const { id } = await lands();
    await press(id, inSlack('dana'), 'purge');
    await becomes(id, 'purged');
    people.rows.set('ann@contoso.example', { forwardings: [OUTSIDE] });
    const list = (await incident(id))?.planDigest ?? '';
    await night.flow.store.transact((tx) => askForPeople(night.flow, tx, { incident: id, list }, 'asked'));
    await vi.waitFor(async () => {
      const counts = await night.flow.store.transact((tx) => tx.looks.counts());
      expect(counts).toEqual([{ kind: 'forwarding', malicious: 1, harmless: 0 }]);
    }, 10_000);
  });
});
