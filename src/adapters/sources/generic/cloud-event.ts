import type { SentHeaders } from '../../../ports/source.ts';
import { at, readJson, textAt } from '../reading/payload.ts';

/** CloudEvents 1.0: an envelope around a payload, in the body (structured) or in headers that begin with `ce-` (binary). */

export interface Opened {
  readonly payload: unknown;
  /** Source and id name an event, says the specification; null where there is no envelope. */
  readonly id: string | null;
  readonly problem: { readonly field: string; readonly problem: string } | null;
}

const VERSION = '1.0';

export function openEvent(body: unknown, headers: SentHeaders): Opened {
  const inHeaders = headerOf(headers, 'ce-specversion');
  if (inHeaders !== null) {
    const about = { version: inHeaders, source: headerOf(headers, 'ce-source'), id: headerOf(headers, 'ce-id') };
    return opened(body, about, 'ce-');
  }
  const version = textAt(body, 'specversion');
  if (version === null) return { payload: body, id: null, problem: null };
  return opened(dataOf(body), { version, source: textAt(body, 'source'), id: textAt(body, 'id') }, '');
}

function opened(
  payload: unknown,
  { version, source, id }: { readonly version: string; readonly source: string | null; readonly id: string | null },
  prefix: string,
): Opened {
  const name = source === null || id === null ? null : `${source} ${id}`;
  const failed = (field: string, problem: string) => ({
    payload,
    id: name,
    problem: { field: `${prefix}${field}`, problem },
  });
  if (version !== VERSION) return failed('specversion', `is ${version}, and 1.0 is read here`);
  if (source === null) return failed('source', 'is missing: with id it names the event');
  if (id === null) return failed('id', 'is missing: with source it names the event');
  if (payload === undefined) return failed('data', 'holds no JSON');
  return { payload, id: name, problem: null };
}

/** As an object, as text that holds JSON, or in base64. */
function dataOf(body: unknown): unknown {
  const data = at(body, 'data');
  const coded = textAt(body, 'data_base64');
  const text = typeof data === 'string' ? data : coded === null ? null : Buffer.from(coded, 'base64').toString('utf8');
  return text === null ? data : readJson(text)?.value;
}

/** Values are percent-encoded where they hold more than plain ASCII [CloudEvents, HTTP binding 3.1.3.2]. */
function headerOf(headers: SentHeaders, name: string): string | null {
  const value = textAt(headers[name]);
  try {
    return value === null ? null : decodeURIComponent(value);
  } catch {
    return value;
  }
}
