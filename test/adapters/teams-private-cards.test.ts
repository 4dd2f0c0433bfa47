import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { linkCard } from '../../src/adapters/teams/card.ts';
import type { FormProblem } from '../../src/core/tell/answer.ts';
import type { Reply } from '../../src/ports/desk.ts';
import { SIGN_IN, SIGN_IN_LINE } from '../support/card-pictures/replies.ts';
import { cardStates } from '../support/card-pictures/states.ts';
import { startTeamsRig } from '../support/card-pictures/teams-rig.ts';
import { literalTexts } from '../support/card-pictures/texts.ts';
import { formReply } from '../support/forms.ts';
import { offering } from '../support/offers.ts';

type Rig = Awaited<ReturnType<typeof startTeamsRig>>;
const view = cardStates()[1]?.view ?? expect.fail('no state');
const { incident, digest } = view;

let rig: Rig;
let card: string;
beforeEach(async () => {
  rig = await startTeamsRig({ current: view });
  card = (await rig.teams.rooms.post(view, 'key-1')).message;
});
afterEach(() => rig.close());

const seen = () => rig.world.seenBy('ana').cards.get(card) ?? expect.fail('Ana sees no card of her own');

describe('the card that asks for a reason', () => {
  const needed = (verb: string, problem: FormProblem | null = null): Reply =>
    formReply(verb, { incident, digest, problem });

  test('is for the one who pressed, and says what it is for and what is wrong', async () => {
    rig.desk.reply = needed('purge', { code: 'reason-too-long', most: 1_000 });
    await rig.world.click('ana', card, 'purge');
    expect(literalTexts(seen(), 'TextRun')).toEqual(
      expect.arrayContaining([
        'Your approval of this purge needs a reason.',
        view.shortDigest,
        'Please use at most 1000 characters.',
      ]),
    );
    expect(rig.world.seenBy('ben').cards.size).toBe(0);
  });

  test.each(['purge', 'confirm', 'flag', 'reject', 'undo', 'reopen'])(
    'sends %s again, with the reason and the same plan',
    async (verb) => {
      rig.desk.reply = needed(verb);
      await rig.world.click('ana', card, 'purge');
      await rig.world.clickPrivate('ana', card, verb, { reason: 'Seen in the wild' });
      expect(rig.desk.presses.at(-1)).toMatchObject({ verb, incident, digest, reason: 'Seen in the wild' });
    },
  );

  test('comes back as one with an empty reason when a client sends none', async () => {
    rig.desk.reply = needed('purge');
    await rig.world.click('ana', card, 'purge');
    await rig.world.clickPrivate('ana', card, 'purge', {}, { force: true });
    expect(rig.desk.presses.map(({ reason }) => reason)).toEqual([null, '']);
  });

  test('wants one before it can be sent', async () => {
    rig.desk.reply = needed('purge');
    await rig.world.click('ana', card, 'purge');
    await expect(rig.world.clickPrivate('ana', card, 'purge')).rejects.toThrow('reason is required');
  });

  test('takes 1,000 characters', async () => {
    rig.desk.reply = needed('purge');
    await rig.world.click('ana', card, 'purge');
    const press = rig.world.clickPrivate('ana', card, 'purge', { reason: 'x'.repeat(1_001) });
    await expect(press).rejects.toThrow('at most 1000 characters');
  });

  test('says that there is no undo where there is none', async () => {
    rig.desk.reply = needed('hard-purge');
    await rig.world.click('ana', card, 'purge');
    expect(literalTexts(seen(), 'TextRun').join(' ')).toContain('12 copies in 11 mailboxes for good');
    expect(literalTexts(seen(), 'TextRun').join(' ')).toContain('This cannot be undone.');
  });

  test('asks for a word there, and brings it to the desk', async () => {
    rig.desk.reply = needed('hard-purge');
    await rig.world.click('ana', card, 'purge');
    await rig.world.clickPrivate('ana', card, 'hard-purge', { word: 'DELETE' });
    expect(rig.desk.presses.at(-1)).toMatchObject({
      verb: 'hard-purge',
      incident,
      digest,
      word: 'DELETE',
      reason: null,
    });
  });

  test('has a way back that needs no reason', async () => {
    rig.desk.reply = needed('purge');
    await rig.world.click('ana', card, 'purge');
    await rig.world.clickPrivate('ana', card, 'card');
    expect(literalTexts(seen(), 'TextRun')).toContain(view.subject);
    expect(rig.desk.presses).toHaveLength(1);
  });

  test('gives way to the card when that changes', async () => {
    rig.desk.reply = needed('purge');
    await rig.world.click('ana', card, 'purge');
    const [thread] = rig.world.messages();
    const ref = { platform: 'teams', channel: thread?.conversationId ?? '', message: card } as const;
    await rig.teams.rooms.update({ ...ref, via: rig.world.serviceUrl }, view);
    expect(rig.world.seenBy('ana').cards.size).toBe(0);
  });
});

