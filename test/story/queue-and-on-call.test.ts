import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phishingWave } from '../../src/sandbox/attacks.ts';
import { literalTexts } from '../support/card-pictures/texts.ts';
import { type Story, startStory } from '../support/story.ts';

/** A night: whoever is on call is mentioned, once; the queue in both chats shows it to the right people until it is over. */

const DANA = '00000000-0000-4000-8000-0000000000d1';
const OMAR = '00000000-0000-4000-8000-0000000000d2';
const POLICY = `version: 1
roles:
  night: { people: [${DANA}, ${OMAR}] }
rules:
  - { name: two of the night, when: { action: [purge, undo] }, approve: [{ role: night, count: 2 }] }
`;
const SCHEDULE = `version: 1
zone: Europe/Berlin
rotation: { start: 2026-01-05T08:00, days: 7, people: [${DANA}] }
`;

let story: Story;
let incident: string;
let slowest: string;
beforeAll(async () => {
  story = await startStory({ employees: 12, seed: 5 }, undefined, { policy: POLICY, onCall: SCHEDULE });
  const attack = phishingWave(story.sandbox, 6);
  slowest = story.sandbox.tenant.userByKey(attack.recipients[0] ?? '')?.id ?? expect.fail();
  ({ incident } = await story.attacked(attack));
});
afterAll(() => story.close());

interface Mention {
  readonly chat: string;
  readonly who: string;
}
function mentionedIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  const own = 'type' in node && node.type === 'user' && 'user_id' in node ? [String(node.user_id)] : [];
  return [...own, ...Object.values(node).flatMap(mentionedIn)];
}
/** Everybody who was mentioned so far, in either chat, as often as they were. */
async function mentions(): Promise<readonly Mention[]> {
  const { slack, teams } = story.sandbox;
  const inSlack = (await slack.messages()).flatMap(({ blocks }) => mentionedIn(blocks));
  const inTeams = teams.messages().flatMap(({ activities }) => activities.flatMap((one) => one.mentions));
  return [...inSlack.map((who) => ({ chat: 'slack', who })), ...inTeams.map((who) => ({ chat: 'teams', who }))];
}

/** The lines of the list that somebody sees, from this heading on to the next. */
function section(lines: readonly string[], name: string): { readonly count: string; readonly lines: string } {
  const headings = ['Waits for you (', 'Waits for your role', 'Running (', 'In trouble ('];
  const from = lines.findIndex((line) => line.startsWith(name));
  const next = lines.findIndex((line, at) => at > from && headings.some((heading) => line.startsWith(heading)));
  const count = /\((\d+)\)/.exec(lines[from] ?? '')?.[1] ?? 'no such section';
  return { count, lines: lines.slice(from, next === -1 ? undefined : next).join('\n') };
}
const split = (texts: readonly string[]) => texts.flatMap((text) => text.split('\n')).map((line) => line.trim());

/** The Home tab as it is once it was drawn anew. */
async function inSlack(who: string): Promise<readonly string[]> {
  const { slack } = story.sandbox;
  const calls = () => slack.calls.filter(({ method, status }) => method === 'views.publish' && status !== 0).length;
  const before = calls();
  await slack.openHome(who);
  await story.until('the Home tab is drawn', () => calls() > before);
  const blocks = slack.seenBy(who).home?.['blocks'] as readonly { readonly text?: { readonly text: string } }[];
  return split(blocks.flatMap((block) => [...(block.text ? [block.text.text] : []), ...literalTexts(block, 'text')]));
}
async function inTeams(who: string): Promise<readonly string[]> {
  const { replies } = await story.sandbox.teams.say(who, 'queue');
  return split(literalTexts(replies[0]?.card, 'TextRun'));
}
const both = async (who: string, name: string) => [
  section(await inSlack(who), name),
  section(await inTeams(who), name),
];
const counts = async (who: string, name: string) => (await both(who, name)).map(({ count }) => count);
/** A directory that is slow for a moment makes a queue that cannot be shown: people look again. */
const shows = (who: string, name: string, wanted: readonly string[]) =>
  story.until(`${name} of ${who} is ${wanted}`, async () => (await counts(who, name)).join() === wanted.join());

describe('an alert at night', () => {
  it('mentions whoever is on call, and nobody else', async () => {
    await story.until('somebody is mentioned', async () => (await mentions()).length > 0);
    expect(await mentions()).toEqual([{ chat: 'slack', who: story.sandbox.slack.users['dana']?.id }]);
  });

  it.each(['dana', 'omar'])('waits for %s in both chats', async (who) => {
    for (const { count, lines } of await both(who, 'Waits for you (')) {
      expect(count).toBe('1');
      expect(lines).toContain(incident);
    }
  });

  it('leads from the queue to its card', async () => {
    const { sandbox } = story;
    const { replies } = await sandbox.teams.say('dana', 'queue');
    const queue = replies[0]?.id ?? '';
    await sandbox.teams.click('dana', queue, 'bring');
    const { id } = await story.teamsCard(incident);
    const channel = encodeURIComponent(sandbox.teams.channelId);
    expect(JSON.stringify(sandbox.teams.seenBy('dana').cards.get(queue))).toContain(
      `https://teams.microsoft.com/l/message/${channel}/${id}?`,
    );
  });

  it('does not wait for somebody who may not decide it', async () => {
    expect(await counts('lena', 'Waits for you (')).toEqual(['0', '0']);
    expect((await inSlack('lena')).join('\n')).toContain('1 incident waits for roles that you do not hold.');
    expect((await inTeams('lena')).join('\n')).not.toContain(incident);
  });

  it('is not called for again by a Clawback that starts anew', async () => {
    await story.stop();
    await story.start();
    expect(await counts('dana', 'Waits for you (')).toEqual(['1', '1']);
    expect(await mentions()).toHaveLength(1);
  });

  it('waits for the other one after a press, and runs after theirs', async () => {
    story.sandbox.graph.faults.set({ throttled: { share: 1, retryAfter: [1, 1] } }, slowest);
    await story.slack('dana', incident, 'purge');
    await shows('dana', 'Waits for you (', ['0', '0']);
    await shows('omar', 'Waits for you (', ['1', '1']);
    await story.teams('omar', incident, 'purge');
    await story.until('it runs', async () => section(await inSlack('dana'), 'Running (').count === '1');
    for (const who of ['dana', 'omar', 'lena']) {
      await shows(who, 'Running (', ['1', '1']);
      await shows(who, 'Waits for you (', ['0', '0']);
    }
  });

  it('is in nobody’s queue once it is done, and was called for once', async () => {
    story.sandbox.graph.faults.clear(slowest);
    await story.bothSay(incident, '6 removed');
    for (const who of ['dana', 'omar', 'lena']) {
      expect([who, (await inSlack(who)).join('\n')]).toEqual([who, expect.not.stringContaining(incident)]);
      expect([who, (await inTeams(who)).join('\n')]).toEqual([who, expect.not.stringContaining(incident)]);
    }
    expect(await mentions()).toHaveLength(1);
    const { entries, verification } = await story.record(incident);
    const called = entries.flatMap((entry) => (entry.type === 'people.called' ? [entry.detail] : []));
    const people = [{ person: DANA, account: story.sandbox.slack.users['dana']?.id }];
    expect(called).toMatchObject([{ step: -1, asks: 'asked', why: 'on call', roles: ['night'], people }]);
    expect(verification.ok).toBe(true);
  });
});
