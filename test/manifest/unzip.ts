import { crc32, inflateRawSync } from 'node:zlib';

/** Reads a ZIP by its directory at the end, as every real reader does, and checks each local header against it. */
export function unzip(archive: Buffer): Map<string, Buffer> {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) throw new Error('no end record');
  const [count, size, start] = [
    archive.readUInt16LE(end + 10),
    archive.readUInt32LE(end + 12),
    archive.readUInt32LE(end + 16),
  ];
  if (start + size !== end) throw new Error('the directory does not reach the end record');
  const files = new Map<string, Buffer>();
  let at = start;
  for (let n = 0; n < count; n += 1) {
    if (archive.readUInt32LE(at) !== 0x02014b50) throw new Error('no directory entry');
    const nameLength = archive.readUInt16LE(at + 28);
    const extra = archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
    const name = archive.toString('latin1', at + 46, at + 46 + nameLength);
    files.set(name, fileAt(archive, archive.readUInt32LE(at + 42), name, archive.subarray(at + 10, at + 28)));
    at += 46 + nameLength + extra;
  }
  return files;
}

/** `told`: method to uncompressed size, from the directory. */
function fileAt(archive: Buffer, at: number, name: string, told: Buffer): Buffer {
  if (archive.readUInt32LE(at) !== 0x04034b50) throw new Error(`no local header for ${name}`);
  if (!archive.subarray(at + 8, at + 26).equals(told)) throw new Error(`two headers of ${name} differ`);
  const nameLength = archive.readUInt16LE(at + 26);
  if (archive.toString('latin1', at + 30, at + 30 + nameLength) !== name) throw new Error(`two names of ${name}`);
  const from = at + 30 + nameLength + archive.readUInt16LE(at + 28);
  const bytes = inflateRawSync(archive.subarray(from, from + archive.readUInt32LE(at + 18)));
  if (crc32(bytes) !== archive.readUInt32LE(at + 14)) throw new Error(`checksum of ${name}`);
  if (bytes.length !== archive.readUInt32LE(at + 22)) throw new Error(`size of ${name}`);
  return bytes;
}