describe('the card that leads to a page of ours', () => {
  const link = (url: string): Reply => ({ ...SIGN_IN, url });

  test('has the lines as they are and one button', async () => {
    rig.desk.reply = link('https://clawback.example/auth?tenant=contoso&ticket=abc');
    await rig.world.click('ana', card, 'purge');
    expect(literalTexts(seen(), 'TextRun')).toContain(SIGN_IN_LINE);
    expect(JSON.stringify(seen())).toContain('"url":"https://clawback.example/auth?tenant=contoso&ticket=abc"');
    expect(rig.world.seenBy('ben').cards.size).toBe(0);
  });

  test.each(['http://127.0.0.1:3978/auth?t=1', 'http://localhost:3978/auth', 'http://[::1]:3978/auth'])(
    'may lead to this machine: %s',
    (url) => {
      expect(JSON.stringify(linkCard({ lines: [], label: 'Go', url }, { incident, digest }))).toContain(
        `"url":"${url}"`,
      );
    },
  );

  test.each([
    'http://clawback.example/auth',
    'http://127.0.0.1.evil.example/',
    'https://clawback.example@evil.example/',
    'https://:secret@clawback.example/',
    'javascript:alert(1)',
    'msteams:/l/call',
    'data:text/html,x',
    'https://clawback.example/?a=\u0024{1+1}',
    `https://clawback.example/${'x'.repeat(3_000)}`,
    '//clawback.example/auth',
    'not an address',
  ])('leads nowhere else, and words say so: %s', async (url) => {
    rig.desk.reply = link(url);
    await rig.world.click('ana', card, 'purge');
    expect(rig.world.seenBy('ana').cards.size).toBe(0);
    expect(rig.world.seenBy('ana').toasts[0]?.text).toContain('no address that is safe to open');
  });

  test('leaves the address whole however much there is to say', () => {
    const url = `https://clawback.example/auth?ticket=${'x'.repeat(900)}`;
    const lines = Array.from({ length: 40 }, () => 'word '.repeat(110));
    const drawn = JSON.stringify(linkCard({ lines, label: 'Sign in', url }, { incident, digest }));
    expect(drawn).toContain(`"url":"${url}"`);
    expect(drawn).toContain('10 more lines are not shown.');
  });
});

test('a purge asks once more before it is sent, with what it does and to how many copies', async () => {
  const ref = await rig.teams.rooms.post({ ...view, ...offering('purge') }, 'key-2');
  const shown = rig.world.messages().flatMap(({ activities }) => activities);
  const drawn = JSON.stringify(shown.find(({ id }) => id === ref.message)?.card);
  const [before = '', after = ''] = drawn.split('"verb":"purge"');
  expect(before.slice(before.lastIndexOf('Action.ShowCard'))).toContain('Moves 12 copies in 11 mailboxes');
  expect(after).not.toContain('"verb":"purge"');
});
