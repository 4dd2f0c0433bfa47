import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchPatterns } from '../../src/doctor/trial-batches.ts';
import type { Said } from '../../src/doctor/trial-end.ts';
import type { Line } from '../../src/doctor/trial-line.ts';
import { type Desk, ownThings } from '../../src/doctor/trial-own.ts';
import { arrival } from '../../src/doctor/trial-story.ts';
import { type Bench, startBench } from './bench.ts';
import { remains, seen, testMailbox, tried, verdicts } from './trial-bench.ts';

let bench: Bench;

beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

/** Does something just before the so-many-th request of this kind. */
function justBefore(operation: string, n: number, act: () => void): void {
  let count = 0;
  bench.sandbox.graph.onRequest((about) => {
    if (about.operation !== operation) return;
    count += 1;
    if (count === n) act();
  });
}

describe('a tenant that is otherwise than Clawback believes', () => {
  it('refuses some of a batch for one mailbox', async () => {
    const { faults } = bench.sandbox.graph;
    const answer = { status: 429, code: 'ApplicationThrottled', retryAfter: '1.5' };
    // Four folders are looked for, then eight reads go out in batches of each pattern.
    justBefore('getFolder', 12, () => faults.once({ operation: 'getFolder', answer, times: 5 }));
    const found = await tried(bench.sandbox);
    expect([verdicts(found)['batch-waits'], seen(found, 'batch-waits'), found.failed]).toEqual([
      'not so',
      '5 of 20 drew 429; waits of 1.5 s to 1.5 s were named',
      [],
    ]);
  });

  it('has room for more than 4 at a time in a mailbox', async () => {
    bench.sandbox.graph.setLimits({ concurrent: 100 });
    const found = await tried(bench.sandbox);
    expect([verdicts(found)['mailbox-limit'], seen(found, 'mailbox-limit')]).toEqual(['not so', '0 of 40 drew 429']);
  });

  it('takes neither Message-ID nor flags with a mail: then it is a draft, and the trial goes on', async () => {
    const answer = { status: 400, code: 'RequestBodyRead' };
    bench.sandbox.graph.faults.once({ operation: 'createMessage', answer, times: 2 });
    const found = await tried(bench.sandbox);
    expect(verdicts(found)).toMatchObject({ 'no-draft': 'not so', 'message-id': 'not so', undo: 'confirmed' });
    expect([found.failed, remains(bench.sandbox)]).toEqual([[], []]);
  });

  it('does not let a mail out of Recoverable Items', async () => {
    const { faults } = bench.sandbox.graph;
    const answer = { status: 403, code: 'ErrorAccessDenied' };
    justBefore('move', 3, () => faults.once({ operation: 'move', answer }));
    const found = await tried(bench.sandbox);
    expect([verdicts(found)['out-of-deletions'], seen(found, 'out-of-deletions')]).toEqual([
      'not so',
      'its id answers in Recoverable Items (Deletions); the way back: 403 ErrorAccessDenied',
    ]);
    expect(remains(bench.sandbox)).toEqual([]);
  });

  it('has somebody who marks the mail while it is put back', async () => {
    const { tenant } = bench.sandbox;
    const address = testMailbox(bench.sandbox);
    const box = tenant.mailbox(tenant.userByAddress(address)?.id ?? '');
    justBefore('patchMessage', 4, () =>
      justBefore('getMessage', 1, () => {
        const [own] = [...box.items()].filter(({ subject }) => subject.startsWith('Clawback trial'));
        tenant.userMarks(address, own?.immutableId ?? '', { categories: ['Mine'] });
      }),
    );
    const found = await tried(bench.sandbox);
    expect([verdicts(found).undo, seen(found, 'undo')]).toEqual(['not so', 'not as before: categories']);
  });

  it('cannot show Purges: what the mail itself says counts, and without it nothing is claimed', async () => {
    const { graph } = bench.sandbox;
    graph.setBeliefs({ purgesReadable: false });
    const answer = { status: 404, code: 'ErrorFolderNotFound' };
    const hidden = graph.onRequest(({ path }) => {
      if (path.includes('recoverableitemsdeletions')) graph.faults.once({ operation: 'getFolder', answer });
    });
    const found = await tried(bench.sandbox);
    hidden();
    expect([verdicts(found).purges, seen(found, 'purges')]).toEqual(['not tried', 'Graph does not show Purges here']);
    expect([verdicts(found)['id-answers'], found.leftovers, remains(bench.sandbox)]).toEqual(['not so', [], []]);
  });
});

describe('what no stand-in does', () => {
  const said = (status: number, body: unknown = {}): Said => ({ status, code: '', body, ms: 1, retryAfterMs: null });
  const desk = (line: Partial<Line>): Desk => ({
    line: line as Line,
    user: 'somebody',
    own: ownThings('0123456789abcdef'),
    places: { inbox: 'in', deletedItems: 'del', deletions: 'dumpster', purges: null },
  });
  const never = new AbortController().signal;

  it('a mixture of dependencies that is taken is not what was believed', async () => {
    const line: Partial<Line> = { together: () => Promise.resolve({ whole: said(200), parts: [] }) };
    const [judged] = await batchPatterns(desk(line), never);
    expect(judged?.verdict).toBe('not so');
  });

  it('a mail that is found by its Message-ID only after a while is told with how long', async () => {
    let looks = 0;
    let now = 0;
    const asking = desk({});
    const line: Partial<Line> = {
      ask: ({ method }) => {
        if (method === 'POST')
          return Promise.resolve(said(201, { id: 'm', isDraft: false, internetMessageId: asking.own.messageId }));
        looks += 1;
        return Promise.resolve(said(200, { value: looks < 3 ? [] : [{ id: 'm' }] }));
      },
    };
    const clocks = {
      clock: () => now,
      sleep: (ms: number) => {
        now += ms;
        return Promise.resolve();
      },
    };
    const judged = await arrival({ ...asking, line: line as Line }, clocks, never);
    expect(judged.find(({ belief }) => belief === 'found-at-once')).toMatchObject({
      verdict: 'not so',
      seen: 'found after 3 looks in 4.0 s',
    });
  });
});
