import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Queue } from '../../src/core/tell/queue.ts';
import { queueStates } from '../support/card-pictures/queue-states.ts';
import { startTeamsRig } from '../support/card-pictures/teams-rig.ts';
import { literalTexts } from '../support/card-pictures/texts.ts';

/** The queue in Teams: a card that answers a command, in the channel or in the chat with Clawback alone. */

type Rig = Awaited<ReturnType<typeof startTeamsRig>>;
const QUEUE: Queue = queueStates()[0]?.queue ?? expect.fail('there is no queue to show');
const first = QUEUE.mine[0]?.incident.id ?? '';

let rig: Rig;
beforeEach(async () => {
  rig = await startTeamsRig();
  rig.desk.reply = { kind: 'queue', queue: QUEUE };
});
afterEach(() => rig.close());

const textOf = (card: unknown) => literalTexts(card, 'TextRun').join('\n');

describe('in the channel', () => {
  test('the command is answered with the queue of whoever asked', async () => {
    const { replies } = await rig.world.say('ana', 'queue');
    expect(textOf(replies[0]?.card)).toContain('The queue of Dana Analyst');
    expect(textOf(replies[0]?.card)).toContain('As of 23 Nov 14:05 UTC');
    expect(rig.desk.commands[0]?.words).toBe('queue');
  });

  test('a refresh shows the queue of whoever pressed, to them alone', async () => {
    const { replies, conversationId } = await rig.world.say('ana', 'queue');
    rig.desk.reply = { kind: 'queue', queue: { ...QUEUE, who: { ...QUEUE.who, name: 'Ben' } } };
    await rig.world.click('ben', replies[0]?.id ?? '', 'queue');
    expect(rig.desk.queues).toEqual([
      {
        by: expect.objectContaining({ id: rig.world.members['ben']?.aadObjectId }),
        channel: conversationId,
        open: null,
      },
    ]);
    expect(textOf(rig.world.seenBy('ben').cards.get(replies[0]?.id ?? ''))).toContain('The queue of Ben');
    expect(rig.world.seenBy('ana').cards.size).toBe(0);
  });

  test('a press on a line asks for the card of that incident, and says what comes of it', async () => {
    const { replies } = await rig.world.say('ana', 'queue');
    rig.desk.reply = { kind: 'said', answer: { code: 'queue-card-comes', incident: first } };
    await rig.world.click('ana', replies[0]?.id ?? '', 'bring');
    expect(rig.desk.queues.at(-1)).toMatchObject({ open: first });
    expect(rig.world.seenBy('ana').toasts.at(-1)?.text).toBe(
      `The card of ${first} comes into the channel of the alerts now.`,
    );
  });

  test('a press that names no incident is a stray', async () => {
    const { replies } = await rig.world.say('ana', 'queue');
    const forged = (activity: Record<string, unknown>) => ({
      ...activity,
      value: { action: { verb: 'bring', data: {} }, trigger: 'manual' },
    });
    await rig.world.click('ana', replies[0]?.id ?? '', 'bring', {}, { patch: forged });
    expect([rig.desk.queues.length, rig.desk.strays.length]).toEqual([0, 1]);
  });
});

describe('in the chat with Clawback alone', () => {
  beforeEach(() => {
    rig.world.habits.personal = true;
  });

  test('nobody has to mention it', async () => {
    const { replies } = await rig.world.sayAlone('ana', 'queue');
    expect(textOf(replies[0]?.card)).toContain('The queue of Dana Analyst');
    expect(rig.desk.commands[0]).toMatchObject({ words: 'queue', channel: `a:${rig.world.members['ana']?.id}` });
  });

  test('a refresh and a line can be pressed as well', async () => {
    const { replies } = await rig.world.sayAlone('ana', 'queue');
    const refreshed = await rig.world.clickAlone('ana', replies[0]?.id ?? '', 'queue');
    expect(textOf(refreshed.body)).toContain('The queue of Dana Analyst');
    rig.desk.reply = { kind: 'said', answer: { code: 'queue-card-is-there', incident: first } };
    const brought = await rig.world.clickAlone('ana', replies[0]?.id ?? '', 'bring');
    expect(JSON.stringify(brought.body)).toContain('Decisions are made there');
    expect(rig.desk.queues.map(({ open }) => open)).toEqual([null, first]);
  });
});
