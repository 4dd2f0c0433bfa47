import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HOSTILE, HOSTILE_LINES, SIGN_IN, SIGN_IN_LABEL } from '../support/card-pictures/replies.ts';
import { startSlackRig } from '../support/card-pictures/slack-rig.ts';
import { literalTexts } from '../support/card-pictures/texts.ts';

type Rig = Awaited<ReturnType<typeof startSlackRig>>;

describe('the slash command', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await startSlackRig();
  });
  afterEach(() => rig.close());

  test('reaches the desk with its words as they were typed', async () => {
    await rig.world.slash('ana', '/clawback', ' incident <CB-1> & more ');
    expect(rig.desk.commands[0]).toMatchObject({
      words: 'incident <CB-1> & more',
      channel: rig.world.channelId,
      by: { id: rig.world.users['ana']?.id, home: rig.world.teamId },
    });
  });

  test('is answered for the asker alone, literally', async () => {
    rig.desk.reply = HOSTILE;
    await rig.world.slash('ana', '/clawback', 'open');
    expect(literalTexts(rig.world.seenBy('ana').ephemerals[0]?.blocks, 'text')).toEqual(HOSTILE_LINES);
  });

  test('is answered with a link where there is a page to go on with', async () => {
    rig.desk.reply = SIGN_IN;
    await rig.world.slash('ana', '/clawback', 'link');
    const blocks = JSON.stringify(rig.world.seenBy('ana').ephemerals[0]?.blocks);
    expect(blocks).toContain(JSON.stringify({ type: 'link', url: SIGN_IN.url, text: SIGN_IN_LABEL }));
  });

  test.each([
    ['stop the sender is our own newsletter', 'stop the sender is our own newsletter'],
    ['lift', 'lift'],
    ['link ABCD2345', 'link ABCD2345'],
  ])('passes %j on as it is', async (typed, words) => {
    await rig.world.slash('ana', '/clawback', typed);
    expect(rig.desk.commands[0]?.words).toBe(words);
  });

  test('with a very long story is cut off, not ignored: stop still stops', async () => {
    await rig.world.slash('ana', '/clawback', `stop ${'&'.repeat(3_994)}\u{1F6D1}${'<'.repeat(5_000)}`);
    expect(rig.desk.commands[0]?.words).toBe(`stop ${'&'.repeat(3_994)}\uFFFD`);
  });

  test('from another workspace is a stray', async () => {
    await rig.world.slash('ana', '/clawback', 'open', { patch: (form) => ({ ...form, team_id: 'T0EXTERNAL' }) });
    expect([rig.desk.commands.length, rig.desk.strays.length]).toEqual([0, 1]);
  });
});

test('a desk that takes too long: Slack is acknowledged in time, the answer follows', async () => {
  const rig = await startSlackRig(100);
  try {
    const { promise: release, resolve } = Promise.withResolvers<void>();
    rig.desk.before = () => release;
    const delivered = await rig.world.slash('ana', '/clawback', 'open');
    expect(delivered.status).toBe(200);
    resolve();
    await vi.waitFor(() => expect(rig.world.responsePosts).toHaveLength(1));
  } finally {
    await rig.close();
  }
});
