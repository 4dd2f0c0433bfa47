import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, startBench } from './bench.ts';

/** What the doctor says of a tenant that leaves mail to Defender: what it needs, and nothing beside it. */

let bench: Bench;
beforeAll(async () => {
  bench = await startBench({ byDefender: true });
});
afterAll(() => bench.close());

const about = (findings: Awaited<ReturnType<Bench['examined']>>, check: string) =>
  findings.find((finding) => finding.check === check);

describe('a tenant that leaves mail to Defender alone', () => {
  it('needs no permission on mailboxes, and Defender answers', async () => {
    const findings = await bench.examined();
    expect(['graph roles', 'defender', 'mailbox read'].map((check) => about(findings, check)?.state)).toEqual([
      'ok',
      'ok',
      'ok',
    ]);
    expect(about(findings, 'mailbox read')?.found).toContain('no mailbox is asked');
  });

  it('misses one where the mailboxes are to take over', async () => {
    const findings = await bench.examined(({ tenant }) => Object.assign(tenant.graph.engine, { fallback: true }));
    expect(about(findings, 'graph roles')).toMatchObject({
      state: 'fail',
      found: expect.stringContaining('Mail.ReadWrite'),
    });
  });

  it('has one too many where Defender is left out', async () => {
    const findings = await bench.examined(({ tenant }) => Object.assign(tenant.graph.engine, { first: 'mailbox' }));
    expect(about(findings, 'graph roles')?.found).toContain('Mail.ReadWrite');
    expect(about(findings, 'defender')).toBeUndefined();
  });

  it.each([
    [403, 'fail'],
    [429, 'warn'],
  ])('hears %i as %s', async (status, state) => {
    bench.sandbox.graph.faults.once({ operation: 'listAnalyzedEmails', answer: { status, code: 'Refused' } });
    expect(about(await bench.examined(), 'defender')?.state).toBe(state);
  });
});

describe('a tenant where Defender is configured and not allowed', () => {
  it('misses the permission, and the question says nothing more', async () => {
    const other = await startBench();
    try {
      const findings = await other.examined(({ tenant }) =>
        Object.assign(tenant.graph, { engine: { first: 'defender', fallback: true } }),
      );
      expect(about(findings, 'graph roles')).toMatchObject({
        state: 'fail',
        found: expect.stringContaining('SecurityAnalyzedMessage.ReadWrite.All'),
      });
      expect(about(findings, 'defender')?.state).toBe('skip');
    } finally {
      await other.close();
    }
  });
});
