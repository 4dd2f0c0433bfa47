import type { types } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Bolted, CARD, startBolted } from './slack-app.ts';

const FORM: types.ModalView = {
  type: 'modal',
  callback_id: 'reject',
  title: { type: 'plain_text', text: 'Reject' },
  submit: { type: 'plain_text', text: 'Send' },
  blocks: [
    {
      type: 'input',
      block_id: 'reason',
      label: { type: 'plain_text', text: 'Reason' },
      element: { type: 'plain_text_input', action_id: 'why' },
    },
  ],
};

let world: Bolted;
beforeEach(async () => {
  world = await startBolted();
});
afterEach(() => world.close());

describe('a press on a Slack card', () => {
  test('reaches the app signed, is acknowledged, and the update shows in the channel', async () => {
    world.app.action(/^cb:/, async ({ ack, body, client }) => {
      await ack();
      const at = body as { channel?: { id: string }; message?: { ts: string } };
      await client.chat.update({
        channel: at.channel?.id ?? '',
        ts: at.message?.ts ?? '',
        text: 'done',
        blocks: CARD.slice(0, 1),
      });
    });
    const ts = await world.postCard();
    const updated = Promise.withResolvers<void>();
    world.slack.onChange((change) => change.kind === 'updated' && updated.resolve());
    const pressed = await world.slack.click('alice', ts, 'cb:purge');
    await updated.promise;
    expect(pressed.status).toBe(200);
    expect(await world.slack.messages()).toMatchObject([
      { ts, text: 'done', edits: 1, metadata: { event_type: 'clawback_card' } },
    ]);
  });

  test('carries the user, the place, the element and a response url of the stand-in', async () => {
    const seen: unknown[] = [];
    world.app.action(/^cb:/, async ({ ack, body }) => {
      seen.push(body);
      await ack();
    });
    const ts = await world.postCard();
    await world.slack.click('bob', ts, 'cb:reject');
    expect(seen).toMatchObject([
      {
        type: 'block_actions',
        user: { id: world.slack.users['bob']?.id, team_id: world.slack.teamId },
        container: { message_ts: ts, channel_id: world.slack.channelId, is_ephemeral: false },
        message: { ts },
        actions: [{ action_id: 'cb:reject', block_id: 'cb:CB-1:1', value: 'CB-1', type: 'button' }],
        response_url: expect.stringContaining(`${world.slack.url}/response/`),
      },
    ]);
  });

  test('is impossible once the button is gone', async () => {
    const ts = await world.postCard();
    await world.app.client.chat.update({
      channel: world.slack.channelId,
      ts,
      text: 'closed',
      blocks: CARD.slice(0, 1),
    });
    await expect(world.slack.click('alice', ts, 'cb:purge')).rejects.toThrow('a real user could not click it');
  });

  test.each([
    ['with a wrong secret', { secret: 'guessed' }],
    ['without a signature', { unsigned: true }],
    ['six minutes late', { shift: -360 }],
  ])('is refused by the real receiver when it is sent %s', async (_how, options) => {
    const ts = await world.postCard();
    expect((await world.slack.click('alice', ts, 'cb:purge', options)).status).toBe(401);
  });

  test('repeated byte for byte runs the handler again: Bolt keeps no replay store', async () => {
    let runs = 0;
    world.app.action(/^cb:/, async ({ ack }) => {
      runs += 1;
      await ack();
    });
    const first = await world.slack.click('alice', await world.postCard(), 'cb:purge');
    await world.slack.again(first.sent);
    expect(runs).toBe(2);
  });

  test('tells of a retry, a foreign workspace and a copied card when the driver is asked to', async () => {
    const seen: unknown[] = [];
    world.app.action(/^cb:/, async ({ ack, body, context }) => {
      const from = body as { user: { team_id?: string }; channel?: { id: string } };
      seen.push([context.retryNum, from.user.team_id, from.channel?.id]);
      await ack();
    });
    const { otherChannelId } = world.slack;
    await world.slack.click('alice', await world.postCard(), 'cb:purge', {
      retry: { num: 1, reason: 'http_timeout' },
      userTeam: 'T0FOREIGN',
      channel: otherChannelId,
    });
    expect(seen).toEqual([[1, 'T0FOREIGN', otherChannelId]]);
  });

  test('that nobody acknowledges leaves the person with an error sign', async () => {
    world.app.action('cb:purge', async () => undefined);
    await world.slack.click('alice', await world.postCard(), 'cb:purge');
    expect(world.slack.seenBy('alice').trouble).toEqual(['http_404']);
  });

  test('answered through the response url is seen by that person only', async () => {
    world.app.action(/^cb:/, async ({ ack, respond }) => {
      await ack();
      await respond({ text: 'you may not', response_type: 'ephemeral', replace_original: false });
    });
    const whispered = Promise.withResolvers<void>();
    world.slack.onChange((change) => change.kind === 'ephemeral' && whispered.resolve());
    await world.slack.click('bob', await world.postCard(), 'cb:purge');
    await whispered.promise;
    expect([
      world.slack.seenBy('bob').ephemerals.map((one) => one.text),
      world.slack.seenBy('alice').ephemerals,
    ]).toEqual([['you may not'], []]);
  });
});

