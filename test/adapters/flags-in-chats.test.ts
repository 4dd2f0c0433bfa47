import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { slackCards } from '../../src/adapters/slack/card.ts';
import { flagFormCard, flagsCard, veiledFlagsCard } from '../../src/adapters/teams/flag-cards.ts';
import type { Reply } from '../../src/ports/desk.ts';
import { blockProblems, viewProblems } from '../../src/sandbox/slack/block-kit.ts';
import { cardProblems } from '../../src/sandbox/teams/card-rules.ts';
import { flagFormStates, flagListOf, flagOf, flagStates } from '../support/card-pictures/flag-states.ts';
import { queueStates } from '../support/card-pictures/queue-states.ts';
import { startSlackRig } from '../support/card-pictures/slack-rig.ts';
import { startTeamsRig } from '../support/card-pictures/teams-rig.ts';
import { literalTexts } from '../support/card-pictures/texts.ts';

/** Flagged mailboxes in both chats: a list and a form that only one pair of eyes sees. */

const cards = slackCards();
const OWN = flagOf(1, { state: 'contained', owner: { person: 'dana', name: 'Dana' }, version: 7 });
const LIST: Reply = { kind: 'flags', list: flagListOf([OWN]) };
const FORM: Reply = {
  kind: 'flag-form',
  form: { flag: OWN, verb: 'clear', problem: false, unclean: 'second person', unlooked: 'second person' },
};
const CLEARED: Reply = {
  kind: 'said',
  answer: {
    code: 'flag-cleared',
    flag: OWN.id,
    before: OWN.before,
    after: { is: 'seen', findings: 0, unlooked: [], at: '2026-11-23T14:05:00.000Z' },
  },
};

describe.each(flagStates().map(({ name, list }) => [name, list] as const))('%s', (_name, list) => {
  test('is taken by both chats, and says the same', () => {
    expect(blockProblems(cards.flags.list(list).blocks, 'message')).toEqual([]);
    expect(viewProblems(cards.answer(cards.flags.list(list)))).toEqual([]);
    const card = flagsCard(list);
    expect(cardProblems(card as never)).toEqual([]);
    expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThan(25_000);
    const inSlack = literalTexts(cards.flags.list(list).blocks, 'text');
    const inTeams = literalTexts(card, 'TextRun');
    for (const { flag } of list.lines.slice(0, 10))
      expect([inSlack.includes(flag.id), inTeams.includes(flag.id)]).toEqual([true, true]);
  });

  test('has its place on a Home tab beside a full queue', () => {
    const full = queueStates().find(({ name }) => name === 'queue-many')?.queue ?? expect.fail('no full queue');
    const view = cards.queue.home({ ...full, flags: list });
    expect(viewProblems(view)).toEqual([]);
    expect(JSON.stringify(view)).toContain('cb:flags:head');
  });

  test('shows nothing of it where everybody looks', () => {
    const veiled = JSON.stringify(veiledFlagsCard(list));
    expect(cardProblems(veiledFlagsCard(list) as never)).toEqual([]);
    for (const { flag } of list.lines) expect(veiled).not.toContain(flag.id);
  });
});

describe.each(flagFormStates().map(({ name, form }) => [name, form] as const))('the form %s', (_name, form) => {
  test('is taken by both chats', () => {
    expect(viewProblems(cards.flags.form(form, { channel: 'C0ALERTS' }))).toEqual([]);
    expect(cardProblems(flagFormCard(form) as never)).toEqual([]);
  });
});

describe('in Slack', () => {
  let rig: Awaited<ReturnType<typeof startSlackRig>>;
  beforeEach(async () => {
    rig = await startSlackRig();
    rig.desk.reply = LIST;
    await rig.world.slash('ana', '/clawback', 'flags');
  });
  afterEach(() => rig.close());
  const list = () => rig.world.seenBy('ana').ephemerals.at(-1);
  const modal = () => JSON.stringify(rig.world.seenBy('ana').modal);

  test('the list is for the one who asked, and another list takes its place', async () => {
    expect(JSON.stringify(list())).toContain(OWN.id);
    expect(JSON.stringify(await rig.world.messages())).not.toContain(OWN.id);
    await rig.world.click('ana', list()?.ts ?? '', 'cb:flags:overdue');
    expect(rig.desk.flagCalls.at(-1)?.asks).toEqual({ is: 'list', which: 'overdue' });
  });

  test('a press carries what was shown, and the form that asks why comes back with the reason', async () => {
    rig.desk.reply = FORM;
    await rig.world.click('ana', list()?.ts ?? '', 'cb:flag:clear');
    const asked = { is: 'do', verb: 'clear', flag: OWN.id, seen: 7 };
    expect(rig.desk.flagCalls.at(-1)?.asks).toEqual({ ...asked, reason: null });
    await vi.waitFor(() => expect(modal()).toContain('Look and clear'));
    rig.desk.reply = CLEARED;
    await rig.world.submitModal('ana', { reason: 'the *rule* is gone' });
    expect(rig.desk.flagCalls.at(-1)).toMatchObject({
      channel: rig.world.channelId,
      asks: { ...asked, reason: 'the *rule* is gone' },
    });
    await vi.waitFor(() => expect(modal()).toContain('findings before 3, after 0'));
  });
});

describe('in Teams', () => {
  let rig: Awaited<ReturnType<typeof startTeamsRig>>;
  beforeEach(async () => {
    rig = await startTeamsRig();
  });
  afterEach(() => rig.close());
  const seen = (card: string) => literalTexts(rig.world.seenBy('ana').cards.get(card), 'TextRun').join();

  test('the list is never in the thread: a button shows it to who asked, and each press carries what was shown', async () => {
    rig.desk.reply = LIST;
    const { replies } = await rig.world.say('ana', 'flags');
    const card = replies[0]?.id ?? expect.fail('no answer');
    expect(JSON.stringify(replies)).not.toContain(OWN.id);
    await rig.world.click('ana', card, 'flags');
    expect(rig.desk.flagCalls.at(-1)?.asks).toEqual({ is: 'list', which: 'open' });
    expect(seen(card)).toContain(OWN.id);
    expect(rig.world.seenBy('ben').cards.size).toBe(0);
    rig.desk.reply = FORM;
    await rig.world.clickPrivate('ana', card, 'flag-clear');
    const asked = { is: 'do', verb: 'clear', flag: OWN.id, seen: 7 };
    expect(rig.desk.flagCalls.at(-1)?.asks).toEqual({ ...asked, reason: null });
    rig.desk.reply = CLEARED;
    await rig.world.clickPrivate('ana', card, 'flag-clear', { reason: 'the rule is gone' });
    expect(rig.desk.flagCalls.at(-1)?.asks).toEqual({ ...asked, reason: 'the rule is gone' });
  });
});
