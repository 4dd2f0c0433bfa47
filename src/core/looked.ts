import { type Finder, type FinderStatus, finderLines, troubleWith } from './finder.ts';
import type { Recorded } from './ledger.ts';
import { count, inertOr, shortTime } from './text.ts';

/** Looking again after the plan: what tracking shows late, and mailboxes that gave no clear answer. */

/** `trouble`: sooner, because something gave no answer. `lag`: at the times that are set, whatever there was. */
export type LookReason = 'lag' | 'trouble';

/** What the newest look saw. A look is told from the record, where it was written down. */
export interface Looked {
  /** ISO time. */
  readonly at: string;
  readonly finder: Finder;
  /** Copies that no list held. */
  readonly grown: number;
  /** Mailboxes that gave no clear answer, and the first of them. */
  readonly failed: number;
  readonly failedFirst: string | null;
  /** Copies that were removed and are back in their mailbox without us, and the first mailbox. */
  readonly recovered: number;
  readonly recoveredFirst: string | null;
  /** Whether what gave no answer is asked once more before the next set time. */
  readonly again: boolean;
}

type Detail = Recorded['detail'];

export function lookedDetail(looked: Looked): Detail {
  const { finder, grown, failed, failedFirst, recovered, recoveredFirst, again } = looked;
  return {
    again,
    finder: finder.status,
    named: finder.found,
    cutOff: finder.cutOff,
    why: finder.detail,
    grown,
    failed,
    failedFirst,
    recovered,
    recoveredFirst,
  };
}

/** Null for entries of other kinds. */
export function lookedIn({ type, at, detail }: Pick<Recorded, 'type' | 'at' | 'detail'>): Looked | null {
  if (type !== 'scope.looked') return null;
  const number = (field: string) => Number(detail[field] ?? 0);
  const text = (field: string) => (typeof detail[field] === 'string' ? detail[field] : null);
  return {
    at,
    finder: {
      name: 'hunting',
      status: (text('finder') ?? 'silent') as FinderStatus,
      found: number('named'),
      cutOff: detail['cutOff'] === true,
      asOf: at,
      detail: text('why') ?? '',
    },
    grown: number('grown'),
    failed: number('failed'),
    failedFirst: text('failedFirst'),
    recovered: number('recovered'),
    recoveredFirst: text('recoveredFirst'),
    again: detail['again'] === true,
  };
}

/** For the card, in place of what the plan says of the same. */
export function lookedLines(looked: Looked, delivered: boolean): readonly string[] {
  const { at, finder, failed, failedFirst, recovered, recoveredFirst } = looked;
  const when = shortTime(at);
  return [
    ...finderLines([finder], delivered, looked.again),
    ...(recovered > 0
      ? [
          `${count(recovered, 'removed copy is', 'removed copies are')} back in a mailbox, ${inertOr(recoveredFirst, 'unnamed', 80)} first, seen ${when}: recovered by its owner or somebody else, not by an undo from here. Left alone.`,
        ]
      : []),
    ...(failed > 0
      ? [
          `${count(failed, 'mailbox', 'mailboxes')} gave no clear answer when looked into again, ${inertOr(failedFirst, 'unnamed', 80)} first, ${when}: whether there is a copy is not known.`,
        ]
      : []),
    // Only where tracking answered was anything looked through.
    ...(looked.grown === 0 && failed === 0 && isAnswered(finder, delivered)
      ? [`Looked again ${when}: no further copy.`]
      : []),
  ];
}

function isAnswered(finder: Finder, delivered: boolean): boolean {
  return finder.status === 'answered' && troubleWith(finder, delivered) === null;
}

const MINUTE_MS = 60_000;
/** Then the looks at set times go on with it. */
const MOST_TROUBLE_LOOKS = 5;

/** How long until something is asked once more that gave no answer; null when it was asked often enough. */
export function troubleWaitMs(nth: number, waitMs: number | null): number | null {
  if (nth >= MOST_TROUBLE_LOOKS) return null;
  const own = 2 ** nth * MINUTE_MS;
  return waitMs !== null && waitMs > own ? waitMs : own;
}

/** Whether something of it gave no answer that may be had later. */
export function leavesTrouble({ finder, failed }: Pick<Looked, 'finder' | 'failed'>): boolean {
  return failed > 0 || finder.status === 'busy' || finder.status === 'silent';
}

/** Whether people would want to hear of it. */
export function isNews(now: Looked, before: Pick<Looked, 'finder' | 'failed' | 'recovered'>): boolean {
  return (
    now.grown > 0 ||
    now.recovered !== before.recovered ||
    now.failed !== before.failed ||
    now.finder.status !== before.finder.status ||
    now.finder.found !== before.finder.found
  );
}
