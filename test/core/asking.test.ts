import { describe, expect, it } from 'vitest';
import type { Situation } from '../../src/core/incident/incident.ts';
import type { CaseFacts } from '../../src/core/tell/case.ts';
import { present } from '../../src/core/tell/present.ts';
import { askedOf, copyOf, factsOf, incidentOf, planOf, runOf, termsOf, voteOf } from '../support/cases.ts';
import { shown } from '../support/offers.ts';

const card = (state: Situation, change: Partial<CaseFacts> = {}) => shown(present(factsOf(state, change)));
const forGood = planOf({ terms: termsOf(1, { 'hard-purge': askedOf([{ role: 'approver', count: 2 }]) }) });

const purgeWithin = (expiryMinutes: number) =>
  planOf({ terms: termsOf(2, { purge: askedOf([{ role: 'approver', count: 2 }], { expiryMinutes }) }) });

describe('the time that is left', () => {
  const asked = incidentOf('open', { askedAt: '2026-11-20T08:00:00.000Z', deadline: '2026-11-20T11:00:00.000Z' });
  it.each([
    [0, 'at most 3 h left'],
    [59, 'at most 3 h left'],
    [60.5, 'at most 120 min left'],
    [141.2, 'at most 39 min left'],
    [179, 'at most 1 min left'],
    [179.5, 'less than 1 min left'],
    [180, 'no time left'],
  ])('after %d minutes is never told as more than it is', (waited, left) => {
    expect(card('open', { incident: asked, plan: purgeWithin(180), waited })).toMatchObject({
      left,
      deadline: '2026-11-20T11:00:00Z',
    });
  });

  it('is that of what is asked, however long another action may still be approved', () => {
    expect(card('open', { incident: asked, plan: purgeWithin(10), waited: 30 })).toMatchObject({
      left: 'no time left',
      deadline: '2026-11-20T08:10:00Z',
    });
  });

  it('is not told where nothing ends', () => {
    expect(card('purged', { runs: [runOf({ removed: 2 })] })).toMatchObject({ left: '', deadline: '' });
  });
});

describe('what comes of what is asked', () => {
  const copies = Array.from({ length: 12_000 }, (_, n) => copyOf(n));
  const pace = { perSecond: 300, waits: 0, seenAt: '2026-11-20T08:05:00.000Z', rests: [] };
  const effect = (change: Partial<CaseFacts>) =>
    card('open', { plan: planOf({ copies }), now: '2026-11-20T08:06:00.000Z', ...change }).effect;

  it('is told with how long it may take, at the pace that was seen', () => {
    expect(effect({ pace })).toMatch(/12,000 copies.* About 2 minutes at the pace of 20 Nov 08:05 UTC\.$/);
  });

  it.each([null, undefined])('is told without that where no pace was seen', (none) => {
    expect(effect({ pace: none as null })).not.toMatch(/About|pace/);
  });
});

describe('a second action that is half approved', () => {
  it('is told as its own, and lends nothing to the first', () => {
    const view = card('open', { plan: forGood, votes: [voteOf(1, { action: 'hard-purge' })] });
    expect(view.status).toMatch(/^Waiting for approval: 0 of 1 given\..* Delete for good: 1 of 2 given\.$/);
  });

  it('is an undo that not enough people have asked for yet', () => {
    const view = card('purged', {
      runs: [runOf({ removed: 2 })],
      votes: [voteOf(1, { action: 'restore', at: '2026-11-20T12:00:00.000Z' })],
    });
    expect(view.status).toContain('Undo the purge: 1 of 2 given.');
  });
});

describe('what cannot be undone', () => {
  it('stands apart from what can, and asks for more than a press', () => {
    const apart = card('open', { plan: forGood }).actions.map(({ id, isApart, needs }) => [id, isApart, needs]);
    expect(apart).toContainEqual(['hard-purge', true, 'word']);
    expect(apart).toContainEqual(['purge', false, 'press']);
  });
});

