import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Attack } from '../../src/sandbox/attacks.ts';
import { becReply } from '../../src/sandbox/attacks.ts';
import { OUT_OF_SIGHT, type Story, startStory } from '../support/story.ts';

const DIRECTORY_NAME = '/O=EXCHANGELABS/OU=EXCHANGE ADMINISTRATIVE GROUP/CN=RECIPIENTS/CN=0001-OMAR';

/** The whole product on mails that only look like one another, or look different in each place. */
describe('which mail it is', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory({ employees: 20, seed: 5 });
  });
  afterAll(() => story.close());

  const attack = (change: Partial<Attack> = {}): Attack => ({ ...becReply(story.sandbox), ...change });
  const deliver = (mail: Attack, to: string, change: object = {}) => {
    const { internetMessageId, networkMessageId, sender, senderName, subject, receivedAt } = mail;
    const order = { internetMessageId, networkMessageId, sender, senderName, subject, receivedAt };
    const [copy] = story.sandbox.tenant.deliver({ ...order, to: [to], ...change }).copies;
    if (!copy) throw new Error('nothing was delivered');
    return copy;
  };
  const purge = async (incident: string, count: string) => {
    await story.slack('dana', incident, 'purge');
    await story.teams('omar', incident, 'purge');
    await story.bothSay(incident, `Purged: ${count} removed`);
  };

  it('an internal phish whose sender Graph gives as a directory name is purged', async () => {
    const mail = attack({ sender: 'omar@contoso.example', senderName: 'Omar' });
    const copies = mail.recipients.map((to) => deliver(mail, to, { directoryName: DIRECTORY_NAME }));
    const incident = await story.report(mail);
    await story.bothSay(incident, 'Waiting for approval');
    // The account that was misused did not receive it: its owner may be among those who decide.
    await story.slack('dana', incident, 'purge');
    await story.teams('lena', incident, 'purge');
    await story.bothSay(incident, 'Purged: 3 removed');
    expect(copies.map(story.folderOf)).toEqual([OUT_OF_SIGHT, OUT_OF_SIGHT, OUT_OF_SIGHT]);
  });

  it('a good mail whose Message-ID and sender a phish repeats stays, and both chats show it as what it is', async () => {
    const mail = attack();
    const [first = '', second = '', third = ''] = mail.recipients;
    const good = deliver(mail, first, { subject: 'Minutes of Monday', networkMessageId: crypto.randomUUID() });
    const bad = [deliver(mail, second), deliver(mail, third)];
    const incident = await story.report(mail);
    await story.bothSay(incident, 'Minutes of Monday');
    await purge(incident, '2');
    expect([story.folderOf(good), ...bad.map(story.folderOf)]).toEqual(['Inbox', OUT_OF_SIGHT, OUT_OF_SIGHT]);
  });

  it.each([
    ['Slack', (incident: string) => story.slack('dana', incident, 'take-in:0')],
    ['Teams', (incident: string) => story.teams('dana', incident, 'take-in')],
  ])('a group taken in from %s is in a new list that needs approvals of its own', async (_chat, takeIn) => {
    const mail = attack();
    const [first = '', second = ''] = mail.recipients;
    const alike = deliver(mail, first, { subject: `FW: ${mail.subject}`, networkMessageId: crypto.randomUUID() });
    const copy = deliver(mail, second);
    const incident = await story.report(mail);
    await story.bothSay(incident, 'Take in group 1');
    expect(await takeIn(incident)).toContain('Taken in: 1 message more');
    await story.bothSay(incident, '2 copies in 2 mailboxes');
    await story.bothSay(incident, 'Waiting for approval: 0 of 2 given');
    expect([story.folderOf(alike), story.folderOf(copy)]).toEqual(['Inbox', 'Inbox']);
    await purge(incident, '2');
    expect([story.folderOf(alike), story.folderOf(copy)]).toEqual([OUT_OF_SIGHT, OUT_OF_SIGHT]);
  });
});
