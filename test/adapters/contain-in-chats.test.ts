import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { slackCards } from '../../src/adapters/slack/card.ts';
import { containFormCard } from '../../src/adapters/teams/contain-cards.ts';
import type { Reply } from '../../src/ports/desk.ts';
import { viewProblems } from '../../src/sandbox/slack/block-kit.ts';
import { cardProblems } from '../../src/sandbox/teams/card-rules.ts';
import { CONTAIN, containStates } from '../support/card-pictures/contain-states.ts';
import { peopleStates } from '../support/card-pictures/people-states.ts';
import { startSlackRig } from '../support/card-pictures/slack-rig.ts';
import { startTeamsRig } from '../support/card-pictures/teams-rig.ts';
import { literalTexts } from '../support/card-pictures/texts.ts';
import { LOOK } from '../support/people-words.ts';

/** Measures are asked for in a form that only one pair of eyes sees, below what was found about people. */

const VIEW = { ...(peopleStates()[0]?.view ?? expect.fail('no state')), digest: CONTAIN.digest };
const { incident, digest } = CONTAIN;
const PEOPLE: Reply = {
  kind: 'people',
  answer: { code: 'people-shown', incident, look: LOOK, counts: [], now: LOOK.at, again: false },
  incident,
  digest,
};
const FORM: Reply = { kind: 'contain-form', form: CONTAIN };
const FILLED = { what: 'found', who: ['ann@contoso.example', 'bob@contoso.example'], reason: 'she *clicked*' };
const WANTED: Reply = { kind: 'said', answer: { code: 'measures-wanted', list: 'CM-1', incident } };

describe.each(containStates().map(({ name, form }) => [name, form] as const))('the form %s', (_name, form) => {
  test('is taken by both chats, stays small, and offers the same', () => {
    const inSlack = slackCards().contain.form(form, 'C0ALERTS');
    expect(viewProblems(inSlack)).toEqual([]);
    const inTeams = containFormCard(form, 'CB-1');
    expect(cardProblems(inTeams as never)).toEqual([]);
    expect(Buffer.byteLength(JSON.stringify(inTeams))).toBeLessThan(20_000);
    for (const { buttonValue } of [...form.what, ...form.who])
      for (const card of [inSlack, inTeams]) expect(JSON.stringify(card)).toContain(JSON.stringify(buttonValue));
  });
});

test('whose address is not what it looks like is no choice: it has to be typed', () => {
  const form = containStates().find(({ name }) => name === 'contain-hostile')?.form ?? expect.fail('no such form');
  expect(form.who).toHaveLength(20);
  for (const { buttonValue } of form.who) expect(buttonValue).toMatch(/^[\p{L}\p{N}._%+'&-]+@[a-z.]+$/u);
  expect(form.intro).toMatch(/\d+ more people are not on the list: type the address\.$/);
});

describe('in Slack', () => {
  let rig: Awaited<ReturnType<typeof startSlackRig>>;
  beforeEach(async () => {
    rig = await startSlackRig();
    rig.desk.reply = PEOPLE;
    await rig.world.slash('ana', '/clawback', 'people');
  });
  afterEach(() => rig.close());
  const answer = () => rig.world.seenBy('ana').ephemerals.at(-1);
  const modal = () => JSON.stringify(rig.world.seenBy('ana').modal);
  async function opened() {
    rig.desk.reply = FORM;
    await rig.world.click('ana', answer()?.ts ?? '', 'cb:contain:form');
    await vi.waitFor(() => expect(modal()).toContain('cb:contain'));
  }

  test('what was found has a button below it, which opens the form for that one person', async () => {
    await opened();
    expect(rig.desk.contained).toMatchObject([{ incident, digest, channel: rig.world.channelId, typed: null }]);
    expect(JSON.stringify(await rig.world.messages())).not.toContain('ann@contoso');
  });

  test('what was chosen and typed comes to the desk as it is, and its answer into the same window', async () => {
    await opened();
    rig.desk.reply = WANTED;
    await rig.world.submitModal('ana', FILLED);
    expect(rig.desk.contained.at(-1)).toMatchObject({ incident, digest, typed: { ...FILLED, address: null } });
    await vi.waitFor(() => expect(modal()).toContain('CM-1 is made for'));
  });

  test('what cannot be taken is said at its field', async () => {
    await opened();
    rig.desk.reply = { kind: 'contain-form', form: { ...CONTAIN, problem: { is: 'nobody' } } };
    const delivered = await rig.world.submitModal('ana', FILLED);
    expect(delivered.body).toMatchObject({ response_action: 'errors', errors: { address: /^Who is meant/ } });
  });
});

describe('in Teams', () => {
  let rig: Awaited<ReturnType<typeof startTeamsRig>>;
  beforeEach(async () => {
    rig = await startTeamsRig({ current: VIEW });
  });
  afterEach(() => rig.close());

  test('the same in the place of the card, with a way back', async () => {
    const { message: card } = await rig.teams.rooms.post(VIEW, 'key-1');
    rig.desk.reply = PEOPLE;
    await rig.world.click('ana', card, 'people');
    const seen = () => rig.world.seenBy('ana').cards.get(card);
    expect(literalTexts(seen(), 'TextRun').join()).toContain('Asked about');
    rig.desk.reply = FORM;
    await rig.world.clickPrivate('ana', card, 'contain');
    expect(rig.desk.presses.at(-1)).toMatchObject({ verb: 'contain', incident, digest });
    rig.desk.reply = WANTED;
    const inputs = { ...FILLED, who: FILLED.who.join(',') };
    await rig.world.clickPrivate('ana', card, 'contain-ask', inputs);
    expect(rig.desk.contained).toMatchObject([{ incident, digest, typed: { ...FILLED, address: '' } }]);
    expect(JSON.stringify(seen())).toContain('Back to the card');
  });
});
