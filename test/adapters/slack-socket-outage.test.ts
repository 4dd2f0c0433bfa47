import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSlack, rememberingDesk } from '../support/card-pictures/slack-rig.ts';
import { cardStates } from '../support/card-pictures/states.ts';
import { startSocketMode, startWorkspace } from '../support/slack-socket.ts';

const view = cardStates()[1]?.view ?? expect.fail('no state');

describe('Socket Mode while Slack is away', () => {
  let desk: ReturnType<typeof rememberingDesk>;
  let world: Awaited<ReturnType<typeof startWorkspace>>;
  let socket: Awaited<ReturnType<typeof startSocketMode>>;
  let slack: ReturnType<typeof createSlack>;
  let said: string[];
  const heard: unknown[] = [];
  const hear = (error: unknown) => void heard.push(error);

  beforeEach(async () => {
    said = [];
    heard.length = 0;
    process.on('unhandledRejection', hear);
    socket = await startSocketMode(1_000);
    desk = rememberingDesk();
    world = await startWorkspace();
    world.connectSocket(socket);
    slack = slackWith('xapp-test');
  });
  afterEach(async () => {
    process.off('unhandledRejection', hear);
    await slack.stop();
    await socket.close();
    await world.close();
  });

  const slackWith = (appToken: string) =>
    createSlack({
      apiUrl: world.apiUrl,
      botToken: 'xoxb-test',
      signingSecret: '',
      teamId: world.teamId,
      botId: world.botId,
      botUserId: world.botUserId,
      channel: world.channelId,
      desk,
      log: { warn: (_fields, words) => said.push(words), error: (_fields, words) => said.push(words) },
      mode: 'socket',
      appToken,
      sleep: () => new Promise((resolve) => setTimeout(resolve, 20)),
    });
  const opened = () => world.calls.filter(({ method }) => method === 'apps.connections.open').length;
  const pressArrives = async () => {
    const { message } = await slack.rooms.post(view, `key-${Math.random()}`);
    await vi.waitFor(async () => expect((await world.click('ana', message, 'cb:purge')).status).toBe(200), 5_000);
    return desk.presses.length;
  };

  it('the connection that Slack recycles meanwhile ends nothing, and presses arrive once Slack is back', async () => {
    await slack.start();
    world.faults.fail('apps.connections.open', { answer: 'drop' }, 3);
    world.faults.fail('apps.connections.open', { answer: { status: 500, body: 'no' } }, 3);
    socket.refresh();
    await vi.waitFor(() => expect(opened()).toBe(8));
    expect(await pressArrives()).toBe(1);
    expect([heard, slack.trouble?.()]).toEqual([[], null]);
  });

  it('whoever pressed just before the connection broke is told in private what came of it', async () => {
    await slack.start();
    const { message } = await slack.rooms.post(view, 'key-1');
    desk.press = async () => {
      world.faults.fail('apps.connections.open', { answer: 'drop' }, Number.POSITIVE_INFINITY);
      socket.refresh();
      await vi.waitFor(() => expect(slack.trouble?.()).not.toBeNull());
      return { kind: 'said', answer: { code: 'repeated' } };
    };
    await world.click('ana', message, 'cb:purge');
    await vi.waitFor(() => expect(world.seenBy('ana').ephemerals).toHaveLength(1));
  });

  it('whoever asks is told since when no press arrives', async () => {
    await slack.start();
    world.faults.setDown(true);
    socket.refresh();
    await vi.waitFor(() => expect(slack.trouble?.()).toMatch(/^no connection since 20.*: the answer to .* was lost$/));
    expect(said).toContain('Slack cannot be connected to: nobody’s press there arrives');
  });

  it('it starts all the same, and presses arrive once Slack is back', async () => {
    world.faults.setDown(true);
    await slack.start();
    world.faults.setDown(false);
    expect([await pressArrives(), heard]).toEqual([1, []]);
  });

  it('an app token that Slack does not take is told at the start', async () => {
    await expect(slackWith('xapp-of-another').start()).rejects.toMatchObject({ code: 'config', field: 'appToken' });
  });

  it('it connects no more once it was told to stop', async () => {
    await slack.start();
    await slack.stop();
    socket.refresh();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(opened()).toBe(1);
  });
});
