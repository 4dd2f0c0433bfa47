import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startSlackRig } from '../support/card-pictures/slack-rig.ts';
import { literalTexts } from '../support/card-pictures/texts.ts';

type Rig = Awaited<ReturnType<typeof startSlackRig>>;
const signInPage = {
  kind: 'link',
  lines: ['Sign in to go on.'],
  label: 'Sign in',
  url: 'https://clawback.example/s/1?t=x',
} as const;

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
    rig.desk.reply = { kind: 'said', lines: ['Open: <https://evil.example|CB-1>'] };
    await rig.world.slash('ana', '/clawback', 'open');
    expect(literalTexts(rig.world.seenBy('ana').ephemerals[0]?.blocks, 'text')).toEqual(rig.desk.reply.lines);
  });

  test('is answered with a link where there is a page to go on with', async () => {
    rig.desk.reply = signInPage;
    await rig.world.slash('ana', '/clawback', 'link');
    const blocks = JSON.stringify(rig.world.seenBy('ana').ephemerals[0]?.blocks);
    expect(blocks).toContain(JSON.stringify({ type: 'link', url: signInPage.url, text: signInPage.label }));
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
