import { z } from 'zod';
import type { DayOfReports } from '../../../core/find/silence.ts';
import { documentOf } from './document.ts';

/** `source_cursor.days`: how many reports came on which days. */
export const daysOfReportsDocument = documentOf<readonly DayOfReports[]>(
  'days of a source',
  z.array(z.strictObject({ day: z.int(), reports: z.int().min(0) })).max(400),
);
