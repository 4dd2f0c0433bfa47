import type { IncomingMessage } from 'node:http';

/** More than any request of a chat has. */
export const MOST_BYTES = 262_144;

/** The raw bytes, or null when there are too many: the rest is not read. */
export async function bodyOf(req: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
