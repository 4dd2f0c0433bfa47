import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ClawbackError } from '../../src/core/error.ts';
import { createCounter } from '../../src/flow/decide/counter.ts';
import type { Counter } from '../../src/ports/desk.ts';
import { runStarted } from '../support/answered.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { createFakeSignIn, PAGE } from '../support/fake-sign-in.ts';
import { inSlack, inTeams, MINUTE, policyWith, ruleFor, storyteller } from './telling.ts';

/** Where the policy wants a fresh sign-in, the vote is cast on our own page: the click in the chat does not count. */
const entra = createFakeSignIn();
let night: Night;
let counter: Counter;
beforeAll(async () => {
  night = await startNight({ signIn: { pages: entra, url: (secret) => `${PAGE}${secret}` } });
  counter = createCounter(night.flow);
});
afterAll(() => night.close());
const { lands, reply, press, say, stands, votes, entries, refusals } = storyteller(() => night);

const strict = policyWith([ruleFor(['purge'], { approver: 2 }, { stepUp: 'c1' }), ruleFor(['flag'], { approver: 1 })]);
beforeEach(async () => {
  night.clock.now += 120 * MINUTE;
  await night.govern(strict);
  entra.signsIn(PEOPLE.dana);
});

const BROWSER = 'the browser of this story';

/** Presses in the chat and answers the secret in the address that came back. */
async function sentToPage(id: string, by = inSlack('dana'), more: Record<string, unknown> = {}): Promise<string> {
  const answer = await reply(id, by, 'purge', more);
  if (answer.kind !== 'link') throw new Error(`no link but ${answer.kind}`);
  return answer.url.slice(PAGE.length);
}

/** To Entra; answers the state that comes back from there. */
async function begin(secret: string, browser = BROWSER): Promise<string> {
  const address = await counter.begin(secret, browser);
  return new URL(address ?? 'none:').searchParams.get('state') ?? '';
}
const back = (state: string, browser = BROWSER) => counter.back(state, browser, { code: 'code' });
/** By the name of the ticket, which the page that asks for it holds. */
const confirm = (secret: string, browser = BROWSER) => counter.confirm(night.flow.hash.of(secret), browser);
const signedIn = async (secret: string) => back(await begin(secret));
async function castOnPage(id: string, by = inSlack('dana')) {
  const secret = await sentToPage(id, by);
  await signedIn(secret);
  const page = await confirm(secret);
  return page.code === 'answered' ? page.answer : page;
}
const ticketRefusals = async (id: string) =>
  (await entries(id, 'ticket.refused')).map(({ outcome, detail }) => [outcome, detail['why']]);

describe('an approval with a fresh sign-in', () => {
  it('the click in the chat does not count: it answers an address, and the record says so', async () => {
    const { id } = await lands();
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject({ code: 'sign-in-wanted' });
    expect(await votes(id)).toEqual([]);
    expect((await entries(id, 'ticket.issued'))[0]).toMatchObject({
      actor: { id: PEOPLE.dana.entraId },
      detail: { kind: 'step-up', action: 'purge', context: 'c1' },
    });
  });

  it('counts after the whole way, with context and time in the vote and in the record', async () => {
    const { id } = await lands();
    const secret = await sentToPage(id);
    const page = await signedIn(secret);
    const last = await counter.confirm(page.code === 'confirm' ? page.ticket : '', BROWSER);
    expect(last).toMatchObject({ code: 'answered', answer: { code: 'vote-counted', counted: 1, needed: 2 } });
    const [vote] = await votes(id);
    expect(vote).toMatchObject({ person: PEOPLE.dana.entraId, signIn: { context: 'c1', at: entra.at } });
    expect((await entries(id, 'decision.approved'))[0]?.detail.signIn).toEqual({ context: 'c1', at: entra.at });
  });

  it('asks Entra for the context of the rule', async () => {
    const { id } = await lands();
    const secret = await sentToPage(id);
    expect(await counter.begin(secret, BROWSER)).toContain('context=c1');
  });

  it('two people who went the whole way start it', async () => {
    const { id } = await lands();
    await castOnPage(id);
    entra.signsIn(PEOPLE.omar);
    expect(await castOnPage(id, inTeams('omar'))).toMatchObject(runStarted('purge', 2));
  });

  it('what needs no sign-in still needs none', async () => {
    const { id } = await lands();
    expect(await press(id, inSlack('dana'), 'flag')).toMatchObject({ code: 'run-started', action: 'flag' });
  });

  it('the reason that was given in the chat comes along', async () => {
    await night.govern(policyWith([ruleFor(['purge'], { approver: 2 }, { stepUp: 'c1', reason: true })]));
    const { id } = await lands();
    const secret = await sentToPage(id, inSlack('dana'), { reason: 'Fabrikam confirmed it' });
    await signedIn(secret);
    await confirm(secret);
    expect((await votes(id)).map(({ reason }) => reason)).toEqual(['Fabrikam confirmed it']);
  });
});

