import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startSlackRig } from '../support/card-pictures/slack-rig.ts';
import { type Night, PEOPLE, SLACK_TEAM, startNight } from '../support/desk-of-the-night.ts';
import { ACCOUNT } from '../support/fake-chat-people.ts';
import { mail } from '../support/mails.ts';
import { links, storyteller } from './telling.ts';

/** From the menu of a message in Slack to a card that asks for a decision, with the real desk behind the real adapter. */

let night: Night;
let rig: Awaited<ReturnType<typeof startSlackRig>>;
beforeAll(async () => {
  night = await startNight();
  rig = await startSlackRig(2_500, {
    reports: true,
    desk: night.desk,
    world: { teamId: SLACK_TEAM, scopes: ['chat:write', 'files:read'], shortcuts: ['cb:report'] },
  });
  const [ana, ben] = [rig.world.users['ana']?.id ?? '', rig.world.users['ben']?.id ?? ''];
  night.slackPeople.accounts.set(ana, ACCOUNT);
  night.slackPeople.accounts.set(ben, { ...ACCOUNT, guest: true });
  await links(night, ana, PEOPLE.lena.entraId);
});
afterAll(async () => {
  await rig.close();
  await night.close();
});
const { cardsShow } = storyteller(() => night);
const told = (who: string) =>
  JSON.stringify(rig.world.seenBy(who).ephemerals.map(({ text, blocks }) => [text, blocks]));

it('a mail in a message becomes a card, and only who pressed hears of it', async () => {
  const id = '<in-slack@mailer.example>';
  for (const name of ['ann', 'bob'])
    night.mail.put(`${name}@contoso.example`, { internetMessageId: id, sender: 'billing@fabrikam.example' });
  const bytes = mail({ 'Message-ID': id, To: 'ann@contoso.example, bob@contoso.example' });
  const page = { name: 'page.eml', bytes: '<html>Sign in</html>', mimetype: 'text/html' };
  const ts = rig.world.share('ben', [{ name: 'invoice.eml', bytes }, page, { name: 'logo.png', bytes: 'x' }]);
  await rig.world.shortcut('ana', ts, 'cb:report');
  await vi.waitFor(() => expect(told('ana')).toContain('taken in as CB-0001'));
  await cardsShow('CB-0001', 'its list', ({ digest }) => digest !== '');
  expect(told('ana')).toContain('page[.]eml\u201d: not taken in, what came is a web page and no mail');
  expect(told('ana')).toContain('1 other file of this message is no .eml or .msg file');
  expect(told('ben')).toBe('[]');
  const alert = (await night.flow.store.transact((tx) => tx.incidents.get('CB-0001')))?.alert;
  expect(alert?.reporter).toMatchObject({ entraId: PEOPLE.lena.entraId });
  await rig.world.shortcut('ana', ts, 'cb:report');
  await vi.waitFor(() => expect(told('ana')).toContain('you have reported it before, it is CB-0001'));
  expect(await night.ledgerFault()).toBeNull();
});

it('a guest hears that nothing was taken in, and no file is asked for', async () => {
  const before = rig.world.filesAsked.length;
  const ts = rig.world.share('ben', [{ name: 'invoice.eml', bytes: mail({ 'Message-ID': '<guest@mailer.example>' }) }]);
  await rig.world.shortcut('ben', ts, 'cb:report');
  await vi.waitFor(() => expect(told('ben')).toContain('Guests cannot report mail here'));
  expect(rig.world.filesAsked).toHaveLength(before);
});
