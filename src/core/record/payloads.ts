import type { z } from 'zod';
import { ACTING } from './payload-act.ts';
import { AUTOMATING } from './payload-automation.ts';
import { CAMPAIGN } from './payload-campaign.ts';
import { DECIDING } from './payload-decide.ts';
import { EVIDENCE } from './payload-evidence.ts';
import { FINDING } from './payload-find.ts';
import { FLAGGING } from './payload-flag.ts';
import { INQUIRING } from './payload-inquiry.ts';
import { LOOKING_AT_PEOPLE } from './payload-look.ts';
import { MEASURING } from './payload-measure.ts';
import { PEOPLE } from './payload-people.ts';
import { READING } from './payload-read.ts';
import { REPORTING } from './payload-report.ts';
import { SERVICE } from './payload-service.ts';
import { SOURCE } from './payload-source.ts';

/**
 * What each type of entry holds: the one definition of what is written and of what is taken for it when it is read back. A
 * new type is a line in one of these, and then the compiler names who has to know it: who tells it, and who reads it from
 * before there were payloads.
 */
export const PAYLOADS = {
  ...FINDING,
  ...DECIDING,
  ...CAMPAIGN,
  ...ACTING,
  ...PEOPLE,
  ...READING,
  ...INQUIRING,
  ...MEASURING,
  ...FLAGGING,
  ...AUTOMATING,
  ...REPORTING,
  ...EVIDENCE,
  ...LOOKING_AT_PEOPLE,
  ...SOURCE,
  ...SERVICE,
} as const satisfies Readonly<Record<string, z.ZodObject>>;

export type EntryType = keyof typeof PAYLOADS;
export type DetailOf<T extends EntryType> = Readonly<z.infer<(typeof PAYLOADS)[T]>>;

export function isEntryType(type: unknown): type is EntryType {
  return typeof type === 'string' && Object.hasOwn(PAYLOADS, type);
}
