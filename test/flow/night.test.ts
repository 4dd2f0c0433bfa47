import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runStarted, voteCounted } from '../support/answered.ts';
import { ATTACK, type Night, startNight } from '../support/desk-of-the-night.ts';
import { RECOVERABLE } from '../support/fake-mail.ts';

let night: Night;
beforeEach(async () => {
  night = await startNight();
});
afterEach(() => night.close());

const THREE = ['ann@contoso.example', 'bob@contoso.example', 'cas@contoso.example'];

async function openIncident(): Promise<string> {
  for (const address of THREE) night.mail.put(address, ATTACK);
  const id = await night.alert();
  await night.asks(id);
  return id;
}

describe('one night at the desk', () => {
  it('two people in two chats approve, and every copy is seen gone', async () => {
    const id = await openIncident();
    expect(await night.press('dana', 'slack', 'purge')).toMatchObject(voteCounted(1, 2));
    expect(await night.press('omar', 'teams', 'purge')).toMatchObject(runStarted('purge', 3));
    await night.until('the purge has finished', async () => (await night.stands(id)) === 'purged');
    expect(night.mail.copies.map((copy) => copy.folderId)).toEqual([RECOVERABLE, RECOVERABLE, RECOVERABLE]);
    expect(night.mail.effects).toHaveLength(3);
    await night.until('both cards say so', () =>
      [night.slack, night.teams].every((room) => room.cards[0]?.view.status.includes('3 removed, seen gone')),
    );
    expect(night.slack.cards).toHaveLength(1);
    expect(night.teams.cards).toHaveLength(1);
    expect(await night.ledgerFault()).toBeNull();
    const told = (await night.entries(id)).map((entry) => entry.type);
    expect(told.filter((type) => type === 'copy.intent')).toHaveLength(3);
    expect(told.filter((type) => type === 'copy.outcome')).toHaveLength(3);
    expect(told.lastIndexOf('copy.intent')).toBeLessThan(told.indexOf('copy.outcome'));
  });

  it('an undo puts every copy back as it was', async () => {
    const id = await openIncident();
    const [first] = night.mail.copies;
    if (first) Object.assign(first, { isRead: true, flag: 'flagged', categories: ['Mine'], folderId: 'projects' });
    await night.press('dana', 'slack', 'purge');
    await night.press('omar', 'teams', 'purge');
    await night.until('undo is offered', () => night.slack.cards[0]?.view.canUndo === true);
    expect(await night.press('dana', 'teams', 'undo')).toMatchObject(voteCounted(1, 2));
    expect(await night.press('omar', 'teams', 'undo')).toMatchObject(runStarted('restore', 3));
    await night.until('it is undone', async () => (await night.stands(id)) === 'restored');
    expect(night.mail.copies[0]).toMatchObject({
      isRead: true,
      flag: 'flagged',
      categories: ['Mine'],
      folderId: 'projects',
    });
    expect(night.mail.copies[1]).toMatchObject({ folderId: 'inbox' });
  });
});