describe('every action asks once more, with what it does and to how many copies', () => {
  it.each([
    ['purge', 'Moves 2 copies in 2 mailboxes to Recoverable Items'],
    ['flag', 'Marks 2 copies in 2 mailboxes with a follow-up flag'],
  ])('%s', (id, says) => {
    const button = card('open').actions.find((action) => action.id === id);
    expect(button?.confirmation?.text).toContain(says);
    expect(button?.confirmation?.text).toContain('recorded under your name');
  });
});

describe('while Clawback is stopped', () => {
  const brake = { stopped: true, by: 'Dana', reason: 'wrong tenant', at: '2026-11-20T08:20:00.000Z' };
  it('a card offers nothing that would be refused, and says how the stop is lifted', () => {
    const view = card('open', { brake });
    expect(view.actions.map(({ id }) => id)).toEqual(['reject', 'details']);
    expect([view.effect, view.asks, view.waits]).toEqual(['', 'nothing', '']);
    expect([view.state, view.stopped]).toEqual(['Stopped', expect.stringContaining('lift')]);
  });

  it('what is under way can still be cancelled: lifted first, it would go on', () => {
    const runs = [runOf({ removed: 1 }, { state: 'running', total: 2, open: 1 })];
    expect(card('running', { brake, runs }).actions.map(({ id }) => id)).toContain('cancel');
  });
});

describe('when it is over', () => {
  it('a purge says when it ended and until about when it can be undone', () => {
    const runs = [runOf({ removed: 2 }, { finishedAt: '2026-11-20T08:15:00.123Z' })];
    expect(card('purged', { runs })).toMatchObject({
      state: 'Purged',
      endedAt: '2026-11-20T08:15:00Z',
      undoUntil: '2026-12-04T08:12:00Z',
    });
  });

  it('what an undo has left out is kept for as long as it was taken out, not as the undo ended', () => {
    const runs = [
      runOf({ removed: 2 }, { startedAt: '2026-11-01T08:00:00.000Z' }),
      runOf(
        { restored: 1, failed: 1 },
        { action: 'restore', startedAt: '2026-11-10T08:00:00.000Z', finishedAt: '2026-11-10T08:05:00.000Z' },
      ),
    ];
    expect(card('restored', { runs, now: '2026-11-10T09:00:00.000Z' }).undoUntil).toBe('2026-11-15T08:00:00Z');
    expect(card('restored', { runs, now: '2026-11-30T09:00:00.000Z' }).undoUntil).toBe('');
  });

  it('a containment that took less than was planned says how much', () => {
    const plan = planOf({
      terms: termsOf(2, { contain: askedOf([{ role: 'approver', count: 1 }], { actFirst: true }) }),
    });
    const runs = [runOf({ removed: 1, notAllowed: 1 }, { action: 'contain', cause: 'policy' })];
    expect(card('contained', { plan, runs }).effect).toMatch(/^Leaves 1 copy, removed at once,/);
  });

  it('votes for an undo that have aged are not told as given', () => {
    const runs = [runOf({ removed: 2 }, { startedAt: '2026-11-20T08:00:00.000Z' })];
    const votes = [voteOf(1, { action: 'restore', at: '2026-11-20T12:00:00.000Z' })];
    expect(card('purged', { runs, votes, now: '2026-11-20T12:30:00.000Z' }).status).toContain('1 of 2 given');
    const later = card('purged', { runs, votes, now: '2026-11-21T12:30:00.000Z' });
    expect([later.status.includes('given'), later.needs]).toEqual([false, expect.stringMatching(/^2 approvals for/)]);
  });

  it('a purge of which nothing can be put back names no time for an undo', () => {
    const runs = [runOf({ alreadyGone: 2 }, { finishedAt: '2026-11-20T08:15:00.123Z' })];
    expect(card('purged', { runs }).undoUntil).toBe('');
  });

  it('an undo is no success to be glad of: the mail can be read again', () => {
    const runs = [runOf({ removed: 2 }), runOf({ restored: 2 }, { action: 'restore' })];
    expect(card('restored', { runs })).toMatchObject({ state: 'Undone: can be read again', tone: 'neutral' });
  });
});
