import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ClawbackError } from '../../src/core/error.ts';
import { linesOf } from '../../src/core/tell/answer.ts';
import { createCounter } from '../../src/flow/decide/counter.ts';
import { unlink } from '../../src/flow/decide/link.ts';
import type { ChatUser, Counter } from '../../src/ports/desk.ts';
import type { Answered } from '../support/answered.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { ACCOUNT } from '../support/fake-chat-people.ts';
import { createFakeSignIn, PAGE } from '../support/fake-sign-in.ts';
import { inSlack, inTeams, links, MINUTE, policyWith, ruleFor, slackUser, storyteller } from './telling.ts';

/** What the sign-in page says at each step, what of it is cut, and what comes too late or twice. */

const entra = createFakeSignIn();
const BROWSER = 'the browser of this story';
const lenas = slackUser('U0LENA', 'lena');
let night: Night;
let counter: Counter;
let counted: string[] = [];
beforeAll(async () => {
  night = await startNight({ signIn: { pages: entra, url: (secret) => `${PAGE}${secret}` } });
  counter = createCounter(night.flow, {
    count: (where, why) => void counted.push(`${where}: ${why}`),
    tell: () => Promise.resolve(),
  });
});
afterAll(() => night.close());
const { lands, press, say, votes, entries, card } = storyteller(() => night);

beforeEach(async () => {
  night.clock.now += 120 * MINUTE;
  counted = [];
  night.slackPeople.accounts.set(lenas.id, ACCOUNT);
  await unlink(night.flow, lenas.id);
  await night.govern(policyWith([ruleFor(['purge'], { approver: 2 }, { stepUp: 'c1' })]));
  entra.signsIn(PEOPLE.dana);
});

async function secretIn(reply: Promise<Answered>): Promise<string> {
  const said = await reply;
  const [, secret] = 'url' in said ? (said.url ?? '').split(PAGE) : [];
  return secret ?? expect.fail(`no address beside ${said.code}`);
}
const secretToLink = (by: ChatUser) => secretIn(say(by, 'link'));
const secretToVote = (id: string, by = inSlack('dana')) => secretIn(press(id, by, 'purge'));
async function begun(secret: string): Promise<string> {
  const address = await counter.begin(secret, BROWSER);
  return new URL(address ?? 'none:').searchParams.get('state') ?? '';
}
const back = (state: string) => counter.back(state, BROWSER, { code: 'code' });
const signedIn = async (secret: string) => back(await begun(secret));
const confirm = (secret: string) => counter.confirm(night.flow.hash.of(secret), BROWSER);
const GONE = { code: 'gone' };
const ticketRefusal = async () => (await night.entries()).findLast(({ type }) => type === 'ticket.refused');
const linked = async () => (await night.entries()).findLast(({ type }) => type === 'account.linked');

describe('the page', () => {
  it('says what a vote is for, and then only that', async () => {
    const { id } = await lands();
    const secret = await secretToVote(id);
    const about = { copies: 2, mailboxes: 2, subject: 'Invoice overdue', isDryRun: false, reason: null };
    const vote = { is: 'vote', action: 'purge', incident: id, digest: card(id)?.digest, about };
    expect(await counter.look(secret)).toMatchObject(vote);
    expect(await signedIn(secret)).toMatchObject({
      code: 'confirm',
      as: { name: 'Dana', address: 'dana@contoso.example' },
      vote,
    });
  });

  it('says whose account is to be linked', async () => {
    expect(await counter.look(await secretToLink(lenas))).toEqual({ is: 'link', chat: 'Slack', account: 'lena' });
  });

  it('begins no second sign-in behind one that was done', async () => {
    const { id } = await lands();
    const secret = await secretToVote(id);
    await signedIn(secret);
    expect(await counter.begin(secret, BROWSER)).toBeNull();
  });

  it('of a link has nothing to confirm', async () => {
    entra.signsIn(PEOPLE.lena);
    const secret = await secretToLink(lenas);
    await signedIn(secret);
    expect(await confirm(secret)).toMatchObject(GONE);
  });

  it('counts a step that nobody is waited for at, and no other', async () => {
    const { id } = await lands();
    await signedIn(await secretToVote(id));
    expect(counted).toEqual([]);
    expect(await back('made up')).toMatchObject(GONE);
    expect(await confirm('made up')).toMatchObject(GONE);
    const junk = 'the sign-in page: a step that nobody is waited for at';
    expect(counted).toEqual([junk, junk]);
  });
});

