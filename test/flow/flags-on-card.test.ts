import { describe, expect, it } from 'vitest';
import { flagging, flagPolicy, HOUR } from './flagging.ts';
import { inSlack } from './telling.ts';

/** The card of a mail says in one line what became of the mailboxes that were flagged for it; whose they are it never says. */

const { night, flagged, press, come, cardsShow } = flagging();
const says = (incident: string, words: string) =>
  cardsShow(incident, words, ({ warnings }) => warnings.some(({ text }) => text.includes(words)));

describe('the line of flagged mailboxes', () => {
  it('follows each of them from raised to cleared, with who looks after it and until when', async () => {
    const { id, incident } = await flagged(61);
    await says(incident, 'Flagged mailboxes: 1 raised, nobody looks after them; due ');
    await press(inSlack('omar'), 'take', id);
    await says(incident, 'Flagged mailboxes: 1 in review, looked after by Omar; due ');
    await press(inSlack('omar'), 'contain', id);
    await says(incident, 'Flagged mailboxes: 1 contained, looked after by Omar');
    await press(inSlack('omar'), 'clear', id, 'nothing was found');
    await says(incident, 'Flagged mailboxes: 1 cleared.');
  });

  it('says that one is overdue once that was told', async () => {
    await night().govern(flagPolicy({ remindBefore: [] }));
    const { id, incident } = await flagged(62);
    night().clock.now += HOUR;
    await come(id, 73);
    await says(incident, ', 1 overdue.');
  });

  it('names nobody whose mailbox it is, and no flag: everybody in the room reads it', async () => {
    const { id, incident } = await flagged(63);
    const card = night().slack.cards.findLast(({ view }) => view.incident === incident);
    const line = card?.view.warnings.find(({ text }) => text.startsWith('Flagged mailboxes'))?.text ?? '';
    expect([line.includes(id), line.includes('person63')]).toEqual([false, false]);
  });
});
