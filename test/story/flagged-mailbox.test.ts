import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/cli/command.ts';
import { phishingWave } from '../../src/sandbox/attacks.ts';
import { literalTexts } from '../support/card-pictures/texts.ts';
import { type Story, startStory } from '../support/story.ts';

/** From an approved flag to a cleared mailbox: over both chats, with the process gone in between, and told where it was late. */

const LENA = '00000000-0000-4000-8000-0000000000d3';
const POLICY = `version: 1
roles:
  lead: { people: [${LENA}] }
flags: { dueHours: 48, remindBefore: [24], escalate: { afterHours: 8, to: lead } }
rules:
  - { name: two people, when: { action: [purge, undo] }, approve: [{ role: approver, count: 2 }] }
  - { name: one person, when: { action: [flag] }, approve: [{ role: approver, count: 1 }] }
`;
const HOUR_MS = 3_600_000;

let story: Story;
let incident: string;
let flag: string;
beforeAll(async () => {
  story = await startStory({ employees: 12, seed: 8 }, undefined, { policy: POLICY });
  story.sandbox.teams.habits.personal = true;
  ({ incident } = await story.attacked(phishingWave(story.sandbox, 1)));
});
afterAll(() => story.close());

async function cli(...argv: string[]) {
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const stop = new AbortController().signal;
  const shell = { env: {}, node: process.versions.node, folder: tmpdir(), out: say, err: say, stop };
  return { code: await runCommand([...argv, '--config', story.configFile], shell), text: lines.join('\n') };
}

/** The list as somebody sees it in Slack; answers its message. */
async function inSlack(who: string, words = 'flags') {
  const { slack } = story.sandbox;
  const before = slack.seenBy(who).ephemerals.length;
  await slack.slash(who, '/clawback', words);
  const list = await story.until('the list is shown', () => slack.seenBy(who).ephemerals.slice(before).at(-1));
  return { ts: list.ts, text: literalTexts(list.blocks, 'text').join('\n'), all: JSON.stringify(list.blocks) };
}

async function pressed(who: string, verb: string, words?: string): Promise<string> {
  const { slack } = story.sandbox;
  const { ts } = await inSlack(who, words);
  const before = slack.seenBy(who).ephemerals.length;
  await slack.click(who, ts, `cb:flag:${verb}`);
  return story.until('Slack answers', () => {
    const last = slack.seenBy(who).ephemerals.slice(before).at(-1);
    return last && literalTexts(last.blocks, 'text').join('\n');
  });
}

async function inTeams(who: string) {
  const { teams } = story.sandbox;
  const { replies } = await teams.say(who, 'flags');
  const card = replies[0]?.id ?? '';
  await teams.click(who, card, 'flags');
  const text = () => literalTexts(teams.seenBy(who).cards.get(card), 'TextRun').join('\n');
  await story.until('the list is shown', () => text().includes('only you see this'));
  return { card, text: text(), thread: JSON.stringify(replies) };
}

describe('a mailbox that was flagged', () => {
  it('is on the list in both chats, for who asks and for nobody else', async () => {
    await story.slack('dana', incident, 'flag');
    const shown = await story.until('it is on the list', async () => {
      const { text } = await inSlack('dana');
      return text.includes(incident) && text.includes('findings before') ? text : null;
    });
    flag = /CF-\w+/.exec(shown)?.[0] ?? expect.fail('no flag');
    expect(shown).toContain('raised, due ');
    expect(shown).toContain('findings before not known (no look is set up)');
    const { text, thread } = await inTeams('omar');
    expect([text.includes(flag), thread.includes(flag)]).toEqual([true, false]);
    expect(JSON.stringify(await story.sandbox.slack.messages())).not.toContain(flag);
  });

  it('is taken in one press, also by somebody whose process is new', async () => {
    await story.stop();
    await story.start();
    expect(await pressed('omar', 'take')).toContain(`You look after ${flag} now.`);
    expect((await inTeams('omar')).text).toContain('looked after by Omar');
    const { slack } = story.sandbox;
    await slack.openHome('omar');
    const home = await story.until('it is on the Home tab', () => {
      const words = JSON.stringify(slack.seenBy('omar').home ?? null);
      return words.includes(flag) ? words : null;
    });
    expect(home).toContain('cb:flag:contain');
  });

  it('is told to its owner when it is late, and to the lead after that, by whichever process lives then', async () => {
    const { teams } = story.sandbox;
    const told = (who: string) =>
      teams
        .seenBy(who)
        .whispers.flatMap(({ card }) => literalTexts(card, 'TextRun'))
        .join('\n');
    await story.stop();
    await story.start(() => Date.now() + 60 * HOUR_MS);
    await story.until('the lead is told', () => told('lena').includes(flag));
    expect(told('lena')).toMatch(/Overdue since .*nobody cleared it/);
    await story.until('its owner is told', () => told('omar').includes(flag));
    await story.stop();
    await story.start(() => Date.now() + 70 * HOUR_MS);
    expect((await inSlack('omar', 'flags overdue')).text).toContain('OVERDUE since');
    expect(told('lena').split('nobody cleared it')).toHaveLength(2);
  });

  it('is contained and then cleared by two, because nobody can look a second time', async () => {
    expect(await pressed('omar', 'contain')).toContain(
      `${flag} is called contained by Omar Analyst, not seen. Still open: nothing about this person was seen to be done.`,
    );
    expect((await inTeams('dana')).text).toContain('called contained by Omar Analyst, not seen');
    const { slack, teams } = story.sandbox;
    const { ts } = await inSlack('omar');
    await slack.click('omar', ts, 'cb:flag:clear');
    await story.until('it asks why', () => slack.seenBy('omar').modal);
    await slack.submitModal('omar', { reason: 'the password was changed' });
    await story.until('one more is needed', () =>
      JSON.stringify(slack.seenBy('omar').modal ?? null).includes('1 of 2'),
    );
    const { card } = await inTeams('dana');
    await teams.clickPrivate('dana', card, 'flag-clear');
    await teams.clickPrivate('dana', card, 'flag-clear', { reason: 'I have looked as well' });
    await story.until('it is cleared', async () => (await inSlack('dana', 'flags cleared')).text.includes(flag));
    expect((await inSlack('dana')).text).toContain('No mailbox is flagged.');
  });

  it('has its whole story in the record, which agrees with what is stored', async () => {
    expect(JSON.parse((await cli('flags', '--json')).text)).toMatchObject([{ open: 0, lines: [] }]);
    expect(await cli('audit', 'verify')).toMatchObject({ code: 0 });
    const { text } = await cli('audit', 'show', incident);
    for (const words of ['flagged as approved', 'looks after it', 'contained', '(1 of 2)', 'cleared it'])
      expect(text).toContain(words);
  });
});
