import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCounter } from '../../src/flow/decide/counter.ts';
import { type Night, PEOPLE, SLACK_TEAM, startNight, TENANT } from '../support/desk-of-the-night.ts';
import { ACCOUNT } from '../support/fake-chat-people.ts';
import { createFakeSignIn, PAGE } from '../support/fake-sign-in.ts';
import { intruder } from './intruder.ts';
import { inSlack, policyWith, ruleFor, slackUser, storyteller } from './telling.ts';

/** Tickets that somebody has put into the database, or changed there: nobody votes and nobody is linked by them. */

const GONE = { code: 'gone' };
const entra = createFakeSignIn();
let night: Night;
const { reply, say, votes, entries } = storyteller(() => night);
const { open } = intruder(() => night);
const hashed = (text: string) => night.flow.hash.of(text);
beforeAll(async () => {
  night = await startNight({
    intruded: true,
    workers: false,
    policy: policyWith([ruleFor(['purge'], { approver: 2 }, { stepUp: 'c1' })]),
    signIn: { pages: entra, url: (secret) => `${PAGE}${secret}` },
  });
});
afterAll(() => night.close());

const forge = (id: string, row: Readonly<Record<string, string | null>>) => {
  const all: Record<string, string | null> = {
    tenant: TENANT,
    id,
    account_name: 'x',
    expires_at: '2099-01-01T00:00:00.000Z',
    state: 'signed-in',
    browser: hashed('browser'),
    nonce: 'n',
    verifier: 'v',
    ...row,
  };
  const places = Object.keys(all).map((_, index) => `$${index + 1}`);
  return night.intrude(
    `insert into ticket (${Object.keys(all).join(', ')}) values (${places.join(', ')})`,
    ...Object.values(all),
  );
};

/** Dana has pressed; answers the id of the ticket, and the secret of its address. */
async function sentToPage(id: string) {
  const answer = await reply(id, inSlack('dana'), 'purge');
  const secret = answer.kind === 'link' ? answer.url.slice(PAGE.length) : '';
  return { secret, ticket: hashed(secret) };
}

async function signsIn(secret: string) {
  entra.signsIn(PEOPLE.dana);
  const counter = createCounter(night.flow);
  const address = await counter.begin(secret, 'browser');
  await counter.back(new URL(address ?? 'none:').searchParams.get('state') ?? '', 'browser', { code: 'code' });
  return counter;
}

describe('a ticket for a vote', () => {
  it('that was put there votes for nobody', async () => {
    const { id, digest } = await open();
    const live = night.teams.cards.findLast(({ view }) => view.incident === id);
    const { channel, message } = live?.ref ?? { channel: '', message: '' };
    const { entraId } = PEOPLE.omar;
    await forge('forged', {
      kind: 'step-up',
      platform: 'teams',
      account: entraId,
      home: TENANT,
      person: entraId,
      vote: JSON.stringify({ incident: id, action: 'purge', digest, context: 'c1', reason: null, channel, message }),
      signed_in: JSON.stringify({ person: entraId, name: 'Omar', proof: { context: 'c1', at: entra.at } }),
    });
    expect(await createCounter(night.flow).confirm('forged', 'browser')).toEqual(GONE);
    expect(await votes(id)).toEqual([]);
  });

  it('that nobody signed in with is not signed in because its row says so', async () => {
    const { id } = await open();
    const { ticket } = await sentToPage(id);
    await night.intrude(
      `update ticket set state = 'signed-in', browser = $2, nonce = 'n', verifier = 'v', signed_in = $3 where id = $1`,
      ticket,
      hashed('browser'),
      JSON.stringify({ person: PEOPLE.dana.entraId, name: 'Dana', proof: { context: 'c1', at: entra.at } }),
    );
    expect(await createCounter(night.flow).confirm(ticket, 'browser')).toEqual(GONE);
    expect(await votes(id)).toEqual([]);
  });

  it.each([
    ['for something else', `update ticket set vote = replace(vote::text, 'purge', 'flag') where id = $1`],
    ['for another account', `update ticket set account = 'U0OTHER' where id = $1`],
    ['in a later sign-in', `update ticket set signed_in = replace(signed_in::text, 'c1', 'c2') where id = $1`],
    ['for longer', `update ticket set expires_at = '2099-01-01T00:00:00.000Z' where id = $1`],
  ])('that was signed in with and changed does not count: %s', async (_what, statement) => {
    const { id } = await open();
    const { ticket, secret } = await sentToPage(id);
    const counter = await signsIn(secret);
    await night.intrude(statement, ticket);
    expect(await counter.confirm(ticket, 'browser')).toEqual(GONE);
    expect(await votes(id)).toEqual([]);
  });

  it('as it was left votes, and the record has who signed in, how and when', async () => {
    const { id } = await open();
    const { ticket, secret } = await sentToPage(id);
    const counter = await signsIn(secret);
    await counter.confirm(ticket, 'browser');
    expect((await votes(id)).map(({ person }) => person)).toEqual([PEOPLE.dana.entraId]);
    const [said] = await entries(id, 'ticket.signed-in');
    expect(said?.detail).toMatchObject({ ticket, person: PEOPLE.dana.entraId, context: 'c1', signedInAt: entra.at });
  });
});

describe('a ticket for a link', () => {
  it('that was put there links nobody', async () => {
    night.slackPeople.accounts.set('U0EVIL', ACCOUNT);
    await forge('evil', {
      kind: 'link',
      platform: 'slack',
      account: 'U0EVIL',
      home: SLACK_TEAM,
      signed_in: JSON.stringify({ person: PEOPLE.lena.entraId, name: 'Lena', proof: null }),
      code: hashed('AAAA'),
    });
    expect(await say(slackUser('U0EVIL'), 'link AAAA')).toEqual({ code: 'link-code-unknown' });
    expect(await night.flow.store.transact((tx) => tx.people.of('slack', 'U0EVIL'))).toBeNull();
  });
});
