import { afterAll, beforeAll, expect, it } from 'vitest';
import { slackCards } from '../../src/adapters/slack/card.ts';
import { incidentCard } from '../../src/adapters/teams/card.ts';
import { Policy } from '../../src/core/ask/policy.ts';
import { runStarted, voteCounted } from '../support/answered.ts';
import { ATTACK, type Night, startNight } from '../support/desk-of-the-night.ts';
import { RECOVERABLE } from '../support/fake-mail.ts';
import type { ShownCard } from '../support/offers.ts';

/** From the alert to the verified undo with an action that nobody of us wrote. */

const policy = Policy.parse({
  version: 1,
  rules: [
    { name: 'recall', when: { action: ['recall'] }, approve: [{ role: 'approver', count: 2 }] },
    { name: 'undo', when: { action: ['undo'] }, approve: [{ role: 'approver', count: 1 }] },
  ],
});
let night: Night;
beforeAll(async () => {
  night = await startNight({ policy });
});
afterAll(() => night.close());

const view = () => night.slack.cards.at(-1)?.view as ShownCard;
const offers = (verb: string) => view()?.actions.some(({ id }) => id === verb);

it('is asked about, voted for, carried out, told, undone and recorded', async () => {
  const unread = night.mail.put('ann@contoso.example', ATTACK);
  const opened = night.mail.put('bob@contoso.example', { ...ATTACK, isRead: true });
  const id = await night.alert();
  await night.until('it is offered', () => view()?.incident === id && offers('recall'));
  expect([offers('purge'), view().asks, view().needs]).toEqual([
    false,
    'approval',
    expect.stringContaining('2 approvals'),
  ]);
  const { posted } = view();
  const slack = JSON.stringify(slackCards().incident(posted).blocks);
  const teams = JSON.stringify(incidentCard(posted));
  for (const drawn of [slack, teams]) expect(drawn).toContain('Recall what is unread');

  expect(await night.press('dana', 'slack', 'recall')).toMatchObject(voteCounted(1, 2));
  await night.until('the vote is told', () =>
    view().decisions.some(({ text }) => text.includes('Dana approved recalling it in Slack')),
  );
  expect(await night.press('omar', 'teams', 'recall')).toMatchObject(runStarted('recall-unread', 2));
  await night.until('it is done', () => offers('undo') === true);
  expect([unread.folderId, opened.folderId]).toEqual([RECOVERABLE, 'inbox']);
  expect(view().outcomes).toEqual([
    { label: 'Removed, seen gone', value: '1 copy' },
    { label: 'Protected, left alone', value: '1 copy' },
  ]);

  await night.press('dana', 'slack', 'undo');
  await night.until('it is undone', () => view().status.startsWith('Undone'));
  expect([unread.folderId, unread.isRead]).toEqual(['inbox', false]);
  const told = (await night.entries(id)).map(({ type, detail }) => [type, 'action' in detail ? detail.action : null]);
  expect(told).toEqual(
    expect.arrayContaining([
      ['decision.approved', 'recall'],
      ['run.started', 'recall'],
      ['copy.intent', 'recall-unread'],
      ['run.started', 'undo'],
    ]),
  );
  expect((await night.audit()).ok).toBe(true);
});
