import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../src/core/ask/policy.ts';
import { termsOf, termsWords } from '../../src/core/ask/rule.ts';
import { circumstancesOf } from '../support/cases.ts';

describe('without a file', () => {
  const policy = defaultPolicy();
  it.each([
    ['purge', 5, '1 \u00d7 approver within 60 minutes'],
    ['purge', 6, '2 \u00d7 approver within 60 minutes'],
    ['undo', 6, '2 \u00d7 approver within 60 minutes'],
    ['flag', 900, '1 \u00d7 approver within 60 minutes'],
    ['hard-purge', 1, 'refused: no rule of the policy allows hard-purge here'],
    ['contain', 1, 'refused: no rule of the policy allows contain here'],
  ] as const)('%s of %i mailboxes', (action, mailboxes, words) => {
    expect(termsWords(termsOf(policy, circumstancesOf({ action, mailboxes })))).toBe(words);
  });
  it('a thousand mailboxes an hour', () => {
    expect(policy.caps.tenant).toEqual({ mailboxesPerHour: 1_000 });
  });
});
