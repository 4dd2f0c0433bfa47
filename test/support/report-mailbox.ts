import { afterEach, beforeEach } from 'vitest';
import { createMimeReading } from '../../src/adapters/graph/mime.ts';
import { graphReading } from '../../src/adapters/microsoft/reading.ts';
import { reportMailbox } from '../../src/adapters/sources/report-mailbox/report-mailbox.ts';
import type { Asking, GraphReading, MimeReading, Pulled, PulledItem } from '../../src/ports/source.ts';
import { openSandbox, type Sandbox } from '../sandbox/graph-stand-in.ts';
import { attached, FROM_INSIDE, type ReportParts, reportedMail, reportMail } from './payloads/reports.ts';

export const MAILBOX = 'reports@contoso.com';
const NOW = '2026-11-23T09:00:00.000Z';

interface Order {
  readonly at?: string;
  readonly folder?: string;
  readonly mime?: string;
}

/** A mailbox that people's reports go to, new for each test, and the source that reads it. */
export function mailboxOfReports() {
  let sandbox: Sandbox;
  let how: Omit<Asking, 'now'>;

  async function open(roles: readonly string[]): Promise<void> {
    sandbox = await openSandbox({ roles, users: ['alice', 'reports'] });
    const to = { token: () => Promise.resolve(sandbox.token), ids: () => crypto.randomUUID(), clock: Date.now };
    const graph = graphReading({ ...to, baseUrl: sandbox.graph.url });
    const mime = createMimeReading({ ...to, origin: sandbox.graph.url, observe: () => undefined });
    how = { url: '', secret: '', graph, mime, mailbox: MAILBOX };
  }
  beforeEach(() => open(['Mail.Read']));
  afterEach(() => sandbox[Symbol.asyncDispose]());

  const ask = (cursor: string | null = null, now = NOW) => reportMailbox.pull.ask({ ...how, now }, cursor);

  return {
    sandbox: () => sandbox,
    ask,
    /** From here on it is asked in this way. */
    change(change: Partial<Asking>) {
      how = { ...how, ...change };
    },
    /** From here on messages are read in this way; `mime`: as they were before. */
    readBy(reading: (path: string, mostBytes: number, mime: MimeReading) => ReturnType<MimeReading>) {
      const { mime } = how;
      if (!mime) throw new Error('it is read');
      how = { ...how, mime: (path, mostBytes) => reading(path, mostBytes, mime) };
    },
    /** From here on its lists come in this way; `graph`: as they were before. */
    listBy(get: (path: string, graph: GraphReading) => ReturnType<GraphReading['get']>) {
      const { graph } = how;
      if (!graph) throw new Error('it is read');
      how = { ...how, graph: { get: (path) => get(path, graph) } };
    },
    async openAnew(roles: readonly string[]) {
      await sandbox[Symbol.asyncDispose]();
      await open(roles);
    },
    /** Puts a report into the mailbox; answers its name there. */
    report(parts: Partial<ReportParts> = {}, { at = '2026-11-23T08:50:00.000Z', folder, mime }: Order = {}): string {
      const whole = mime ?? reportMail({ top: [FROM_INSIDE], parts: [attached(reportedMail())], ...parts });
      const delivered = sandbox.tenant.deliver({
        to: [MAILBOX],
        internetMessageId: `<report-${Math.random()}@contoso.com>`,
        sender: parts.from ?? 'emma@contoso.example',
        subject: parts.subject ?? '3|Phishing',
        receivedAt: at,
        mime: whole,
        ...(folder === undefined ? {} : { folder }),
      });
      return delivered.copies[0]?.messageId ?? '';
    },
    async all(cursor: string | null = null, now = NOW) {
      const items: PulledItem[] = [];
      let at = cursor;
      for (let questions = 1; questions < 100; questions += 1) {
        const page: Pulled = await ask(at, now);
        if (page.kind === 'failed') throw new Error(page.why);
        items.push(...page.items);
        at = page.cursor;
        if (!page.more) return { items, cursor: at };
      }
      throw new Error('it never ends');
    },
  };
}

export const alertsIn = (items: readonly PulledItem[]) =>
  items.flatMap(({ understood }) => ('alert' in understood ? [understood.alert] : []));
export const whyIn = (items: readonly PulledItem[]) =>
  items.flatMap(({ understood }) =>
    'problems' in understood ? understood.problems.map(({ field, problem }) => `${field}: ${problem}`) : [],
  );
export const isRead = ({ operation }: { readonly operation: string }) => operation === 'getMime';
