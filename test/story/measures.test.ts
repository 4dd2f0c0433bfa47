import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phishingWave } from '../../src/sandbox/attacks.ts';
import { type Story, startStory } from '../support/story.ts';

/** An account that was taken over: asked about in Slack, approved in Teams, done in the directory, seen, and taken back. */

const POLICY = `version: 1
rules:
  - { name: two people, when: { action: [purge, undo] }, approve: [{ role: approver, count: 2 }] }
  - { name: people, when: { action: [disable-account, revoke-sessions] }, approve: [{ role: approver, count: 1 }], reason: true }
playbooks:
  - { name: suspected-takeover, measures: [revoke-sessions, disable-account] }
`;

let story: Story;
beforeAll(async () => {
  story = await startStory({ employees: 10, seed: 81, measures: true }, undefined, { policy: POLICY });
});
afterAll(() => story.close());

/** The card of the incident names the list as well: its own has its id at the head, or at the foot. */
function teamsCard(list: string): { readonly id: string; readonly words: string } {
  const all = story.sandbox.teams.messages().flatMap((thread) => thread.activities.slice(0, 1));
  const found = all.findLast(({ card }) => JSON.stringify(card ?? null).includes(`${list}  ·  `));
  return { id: found?.id ?? '', words: JSON.stringify(found?.card ?? null) };
}

async function slackCard(list: string): Promise<string> {
  const blocks = (await story.sandbox.slack.messages()).map((message) => JSON.stringify(message.blocks));
  return blocks.findLast((words) => words.includes(`"text":"${list}"`)) ?? '';
}

const listSays = (list: string, words: string) =>
  story.until(`both cards of ${list} say ${words}`, async () =>
    [teamsCard(list).words, await slackCard(list)].every((card) => card.includes(words)),
  );

/** The rule wants a reason: the press is answered with a form in the place of the card. */
async function press(list: string, verb: string, reason: string): Promise<string | undefined> {
  const { teams } = story.sandbox;
  const { id } = teamsCard(list);
  const toasts = teams.seenBy('omar').toasts.length;
  await teams.click('omar', id, verb);
  await teams.clickPrivate('omar', id, verb, { reason });
  return story.until('Teams answers', () => teams.seenBy('omar').toasts.slice(toasts).at(-1)?.text);
}

describe('an account that was taken over', () => {
  it('is asked about in Teams in the form behind the button of the card, by somebody who does not decide then', async () => {
    const { incident, landed } = await story.attacked(phishingWave(story.sandbox, 2));
    const { teams } = story.sandbox;
    const who = landed.attack.recipients[0] ?? '';
    await story.bothSay(incident, 'Contain');
    const { id } = await story.teamsCard(incident);
    const form = () => JSON.stringify(teams.seenBy('omar').cards.get(id) ?? null);
    await story.until('the form is shown', async () => {
      await teams.click('omar', id, 'contain');
      return form().includes('contain-ask');
    });
    const filled = { what: 'suspected-takeover', who, reason: 'it sends mail' };
    await teams.clickPrivate('omar', id, 'contain-ask', { ...filled, address: 'somebody.else' });
    expect(form()).toContain('That is no mail address');
    await teams.clickPrivate('omar', id, 'contain-ask', { ...filled, address: '' });
    const toast = () => teams.seenBy('omar').toasts.at(-1)?.text ?? '';
    const list = await story.until('a list is made', () => /(CM-\w+) is made for/.exec(toast())?.[1]);
    await listSays(list, 'Approval needed');
    const toasts = teams.seenBy('omar').toasts.length;
    await teams.click('omar', teamsCard(list).id, 'measures-apply');
    const refused = await story.until('Teams answers', () => teams.seenBy('omar').toasts.slice(toasts).at(-1)?.text);
    expect(refused).toContain('You asked for these measures');
    const line = `${list}, approval needed: 2 asked for.`;
    await story.until('the cards of the mail count it', async () => {
      const inTeams = JSON.stringify(teams.messages().map((thread) => thread.activities));
      return inTeams.includes(line) && JSON.stringify(await story.sandbox.slack.messages()).includes(line);
    });
  });

  it('is contained by two measures on one card, and enabled again by its button', async () => {
    const { incident, landed } = await story.attacked(phishingWave(story.sandbox, 3));
    const { slack, tenant } = story.sandbox;
    const address = landed.attack.recipients[0] ?? '';
    const user = () => tenant.userByAddress(address);
    await slack.slash('dana', '/clawback', `contain ${incident} suspected-takeover ${address} because it sends mail`);
    const said = () => JSON.stringify(slack.seenBy('dana').ephemerals.at(-1)?.blocks ?? '');
    const list = await story.until('a list is made', () => /(CM-\w+) is made for/.exec(said())?.[1]);
    await listSays(list, 'Approval needed');

    expect(await press(list, 'measures-apply', 'it sends mail')).toContain('2 measures begun');
    await listSays(list, 'Contained');
    expect(user()?.accountEnabled).toBe(false);

    expect(await press(list, 'measure-back', 'a false alarm')).toContain('being put back');
    await listSays(list, 'Put back in part');
    expect(user()?.accountEnabled).toBe(true);

    const { entries, verification } = await story.record(incident);
    const outcomes = entries.filter(({ type }) => type === 'measure.outcome').map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['done', 'done', 'put-back']);
    expect(verification.fault).toBeNull();
    expect(verification.differences).toEqual([]);
  });
});
