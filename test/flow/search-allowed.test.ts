import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import { ofType } from '../../src/core/record/ledger.ts';
import type { ChatUser, SearchCall } from '../../src/ports/desk.ts';
import type { Seeker } from '../../src/ports/seeker.ts';
import { answered } from '../support/answered.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { inSlack, inTeams, MINUTE, policyWith, ruleFor } from './telling.ts';

/** Where searching takes two people, the second one allows what they were shown, and nothing else. */

let night: Night;
const asked: string[] = [];
const seeker: Seeker = {
  name: 'hunting',
  isOn: true,
  questions: ({ days }, now) => [
    { from: new Date(now - days * 86_400_000).toISOString(), until: new Date(now).toISOString() },
  ],
  async ask(_criteria, { from }) {
    asked.push(from);
    return { status: 'answered', hits: [], cutAt: null, requestId: 'r', detail: '', waitMs: null, apart: [] };
  },
};

const rules = [ruleFor(['purge', 'undo'], { approver: 2 })];
const roles = { hunter: { people: [PEOPLE.dana.entraId] }, lead: { people: [PEOPLE.lena.entraId] } };
const governed = (search: object): Policy => policyWith(rules, { roles, reads: { search } });

beforeAll(async () => {
  night = await startNight({ seekers: [seeker] });
});
afterAll(() => night.close());
beforeEach(async () => {
  night.clock.now += 120 * MINUTE;
  asked.length = 0;
});

const SENDER = 'billing@fabrikam.example';
const WHY = { reason: 'a customer called about it' };
const search = async (by: ChatUser, asks: SearchCall['asks']) =>
  answered(await night.desk.search({ by, channel: null, asks }));
const begin = (by: ChatUser, sender: string, more: object = {}) =>
  search(by, { is: 'begin', typed: { sender, ...WHY, ...more } });
const inquiries = async () =>
  (await night.entries()).filter(ofType('inquiry.asked', 'inquiry.allowed', 'inquiry.refused', 'inquiry.answered'));

describe('where the policy wants a second person', () => {
  beforeEach(() => night.govern(governed({ by: ['hunter'], second: 'lead' })));

  const waiting = async (more: object = {}) => {
    const said = await begin(inSlack('dana'), SENDER, more);
    if (said.code !== 'search-waits') throw new Error(`it does not wait: ${JSON.stringify(said)}`);
    return said.search;
  };
  const allow = (by: ChatUser, id: string, digest: string | null = null) =>
    search(by, { is: 'allow', search: id, digest });
  async function askedOf(by: ChatUser, id: string) {
    const said = await allow(by, id);
    if (said.code !== 'search-asks') throw new Error(`not shown: ${JSON.stringify(said)}`);
    return said;
  }
  const answer = (id: string) =>
    night.until('it is answered', async () => {
      const again = await search(inSlack('dana'), { is: 'show', search: id });
      return again.code === 'found' && again.found !== null;
    });

  it('nothing is looked for before somebody else has allowed it', async () => {
    const id = await waiting();
    expect(asked).toEqual([]);
    expect(await allow(inSlack('omar'), id)).toEqual({ code: 'search-not-allowed', why: 'role' });
    const { digest } = await askedOf(inTeams('lena'), id);
    expect(asked).toEqual([]);
    expect(await allow(inTeams('lena'), id, digest)).toEqual({ code: 'search-allowed', search: id });
    expect(await allow(inTeams('lena'), id, digest)).toEqual({ code: 'search-not-allowed', why: 'not waiting' });
    await answer(id);
  });

  it('they are shown who searches, for what and why, and what they allow is written down as just that', async () => {
    const id = await waiting({ subject: 'invoice', days: '7', reason: 'they said <it> is *urgent*' });
    const shown = await askedOf(inTeams('lena'), id);
    expect(shown).toMatchObject({
      who: 'Dana',
      criteria: { sender: SENDER, subject: 'invoice', days: 7 },
      reason: 'they said <it> is *urgent*',
    });
    await allow(inTeams('lena'), id, shown.digest.slice(0, 16));
    expect((await inquiries()).findLast(({ type }) => type === 'inquiry.allowed')?.detail).toMatchObject({
      inquiry: id,
      digest: shown.digest,
    });
    // What it looks for is not looked for in the next test.
    await answer(id);
  });

  it.each([
    ['of another search', (other: string) => other],
    ['too short to be one', (_other: string, own: string) => own.slice(0, 15)],
    ['that is empty', () => ''],
  ])('a digest %s allows nothing', async (_what, typed) => {
    const other = await askedOf(inTeams('lena'), await waiting({ reason: 'another' }));
    const id = await waiting();
    const own = await askedOf(inTeams('lena'), id);
    expect(await allow(inTeams('lena'), id, typed(other.digest, own.digest))).toEqual({
      code: 'search-not-allowed',
      why: 'another digest',
    });
    expect(asked).toEqual([]);
  });

  it('its days count from when it was allowed, and the answer says both times', async () => {
    const id = await waiting({ days: '7' });
    night.clock.now += 90 * MINUTE;
    const { digest, at } = await askedOf(inTeams('lena'), id);
    await allow(inTeams('lena'), id, digest);
    await answer(id);
    const said = await search(inSlack('dana'), { is: 'show', search: id });
    if (said.code !== 'found') throw new Error('it was answered');
    expect(said).toMatchObject({ at, allowedAt: expect.stringMatching(/Z$/) });
    const [{ from, until } = { from: null, until: null }] = said.found?.coverage ?? [];
    expect([until, Date.parse(until ?? '') - Date.parse(from ?? '')]).toEqual([said.allowedAt, 7 * 24 * 60 * MINUTE]);
    expect(Date.parse(said.allowedAt ?? '') - Date.parse(at)).toBeGreaterThanOrEqual(90 * MINUTE);
  });

  it('the role that it takes is the one of when it was asked, whatever the policy says by now', async () => {
    const id = await waiting();
    await night.govern(governed({ by: ['hunter'], second: 'approver' }));
    expect(await allow(inSlack('omar'), id)).toEqual({ code: 'search-not-allowed', why: 'role' });
    expect(await search(inSlack('dana'), { is: 'show', search: id })).toMatchObject({ role: 'lead' });
    await night.govern(governed({ by: ['hunter'] }));
    const { digest } = await askedOf(inTeams('lena'), id);
    expect(await allow(inTeams('lena'), id, digest)).toEqual({ code: 'search-allowed', search: id });
    await answer(id);
  });

  it('it is not the one who asked', async () => {
    await night.govern(governed({ by: ['hunter'], second: 'hunter' }));
    const id = await waiting();
    expect(await allow(inSlack('dana'), id)).toEqual({ code: 'search-not-allowed', why: 'own' });
  });
});
