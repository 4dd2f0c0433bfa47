import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phishingWave } from '../../src/sandbox/attacks.ts';
import { type Story, startStory } from '../support/story.ts';

/** Looking closer: what went wrong first, the whole list as a file, and how the mail begins. Each for one pair of eyes. */
const LENA = '00000000-0000-4000-8000-0000000000d3';
const POLICY = `version: 1
roles: { lead: { people: [${LENA}] } }
rules:
  - { name: two people, when: { action: [purge, undo] }, approve: [{ role: approver, count: 2 }] }
reads: { export: [approver], exportReason: true, excerpt: [lead] }
`;

let story: Story;
let incident: string;
let troubled: string;
beforeAll(async () => {
  story = await startStory({ employees: 60, seed: 91, slackFiles: true }, undefined, { policy: POLICY });
  const attack = phishingWave(story.sandbox, 40);
  const attacked = await story.attacked(attack);
  ({ incident } = attacked);
  // Somebody deletes the mail for good before the purge: the last of the list by address.
  const last = [...attack.recipients].sort().at(-1) ?? '';
  troubled = last;
  const owner = story.sandbox.tenant.userByKey(last);
  story.sandbox.graph.faults.set({ access: 'denied' }, owner?.id ?? '');
  await story.slack('dana', incident, 'purge');
  await story.teams('omar', incident, 'purge');
  await story.bothSay(incident, '39 removed');
});
afterAll(() => story.close());

const defanged = (address: string) => address.replaceAll(/(?<=@.*)\./g, '[.]');
const modal = () => JSON.stringify(story.sandbox.slack.seenBy('lena').modal);
const inModal = (words: string) => story.until(`the window says ${words}`, () => modal().includes(words) && modal());
async function list(): Promise<string> {
  if (story.sandbox.slack.seenBy('lena').modal) await story.sandbox.slack.closeModal('lena');
  await story.sandbox.slack.click('lena', (await story.slackCard(incident)).id, 'cb:details');
  return inModal('Mailboxes of');
}

describe('the mailbox list', () => {
  it('begins with the mailbox that made trouble, and says why', async () => {
    const shown = await list();
    expect(shown).toContain('Trouble 1');
    const mailboxes = [...shown.matchAll(/"text":"([^"]+@[^"]+)"/g)].map(([, text]) => text);
    expect(mailboxes[0]).toBe(defanged(troubled));
    expect(shown).toContain('Not allowed: Clawback has no right to this mailbox');
  });

  it('is filtered and searched in Slack', async () => {
    await list();
    await story.sandbox.slack.clickInModal('lena', 'cb:filter', { choose: 'trouble' });
    expect(await inModal('Page 1 of 1, 1 of')).not.toContain('cb:page:next');
    await story.sandbox.slack.submitModal('lena', { 'cb:search': 'nobody-has-this' });
    expect(await inModal('No mailbox here fits')).toContain('nobody-has-this');
    await story.sandbox.slack.submitModal('lena', { 'cb:search': '<!channel>' });
    expect(await inModal('part of a mail address')).not.toContain('!channel');
  });

  it('is filtered and searched in Teams, and stays so on the next page', async () => {
    const { id } = await story.teamsCard(incident);
    const own = () => JSON.stringify(story.sandbox.teams.seenBy('lena').cards.get(id));
    await story.sandbox.teams.click('lena', id, 'details');
    const looked = { filter: 'done', search: '@contoso[.]example' };
    await story.sandbox.teams.clickPrivate('lena', id, 'details', looked, { title: 'Search' });
    expect(own()).toContain('Page 1 of 3, 39 of');
    await story.sandbox.teams.clickPrivate('lena', id, 'details', {}, { title: 'Next' });
    expect(own()).toContain('Page 2 of 3, 39 of');
  });
});