describe('an answer through the response url', () => {
  const more = (text: string) => [
    {
      type: 'actions' as const,
      elements: [{ type: 'button' as const, action_id: 'cb:more', text: { type: 'plain_text' as const, text } }],
    },
  ];

  test('may replace the card for everybody', async () => {
    world.app.action('cb:purge', async ({ ack, respond }) => {
      await respond({ text: 'closed', replace_original: true, blocks: CARD.slice(0, 1) as types.KnownBlock[] });
      await ack();
    });
    await world.slack.click('alice', await world.postCard(), 'cb:purge');
    expect(await world.slack.messages()).toMatchObject([{ text: 'closed', edits: 1 }]);
  });

  test('may be a page with a button that turns it', async () => {
    world.app.action('cb:purge', async ({ ack, respond }) => {
      await respond({ text: 'page 1', blocks: more('Next') });
      await ack();
    });
    world.app.action('cb:more', async ({ ack, respond }) => {
      await respond({ text: 'page 2', replace_original: true, blocks: more('Back') });
      await ack();
    });
    await world.slack.click('alice', await world.postCard(), 'cb:purge');
    await world.slack.click('alice', world.slack.seenBy('alice').ephemerals[0]?.ts ?? '', 'cb:more');
    expect(world.slack.seenBy('alice').ephemerals.map((one) => one.text)).toEqual(['page 2']);
  });
});

describe('a modal', () => {
  async function opened(user: string) {
    world.app.action(/^cb:/, async ({ ack, body, client }) => {
      await client.views.open({ trigger_id: (body as { trigger_id: string }).trigger_id, view: FORM });
      await ack();
    });
    await world.slack.click(user, await world.postCard(), 'cb:reject');
  }

  test('opens for the person who pressed and closes on an empty acknowledgement', async () => {
    const reasons: unknown[] = [];
    world.app.view('reject', async ({ ack, view }) => {
      reasons.push(view.state.values['reason']?.['why']?.value);
      await ack();
    });
    await opened('alice');
    const before = world.slack.seenBy('alice').modal;
    await world.slack.submitModal('alice', { why: 'false alarm' });
    expect([before?.['callback_id'], reasons, world.slack.seenBy('alice').modal]).toEqual([
      'reject',
      ['false alarm'],
      null,
    ]);
  });

  test('stays open and shows the errors the app answers with', async () => {
    world.app.view('reject', async ({ ack }) => {
      await ack({ response_action: 'errors', errors: { reason: 'too short' } });
    });
    await opened('alice');
    await world.slack.submitModal('alice', { why: 'x' });
    const { modal, modalErrors } = world.slack.seenBy('alice');
    expect([modal?.['callback_id'], modalErrors]).toEqual(['reject', { reason: 'too short' }]);
  });

  test('is replaced by an update in the acknowledgement', async () => {
    world.app.view('reject', async ({ ack }) => {
      await ack({ response_action: 'update', view: { ...FORM, callback_id: 'second' } });
    });
    await opened('alice');
    await world.slack.submitModal('alice', { why: 'x' });
    expect(world.slack.seenBy('alice').modal?.['callback_id']).toBe('second');
  });

  test('cannot be sent without a required input', async () => {
    await opened('alice');
    await expect(world.slack.submitModal('alice', {})).rejects.toThrow('is required');
  });

  test('cannot be opened with a trigger older than three seconds', async () => {
    const answers: string[] = [];
    world.app.action(/^cb:/, async ({ ack, body, client }) => {
      await ack();
      world.advance(3_001);
      const { trigger_id } = body as { trigger_id: string };
      await client.views.open({ trigger_id, view: FORM }).catch((error: unknown) => answers.push(String(error)));
    });
    await world.slack.click('alice', await world.postCard(), 'cb:reject');
    await expect.poll(() => answers).toEqual([expect.stringContaining('expired_trigger_id')]);
  });

  test('carries buttons that reach the app with the view as their container', async () => {
    const button = {
      type: 'button' as const,
      action_id: 'cb:next',
      text: { type: 'plain_text' as const, text: 'Next' },
    };
    const paged: types.ModalView = {
      type: 'modal',
      title: FORM.title,
      blocks: [{ type: 'actions', elements: [button] }],
    };
    const seen: unknown[] = [];
    world.app.action('cb:purge', async ({ ack, body, client }) => {
      await client.views.open({ trigger_id: (body as { trigger_id: string }).trigger_id, view: paged });
      await ack();
    });
    world.app.action('cb:next', async ({ ack, body, client }) => {
      seen.push((body as { container: unknown }).container);
      const { id } = (body as { view: { id: string } }).view;
      await client.views.update({ view_id: id, view: { ...paged, callback_id: 'page-2' } });
      await ack();
    });
    await world.slack.click('alice', await world.postCard(), 'cb:purge');
    await world.slack.clickInModal('alice', 'cb:next');
    const { modal } = world.slack.seenBy('alice');
    expect([seen, modal?.['callback_id']]).toEqual([[{ type: 'view', view_id: modal?.['id'] }], 'page-2']);
  });
});

describe('a command and an event', () => {
  test('a slash command arrives escaped and its answer is for the asker', async () => {
    const words: string[] = [];
    world.app.command('/purge', async ({ ack, command }) => {
      words.push(command.text);
      await ack('nothing open');
    });
    await world.slack.slash('alice', '/purge', 'status <b>');
    expect([words, world.slack.seenBy('alice').ephemerals[0]?.text]).toEqual([['status &lt;b&gt;'], 'nothing open']);
  });

  test('an event arrives in its envelope', async () => {
    const seen: unknown[] = [];
    world.app.event('subteam_updated', async ({ event }) => {
      seen.push(event.subteam.id);
    });
    await world.slack.event({ type: 'subteam_updated', subteam: { id: 'S0APPROVERS' } });
    expect(seen).toEqual(['S0APPROVERS']);
  });
});
