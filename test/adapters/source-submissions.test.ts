import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { graphReading } from '../../src/adapters/microsoft/reading.ts';
import { submissions } from '../../src/adapters/sources/submissions/submissions.ts';
import type { End, GraphChanging, Pulled } from '../../src/ports/source.ts';
import { openSandbox, type Sandbox } from '../sandbox/graph-stand-in.ts';
import { alertOf, whyNot } from '../support/payloads/read.ts';
import { SUBMISSION } from '../support/payloads/reports.ts';

/** What users report to Microsoft is asked for through the tenant's own Graph, without a right on any mailbox. */

const read = (change: object = {}) => alertOf(submissions, { ...SUBMISSION, ...change });

describe('a submission of a user', () => {
  it('becomes an alert for its mail, with who reported it by Entra id', () => {
    expect(read()).toMatchObject({
      id: SUBMISSION.id,
      source: 'Microsoft, reported by a user',
      verdict: 'phishing',
      severity: 'medium',
      detectedAt: '2026-11-20T08:55:00.123Z',
      message: {
        internetMessageId: '<wave-7@mailer.example>',
        networkMessageId: null,
        sender: 'billing@mailer.example',
        subject: 'Invoice overdue',
        receivedAt: '2026-11-20T08:40:00.000Z',
      },
      recipients: ['emma@contoso.example'],
      delivered: ['emma@contoso.example'],
      reporter: { entraId: '00000000-0000-4000-8000-0000000000d5', address: 'emma@contoso.example' },
      findings: ['Reported as: phishing'],
    });
  });

  it('tells what Microsoft found once it has looked', () => {
    const result = { category: 'phishing', detail: 'none', detectedUrls: ['pay.mailer.example'] };
    const { findings, message } = read({ result });
    expect(findings).toContain('Microsoft’s analysis of the submission: phishing (none)');
    expect(message.urls).toEqual(['pay.mailer.example']);
  });

  it('is an exercise by Microsoft’s id of the simulation alone', () => {
    expect(read({ attackSimulationInfo: { attackSimId: 'x' } })).toMatchObject({ simulation: true, exercise: true });
    expect(read({ attackSimulationInfo: {} })).not.toHaveProperty('exercise');
    expect(read({ subject: 'phishing simulation' })).not.toHaveProperty('simulation');
  });

  it('whose reporter cannot be told names nobody, and says so', () => {
    const { reporter, findings } = read({ createdBy: { user: { identity: 'somebody' } } });
    expect([reporter, findings]).toEqual([null, expect.arrayContaining(['The submission does not say who reported.'])]);
  });

  it.each([
    ['an administrator', { source: 'administrator' }, 'source: is not user'],
    ['nobody', { source: null }, 'source: is missing'],
    ['a user who takes it for harmless', { category: 'notJunk' }, 'category: says that the user takes it for harmless'],
    [
      'a user about no mail',
      { internetMessageId: null, sender: null, subject: null, recipientEmailAddress: null },
      'message',
    ],
  ])('of %s is none, and that is said', (_name, change, why) => {
    expect(whyNot(submissions, { ...SUBMISSION, ...change })).toEqual([expect.stringContaining(why)]);
  });

  it('that is cut is none', () => {
    expect(whyNot(submissions, JSON.stringify(SUBMISSION).slice(0, -4))).toEqual(['not-json']);
  });
});

