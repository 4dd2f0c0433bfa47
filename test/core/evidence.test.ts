import { describe, expect, it } from 'vitest';
import { TakenAlert } from '../../src/core/find/alert.ts';
import { readAlert } from '../../src/core/find/alert-reader.ts';
import { contactLines, evidenceRows } from '../../src/core/tell/evidence.ts';

const HASH = 'ab'.repeat(32);
const base = {
  id: 'a1',
  source: 'Detector',
  verdict: 'phishing',
  detectedAt: '2026-11-20T08:00:00Z',
  message: { sender: 'x@fabrikam.example', subject: 'Invoice' },
};
const read = (evidence: unknown) => {
  const told = readAlert({ ...base, evidence }, { now: '2026-11-20T08:00:00Z', id: 'd1' });
  if (!('alert' in told)) throw new Error('nothing of it can be used');
  return told.alert;
};
const taken = (change: object) => TakenAlert.parse({ ...base, ...change });
const rows = (change: object) => Object.fromEntries(evidenceRows(taken(change), 1));

describe('the evidence of an alert', () => {
  it('is taken field by field, and what cannot be used costs itself alone', () => {
    const { evidence, findings } = read({
      spf: ' FAIL ',
      dkim: 'maybe',
      firstContact: 'yes',
      files: [{ name: 'a.pdf', type: 'application/pdf', sha256: HASH.toUpperCase() }, { type: 'x' }, 7],
      weather: 'fine',
    });
    expect(evidence).toEqual({
      spf: 'fail',
      dkim: null,
      dmarc: null,
      firstContact: null,
      files: [{ name: 'a.pdf', type: 'application/pdf', sha256: HASH }],
    });
    expect(findings.map((finding) => finding.split(':')[0])).toEqual([
      'evidence',
      'evidence dkim',
      'evidence firstContact',
      'evidence files',
    ]);
  });

  it.each([[null], [undefined], ['all fine'], [{}], [{ files: [] }]])('of %j is none', (given) => {
    expect('evidence' in read(given)).toBe(false);
  });
});

describe('what a card shows of it', () => {
  it('says whose word it is, and how sure that one is', () => {
    expect(rows({ confidence: 92, evidence: { spf: 'fail', dmarc: 'none' } })).toMatchObject({
      Reported: 'Detector, 92 % sure, 20 Nov 08:00 UTC',
      'Sender checks': 'SPF fail, DMARC none, says Detector',
    });
    expect(contactLines(taken({ evidence: { firstContact: true } }))).toEqual([
      'The sender has not written to these people before, says Detector.',
    ]);
    expect(contactLines(taken({ evidence: { firstContact: false } }))).toEqual([]);
  });

  it('names the hosts that links lead to, each once, and nobody who stands before an @', () => {
    const urls = [
      'https://login.contoso.example@evil.example:8443/a?b=c',
      'HTTPS://EVIL.example/other',
      'javascript:alert(1)',
      'https:\\\\third.example\\x',
      'https://fourth.example#top',
    ];
    const said = rows({ message: { ...base.message, urls } })['Links go to'];
    expect(said).toBe('evil[.]example, javascript[:]alert(1), third[.]example and 1 more host');
  });

  it('names the types and hashes of files', () => {
    const files = [{ name: 'a.pdf', type: 'application/pdf', sha256: HASH }, { name: 'b.exe' }];
    expect(rows({ evidence: { files } })['Attachments']).toBe(
      'a[.]pdf (application/pdf, SHA-256 abababababababab\u2026); b[.]exe',
    );
  });

  it('says that a reporter is not proven', () => {
    expect(rows({ reporter: { address: 'ann@contoso.example' } })['Reporter']).toBe(
      'ann@contoso[.]example (not proven)',
    );
  });
});
