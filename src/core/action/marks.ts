/** What people put on a mail without changing it, and what is needed to have it as it was. */

/** As the service writes it, in the zone that it names. */
interface FlagDate {
  readonly dateTime: string;
  readonly timeZone: string;
}

export interface FlagDates {
  readonly start?: FlagDate;
  readonly due?: FlagDate;
  readonly completed?: FlagDate;
}

export interface Marks {
  readonly isRead: boolean;
  readonly flag: string;
  /** Null: the flag has none. Left out: nobody looked, as in images from before dates were kept. */
  readonly flagDates?: FlagDates | null;
  readonly categories: readonly string[];
}

/** Only what has to be set; a flag goes with its dates, because to set one alone may lose the other. */
export interface MarkChange {
  readonly isRead?: boolean;
  readonly flag?: { readonly status: string; readonly dates?: FlagDates | null };
  readonly categories?: readonly string[];
}

/** What makes `seen` as `wanted`; null where nothing differs, so that nothing is written. */
export function markChange(wanted: Marks, seen: Marks): MarkChange | null {
  const { isRead, flag, flagDates, categories } = wanted;
  const change: MarkChange = {
    ...(isRead === seen.isRead ? {} : { isRead }),
    ...(sameFlag(wanted, seen)
      ? {}
      : { flag: { status: flag, ...(flagDates === undefined ? {} : { dates: flagDates }) } }),
    ...(sorted(categories) === sorted(seen.categories) ? {} : { categories }),
  };
  return Object.keys(change).length === 0 ? null : change;
}

/** What of a mail was changed since it was moved, in the words of a list. */
type Kept = 'read state' | 'flag' | 'categories';

/**
 * The marks that an undo has to see on a copy: those from before, but for what somebody has changed since, which is left.
 * `asPut`: as they were seen after the removal, where the move itself had changed them.
 */
export function marksBack(
  before: Marks & { readonly asPut?: Marks },
  seen: Marks,
): { readonly wanted: Marks; readonly kept: readonly Kept[] } {
  const { asPut = before } = before;
  const isRead = seen.isRead === before.isRead || seen.isRead === asPut.isRead;
  const flag = sameFlag(before, seen) || sameFlag(asPut, seen);
  const categories = [before, asPut].some((one) => sorted(one.categories) === sorted(seen.categories));
  const flagOf = ({ flag, flagDates }: Marks) => (flagDates === undefined ? { flag } : { flag, flagDates });
  return {
    wanted: {
      isRead: (isRead ? before : seen).isRead,
      ...flagOf(flag ? before : seen),
      categories: (categories ? before : seen).categories,
    },
    kept: [
      ...(isRead ? [] : (['read state'] as const)),
      ...(flag ? [] : (['flag'] as const)),
      ...(categories ? [] : (['categories'] as const)),
    ],
  };
}

const sorted = (categories: readonly string[]) => [...categories].sort().join('\u0000');

function sameFlag(wanted: Marks, seen: Marks): boolean {
  if (wanted.flag !== seen.flag) return false;
  if (wanted.flagDates === undefined || seen.flagDates === undefined) return true;
  const [a, b] = [wanted.flagDates ?? {}, seen.flagDates ?? {}];
  // A due date is only taken together with a start: where there was none, the one that had to be written is no difference.
  const starts = a.start === undefined && a.due !== undefined ? true : sameDate(a.start, b.start);
  return starts && sameDate(a.due, b.due) && sameDate(a.completed, b.completed);
}

/** Whole seconds: the service pads fractions as it likes. */
function sameDate(a: FlagDate | undefined, b: FlagDate | undefined): boolean {
  return a?.dateTime.slice(0, 19) === b?.dateTime.slice(0, 19) && a?.timeZone === b?.timeZone;
}
