import { describe, expect, it } from 'vitest';
import type { TakenAlert } from '../../src/core/find/alert.ts';
import { marksOf, pairsOf, placeIn } from '../../src/core/find/campaign.ts';
import { alertOf } from '../support/cases.ts';

/** Which mails are shown as one attack: two independent marks agree. */

const TERMS = { ownDomains: ['contoso.example'], sharedHosts: ['links.example', 'docs.service.example'] };
const SENDER = 'pay@evil.example';
const LINK = 'https://login.evil.example/a';
const FILE = 'a'.repeat(64);
const file = (sha256: string | null) => ({ files: [{ name: 'x.pdf', type: null, sha256 }] });
const from = (name: string) => ({
  name,
  kind: 'detector' as const,
  claims: { confidence: 100, actFirst: false, recipients: false, ids: false, reporters: false },
});
const mail = (message: Record<string, unknown>, change: Record<string, unknown> = {}): TakenAlert =>
  alertOf(change, { sender: null, senderName: null, ...message });

function agree(a: TakenAlert, b: TakenAlert): boolean {
  const pairs = (alert: TakenAlert) => pairsOf(marksOf(alert, TERMS)).map((pair) => JSON.stringify(pair));
  const known = new Set(pairs(a));
  return pairs(b).some((pair) => known.has(pair));
}

describe('two mails are of one campaign by', () => {
  it.each<[string, TakenAlert, TakenAlert]>([
    [
      'sender and host',
      mail({ sender: SENDER, urls: [LINK] }),
      mail({ sender: SENDER, urls: ['https://login.evil.example/b'] }),
    ],
    [
      'sender as it is compared',
      mail({ sender: 'Pay@EVIL.example', urls: [LINK] }),
      mail({ sender: SENDER, urls: [LINK] }),
    ],
    [
      'display name and host',
      mail({ senderName: 'Fabrikam  Billing', urls: [LINK] }),
      mail({ senderName: 'FABRIKAM billing', urls: [LINK] }),
    ],
    [
      'sender and file',
      mail({ sender: SENDER }, { evidence: file(FILE) }),
      mail({ sender: SENDER }, { evidence: file(FILE) }),
    ],
    [
      'host and file',
      mail({ urls: [LINK] }, { evidence: file(FILE) }),
      mail({ urls: [LINK] }, { evidence: file(FILE) }),
    ],
    [
      'a vendor\u2019s campaign and the sender',
      mail({ sender: SENDER }, { campaign: { source: 'V', id: '1' }, from: from('v') }),
      mail({ sender: SENDER }, { campaign: { source: 'V', id: '1' }, from: from('v') }),
    ],
    [
      'a host among others, in any order',
      mail({ sender: SENDER, urls: ['https://a.example', LINK] }),
      mail({ sender: SENDER, urls: [LINK, 'https://b.example'] }),
    ],
    [
      'a host with www and a dot at its end',
      mail({ sender: SENDER, urls: ['http://www.evil.example./'] }),
      mail({ sender: SENDER, urls: ['https://evil.example'] }),
    ],
    [
      'two hosts of what one owner has registered',
      mail({ sender: SENDER, urls: [LINK] }),
      mail({ sender: SENDER, urls: ['https://x7f3.pay.evil.example/'] }),
    ],
    [
      'two hosts of one owner below a service that gives a host to everybody',
      mail({ sender: SENDER, urls: ['https://evil.github.io/a'] }),
      mail({ sender: SENDER, urls: ['https://www.evil.github.io/b'] }),
    ],
  ])('%s', (_by, a, b) => {
    expect(agree(a, b)).toBe(true);
  });
});

