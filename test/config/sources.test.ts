import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { configText, refusal } from '../support/configuration.ts';

const refused = (sources: unknown) =>
  refusal(() =>
    parseConfig(
      configText((t) => Object.assign(t, { sources })),
      'clawback.yaml',
    ),
  );

describe('sources that are not safe', () => {
  it.each([
    [
      'two sources of one name',
      [{ name: 'defender' }, { name: 'defender' }],
      'sources.1.name: defender is listed twice',
    ],
    ['a source that is called intake', [{ name: 'intake' }], 'sources.0.name'],
    ['a source that is called stop', [{ name: 'stop' }], 'sources.0.name'],
    ['a source with a blank in its name', [{ name: 'stop intake' }], 'sources.0.name'],
    ['a source with capitals', [{ name: 'Defender' }], 'sources.0.name'],
    ['a source with its secret in the file', [{ name: 'defender', secrets: ['x'] }], 'secrets'],
    ['a confidence of 101', [{ name: 'defender', claims: { confidence: 101 } }], 'sources.0.claims.confidence'],
    ['a fact that there is not', [{ name: 'defender', claims: { facts: ['verdict'] } }], 'sources.0.claims.facts.0'],
    [
      'a vendor that there is not',
      [{ name: 'defender', vendor: 'acme' }],
      'sources.0.vendor: must be one of: clawback',
    ],
    [
      'an address to ask a vendor at that sends by itself',
      [{ name: 'defender', url: 'https://alerts.example.com' }],
      'sources.0.url: clawback sends by itself',
    ],
    ['a claim that there is not', [{ name: 'defender', claims: { approve: true } }], 'approve'],
  ])('%s is refused', (_name, sources, words) => {
    expect(refused(sources)).toContain(words);
  });
});
