/** How an invitation names the calendar entry that it made: [MS-OXOCAL] 2.2.1.28, PidLidCleanGlobalObjectId. */
export const GLOBAL_OBJECT_ID = 'Binary {6ED8DA90-450B-101B-98DA-00AA003F1305} Id 0x23';

/** 16 bytes that say what it is, 4 of a date, 8 of a time, 8 that are nothing, 4 of a length. */
const HEAD_BYTES = 40;
const FOREIGN = Buffer.from('vCal-Uid\u0001\u0000\u0000\u0000', 'latin1');

/**
 * Base64 as Graph gives it -> `iCalUId` as Graph writes it: in hex, or as it is where another system made it up and Exchange
 * carries it ([MS-OXCICAL] 2.1.3.1.1.20.26). Null where it is neither.
 */
export function iCalUIdOf(globalObjectId: string): string | null {
  const bytes = Buffer.from(globalObjectId, 'base64');
  if (bytes.length <= HEAD_BYTES || bytes.length > 2_000) return null;
  const name = bytes.subarray(HEAD_BYTES);
  if (!name.subarray(0, FOREIGN.length).equals(FOREIGN)) return bytes.toString('hex').toUpperCase();
  const text = name.subarray(FOREIGN.length).toString('utf8').replace(/\0$/, '');
  return text === '' || /\p{Cc}/u.test(text) ? null : text;
}
