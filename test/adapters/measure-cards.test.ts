import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { slackCards } from '../../src/adapters/slack/card.ts';
import { measuresCard } from '../../src/adapters/teams/card.ts';
import type { MeasuresView } from '../../src/core/tell/measures-view.ts';
import { blockProblems } from '../../src/sandbox/slack/block-kit.ts';
import { cardProblems } from '../../src/sandbox/teams/card-rules.ts';
import { measureStates } from '../support/card-pictures/measure-states.ts';
import { startSlackRig } from '../support/card-pictures/slack-rig.ts';
import { startTeamsRig } from '../support/card-pictures/teams-rig.ts';
import { literalTexts } from '../support/card-pictures/texts.ts';

/** The card of a list of measures in both chats: taken by them, whole, and pressed for what its buttons say. */

const cards = slackCards();
const stateOf = (wanted: string): MeasuresView =>
  measureStates().find(({ name }) => name === wanted)?.view ?? expect.fail(`no state ${wanted}`);

describe.each(measureStates().map(({ name, view }) => [name, view] as const))('%s', (_name, view) => {
  test('is taken by both chats', () => {
    expect(blockProblems(cards.measures(view).blocks, 'message')).toEqual([]);
    const card = measuresCard(view);
    expect(cardProblems(card as never)).toEqual([]);
    expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThan(25_000);
  });

  test('shows each line for an administrator as it is, and never a part of it', () => {
    const inSlack = literalTexts(cards.measures(view).blocks, 'text');
    const inTeams = literalTexts(measuresCard(view), 'TextRun');
    for (const { command } of view.byHand) {
      expect(inSlack).toContain(command);
      expect(inTeams).toContain(command);
    }
  });

  test('names each of its measures, and one that is not as it was asked for', () => {
    const inSlack = literalTexts(cards.measures(view).blocks, 'text').join('\n');
    const inTeams = literalTexts(measuresCard(view), 'TextRun').join('\n');
    for (const { title } of view.measures) {
      const number = title.split(' ')[0] ?? 'no number';
      expect([inSlack, inTeams].map((text) => text.includes(`${number} `))).toEqual([true, true]);
    }
  });
});

describe('in Slack', () => {
  let rig: Awaited<ReturnType<typeof startSlackRig>>;
  beforeEach(async () => {
    rig = await startSlackRig();
  });
  afterEach(() => rig.close());

  test('a press names the list, its digest and what it is for', async () => {
    const view = stateOf('measures-asked');
    const { message } = await rig.slack.rooms.post(view, 'key-1');
    await rig.world.click('ana', message, 'cb:measures-apply');
    expect(rig.desk.presses).toMatchObject([
      { verb: 'measures-apply', incident: view.incident, digest: view.digest, page: 0 },
    ]);
  });

  test('each measure that can be put back has a button of its own', async () => {
    const view = stateOf('measures-in-part');
    const { message } = await rig.slack.rooms.post(view, 'key-1');
    await rig.world.click('ana', message, 'cb:measure-back:4');
    expect(rig.desk.presses).toMatchObject([{ verb: 'measure-back', incident: view.incident, page: 4 }]);
  });
});

describe('in Teams', () => {
  let rig: Awaited<ReturnType<typeof startTeamsRig>>;
  beforeEach(async () => {
    rig = await startTeamsRig();
  });
  afterEach(() => rig.close());

  test('a press names the list, its digest and what it is for', async () => {
    const view = stateOf('measures-asked');
    const { message } = await rig.teams.rooms.post(view, 'key-1');
    await rig.world.click('ana', message, 'measures-decline');
    expect(rig.desk.presses).toMatchObject([
      { verb: 'measures-decline', incident: view.incident, digest: view.digest, page: 0 },
    ]);
  });

  test('each measure that can be put back has a button of its own', async () => {
    const view = stateOf('measures-in-part');
    const { message } = await rig.teams.rooms.post(view, 'key-1');
    await rig.world.click('ana', message, 'measure-back');
    expect(rig.desk.presses).toMatchObject([{ verb: 'measure-back', incident: view.incident, page: 3 }]);
  });
});