describe('what does not count', () => {
  it('somebody else’s sign-in, which is recorded', async () => {
    const { id } = await lands();
    entra.signsIn(PEOPLE.omar);
    const page = await signedIn(await sentToPage(id));
    expect(page).toEqual({ code: 'not-counted', why: 'somebody-else', said: '' });
    expect(await ticketRefusals(id)).toEqual([['somebody-else', null]]);
    expect(await votes(id)).toEqual([]);
  });

  it('a sign-in that Entra calls off', async () => {
    const { id } = await lands();
    const secret = await sentToPage(id);
    await counter.back(await begin(secret), BROWSER, { error: 'access_denied' });
    expect(await ticketRefusals(id)).toEqual([['entra-refused', 'access_denied']]);
  });

  it('a sign-in that is not what was asked for', async () => {
    const { id } = await lands();
    const secret = await sentToPage(id);
    const backAt = await begin(secret);
    entra.fails(new ClawbackError('unauthorized', 'the sign-in is not fresh'));
    await back(backAt);
    expect(await ticketRefusals(id)).toEqual([['sign-in-failed', 'the sign-in is not fresh']]);
    expect(await confirm(secret)).toEqual({ code: 'gone' });
  });

  it('a proof of another context than the rule wants', async () => {
    const { id } = await lands();
    entra.signsIn(PEOPLE.dana, 'c2');
    await castOnPage(id);
    expect(await votes(id)).toEqual([]);
  });

  it('the address in another browser, at any step', async () => {
    const { id } = await lands();
    const secret = await sentToPage(id);
    const backAt = await begin(secret);
    expect(await back(backAt, 'another browser')).toEqual({ code: 'gone' });
    expect(await back(backAt)).toMatchObject({ code: 'confirm' });
    expect(await confirm(secret, 'another browser')).toEqual({ code: 'gone' });
    expect(await votes(id)).toEqual([]);
    await confirm(secret);
    expect(await votes(id)).toHaveLength(1);
  });

  it('an address that was used', async () => {
    const { id } = await lands();
    const secret = await sentToPage(id);
    await signedIn(secret);
    const [one, two] = await Promise.all([confirm(secret), confirm(secret)]);
    expect([one, two].filter(({ code }) => code === 'gone')).toHaveLength(1);
    expect(await counter.look(secret)).toBeNull();
    expect(await counter.begin(secret, BROWSER)).toBeNull();
    expect(await votes(id)).toHaveLength(1);
  });

  it('an answer of Entra that comes a second time', async () => {
    const { id } = await lands();
    const secret = await sentToPage(id);
    const backAt = await begin(secret);
    await back(backAt);
    expect(await back(backAt)).toEqual({ code: 'gone' });
  });

  it.each(['look', 'back', 'confirm'] as const)('an address that is older than ten minutes: %s', async (step) => {
    const { id } = await lands();
    const secret = await sentToPage(id);
    const backAt = await begin(secret);
    if (step === 'confirm') await back(backAt);
    night.clock.now += 10 * MINUTE;
    if (step === 'look') expect(await counter.look(secret)).toBeNull();
    else if (step === 'back') expect(await back(backAt)).toEqual({ code: 'gone' });
    else await confirm(secret);
    expect(await votes(id)).toEqual([]);
  });

  it('an address that we never gave out', async () => {
    expect(await counter.look('made up')).toBeNull();
    expect(await counter.begin('made up', BROWSER)).toBeNull();
    expect(await signedIn('made up')).toEqual({ code: 'gone' });
  });

  it('confirming without having signed in', async () => {
    const { id } = await lands();
    const secret = await sentToPage(id);
    await counter.begin(secret, BROWSER);
    await confirm(secret);
    expect(await votes(id)).toEqual([]);
  });
});

describe('looking at the page', () => {
  it('changes nothing, however often a link preview comes by', async () => {
    const { id } = await lands();
    const secret = await sentToPage(id);
    for (let again = 0; again < 3; again += 1)
      expect(await counter.look(secret)).toMatchObject({ is: 'vote', incident: id });
    expect(await votes(id)).toEqual([]);
    expect(await signedIn(secret)).toMatchObject({ code: 'confirm' });
  });
});

describe('what changed between the click and the page', () => {
  it('the list: the vote was for another one', async () => {
    const { id, mail } = await lands();
    const secret = await sentToPage(id);
    night.clock.now += 5 * MINUTE;
    await signedIn(secret);
    night.mail.put('cas@contoso.example', mail);
    await night.alert({ message: mail, recipients: ['cas@contoso.example'] });
    await press(id, inTeams('omar'), 'reopen');
    await night.until('there is another list', async () => (await stands(id)) === 'open');
    expect(await confirm(secret)).toMatchObject({
      code: 'answered',
      answer: { code: 'stale-card' },
      vote: { about: null },
    });
    expect(await votes(id)).toEqual([]);
  });

  it('it was stopped', async () => {
    const { id } = await lands();
    const secret = await sentToPage(id);
    await signedIn(secret);
    await say(inTeams('omar'), 'stop');
    expect(await confirm(secret)).toMatchObject({ code: 'answered', answer: { code: 'stopped' } });
    expect(await refusals(id)).toEqual(['stopped']);
    await say(inSlack('dana'), 'lift');
    await say(inTeams('omar'), 'lift');
  });

  it('the person was locked out', async () => {
    const { id } = await lands();
    const secret = await sentToPage(id);
    await signedIn(secret);
    night.directory.risky.add(PEOPLE.dana.entraId);
    await confirm(secret);
    night.directory.risky.clear();
    expect(await refusals(id)).toEqual(['at-risk']);
  });
});
