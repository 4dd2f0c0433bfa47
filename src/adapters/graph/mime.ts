import type { MimeReading } from '../../ports/source.ts';
import { createRawMail, type RawMailOptions } from './raw-mail.ts';

/** Messages as they were sent, for a source that reads a mailbox; what was refused is for the source to say in its words. */
export function createMimeReading(options: Omit<RawMailOptions, 'operation'>): MimeReading {
  const rawMail = createRawMail({ ...options, operation: 'source mime' });
  return async (path, mostBytes) => {
    const raw = await rawMail(path, mostBytes);
    switch (raw.kind) {
      case 'bytes':
        return { kind: 'bytes', bytes: raw.bytes };
      case 'too large':
        return { kind: 'too large' };
      case 'asked to wait':
        return { kind: 'refused', status: 429, waitMs: raw.waitMs };
      case 'answer':
        return { kind: 'refused', status: raw.status, waitMs: null };
      case 'lost':
        return { kind: 'refused', status: null, waitMs: null };
    }
  };
}
