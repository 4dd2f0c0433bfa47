import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCounter } from '../../src/flow/decide/counter.ts';
import { unlink } from '../../src/flow/decide/link.ts';
import type { ChatUser, Counter } from '../../src/ports/desk.ts';
import { type Answered, voteCounted } from '../support/answered.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { ACCOUNT } from '../support/fake-chat-people.ts';
import { createFakeSignIn, PAGE } from '../support/fake-sign-in.ts';
import { inSlack, inTeams, MINUTE, slackUser, storyteller } from './telling.ts';

/** Saying which person is behind a Slack account: by a sign-in in the browser and a code typed in the chat. */
const entra = createFakeSignIn();
let night: Night;
let counter: Counter;
beforeAll(async () => {
  night = await startNight({ signIn: { pages: entra, url: (secret) => `${PAGE}${secret}` } });
  counter = createCounter(night.flow);
});
afterAll(() => night.close());
const { lands, press, say, votes } = storyteller(() => night);

const BROWSER = 'the browser of this story';
/** Lena is in no configuration with a Slack account. */
const lenas = slackUser('U0LENA', 'lena');
const others = slackUser('U0MALLORY', 'mallory');
const links = () => night.flow.store.transact((tx) => tx.people.list());

beforeEach(async () => {
  for (const { id } of [lenas, others]) night.slackPeople.accounts.set(id, ACCOUNT);
  for (const { account } of await links()) await unlink(night.flow, account);
  entra.signsIn(PEOPLE.lena);
});

/** To Entra and back again. */
async function signedIn(secret: string, browser = BROWSER) {
  const address = await counter.begin(secret, BROWSER);
  const state = new URL(address ?? 'none:').searchParams.get('state') ?? '';
  return counter.back(state, browser, { code: 'code' });
}

function secretIn(said: Answered): string {
  const [, secret] = 'url' in said ? (said.url ?? '').split(PAGE) : [];
  return secret ?? expect.fail(`no address beside ${said.code}`);
}

async function secretFor(by: ChatUser): Promise<string> {
  return secretIn(await say(by, 'link'));
}

/** As far as the code on the page. */
async function codeFor(by: ChatUser): Promise<string> {
  const secret = await secretFor(by);
  const page = await signedIn(secret);
  return page.code === 'type-code' ? page.typed : expect.fail(`no code but ${page.code}`);
}

describe('linking', () => {
  it('takes the sign-in and the code typed by the same account, and is recorded', async () => {
    expect(await say(lenas, `link ${await codeFor(lenas)}`)).toMatchObject({
      code: 'linked',
      chat: 'Slack',
      name: 'Lena',
    });
    expect(await links()).toMatchObject([{ account: 'U0LENA', person: PEOPLE.lena.entraId, how: 'sign-in' }]);
    const entry = (await night.entries()).findLast(({ type }) => type === 'account.linked');
    expect(entry).toMatchObject({ actor: { id: PEOPLE.lena.entraId }, detail: { account: 'U0LENA' } });
  });

  it('is offered at the first press, and the press counts afterwards', async () => {
    const { id } = await lands();
    const said = await press(id, lenas, 'purge');
    expect(said).toMatchObject({ code: 'unlinked', chat: 'Slack', to: 'link' });
    const page = await signedIn(secretIn(said));
    await say(lenas, `link ${page.code === 'type-code' ? page.typed : ''}`);
    expect(await votes(id)).toEqual([]);
    expect(await press(id, lenas, 'purge')).toMatchObject(voteCounted(1, 2));
    expect(await press(id, inTeams('lena'), 'purge')).toMatchObject({ code: 'repeated' });
  });

  it('forgives how the code was typed', async () => {
    const code = await codeFor(lenas);
    expect(await say(lenas, `link ${code.slice(0, 4).toLowerCase()}-${code.slice(4)}`)).toMatchObject({
      code: 'linked',
    });
  });

  it('the sign-in alone links nothing', async () => {
    await codeFor(lenas);
    expect(await links()).toEqual([]);
  });

  it('the page asks for no authentication context and names the account', async () => {
    const secret = await secretFor(lenas);
    expect(await counter.look(secret)).toEqual({ is: 'link', chat: 'Slack', account: 'lena' });
    expect(await counter.begin(secret, BROWSER)).toContain('context=none');
  });
});

