import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ABOUT_ALERTS } from '../../src/core/tell/gather.ts';
import type { Queue } from '../../src/core/tell/queue.ts';
import type { Reply } from '../../src/ports/desk.ts';
import { queueStates } from '../support/card-pictures/queue-states.ts';
import { startSlackRig } from '../support/card-pictures/slack-rig.ts';
import { literalTexts } from '../support/card-pictures/texts.ts';

type Rig = Awaited<ReturnType<typeof startSlackRig>>;

const QUEUE: Queue = queueStates()[0]?.queue ?? expect.fail('there is no queue to show');
const at = (time: string): Reply => ({ kind: 'queue', queue: { ...QUEUE, at: `2026-11-23T${time}:00.000Z` } });
const NO_ROLE: Reply = {
  kind: 'said',
  answer: { code: 'queue-not-shown', why: 'unknown-person', chat: 'Slack', linkable: false },
};

let rig: Rig;
let waited: number[];
beforeEach(async () => {
  waited = [];
  rig = await startSlackRig(2_500, { sleep: (ms) => Promise.resolve(void waited.push(ms)) });
  rig.desk.reply = at('14:05');
});
afterEach(() => rig.close());

const shown = () => literalTexts(rig.world.seenBy('ana').home?.['blocks'], 'text').join('\n');
const published = () => rig.world.calls.filter(({ method }) => method === 'views.publish');
const settled = async (count: number) => {
  await expect.poll(() => published().filter(({ status }) => status !== 0).length).toBe(count);
};

describe('the Home tab', () => {
  test('shows the queue of whoever opens it, and when it was made', async () => {
    await rig.world.openHome('ana');
    await settled(1);
    expect(shown()).toContain('As of 23 Nov 14:05 UTC. It does not change by itself: press Refresh.');
    expect(rig.desk.queues).toEqual([
      {
        by: expect.objectContaining({ id: rig.world.users['ana']?.id, home: rig.world.teamId }),
        channel: null,
        open: null,
      },
    ]);
    expect(rig.world.seenBy('ben').home).toBeNull();
  });

  test('is made anew by a press, and each time it is opened', async () => {
    await rig.world.openHome('ana');
    await settled(1);
    rig.desk.reply = at('14:06');
    await rig.world.clickInHome('ana', 'cb:queue');
    await settled(2);
    expect(shown()).toContain('14:06');
    rig.desk.reply = at('14:07');
    await rig.world.openHome('ana');
    await settled(3);
    expect(shown()).toContain('14:07');
  });

  test('that was opened for its messages is left alone', async () => {
    await rig.world.openHome('ana', {
      patch: (body) => ({ ...body, event: { ...(body['event'] as object), tab: 'messages' } }),
    });
    await rig.world.openHome('ana');
    await settled(1);
    expect(rig.desk.queues).toHaveLength(1);
  });

  test('says plainly that somebody has no role, and what to do', async () => {
    rig.desk.reply = NO_ROLE;
    await rig.world.openHome('ana');
    await settled(1);
    expect(shown()).toContain('You hold no role here, so no incident is shown to you.');
    expect(shown()).toContain('ask whoever runs Clawback to put you there');
  });

  test('of another workspace is asked about as such', async () => {
    await rig.world.openHome('ana', { patch: (body) => ({ ...body, team_id: 'T0EXTERNAL' }) });
    await settled(1);
    expect(rig.desk.queues[0]?.by.home).toBe('T0EXTERNAL');
  });

  test('that somebody else has renewed meanwhile is made anew and put over that', async () => {
    await rig.world.openHome('ana');
    await settled(1);
    const drawn = rig.world.seenBy('ana').home ?? expect.fail('no home');
    await rig.world.openHome('ana');
    await settled(2);
    rig.desk.reply = at('14:09');
    await rig.world.clickInHome('ana', 'cb:queue', { drawn });
    await settled(4);
    expect(published()[2]?.answer).toMatchObject({ ok: false, error: 'hash_conflict' });
    expect(shown()).toContain('14:09');
    expect(rig.desk.queues).toHaveLength(4);
  });

  test('waits as long as Slack asks it to', async () => {
    rig.world.faults.fail('views.publish', {
      answer: { status: 429, headers: { 'retry-after': '3' }, body: { ok: false, error: 'ratelimited' } },
    });
    await rig.world.openHome('ana');
    await expect.poll(() => rig.world.seenBy('ana').home).not.toBeNull();
    expect(waited).toEqual([3_000]);
  });

  test('that is not switched on harms nothing', async () => {
    const other = await startSlackRig(2_500, { world: { homeTab: false } });
    other.desk.reply = at('14:05');
    const opened = { type: 'app_home_opened', user: other.world.users['ana']?.id, channel: 'D1', tab: 'home' };
    expect((await other.world.event(opened)).status).toBe(200);
    await expect
      .poll(() => other.world.calls.find(({ method }) => method === 'views.publish')?.answer)
      .toMatchObject({ error: 'not_enabled' });
    expect(other.failures).toEqual([]);
    await other.close();
  });
});

