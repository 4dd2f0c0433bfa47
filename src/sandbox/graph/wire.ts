import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { problem, type Reply } from './reply.ts';

/** What goes over the wire, as Microsoft Graph has it. */

export function idHeaders(requestId: string, clientRequestId: string | null): Record<string, string> {
  return { 'request-id': requestId, 'client-request-id': clientRequestId ?? requestId };
}

export function bodyOf(text: string, contentType: string): { readonly value: unknown } | Reply {
  if (text === '') return { value: undefined };
  if (!contentType.startsWith('application/json')) {
    return problem(415, 'RequestBodyRead', 'A supported MIME type could not be found that matches the content type.');
  }
  try {
    return { value: JSON.parse(text) };
  } catch {
    return problem(400, 'BadRequest', 'Unable to read JSON request payload.');
  }
}

/** Short answers travel as they are. */
const WORTH_COMPRESSING = 1_000;

export function send(req: IncomingMessage, res: ServerResponse, reply: Reply, ids: Record<string, string>): void {
  const text = reply.text ?? (reply.body === undefined ? '' : JSON.stringify(reply.body));
  const type = reply.text === undefined ? 'application/json' : 'text/plain';
  const asked = /\bgzip\b/.test(String(req.headers['accept-encoding'] ?? ''));
  const isShort = text.length < WORTH_COMPRESSING;
  const bytes = asked && !isShort ? gzipSync(text) : Buffer.from(text);
  res.writeHead(reply.status, {
    ...ids,
    ...reply.headers,
    'Cache-Control': 'no-cache',
    ...(text === '' ? {} : { 'Content-Type': type }),
    ...(asked && !isShort ? { 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' } : {}),
    'Content-Length': bytes.length,
  });
  res.end(bytes);
}
