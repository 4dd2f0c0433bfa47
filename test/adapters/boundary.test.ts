import { describe, expect, it, test } from 'vitest';
import { boundaryOf, type HeaderLine, NO_BOUNDARY } from '../../src/adapters/graph/boundary.ts';

/** Which of the stamps in a mail is Exchange's own: whoever sends one writes as many of them as they like. */

const line = (name: string, value: string): HeaderLine => ({ name, value });
const SERVER = 'with Microsoft SMTP Server (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384) id 15.20.9412.7';
const INSIDE = line(
  'received',
  `from AM0PR01.eurprd01.prod.outlook.com (2603::1) by DU2PR04.outlook.office365.com ${SERVER}; Tue`,
);
const EDGE = line(
  'received',
  `from mail.fabrikam.example (203.0.113.9) by DB5EUR03FT012.mail.protection.outlook.com (10.152.20.154) ${SERVER} via Frontend Transport; Tue, 1 Dec 2026`,
);
const stamp = (dmarc: string, more = '') =>
  line(
    'authentication-results',
    `spf=fail (sender IP is 203.0.113.9) smtp.mailfrom=fabrikam.example; dkim=none (message not signed) header.d=none;dmarc=${dmarc} action=oreject header.from=contoso.com;compauth=${dmarc} reason=000${more}`,
  );
const OWN = stamp('fail');
const FORGED = stamp('pass');
const FAILED = {
  authentication: { dmarc: 'fail', compauth: 'fail', action: 'oreject' },
  clientIp: '203.0.113.9',
};

describe('the stamp of Exchange', () => {
  it('is read from between its own lines', () => {
    expect(boundaryOf([INSIDE, OWN, EDGE, line('from', 'x')])).toEqual(FAILED);
  });

  test.each([
    ['a forged stamp below it', [INSIDE, OWN, EDGE, FORGED]],
    ['twenty of them', [INSIDE, OWN, EDGE, ...Array.from({ length: 20 }, () => FORGED)]],
    ['a forged line of Exchange with its stamp', [INSIDE, OWN, EDGE, FORGED, EDGE]],
    ['a forged stamp above a forged line of Exchange', [OWN, EDGE, INSIDE, FORGED, EDGE, FORGED]],
    ['a stamp in another language of headers', [OWN, EDGE, line('authentication-results-original', FORGED.value)]],
  ])('stays what it is beside %s', (_what, headers) => {
    expect(boundaryOf(headers)).toEqual(FAILED);
  });

  test.each([
    ['nobody took the mail in from elsewhere', [INSIDE, FORGED]],
    ['the stamp stands below', [INSIDE, EDGE, FORGED]],
    ['there are two above', [FORGED, OWN, EDGE]],
    [
      'a server only calls itself so',
      [FORGED, line('received', EDGE.value.replace('.outlook.com', '.outlook.com.evil.example'))],
    ],
    [
      'a server of another name has that in it',
      [FORGED, line('received', EDGE.value.replace('by DB5', 'by evil.example/DB5'))],
    ],
    [
      'it was not taken in from elsewhere',
      [FORGED, line('received', EDGE.value.replace(' via Frontend Transport', ''))],
    ],
    ['it tells of DMARC twice', [stamp('fail', ';dmarc=pass action=none'), EDGE]],
    ['it is longer than any server writes', [stamp('fail', ' x'.repeat(150_000)), EDGE]],
    ['there are no headers', []],
  ])('is not known where %s', (_what, headers) => {
    expect(boundaryOf(headers)).toEqual(NO_BOUNDARY);
  });

  test.each([2, 300])('is read also where the sender has put %i signatures into the mail', (signatures) => {
    const each = 'dkim=pass (signature was verified) header.d=mail.fabrikam.example;'.repeat(signatures);
    const told = line(
      'authentication-results',
      OWN.value.replace('dkim=none (message not signed) header.d=none;', each),
    );
    expect(boundaryOf([INSIDE, told, EDGE])).toEqual(FAILED);
  });

  it('says nothing that stands in brackets, however they are nested', () => {
    const told = line(
      'authentication-results',
      'spf=none (a (b; dmarc=pass) ; compauth=pass); dmarc=FAIL action=Quarantine (x',
    );
    expect(boundaryOf([told, EDGE]).authentication).toEqual({ dmarc: 'fail', compauth: null, action: 'quarantine' });
  });

  it('is found in the national clouds', () => {
    const cloud = (host: string) => line('received', EDGE.value.replace('protection.outlook.com', host));
    const hosts = ['protection.office365.us', 'protection.partner.outlook.cn'];
    expect(hosts.map((host) => boundaryOf([OWN, cloud(host)]))).toEqual([FAILED, FAILED]);
  });

  it('of a header of twenty thousand signs is looked for in no time', () => {
    const long = line('received', `from ${'a.'.repeat(5_000)} by ${'x.mail.protection.outlook.com by '.repeat(300)}`);
    expect(boundaryOf([long, OWN, long])).toEqual(NO_BOUNDARY);
  });
});
