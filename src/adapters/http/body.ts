import type { IncomingMessage } from 'node:http';

/** The raw bytes, or null when there are more than `maxBytes`: the rest is not read, and what says so not begun with. */
export async function readBody(req: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  const already = (req as IncomingMessage & { rawBody?: Buffer }).rawBody;
  if (already) return already.length > maxBytes ? null : already;
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) return null;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
