import { useSyncExternalStore } from 'react';
import type { SectionName, Sections } from '../shapes.ts';

/** What the server has told so far. */

export type Known = Partial<Sections> & { readonly connected: boolean };

let known: Known = { connected: false };
const listeners = new Set<() => void>();

function put(change: Partial<Known>): void {
  known = { ...known, ...change };
  for (const listener of listeners) listener();
}

const NAMES: readonly SectionName[] = [
  'hello',
  'slack',
  'teams',
  'tenant',
  'graph',
  'attacks',
  'trouble',
  'bot',
  'record',
];

/** Opens the stream of changes; the browser reopens it by itself. */
export function listen(): void {
  const source = new EventSource('/events');
  source.addEventListener('open', () => put({ connected: true }));
  source.addEventListener('error', () => put({ connected: false }));
  for (const name of NAMES) {
    source.addEventListener(name, (event: MessageEvent<string>) => put({ [name]: JSON.parse(event.data) }));
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useKnown(): Known {
  return useSyncExternalStore(subscribe, () => known);
}
