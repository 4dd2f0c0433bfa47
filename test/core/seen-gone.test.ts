import { describe, expect, it } from 'vitest';
import { OUTCOMES, type Outcome, type OutcomeCounts } from '../../src/core/action/outcome.ts';
import { NO_LATE } from '../../src/core/record/late.ts';
import { present } from '../../src/core/tell/present.ts';
import { NAMED } from '../../src/core/tell/remarks.ts';
import { allSeenGone, hasTrouble, leftBackSince, restorable } from '../../src/core/tell/run-facts.ts';
import { factsOf, planOf, runOf, termsOf } from '../support/cases.ts';
import { shown } from '../support/offers.ts';

/** What a card may promise after a purge, and what it must not. */

const purged = (outcomes: Partial<OutcomeCounts>, change: Parameters<typeof runOf>[1] = {}) =>
  shown(present(factsOf('purged', { runs: [runOf(outcomes, change)] })));

describe('“no copy of the plan is in sight”', () => {
  it.each<[Partial<OutcomeCounts>, string]>([
    [
      { removed: 2 },
      'Purged: 2 removed, seen gone. No copy of the plan is in sight: each was seen gone by 20 Nov 08:15 UTC. Owners can still recover what was removed, from Recoverable Items.',
    ],
    [
      { destroyed: 2 },
      'Purged: 2 deleted for good, seen gone. No copy of the plan is in sight: each was seen gone by 20 Nov 08:15 UTC.',
    ],
    [
      { removed: 1, alreadyGone: 1 },
      'Purged: 1 removed, seen gone; 1 already gone. No copy of the plan is in sight: each was seen gone by 20 Nov 08:15 UTC. Owners can still recover what was removed and perhaps what was gone already, from Recoverable Items.',
    ],
    [
      { alreadyGone: 2 },
      'Purged: 2 already gone. No copy of the plan is in sight: each was seen gone by 20 Nov 08:15 UTC. Owners can perhaps still recover what was gone already, from Recoverable Items.',
    ],
  ])('is said of %j, with the time and where the copies are', (outcomes, status) => {
    expect(purged(outcomes).status).toBe(status);
  });

  const GONE: readonly Outcome[] = ['removed', 'destroyed', 'alreadyGone'];
  it.each(OUTCOMES.filter((outcome) => !GONE.includes(outcome)))('is not said where one copy is %s', (outcome) => {
    const view = purged({ removed: 99, [outcome]: 1 });
    expect(view.status).not.toContain('in sight');
    expect(view.status).toContain('99 removed, seen gone');
  });

  it('is not said while a copy is open', () => {
    expect(allSeenGone(runOf({ removed: 2 }, { total: 3, open: 1 }))).toBe(false);
  });
});

describe('trouble', () => {
  it.each(['unreachable', 'noMailbox', 'vanished'] as const)('is what a copy is that is %s', (outcome) => {
    const view = purged({ removed: 1, [outcome]: 1 });
    expect([view.tone, view.status.includes('1 of 2 copies may still be readable'), view.canReopen]).toEqual([
      'bad',
      true,
      true,
    ]);
  });

  it('is not a copy that was put back elsewhere, and it cannot be put back twice', () => {
    const runs = [runOf({ removed: 2 }), runOf({ restored: 1, restoredElsewhere: 1 }, { action: 'restore' })];
    expect([hasTrouble(runs[1]?.outcomes ?? runOf({}).outcomes), restorable(runs)]).toEqual([false, 0]);
  });

  it.each<[Outcome, string]>([
    ['stillThere', 'Still in the mailbox of'],
    ['notAllowed', 'Not allowed into the mailbox of'],
    ['failed', 'Not done, see the record, for'],
    ['movedByUser', 'Moved by its owner, and perhaps still readable:'],
    [
      'unreachable',
      'The mailbox exists and cannot be reached this way (inactive, archived, on-premises, or it only asks to wait):',
    ],
    ['noMailbox', 'The mailbox is not found any more:'],
    ['vanished', 'Gone without us, perhaps into an archive that nobody can look into:'],
    ['restoredElsewhere', 'Put back, but not where it was, because its folder was deleted or somebody moved it:'],
  ])('%s has its own word and the addresses behind it', (outcome, words) => {
    const troubled = [{ outcome, addresses: ['ann@contoso.example', 'bob@contoso.example'], mailboxes: 3 }];
    const [first] = purged({ [outcome]: 3 }, { troubled }).troubles;
    expect(first?.text).toBe(`${words} ann@contoso[.]example, bob@contoso[.]example and 1 more mailbox.`);
    expect(NAMED).toContain(outcome);
  });

  it('in the Inbox for want of another folder is told as that only where Defender may have done it', () => {
    const troubled = [{ outcome: 'restoredElsewhere', addresses: ['ann@contoso.example'], mailboxes: 1 }] as const;
    const plan = planOf({ engine: { first: 'defender', fallback: false } });
    const runs = [runOf({ restoredElsewhere: 1 }, { troubled })];
    const [line] = shown(present(factsOf('purged', { plan, runs }))).troubles;
    expect(line?.text).toContain('somebody moved it, or Defender put it into the Inbox: ann@');
  });

  it('of an earlier run is not told of a list that waits', () => {
    const troubled = [{ outcome: 'stillThere', addresses: ['ann@contoso.example'], mailboxes: 1 }] as const;
    const view = present(factsOf('open', { runs: [runOf({ stillThere: 1 }, { troubled })] }));
    expect([...view.troubles, ...view.warnings].map(({ text }) => text).join()).not.toContain('ann@');
  });
});

