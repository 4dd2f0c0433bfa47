import { describe, expect, it } from 'vitest';
import { originOf } from '../../src/adapters/graph/origin.ts';
import type { WireMessage } from '../../src/adapters/graph/wire.ts';

/** Where a mail came from is what Exchange wrote, and not what its sender did. */

const REPORT = { name: 'X-Forefront-Antispam-Report', value: 'CIP:203.0.113.7;CTRY:US;LANG:en;SCL:1;SFV:NSPM;' };
const RESULTS = {
  name: 'Authentication-Results',
  value:
    'spf=pass (sender IP is 203.0.113.7)\r\n smtp.mailfrom=Bounce.own.example; dkim=none (message not signed) header.d=none;dmarc=none action=none header.from=fabrikam.example;compauth=fail reason=001',
};
const seen = (headers: readonly { name: string; value: string }[], marks: readonly string[] = []) =>
  originOf({ id: 'm', parentFolderId: 'f', internetMessageHeaders: [...headers] } as WireMessage, marks);

describe('the origin of a mail', () => {
  it('is the connecting host, and the envelope sender for whom SPF has passed', () => {
    expect(seen([REPORT, RESULTS])).toEqual({ clientIp: '203.0.113.7', returnPath: 'bounce.own.example', marks: [] });
  });

  it('of IPv6 is read likewise', () => {
    expect(seen([{ ...REPORT, value: 'CIP:2001:db8::7;CTRY:;' }]).clientIp).toBe('2001:db8::7');
  });

  it.each([
    ['twice, once perhaps by its sender', [REPORT, { ...REPORT, value: 'CIP:198.51.100.9;' }]],
    ['in a form that Exchange does not write', [{ ...REPORT, value: 'XCIP:203.0.113.7;' }]],
    ['not at all', []],
  ])('that is there %s is not told', (_name, headers) => {
    expect(seen(headers).clientIp).toBeNull();
  });

  it.each([
    ['where SPF has failed', { ...RESULTS, value: RESULTS.value.replace('spf=pass', 'spf=fail') }],
    ['of another server', { ...RESULTS, value: `mx.evil.example; ${RESULTS.value}` }],
    [
      'hidden behind a failure',
      { ...RESULTS, value: `spf=fail (sender IP is 198.51.100.9) smtp.mailfrom=x.example; ${RESULTS.value}` },
    ],
  ])('has no envelope sender %s', (_name, header) => {
    expect(seen([header]).returnPath).toBeNull();
  });

  it('has no envelope sender where there are two results', () => {
    expect(seen([RESULTS, RESULTS]).returnPath).toBeNull();
  });

  it('names the headers that are looked for, and no others', () => {
    const headers = [
      { name: 'X-PhishTest', value: 'yes' },
      { name: 'X-Other', value: 'yes' },
    ];
    expect(seen(headers, ['x-phishtest', 'x-gophish']).marks).toEqual(['x-phishtest']);
  });
});
