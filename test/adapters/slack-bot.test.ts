import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startSlackRig } from '../support/card-pictures/slack-rig.ts';
import { cardStates, detailsStates } from '../support/card-pictures/states.ts';
import { literalTexts } from '../support/card-pictures/texts.ts';

type Rig = Awaited<ReturnType<typeof startSlackRig>>;
const view = cardStates()[1]?.view ?? expect.fail('no state');
const page = detailsStates()[1]?.view ?? expect.fail('no page');
const needed = {
  kind: 'reason-needed',
  incident: view.incident,
  digest: view.digest,
  problem: 'Please say why.',
} as const;

describe('a card in Slack', () => {
  let rig: Rig;
  let card: string;

  beforeEach(async () => {
    rig = await startSlackRig();
    card = (await rig.slack.rooms.post(view, 'key-1')).message;
  });
  afterEach(() => rig.close());

  const said = async (user = 'ana') => {
    await vi.waitFor(() => expect(rig.world.seenBy(user).ephemerals).not.toEqual([]));
    return rig.world.seenBy(user).ephemerals.map(({ blocks }) => literalTexts(blocks, 'text').join(' '));
  };
  const modal = async () => {
    await vi.waitFor(() => expect(rig.world.seenBy('ana').modal).not.toBeNull());
    return rig.world.seenBy('ana').modal;
  };

  test.each(['purge', 'flag'])('a press of %s reaches the desk with person, place and plan', async (verb) => {
    await rig.world.click('ana', card, `cb:${verb}`);
    expect(rig.desk.presses).toEqual([
      {
        by: { platform: 'slack', id: rig.world.users['ana']?.id, home: rig.world.teamId, name: 'ana' },
        card: { platform: 'slack', channel: rig.world.channelId, message: card },
        verb,
        incident: view.incident,
        digest: view.digest,
        reason: null,
        page: 0,
      },
    ]);
  });

  test('the answer is for the one who pressed, and literal', async () => {
    rig.desk.reply = { kind: 'said', lines: ['Recorded: *1 of 2*.', '<!channel>'] };
    await rig.world.click('ana', card, 'cb:purge');
    expect(await said()).toEqual(['Recorded: *1 of 2*. <!channel>']);
    expect(rig.world.seenBy('ben').ephemerals).toEqual([]);
  });

  test('the same click delivered twice is one press', async () => {
    const delivered = await rig.world.click('ana', card, 'cb:purge');
    const again = await rig.world.again(delivered.sent);
    expect([again.status, rig.desk.presses.length]).toEqual([200, 1]);
  });

  test('a forged click is refused before anything runs', async () => {
    const delivered = await rig.world.click('ana', card, 'cb:purge', { secret: 'another-secret' });
    expect([delivered.status, rig.desk.presses.length]).toEqual([401, 0]);
  });

  test('Not malicious asks for a reason in a window', async () => {
    rig.desk.reply = needed;
    await rig.world.click('ana', card, 'cb:reject');
    expect(await modal()).toMatchObject({ callback_id: 'cb:reason' });
  });

  test('the reason goes to the desk with the card it was asked on', async () => {
    rig.desk.reply = needed;
    await rig.world.click('ana', card, 'cb:reject');
    await modal();
    rig.desk.reply = { kind: 'said', lines: ['Closed.'] };
    await rig.world.submitModal('ana', { reason: 'Our own newsletter' });
    expect(rig.desk.presses.at(-1)).toMatchObject({
      verb: 'reject',
      reason: 'Our own newsletter',
      card: { channel: rig.world.channelId, message: card },
      incident: view.incident,
      digest: view.digest,
    });
    expect(await said()).toEqual(['Closed.']);
  });

  test('a blank reason is asked for again, and the desk is not troubled', async () => {
    rig.desk.reply = needed;
    await rig.world.click('ana', card, 'cb:reject');
    await modal();
    await rig.world.submitModal('ana', { reason: '   ' }, { force: true });
    expect(rig.world.seenBy('ana').modalErrors['reason']).toContain('Please say why');
    expect(rig.desk.presses).toHaveLength(1);
  });

  test('a reason the desk does not take is answered in the window', async () => {
    rig.desk.reply = needed;
    await rig.world.click('ana', card, 'cb:reject');
    await modal();
    await rig.world.submitModal('ana', { reason: 'x' });
    expect(rig.world.seenBy('ana').modalErrors).toEqual({ reason: 'Please say why.' });
  });

  test('the mailbox list opens in a window and is turned by its buttons', async () => {
    rig.desk.reply = { kind: 'details', view: page };
    await rig.world.click('ana', card, 'cb:details');
    expect(literalTexts(await modal(), 'text')).toContain(page.rows[0]?.mailbox);
    await rig.world.clickInModal('ana', 'cb:page:next');
    expect(rig.desk.presses.at(-1)).toMatchObject({ verb: 'details', page: 2, card: { message: card } });
  });

  test('a press in a copy elsewhere tells the desk where it came from', async () => {
    await rig.world.click('ana', card, 'cb:purge', { channel: rig.world.otherChannelId });
    expect(rig.desk.presses[0]?.card.channel).toBe(rig.world.otherChannelId);
  });

  test('a person of another workspace is a stray', async () => {
    await rig.world.click('ana', card, 'cb:purge', { userTeam: 'T0EXTERNAL' });
    expect([rig.desk.presses.length, rig.desk.strays[0]?.what]).toEqual([0, 'press from another workspace']);
  });

  type Action = { action_id: string; block_id: string; value: string };
  const patched = (change: (action: Action) => object[]) => ({
    patch: (payload: Record<string, unknown>) => ({
      ...payload,
      actions: change((payload['actions'] as Action[])[0] as Action),
    }),
  });

  test.each<[string, (action: Action) => object[]]>([
    ['two actions at once', (action) => [action, action]],
    ['no action', () => []],
    ['an unknown button of ours', (action) => [{ ...action, action_id: 'cb:purge-all' }]],
    ['a button of somebody else', (action) => [{ ...action, action_id: 'approve' }]],
    ['a block of another incident', (action) => [{ ...action, block_id: 'cb:CB-OTHER:1' }]],
    ['a value that is no JSON', (action) => [{ ...action, value: 'CB-7F3K2M' }]],
    [
      'a value with more than ids',
      (action) => [{ ...action, value: '{"incident":"CB-1","digest":"","approver":true}' }],
    ],
  ])('%s: refused, answered and recorded', async (_name, change) => {
    await rig.world.click('ana', card, 'cb:purge', patched(change));
    expect(rig.desk.presses).toEqual([]);
  });

  test('an unknown button is named to the desk', async () => {
    await rig.world.click(
      'ana',
      card,
      'cb:purge',
      patched((action) => [{ ...action, action_id: 'approve' }]),
    );
    expect(rig.desk.strays.map(({ what }) => what)).toEqual(['press of approve']);
  });

  test('a desk that fails is answered in words, and logged', async () => {
    rig.desk.before = () => Promise.reject(new Error('database is gone'));
    const delivered = await rig.world.click('ana', card, 'cb:purge');
    expect(delivered.status).toBe(200);
    expect((await said())[0]).toContain('try again');
    expect(rig.failures).toEqual(['an interaction in Slack failed']);
  });

  test('an answer that Slack does not take harms nothing', async () => {
    rig.world.faults.fail('chat.postEphemeral', { answer: { status: 500, body: 'no' } });
    const delivered = await rig.world.click('ana', card, 'cb:purge');
    expect([delivered.status, rig.failures]).toEqual([200, []]);
  });

  test('a window that does not open is said in words', async () => {
    rig.desk.reply = { kind: 'details', view: page };
    rig.world.faults.fail('views.open', { answer: { status: 200, body: { ok: false, error: 'expired_trigger_id' } } });
    await rig.world.click('ana', card, 'cb:details');
    expect((await said())[0]).toContain('press the button again');
  });
});

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
