import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { ClawbackError } from '../../core/error.ts';
import { aboutLine, answerLine, lostLine } from '../../core/record/request-lines.ts';
import type { RequestLog, Segment } from '../../ports/requests.ts';

/**
 * The log of requests of one tenant, as this process writes it: into a file first, which a kill of the process leaves as it
 * is; then, segment by segment, into the store. All that is waiting goes to the disk in one write, so that it costs the same
 * whether one batch leaves or sixteen.
 */
export interface OwnRequestLog extends RequestLog {
  /** Ends the segment under way where it is full or old, or now. Never throws. */
  cut(when: 'due' | 'now'): Promise<void>;
  /** Ended and not yet kept elsewhere, the oldest first. */
  ended(): readonly Segment[];
  /** It is kept elsewhere: its file is not needed any more. */
  kept(id: string): Promise<void>;
  /** Why nothing can be written down; null while it can. */
  trouble(): string | null;
}

export interface RequestLogOptions {
  /** Where the lines of a segment go. */
  readonly fileOf: (segment: string) => string;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly ids: () => string;
  /** Bytes of lines in memory, over all segments that nobody keeps yet. Default 8 MB. */
  readonly mostBytes?: number;
  /** Default 1 MB. */
  readonly fullBytes?: number;
}

const MOST_BYTES = 8 * 2 ** 20;
const FULL_BYTES = 2 ** 20;
/** What somebody could still change before its digest is in the record is at most this old. */
const OLD_MS = 60_000;
/** A read that is not written down by then leaves all the same: it changes nothing, and its line is on its way. */
const READ_WAITS_MS = 250;
/** Somebody else has the copies after a while: better unsent now than sent late. */
const CHANGE_WAITS_MS = 5_000;

/** Not emptied: one that could not be written before is there already. */
const NEW_OR_BEGUN = constants.O_CREAT | constants.O_WRONLY;

interface Lines {
  readonly id: string;
  readonly lines: string[];
  bytes: number;
  requests: number;
  lost: number;
  from: string;
  until: string;
  /** Of it, what is in the file. */
  written: number;
  offset: number;
  file: FileHandle | null;
}

interface Waiter {
  readonly onDisk: boolean;
  readonly done: () => void;
  readonly failed: (why: Error) => void;
}

