import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phishingWave } from '../../src/sandbox/attacks.ts';
import { type SocketStandIn, startSocketMode } from '../support/slack-socket.ts';
import { type Story, startStory } from '../support/story.ts';

describe('Slack without an address that Slack could reach: Socket Mode', () => {
  let socket: SocketStandIn;
  let story: Story;
  beforeAll(async () => {
    socket = await startSocketMode();
    story = await startStory({ employees: 10, seed: 2 }, socket);
    await socket.connected();
  });
  afterAll(async () => {
    await story.close();
    await socket.close();
  });

  it('a press over the socket counts, and the same envelope again does not count twice', async () => {
    const { incident } = await story.attacked(phishingWave(story.sandbox, 5));
    const { sent, status } = await story.sandbox.slack.click('dana', (await story.slackCard(incident)).id, 'cb:purge');
    await story.sandbox.slack.again(sent);
    expect(status).toBe(200);
    await story.bothSay(incident, 'Waiting for approval: 1 of 2 given');
  });

  it('after Slack recycles the connection, the next press arrives over the new one', async () => {
    const { incident, landed } = await story.attacked(phishingWave(story.sandbox, 5));
    socket.refresh();
    await story.until('a press gets through again', async () => {
      const { status } = await story.sandbox.slack.click('dana', (await story.slackCard(incident)).id, 'cb:purge');
      return status === 200;
    });
    await story.teams('omar', incident, 'purge');
    await story.bothSay(incident, 'Purged: 5 removed');
    expect(landed.copies.map(story.folderOf)).not.toContain('Inbox');
  });

  it('the HTTP door for Slack is shut', async () => {
    const response = await fetch(`${story.url}/slack/events`, { method: 'POST', body: 'payload={}' });
    expect(response.status).toBe(404);
  });
});