describe('an answer of Entra', () => {
  it('that comes twice at once counts once', async () => {
    const { id } = await lands();
    const state = await begun(await secretToVote(id));
    const codes = (await Promise.all([back(state), back(state)])).map(({ code }) => code);
    expect(codes.sort()).toEqual(['confirm', GONE.code]);
  });

  it('to a sign-in that was begun anew meanwhile does not count', async () => {
    const { id } = await lands();
    const secret = await secretToVote(id);
    const state = await begun(secret);
    const plain = entra.finish.bind(entra);
    Object.assign(entra, {
      finish: async (asked: Parameters<typeof plain>[0]) => {
        await counter.begin(secret, BROWSER);
        return plain(asked);
      },
    });
    expect(await back(state)).toMatchObject(GONE);
    Object.assign(entra, { finish: plain });
    expect(await votes(id)).toEqual([]);
  });

  it('that is no answer but a bug is not told as one', async () => {
    const { id } = await lands();
    const state = await begun(await secretToVote(id));
    entra.fails(new Error('a bug'));
    await expect(back(state)).rejects.toThrow('a bug');
  });

  it.each([
    ['of Entra', { error: 'x'.repeat(100) }, 'entra-refused', 'x'.repeat(60)],
    ['of ours', { code: 'code' }, 'sign-in-failed', 'y'.repeat(200)],
  ])('an error %s is cut before it is written down', async (_whose, answer, outcome, why) => {
    const { id } = await lands();
    const state = await begun(await secretToVote(id));
    entra.fails(new ClawbackError('unauthorized', 'y'.repeat(300)));
    await counter.back(state, BROWSER, answer);
    expect(await ticketRefusal()).toMatchObject({ outcome, detail: { why } });
    entra.signsIn(PEOPLE.dana);
    await entra.finish({ nonce: '', verifier: '', context: null, code: '' }).catch(() => undefined);
  });
});

describe('the vote on the page', () => {
  it('of an account that was given up meanwhile is told how to link it again', async () => {
    entra.signsIn(PEOPLE.lena);
    const page = await signedIn(await secretToLink(lenas));
    await say(lenas, `link ${page.code === 'type-code' ? page.typed : ''}`);
    const { id } = await lands();
    const secret = await secretToVote(id, lenas);
    await signedIn(secret);
    await unlink(night.flow, lenas.id);
    expect(await confirm(secret)).toMatchObject({ code: 'answered', answer: { code: 'unlinked', chat: 'Slack' } });
    expect(await votes(id)).toEqual([]);
  });
});

describe('the vote on the page of an account', () => {
  it('that is somebody else\u2019s by now does not count', async () => {
    await links(night, lenas.id, PEOPLE.lena.entraId);
    entra.signsIn(PEOPLE.lena);
    const { id } = await lands();
    const secret = await secretToVote(id, lenas);
    await signedIn(secret);
    await unlink(night.flow, lenas.id);
    await links(night, lenas.id, PEOPLE.omar.entraId);
    expect(await confirm(secret)).toMatchObject({ code: 'answered', answer: { code: 'ambiguous' } });
    expect(await votes(id)).toEqual([]);
  });
});

describe('a very long name', () => {
  const long = { ...PEOPLE.lena, name: 'x'.repeat(300) };

  it('is cut where it is kept, written down and said', async () => {
    entra.signsIn(long);
    const secret = await secretToLink({ ...lenas, name: 'y'.repeat(300) });
    const ticket = await night.flow.store.transact((tx) => tx.tickets.lock(night.flow.hash.of(secret)));
    expect(ticket?.accountName).toBe('y'.repeat(200));
    const page = await signedIn(secret);
    const said = await say(lenas, `link ${page.code === 'type-code' ? page.typed : ''}`);
    expect(said.code === 'linked' && linesOf(said)).toEqual([
      `Linked: this Slack account is ${'x'.repeat(79)}\u2026. Press the button again.`,
    ]);
    expect((await linked())?.actor.name).toBe('x'.repeat(200));
    const signed = (await night.entries()).findLast(({ type }) => type === 'ticket.signed-in');
    expect(signed?.actor.name).toBe('x'.repeat(200));
  });
});

describe('nobody is sent to the page', () => {
  it('for being refused for anything else than being unknown', async () => {
    const { id } = await lands();
    expect(await press(id, inSlack('dana'), 'hard-purge')).toMatchObject({ code: 'policy' });
    expect(await press(id, inSlack('dana'), 'purge', { digest: '' })).not.toHaveProperty('url');
  });

  it.each([
    ['in Teams', inTeams('lena')],
    ['without an account', slackUser('')],
    ['from another workspace', { ...lenas, home: 'T0OTHER' }],
  ])('%s', async (_who, by) => {
    expect(await say(by, 'link')).not.toHaveProperty('url');
  });

  it.each([
    ['in Teams', { ...inTeams('lena'), id: lenas.id }],
    ['without an account', slackUser('')],
    ['from another workspace', { ...lenas, home: 'T0OTHER' }],
  ])('and nobody %s links anything with a code', async (_who, by) => {
    entra.signsIn(PEOPLE.lena);
    const page = await signedIn(await secretToLink(lenas));
    expect(await say(by, `link ${page.code === 'type-code' ? page.typed : ''}`)).not.toMatchObject({
      code: 'link-code-unknown',
    });
    expect(await night.flow.store.transact((tx) => tx.people.of('slack', lenas.id))).toBeNull();
  });

  it('where there is none', async () => {
    const { signIn } = night.flow;
    Object.assign(night.flow, { signIn: null });
    const { id } = await lands();
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject({ code: 'no-sign-in' });
    expect(await press(id, lenas, 'purge')).toMatchObject({ code: 'unlinked' });
    expect((await entries(id, 'press.refused')).map(({ outcome }) => outcome)).toEqual(['no-sign-in', 'unlinked']);
    Object.assign(night.flow, { signIn });
  });
});
