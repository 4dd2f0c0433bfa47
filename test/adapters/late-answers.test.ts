import { afterEach, describe, expect, test, vi } from 'vitest';
import { startSlackRig } from '../support/card-pictures/slack-rig.ts';
import { cardStates } from '../support/card-pictures/states.ts';
import { startTeamsRig } from '../support/card-pictures/teams-rig.ts';
import { literalTexts } from '../support/card-pictures/texts.ts';
import { formReply } from '../support/forms.ts';

const view = cardStates()[1]?.view ?? expect.fail('no state');
const closes: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closes.splice(0)) await close();
});

const NO = 'You received this mail yourself, so somebody else has to decide.';

describe('a press in Teams that could not be answered in time', () => {
  async function late(habits: { personal?: boolean; targeted?: boolean }) {
    const rig = await startTeamsRig({ answerWithinMs: 20, sleep: () => Promise.resolve() });
    closes.push(rig.close);
    Object.assign(rig.world.habits, habits);
    const card = (await rig.teams.rooms.post(view, 'key-1')).message;
    const { promise, resolve } = Promise.withResolvers<void>();
    rig.desk.before = () => promise;
    rig.desk.reply = { kind: 'said', answer: { code: 'recipient' } };
    await rig.world.click('ana', card, 'purge');
    return { ...rig, card, decide: resolve };
  }
  const heard = ({ world }: Awaited<ReturnType<typeof late>>, who = 'ana') =>
    world.seenBy(who).whispers.map(({ card }) => literalTexts(card, 'TextRun').join(' '));
  const inThread = ({ world }: Awaited<ReturnType<typeof late>>) => world.messages()[0]?.activities.slice(1) ?? [];

  test('says that it is still being worked on, and nothing that is not known yet', async () => {
    const rig = await late({});
    expect(rig.world.seenBy('ana').toasts.at(-1)?.text).toMatch(/still working on this.*until then nothing is certain/);
    rig.decide();
  });

  test.each([
    ['in the chat with that person, where the app is installed for them', { personal: true, targeted: false }],
    ['in the thread for their eyes only, where there is such a thing', { personal: false, targeted: true }],
  ])('is answered later %s', async (_where, habits) => {
    const rig = await late(habits);
    rig.decide();
    await vi.waitFor(() => expect(heard(rig)).toEqual([NO]));
    expect([heard(rig, 'ben'), inThread(rig)]).toEqual([[], []]);
  });

  test('where nobody can be told alone, is called back, and what the answer is stays between the two', async () => {
    const rig = await late({ personal: false, targeted: false });
    rig.decide();
    await vi.waitFor(() => expect(inThread(rig)).toHaveLength(1));
    const [said] = inThread(rig);
    expect([said?.mentions, JSON.stringify(said?.card).includes(NO)]).toEqual([[rig.world.members['ana']?.id], false]);
  });

  test('is answered later also when Teams asks to wait', async () => {
    const rig = await late({ targeted: true });
    rig.world.faults.fail('send', { answer: { status: 429, headers: { 'retry-after': '2' }, body: {} } }, 2);
    rig.decide();
    await vi.waitFor(() => expect(heard(rig)).toEqual([NO]));
  });

  test('is told when it broke, too', async () => {
    const rig = await late({ targeted: true });
    Object.defineProperty(rig.desk, 'reply', {
      get() {
        throw new Error('the database went away');
      },
    });
    rig.decide();
    await vi.waitFor(() => expect(heard(rig)[0]).toMatch('Nothing is certain until the card changes'));
  });

  test('is asked to press again for what needs a card of its own', async () => {
    const rig = await late({ targeted: true });
    rig.desk.reply = formReply('purge', { incident: view.incident, digest: view.digest });
    rig.decide();
    await vi.waitFor(() => expect(heard(rig)[0]).toMatch('press the button on the card again'));
  });
});

test('a press in Teams that was answered in time is not answered twice', async () => {
  const rig = await startTeamsRig();
  closes.push(rig.close);
  const card = (await rig.teams.rooms.post(view, 'key-1')).message;
  await rig.world.click('ana', card, 'purge');
  await rig.world.click('ana', card, 'purge');
  expect([rig.world.seenBy('ana').whispers, rig.world.messages()[0]?.activities.length]).toEqual([[], 1]);
});

test('an answer in Slack waits as long as Slack asks, and arrives', async () => {
  const waits: number[] = [];
  const rig = await startSlackRig(2_500, { sleep: async (ms) => void waits.push(ms) });
  closes.push(rig.close);
  const card = (await rig.slack.rooms.post(view, 'key-1')).message;
  rig.world.faults.fail('chat.postEphemeral', {
    answer: { status: 429, headers: { 'retry-after': '7' }, body: { ok: false } },
  });
  rig.desk.reply = { kind: 'said', answer: { code: 'recipient' } };
  await rig.world.click('ana', card, 'cb:purge');
  await vi.waitFor(() => expect(rig.world.seenBy('ana').ephemerals).toHaveLength(1));
  expect(waits).toEqual([7_000]);
});

describe('who pressed is asked about in the roster of Teams', () => {
  test.each([
    ['by Entra ids as well', true],
    ['by its own ids only', false],
  ])('that finds people %s', async (_how, rosterByEntraId) => {
    const rig = await startTeamsRig();
    closes.push(rig.close);
    rig.world.habits.rosterByEntraId = rosterByEntraId;
    const ana = rig.world.members['ana'] ?? expect.fail('nobody called ana');
    const before = await rig.teams.people.account(ana.aadObjectId);
    const card = (await rig.teams.rooms.post(view, 'key-1')).message;
    await rig.world.click('ana', card, 'purge');
    const after = await rig.teams.people.anew().account(ana.aadObjectId);
    expect([before === null, after]).toEqual([
      !rosterByEntraId,
      expect.objectContaining({ active: true, stranger: false }),
    ]);
  });

  test('and an id that Teams does not know any more makes nobody a stranger', async () => {
    const members = { get: () => Promise.resolve('29:1gone'), set: () => Promise.resolve() };
    const rig = await startTeamsRig({ members });
    closes.push(rig.close);
    expect(await rig.teams.people.account(rig.world.members['ana']?.aadObjectId ?? '')).toMatchObject({ active: true });
  });

  test('and one that belongs to somebody else tells nothing about either', async () => {
    const ids: string[] = [];
    const members = { get: () => Promise.resolve(ids[0] ?? null), set: () => Promise.resolve() };
    const rig = await startTeamsRig({ members });
    closes.push(rig.close);
    ids.push(rig.world.members['ben']?.id ?? '');
    const idOf = (key: string) => rig.world.members[key]?.aadObjectId ?? '';
    expect(await rig.teams.people.account(idOf('gus'))).toMatchObject({ guest: true });
    expect(await rig.teams.people.account('44444444-0000-4000-8000-000000000000')).toBeNull();
  });

  test('and one that cannot be asked about makes nobody somebody', async () => {
    const members = { get: () => Promise.resolve('29:1ana'), set: () => Promise.resolve() };
    const rig = await startTeamsRig({ members });
    closes.push(rig.close);
    rig.world.faults.fail('members', { answer: { status: 500, body: {} } });
    await expect(rig.teams.people.account(rig.world.members['ana']?.aadObjectId ?? '')).rejects.toMatchObject({
      code: 'unavailable',
    });
  });
});