describe('the whole list as a file', () => {
  async function asked(reason: string): Promise<URL> {
    await list();
    await story.sandbox.slack.clickInModal('lena', 'cb:export');
    await inModal('needs a reason');
    const before = story.sandbox.slack.seenBy('lena').ephemerals.length;
    await story.sandbox.slack.submitModal('lena', { reason });
    const blocks = await story.until('the way to the page', () => {
      const answer = story.sandbox.slack.seenBy('lena').ephemerals.slice(before).at(-1);
      return answer && JSON.stringify(answer.blocks);
    });
    return new URL(/"url":"([^"]+)"/.exec(blocks)?.[1] ?? '');
  }
  const post = (path: string, fields: Record<string, string>, cookie = '') =>
    fetch(`${story.url}${path}`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { cookie },
      redirect: 'manual',
    });

  it('comes to who signs in on the page, once, and a link alone is not enough', async () => {
    const address = await asked('for the regulator');
    const ticket = address.searchParams.get('ticket') ?? '';
    expect(await (await fetch(address)).text()).toContain('Sign in to take the list');
    const begun = await post('/auth', { tenant: 'sandbox', ticket });
    const cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? '';
    const back = await story.sandbox.entra.signIn(begun.headers.get('location') ?? '', { as: LENA });
    const page = await (await fetch(back, { headers: { cookie } })).text();
    const name = /name="ticket" value="([^"]+)"/.exec(page)?.[1] ?? '';
    expect((await post('/auth/list', { ticket: name, format: 'csv' })).status).toBe(403);
    const file = await post('/auth/list', { ticket: name, format: 'csv' }, cookie);
    expect(file.headers.get('content-disposition')).toContain(`${incident}-mailboxes.csv`);
    const text = await file.text();
    expect(text.split('\r\n')[1]).toContain(`"${troubled}","Trouble","Not allowed"`);
    expect(text.split('\r\n').length).toBeGreaterThan(40);
    expect(await (await post('/auth/list', { ticket: name, format: 'json' }, cookie)).text()).toContain(
      'does not work',
    );
  });

  async function signedIn(reason: string) {
    const address = await asked(reason);
    const begun = await post('/auth', { tenant: 'sandbox', ticket: address.searchParams.get('ticket') ?? '' });
    const cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? '';
    const back = await story.sandbox.entra.signIn(begun.headers.get('location') ?? '', { as: LENA });
    const page = await (await fetch(back, { headers: { cookie } })).text();
    const ticket = /name="ticket" value="([^"]+)"/.exec(page)?.[1] ?? '';
    return async (to: object = {}) => (await post('/auth/list', { ticket, format: 'csv', ...to }, cookie)).text();
  }
  const filesOf = (who: string) => story.sandbox.slack.seenBy(who).files;

  it('is sent to who signed in, in Slack, and to nobody else there', async () => {
    const take = await signedIn('for the regulator, in Slack');
    expect(await take({ to: 'chat' })).toContain('The list is in your messages in Slack');
    expect(filesOf('lena').map(({ name }) => name)).toEqual([`${incident}-mailboxes.csv`]);
    expect(filesOf('lena')[0]?.text.split('\r\n')[1]).toContain(`"${troubled}","Trouble","Not allowed"`);
    expect(['dana', 'omar', 'emma'].flatMap(filesOf)).toEqual([]);
    expect(JSON.stringify(await story.sandbox.slack.messages())).not.toContain('mailboxes.csv');
    expect(await take({ to: 'chat' })).toContain('does not work any more');
  });

  it('leaves nothing in Slack when the upload breaks off, and comes on the page then', async () => {
    const take = await signedIn('once more');
    story.sandbox.slack.faults.fail('upload_url', { answer: 'drop' });
    expect(await take({ to: 'chat' })).toContain('The list was not sent to Slack');
    expect(filesOf('lena')).toHaveLength(1);
    expect(await take()).toContain(`"${troubled}","Trouble","Not allowed"`);
  });

  it('is not sent twice when Slack’s last answer is lost', async () => {
    const take = await signedIn('and once more');
    story.sandbox.slack.faults.fail('files.completeUploadExternal', { after: true, answer: 'drop' });
    expect(await take({ to: 'chat' })).toContain('Whether Slack took the list is not known');
    expect(filesOf('lena')).toHaveLength(2);
    expect(await take({ to: 'chat' })).toContain('does not work any more');
    expect(filesOf('lena')).toHaveLength(2);
  });

  it('does not come to somebody else who signs in with that address', async () => {
    const address = await asked('again');
    const begun = await post('/auth', { tenant: 'sandbox', ticket: address.searchParams.get('ticket') ?? '' });
    const cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? '';
    const dana = story.sandbox.personas.find(({ key }) => key === 'dana')?.entraId ?? '';
    const back = await story.sandbox.entra.signIn(begun.headers.get('location') ?? '', { as: dana });
    expect(await (await fetch(back, { headers: { cookie } })).text()).toContain('the sign-in does not count'.slice(4));
  });
});

describe('how the mail begins', () => {
  const SAYS = 'please read this today';

  it('is shown to the lead alone in Slack, for a reason, without its link', async () => {
    await list();
    await story.sandbox.slack.clickInModal('lena', 'cb:excerpt');
    await inModal('needs a reason');
    await story.sandbox.slack.submitModal('lena', { reason: 'the owner calls it a real invoice' });
    const seen = (who: string) => JSON.stringify(story.sandbox.slack.seenBy(who).ephemerals);
    await story.until('the excerpt is there', () => seen('lena').includes(SAYS));
    expect(seen('lena')).toContain('[link to pay[.]fabrikam-invoices[.]example]');
    expect(seen('lena')).not.toContain('case=48213');
    expect(['dana', 'omar', 'emma'].some((who) => seen(who).includes(SAYS))).toBe(false);
  });

  it('is shown in the place of the card in Teams, to nobody else', async () => {
    const { id } = await story.teamsCard(incident);
    await story.sandbox.teams.click('lena', id, 'details');
    await story.sandbox.teams.clickPrivate('lena', id, 'excerpt');
    await story.sandbox.teams.clickPrivate('lena', id, 'excerpt', { reason: 'the owner calls it a real invoice' });
    const own = (who: string) => JSON.stringify(story.sandbox.teams.seenBy(who).cards.get(id) ?? null);
    expect(own('lena')).toContain(SAYS);
    expect(own('omar')).not.toContain(SAYS);
  });

  it('is refused to an analyst, who sees no such right in the answer but its role', async () => {
    const { id } = await story.teamsCard(incident);
    await story.sandbox.teams.click('omar', id, 'details');
    await story.sandbox.teams.clickPrivate('omar', id, 'excerpt');
    expect(story.sandbox.teams.seenBy('omar').toasts.at(-1)?.text).toContain('it takes one of lead');
  });

  it('all of it is in the record, and nothing that the mail says', async () => {
    const { entries, verification } = await story.record(incident);
    const told = entries.map(({ type, outcome }) => [type, outcome].join(' '));
    expect(told.filter((line) => /^(list|excerpt)/.test(line))).toEqual([
      'list.exported ',
      'list.exported ',
      'list.sent sent',
      'list.exported ',
      'list.sent not sent',
      'list.exported ',
      'list.exported ',
      'list.sent not known',
      'excerpt.asked ',
      'excerpt.read shown',
      'excerpt.asked ',
      'excerpt.read shown',
    ]);
    expect(told).toContain('press.refused may-not-read');
    expect(JSON.stringify(entries)).not.toContain(SAYS);
    expect(verification.ok).toBe(true);
  });
});
