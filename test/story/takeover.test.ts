import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leaveTraces, takeoverMail } from '../../src/sandbox/takeover.ts';
import { literalTexts } from '../support/card-pictures/texts.ts';
import { type Story, startStory } from '../support/story.ts';

/**
 * Business e-mail compromise from end to end: who gave the account away is found beside the copies, flagged, contained by
 * what was found, and looked at again.
 */

const POLICY = `version: 1
rules:
  - { name: two people, when: { action: [purge, undo] }, approve: [{ role: approver, count: 2 }] }
  - { name: one person, when: { action: [flag] }, approve: [{ role: approver, count: 1 }] }
  - name: people
    when: { action: [rule-off, revoke-grant, revoke-sessions, disable-account] }
    approve: [{ role: approver, count: 1 }]
`;

let story: Story;
let incident: string;
let victim: string;
beforeAll(async () => {
  const settings = { policy: POLICY };
  story = await startStory({ employees: 30, seed: 83, measures: true, intelligence: true }, undefined, settings);
  const landed = story.land(takeoverMail(story.sandbox));
  leaveTraces(story.sandbox, landed);
  victim = landed.attack.recipients[0] ?? '';
  incident = await story.report(landed.attack);
});
afterAll(() => story.close());

const user = () => story.sandbox.tenant.userByAddress(victim);
const grants = () => story.sandbox.tenant.grants(Date.now()).filter(({ principalId }) => principalId === user()?.id);

async function asked(who: string, words: string): Promise<string> {
  const { slack } = story.sandbox;
  const before = slack.seenBy(who).ephemerals.length;
  await slack.slash(who, '/clawback', words);
  return story.until(`Slack answers ${words}`, () => {
    const last = slack.seenBy(who).ephemerals.slice(before).at(-1);
    return last && [JSON.stringify(last.blocks ?? ''), literalTexts(last.blocks, 'text').join('\n')].join('\n');
  });
}

/** Below what People shows there is a button, and behind it a form. */
async function askedInForm(reason: string): Promise<string> {
  const { slack } = story.sandbox;
  await story.slack('dana', incident, 'people');
  await slack.click('dana', slack.seenBy('dana').ephemerals.at(-1)?.ts ?? '', 'cb:contain:form');
  await story.until('the form opens', () => slack.seenBy('dana').modal);
  await slack.submitModal('dana', { what: 'found', reason });
  const modal = () => JSON.stringify(slack.seenBy('dana').modal ?? null);
  return story.until('a list is made', () => /(CM-\w+) is made for/.exec(modal())?.[1]);
}

async function listCard(list: string): Promise<{ readonly ts: string; readonly words: string }> {
  const all = await story.sandbox.slack.messages();
  const found = all.findLast(({ blocks }) => JSON.stringify(blocks).includes(`"text":"${list}"`));
  return { ts: found?.ts ?? '', words: JSON.stringify(found?.blocks ?? '') };
}

describe('an account that was given away', () => {
  it('is suspected on the card, with what speaks of it', async () => {
    await story.bothSay(incident, 'Account takeover suspected: 1 of 3 people');
    const told = await story.slack('dana', incident, 'people');
    for (const words of ['Can be answered: switch the rule off', 'take the app', `contain ${incident} found because`])
      expect(told).toContain(words);
  });

  it('is flagged with the findings from before', async () => {
    await story.slack('dana', incident, 'flag');
    await story.until('three mailboxes are flagged', async () =>
      /findings before [1-9]/.test(await asked('dana', 'flags')),
    );
  });

  it('has its copies taken out', async () => {
    await story.bothSay(incident, 'Approve purge');
    await story.slack('dana', incident, 'purge');
    await story.teams('omar', incident, 'purge');
    await story.bothSay(incident, 'Purged: ');
  });

  it('is contained by just what was found, once somebody else has approved it', async () => {
    const list = await askedInForm('the account sends mail by itself');
    const asks = await story.until('its card asks', async () => {
      const { words } = await listCard(list);
      return words.includes('Approval needed') ? words : null;
    });
    expect(asks).toContain('Mail Assistant');
    expect([user()?.accountEnabled, grants().length]).toEqual([true, 1]);

    let looks = 0;
    const done = await story.until('it is contained', async () => {
      const { ts, words } = await listCard(list);
      // Whoever presses before the card is on record is told to press again.
      if (looks % 100 === 0 && words.includes('Approval needed'))
        await story.sandbox.slack.click('omar', ts, 'cb:measures-apply');
      looks += 1;
      return /"Contained/.test(words) ? words : null;
    });
    expect(done).toContain('Seen: the rule is off');
    expect(done).toContain('Seen: the consent is gone');
    expect(grants()).toEqual([]);
  });

  it('is looked at again by itself: less is found than before', async () => {
    const line = await story.until('the card of the mail says so', async () => {
      const all = (await story.sandbox.slack.messages()).map(({ blocks }) => literalTexts(blocks, 'text').join('\n'));
      return all.flatMap((words) => /Findings about people before .*/.exec(words) ?? []).at(-1);
    });
    // What logs count by the hour may have been after it.
    const [, before = 0, after = 0] = /done: (\d+); still seen .*: (\d+)\./.exec(line)?.map(Number) ?? [];
    expect([before > after, after < 3]).toEqual([true, true]);
  });

  it('has its whole story in the record', async () => {
    const { entries, verification } = await story.record(incident);
    const types = new Set(entries.map(({ type }) => type));
    for (const type of [
      'people.looked',
      'flag.raised',
      'measures.approved',
      'measure.outcome',
      'run.finished',
    ] as const)
      expect(types).toContain(type);
    expect([verification.fault, verification.differences]).toEqual([null, []]);
  });
});
