import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCounter } from '../../src/flow/decide/counter.ts';
import type { Counter } from '../../src/ports/desk.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { createFakeSignIn, PAGE } from '../support/fake-sign-in.ts';
import { inSlack, inTeams, MINUTE, policyWith, ruleFor, storyteller } from './telling.ts';

/** What a policy asks of each wave is asked once for all of them. */

const entra = createFakeSignIn();
let night: Night;
let counter: Counter;
beforeAll(async () => {
  night = await startNight({
    signIn: { pages: entra, url: (secret) => `${PAGE}${secret}` },
    grouping: { campaigns: { ownDomains: [], sharedHosts: [] } },
  });
  counter = createCounter(night.flow);
});
afterAll(() => night.close());
const { reply, press, votes, entries, card, becomes, incident } = storyteller(() => night);

beforeEach(() => {
  night.clock.now += 120 * MINUTE;
  entra.signsIn(PEOPLE.dana);
});

let attacks = 0;
/** One attack in two mails, with the card of the first showing both. */
async function twoWaves(policy: Parameters<Night['govern']>[0]) {
  await night.govern(policy);
  const url = `https://evil${++attacks}.example/x`;
  const land = async (name: string) => {
    const mail = { internetMessageId: `<${randomUUID()}@mailer.example>`, sender: `pay@evil${attacks}.example` };
    night.mail.put(`${name}@contoso.example`, mail);
    const recipients = [`${name}@contoso.example`];
    return night.alert({ message: { ...mail, subject: 'Invoice overdue', urls: [url] }, recipients });
  };
  const ids = [await land('ann'), await land('bob')] as const;
  for (const id of ids) await becomes(id, 'open');
  const [lead] = ids;
  const isReady = (room: 'slack' | 'teams') =>
    card(lead, room)?.waves[0]?.text.startsWith('waits') === true && digestOf(lead, 'purge-all', room) !== '';
  await night.until('both waves on the card', () => isReady('slack') && isReady('teams'));
  return ids;
}
const digestOf = (lead: string, verb: string, room: 'slack' | 'teams' = 'slack') =>
  card(lead, room)?.actions.find(({ id }) => id === verb)?.digest ?? '';

describe('a reason', () => {
  const policy = policyWith([ruleFor(['purge', 'undo'], { approver: 1 }, { reason: true })]);

  it('is asked once, before anything is voted, and stands with each vote', async () => {
    const [lead, wave] = await twoWaves(policy);
    const digest = digestOf(lead, 'purge-all');
    const asked = await reply(lead, inSlack('dana'), 'purge-all', { digest });
    expect(asked).toMatchObject({
      kind: 'form-needed',
      incident: lead,
      digest,
      verb: 'purge-all',
      amount: { copies: 2, mailboxes: 2 },
    });
    expect([await votes(lead), await votes(wave)]).toEqual([[], []]);
    await press(lead, inSlack('dana'), 'purge-all', { digest, reason: 'A known attack' });
    for (const id of [lead, wave]) {
      await becomes(id, 'purged');
      expect((await votes(id)).map(({ reason }) => reason)).toEqual(['A known attack']);
    }
    await night.until('the undo of both', () => digestOf(lead, 'undo-all') !== '');
    await press(lead, inSlack('dana'), 'undo-all', { digest: digestOf(lead, 'undo-all'), reason: 'A mistake' });
    for (const id of [lead, wave]) await becomes(id, 'restored');
  });

  it('why both are not malicious closes both', async () => {
    const [lead, wave] = await twoWaves(policy);
    const digest = digestOf(lead, 'reject-all');
    expect(await press(lead, inSlack('dana'), 'reject-all', { digest })).toMatchObject({ code: 'form-needed' });
    await press(lead, inSlack('dana'), 'reject-all', { digest, reason: 'Our own newsletter' });
    for (const id of [lead, wave]) await becomes(id, 'rejected');
  });
});

