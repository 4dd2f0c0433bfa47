import { describe, expect, it } from 'vitest';
import { allSeenGone, hasTrouble, restorable } from '../../src/core/case.ts';
import { OUTCOMES, type Outcome, type OutcomeCounts } from '../../src/core/outcome.ts';
import { present } from '../../src/core/present.ts';
import { NAMED } from '../../src/core/remarks.ts';
import { factsOf, planOf, runOf, termsOf } from '../support/cases.ts';

/** What a card may promise after a purge, and what it must not. */

const purged = (outcomes: Partial<OutcomeCounts>, change: Parameters<typeof runOf>[1] = {}) =>
  present(factsOf('purged', { runs: [runOf(outcomes, change)] }));

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
      'Purged: 1 removed, seen gone; 1 already gone. No copy of the plan is in sight: each was seen gone by 20 Nov 08:15 UTC. Owners can still recover what was removed, from Recoverable Items.',
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
    ['unreachable', 'The mailbox exists and cannot be reached this way (inactive, archived or on-premises):'],
    ['noMailbox', 'The mailbox is not found any more:'],
    ['vanished', 'Gone without us, perhaps into an archive that nobody can look into:'],
    ['restoredElsewhere', 'Put back, but not where it was, because its folder was deleted or somebody moved it:'],
  ])('%s has its own word and the addresses behind it', (outcome, words) => {
    const troubled = [{ outcome, addresses: ['ann@contoso.example', 'bob@contoso.example'], mailboxes: 3 }];
    const [first] = purged({ [outcome]: 3 }, { troubled }).warnings;
    expect(first?.text).toBe(`${words} ann@contoso[.]example, bob@contoso[.]example and 1 more mailbox.`);
    expect(NAMED).toContain(outcome);
  });

  it('of an earlier run is not told of a list that waits', () => {
    const troubled = [{ outcome: 'stillThere', addresses: ['ann@contoso.example'], mailboxes: 1 }] as const;
    const view = present(factsOf('open', { runs: [runOf({ stillThere: 1 }, { troubled })] }));
    expect(view.warnings.map(({ text }) => text).join()).not.toContain('ann@');
  });
});

describe('before a decision', () => {
  it('Recoverable Items is called out of sight, not out of reach', () => {
    expect(present(factsOf('open')).proposal).toBe(
      'Move 2 copies to Recoverable Items, out of sight of 2 people, who can still recover them there. Can be undone, for 14 days by default.',
    );
    const plan = planOf({ terms: termsOf(2, { contain: termsOf().purge }) });
    const contained = present(factsOf('contained', { plan, runs: [runOf({ removed: 2 }, { action: 'contain' })] }));
    expect(contained.proposal).toContain('where their owners can still recover them');
  });

  it('somebody without a mailbox that can be reached is there all the same', () => {
    const plan = planOf({ unreachable: ['ann@contoso.example'], missing: ['bob@contoso.example'] });
    const warned = present(factsOf('open', { plan })).warnings.map(({ text }) => text);
    expect(warned).toContain('1 mailbox not looked into: in the directory, but not reachable this way');
    const none = present(factsOf('open', { plan: { ...plan, copies: [] } }));
    expect(none.status).toContain('1 mailbox could not be looked into');
  });
});
