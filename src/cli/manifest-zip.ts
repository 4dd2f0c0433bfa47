import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  /** ASCII, without folders going up. */
  readonly name: string;
  readonly bytes: Buffer;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
const DEFLATED = 8;
/** 1 January 1980, midnight: the same input makes the same bytes. */
const DATE = 0x0021;

/** A ZIP archive (APPNOTE 6.3: local headers, central directory, end record) of less than 4 GiB. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes } of entries) {
    const packed = deflateRawSync(bytes, { level: 9 });
    const shared = sharedHeader(name, bytes, packed);
    const body = Buffer.concat([word(LOCAL, 4), shared, Buffer.from(name, 'ascii'), packed]);
    directory.push(
      Buffer.concat([
        word(CENTRAL, 4),
        word(VERSION, 2),
        shared,
        // Comment length, disk, internal and external attributes: none.
        Buffer.alloc(10),
        word(offset, 4),
        Buffer.from(name, 'ascii'),
      ]),
    );
    bodies.push(body);
    offset += body.length;
  }
  const central = Buffer.concat(directory);
  const count = entries.length;
  return Buffer.concat([
    ...bodies,
    central,
    word(END, 4),
    Buffer.alloc(4),
    word(count, 2),
    word(count, 2),
    word(central.length, 4),
    word(offset, 4),
    Buffer.alloc(2),
  ]);
}

/** The 26 bytes that a local header and a directory entry have in common, from the version to the extra field. */
function sharedHeader(name: string, bytes: Buffer, packed: Buffer): Buffer {
  return Buffer.concat([
    word(VERSION, 2),
    word(0, 2),
    word(DEFLATED, 2),
    word(0, 2),
    word(DATE, 2),
    word(crc32(bytes), 4),
    word(packed.length, 4),
    word(bytes.length, 4),
    word(name.length, 2),
    word(0, 2),
  ]);
}

function word(value: number, bytes: 2 | 4): Buffer {
  const buffer = Buffer.alloc(bytes);
  if (bytes === 2) buffer.writeUInt16LE(value);
  else buffer.writeUInt32LE(value);
  return buffer;
}
