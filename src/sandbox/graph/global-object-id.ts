/** How an invitation names its entry, for who knows where to look: [MS-OXOCAL] PidLidCleanGlobalObjectId. */
export const CLEAN_GLOBAL_OBJECT_ID = 'Binary {6ED8DA90-450B-101B-98DA-00AA003F1305} Id 0x23';

/** In base64. A foreign name of an entry is carried in one of Exchange's own form. */
export function globalObjectId(iCalUId: string): string {
  if (/^040000008200E00074C5B7101A82E008[0-9A-F]+$/.test(iCalUId))
    return Buffer.from(iCalUId, 'hex').toString('base64');
  const name = Buffer.concat([Buffer.from('vCal-Uid'), Buffer.from([1, 0, 0, 0]), Buffer.from(`${iCalUId}\0`)]);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(name.length);
  const head = Buffer.from('040000008200E00074C5B7101A82E008', 'hex');
  return Buffer.concat([head, Buffer.alloc(4 + 8 + 8), size, name]).toString('base64');
}
