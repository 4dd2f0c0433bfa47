import { afterEach, describe, expect, it } from 'vitest';
import { askForPeople } from '../../src/flow/find/people.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { createFakeIntelligence, type FakeIntelligence } from '../support/fake-intelligence.ts';
import { inSlack, inTeams, policyWith, ruleFor, storyteller } from './telling.ts';

/** Who else was touched: a look at the people beside the list, which nothing waits for and which the record vouches for. */

const POLICY = policyWith([ruleFor(['purge', 'undo', 'flag'], { approver: 1 })]);
const AT = '2026-11-20T08:05:00.000Z';

let night: Night;
let people: FakeIntelligence;
/** Lets an answer come that was held back. */
let answer = () => {};
const { lands, report, press, reply, cardsShow, becomes, entries, incident } = storyteller(() => night);
afterEach(() => {
  answer();
  return night.close();
});

async function begun(more: Parameters<typeof startNight>[0] = {}) {
  people = createFakeIntelligence();
  night = await startNight({ policy: POLICY, intelligence: people, ...more });
}

const HIDING = {
  at: AT,
  name: '.',
  isEnd: false,
  id: null,
  stands: null,
  moveTo: 'RSS Feeds',
  deletes: false,
  marksRead: true,
  sendsTo: [],
  words: [],
  ip: null,
} as const;
const OUTSIDE = { at: AT, to: 'mallory@fabrikam.example', keepsCopy: true, ip: null } as const;
const warned = (text: string) => (view: { warnings: readonly { text: string }[] }) =>
  view.warnings.some((warning) => warning.text.includes(text));
const looksOf = (id: string) => night.flow.store.transact((tx) => tx.looks.of(id));

