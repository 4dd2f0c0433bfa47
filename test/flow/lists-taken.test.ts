import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Sent } from '../../src/core/tell/file-sent.ts';
import type { ListFile } from '../../src/core/tell/list-file.ts';
import { createCounter } from '../../src/flow/decide/counter.ts';
import { listForOperator } from '../../src/flow/decide/list-page.ts';
import type { Counter } from '../../src/ports/desk.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { createFakeSignIn, PAGE } from '../support/fake-sign-in.ts';
import { inSlack, inTeams, MINUTE, policyWith, ruleFor, storyteller } from './telling.ts';

/** The whole mailbox list leaves only with somebody who signed in, has the right to, and is written down for it. */
const entra = createFakeSignIn();
let night: Night;
let sending: () => Promise<Sent> = () => Promise.resolve({ is: 'sent' });
const arrived: { account: string; file: ListFile }[] = [];
const files = new Map([
  [
    'slack',
    {
      platform: 'slack',
      send: async (account: string, file: ListFile) => {
        arrived.push({ account, file });
        return sending();
      },
    },
  ],
]);
let counter: Counter;
beforeAll(async () => {
  night = await startNight({ files, signIn: { pages: entra, url: (secret) => `${PAGE}${secret}` } });
  counter = createCounter(night.flow);
});
afterAll(() => night.close());
const { lands, reply, press, entries, refusals } = storyteller(() => night);

const rules = [ruleFor(['purge'], { approver: 2 })];
const roles = { lead: { people: [PEOPLE.lena.entraId] } };
const governed = (reads: object = {}) => night.govern(policyWith(rules, { roles, reads }));
beforeEach(async () => {
  night.clock.now += 120 * MINUTE;
  await governed();
  entra.signsIn(PEOPLE.dana);
});

const BROWSER = 'the browser of this story';

async function sentToPage(id: string, by = inSlack('dana'), more: Record<string, unknown> = {}): Promise<string> {
  const answer = await reply(id, by, 'export', more);
  if (answer.kind !== 'link') throw new Error(`no link but ${JSON.stringify(answer)}`);
  return answer.url.slice(PAGE.length);
}

/** From the press to the page that offers the file; answers the name of the ticket. */
async function signedIn(secret: string, browser = BROWSER): Promise<string> {
  const address = await counter.begin(secret, browser);
  const page = await counter.back(new URL(address ?? 'none:').searchParams.get('state') ?? '', browser, {
    code: 'code',
  });
  return page.code === 'take-list' ? page.ticket : JSON.stringify(page);
}

const taken = async (ticket: string, browser = BROWSER, to: 'here' | 'chat' = 'here') => {
  const answer = await counter.take(ticket, browser, 'json', to);
  return 'file' in answer ? JSON.parse(answer.file.text) : answer.page;
};
const GONE = { code: 'gone' };

describe('a list that is taken along', () => {
  it.each([
    ['Slack', inSlack('dana')],
    ['Teams', inTeams('dana')],
  ])('from %s goes to who signs in, with an entry in the record', async (_chat, by) => {
    const { id } = await lands(['ann', 'bob']);
    const secret = await sentToPage(id, by);
    expect(await counter.look(secret)).toMatchObject({ is: 'list', incident: id });
    const file = await taken(await signedIn(secret));
    expect(file).toMatchObject({ version: 1, incident: id });
    expect(file.mailboxes.map(({ mailbox }: { mailbox: string }) => mailbox)).toEqual([
      'ann@contoso.example',
      'bob@contoso.example',
    ]);
    expect(await entries(id, 'list.exported')).toMatchObject([
      {
        actor: { kind: 'person', id: PEOPLE.dana.entraId },
        platform: by.platform,
        planDigest: file.digest,
        detail: { format: 'json', rows: 2, way: 'page', roles: ['approver'], reason: null },
      },
    ]);
  });

  it('is nothing that the address alone gives: not without the sign-in, not twice, not in another browser', async () => {
    const { id } = await lands();
    const secret = await sentToPage(id);
    const name = night.flow.hash.of(secret);
    expect(await taken(secret)).toEqual(GONE);
    expect(await taken(name)).toEqual(GONE);
    const ticket = await signedIn(secret);
    expect(await taken(ticket, 'another browser')).toEqual(GONE);
    expect(await taken(ticket)).toMatchObject({ incident: id });
    expect(await taken(ticket)).toEqual(GONE);
    expect(await entries(id, 'list.exported')).toHaveLength(1);
  });

  it('is for who pressed: somebody else’s sign-in gets nothing', async () => {
    const { id } = await lands();
    entra.signsIn(PEOPLE.omar);
    expect(await signedIn(await sentToPage(id))).toContain('somebody-else');
    expect(await entries(id, 'list.exported')).toEqual([]);
  });

  it('is not there after ten minutes', async () => {
    const { id } = await lands();
    const ticket = await signedIn(await sentToPage(id));
    night.clock.now += 10 * MINUTE;
    expect(await taken(ticket)).toEqual(GONE);
  });

  it('is nothing that a ticket for something else opens', async () => {
    const { id } = await lands();
    const ticket = await signedIn(await sentToPage(id));
    expect(await counter.confirm(ticket, BROWSER)).toEqual(GONE);
    expect(await entries(id, 'decision.approved')).toEqual([]);
    expect(await night.audit()).toMatchObject({ ok: true });
  });
});

