import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leaveTraces, takeoverMail } from '../../src/sandbox/takeover.ts';
import { literalTexts } from '../support/card-pictures/texts.ts';
import { type Story, startStory } from '../support/story.ts';

/** An account that was taken over writes to colleagues: its mail is looked for because of that incident, and taken out. */

const LENA = '00000000-0000-4000-8000-0000000000d3';
const POLICY = `version: 1
roles: { hunter: { people: [${LENA}] } }
rules:
  - { name: sent inside, when: { action: [purge, undo], source: [sent-inside] }, approve: [{ role: approver, count: 1 }] }
  - { name: two people, when: { action: [purge, undo] }, approve: [{ role: approver, count: 2 }] }
reads: { search: { by: [hunter] } }
`;

let story: Story;
let incident: string;
let victim: string;
let inside: readonly string[];
beforeAll(async () => {
  story = await startStory({ employees: 30, seed: 84, intelligence: true }, undefined, { policy: POLICY });
  const { sandbox } = story;
  const landed = story.land(takeoverMail(sandbox));
  leaveTraces(sandbox, landed);
  victim = landed.attack.recipients[0] ?? '';
  inside = sandbox.employees.slice(3, 6);
  const receivedAt = new Date(Date.parse(landed.attack.receivedAt) + 60_000).toISOString();
  const mail = { sender: victim, subject: 'My new bank details', receivedAt };
  sandbox.tenant.deliver({ ...mail, to: [...inside], internetMessageId: '<taken@contoso.example>' });
  // Somebody outside writes under the same address.
  const forged = { internetMessageId: '<forged@fabrikam.example>', mailFrom: 'bounce@fabrikam.example' };
  sandbox.tenant.deliver({ ...mail, ...forged, to: sandbox.employees.slice(8, 9) });
  incident = await story.report(landed.attack);
  await story.bothSay(incident, 'Waiting for approval');
});
afterAll(() => story.close());

const words = (blocks: unknown) => literalTexts(blocks, 'text').join('\n');

async function inSlack(who: string, said: string): Promise<string> {
  const { slack } = story.sandbox;
  const before = slack.seenBy(who).ephemerals.length;
  await slack.slash(who, '/clawback', said);
  return story.until(`Slack answers ${said}`, () => {
    const last = slack.seenBy(who).ephemerals.slice(before).at(-1);
    return last && words(last.blocks);
  });
}

describe('mail that a taken account sent to people inside', () => {
  let search: string;

  it('is looked for by whoever may search, because of the incident, and what only bears the address is none of it', async () => {
    const asked = `contain ${incident} sent-inside ${victim} because the account was used by somebody else`;
    expect(await inSlack('dana', asked)).toContain('Your roles may not look for mail without an alert');
    const first = await inSlack('lena', asked);
    search = /CS-\w+/.exec(first)?.[0] ?? expect.fail(first);
    const found = await story.until('it is found', async () => {
      const now = await inSlack('lena', `search ${search}`);
      return now.includes('found 1 mail') ? now : null;
    });
    for (const part of ['sent to people inside', '3 mailboxes', `search ${search} all`]) expect(found).toContain(part);
    expect(found).not.toContain('forged');
  });

  it('is shown in Teams to whoever asked alone', async () => {
    const { teams } = story.sandbox;
    const { replies } = await teams.say('lena', `search ${search}`);
    expect(JSON.stringify(replies)).not.toContain('bank details');
    const card = replies[0]?.id ?? '';
    await teams.click('lena', card, 'found');
    await story.until('it is shown', () =>
      literalTexts(teams.seenBy('lena').cards.get(card), 'TextRun').join('\n').includes('My new bank details'),
    );
  });

  it('becomes an incident that the policy’s own rule is for, and is taken out of every mailbox', async () => {
    const { teams } = story.sandbox;
    const said = JSON.stringify((await teams.say('lena', `search ${search} all`)).replies);
    const own = /1 incident of the 3 copies.*?(CB-\w+)/.exec(said)?.[1] ?? expect.fail(said);
    await story.bothSay(own, 'Waiting for approval');
    await story.slack('dana', own, 'purge');
    await story.bothSay(own, 'Purged: 3 removed');
    const { entries, verification } = await story.record(own);
    expect(entries.map(({ type }) => type)).toContain('inquiry.filed');
    expect(verification.fault).toBeNull();
    const about = await story.record(incident);
    expect(about.entries.map(({ type }) => type)).toContain('inquiry.about');
  });
});
