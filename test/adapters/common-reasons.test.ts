import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { slackCards } from '../../src/adapters/slack/card.ts';
import { incidentCard } from '../../src/adapters/teams/card.ts';
import type { CardView } from '../../src/core/tell/card.ts';
import { blockProblems } from '../../src/sandbox/slack/block-kit.ts';
import { startSlackRig } from '../support/card-pictures/slack-rig.ts';
import { cardStates } from '../support/card-pictures/states.ts';
import { startTeamsRig } from '../support/card-pictures/teams-rig.ts';

/** “Not malicious” with one of the common reasons: one press, in both chats, and the words are ours. */

const view = cardStates().find(({ name }) => name === 'waiting-0-of-2')?.view ?? expect.fail('no state');
const closed = cardStates().find(({ name }) => name === 'rejected')?.view ?? expect.fail('no state');
const REASONS = [
  ['bulk', 'A newsletter or other bulk mail'],
  ['colleague', 'A colleague wrote it'],
  ['partner', 'A partner or supplier wrote it'],
  ['unwanted', 'Unwanted, but harmless'],
] as const;
const ids = { incident: view.incident, digest: view.digest };

type Node = Readonly<Record<string, unknown>>;
function nodesOf(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  if (typeof value !== 'object' || value === null) return [];
  return [value as Node, ...Object.values(value).flatMap(nodesOf)];
}

describe('in Slack', () => {
  const cards = slackCards();
  const menuOn = (shown: CardView) =>
    nodesOf(cards.incident(shown).blocks).find(({ type }) => type === 'static_select') ?? null;
  const valuesOn = (shown: CardView) =>
    ((menuOn(shown)?.['options'] ?? []) as Node[]).map((option) => String(option['value']));

  test('the menu stands in one row with the button', () => {
    const rows = cards.incident(view).blocks.filter(({ type }) => type === 'actions') as unknown as Node[];
    const row = rows.find((block) => nodesOf(block).some((node) => node['action_id'] === 'cb:reject'));
    expect(nodesOf(row)).toContainEqual(expect.objectContaining({ action_id: 'cb:reject:why' }));
  });

  test('no card has it on which nothing can be called harmless', () => {
    expect(menuOn(closed)).toBeNull();
  });

  test('a choice carries incident, plan and the key of a reason, and nothing else', () => {
    expect(valuesOn(view).map((value) => JSON.parse(value))).toEqual(REASONS.map(([why]) => ({ ...ids, why })));
  });

  test('the longest incident still has every choice: Slack takes 150 characters of one', () => {
    const values = valuesOn({ ...view, incident: 'C'.repeat(40) });
    expect([values.length, Math.max(...values.map(({ length }) => length))]).toEqual([4, 149]);
  });

  test('a choice that would not fit is not there, and without any there is no menu', () => {
    const some = { ...view, incident: `${'C'.repeat(38)}""` };
    expect([
      valuesOn(some).map((value) => JSON.parse(value).why),
      blockProblems(cards.incident(some).blocks, 'message'),
    ]).toEqual([['bulk', 'partner', 'unwanted'], []]);
    const none = { ...view, incident: '"'.repeat(40) };
    expect([menuOn(none), blockProblems(cards.incident(none).blocks, 'message')]).toEqual([null, []]);
  });

  describe('what is chosen', () => {
    let rig: Awaited<ReturnType<typeof startSlackRig>>;
    let card: string;
    beforeEach(async () => {
      rig = await startSlackRig();
      card = (await rig.slack.rooms.post(view, 'key-1')).message;
    });
    afterEach(() => rig.close());
    const choose = (why: string) =>
      rig.world.click('ana', card, 'cb:reject:why', { choose: JSON.stringify({ ...ids, why }) });

    test.each(REASONS)('is the reason in our words: %s', async (why, reason) => {
      await choose(why);
      expect(rig.desk.presses).toEqual([
        {
          by: { platform: 'slack', id: rig.world.users['ana']?.id, home: rig.world.teamId, name: 'ana' },
          card: { platform: 'slack', channel: rig.world.channelId, message: card },
          verb: 'reject',
          ...ids,
          reason,
          page: 0,
        },
      ]);
    });

    test('stands in the menu until the card is drawn anew: its row has another name then, and Slack begins it anew', async () => {
      const rows = async () => nodesOf(await rig.world.messages()).map((node) => node['block_id']);
      expect(await rows()).toContain(`cb:${view.incident}:${view.revision}`);
      const ref = { platform: 'slack', channel: rig.world.channelId, message: card, via: '' } as const;
      await rig.slack.rooms.update(ref, { ...view, revision: '99' });
      expect(await rows()).not.toContain(`cb:${view.incident}:${view.revision}`);
    });

    test.each([
      ['of a reason that no card offers', { ...ids, why: 'because' }],
      ['without a reason', ids],
      ['with a text in place of a key', { ...ids, why: 'A colleague wrote it' }],
      ['of another incident than the row it stands in', { ...ids, incident: 'CB-OTHER', why: 'bulk' }],
    ])('%s is a stray press', async (_name, said) => {
      const forged = JSON.stringify(said);
      await rig.world.click('ana', card, 'cb:reject:why', {
        choose: JSON.stringify({ ...ids, why: 'bulk' }),
        patch: (payload) => {
          const [action] = payload['actions'] as Node[];
          return { ...payload, actions: [{ ...action, selected_option: { value: forged } }] };
        },
      });
      await vi.waitFor(() => expect(rig.desk.strays).toHaveLength(1));
      expect(rig.desk.presses).toEqual([]);
    });

    test.each(['cb:purge:why', 'cb:constructor:why', 'cb:why'])('in a menu %s is a stray press', async (menu) => {
      await rig.world.click('ana', card, 'cb:reject:why', {
        choose: JSON.stringify({ ...ids, why: 'bulk' }),
        patch: (payload) => {
          const [action] = payload['actions'] as Node[];
          return { ...payload, actions: [{ ...action, action_id: menu }] };
        },
      });
      await vi.waitFor(() => expect(rig.desk.strays).toHaveLength(1));
      expect(rig.desk.presses).toEqual([]);
    });
  });
});

