import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { readSecrets } from '../../src/config/secrets.ts';
import { configText, ENVIRONMENT, refusal } from '../support/configuration.ts';

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
    ['a source that is called chat-report', [{ name: 'chat-report' }], 'sources.0.name'],
    ['a source that is called sent-inside', [{ name: 'sent-inside' }], 'sources.0.name'],
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
    [
      'an address for one that is asked through Graph',
      [{ name: 'defender', vendor: 'defender', url: 'https://graph.example.com' }],
      'sources.0.url: defender is asked at graph.url of the tenant',
    ],
    [
      'an address in the clear for one that is asked with a key',
      [{ name: 'cloud', vendor: 'sublime', url: 'http://cloud.example.com' }],
      'sources.0.url: http://cloud.example.com is not https',
    ],
    [
      'a telling that its vendor does not take',
      [{ name: 'tap', vendor: 'proofpoint', tellEnd: true }],
      'sources.0.tellEnd: is nothing that this vendor takes',
    ],
    [
      'a mailbox for one that reads none',
      [{ name: 'reports', vendor: 'submissions', mailbox: 'reports@contoso.com' }],
      'sources.0.mailbox: submissions reads no mailbox',
    ],
    [
      'one that reads a mailbox, without one',
      [{ name: 'reports', vendor: 'report-mailbox' }],
      'sources.0.mailbox: report-mailbox reads one mailbox: say which',
    ],
    [
      'the ids of a reported mail as a fact',
      [{ name: 'r', vendor: 'report-mailbox', mailbox: 'r@contoso.com', claims: { facts: ['reporters', 'ids'] } }],
      'sources.0.claims.facts: ids of a reported mail are what its writer put there',
    ],
    [
      'telling reporters of whom nobody knows that they are',
      [{ name: 'button', tellReporter: true }],
      'sources.0.tellReporter: needs claims.facts: [reporters]',
    ],
    [
      'being told of a mailbox without an address to be told at',
      [{ name: 'reports', vendor: 'report-mailbox', mailbox: 'r@contoso.com', notify: true }],
      'sources.0.notify: needs listen.publicUrl',
    ],
    [
      'being told of no mailbox',
      [{ name: 'd', vendor: 'defender', notify: true }],
      'notify: defender reads no mailbox',
    ],
    ['a claim that there is not', [{ name: 'defender', claims: { approve: true } }], 'approve'],
  ])('%s is refused', (_name, sources, words) => {
    expect(refused(sources)).toContain(words);
  });
});

describe('sources of other vendors', () => {
  const held = (sources: readonly object[], env: object = {}) => {
    const text = configText((t) => Object.assign(t, { sources }));
    const { tenants } = readSecrets(parseConfig(text, 'clawback.yaml'), { ...ENVIRONMENT, ...env }, '/');
    return Object.values(tenants).flatMap((tenant) => tenant.sources);
  };

  it('that are asked through Graph need no secret', () => {
    expect(held([{ name: 'defender', vendor: 'defender' }])).toMatchObject([{ vendor: 'defender', secrets: [] }]);
  });

  it('that are asked with one need it in their own form', () => {
    const sources = [{ name: 'tap', vendor: 'proofpoint', url: 'http://127.0.0.1:9' }];
    const variable = 'CLAWBACK_CONTOSO_SOURCE_TAP_SECRETS';
    expect(held(sources, { [variable]: 'principal:secret' })).toMatchObject([{ secrets: ['principal:secret'] }]);
    for (const wrong of ['', 'whsec_AAAA', 'principal'])
      expect(refusal(() => held(sources, { [variable]: wrong }))).toContain(variable);
  });
});

describe('a list of what automation took out', () => {
  const said = (hunting: boolean, list: boolean) =>
    parseConfig(
      configText((t) => {
        t.graph['hunting'] = hunting;
        Object.assign(t, { automation: { list } });
      }),
      'clawback.yaml',
    );

  it('is refused where nothing tells of it', () => {
    expect(refusal(() => said(false, true))).toContain('tenants.0.automation.list: needs graph.hunting');
    expect(() => [said(true, true), said(false, false)]).not.toThrow();
  });
});