describe('a press on a line', () => {
  test('of the Home tab asks for the card of that incident, and answers in a window', async () => {
    await rig.world.openHome('ana');
    await settled(1);
    rig.desk.reply = {
      kind: 'link',
      answer: { code: 'queue-card-is-there', incident: 'CB-7F3K20' },
      to: 'card',
      url: 'https://sandbox.slack.com/archives/C1/p1',
    };
    await rig.world.clickInHome('ana', 'cb:bring', { block: 'cb:queue:mine:0' });
    await expect.poll(() => rig.world.seenBy('ana').modal).not.toBeNull();
    expect(rig.desk.queues.at(-1)).toMatchObject({ channel: null, open: QUEUE.mine[0]?.incident.id });
    const window = JSON.stringify(rig.world.seenBy('ana').modal);
    expect(window).toContain('is in the channel of the alerts');
    expect(window).toContain('https://sandbox.slack.com/archives/C1/p1');
    expect(window).toContain('Go to the card');
  });

  test('of the answer to a command is answered to that person, and a refresh takes its place', async () => {
    await rig.world.slash('ana', '/clawback', 'queue');
    const [answer] = rig.world.seenBy('ana').ephemerals;
    expect(rig.desk.commands[0]?.words).toBe('queue');
    rig.desk.reply = at('14:08');
    await rig.world.click('ana', answer?.ts ?? '', 'cb:queue');
    await expect.poll(() => JSON.stringify(rig.world.seenBy('ana').ephemerals)).toContain('14:08');
    expect(rig.world.seenBy('ana').ephemerals).toHaveLength(1);
    rig.desk.reply = { kind: 'said', answer: { code: 'queue-card-comes', incident: 'CB-1' } };
    await rig.world.click('ana', rig.world.seenBy('ana').ephemerals[0]?.ts ?? '', 'cb:bring');
    await expect.poll(() => JSON.stringify(rig.world.seenBy('ana').ephemerals)).toContain('comes into the channel');
    expect(rig.desk.queues.at(-1)).toMatchObject({ channel: rig.world.channelId, open: QUEUE.mine[0]?.incident.id });
  });

  test('that names no incident of ours is a stray', async () => {
    await rig.world.openHome('ana');
    await settled(1);
    const forged = (payload: Record<string, unknown>) => ({
      ...payload,
      actions: [{ action_id: 'cb:bring', block_id: 'x', type: 'button', value: '{"incident":""}' }],
    });
    await rig.world.clickInHome('ana', 'cb:bring', { block: 'cb:queue:mine:0', patch: forged });
    await expect.poll(() => rig.desk.strays.length).toBe(1);
  });

  test('from another workspace is a stray', async () => {
    await rig.world.openHome('ana');
    await settled(1);
    const abroad = (payload: Record<string, unknown>) => ({ ...payload, team: { id: 'T0EXTERNAL' } });
    await rig.world.clickInHome('ana', 'cb:queue', { patch: abroad });
    expect([rig.desk.queues.length, rig.desk.strays.length]).toEqual([1, 1]);
  });
});

describe('the address of a card', () => {
  test('is the one that Slack gives for its message', async () => {
    const { ts } = await rig.world.messages().then(async (before) => {
      expect(before).toEqual([]);
      await rig.slack.rooms.gather(
        {
          ...ABOUT_ALERTS,
          tenant: 'contoso',
          headline: 'h',
          lines: [{ incident: 'CB-1', text: 't', button: 'Open' }],
        },
        'k',
      );
      return (await rig.world.messages())[0] ?? expect.fail('no message');
    });
    const ref = { platform: 'slack', channel: rig.world.channelId, message: ts, via: '' };
    expect(await rig.slack.rooms.addressOf(ref)).toBe(
      `https://sandbox.slack.com/archives/${rig.world.channelId}/p${ts.replace('.', '')}`,
    );
    await expect(rig.slack.rooms.addressOf({ ...ref, message: '1.000001' })).rejects.toThrow('message_not_found');
  });
});
