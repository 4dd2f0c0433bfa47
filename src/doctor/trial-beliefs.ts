/** What Clawback holds to be true about Microsoft 365 and cannot know before it has met a tenant. */

type Verdict = 'confirmed' | 'not so' | 'not tried';

export interface Judged {
  readonly belief: BeliefId;
  readonly verdict: Verdict;
  /** What was seen, or why nothing was. Names neither people nor mail. */
  readonly seen: string;
}

/** In the order in which they are told. */
export const BELIEFS = {
  'batch-patterns':
    'a batch in which only some requests wait for others is refused whole; the other patterns are taken',
  'batch-waits': '20 reads of one mailbox in one batch wait for each other: none draws 429',
  'mailbox-limit': 'two such batches at once are too much for one mailbox: some draw 429',
  'app-limit': 'the limit of 4 at a time is per mailbox, and not over all of them',
  'no-draft': 'a mail that is put in with message flags is not a draft',
  'message-id': 'Graph keeps the Message-ID that a mail comes with',
  'found-at-once': 'a mail is found by its Message-ID at once',
  'flag-dates': 'writing the status of a flag alone drops its dates',
  'id-kept': 'a mail keeps its immutable id when it is moved',
  undo: 'a mail that was marked and moved can be put back as it was',
  'out-of-deletions': 'a mail can be moved out of Recoverable Items (Deletions) again',
  'folder-kept': 'a deleted folder lies below Deleted Items and keeps its id',
  'delete-refused': 'a hard delete of what is in Recoverable Items (Deletions) already is refused',
  purges: 'a hard delete moves a mail to Purges',
  'id-answers': 'a hard-deleted mail still answers by its id',
  hunting: 'a mail shows in advanced hunting within 15 minutes of its delivery',
  'group-pages': 'the members of a group can be asked for in pages of 999',
  'hunting-refusals': 'advanced hunting answers 400 to what is too long, and 403 without a licence',
  'mailbox-away': 'a mailbox can be away in two ways, in turns',
  'mailbox-stale': 'one mailbox can answer 503 for a long time',
  archive: 'an in-place archive cannot be reached',
  'group-mail': 'mail to a Microsoft 365 group is not in a mailbox',
  'hidden-members': 'hidden members of a group are left out without an error',
  'directory-names': 'the sender of mail from inside can be a name of the directory',
  'risk-limit': 'Identity Protection takes one question a second',
  'id-twice': 'one Message-ID can be several times in a mailbox',
  quota: 'a full quota of Recoverable Items makes moves and deletes fail',
  'late-access': 'access takes effect late, and can be taken away at once',
} as const;
export type BeliefId = keyof typeof BELIEFS;

/** What one mailbox and one mail cannot show. */
export const NEVER_TRIED: Readonly<Partial<Record<BeliefId, string>>> = {
  'app-limit': 'it would take a second mailbox',
  'hunting-refusals': 'it would take a very large answer, or a tenant without a licence',
  'mailbox-away': 'it would take a mailbox that goes away',
  'mailbox-stale': 'it would take a mailbox that is in trouble',
  archive: 'it would take an archive; the trial moves its mail nowhere near one',
  'group-mail': 'it would take a mail to a group of people',
  'hidden-members': 'it would take a group with hidden members',
  'directory-names': 'it would take a mail from inside',
  'risk-limit': 'it would slow down everybody who asks',
  'id-twice': 'the trial puts in one mail',
  quota: 'it would take a full mailbox',
  'late-access': 'it would take a change of permissions, and hours',
};

export const BELIEF_IDS = Object.keys(BELIEFS) as readonly BeliefId[];