describe('two mails are apart', () => {
  it.each<[string, TakenAlert, TakenAlert]>([
    ['the sender alone', mail({ sender: SENDER }), mail({ sender: SENDER })],
    ['sender and subject', mail({ sender: SENDER, subject: 'Pay' }), mail({ sender: SENDER, subject: 'Pay' })],
    [
      'sender and display name are one mark',
      mail({ sender: SENDER, senderName: 'Billing' }),
      mail({ sender: SENDER, senderName: 'Billing' }),
    ],
    [
      'two hosts are one kind of mark',
      mail({ urls: [LINK, 'https://b.example'] }),
      mail({ urls: [LINK, 'https://b.example'] }),
    ],
    ['nothing at all, twice', mail({}), mail({})],
    [
      'empty texts agree with nothing',
      mail({ senderName: '  ', urls: [''] }),
      mail({ senderName: '', urls: ['', 'mailto:x@y.example'] }),
    ],
    [
      'a file without a hash',
      mail({ sender: SENDER }, { evidence: file(null) }),
      mail({ sender: SENDER }, { evidence: file(null) }),
    ],
    [
      'a link into the own domain',
      mail({ sender: SENDER, urls: ['https://intranet.contoso.example/x'] }),
      mail({ sender: SENDER, urls: ['https://intranet.contoso.example/y'] }),
    ],
    [
      'a link to what everybody uses',
      mail({ sender: SENDER, urls: ['https://links.example/x'] }),
      mail({ sender: SENDER, urls: ['https://eu.links.example/x', 'https://links.example/y'] }),
    ],
    [
      'a display name that is nobody\u2019s own',
      mail({ senderName: 'HR', urls: [LINK] }),
      mail({ senderName: 'HR', urls: [LINK] }),
    ],
    [
      'the same campaign id of two sources',
      mail({ sender: SENDER }, { campaign: { source: 'V', id: '1' }, from: from('v') }),
      mail({ sender: SENDER }, { campaign: { source: 'V', id: '1' }, from: from('w') }),
    ],
    [
      'a host that only ends alike',
      mail({ sender: SENDER, urls: ['https://evil.example'] }),
      mail({ sender: SENDER, urls: ['https://notevil.example'] }),
    ],
    [
      'two owners below a service that gives a host to everybody',
      mail({ sender: SENDER, urls: ['https://evil.github.io/a'] }),
      mail({ sender: SENDER, urls: ['https://good.github.io/a'] }),
    ],
    [
      'two hosts of a name under which one is shared',
      mail({ sender: SENDER, urls: ['https://forms.service.example/a'] }),
      mail({ sender: SENDER, urls: ['https://sites.service.example/a'] }),
    ],
    [
      'an exercise',
      mail({ sender: SENDER, urls: [LINK] }, { exercises: ['x'] }),
      mail({ sender: SENDER, urls: [LINK] }),
    ],
  ])('%s', (_why, a, b) => {
    expect(agree(a, b)).toBe(false);
  });
});

describe('marks', () => {
  it('a copied newsletter is a line in a list, and nothing more: its marks are those of anybody who copies them', () => {
    const newsletter = mail({ sender: 'news@shop.example', urls: ['https://shop.example/sale'] });
    const copy = mail({ sender: 'news@shop.example', urls: ['https://shop.example/sale', LINK] });
    expect(agree(newsletter, copy)).toBe(true);
  });

  it('are few, the same ones whatever order they stand in', () => {
    const urls = Array.from({ length: 5_000 }, (_none, n) => `https://h${String(n).padStart(4, '0')}.example`);
    const marks = marksOf(mail({ sender: SENDER, urls }), TERMS);
    expect(marks).toEqual(marksOf(mail({ sender: SENDER, urls: urls.toReversed() }), TERMS));
    expect([marks.length, pairsOf(marks).length]).toEqual([6, 5]);
  });

  it('hold no half characters, which cannot be hashed', () => {
    const [mark] = marksOf(mail({ senderName: 'Billing \ud800' }), TERMS);
    expect(mark).toEqual({ kind: 'sender', value: 'name billing \ufffd' });
  });
});

describe('an alert that fits', () => {
  it('is a wave, up to fifty', () => {
    expect([placeIn(0, false), placeIn(49, false), placeIn(50, false)]).toEqual([
      { is: 'wave' },
      { is: 'wave' },
      { is: 'new', because: 'full' },
    ]);
  });

  it('and is called worse than all of it is by itself', () => {
    expect(placeIn(50, true)).toEqual({ is: 'new', because: 'worse' });
  });
});
