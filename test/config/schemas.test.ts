import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runCommand } from '../../src/cli/command.ts';
import { configTree } from '../support/configuration.ts';
import { sentAlert } from '../support/signed-alerts.ts';

/** As an operator gets it: the output of `clawback schema`, compiled by somebody else’s validator. */
async function validator(which: 'alert' | 'config' | 'policy') {
  const lines: string[] = [];
  const shell = {
    env: {},
    node: '24.0.0',
    folder: '.',
    out: (line: string) => lines.push(line),
    err: () => undefined,
    stop: new AbortController().signal,
  };
  await runCommand(['schema', which], shell);
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  (formats as unknown as (target: Ajv2020) => void)(ajv);
  return ajv.compile(JSON.parse(lines.join('\n')) as object);
}

describe('the published schema of an alert', () => {
  it('takes a whole alert', async () => {
    const valid = await validator('alert');
    expect([valid(sentAlert()), valid.errors]).toEqual([true, null]);
  });

  it('takes an alert of the required fields alone', async () => {
    const valid = await validator('alert');
    expect(valid({ id: '1', source: 's', verdict: 'bec', detectedAt: '2026-11-20T08:00:00Z', message: {} })).toBe(true);
  });

  it.each([
    ['an unknown field', { extra: 1 }],
    ['an unknown verdict', { verdict: 'clean' }],
    ['a time that is none', { detectedAt: 'yesterday' }],
    ['a recipient that is no address', { recipients: ['not an address'] }],
    ['no message', { message: undefined }],
  ])('refuses %s', async (_name, change) => {
    const valid = await validator('alert');
    expect(valid(JSON.parse(JSON.stringify({ ...sentAlert(), ...change })))).toBe(false);
  });
});

describe('the published schema of the configuration', () => {
  it('takes a configuration that starts', async () => {
    const valid = await validator('config');
    expect([valid(configTree()), valid.errors]).toEqual([true, null]);
  });

  it.each([
    ['an unknown key', (t: Record<string, unknown>) => Object.assign(t, { aprovals: {} })],
    ['a missing app id', (t: Record<string, unknown>) => delete (t['teams'] as Record<string, unknown>)['appId']],
    ['a mode that is none', (t: Record<string, unknown>) => Object.assign(t, { mode: 'test' })],
  ])('refuses %s', async (_name, change) => {
    const valid = await validator('config');
    expect(valid(configTree(change))).toBe(false);
  });
});

describe('the published schema of the policy', () => {
  const rule = { name: 'one', when: { action: ['purge'] }, approve: [{ role: 'approver' }] };

  it('takes the example', async () => {
    const valid = await validator('policy');
    const example = parse(readFileSync(`${import.meta.dirname}/../../manifest/policy.example.yaml`, 'utf8'));
    expect([valid(example), valid.errors]).toEqual([true, null]);
  });

  it('takes a rule of the required keys alone', async () => {
    const valid = await validator('policy');
    expect(valid({ version: 1, rules: [rule] })).toBe(true);
  });

  it.each([
    ['an unknown key', { rule: [] }],
    ['an unknown key of a condition', { rules: [{ ...rule, when: { action: ['purge'], mailbox: { atMost: 5 } } }] }],
    ['an action nobody knows', { rules: [{ ...rule, when: { action: ['shred'] } }] }],
    ['a quorum of zero', { rules: [{ ...rule, approve: [{ role: 'approver', count: 0 }] }] }],
    ['an authentication context that is none', { rules: [{ ...rule, stepUp: 'c100' }] }],
    ['no rules', { rules: [] }],
  ])('refuses %s', async (_name, change) => {
    const valid = await validator('policy');
    expect(valid({ version: 1, rules: [rule], ...change })).toBe(false);
  });
});
