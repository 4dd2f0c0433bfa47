import { z } from 'zod';
import { cut, isGiven, isRecord, type Notes, noteUnknown, own, readText } from './reading.ts';

/**
 * What a vendor says of a mail beside what it calls it: the attack that it belongs to, what the vendor has done by itself,
 * and whether it is an exercise. For people to weigh: nothing of it is a reason to trust an alert, to drop it, or to act.
 */

/** What a vendor did with the mail, as few as people have to tell apart. `other`: in the vendor's own words only. */
export const VENDOR_STATES = [
  'waiting',
  'running',
  'removed',
  'kept-out',
  'partly',
  'failed',
  'put-back',
  'withdrawn',
  'other',
] as const;
export type VendorState = (typeof VENDOR_STATES)[number];

const SOURCE = 80;
const ID = 200;
const SAYS = 200;
/** Stored, and shown: neither U+0000 nor half a character. */
const plain = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'must not hold control characters or half characters');
const Time = z.iso.datetime({ offset: true });

export const Campaign = z.strictObject({
  source: plain(SOURCE).describe('Who calls it so.'),
  id: plain(ID).describe('Its id or its name there.'),
});
export type Campaign = z.infer<typeof Campaign>;

export const VendorAction = z.strictObject({
  state: z
    .enum(VENDOR_STATES)
    .describe('What the vendor did with the mail by itself; withdrawn: it takes its word back.'),
  says: z.string().max(SAYS).nullable().default(null).describe('In the vendor’s own words.'),
  at: Time.nullable().default(null),
});
export type VendorAction = z.infer<typeof VendorAction>;

/** What of an alert is the vendor's word and nothing else. */
export interface VendorSays {
  readonly campaign?: Campaign;
  readonly vendorAction?: VendorAction;
  readonly link?: string;
  readonly simulation?: true;
}

/** Field by field; what cannot be used is left out and noted. `longest`: of a link, in characters. */
export function readVendorSays(alert: object, longest: number, notes: Notes): VendorSays {
  const campaign = readCampaign(own(alert, 'campaign'), notes);
  const vendorAction = readAction(own(alert, 'vendorAction'), notes);
  const link = readLink(own(alert, 'link'), longest, notes);
  return {
    ...(campaign ? { campaign } : {}),
    ...(vendorAction ? { vendorAction } : {}),
    ...(link === null ? {} : { link }),
    ...(readMark(own(alert, 'simulation'), notes) ? { simulation: true } : {}),
  };
}

function readCampaign(given: unknown, notes: Notes): Campaign | null {
  const value = recordOf(given, 'campaign', ['source', 'id'], notes);
  if (!value) return null;
  const [source, id] = [own(value, 'source'), own(value, 'id')].map((text) =>
    Number.isSafeInteger(text) ? String(text) : text,
  );
  const read = Campaign.safeParse({ source, id });
  if (read.success) return read.data;
  notes.push({ field: 'campaign', problem: 'has no usable source and id and was left out' });
  return null;
}

function readAction(given: unknown, notes: Notes): VendorAction | null {
  const value = recordOf(given, 'vendorAction', ['state', 'says', 'at'], notes);
  if (!value) return null;
  const said = own(value, 'state');
  const word = typeof said === 'string' ? said.trim().toLowerCase() : '';
  const state = VENDOR_STATES.find((one) => one === word) ?? 'other';
  if (state === 'other' && word !== 'other')
    notes.push({ field: 'vendorAction.state', problem: 'is not known: shown in the words that came with it' });
  const told = readText(own(value, 'says'), 'vendorAction.says', SAYS, notes);
  const at = own(value, 'at');
  const time = Time.safeParse(at).data ?? null;
  if (isGiven(at) && time === null)
    notes.push({ field: 'vendorAction.at', problem: 'is no time with its offset and was left out' });
  const says = told ?? (state === 'other' && word !== '' ? cut(word, SAYS) : null);
  return state === 'other' && says === null ? null : { state, says, at: time };
}

/** Part of an address leads somewhere else: one that is too long is left out. */
function readLink(given: unknown, longest: number, notes: Notes): string | null {
  if (!isGiven(given)) return null;
  const isWhole = typeof given === 'string' && given.length <= longest && !/[\p{Cc}\p{Cs}\s]/u.test(given.trim());
  if (isWhole && URL.parse(given.trim())?.protocol === 'https:') return given.trim();
  notes.push({ field: 'link', problem: `is no https address of up to ${longest} characters and was left out` });
  return null;
}

function readMark(given: unknown, notes: Notes): boolean {
  if (isGiven(given) && typeof given !== 'boolean')
    notes.push({ field: 'simulation', problem: 'is neither true nor false and was left out' });
  return given === true;
}

function recordOf(given: unknown, field: string, known: readonly string[], notes: Notes): object | null {
  if (!isGiven(given)) return null;
  if (isRecord(given)) {
    noteUnknown(given, known, field, notes);
    return given;
  }
  notes.push({ field, problem: 'is no object and was left out' });
  return null;
}

/** Of a repeated alert: the first that named a campaign or a page, and what a vendor did last. */
export function joinedSays(first: VendorSaid, later: VendorSaid): VendorSays {
  const campaign = first.campaign ?? later.campaign;
  const vendorAction = later.vendorAction ?? first.vendorAction;
  const link = first.link ?? later.link;
  const simulation = first.simulation || later.simulation;
  return {
    ...(campaign ? { campaign } : {}),
    ...(vendorAction ? { vendorAction } : {}),
    ...(link == null ? {} : { link }),
    ...(simulation ? { simulation: true } : {}),
  };
}

/** As it is stored. */
interface VendorSaid {
  readonly campaign?: Campaign | null | undefined;
  readonly vendorAction?: VendorAction | null | undefined;
  readonly link?: string | null | undefined;
  readonly simulation?: boolean | undefined;
}
