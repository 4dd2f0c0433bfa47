import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BUTTONS } from '../../src/core/tell/button.ts';
import {
  HOSTILE,
  HOSTILE_LINES,
  LIST,
  MAILBOX,
  SIGN_IN,
  SIGN_IN_LABEL,
  SIGN_IN_LINE,
  STAYS,
  STAYS_LINE,
} from '../support/card-pictures/replies.ts';
import { startSlackRig } from '../support/card-pictures/slack-rig.ts';
import { cardStates } from '../support/card-pictures/states.ts';
import { literalTexts } from '../support/card-pictures/texts.ts';
import { formReply, REASON_MISSING } from '../support/forms.ts';
import { offering } from '../support/offers.ts';

type Rig = Awaited<ReturnType<typeof startSlackRig>>;
const view = cardStates()[1]?.view ?? expect.fail('no state');
const needed = formReply('reject', { incident: view.incident, digest: view.digest, problem: REASON_MISSING });
/** A card with every button there is. */
const all = { ...view, ...offering(...[...BUTTONS.keys()].filter((verb) => verb !== 'take-in')) };

describe('a card in Slack', () => {
  let rig: Rig;
  let card: string;

  beforeEach(async () => {
    rig = await startSlackRig();
    card = (await rig.slack.rooms.post(all, 'key-1')).message;
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

  test('a page that somebody opens from a card asks nothing, and is no stranger', async () => {
    const links = [{ label: 'Defender', url: 'https://security.microsoft.com/emailentity' }];
    const ref = await rig.slack.rooms.post({ ...view, links }, 'key-of-links');
    await rig.world.click('ana', ref.message, 'cb:link:0');
    expect([rig.desk.presses, rig.desk.strays]).toEqual([[], []]);
  });

  test.each(['purge', 'confirm', 'hard-purge', 'flag', 'undo', 'reopen'])(
    'a press of %s reaches the desk with person, place and plan',
    async (verb) => {
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
    },
  );

  test('the answer is for the one who pressed, and literal', async () => {
    rig.desk.reply = HOSTILE;
    await rig.world.click('ana', card, 'cb:purge');
    expect(await said()).toEqual([HOSTILE_LINES.join(' ')]);
    expect(rig.world.seenBy('ben').ephemerals).toEqual([]);
  });

  test('the same click delivered twice is one press', async () => {
    const delivered = await rig.world.click('ana', card, 'cb:purge');
    const again = await rig.world.again(delivered.sent);
    expect([again.status, rig.desk.presses.length]).toEqual([200, 1]);
    expect(rig.refusals).toEqual([null, 'replayed']);
  });

  test('while nobody can tell whether a click is a replay, it is turned away and has no effect', async () => {
    rig.desk.isFresh = () => Promise.reject(new Error('the database is down'));
    const delivered = await rig.world.click('ana', card, 'cb:purge');
    expect([delivered.status, rig.desk.presses.length, rig.refusals]).toEqual([503, 0, ['replays cannot be told now']]);
  });

  test('a forged click is refused before anything runs', async () => {
    const delivered = await rig.world.click('ana', card, 'cb:purge', { secret: 'another-secret' });
    expect([delivered.status, rig.desk.presses.length]).toEqual([401, 0]);
  });

  test('Not malicious asks for a reason in a window', async () => {
    rig.desk.reply = needed;
    await rig.world.click('ana', card, 'cb:reject');
    expect(await modal()).toMatchObject({ callback_id: 'cb:form' });
  });

  test('the reason goes to the desk with the card it was asked on', async () => {
    rig.desk.reply = needed;
    await rig.world.click('ana', card, 'cb:reject');
    await modal();
    rig.desk.reply = STAYS;
    await rig.world.submitModal('ana', { reason: 'Our own newsletter' });
    expect(rig.desk.presses.at(-1)).toMatchObject({
      verb: 'reject',
      reason: 'Our own newsletter',
      card: { channel: rig.world.channelId, message: card },
      incident: view.incident,
      digest: view.digest,
    });
    expect(await said()).toEqual([STAYS_LINE]);
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
    expect(rig.world.seenBy('ana').modalErrors).toEqual({ reason: 'Please say why this is not malicious.' });
  });

  test.each([
    ['purge', 'Approve purge'],
    ['flag', 'Flag mailboxes'],
    ['confirm', 'Keep it removed'],
    ['undo', 'Put the mail back'],
    ['reopen', 'Look again'],
  ])('a reason for %s is asked for, and comes to the desk as the same press', async (verb, send) => {
    rig.desk.reply = { ...needed, verb };
    await rig.world.click('ana', card, `cb:${verb}`);
    expect(await modal()).toMatchObject({ title: { text: 'Why?' }, submit: { text: send } });
    rig.desk.reply = STAYS;
    await rig.world.submitModal('ana', { reason: 'Seen by the whole team' });
    expect(rig.desk.presses.at(-1)).toEqual({
      ...rig.desk.presses[0],
      verb,
      reason: 'Seen by the whole team',
    });
  });

  test('an approval without its reason is asked for again in words of its own', async () => {
    rig.desk.reply = { ...needed, verb: 'purge' };
    await rig.world.click('ana', card, 'cb:purge');
    await modal();
    await rig.world.submitModal('ana', { reason: ' ' }, { force: true });
    expect(rig.world.seenBy('ana').modalErrors).toEqual({ reason: 'Please say why: it goes into the record.' });
  });

  type View = { view: { private_metadata: string } };
  test.each([
    ['a verb that nobody knows', (meta: object) => ({ ...meta, verb: 'purge-everything' })],
    ['a verb that takes no reason', (meta: object) => ({ ...meta, verb: 'details' })],
    ['no verb', (meta: object) => ({ ...meta, verb: undefined })],
    ['more than we put there', (meta: object) => ({ ...meta, approver: true })],
  ])('a form with %s has no effect and is recorded', async (_name, change) => {
    rig.desk.reply = needed;
    await rig.world.click('ana', card, 'cb:reject');
    await modal();
    const patch = (payload: Record<string, unknown>) => {
      const { view: form } = payload as View;
      const changed = JSON.stringify(change(JSON.parse(form.private_metadata)));
      return { ...payload, view: { ...form, private_metadata: changed } };
    };
    await rig.world.submitModal('ana', { reason: 'Our own newsletter' }, { patch });
    expect([rig.desk.presses.length, rig.desk.strays.map(({ what }) => what)]).toEqual([
      1,
      ['form that is none of ours'],
    ]);
  });

  test('a form sent by somebody of another workspace has no effect and is recorded', async () => {
    rig.desk.reply = needed;
    await rig.world.click('ana', card, 'cb:reject');
    await modal();
    await rig.world.submitModal('ana', { reason: 'Our own newsletter' }, { userTeam: 'T0EXTERNAL' });
    expect([rig.desk.presses.length, rig.desk.strays[0]?.what]).toEqual([1, 'form from another workspace']);
  });

  test('a page to go on with is a link for the one who pressed, and no button', async () => {
    rig.desk.reply = SIGN_IN;
    await rig.world.click('ana', card, 'cb:purge');
    expect(await said()).toEqual([SIGN_IN_LINE]);
    const blocks = JSON.stringify(rig.world.seenBy('ana').ephemerals[0]?.blocks);
    expect(blocks).toContain(JSON.stringify({ type: 'link', url: SIGN_IN.url, text: SIGN_IN_LABEL }));
    expect([blocks.includes('"button"'), rig.world.seenBy('ben').ephemerals]).toEqual([false, []]);
  });

  test('a page to go on with after the reason was given is a link too, and the window closes', async () => {
    rig.desk.reply = { ...needed, verb: 'purge' };
    await rig.world.click('ana', card, 'cb:purge');
    await modal();
    rig.desk.reply = SIGN_IN;
    await rig.world.submitModal('ana', { reason: 'Seen by the whole team' });
    expect(await said()).toEqual([SIGN_IN_LINE]);
    expect(JSON.stringify(rig.world.seenBy('ana').ephemerals)).toContain(SIGN_IN.url);
    expect(rig.world.seenBy('ana').modal).toBeNull();
  });

  test('a page to go on with while the mailbox list is open is told in its window', async () => {
    rig.desk.reply = LIST;
    await rig.world.click('ana', card, 'cb:details');
    await modal();
    rig.desk.reply = SIGN_IN;
    await rig.world.clickInModal('ana', 'cb:export');
    await vi.waitFor(async () => expect(literalTexts(await modal(), 'text')).toContain(SIGN_IN_LINE));
    expect(rig.desk.presses.at(-1)).toMatchObject({ verb: 'export', card: { message: card } });
    expect(rig.world.seenBy('ana').ephemerals).toEqual([]);
  });

  test('the mailbox list is filtered and searched, and both are kept while its pages are turned', async () => {
    rig.desk.reply = LIST;
    await rig.world.click('ana', card, 'cb:details');
    await modal();
    await rig.world.clickInModal('ana', 'cb:filter', { choose: 'done' });
    expect(rig.desk.presses.at(-1)).toMatchObject({ verb: 'details', page: 0, look: { filter: 'done', search: '' } });
    const look = { filter: 'done', search: 'person1' } as const;
    rig.desk.reply = { ...LIST, page: { ...LIST.page, look } };
    await rig.world.submitModal('ana', { 'cb:search': 'person1' });
    expect(rig.desk.presses.at(-1)).toMatchObject({ verb: 'details', page: 0, look: { search: 'person1' } });
    await rig.world.clickInModal('ana', 'cb:page:next');
    expect(rig.desk.presses.at(-1)).toMatchObject({ verb: 'details', page: 2, look });
    expect(rig.failures).toEqual([]);
  });

  test('a filter that the list does not have is none of ours', async () => {
    rig.desk.reply = LIST;
    await rig.world.click('ana', card, 'cb:details');
    await modal();
    const patch = (payload: object) =>
      JSON.parse(JSON.stringify(payload).replaceAll('"value":"done"', '"value":"drop"'));
    await rig.world.clickInModal('ana', 'cb:filter', { choose: 'done', patch });
    expect(rig.desk.presses).toHaveLength(1);
    expect(rig.desk.turnedAway).toEqual([{ where: 'Slack', why: 'press of an unknown shape' }]);
  });

  test('the mailbox list opens in a window and is turned by its buttons', async () => {
    rig.desk.reply = LIST;
    await rig.world.click('ana', card, 'cb:details');
    expect(literalTexts(await modal(), 'text')).toContain(MAILBOX);
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
    ['an unknown button of ours', (action) => [{ ...action, action_id: 'cb:purge-everything' }]],
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

  test('a window decides nothing: a button of the card inside it is refused', async () => {
    rig.desk.reply = LIST;
    await rig.world.click('ana', card, 'cb:details');
    await modal();
    await rig.world.clickInModal(
      'ana',
      'cb:page:next',
      patched((action) => [{ ...action, action_id: 'cb:purge' }]),
    );
    expect([rig.desk.presses.length, rig.desk.strays[0]?.what]).toEqual([1, 'press of cb:purge']);
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
    rig.desk.reply = LIST;
    rig.world.faults.fail('views.open', { answer: { status: 200, body: { ok: false, error: 'expired_trigger_id' } } });
    await rig.world.click('ana', card, 'cb:details');
    expect((await said())[0]).toContain('press the button again');
  });
});
