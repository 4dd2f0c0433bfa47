import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, startBench } from './bench.ts';
import { consented, type Direct, fromCommandLine, seen, testMailbox, tried, verdicts } from './trial-bench.ts';

const MESSAGE_ID = '<by-hand@fabrikam.example>';
const MINUTE_MS = 60_000;
const delivered: Direct['delivered'] = { messageId: MESSAGE_ID, forMs: 30 * MINUTE_MS };

let bench: Bench;

beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

/** A mail that somebody sent to the test mailbox, so many minutes ago. */
function sentByHand(minutes: number) {
  const receivedAt = new Date(Date.now() - minutes * MINUTE_MS).toISOString();
  const order = { internetMessageId: MESSAGE_ID, sender: 'me@fabrikam.example', subject: 'By hand', receivedAt };
  bench.sandbox.tenant.deliver({ to: [testMailbox(bench.sandbox)], ...order });
}

/** Hunting shows it only after so many looks. */
function shownAfter(looks: number): NonNullable<Direct['sleep']> {
  const { graph } = bench.sandbox;
  graph.setLimits({ huntingLagMs: [24 * 60 * MINUTE_MS, 24 * 60 * MINUTE_MS] });
  let waits = 0;
  return () => {
    waits += 1;
    if (waits === looks) graph.setLimits({ huntingLagMs: [0, 0] });
  };
}

describe('how late advanced hunting is', () => {
  it('is not tried with a mail that was put in: it is never listed', async () => {
    const found = await tried(bench.sandbox);
    expect([verdicts(found).hunting, seen(found, 'hunting')]).toEqual([
      'not tried',
      expect.stringContaining('send one by hand, and name it with --delivered'),
    ]);
    expect(bench.sandbox.tenant.emailEvents()).toEqual([]);
  });

  it('is told from the delivery of a mail that was sent by hand to when it shows', async () => {
    sentByHand(6);
    const found = await tried(bench.sandbox, { delivered, sleep: shownAfter(3) });
    expect([verdicts(found).hunting, seen(found, 'hunting')]).toEqual([
      'confirmed',
      expect.stringMatching(/^there at look 4, 7\.\d min after delivery$/),
    ]);
  });

  it('is more than was believed, when it shows after more than a quarter of an hour', async () => {
    sentByHand(22);
    const found = await tried(bench.sandbox, { delivered, sleep: shownAfter(2) });
    expect([verdicts(found).hunting, seen(found, 'hunting')]).toEqual([
      'not so',
      expect.stringContaining('at look 3, 23.'),
    ]);
  });

  it('cannot be told from a mail that was there long ago', async () => {
    sentByHand(100);
    const found = await tried(bench.sandbox, { delivered });
    expect([verdicts(found).hunting, seen(found, 'hunting')]).toEqual([
      'not tried',
      expect.stringContaining('name a fresher mail'),
    ]);
  });

  it('is given up after half an hour, and asked every 30 seconds until then', async () => {
    sentByHand(20);
    const waits: number[] = [];
    shownAfter(0);
    const found = await tried(bench.sandbox, { delivered, sleep: (ms) => waits.push(ms) });
    expect([verdicts(found).hunting, seen(found, 'hunting')]).toEqual([
      'not so',
      expect.stringMatching(/^not there 50\.\d min after delivery, asked 61 times$/),
    ]);
    expect(waits).toEqual(Array(60).fill(30_000));
  });

  it('heeds a wait that hunting asks for', async () => {
    sentByHand(1);
    bench.sandbox.graph.faults.once({
      operation: 'hunt',
      answer: { status: 429, code: 'TooManyRequests', retryAfter: '90' },
    });
    const waits: number[] = [];
    const found = await tried(bench.sandbox, { delivered, sleep: (ms) => waits.push(ms) });
    expect([verdicts(found).hunting, waits]).toEqual(['confirmed', [90_000]]);
  });

  it('is not tried where hunting is refused, and that is a step that failed', async () => {
    sentByHand(1);
    bench.sandbox.graph.setHunting(false);
    const found = await tried(bench.sandbox, { delivered });
    expect([verdicts(found).hunting, found.failed]).toEqual(['not tried', ['ask advanced hunting: 403 Forbidden']]);
  });

  it('is not tried about a mail that is not in the mailbox', async () => {
    const found = await tried(bench.sandbox, { delivered });
    expect(seen(found, 'hunting')).toContain('holds no mail with the Message-ID after --delivered');
  });

  it('only looks at that mail, and names it nowhere', async () => {
    sentByHand(2);
    const { graph, tenant } = bench.sandbox;
    const [event] = tenant.emailEvents();
    const address = testMailbox(bench.sandbox);
    const { code, paper } = await fromCommandLine(bench, [...consented(address), '--delivered', MESSAGE_ID]);
    expect(code).toBe(0);
    expect(paper).toContain('within 15 minutes of its delivery | confirmed | there at the first look, 2.');
    expect([paper.includes('by-hand'), paper.includes('fabrikam')]).toEqual([false, false]);
    expect(graph.log.writes().filter(({ message }) => message === event?.messageId)).toEqual([]);
  });

  it('ends at once when it is stopped while hunting is asked', async () => {
    sentByHand(1);
    shownAfter(0);
    const stop = new AbortController();
    const sleep = () => stop.abort();
    const found = await tried(bench.sandbox, { delivered, stop: stop.signal, sleep });
    expect([seen(found, 'hunting'), found.leftovers]).toEqual(['it was stopped', []]);
  });
});
