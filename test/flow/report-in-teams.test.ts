import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTeamsRig } from '../support/card-pictures/teams-rig.ts';
import { type Night, startNight, TENANT } from '../support/desk-of-the-night.ts';
import { ACCOUNT } from '../support/fake-chat-people.ts';
import { mail } from '../support/mails.ts';
import { inSlack, storyteller } from './telling.ts';

/** From a file in the chat with the bot alone to a card that asks for a decision, with the real desk behind the real adapter. */

let night: Night;
let rig: Awaited<ReturnType<typeof startTeamsRig>>;
beforeAll(async () => {
  night = await startNight();
  rig = await startTeamsRig({ reports: true, desk: night.desk, tenantId: TENANT });
  rig.world.habits.personal = true;
  for (const { aadObjectId: id, name, guest = false } of Object.values(rig.world.members)) {
    const addresses = [`${name.split(' ')[0]?.toLowerCase()}@contoso.example`];
    night.directory.people.set(id, { id, name, addresses, enabled: true, guest });
    night.teamsPeople.accounts.set(id, { ...ACCOUNT, guest });
  }
});
afterAll(async () => {
  await rig.close();
  await night.close();
});
const { cardsShow, press } = storyteller(() => night);
const words = async (who: string, files: Parameters<typeof rig.world.sendFiles>[1]) =>
  JSON.stringify((await rig.world.sendFiles(who, files)).replies);

it('a mail that somebody sends to the bot becomes a card, and they are told where', async () => {
  const id = '<in-teams@mailer.example>';
  for (const name of ['cas', 'bob'])
    night.mail.put(`${name}@contoso.example`, { internetMessageId: id, sender: 'billing@fabrikam.example' });
  const bytes = mail({ 'Message-ID': id, To: 'cas@contoso.example, bob@contoso.example' });
  const page = { name: 'page.eml', bytes: '<html>Sign in</html>', mimetype: 'text/html' };
  const told = await words('ana', [{ name: 'invoice.eml', bytes }, page, { name: 'logo.png', bytes: 'x' }]);
  expect(told).toContain('taken in as CB-0001');
  expect(told).toContain('not taken in, what came is a web page and no mail');
  expect(told).toContain('1 other file of this message is no .eml or .msg file');
  await cardsShow('CB-0001', 'its list', ({ digest }) => digest !== '');
  const alert = (await night.flow.store.transact((tx) => tx.incidents.get('CB-0001')))?.alert;
  const reporter = rig.world.members['ana']?.aadObjectId;
  expect(alert).toMatchObject({ from: { name: 'chat-report' }, reporter: { entraId: reporter } });
  expect(await press('CB-0001', inSlack('dana'), 'purge')).toMatchObject({ code: 'vote-counted' });
  expect(await words('ben', [{ name: 'invoice.eml', bytes }])).toContain('CB-0001');
  expect(await night.ledgerFault()).toBeNull();
});

it('a guest hears that nothing was taken in, and no file is fetched', async () => {
  const before = rig.world.drive.asked.length;
  const bytes = mail({ 'Message-ID': '<guest@mailer.example>' });
  expect(await words('gus', [{ name: 'invoice.eml', bytes }])).toContain('Guests cannot report mail here');
  expect(rig.world.drive.asked).toHaveLength(before);
});