describe('a look at people', () => {
  it('tells on both cards who looks taken over, what speaks for it, and what people did', async () => {
    await begun();
    people.rows.set('ann@contoso.example', { rules: [HIDING], forwardings: [OUTSIDE] });
    people.rulesNow.push({ id: 'rule-1', name: '.', isEnabled: true });
    const { id } = await lands();
    await cardsShow(id, 'the suspicion', warned('Account takeover suspected: 1 of 2 people.'));
    await cardsShow(
      id,
      'the strongest finding',
      warned('ann@contoso[.]example: All mail goes on to mallory@fabrikam[.]example'),
    );
    await cardsShow(id, 'what they did', warned('Of 2 people: read by'));
    expect(people.askedThemselves).toEqual([1]);
  });

  it('is written down with the digest of what was found, and with nobody in it', async () => {
    await begun();
    people.rows.set('ann@contoso.example', { forwardings: [OUTSIDE] });
    people.refused.set('sign-ins', 'not licensed');
    const { id } = await lands();
    await cardsShow(id, 'the finding', warned('All mail goes on'));
    const [entry] = await entries(id, 'people.looked');
    const [kept] = await looksOf(id);
    expect(entry?.detail).toMatchObject({ nth: 0, because: 'plan', people: 2, findings: 1, suspected: 0 });
    expect(entry?.detail).toMatchObject({
      digest: night.flow.hash.digest(kept?.look),
      kinds: [{ kind: 'forwarding', findings: 1 }],
    });
    expect(JSON.stringify(entry?.detail)).not.toContain('contoso');
    expect(await night.ledgerFault()).toBeNull();
  });

  it('keeps nobody from deciding: the mail is out before it answers', async () => {
    const waits = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await begun();
    const { ask } = people.logs;
    Object.assign(people.logs, { ask: async (question: Parameters<typeof ask>[0]) => waits.then(() => ask(question)) });
    const { id } = await lands();
    await press(id, inSlack('dana'), 'purge');
    await becomes(id, 'purged');
    expect(await looksOf(id)).toEqual([]);
    answer();
    await cardsShow(id, 'the look', warned('Of 2 people: read by'));
  });

  it('that was changed where it is stored is shown as that, and nothing of it', async () => {
    await begun({ intruded: true });
    people.rows.set('ann@contoso.example', { forwardings: [OUTSIDE] });
    const { id } = await lands();
    await cardsShow(id, 'the finding', warned('All mail goes on'));
    await night.intrude(`update people_look set body = replace(body, 'mallory', 'nobody')`);
    await press(id, inSlack('dana'), 'flag');
    await cardsShow(id, 'the difference', warned('is not what was written down'));
  });

  it('is told in full, with its sources, to who presses People in either chat', async () => {
    await begun();
    people.rows.set('ann@contoso.example', { rules: [HIDING] });
    people.refused.set('mailbox events', 'not permitted');
    const { id } = await lands();
    await cardsShow(id, 'the finding', warned('A rule that takes mail out of sight'));
    for (const by of [inSlack('dana'), inTeams('omar')]) {
      const told = await reply(id, by, 'people');
      expect(told.kind).toBe('said');
      if (told.kind === 'said') expect(told.answer).toMatchObject({ code: 'people-shown', incident: id, again: false });
    }
  });

  it('is taken anew for who asks later, and the card follows', async () => {
    await begun();
    const { id } = await lands();
    await cardsShow(id, 'the look', warned('Of 2 people: read by'));
    night.clock.now += 20 * 60_000;
    people.rows.set('ann@contoso.example', { forwardings: [{ ...OUTSIDE, at: '2026-11-20T08:15:00.000Z' }] });
    const told = await reply(id, inSlack('dana'), 'people');
    expect(told).toMatchObject({ answer: { code: 'people-shown', again: true } });
    await cardsShow(id, 'what is new', warned('All mail goes on'));
    expect((await entries(id, 'people.looked')).map(({ detail }) => detail.because)).toEqual(['plan', 'asked']);
  });

  it('is held against the one before, once something was done', async () => {
    await begun();
    people.rows.set('ann@contoso.example', { rules: [HIDING] });
    people.rulesNow.push({ id: 'rule-1', name: '.', isEnabled: true });
    const { id } = await lands();
    await cardsShow(id, 'the finding', warned('A rule that takes mail out of sight'));
    people.rulesNow[0] = { id: 'rule-1', name: '.', isEnabled: false };
    const list = (await incident(id))?.planDigest ?? '';
    const about = { incident: id, list };
    await night.flow.store.transact((tx) => askForPeople(night.flow, tx, about, 'contained'));
    await cardsShow(id, 'what is left', warned('Findings about people before something was done: 1; still seen'));
    await cardsShow(id, 'that it is nothing', warned(': 0.'));
  });

  it('counts each kind by how people closed the incident', async () => {
    await begun();
    people.rows.set('ann@contoso.example', { forwardings: [OUTSIDE] });
    const { id } = await lands();
    await cardsShow(id, 'the finding', warned('All mail goes on'));
    const counts = () => night.flow.store.transact((tx) => tx.looks.counts());
    expect(await counts()).toEqual([]);
    await press(id, inSlack('dana'), 'purge');
    await becomes(id, 'purged');
    expect(await counts()).toEqual([{ kind: 'forwarding', malicious: 1, harmless: 0 }]);
  });

  it('is not taken of anybody whom the list does not hold', async () => {
    await begun();
    const { id } = await lands(['ann']);
    await cardsShow(id, 'the look', warned('Of 1 person: read by'));
    expect(people.questions[0]?.people.map(({ address }) => address)).toEqual(['ann@contoso.example']);
    const list = (await incident(id))?.planDigest ?? '';
    const other = { queue: 'people', incident: 'CB-9999', list, because: 'plan', nth: 0, tries: 0 } as const;
    await night.run(other);
    expect(await looksOf('CB-9999')).toEqual([]);
  });
});

describe('a source without an answer', () => {
  it('is asked again later, for a while', async () => {
    await begun({ workers: false });
    people.refused.set('link clicks', 'no answer');
    const jobs: unknown[] = [];
    const { id } = await report();
    await night.run({ queue: 'scope', incident: id });
    const list = (await incident(id))?.planDigest ?? '';
    const { transact } = night.flow.store;
    Object.assign(night.flow.store, {
      transact: (story: Parameters<typeof transact>[0]) =>
        transact((tx) =>
          story({
            ...tx,
            jobs: {
              send: (job, afterMs) => {
                if (job.queue === 'people') jobs.push([job.tries, job.because, afterMs]);
                return tx.jobs.send(job, afterMs);
              },
            },
          }),
        ),
    });
    for (const tries of [0, 3])
      await night.run({ queue: 'people', incident: id, list, because: 'plan', nth: 0, tries });
    expect(jobs).toEqual([
      [1, 'plan', 30_000],
      [0, 'late', 6_000_000],
    ]);
  });
});