describe('a list that is sent', () => {
  const sent = (ticket: string, browser = BROWSER) => taken(ticket, browser, 'chat');
  const told = async (id: string) =>
    (await entries(id, 'list.sent')).map(({ outcome, detail }) => [outcome, detail.why]);
  beforeEach(() => {
    arrived.length = 0;
    sending = () => Promise.resolve({ is: 'sent' });
  });

  it('goes to the messages of who asked and signed in, once, and the record has both', async () => {
    const { id } = await lands(['ann', 'bob']);
    const ticket = await signedIn(await sentToPage(id));
    expect(await sent(ticket)).toEqual({ code: 'list-sent', chat: 'Slack', file: `${id}-mailboxes.json` });
    expect(await sent(ticket)).toEqual(GONE);
    expect(arrived.map(({ account, file }) => [account, file.rows])).toEqual([[PEOPLE.dana.slackId, 2]]);
    expect(await entries(id, 'list.exported')).toMatchObject([{ detail: { way: 'message', rows: 2 } }]);
    expect(await told(id)).toEqual([['sent', null]]);
  });

  it('is pressed for twice at once, and goes out once', async () => {
    const { id } = await lands();
    const ticket = await signedIn(await sentToPage(id));
    const both = await Promise.all([sent(ticket), sent(ticket)]);
    expect(both.filter(({ code }) => code === 'list-sent')).toHaveLength(1);
    expect(arrived).toHaveLength(1);
  });

  it('can be taken on the page where it was certainly not sent, and there once', async () => {
    const { id } = await lands();
    sending = () => Promise.resolve({ is: 'not sent', why: 'not allowed', detail: 'Slack answered missing_scope' });
    const ticket = await signedIn(await sentToPage(id));
    expect(await sent(ticket)).toMatchObject({ code: 'list-not-sent', chat: 'Slack', why: 'not allowed', ticket });
    expect(await taken(ticket)).toMatchObject({ incident: id });
    expect(await taken(ticket)).toEqual(GONE);
    expect((await entries(id, 'list.exported')).map(({ detail }) => detail.way)).toEqual(['message', 'page']);
    expect(await told(id)).toEqual([['not sent', 'not allowed']]);
  });

  it('is not sent again where nobody knows whether it is there', async () => {
    const { id } = await lands();
    sending = () => Promise.resolve({ is: 'not known', detail: 'the answer was lost' });
    const ticket = await signedIn(await sentToPage(id));
    expect(await sent(ticket)).toMatchObject({ code: 'list-lost', chat: 'Slack' });
    expect([await sent(ticket), await taken(ticket)]).toEqual([GONE, GONE]);
    expect(arrived).toHaveLength(1);
    expect(await told(id)).toEqual([['not known', null]]);
  });

  it('is not sent to who lost the right, nor from another browser', async () => {
    const { id } = await lands();
    const ticket = await signedIn(await sentToPage(id));
    expect(await sent(ticket, 'another browser')).toEqual(GONE);
    await governed({ export: [] });
    expect(await sent(ticket)).toMatchObject({ code: 'not-taken', answer: { code: 'may-not-read' } });
    expect(arrived).toEqual([]);
  });

  it('comes on the page where the chat that it was asked for in takes none', async () => {
    const { id } = await lands();
    const ticket = await signedIn(await sentToPage(id, inTeams('dana')));
    expect(await sent(ticket)).toMatchObject({ incident: id });
    expect(arrived).toEqual([]);
  });
});

