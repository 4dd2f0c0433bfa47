import type { FlagFacts } from '../../src/core/tell/answer-flag.ts';
import type { Case } from './refusal-words.ts';

const AT = '2026-11-20T08:00:00.000Z';
const dueAt = '2026-11-23T08:00:00.000Z';
const flag = 'CF-1';
const address = 'ann@contoso.example';
const seen = (findings: number) => ({ is: 'seen', findings, unlooked: [], at: AT }) as const;
const unseen = (is: 'not licensed' | 'not configured') => ({ is, findings: 0, unlooked: [], at: AT }) as const;
const blind = {
  ...unseen('not licensed'),
  is: 'seen in part',
  unlooked: [{ source: 'sign-ins', why: 'not licensed' }],
} as const;
const nobody = { lost: [], unsure: [] };
const HELD =
  'Its date was moved as often as the policy lets it be, so it stays, and those who are asked when it is overdue are told.';
const others = { lost: [{ name: 'Dana', why: 'deactivated' }], unsure: [] } as const;

/** What somebody is told who looks after flagged mailboxes. */
export const FLAGGED: { readonly [Code in keyof FlagFacts]: readonly Case<Code>[] } = {
  'flag-raised': [
    [
      { flag, address, dueAt },
      'CF-1: the mailbox of ann@contoso[.]example is flagged, until 23 Nov 08:00 UTC. Nothing in it was changed.',
    ],
  ],
  'flag-raised-again': [
    [
      { flag, address, dueAt, held: false },
      'The mailbox of ann@contoso[.]example was flagged already: your reason is added to CF-1, which is due 23 Nov 08:00 UTC now.',
    ],
    [
      { flag, address, dueAt, held: true },
      [
        'The mailbox of ann@contoso[.]example was flagged already: your reason is added to CF-1, which stays due 23 Nov 08:00 UTC.',
        HELD,
      ],
    ],
  ],
  'flag-taken': [[{ flag, dueAt }, 'You look after CF-1 now. It is due 23 Nov 08:00 UTC.']],
  'flag-contained': [
    [
      { flag, by: 'Omar', seen: true, open: [] },
      'CF-1 is contained: what was done about it was seen to be done. It stays open until it is cleared.',
    ],
    [
      {
        ...{ flag, by: 'Omar', seen: false },
        open: [
          { kind: 'asked', count: 1 },
          { kind: 'by-hand', count: 2 },
        ],
      },
      [
        'CF-1 is called contained by Omar, not seen. Still open: 1 measure waits for people, 2 lines by hand were not seen to be run.',
        'It is looked at again by itself, and called contained once that is seen. It stays open until it is cleared.',
      ],
    ],
  ],
  'flag-cleared': [
    [{ flag, before: seen(3), after: seen(0) }, 'CF-1 is cleared: findings before 3, after 0.'],
    [
      { flag, before: null, after: unseen('not configured') },
      'CF-1 is cleared: findings after not known (no look is set up).',
    ],
  ],
  'flag-clear-counted': [
    [
      { flag, look: seen(2), counted: 1, needed: 2, others: nobody },
      [
        'Your word counts for CF-1: 1 of 2. It is not cleared yet; somebody else has to agree.',
        'Findings that are seen now: 2.',
      ],
    ],
    [
      { flag, look: unseen('not licensed'), counted: 1, needed: 2, others },
      [
        'Your word counts for CF-1: 1 of 2. It is not cleared yet; somebody else has to agree.',
        'Whether there are findings now is not known (not licensed).',
        'The vote of Dana does not count any more: the account is deactivated.',
      ],
    ],
  ],
  'flag-reopened': [
    [{ flag, dueAt, held: false }, 'CF-1 is open again, until 23 Nov 08:00 UTC.'],
    [{ flag, dueAt, held: true }, ['CF-1 is open again, until 23 Nov 08:00 UTC.', HELD]],
  ],
  'flag-refused': [
    [{ flag, why: 'own-mailbox' }, 'CF-1: it is your own mailbox, so others decide about it. Nothing was done.'],
    [{ flag, why: 'no-role' }, 'CF-1: your roles are not asked for this. Nothing was done.'],
    [{ flag, why: 'is-yours' }, 'CF-1: you look after it already.'],
    [{ flag, why: 'not-yours' }, 'CF-1: whoever looks after it says so. Take it first.'],
    [{ flag, why: 'not-now' }, 'CF-1: there is nothing of this kind to do as it stands. Look again.'],
    [
      { flag, why: 'not-clean' },
      'CF-1: findings are still seen, or cannot be seen yet, and the policy clears nothing then. It is not cleared.',
    ],
    [
      { flag, why: 'not-looked', look: blind },
      [
        'CF-1: something cannot be looked at here, and the policy clears nothing then. It is not cleared.',
        'Findings that are seen now: not known (not looked at: sign-ins, not licensed).',
      ],
    ],
  ],
  'flag-changed': [
    [
      { flag },
      'Somebody did something about CF-1 since this was shown: look again before you decide. Nothing was done.',
    ],
  ],
  'flag-differs': [
    [
      { flag },
      'What is stored of CF-1 differs from the record, so nothing is done with it. clawback audit verify says more.',
    ],
  ],
  'flag-not-known': [[{ asked: 'CF-9' }, 'I know no flag \u201cCF-9\u201d.']],
  'flags-not-shown': [
    [{ roles: ['analyst', 'lead'] }, 'Flagged mailboxes are shown to analyst, lead: flags in policy.yaml says who.'],
  ],
  'flag-not-by-hand': [
    [
      { roles: [] },
      'The policy lets nobody flag a mailbox by hand: flags.raise in policy.yaml. The action flag of an incident does.',
    ],
    [{ roles: ['lead'] }, 'Mailboxes are flagged by hand by lead. Nothing was done.'],
  ],
  'flag-names-nobody': [
    [
      { address: 'x@y.example' },
      '\u201cx@y[.]example\u201d is not the address of exactly one person of this tenant. Nothing was flagged.',
    ],
  ],
  'flag-how': [[{}, 'Say: flag <address> <reason>. The reason goes into the record.']],
};
