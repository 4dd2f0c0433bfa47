import type { Act, MailboxView, RecordRow, Verdict } from '../shapes.ts';

/** Requests to the page's server. Each throws an Error whose message is for people. */

const token = document.querySelector<HTMLMetaElement>('meta[name="page-token"]')?.content ?? '';

async function ask<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(path, init).catch(() => {
    throw new Error('The sandbox does not answer. Is npm start still running?');
  });
  const body = (await response.json()) as T & { readonly problem?: string };
  if (!response.ok) throw new Error(body.problem ?? `status ${response.status}`);
  return body;
}

function post<T>(path: string, body?: BodyInit): Promise<T> {
  return ask<T>(path, { method: 'POST', headers: { 'x-page-token': token }, ...(body === undefined ? {} : { body }) });
}

export function act(wanted: Act): Promise<unknown> {
  return post('/act', JSON.stringify(wanted));
}

export function dropMail(file: File): Promise<unknown> {
  return post('/mail', file);
}

/** With `changeByteAt` a copy in which one byte of that entry is changed is verified in place of the stored bytes. */
export function verify(changeByteAt?: number): Promise<Verdict> {
  return post(`/verify${changeByteAt === undefined ? '' : `?change=${changeByteAt}`}`);
}

export function rowsAfter(seq: number): Promise<readonly RecordRow[]> {
  return ask(`/record?after=${seq}`);
}

export function mailbox(address: string): Promise<MailboxView> {
  return ask(`/mailbox?of=${encodeURIComponent(address)}`);
}