describe('who has the right', () => {
  it('takes as many lists in an hour as the policy says', async () => {
    const { id } = await lands();
    await governed({ exportPerHour: 2 });
    for (const _ of [1, 2]) expect(await press(id, inSlack('dana'), 'export')).toMatchObject({ code: 'list-waits' });
    expect(await press(id, inTeams('dana'), 'export')).toEqual({ code: 'too-many-lists', most: 2 });
    expect(await press(id, inTeams('lena'), 'export')).toMatchObject({ code: 'list-waits' });
    expect(await refusals(id)).toEqual(['too-many-lists']);
    night.clock.now += 61 * MINUTE;
    expect(await press(id, inSlack('dana'), 'export')).toMatchObject({ code: 'list-waits' });
  });

  it('is whoever the policy names, today', async () => {
    const { id } = await lands();
    await governed({ export: ['lead'] });
    expect(await press(id, inSlack('dana'), 'export')).toEqual({
      code: 'may-not-read',
      right: 'export',
      roles: ['lead'],
    });
    expect(await press(id, inTeams('lena'), 'export')).toMatchObject({ code: 'list-waits', to: 'list' });
    expect(await refusals(id)).toEqual(['may-not-read']);
  });

  it('loses it between the press and the page', async () => {
    const { id } = await lands();
    const ticket = await signedIn(await sentToPage(id));
    await governed({ export: [] });
    expect(await taken(ticket)).toMatchObject({ code: 'not-taken', answer: { code: 'may-not-read' } });
    expect(await refusals(id)).toEqual(['may-not-read']);
    expect(await entries(id, 'list.exported')).toEqual([]);
  });

  it('has to be there still', async () => {
    const { id } = await lands();
    const ticket = await signedIn(await sentToPage(id));
    const dana = night.directory.people.get(PEOPLE.dana.entraId) ?? expect.fail();
    night.directory.people.set(dana.id, { ...dana, enabled: false });
    expect(await taken(ticket)).toMatchObject({ code: 'not-taken', answer: { code: 'deactivated' } });
    night.directory.people.set(dana.id, dana);
  });

  it('gives a reason where the policy wants one, and the record has it', async () => {
    const { id } = await lands();
    await governed({ exportReason: true });
    expect(await press(id, inSlack('dana'), 'export')).toEqual({
      code: 'form-needed',
      verb: 'export',
      problem: null,
    });
    expect(await press(id, inSlack('dana'), 'export', { reason: ' ' })).toMatchObject({ problem: 'reason-missing' });
    const long = 'x'.repeat(1_001);
    expect(await press(id, inSlack('dana'), 'export', { reason: long })).toMatchObject({ problem: 'reason-too-long' });
    await taken(await signedIn(await sentToPage(id, inSlack('dana'), { reason: 'for the regulator' })));
    expect((await entries(id, 'list.exported'))[0]?.detail.reason).toBe('for the regulator');
  });

  it('is offered it in the list', async () => {
    const { id } = await lands();
    expect(await press(id, inSlack('dana'), 'details')).toMatchObject({ offers: { export: true, excerpt: false } });
    await governed({ export: [], excerpt: ['lead'] });
    expect(await press(id, inSlack('dana'), 'details')).toMatchObject({ offers: { export: false, excerpt: true } });
  });

  it('looks at the list that is there: an older one is refused', async () => {
    const { id } = await lands();
    expect(await press(id, inSlack('dana'), 'export', { digest: 'a'.repeat(64) })).toEqual({ code: 'stale-card' });
  });
});

describe('the operator of the machine', () => {
  it('takes a list along too, and the record says so', async () => {
    const { id } = await lands(['ann']);
    const file = await listForOperator(night.flow, id.toLowerCase(), 'csv', 'root at the command line');
    expect(file).toMatchObject({ name: `${id}-mailboxes.csv`, rows: 1 });
    expect(await entries(id, 'list.exported')).toMatchObject([
      { actor: { id: 'operator', name: 'root at the command line' }, detail: { format: 'csv', way: 'command line' } },
    ]);
    expect(await listForOperator(night.flow, 'CB-NONE\0', 'csv', 'root')).toBeNull();
  });

  it('takes none of what is not as the record says, and that stays marked', async () => {
    const { id } = await lands(['ann']);
    const forged = { state: 'settled' } as const;
    await night.flow.store.transact((tx) => tx.incidents.save(id, forged, new Date(night.clock.now).toISOString()));
    await expect(listForOperator(night.flow, id, 'csv', 'root')).rejects.toThrow('is not what the record says');
    expect(await entries(id, 'list.exported')).toEqual([]);
    expect(await entries(id, 'integrity.broken')).toHaveLength(1);
  });
});
