import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CaseFacts } from '../../src/core/tell/case.ts';
import { present } from '../../src/core/tell/present.ts';
import { factsOf } from '../../src/flow/tell/facts.ts';
import type { Tx } from '../../src/ports/store.ts';
import { runStarted } from '../support/answered.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { RECOVERABLE } from '../support/fake-mail.ts';
import { ofChat } from '../support/fake-rooms.ts';
import { shown } from '../support/offers.ts';
import { asVersionBefore } from '../support/old-database.ts';
import { inSlack, inTeams, storyteller } from './telling.ts';

/** After an update everything goes on where the version before left it: what waits, what can be undone, and the record. */

const PURGED = 'CB-0001';
const REJECTED = 'CB-0002';
const CONTAINED = 'CB-0003';
const OPEN = 'CB-0004';
let night: Night;
const { press, stands, votes, cardsShow, card } = storyteller(() => night);

beforeAll(async () => {
  night = await startNight({ found: asVersionBefore });
  await night.flow.store.transact(async (tx) => {
    for (const id of [PURGED, REJECTED, CONTAINED, OPEN]) {
      const facts = await factsOf(night.flow, tx, id);
      if (!facts) throw new Error(`${id} is not there`);
      leaveCopies(facts);
      leaveCards(facts, await tx.cards.of(id));
    }
  });
});
afterAll(() => night.close());

/** The mailboxes are as that version left them, too. */
function leaveCopies({ incident, plan }: CaseFacts): void {
  const isOut = incident.id === PURGED || incident.id === CONTAINED;
  for (const { mailbox, address, message } of plan?.copies ?? []) {
    const { internetMessageId, sender } = incident.alert.message;
    const copy = night.mail.put(address, { internetMessageId: internetMessageId ?? '', sender: sender ?? '' });
    Object.assign(copy, { mailbox, message, folderId: isOut ? RECOVERABLE : 'inbox' });
  }
}

/** And so are the rooms. */
function leaveCards(facts: CaseFacts, posted: Awaited<ReturnType<Tx['cards']['of']>>): void {
  for (const { ref, key } of posted)
    if (ref) ofChat(night, ref.platform).cards.push({ ref, key, view: shown(present(facts)), updates: 0 });
}

const folders = (id: string) =>
  night.flow.store.transact(async (tx) => {
    const plan = await tx.incidents.plan((await tx.incidents.get(id))?.planDigest ?? '');
    return (plan?.copies ?? []).map(
      ({ mailbox, message }) =>
        night.mail.copies.find((copy) => copy.mailbox === mailbox && copy.message === message)?.folderId,
    );
  });

describe('the database of the version before', () => {
  it('is whole, row by row and entry by entry', async () => {
    expect(await night.audit()).toMatchObject({ ok: true, differences: [] });
  });

  it('has a vote that counts, and the second one starts the purge', async () => {
    expect(await votes(OPEN)).toMatchObject([{ name: 'Dana', action: 'purge' }]);
    expect(card(OPEN)?.status).toContain('1 of 2 given');
    expect(await press(OPEN, inTeams('omar'), 'purge')).toMatchObject(runStarted('purge', 2));
    await cardsShow(OPEN, 'that it is done', ({ canUndo }) => canUndo);
    expect(await folders(OPEN)).toEqual([RECOVERABLE, RECOVERABLE]);
  });

  it('has a purge that can be undone', async () => {
    await press(PURGED, inSlack('dana'), 'undo');
    expect(await press(PURGED, inTeams('omar'), 'undo')).toMatchObject(runStarted('restore', 2));
    await cardsShow(PURGED, 'that it is undone', ({ status }) => status.startsWith('Undone: 2 restored'));
    expect(await folders(PURGED)).toEqual(['inbox', 'inbox']);
  });

  it('has a containment that can be confirmed', async () => {
    await press(CONTAINED, inSlack('dana'), 'confirm');
    await press(CONTAINED, inTeams('omar'), 'confirm');
    expect([await stands(CONTAINED), await folders(CONTAINED)]).toEqual(['purged', [RECOVERABLE, RECOVERABLE]]);
  });

  it('has an incident that stays closed', async () => {
    expect(card(REJECTED)?.status).toBe('Not malicious, says Dana: Our own newsletter');
  });

  it('is whole after all of it', async () => {
    expect(await night.audit()).toMatchObject({ ok: true, differences: [] });
  });
});
