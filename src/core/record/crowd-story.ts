import { number, shortTime } from '../text.ts';
import type { Read } from './codec.ts';
import type { Recorded } from './ledger.ts';
import { tellRead } from './ledger-story.ts';
import type { EntryType } from './payloads.ts';

/** The record as lines of text, with what there is thousands of told together. */

/** Up to so many entries about single copies in a row are told one by one. */
const TOLD_SINGLY = 12;

/** Entries of which a purge has thousands; the ledger keeps each, the story tells them together. */
const CROWDS: Readonly<Partial<Record<EntryType, string>>> = {
  'mailbox.read': 'looked into mailboxes',
  'search.kept': 'looked into many mailboxes, in parts',
  'inquiry.heard': 'answers to parts of searches',
  'copy.intent': 'about to act on copies',
  'copy.untried': 'not done to copies',
  'copy.outcome': 'seen of copies',
  'copy.late': 'came late for copies',
  'copy.beside': 'more beside copies',
  'copy.recovered': 'where copies are that were gone',
  'mailbox.flagged': 'mailboxes flagged',
  'flag.raised': 'mailboxes for people to look after',
  'flag.looked': 'looked at the findings about mailboxes',
  'flag.called': 'about to tell people of flagged mailboxes',
  'flag.told': 'told of flagged mailboxes',
};

export function isToldTogether(type: EntryType): boolean {
  return CROWDS[type] !== undefined;
}

/** One line for one entry, also where it cannot be read. */
export function lineOf(seq: number, read: Read): string {
  const at = read.is === 'read' ? read.entry.at : read.is === 'newer' ? read.unread.at : '';
  return `${String(seq).padStart(6)}  ${at === '' ? 'at no time' : shortTime(at)}  ${tellRead(read)}`;
}

const tellOne = (entry: Recorded) => lineOf(entry.seq, { is: 'read', entry });

/** Entries in a row of which each is told together with others of its kind: few of them one by one. */
export function tellCrowd(crowd: readonly Recorded[]): string[] {
  if (crowd.length <= TOLD_SINGLY) return crowd.map(tellOne);
  return Object.entries(CROWDS).flatMap(([type, words]) => {
    const members = crowd.filter((entry) => entry.type === type);
    const first = members[0];
    if (!first) return [];
    const kinds = new Map<string, number>();
    for (const { outcome } of members) kinds.set(outcome ?? '', (kinds.get(outcome ?? '') ?? 0) + 1);
    const told = [...kinds].map(([kind, n]) => `${number(n)} ${kind}`.trim()).join(', ');
    return [`${String(first.seq).padStart(6)}  ${shortTime(first.at)}  ${words}: ${told}`];
  });
}