describe('what links nothing', () => {
  it('the code typed by another account', async () => {
    // Mallory made Lena sign in at an address of her own and learnt the code, or the other way round.
    expect(await say(others, `link ${await codeFor(lenas)}`)).toMatchObject({ code: 'link-code-unknown' });
    expect(await links()).toEqual([]);
  });

  it('a code that is too old', async () => {
    const code = await codeFor(lenas);
    night.clock.now += 10 * MINUTE;
    expect(await say(lenas, `link ${code}`)).toMatchObject({ code: 'link-code-unknown' });
    expect(await links()).toEqual([]);
  });

  it('a code that was used', async () => {
    const code = await codeFor(lenas);
    await say(lenas, `link ${code}`);
    await unlink(night.flow, 'U0LENA');
    expect(await say(lenas, `link ${code}`)).toMatchObject({ code: 'link-code-unknown' });
    expect(await links()).toEqual([]);
  });

  it.each(['', '0', '%', 'AAAAAAAA'])('the code “%s”', async (code) => {
    await codeFor(lenas);
    await say(lenas, `link ${code}`);
    expect(await links()).toEqual([]);
  });

  it('a step of the page in another browser', async () => {
    const secret = await secretFor(lenas);
    expect(await signedIn(secret, 'another browser')).toEqual({ code: 'gone' });
  });

  it('an account of another workspace, or one in Teams', async () => {
    expect(await say({ ...lenas, home: 'T0ELSEWHERE' }, 'link')).toMatchObject({ code: 'link-has-no-page' });
    expect(await say(inTeams('lena'), 'link')).toMatchObject({ code: 'link-has-no-page' });
  });
});

describe('a link that exists', () => {
  it('is not overwritten by a sign-in of somebody else', async () => {
    await say(lenas, `link ${await codeFor(lenas)}`);
    entra.signsIn({ entraId: '44444444-0000-4000-8000-000000000001', name: 'Zoe', address: 'zoe@contoso.example' });
    expect(await say(lenas, `link ${await codeFor(lenas)}`)).toMatchObject({ code: 'link-taken' });
    expect(await links()).toMatchObject([{ account: 'U0LENA', person: PEOPLE.lena.entraId }]);
  });

  it('keeps the person from a second account', async () => {
    await say(lenas, `link ${await codeFor(lenas)}`);
    expect(await say(others, `link ${await codeFor(others)}`)).toMatchObject({ code: 'link-taken' });
    expect(await links()).toHaveLength(1);
  });

  it('by configuration is one as well, for the person', async () => {
    entra.signsIn(PEOPLE.dana);
    expect(await say(others, `link ${await codeFor(others)}`)).toMatchObject({ code: 'link-taken' });
    expect(await links()).toEqual([]);
  });

  it('by configuration is one as well, for the account', async () => {
    expect(await say(inSlack('dana'), `link ${await codeFor(inSlack('dana'))}`)).toMatchObject({
      code: 'link-configured',
    });
    expect(await links()).toEqual([]);
  });

  it('is given up by the operator only, and then the account counts for nobody', async () => {
    await say(lenas, `link ${await codeFor(lenas)}`);
    expect(await unlink(night.flow, 'U0LENA')).toBe(true);
    expect(await unlink(night.flow, 'U0LENA')).toBe(false);
    const entry = (await night.entries()).findLast(({ type }) => type === 'account.unlinked');
    expect(entry).toMatchObject({ detail: { account: 'U0LENA', person: PEOPLE.lena.entraId } });
    const { id } = await lands();
    await press(id, lenas, 'purge');
    expect(await votes(id)).toEqual([]);
  });
});

describe('which accounts have to be linked', () => {
  const helped = (by: ChatUser) => say(by, 'help');

  it('is told in every chat, and a code typed in one that knows its people links nothing', async () => {
    expect(await helped(inTeams('lena'))).toEqual({ code: 'help', linking: ['Slack'] });
    expect(await say(inTeams('lena'), `link ${await codeFor(lenas)}`)).toMatchObject({
      code: 'link-not-here',
      chats: ['Slack'],
    });
    expect(await links()).toEqual([]);
  });

  it('are none where every chat knows its people', async () => {
    const { chats } = night.flow;
    Object.assign(night.flow, { chats: new Map([['teams', night.teamsPeople]]) });
    expect(await helped(inTeams('lena'))).toEqual({ code: 'help', linking: [] });
    expect(await say(inTeams('lena'), 'link ABCDEF')).toMatchObject({ code: 'link-not-needed' });
    Object.assign(night.flow, { chats });
  });
});
