import type { ListedMeasure, MeasureList } from '../../core/find/measure-list.ts';
import type { MeasureOutcome } from '../../core/measure/outcome.ts';
import type { Errand } from '../../core/record/measures.ts';
import { clip } from '../../core/text.ts';
import type { Note } from '../record/record.ts';

/** What became of one measure, as it is written down. */

const LONGEST_NOTE = 300;

export interface Ended {
  readonly errand: Errand;
  readonly outcome: MeasureOutcome;
  /** Digest of what was seen afterwards; null where nothing was, or it is gone. */
  readonly after: string | null;
  /** What a service said, or why; empty for nothing. */
  readonly note: string;
  readonly requestId: string | null;
}

export function outcomeNote(
  { id, incident }: Pick<MeasureList, 'id' | 'incident'>,
  { n, kind, address }: Pick<ListedMeasure, 'n' | 'kind' | 'address'>,
  { errand, outcome, after, note, requestId }: Ended,
): Note {
  const detail = { list: id, item: n, kind, errand, address, after, note: clip(note, LONGEST_NOTE) };
  return { type: 'measure.outcome', incident, outcome, requestId, detail };
}