describe('a fresh sign-in', () => {
  const policy = policyWith([ruleFor(['purge'], { approver: 2 }, { stepUp: 'c1' })]);
  const signedIn = async (secret: string) => {
    const address = await counter.begin(secret, 'browser');
    return counter.back(new URL(address ?? 'none:').searchParams.get('state') ?? '', 'browser', { code: 'code' });
  };

  it('is one page for all waves, which votes for each of them', async () => {
    const [lead, wave] = await twoWaves(policy);
    const sent = await reply(lead, inSlack('dana'), 'purge-all', { digest: digestOf(lead, 'purge-all') });
    if (sent.kind !== 'link') throw new Error('there is no page');
    expect([await votes(lead), await votes(wave)]).toEqual([[], []]);
    const secret = sent.url.slice(PAGE.length);
    expect(await signedIn(secret)).toMatchObject({
      code: 'confirm',
      vote: { about: { amount: { copies: 2, mailboxes: 2 } } },
    });
    const page = await counter.confirm(night.flow.hash.of(secret), 'browser');
    expect(page).toMatchObject({ code: 'answered', answer: { code: 'all-decided' } });
    for (const id of [lead, wave]) {
      expect((await votes(id)).map(({ person, signIn }) => [person, signIn?.context])).toEqual([
        [PEOPLE.dana.entraId, 'c1'],
      ]);
    }
    expect((await entries(lead, 'ticket.issued')).length).toBe(1);
  });
});

describe('nothing more than each wave allows', () => {
  it('who received one of them decides about the others alone', async () => {
    await night.govern(policyWith([ruleFor(['purge'], { approver: 2 })]));
    const [lead, wave] = await twoWaves(policyWith([ruleFor(['purge'], { approver: 2 })]));
    const mail = (await incident(wave))?.alert.message;
    await night.alert({ message: { ...mail, urls: [] }, recipients: [PEOPLE.dana.address] });
    const pressed = await press(lead, inSlack('dana'), 'purge-all', { digest: digestOf(lead, 'purge-all') });
    expect(pressed.code === 'all-decided' && pressed.votes.map(({ answer }) => answer.code)).toEqual([
      'vote-counted',
      'recipient',
    ]);
  });

  it('a stranger has no say, and is refused once', async () => {
    const [lead, wave] = await twoWaves(policyWith([ruleFor(['purge'], { approver: 2 })]));
    const stranger = { ...inSlack('dana'), id: 'U0NOBODY' };
    await press(lead, stranger, 'purge-all', { digest: digestOf(lead, 'purge-all') });
    expect([await votes(lead), await votes(wave)]).toEqual([[], []]);
    expect((await entries(lead, 'press.refused')).length + (await entries(wave, 'press.refused')).length).toBe(1);
  });

  it('a press in the middle of which everything ends leaves whole votes, and the same press gives the others', async () => {
    const [lead, wave] = await twoWaves(policyWith([ruleFor(['purge'], { approver: 2 })]));
    const digest = digestOf(lead, 'purge-all', 'teams');
    const { transact } = night.flow.store;
    let ended = false;
    Object.assign(night.flow.store, {
      transact: async (work: Parameters<typeof transact>[0]) => {
        if (ended) throw new Error('the power is gone');
        const result = await transact(work);
        ended = (await transact((tx) => tx.decisions.list(lead))).length > 0;
        return result;
      },
    });
    await expect(reply(lead, inTeams('omar'), 'purge-all', { digest })).rejects.toThrow('power');
    Object.assign(night.flow.store, { transact });
    expect([(await votes(lead)).length, (await votes(wave)).length]).toEqual([1, 0]);
    await press(lead, inTeams('omar'), 'purge-all', { digest });
    expect([(await votes(lead)).length, (await votes(wave)).length]).toEqual([1, 1]);
    expect((await night.audit()).differences).toEqual([]);
  });
});
