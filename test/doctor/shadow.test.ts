import { describe, expect, it, test } from 'vitest';
import { Policy } from '../../src/core/ask/policy.ts';
import type { KindCount } from '../../src/core/intelligence/precision.ts';
import { judgeShadow } from '../../src/doctor/judge-shadow.ts';

/** Which rules about findings the doctor calls in shadow. */

const POLICY = Policy.parse({
  version: 1,
  rules: [{ name: 'r', when: { action: ['purge'] }, approve: [{ role: 'approver', count: 1 }] }],
  evidence: [{ name: 'threads', seen: ['thread-hijack', 'burst'], action: ['purge'], reason: true }],
});
const looking = { id: '00000000-0000-4000-8000-00000000c0de', graph: { intelligence: true } };
const storeOf = (...counts: readonly KindCount[]) => ({
  state: 'reached' as const,
  measured: new Map([[looking.id, counts]]),
});
const said = (store: Parameters<typeof judgeShadow>[2], tenant = looking, policy = POLICY) =>
  judgeShadow(tenant, policy, store).map(({ state, found }) => `${state}: ${found}`);

describe('a rule about findings', () => {
  test.each([
    [
      29,
      0,
      'in shadow, asks for nothing: at least 30 closed incidents and 80 % are needed; malicious thread-hijack 29 of 29, burst 0 of 0',
    ],
    [
      23,
      7,
      'in shadow, asks for nothing: at least 30 closed incidents and 80 % are needed; malicious thread-hijack 23 of 30 (76 %), burst 0 of 0',
    ],
    [27, 3, 'asks for more because of thread-hijack; malicious thread-hijack 27 of 30 (90 %), burst 0 of 0'],
  ])('that was right %d times and wrong %d', (malicious, harmless, words) => {
    expect(said(storeOf({ kind: 'thread-hijack', malicious, harmless }))).toEqual([`ok: \u201cthreads\u201d ${words}`]);
  });

  it('is not counted by what another tenant has closed', () => {
    const measured = new Map([['another', [{ kind: 'burst', malicious: 99, harmless: 0 } as const]]]);
    expect(said({ state: 'reached', measured })[0]).toContain('in shadow');
  });

  it('never asks for more where nobody looks', () => {
    const [line] = said(storeOf(), { ...looking, graph: { intelligence: false } });
    expect(line).toBe('warn: nobody looks at people, so that no finding ever asks for more');
  });

  test.each([
    ['busy', 'Clawback runs and has the database'],
    ['dead', 'the database does not tell'],
  ] as const)('is not looked at where the database is %s', (state, why) => {
    expect(said({ state, measured: null })).toEqual([`skip: not looked at: ${why}: cards say which are in shadow`]);
  });

  it('that is not there is not spoken of', () => {
    expect(said(storeOf(), looking, { ...POLICY, evidence: [] })).toEqual([]);
  });
});
