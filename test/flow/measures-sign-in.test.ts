import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ofType } from '../../src/core/record/ledger.ts';
import { signInWords } from '../../src/core/tell/page-words.ts';
import { createCounter } from '../../src/flow/decide/counter.ts';
import type { Counter } from '../../src/ports/desk.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { createFakeSignIn, PAGE } from '../support/fake-sign-in.ts';
import { knowsPeople, MAIL_RULE, MEASURES_RULE, measuresOf, measuring, ofAccount } from './measuring.ts';
import { inSlack, inTeams, policyWith } from './telling.ts';

/** Where one of the rules wants a fresh sign-in, the vote on the whole list is cast on our own page. */

const entra = createFakeSignIn();
let night: Night;
let counter: Counter;
const { service, measures, asUsual } = measuresOf();
const { asked, pressList, shows } = measuring(() => night);
const BROWSER = 'the browser of this story';

beforeAll(async () => {
  const signIn = { pages: entra, url: (secret: string) => `${PAGE}${secret}` };
  const policy = policyWith([MEASURES_RULE({ approver: 1 }, { stepUp: 'c1' }), MAIL_RULE]);
  night = await startNight({ policy, measures, signIn });
  counter = createCounter(night.flow);
  knowsPeople(night);
});
afterAll(() => night.close());
beforeEach(() => {
  asUsual();
  entra.signsIn(PEOPLE.omar);
});

async function castOnPage(id: string, verb: string, more: object = {}) {
  const answer = await pressList(id, inSlack('omar'), verb, { ...more });
  expect(answer).toMatchObject({ code: 'sign-in-wanted', to: 'vote' });
  const secret = 'url' in answer ? (answer.url ?? '').slice(PAGE.length) : '';
  const asks = await counter.look(secret);
  const address = await counter.begin(secret, BROWSER);
  const state = new URL(address ?? 'none:').searchParams.get('state') ?? '';
  await counter.back(state, BROWSER, { code: 'code' });
  const page = await counter.confirm(night.flow.hash.of(secret), BROWSER);
  return { asks, said: page.code === 'answered' ? page.answer : page };
}

describe('a vote on measures with a fresh sign-in', () => {
  it('counts on the page, for exactly what the page shows, and for the way back as well', async () => {
    const { id, incident } = await asked('disable-account ann@contoso.example because she clicked');
    const { asks, said } = await castOnPage(id, 'measures-apply');
    const words = asks && signInWords(asks);
    expect(words?.title).toBe('Sign in to approve measures about people');
    expect(words?.facts[0]).toEqual([
      'Measure 1',
      '1. Disable the account: ann@contoso[.]example. Can be put back as it was.',
    ]);
    expect(said).toMatchObject({ code: 'measures-begun', of: 'apply' });
    await shows(id, 'Contained');
    const [vote] = (await night.entries(incident)).filter(ofType('measures.approved'));
    expect(vote?.detail.signIn).toEqual({ context: 'c1', at: entra.at });
    expect((await castOnPage(id, 'measure-back', { page: 1 })).said).toMatchObject({ code: 'measures-begun' });
    await shows(id, 'Put back');
    expect(service.now(ofAccount('disable-account'))).toMatchObject({ accountEnabled: true });
  });

  it('with another context than the policy wants does not count', async () => {
    const { id } = await asked('disable-account ann@contoso.example because she clicked');
    entra.signsIn(PEOPLE.omar, 'c2');
    expect((await castOnPage(id, 'measures-apply')).said).toMatchObject({ code: 'sign-in-wanted' });
    expect(service.now(ofAccount('disable-account'))).toMatchObject({ accountEnabled: true });
  });

  it('of a list that was declined meanwhile begins nothing', async () => {
    const { id } = await asked('disable-account ann@contoso.example because she clicked');
    const answer = await pressList(id, inSlack('omar'), 'measures-apply');
    const secret = 'url' in answer ? (answer.url ?? '').slice(PAGE.length) : '';
    await pressList(id, inTeams('lena'), 'measures-decline');
    const asks = await counter.look(secret);
    expect(asks && signInWords(asks).title).toBe('This is not asked about any more');
  });
});
