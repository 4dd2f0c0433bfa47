import type { MeasureAnswers } from '../../src/core/tell/answer-measures.ts';
import type { Case } from './refusal-words.ts';

const nobody = { lost: [], unsure: [] };
const HOW =
  'Say “contain CB-… disable-account ann@contoso.example because …”: the incident, what is wanted, who is meant, and why.';
const NOTHING = 'Nothing was asked for.';

/** What somebody is told who asks for measures, or decides about them. */
export const MEASURED: { readonly [Code in keyof MeasureAnswers]: readonly Case<Code>[] } = {
  'measures-not-understood': [
    [{ problem: { is: 'incident' } }, [`Which incident? ${HOW}`, NOTHING]],
    [{ problem: { is: 'reason' } }, [`Why? ${HOW}`, NOTHING]],
    [{ problem: { is: 'nobody' } }, [`What is wanted, and who is meant? ${HOW}`, NOTHING]],
    [
      { problem: { is: 'not-meant' } },
      ['The policy means that playbook for other mails: name the measures one by one.', NOTHING],
    ],
    [{ problem: { is: 'too-many' } }, ['That is more people than one list holds: ask for fewer at once.', NOTHING]],
    [
      { problem: { is: 'word', word: 'explode' } },
      [
        '“explode” is none that I know.',
        'Measures are rule-off, revoke-sessions, disable-account, mark-compromised, revoke-grant, remove-event, take-sent-copy, “found” for what was found, “sent-inside” for mail that one account sent to people inside, and the playbooks of the policy.',
        NOTHING,
      ],
    ],
  ],
  'measures-no-incident': [[{ asked: 'CB-9' }, 'I know no incident “CB-9”. Nothing was asked for.']],
  'measures-stranger': [
    [
      { incident: 'CB-1', address: 'eve@contoso.example' },
      'eve@contoso[.]example has nothing to do with CB-1 as far as it is known: nothing is done to people beside an incident. That you asked is recorded.',
    ],
  ],
  'measures-not-inside': [
    [
      { address: 'eve@fabrikam.example' },
      'eve@fabrikam[.]example is not the address of exactly one person of this tenant: nobody sends mail inside under it. Nothing was looked for.',
    ],
  ],
  'measures-wanted': [
    [
      { list: 'CM-1', incident: 'CB-1' },
      [
        'CM-1 is made for CB-1: who is meant and what may be done is looked up, and its card comes in a moment.',
        'You asked for it, so you do not decide about it.',
      ],
    ],
  ],
  'measures-counted': [
    [{ list: 'CM-1', of: 'apply', counted: 1, needed: 2, others: nobody }, 'Counted for CM-1: 1 of 2.'],
  ],
  'measures-begun': [
    [
      { list: 'CM-1', of: 'apply', measures: 2, mode: 'dry-run' },
      [
        'CM-1: 2 measures begun: each is looked at, done, and looked at again. The card shows what was seen.',
        'This is a dry run: nothing is changed.',
      ],
    ],
    [{ list: 'CM-1', of: 'decline', measures: 2, mode: 'live' }, 'CM-1: Declined: nothing of it is done.'],
    [
      { list: 'CM-1', of: 'cancel', measures: 1, mode: 'live' },
      'CM-1: Ended: 1 measure left alone. What was begun already is looked after to its end.',
    ],
    [
      { list: 'CM-1', of: 'back 2', measures: 1, mode: 'live' },
      'CM-1: 1 measure being put back, unless somebody has changed it since. The card shows what was seen.',
    ],
  ],
};
