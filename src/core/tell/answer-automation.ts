import { count, inertOr } from '../text.ts';
import type { Words } from './coded.ts';

/** What somebody is told who wants back what automation took out. */

export interface AutomationFacts {
  /** `roles`: those that may. */
  readonly 'may-not-put-back': { readonly roles: readonly string[] };
  /** What is stored of the list is not what was written down. */
  readonly 'put-back-changed': { readonly cluster: string };
  /** Nothing is stored of the list: its time is over, as hunting's is. */
  readonly 'put-back-forgotten': { readonly cluster: string };
  /** Nothing of it lies where it could be put back from. */
  readonly 'put-back-nothing': { readonly cluster: string };
  readonly 'put-back-opened': {
    readonly cluster: string;
    readonly incident: string;
    readonly copies: number;
    readonly known: boolean;
  };
  /** Who pressed is nobody who is answered; the reason is in the record. */
  readonly 'put-back-not-taken': { readonly cluster: string };
}

const named = (cluster: string) => inertOr(cluster, 'that cluster', 40);

export const AUTOMATION_WORDS: Words<AutomationFacts> = {
  'may-not-put-back': ({ roles }) => [
    roles.length === 0
      ? 'The policy lets nobody put back what automation took out: no rule of it allows \u201crelease\u201d. Nothing was done.'
      : `Your roles may not ask for that: it takes one of ${roles.join(', ')}. Nothing was done, and that you asked is recorded.`,
  ],
  'put-back-changed': ({ cluster }) => [
    `What is stored of ${named(cluster)} is not what the record says of it: nothing is put back from it. Tell whoever runs Clawback.`,
  ],
  'put-back-forgotten': ({ cluster }) => [
    `Nothing is kept of ${named(cluster)} any more: such lists are kept for 37 days. Nothing was put back. If it is younger, tell whoever runs Clawback.`,
  ],
  'put-back-nothing': ({ cluster }) => [
    `Nothing of ${named(cluster)} lies where a mailbox could give it back. What is in quarantine is released in Defender.`,
  ],
  'put-back-opened': ({ cluster, incident, copies, known }) =>
    known
      ? [`${named(cluster)} is ${incident} already. Its card says how it stands.`]
      : [
          `${incident} is made of ${named(cluster)}: ${count(copies, 'copy', 'copies')} of that list, and nothing else.`,
          'You asked for it, so you do not decide about it. Its card comes in a moment.',
        ],
  'put-back-not-taken': ({ cluster }) => [`Nobody here can tell who you are, so ${named(cluster)} stays as it is.`],
};
