import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMimeReading } from '../../src/adapters/graph/mime.ts';
import { renew, subscribe } from '../../src/adapters/graph/subscription.ts';
import { graphReading } from '../../src/adapters/microsoft/reading.ts';
import { defender } from '../../src/adapters/sources/defender/defender.ts';
import { reportMailbox } from '../../src/adapters/sources/report-mailbox/report-mailbox.ts';
import { submissions } from '../../src/adapters/sources/submissions/submissions.ts';
import { permissionOf } from '../../src/doctor/permissions.ts';
import type { End } from '../../src/ports/source.ts';
import { allRoles } from '../../src/sandbox/graph/roles.ts';
import { sourceRequests } from '../sandbox/graph-contract.ts';
import { openSandbox, type Sandbox } from '../sandbox/graph-stand-in.ts';
import { attached, reportedMail, reportMail, SUBMISSION } from '../support/payloads/reports.ts';
import { DEFENDER_ALERT } from '../support/payloads/vendors.ts';

/** Everything that sources ask of Graph and tell it: in the form that Graph documents, and within what each is said to need. */

const contract = sourceRequests();
const MAILBOX = 'reports@contoso.com';
const NOW = '2026-11-23T09:00:00.000Z';
const NEXT_DAY = '2026-11-24T09:00:00.000Z';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly inBatch: boolean;
}

const FEATURES = ['alerts', 'tell', 'submissions', 'review', 'reports'] as const;
/** What each of them asks, by the feature whose permission has to suffice for it. */
const WORK: Readonly<Record<(typeof FEATURES)[number], (sandbox: Sandbox) => Promise<unknown>>> = {
  alerts: (sandbox) => defender.pull.ask(asking(sandbox), null),
  tell: (sandbox) => defender.back.tell(telling(sandbox), endOf(DEFENDER_ALERT.id), AbortSignal.timeout(5_000)),
  submissions: (sandbox) => submissions.pull.ask(asking(sandbox), null),
  review: (sandbox) => submissions.back.tell(telling(sandbox), endOf(SUBMISSION.id), AbortSignal.timeout(5_000)),
  reports: async (sandbox) => {
    await reportMailbox.pull.ask(asking(sandbox), null);
    const { graph } = telling(sandbox);
    const wanted = { mailbox: MAILBOX, url: 'http://127.0.0.1:9', clientState: 'x'.repeat(40), until: NEXT_DAY };
    await subscribe(graph, wanted);
    await renew(graph, 'subscription-1', NEXT_DAY);
  },
};

const to = (sandbox: Sandbox) => ({
  token: () => Promise.resolve(sandbox.token),
  ids: () => crypto.randomUUID(),
  clock: Date.now,
});

function asking(sandbox: Sandbox) {
  const graph = graphReading({ ...to(sandbox), baseUrl: sandbox.graph.url });
  const mime = createMimeReading({ ...to(sandbox), origin: sandbox.graph.url, observe: () => undefined });
  return { url: '', secret: '', now: NOW, graph, mime, mailbox: MAILBOX };
}

const telling = (sandbox: Sandbox) => ({ ...asking(sandbox), url: null, secrets: [] });

const endOf = (alert: string): End => ({
  ...{ is: 'removed', alert, verdict: 'phishing', whole: 'removed', words: 'Clawback CB-1/7: removed.' },
  ...{ mark: 'Clawback CB-1/7', rows: [] },
});

describe.each(FEATURES)('a source that works by %s', (feature) => {
  let sandbox: Sandbox;
  let asked: readonly Asked[];
  let headers: readonly Readonly<Record<string, string>>[];

  beforeAll(async () => {
    sandbox = await openSandbox({ roles: [permissionOf(feature).permission], users: ['reports'] });
    const { graph, tenant } = sandbox;
    graph.alerts.push({ ...DEFENDER_ALERT, status: 'new', classification: 'unknown', lastUpdateDateTime: NOW });
    graph.submissions.push({ ...SUBMISSION, createdDateTime: NOW });
    const mime = reportMail({ parts: [attached(reportedMail())] });
    tenant.deliver({
      to: [MAILBOX],
      internetMessageId: '<r@x>',
      sender: 'a@b.example',
      subject: 'x',
      receivedAt: NOW,
      mime,
    });
    const inside: Readonly<Record<string, string>>[] = [];
    graph.onBatch((body) => {
      for (const one of (body as { requests: { headers: Record<string, string> }[] }).requests)
        inside.push(one.headers);
    });
    await WORK[feature](sandbox);
    asked = graph.log.entries().filter(({ path }) => !path.startsWith('/$batch'));
    headers = inside;
  });
  afterAll(() => sandbox[Symbol.asyncDispose]());

  it('asks nothing that Graph does not document, in no other form', () => {
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.flatMap(({ method, path, body }) => contract.request(method, path, body))).toEqual([]);
  });

  it('gives each request an id of its own, and those about messages the header that keeps their ids', () => {
    expect(headers.length).toBeGreaterThan(0);
    const batched = asked.filter(({ inBatch }) => inBatch);
    const problems = headers.flatMap((given, n) => {
      const { method = '', path = '' } = batched[n] ?? {};
      return contract.headers(method, path, given);
    });
    expect(problems).toEqual([]);
  });

  it('asks nothing beyond the permission that is named for it', () => {
    const roles = allRoles([permissionOf(feature).permission]);
    const beyond = asked.filter(({ method, path }) => {
      const permissions = (contract.operation(method, path)?.['x-permissions'] ?? []) as readonly string[];
      return !permissions.some((one) => roles.has(one));
    });
    expect(beyond).toEqual([]);
  });
});