export function createRequestLog(options: RequestLogOptions): OwnRequestLog {
  const { clock, ids, fileOf, mostBytes = MOST_BYTES, fullBytes = FULL_BYTES } = options;
  const ended: Lines[] = [];
  let current = begin(ids());
  let waiters: Waiter[] = [];
  let isWriting = false;
  let isToEnd = false;
  let lost = 0;
  let failing: string | null = null;

  const heldBytes = () => ended.reduce((sum, { bytes }) => sum + bytes, current.bytes);

  /** False where there is no room: then it is only counted. */
  function add(line: (at: string) => string, requests: number): boolean {
    const at = new Date(clock()).toISOString();
    if (heldBytes() > mostBytes) {
      lost += requests;
      return false;
    }
    if (lost > 0) {
      push(lostLine(lost, at), at);
      current.lost += lost;
      lost = 0;
    }
    push(line(at), at);
    current.requests += requests;
    return true;
  }

  function push(line: string, at: string): void {
    current.lines.push(line);
    current.bytes += line.length + 1;
    current.from ||= at;
    current.until = at;
  }

  function toBeWritten(onDisk: boolean): Promise<void> {
    return new Promise((done, failed) => {
      waiters.push({ onDisk, done, failed });
      if (!isWriting) void writeWhatWaits();
    });
  }

  async function writeWhatWaits(): Promise<void> {
    isWriting = true;
    while (waiters.length > 0) {
      // All that wait now have their lines in this segment.
      const [own, lines] = [waiters, current];
      waiters = [];
      const isOver = lines.lines.length > 0 && (isToEnd || lines.bytes >= fullBytes);
      if (isOver) current = begin(ids());
      isToEnd = false;
      failing = await written(lines, own);
      tell(own, failing);
      if (!isOver) continue;
      ended.push(lines);
      await lines.file?.close().catch(() => undefined);
    }
    isWriting = false;
  }

  /** Null, or why not. */
  async function written(lines: Lines, by: readonly Waiter[]): Promise<string | null> {
    try {
      await writeOut(lines, fileOf);
      if (by.some(({ onDisk }) => onDisk)) await lines.file?.datasync();
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  return {
    async before(outgoing) {
      const { changes, inner } = outgoing;
      if (!add((at) => aboutLine(outgoing, at), 1 + inner.length)) {
        if (!changes) return;
        lost -= 1 + inner.length;
        throw notWritten(failing ?? 'the store does not take what was written down before');
      }
      const isWritten = toBeWritten(changes);
      if (changes) return inTime(isWritten, CHANGE_WAITS_MS, () => Promise.reject(notWritten('the disk is too slow')));
      return inTime(isWritten, READ_WAITS_MS, () => Promise.resolve());
    },
    after(id, status, inner) {
      add((at) => answerLine(id, at, status, inner), 0);
    },
    async cut(when) {
      const age = current.lines.length === 0 ? 0 : clock() - Date.parse(current.from);
      isToEnd = isToEnd || when === 'now' || current.bytes >= fullBytes || age >= OLD_MS || age < 0;
      // A disk that hangs holds up no other chore, nor the end of the process.
      await inTime(toBeWritten(false), CHANGE_WAITS_MS, () => Promise.resolve());
    },
    ended: () => ended.map(toSegment),
    async kept(id) {
      const at = ended.findIndex((one) => one.id === id);
      if (at < 0) return;
      ended.splice(at, 1);
      await rm(fileOf(id), { force: true });
    },
    trouble: () => failing,
  };
}

function tell(waiters: readonly Waiter[], failure: string | null): void {
  for (const { onDisk, done, failed } of waiters) {
    if (failure !== null && onDisk) failed(notWritten(failure));
    else done();
  }
}

function begin(id: string): Lines {
  return {
    id,
    lines: [],
    ...{ bytes: 0, requests: 0, lost: 0, from: '', until: '' },
    ...{ written: 0, offset: 0, file: null },
  };
}

/** What a write that failed left behind is written over by the next one. */
async function writeOut(lines: Lines, fileOf: (segment: string) => string): Promise<void> {
  const upTo = lines.lines.length;
  if (upTo === lines.written) return;
  lines.file ??= await open(fileOf(lines.id), NEW_OR_BEGUN, 0o600);
  const bytes = Buffer.from(`${lines.lines.slice(lines.written, upTo).join('\n')}\n`);
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await lines.file.write(bytes, done, bytes.length - done, lines.offset + done);
    done += bytesWritten;
  }
  lines.offset += bytes.length;
  lines.written = upTo;
}

function toSegment({ id, lines, requests, lost, from, until }: Lines): Segment {
  return segmentOf(id, { text: `${lines.join('\n')}\n`, requests, lost, from, until });
}

export function segmentOf(id: string, whole: Omit<Segment, 'id' | 'digest'>): Segment {
  return { id, ...whole, digest: createHash('sha256').update(whole.text).digest('hex') };
}

function notWritten(why: string): ClawbackError {
  return new ClawbackError('unavailable', `it cannot be written down before it is sent: ${why}`);
}

async function inTime<T>(work: Promise<T>, ms: number, late: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<'over'>((resolve) => {
    timer = setTimeout(resolve, ms, 'over');
  });
  try {
    const first = await Promise.race([work, over]);
    return first === 'over' ? await late() : first;
  } finally {
    clearTimeout(timer);
    // Whoever does not wait for it any more is not told how it ended.
    work.catch(() => undefined);
  }
}