describe('before a decision', () => {
  it('Recoverable Items is called out of sight, not out of reach', () => {
    expect(present(factsOf('open')).effect).toBe(
      'Moves 2 copies in 2 mailboxes to Recoverable Items, where owners can still recover them. Can be undone, for 14 days by default.',
    );
    const plan = planOf({ terms: termsOf(2, { contain: termsOf().purge }) });
    const contained = present(factsOf('contained', { plan, runs: [runOf({ removed: 2 }, { action: 'contain' })] }));
    expect(contained.effect).toContain('where owners can still recover them');
  });

  it('somebody without a mailbox that can be reached is there all the same', () => {
    const plan = planOf({ unreachable: ['ann@contoso.example'], missing: ['bob@contoso.example'] });
    const warned = present(factsOf('open', { plan })).warnings.map(({ text }) => text);
    expect(warned).toContain('1 mailbox not looked into: in the directory, but not reachable this way');
    const none = present(factsOf('open', { plan: { ...plan, copies: [] } }));
    expect(none.status).toContain('1 mailbox could not be looked into');
  });
});

describe('what can be put back', () => {
  const removed = runOf({ removed: 3 });
  const late = (outcomes: Partial<OutcomeCounts>, action: 'purge' | 'restore') =>
    runOf(outcomes, { action, cause: 'late' });
  it.each<[string, Parameters<typeof restorable>[0], number]>([
    ['is what was removed', [removed, runOf({ removed: 2 }, { action: 'contain' })], 5],
    ['is not what was flagged', [removed, runOf({ removed: 2 }, { action: 'flag' })], 3],
    [
      'is less by what was put back, wherever',
      [removed, runOf({ restored: 1, restoredElsewhere: 1, failed: 1 }, { action: 'restore' })],
      1,
    ],
    ['is not more for what was removed once more', [removed, late({ removed: 2 }, 'purge')], 3],
    [
      'is less by what was back and could not be removed once more',
      [removed, late({ removed: 1, stillThere: 1 }, 'purge')],
      2,
    ],
    [
      'is not less for what was put back once more',
      [removed, runOf({ restored: 3 }, { action: 'restore' }), late({ restored: 1 }, 'restore')],
      0,
    ],
    [
      'is more by what could not be put back once more',
      [
        removed,
        runOf({ restored: 3 }, { action: 'restore' }),
        late({ restored: 1, stillThere: 1, failed: 1 }, 'restore'),
      ],
      2,
    ],
  ])('%s', (_what, runs, copies) => {
    expect(restorable(runs)).toBe(copies);
  });
});

describe('what came back since the last run', () => {
  const early = runOf({ removed: 1 }, { startedAt: '2026-11-20T08:00:00.000Z' });
  const last = runOf({ removed: 1 }, { id: 'run-2', startedAt: '2026-11-20T08:30:00.000Z' });
  const between = '2026-11-20T08:20:00.000Z';
  const leftBack = (at: string) => ({ ...NO_LATE, leftBack: [{ address: 'ann@contoso.example', at }] });

  it('by a late request is counted from its start on, and what that run took again is not', () => {
    const runs = [early, early, last];
    const counts = [between, last.startedAt].map((at) => leftBackSince({ runs, late: leftBack(at) }));
    expect([...counts, leftBackSince({ runs: [], late: leftBack(between) })]).toEqual([0, 1, 0]);
  });
});
