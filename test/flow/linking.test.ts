import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCounter } from '../../src/flow/decide/counter.ts';
import { unlink } from '../../src/flow/decide/link.ts';
import type { ChatUser, Counter } from '../../src/ports/desk.ts';
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

async function secretFor(by: ChatUser): Promise<string> {
  const said = await say(by, 'link');
  const [, secret] = said.split(PAGE);
  if (!secret) throw new Error(`no address in “${said}”`);
  return secret;
}

/** As far as the code on the page. */
async function codeFor(by: ChatUser): Promise<string> {
  const secret = await secretFor(by);
  const page = await signedIn(secret);
  if (page.kind !== 'code') throw new Error(`no code but ${page.lines.join(' ')}`);
  return page.code;
}

describe('linking', () => {
  it('takes the sign-in and the code typed by the same account, and is recorded', async () => {
    expect(await say(lenas, `link ${await codeFor(lenas)}`)).toContain('Linked: this Slack account is Lena');
    expect(await links()).toMatchObject([{ account: 'U0LENA', person: PEOPLE.lena.entraId, how: 'sign-in' }]);
    const entry = (await night.entries()).findLast(({ type }) => type === 'account.linked');
    expect(entry).toMatchObject({ actor: { id: PEOPLE.lena.entraId }, detail: { account: 'U0LENA' } });
  });

  it('is offered at the first press, and the press counts afterwards', async () => {
    const { id } = await lands();
    const said = await press(id, lenas, 'purge');
    expect(said).toContain('your press does not count');
    const secret = said.split(PAGE)[1] ?? '';
    const page = await signedIn(secret);
    await say(lenas, `link ${page.kind === 'code' ? page.code : ''}`);
    expect(await votes(id)).toEqual([]);
    expect(await press(id, lenas, 'purge')).toContain('1 of 2');
    expect(await press(id, inTeams('lena'), 'purge')).toContain('counted already');
  });

  it('forgives how the code was typed', async () => {
    const code = await codeFor(lenas);
    expect(await say(lenas, `link ${code.slice(0, 4).toLowerCase()}-${code.slice(4)}`)).toContain('Linked');
  });

  it('the sign-in alone links nothing', async () => {
    await codeFor(lenas);
    expect(await links()).toEqual([]);
  });

  it('the page asks for no authentication context and names the account', async () => {
    const secret = await secretFor(lenas);
    expect(await counter.look(secret)).toMatchObject({
      kind: 'link',
      lines: [expect.stringContaining('“lena”'), expect.anything()],
    });
    expect(await counter.begin(secret, BROWSER)).toContain('context=none');
  });
});

describe('what links nothing', () => {
  it('the code typed by another account', async () => {
    // Mallory made Lena sign in at an address of her own and learnt the code, or the other way round.
    expect(await say(others, `link ${await codeFor(lenas)}`)).toContain('do not know this code');
    expect(await links()).toEqual([]);
  });

  it('a code that is too old', async () => {
    const code = await codeFor(lenas);
    night.clock.now += 10 * MINUTE;
    expect(await say(lenas, `link ${code}`)).toContain('too old');
    expect(await links()).toEqual([]);
  });

  it('a code that was used', async () => {
    const code = await codeFor(lenas);
    await say(lenas, `link ${code}`);
    await unlink(night.flow, 'U0LENA');
    expect(await say(lenas, `link ${code}`)).toContain('do not know this code');
    expect(await links()).toEqual([]);
  });

  it.each(['', '0', '%', 'AAAAAAAA'])('the code “%s”', async (code) => {
    await codeFor(lenas);
    await say(lenas, `link ${code}`);
    expect(await links()).toEqual([]);
  });

  it('a step of the page in another browser', async () => {
    const secret = await secretFor(lenas);
    expect(await signedIn(secret, 'another browser')).toMatchObject({ kind: 'said' });
  });

  it('an account of another workspace, or one in Teams', async () => {
    expect(await say({ ...lenas, home: 'T0ELSEWHERE' }, 'link')).toContain('no sign-in page');
    expect(await say(inTeams('lena'), 'link')).toContain('no sign-in page');
  });
});

describe('a link that exists', () => {
  it('is not overwritten by a sign-in of somebody else', async () => {
    await say(lenas, `link ${await codeFor(lenas)}`);
    entra.signsIn({ entraId: '44444444-0000-4000-8000-000000000001', name: 'Zoe', address: 'zoe@contoso.example' });
    expect(await say(lenas, `link ${await codeFor(lenas)}`)).toContain('linked already');
    expect(await links()).toMatchObject([{ account: 'U0LENA', person: PEOPLE.lena.entraId }]);
  });

  it('keeps the person from a second account', async () => {
    await say(lenas, `link ${await codeFor(lenas)}`);
    expect(await say(others, `link ${await codeFor(others)}`)).toContain('linked already');
    expect(await links()).toHaveLength(1);
  });

  it('by configuration is one as well, for the person', async () => {
    entra.signsIn(PEOPLE.dana);
    expect(await say(others, `link ${await codeFor(others)}`)).toContain('linked already');
    expect(await links()).toEqual([]);
  });

  it('by configuration is one as well, for the account', async () => {
    expect(await say(inSlack('dana'), `link ${await codeFor(inSlack('dana'))}`)).toContain('linked by configuration');
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
    expect(await helped(inTeams('lena'))).toContain('link: say which person is behind this Slack account');
    expect(await say(inTeams('lena'), `link ${await codeFor(lenas)}`)).toBe(
      'Only Slack accounts of this workspace are linked.',
    );
    expect(await links()).toEqual([]);
  });

  it('are none where every chat knows its people', async () => {
    const { chats } = night.flow;
    Object.assign(night.flow, { chats: new Map([['teams', night.teamsPeople]]) });
    expect(await helped(inTeams('lena'))).not.toContain('link:');
    expect(await say(inTeams('lena'), 'link ABCDEF')).toBe('No account here has to be linked.');
    Object.assign(night.flow, { chats });
  });
});
