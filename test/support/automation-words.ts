import type { AutomationFacts } from '../../src/core/tell/answer-automation.ts';
import type { Case } from './refusal-words.ts';

/** What somebody is told who wants back what automation took out. */
export const PUT_BACK: { readonly [Code in keyof AutomationFacts]: readonly Case<Code>[] } = {
  'may-not-put-back': [
    [
      { roles: [] },
      'The policy lets nobody put back what automation took out: no rule of it allows \u201crelease\u201d. Nothing was done.',
    ],
    [
      { roles: ['analyst', 'lead'] },
      'Your roles may not ask for that: it takes one of analyst, lead. Nothing was done, and that you asked is recorded.',
    ],
  ],
  'put-back-changed': [
    [
      { cluster: 'AU-20261201/1' },
      'What is stored of AU-20261201/1 is not what the record says of it: nothing is put back from it. Tell whoever runs Clawback.',
    ],
  ],
  'put-back-forgotten': [
    [
      { cluster: 'AU-20261201/1' },
      'Nothing is kept of AU-20261201/1 any more: such lists are kept for 37 days. Nothing was put back. If it is younger, tell whoever runs Clawback.',
    ],
  ],
  'put-back-nothing': [
    [
      { cluster: 'AU-20261201/1' },
      'Nothing of AU-20261201/1 lies where a mailbox could give it back. What is in quarantine is released in Defender.',
    ],
  ],
  'put-back-opened': [
    [
      { cluster: 'AU-20261201/1', incident: 'CB-1', copies: 2, known: true },
      'AU-20261201/1 is CB-1 already. Its card says how it stands.',
    ],
    [
      { cluster: 'AU-20261201/1', incident: 'CB-1', copies: 1, known: false },
      [
        'CB-1 is made of AU-20261201/1: 1 copy of that list, and nothing else.',
        'You asked for it, so you do not decide about it. Its card comes in a moment.',
      ],
    ],
  ],
  'put-back-not-taken': [
    [{ cluster: 'AU-20261201/1' }, 'Nobody here can tell who you are, so AU-20261201/1 stays as it is.'],
  ],
};
