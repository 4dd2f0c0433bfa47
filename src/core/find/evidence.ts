import { z } from 'zod';
import { cut, isGiven, isRecord, type Notes, noteUnknown, own, readList } from './reading.ts';

/** What a detector knows of a mail beside what it is called: for people to weigh. No rule of the policy reads it. */

const CHECKS = ['pass', 'fail', 'softfail', 'neutral', 'none', 'temperror', 'permerror'] as const;
const MOST_FILES = 100;
const MOST_CLICKS = 1_000_000;
const LONGEST_NAME = 200;
const LONGEST_TYPE = 100;

const check = () => z.enum(CHECKS).nullable().default(null);
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits');
const File = z.strictObject({
  name: z.string().max(LONGEST_NAME),
  type: z
    .string()
    .max(LONGEST_TYPE)
    .nullable()
    .default(null)
    .describe('Media type, as the mail or the detector has it.'),
  sha256: Sha256.nullable().default(null),
});
type File = z.infer<typeof File>;

export const Evidence = z.strictObject({
  spf: check().describe('As the receiving service judged it; RFC 8601.'),
  dkim: check(),
  dmarc: check(),
  firstContact: z
    .boolean()
    .nullable()
    .default(null)
    .describe('Whether the sender has never written to these people before.'),
  files: z.array(File).max(MOST_FILES).default([]),
  clicks: z
    .int()
    .min(0)
    .max(MOST_CLICKS)
    .optional()
    .describe('How many people have followed a link of it, as far as the detector saw. Only of detectors.'),
});
export type Evidence = z.infer<typeof Evidence>;

const FIELDS = Object.keys(Evidence.shape);

/** Field by field, as the whole alert is read. Undefined where nothing of it can be used. */
export function readEvidence(given: unknown, notes: Notes): Evidence | undefined {
  if (!isGiven(given)) return undefined;
  if (!isRecord(given)) {
    notes.push({ field: 'evidence', problem: 'is no object and was left out' });
    return undefined;
  }
  noteUnknown(given, FIELDS, 'evidence', notes);
  const evidence: Evidence = {
    spf: readCheck(given, 'spf', notes),
    dkim: readCheck(given, 'dkim', notes),
    dmarc: readCheck(given, 'dmarc', notes),
    firstContact: readFlag(own(given, 'firstContact'), notes),
    files: readFiles(own(given, 'files'), notes),
    ...readClicks(own(given, 'clicks'), notes),
  };
  const { files, ...facts } = evidence;
  return files.length > 0 || Object.values(facts).some((fact) => fact !== null) ? evidence : undefined;
}

function readCheck(given: object, name: 'spf' | 'dkim' | 'dmarc', notes: Notes): Evidence['spf'] {
  const value = own(given, name);
  const known = CHECKS.find((word) => word === (typeof value === 'string' ? value.trim().toLowerCase() : value));
  if (known === undefined && isGiven(value))
    notes.push({ field: `evidence.${name}`, problem: 'is no known result and was left out' });
  return known ?? null;
}

function readFlag(value: unknown, notes: Notes): boolean | null {
  if (typeof value === 'boolean') return value;
  if (isGiven(value))
    notes.push({ field: 'evidence.firstContact', problem: 'is neither true nor false and was left out' });
  return null;
}

function readClicks(value: unknown, notes: Notes): Pick<Evidence, 'clicks'> {
  if (!isGiven(value)) return {};
  const clicks = Evidence.shape.clicks.safeParse(value).data;
  if (clicks === undefined) notes.push({ field: 'evidence.clicks', problem: 'is no whole number and was left out' });
  return clicks === undefined ? {} : { clicks };
}

function readFiles(given: unknown, notes: Notes): File[] {
  const rules = { field: 'evidence.files', what: 'files', most: MOST_FILES, read: readFile };
  return readList(given, rules, notes).values;
}

function readFile(given: unknown): { value: File; wasCut: boolean } | null {
  const name = isRecord(given) ? own(given, 'name') : null;
  if (!isRecord(given) || typeof name !== 'string') return null;
  const type = own(given, 'type');
  const hash = own(given, 'sha256');
  const sha256 = Sha256.safeParse(typeof hash === 'string' ? hash.trim().toLowerCase() : null).data ?? null;
  const value = {
    name: cut(name, LONGEST_NAME),
    type: typeof type === 'string' ? cut(type, LONGEST_TYPE) : null,
    sha256,
  };
  return { value, wasCut: name.length > LONGEST_NAME };
}

/** The first that anybody told; files of several alerts are not mixed. */
export function joinedEvidence(first: Evidence | undefined, later: Evidence | undefined): Evidence | undefined {
  if (!first || !later) return first ?? later;
  return {
    spf: first.spf ?? later.spf,
    dkim: first.dkim ?? later.dkim,
    dmarc: first.dmarc ?? later.dmarc,
    firstContact: first.firstContact ?? later.firstContact,
    files: first.files.length > 0 ? first.files : later.files,
    // Several may have seen the same one: no more are told than one of them has seen.
    ...(first.clicks === undefined && later.clicks === undefined
      ? {}
      : { clicks: higher(first.clicks ?? 0, later.clicks ?? 0) }),
  };
}

function higher(a: number, b: number): number {
  if (a > b) return a;
  return b;
}
