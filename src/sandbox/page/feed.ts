import type { ServerResponse } from 'node:http';
import type { SectionName, Sections } from './shapes.ts';

/** Sends each section of the page to everybody who looks, whole, when it has changed and not more often than this. */
const EVERY_MS = 200;

type Makers = { readonly [Name in SectionName]: () => Sections[Name] | Promise<Sections[Name]> };

export interface Feed {
  touch(...names: readonly SectionName[]): void;
  /** Keeps the response open and writes to it until it closes. */
  attach(res: ServerResponse): void;
  watchers(): number;
  close(): void;
}

export function createFeed(makers: Makers): Feed {
  const watchers = new Set<ServerResponse>();
  const dirty = new Set<SectionName>();
  const last = new Map<SectionName, string>();
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;

  async function refresh(name: SectionName): Promise<void> {
    const text = JSON.stringify(await makers[name]());
    if (isClosed || last.get(name) === text) return;
    last.set(name, text);
    for (const res of watchers) res.write(eventOf(name, text));
  }

  async function flush(): Promise<void> {
    const names = [...dirty];
    dirty.clear();
    // A stand-in that is closing makes a section fail; the next touch tries again.
    for (const name of names) await refresh(name).catch(() => undefined);
    timer = null;
    if (dirty.size > 0) schedule();
  }

  function schedule(): void {
    if (!isClosed) timer ??= setTimeout(() => void flush(), EVERY_MS);
  }

  return {
    touch(...names) {
      for (const name of names) dirty.add(name);
      schedule();
    },
    attach(res) {
      watchers.add(res);
      res.on('close', () => watchers.delete(res));
      for (const [name, text] of last) res.write(eventOf(name, text));
      for (const name of Object.keys(makers) as SectionName[]) if (!last.has(name)) dirty.add(name);
      schedule();
    },
    watchers: () => watchers.size,
    close() {
      isClosed = true;
      if (timer) clearTimeout(timer);
      for (const res of watchers) res.end();
    },
  };
}

function eventOf(name: SectionName, text: string): string {
  return `event: ${name}\ndata: ${text}\n\n`;
}
