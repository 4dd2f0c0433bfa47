/**
 * Whether a compound file (Outlook's `.msg`) can be read in the time and memory that its size allows: the library follows
 * every chain of sectors and every branch of the directory to its end, so none may lead in a circle. After MS-CFB.
 */

const MAGIC = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const HEADER_SLOTS = 109;
const ENTRY = 128;
const STREAM = 2;
const NONE = -1;

export function isOutlook(bytes: Buffer): boolean {
  return bytes.subarray(0, MAGIC.length).equals(MAGIC);
}

export function endsEverywhere(bytes: Buffer): boolean {
  try {
    return checked(bytes);
  } catch (error) {
    // A sector beyond the end of the file.
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function checked(bytes: Buffer): boolean {
  const shift = bytes.readUInt16LE(30);
  if (shift !== 9 && shift !== 12) return false;
  const size = 2 ** shift;
  const perSector = size / 4;
  const sectors = Math.ceil(bytes.length / size);
  const at = (sector: number, slot: number) => bytes.readInt32LE((sector + 1) * size + slot * 4);
  const tables = tableSectors(bytes, sectors, perSector, at);
  if (tables === null) return false;
  const next = (list: readonly number[]) => (sector: number) => {
    const table = list[Math.floor(sector / perSector)];
    return sector < 0 || table === undefined || table < 0 ? NONE : at(table, sector % perSector);
  };
  const big = next(tables);
  if (!isAcyclic(big, tables.length * perSector)) return false;
  const small = chain(big, bytes.readInt32LE(60), sectors);
  if (!isAcyclic(next(small), small.length * perSector)) return false;
  const directory = chain(big, bytes.readInt32LE(48), sectors);
  return isTree(
    bytes,
    directory.map((sector) => (sector + 1) * size),
    size,
  );
}

/** Where the allocation table lies: listed in the header and, in large files, in a chain of its own. */
function tableSectors(
  bytes: Buffer,
  sectors: number,
  perSector: number,
  at: (sector: number, slot: number) => number,
): readonly number[] | null {
  const count = bytes.readInt32LE(44);
  const extra = bytes.readInt32LE(72);
  if (count < 0 || count > sectors || extra < 0 || extra > sectors) return null;
  const tables = Array.from({ length: Math.min(count, HEADER_SLOTS) }, (_none, n) => bytes.readInt32LE(76 + n * 4));
  const seen = new Set<number>();
  for (let sector = bytes.readInt32LE(68), n = 0; n < extra && sector >= 0; n += 1) {
    if (seen.has(sector)) return null;
    seen.add(sector);
    for (let slot = 0; slot < perSector - 1; slot += 1) tables.push(at(sector, slot));
    sector = at(sector, perSector - 1);
  }
  return tables.slice(0, count);
}

function isAcyclic(next: (sector: number) => number, sectors: number): boolean {
  // 0: not seen, otherwise the walk that saw it.
  const seen = new Uint32Array(sectors);
  for (let start = 0; start < sectors; start += 1) {
    for (let sector = start; sector >= 0 && sector < sectors; sector = next(sector)) {
      if (seen[sector] === start + 1) return false;
      if (seen[sector] !== 0) break;
      seen[sector] = start + 1;
    }
  }
  return true;
}

function chain(next: (sector: number) => number, start: number, most: number): readonly number[] {
  const sectors: number[] = [];
  for (let sector = start; sector >= 0 && sectors.length <= most; sector = next(sector)) sectors.push(sector);
  return sectors;
}

/** Every entry is reached once, and all streams together are not much larger than the file. */
function isTree(bytes: Buffer, offsets: readonly number[], size: number): boolean {
  const perSector = size / ENTRY;
  const entry = (n: number) => (offsets[Math.floor(n / perSector)] ?? bytes.length) + (n % perSector) * ENTRY;
  const seen = new Set<number>();
  const todo = [0];
  let total = 0;
  for (let n = todo.pop(); n !== undefined; n = todo.pop()) {
    if (seen.has(n)) return false;
    seen.add(n);
    const from = entry(n);
    const length = bytes.readInt32LE(from + 120);
    if (bytes.readUInt8(from + 66) === STREAM) total += length < 0 ? bytes.length * 2 : length;
    if (total > bytes.length * 2) return false;
    for (const link of [68, 72, 76]) {
      const linked = bytes.readInt32LE(from + link);
      if (linked >= 0) todo.push(linked);
    }
  }
  return true;
}
