import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Source } from '../../src/core/find/source.ts';
import { explainIncident } from '../../src/core/record/why.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { RECOVERABLE } from '../support/fake-mail.ts';
import { SOURCE } from '../support/source.ts';
import { inSlack, inTeams, MINUTE, policyWith, ruleFor, storyteller, type Told } from './telling.ts';

/** A source takes its word back: people are asked anew, nothing acts first on it, and nothing is undone by itself. */
let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());
const { report, lands, press, votes, entries, becomes, stands, cardsShow, card, incident, runs } = storyteller(
  () => night,
);

const two = policyWith([ruleFor(['purge', 'undo'], { approver: 2 })]);
const first = policyWith([
  ruleFor(['contain'], { approver: 2 }, { name: 'at once', actFirst: true, expiryMinutes: 30 }),
  ruleFor(['purge', 'undo'], { approver: 2 }),
]);
beforeEach(async () => {
  night.clock.now += 120 * MINUTE;
  await night.govern(two);
});

const OTHER: Source = { ...SOURCE, name: 'other' };

/** Its vendor says of the same mail that there was no threat. */
const takesBack = ({ mail, copies }: Told, source: Source = SOURCE) =>
  night.alert(
    {
      message: { ...mail, subject: 'Invoice overdue' },
      recipients: copies.map(({ address }) => address),
      vendorAction: { state: 'withdrawn', says: 'false positive' },
    },
    undefined,
    source,
  );
const warnings = (id: string) => (card(id)?.warnings ?? []).map(({ text }) => text).join('\n');
const says = (id: string) => warnings(id).includes('test has taken back what it said of this mail');

describe('a word that is taken back', () => {
  it('voids the approvals that were given before, and asks anew with a new list', async () => {
    const told = await lands();
    const before = (await incident(told.id))?.planDigest;
    await press(told.id, inSlack('dana'), 'purge');
    expect(await takesBack(told)).toBe(told.id);
    await becomes(told.id, 'open');
    await night.until('there is a new list', async () => (await incident(told.id))?.planDigest !== before);
    expect(await votes(told.id)).toEqual([]);
    expect((await entries(told.id, 'decision.withdrawn')).map(({ outcome }) => outcome)).toEqual(['taken-back']);
    expect((await entries(told.id, 'word.taken-back'))[0]?.detail).toMatchObject({
      source: 'test',
      says: 'false positive',
      votes: 1,
    });
    await cardsShow(told.id, 'that it was taken back', () => says(told.id));
    // Whoever approves now, approves knowing it.
    await press(told.id, inSlack('dana'), 'purge');
    await press(told.id, inTeams('omar'), 'purge');
    await becomes(told.id, 'purged');
    expect(explainIncident(await night.entries(told.id)).join('\n')).toContain(
      'test took back what it had said of the mail (false positive).',
    );
  });

  it('is shown where nobody had said anything yet, on the list that is there', async () => {
    const told = await lands();
    const before = (await incident(told.id))?.planDigest;
    await takesBack(told);
    await cardsShow(told.id, 'that it was taken back', () => says(told.id));
    expect((await incident(told.id))?.planDigest).toBe(before);
  });

  it('ends acting first: copies that turn up later are asked about', async () => {
    await night.govern(first);
    const told = await report();
    await becomes(told.id, 'contained');
    await takesBack(told);
    night.mail.put('late@contoso.example', told.mail);
    await night.alert({ message: { ...told.mail, subject: 'Invoice overdue' }, recipients: ['late@contoso.example'] });
    await night.run({ queue: 'look', incident: told.id, because: 'lag', nth: 0 });
    const grown = (await entries(told.id, 'plan.grown'))[0]?.detail.child ?? '';
    expect(await stands(grown)).toBe('open');
    expect(await runs(grown)).toEqual([]);
  });

  it('undoes nothing by itself, and the card offers the undo', async () => {
    const told = await lands();
    await press(told.id, inSlack('dana'), 'purge');
    await press(told.id, inTeams('omar'), 'purge');
    await becomes(told.id, 'purged');
    await takesBack(told);
    await cardsShow(told.id, 'the undo', ({ canUndo }) => canUndo && says(told.id));
    expect(warnings(told.id)).toContain('What was removed can be put back here');
    expect(told.copies.map(({ folderId }) => folderId)).toEqual([RECOVERABLE, RECOVERABLE]);
    expect(await stands(told.id)).toBe('purged');
  });

  it('a confirmation that was half given does not count any more', async () => {
    await night.govern(first);
    const told = await report();
    await becomes(told.id, 'contained');
    await cardsShow(told.id, 'the question', ({ canConfirm }) => canConfirm);
    await press(told.id, inSlack('dana'), 'confirm');
    await takesBack(told);
    expect(await votes(told.id)).toEqual([]);
    await press(told.id, inTeams('omar'), 'confirm');
    expect(await stands(told.id)).toBe('contained');
  });

  it('counts once: told again, what people have approved since stays', async () => {
    const told = await lands();
    await takesBack(told);
    await press(told.id, inSlack('dana'), 'purge');
    await takesBack(told);
    expect(await votes(told.id)).toHaveLength(1);
  });

  it('makes the mail no worse, and the record fits what is stored', async () => {
    const told = await lands();
    await night.alert({
      message: { ...told.mail, subject: 'Invoice overdue' },
      severity: 'critical',
      verdict: 'malware',
      vendorAction: { state: 'withdrawn', says: 'cleared' },
    });
    expect((await incident(told.id))?.alert).toMatchObject({ severity: 'high', verdict: 'phishing' });
    expect((await night.audit()).differences).toEqual([]);
  });
});

describe('a source', () => {
  it('takes back its own word only', async () => {
    const told = await lands();
    await press(told.id, inSlack('dana'), 'purge');
    expect(await takesBack(told, OTHER)).toBe(told.id);
    expect(await votes(told.id)).toHaveLength(1);
    expect((await incident(told.id))?.alert.retracted).toBeUndefined();
    expect(await entries(told.id, 'word.taken-back')).toEqual([]);
  });

  it('that had spoken, too, leaves the first one’s word: that one may still act first', async () => {
    await night.govern(first);
    const told = await report();
    await becomes(told.id, 'contained');
    const message = { ...told.mail, subject: 'Invoice overdue' };
    await night.alert({ message }, undefined, OTHER);
    await takesBack(told, OTHER);
    expect((await incident(told.id))?.alert.retracted).toMatchObject([{ source: 'other' }]);
  });

  it('that says of a mail nothing but that it is none opens it all the same, and nothing acts first', async () => {
    await night.govern(first);
    const { id } = await report(['ann'], { vendorAction: { state: 'withdrawn', says: 'cleared' } });
    await becomes(id, 'open');
    expect(await runs(id)).toEqual([]);
  });
});