describe('in Teams', () => {
  let rig: Awaited<ReturnType<typeof startTeamsRig>>;
  let card: string;
  beforeEach(async () => {
    rig = await startTeamsRig({ current: view, answerWithinMs: 300 });
    card = (await rig.teams.rooms.post(view, 'key-1')).message;
  });
  afterEach(() => rig.close());

  test.each(REASONS)('the button of a reason is the reason in our words: %s', async (_why, reason) => {
    await rig.world.click('ana', card, 'reject', {}, { title: reason });
    expect(rig.desk.presses).toMatchObject([{ verb: 'reject', ...ids, reason, page: 0 }]);
  });

  test('the buttons ask for no input and stand beside the one that sends what was typed', () => {
    const opens = nodesOf(incidentCard(view)).find(
      ({ type, title }) => type === 'Action.ShowCard' && title === 'Not malicious',
    );
    const { actions } = (opens ?? expect.fail('no such button'))['card'] as { readonly actions: readonly Node[] };
    const sent = actions.map(({ title, associatedInputs }) => [title, associatedInputs]);
    expect(sent).toEqual([['Close as not malicious', 'auto'], ...REASONS.map(([, label]) => [label, 'none'])]);
  });

  test('no other form has any', () => {
    const whys = nodesOf(incidentCard(view)).filter((node) => Object.hasOwn(node, 'why'));
    expect(whys.map(({ why }) => why)).toEqual(REASONS.map(([why]) => why));
  });

  test.each([
    ['of a reason that no card offers', 'reject', { why: 'because' }],
    ['of a reason for something else', 'purge', { why: 'bulk' }],
    ['with a text in place of a key', 'reject', { why: 'Unwanted' }],
    ['of a reason, and another that was typed', 'reject', { why: 'bulk', reason: 'ours' }],
  ])('a press %s is a stray one', async (_name, verb, said) => {
    await rig.world.click('ana', card, verb, said, { force: true });
    expect([rig.desk.presses, rig.desk.strays.length]).toEqual([[], 1]);
  });
});