describe('submissions at Microsoft', () => {
  const NOW = '2026-11-20T09:00:00.000Z';
  let sandbox: Sandbox;
  let graph: GraphChanging;
  const opened = async (roles: readonly string[]) => {
    sandbox = await openSandbox({ roles });
    graph = graphReading({
      baseUrl: sandbox.graph.url,
      token: () => Promise.resolve(sandbox.token),
      ids: () => crypto.randomUUID(),
      clock: Date.now,
    });
  };
  beforeEach(() => opened(['ThreatSubmission.ReadWrite.All']));
  afterEach(() => sandbox[Symbol.asyncDispose]());

  const ask = (cursor: string | null, now = NOW) => submissions.pull.ask({ url: '', secret: '', now, graph }, cursor);
  const put = (n: number, change: object = {}) =>
    sandbox.graph.submissions.push({ ...SUBMISSION, id: `submission-${n}`, ...change });
  async function all(cursor: string | null = null, now = NOW) {
    const items: Extract<Pulled, { kind: 'page' }>['items'][number][] = [];
    let at = cursor;
    for (let pages = 1; pages < 50; pages += 1) {
      const page = await ask(at, now);
      if (page.kind === 'failed') throw new Error(page.why);
      items.push(...page.items);
      at = page.cursor;
      if (!page.more) return { items, cursor: at, pages };
    }
    throw new Error('it never ends');
  }
  const namesOf = ({ items }: Pick<Awaited<ReturnType<typeof all>>, 'items'>) =>
    items.map(({ understood }) => 'alert' in understood && understood.alert.id).toSorted();

  it('are read to their end before they are asked for from another time', async () => {
    for (let n = 0; n < 230; n += 1) put(n);
    const { items, pages } = await all();
    expect([new Set(items.map(({ id }) => id)).size, pages]).toEqual([230, 3]);
  });

  it('are asked for on from when they were asked for, with two hours of before', async () => {
    put(1, { createdDateTime: '2026-11-18T08:00:00Z' });
    put(2, { createdDateTime: '2026-11-20T08:40:00Z' });
    const first = await all();
    expect(namesOf(first)).toEqual(['submission-2']);
    put(3, { createdDateTime: '2026-11-20T07:30:00Z' });
    put(4, { createdDateTime: '2026-11-20T06:30:00Z' });
    expect(namesOf(await all(first.cursor, '2026-11-20T09:10:00.000Z'))).toEqual(['submission-2', 'submission-3']);
  });

  it('that lie ahead in time keep no other one out', async () => {
    put(1, { createdDateTime: '2099-01-01T00:00:00Z' });
    const first = await all();
    put(2, { createdDateTime: '2026-11-20T09:05:00Z' });
    expect(namesOf(await all(first.cursor, '2026-11-20T09:10:00.000Z'))).toContain('submission-2');
  });

  it('that come again are the same, and say something new once Microsoft has found links in them', async () => {
    put(1);
    const idNow = async () => (await all()).items[0]?.id;
    const first = await idNow();
    Object.assign(sandbox.graph.submissions[0] ?? {}, { status: 'succeeded', adminReview: { reviewBy: 'x' } });
    expect(await idNow()).toBe(first);
    const result = { category: 'phishing', detectedUrls: ['pay.mailer.example'] };
    Object.assign(sandbox.graph.submissions[0] ?? {}, { result });
    expect(await idNow()).not.toBe(first);
  });

  it('of administrators, and of what users take for harmless, are left alone', async () => {
    put(1, { source: 'administrator' });
    put(2, { category: 'notJunk' });
    expect((await all()).items).toEqual([]);
  });

  it('whose place in the list is known no more are read again from the first page', async () => {
    put(1);
    const next = '/security/threatSubmission/emailThreats?$skiptoken=lost';
    const lost = JSON.stringify({ v: 1, since: '2026-11-20T08:30:00.000Z', asked: NOW, next });
    const page = await ask(lost);
    expect(page).toMatchObject({ kind: 'page', items: [], more: false });
    expect(namesOf(await all(page.kind === 'page' ? page.cursor : null))).toEqual(['submission-1']);
  });

  it('that may not be read say which right is missing', async () => {
    await sandbox[Symbol.asyncDispose]();
    await opened(['SecurityAlert.Read.All']);
    const why = 'Microsoft Graph refuses (403): grant ThreatSubmission.Read.All';
    expect(await ask(null)).toEqual({ kind: 'failed', why, waitMs: null });
  });

  it('are left alone for as long as Microsoft says', async () => {
    sandbox.graph.setLimits({ submissionsPerQuarter: 1 });
    await ask(null);
    expect(await ask(null)).toMatchObject({ kind: 'failed', why: 'it was asked too often (429)' });
    const answer = await ask(null);
    expect(answer.kind === 'failed' && answer.waitMs).toBeGreaterThan(100_000);
  });

  const END: End = {
    is: 'removed',
    alert: 'submission-1',
    verdict: 'phishing',
    whole: 'removed',
    words: 'Clawback CB-1/7: confirmed as malicious.',
    mark: 'Clawback CB-1/7',
    rows: [],
  };
  const tell = (change: Partial<End> = {}) =>
    submissions.back.tell(
      { url: null, secrets: [], now: NOW, graph },
      { ...END, ...change },
      AbortSignal.timeout(5_000),
    );
  const reviewed = () =>
    (sandbox.graph.submissions[0]?.['adminReview'] as { reviewResult?: string } | null)?.reviewResult;

  it.each([
    ['removed', 'phishing', 'phishing'],
    ['removed', 'bec', 'phishing'],
    ['removed', 'malware', 'malware'],
    ['set-aside', 'spam', 'spam'],
    ['harmless', 'phishing', 'notJunk'],
  ] as const)('are reviewed: %s, called %s, is %s', async (is, verdict, result) => {
    put(1);
    expect([await tell({ is, verdict }), reviewed()]).toEqual([{ kind: 'told' }, result]);
  });

  it('are reviewed once: what is there is looked at first', async () => {
    put(1);
    await tell();
    expect(await tell()).toEqual({ kind: 'known' });
    expect(sandbox.graph.log.entries().filter(({ operation }) => operation === 'reviewSubmission')).toHaveLength(1);
  });

  it('that people there have reviewed stay as they have them', async () => {
    put(1, { adminReview: { reviewDateTime: NOW, reviewResult: 'spam' } });
    const why = 'it was reviewed as spam before, and that stays';
    expect([await tell(), reviewed()]).toEqual([{ kind: 'nothing', why }, 'spam']);
  });

  it.each(['exercise', 'put-back'] as const)('are not reviewed as %s, for which there is no word', async (is) => {
    put(1);
    expect([(await tell({ is })).kind, reviewed()]).toEqual(['nothing', undefined]);
  });

  it('that are gone are told nothing', async () => {
    expect(await tell()).toEqual({ kind: 'nothing', why: 'the submission is not there any more' });
  });

  it('that may not be reviewed say which right is missing', async () => {
    await sandbox[Symbol.asyncDispose]();
    await opened(['ThreatSubmission.Read.All']);
    put(1);
    const why = 'Microsoft Graph refuses (403): grant ThreatSubmission.ReadWrite.All';
    expect(await tell()).toEqual({ kind: 'failed', why, waitMs: null });
  });
});
