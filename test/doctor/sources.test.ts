import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examineSources } from '../../src/doctor/examine-sources.ts';
import { judgeSources } from '../../src/doctor/judge-host.ts';
import type { GraphReading } from '../../src/ports/source.ts';
import { type Abnormal, startAbnormal } from '../../src/sandbox/abnormal/start.ts';
import { type Sublime, startSublime } from '../../src/sandbox/sublime/start.ts';
import { DEFENDER_ALERT, DEFENDER_RULE } from '../support/payloads/vendors.ts';
import { SOURCE } from '../support/source.ts';

/** Whether a vendor would answer is seen before its first alert is waited for. */

let sublime: Sublime;
let abnormal: Abnormal;
beforeAll(async () => {
  sublime = await startSublime({ key: 'the-api-key', secret: 'the-signing-secret' });
  abnormal = await startAbnormal({ token: 'the-token-of-the-api' });
});
afterAll(() => Promise.all([sublime.close(), abnormal.close()]));

type Held = Parameters<typeof examineSources>[0][number];
const held = (vendor: Held['vendor'], url: string | null, ...secrets: readonly string[]): Held => ({
  source: { ...SOURCE, name: vendor },
  vendor,
  url,
  secrets,
});
const graphSaying = (status: number, body: unknown): GraphReading => ({
  get: () => Promise.resolve({ status, body, waitMs: null }),
});
async function said(one: Held, graph: GraphReading | null = null): Promise<string[]> {
  const findings = await examineSources([one], { now: () => Date.parse('2026-11-20T09:00:00Z'), graph });
  return findings.map(({ check, state, found }) => `${check}: ${state}: ${found}`);
}

describe('the doctor', () => {
  it('asks nobody for a source that sends everything by itself', async () => {
    expect(await said(held('clawback', null, 'whsec_x'))).toEqual([]);
    expect(await said(held('generic', null, 'whsec_x'))).toEqual([]);
  });

  it('names what it takes to tell a source how its alerts ended, and tells nothing to try it', async () => {
    const graph = graphSaying(200, { value: [] });
    const told = await said({ ...held('defender', null), tellEnd: true }, graph);
    expect(told.at(-1)).toBe(
      'source defender is told: ok: how its alerts ended; that takes SecurityAlert.ReadWrite.All for the mail executor',
    );
    expect((await said(held('defender', null), graph)).join()).not.toContain('is told');
  });

  it('asks Sublime for a message that there is not', async () => {
    const secrets = (key: string) => ['sign=the-signing-secret', `key=${key}`];
    expect(await said(held('sublime', sublime.url, ...secrets('the-api-key')))).toEqual([
      'source sublime answers: ok: it takes the secret of this source',
    ]);
    expect(await said(held('sublime', sublime.url, ...secrets('another-key')))).toEqual([
      'source sublime answers: fail: it refuses the secret of this source (401)',
    ]);
  });

  it('asks Abnormal as it is asked later', async () => {
    expect(await said(held('abnormal', abnormal.url, 'the-token-of-the-api'))).toEqual([
      'source abnormal answers: ok: its first page tells of 0 mails of the last day',
    ]);
    expect(await said(held('abnormal', abnormal.url, 'another-token-of-it'))).toEqual([
      'source abnormal answers: fail: it refuses the secret of this source (401)',
    ]);
  });

  it('asks Defender through Graph, and says which right is missing', async () => {
    const defender = held('defender', null);
    const fine = graphSaying(200, { value: [{ ...DEFENDER_ALERT }] });
    expect(await said(defender, fine)).toEqual([
      'source defender answers: ok: its first page tells of 1 mails of the last day',
    ]);
    expect(await said(defender, graphSaying(403, {}))).toEqual([
      'source defender answers: fail: Microsoft Graph refuses (403): grant SecurityAlert.Read.All',
    ]);
    expect(await said(defender)).toEqual(['source defender answers: skip: not looked at: there is no token for Graph']);
    const rule = graphSaying(200, { value: [{ ...DEFENDER_ALERT, evidence: [DEFENDER_RULE] }] });
    expect((await said(defender, rule))[0]).toContain('warn');
  });

  it('says of a service that does not answer what became of the question', async () => {
    const nobody = 'http://127.0.0.1:9';
    expect((await said(held('abnormal', nobody, 'the-token-of-the-api')))[0]).toContain('fail: no answer');
    const broken: GraphReading = { get: () => Promise.reject(new Error('the line is dead')) };
    expect((await said(held('defender', null), broken))[0]).toContain('the line is dead');
  });

  it('says of a mailbox of reports that it is the only one, and warns where Entra reaches every mailbox', async () => {
    const source = { ...SOURCE, name: 'box', kind: 'report', claims: { ...SOURCE.claims, reporters: true } } as const;
    const box: Held = { source, vendor: 'report-mailbox', url: null, secrets: [], mailbox: 'reports@contoso.com' };
    const graph = graphSaying(200, { value: [] });
    const mime = () => Promise.resolve({ kind: 'too large' } as const);
    const now = () => Date.parse('2026-11-20T09:00:00Z');
    const reach = async (...roles: string[]) => {
      const findings = await examineSources([box], { now, graph, mime, roles });
      return findings
        .filter(({ check }) => check.includes('one mailbox'))
        .map(({ state, found }) => `${state}: ${found}`);
    };
    expect(await reach('Mail.Read')).toEqual([expect.stringMatching(/^warn: Mail.Read is granted in Entra/)]);
    expect(await reach('Mail.ReadWrite')).toEqual([expect.stringMatching(/^ok: .*which removal uses/)]);
    expect(await reach()).toEqual([expect.stringMatching(/^ok: it asks for reports@contoso.com alone/)]);
  });

  it('warns where a reporter may decide about their own report', async () => {
    const graph = graphSaying(200, { value: [] });
    const believed = held('submissions', null);
    const { source } = believed;
    const doubted = { ...believed, source: { ...source, claims: { ...source.claims, reporters: false } } };
    expect((await said(doubted, graph))[1]).toContain('warn: whom it names is not believed to have reported');
  });

  it('judges only secrets that were made here', () => {
    const words = [held('sublime', null, 'sign=abcdefgh', 'key=abcdefgh'), held('defender', null)];
    expect(judgeSources(words).map(({ state }) => state)).toEqual(['ok', 'ok']);
  });
});
