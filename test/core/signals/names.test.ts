import { describe, expect, it } from 'vitest';
import { distance } from '../../../src/core/signal/distance.ts';
import { domainNamed, domainOfAddress, domainSet, domainWords } from '../../../src/core/signal/domain.ts';
import { fold, foldedWords } from '../../../src/core/signal/fold.ts';
import { likeness } from '../../../src/core/signal/likeness.ts';

const LONG = 100_000;
/** Whoever needs the square of a length for it is not done within the time of a test. */
const OFTEN = 2_000;

describe('how a name looks', () => {
  it.each([
    ['Cyrillic letters', 'c\u043Ent\u043Es\u043E', 'contoso'],
    ['Cyrillic capitals', '\u0410\u041D\u0410', 'AHA'],
    ['Greek letters', 'c\u03BFnt\u03BFs\u03BF', 'contoso'],
    ['full-width letters', '\uFF43\uFF4F\uFF4E\uFF54\uFF4F\uFF53\uFF4F', 'contoso'],
    ['mathematical letters', '\u{1D41C}ontoso', 'contoso'],
    ['marks', 'c\u00F3nt\u00F6s\u014D', 'contoso'],
    ['digits', 'c0nt050', 'contoso'],
    ['rn for m', 'fabrikarn', 'fabrikam'],
    ['vv for w', 'vvingtip', 'wingtip'],
    ['cl for d', 'woocl', 'wood'],
    ['a capital I for an l', 'PaypaI', 'paypal'],
    ['a bar for an l', 'paypa|', 'paypal'],
    ['letters with a stroke', '\u0142ukas', 'lukas'],
    ['hidden characters', 'con\u200Bto\u00ADso', 'contoso'],
    ['hyphens', 'con-to-so', 'contoso'],
  ])('%s make no difference', (_what, one, other) => {
    expect(fold(one)).toBe(fold(other));
  });

  it.each([
    ['contoso', 'fabrikam'],
    ['ana', 'anna'],
    ['\u0416ana', 'ana'],
  ])('%s is not %s', (one, other) => {
    expect(fold(one)).not.toBe(fold(other));
  });

  it('words are kept apart, in the order in which they stand', () => {
    expect(foldedWords('  Bell,\u00A0Ana (C.E.O.) ')).toEqual(['bell', 'ana', 'c', 'e', 'o']);
  });

  it.each([
    ['plain', 'a'],
    ['marks', 'e\u0301'],
    ['one that becomes eighteen', '\uFDFA'],
    ['pairs', 'rn'],
    ['half a character', '\uD800'],
  ])('of a long name of %s only the beginning is looked at', (_what, part) => {
    const long = part.repeat(LONG);
    let last = '';
    for (let times = 0; times < OFTEN; times += 1) last = fold(long);
    expect(last.length).toBeLessThanOrEqual(512);
  });
});

describe('the distance of two names', () => {
  it.each([
    ['contoso', 'contoso', 0],
    ['contoso', 'cotnoso', 1],
    ['contoso', 'contosoo', 1],
    ['contoso', 'ontoso', 1],
    ['contoso', 'contosa', 1],
    ['contoso', 'contasa', 2],
    ['ab', 'ba', 1],
    // No place is changed twice: a swap whose letters are then parted is three changes.
    ['ca', 'abc', 3],
    ['', 'ab', 2],
    ['microsoft', 'rnicrosoft', 2],
  ])('%s and %s: %i', (a, b, expected) => {
    expect([distance(a, b, 5), distance(b, a, 5)]).toEqual([expected, expected]);
  });

  it('ends where it is more than asked for', () => {
    expect([distance('contoso', 'fabrikam', 2), distance('a', 'abcdefgh', 2)]).toEqual([3, 3]);
  });

  it('of what no label can be is more than anything', () => {
    const long = 'a'.repeat(LONG);
    let last = 0;
    for (let times = 0; times < OFTEN; times += 1) last = distance(long, `${long}b`, 2);
    expect(last).toBe(3);
  });
});

describe('whose a domain is', () => {
  it.each([
    ['mail.contoso.example', 'contoso.example', 'contoso'],
    ['contoso.example.', 'contoso.example', 'contoso'],
    ['CONTOSO.Example', 'contoso.example', 'contoso'],
    ['news.contoso.co.uk', 'contoso.co.uk', 'contoso'],
    // Each customer of these is somebody else.
    ['contoso.github.io', 'contoso.github.io', 'contoso'],
    ['x.fabrikam.azurewebsites.net', 'fabrikam.azurewebsites.net', 'fabrikam'],
    ['contoso.onmicrosoft.com', 'contoso.onmicrosoft.com', 'contoso'],
    ['contoso.mail.onmicrosoft.com', 'contoso.onmicrosoft.com', 'contoso'],
    ['contoso.onmicrosoft.us', 'contoso.onmicrosoft.us', 'contoso'],
    ['contoso.partner.onmschina.cn', 'contoso.partner.onmschina.cn', 'contoso'],
    ['onmicrosoft.com', 'onmicrosoft.com', 'onmicrosoft'],
    ['b\u00FCcher.example', 'xn--bcher-kva.example', 'b\u00FCcher'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example', 'b\u00FCcher'],
    ['github.io', 'github.io', 'github.io'],
    ['localhost', 'localhost', 'localhost'],
    ['127.0.0.1', '127.0.0.1', '127.0.0.1'],
  ])('%s is registered as %s', (host, name, label) => {
    expect(domainNamed(host)).toMatchObject({ name, label });
  });

  it.each([['nobody'], [''], ['@'], ['a@'], ['a@.example'], ['a@b..example'], [`a@${'b'.repeat(LONG)}.example`]])(
    'no domain can be read from the %#. address',
    (address) => {
      let last: unknown = 'none';
      for (let times = 0; times < OFTEN; times += 1) last = domainOfAddress(address);
      expect(last).toBeNull();
    },
  );

  it('two hosts of one owner are one of a set, and two tenants are two', () => {
    const set = domainSet(['contoso.example', 'mail.contoso.example', 'a.onmicrosoft.com', 'b.onmicrosoft.com', '..']);
    expect(set.list.map(({ name }) => name)).toEqual(['contoso.example', 'a.onmicrosoft.com', 'b.onmicrosoft.com']);
  });

  it('a host of a set is in it, whatever stands before it', () => {
    const host = domainNamed('x.y.contoso.example');
    expect(host && domainSet(['contoso.example']).has(host)).toBe(true);
  });

  it('is told in both of its forms, none of them a link', () => {
    const odd = domainNamed('mail.c\u043Entoso.example');
    expect(odd && domainWords(odd)).toBe('mail[.]xn--cntoso-wqf[.]example (reads c\u043Entoso[.]example)');
  });
});

describe('what looks like another domain', () => {
  it.each([
    ['c\u043Entoso.example', 'contoso.example', 'same look', 'close'],
    ['cont0so.example', 'contoso.example', 'same look', 'close'],
    ['fabrikarn.example', 'fabrikam.example', 'same look', 'close'],
    ['\u0430cme.example', 'acme.example', 'same look', 'close'],
    ['stern.example', 'stem.example', 'same look', 'near'],
    ['fabrikarn.test', 'fabrikam.example', 'same look', 'close'],
    ['cotnoso.example', 'contoso.example', 'one letter', 'close'],
    ['contosoo.example', 'contoso.example', 'one letter', 'close'],
    ['con-toso.example', 'contoso.example', 'one letter', 'close'],
    ['contosso.test', 'contoso.example', 'one letter', 'near'],
    ['helpdesk1.example', 'helpdesk.example', 'one letter', 'near'],
    ['fabrik.example', 'fabri.example', 'one letter', 'near'],
    ['fabrlkarns.example', 'fabrikam.example', 'one letter', 'close'],
    ['fabricaam.example', 'fabrikam.example', 'two letters', 'near'],
    ['contoso.co', 'contoso.com', 'other ending', 'close'],
    ['contoso.de', 'contoso.dk', 'other ending', 'near'],
    ['contoso.test', 'contoso.example', 'other ending', 'near'],
    ['contoso-billing.example', 'contoso.example', 'name in it', 'near'],
    ['mycontoso.example', 'contoso.example', 'name in it', 'near'],
    ['contosopay.example', 'contoso.example', 'name in it', 'near'],
    ['contoso-fabrikam.example', 'contoso.example', 'name in it', 'far'],
    ['contoso.example.fabrikam.example', 'contoso.example', 'name in it', 'near'],
  ])('%s and %s: %s, %s', (stranger, known, kind, closeness) => {
    expect(alike(stranger, known)).toEqual({ kind, closeness });
  });

  it.each([
    ['the same', 'mail.contoso.example', 'contoso.example'],
    ['another name', 'fabrikam.example', 'contoso.example'],
    ['short names one letter apart', 'acne.example', 'acme.example'],
    ['shorter ones', 'ibn.example', 'ibm.example'],
    ['names that are counted', 'region2.example', 'region1.example'],
    ['a customer’s page at a service', 'contoso.helpdesk.example', 'contoso.example'],
    ['letters within another word', 'contosofans.example', 'contoso.example'],
    ['two letters of a short name', 'contaso.example', 'contusa.example'],
  ])('%s: no likeness', (_what, stranger, known) => {
    expect(alike(stranger, known)).toBeNull();
  });
});

function alike(a: string, b: string) {
  const [stranger, known] = [domainNamed(a), domainNamed(b)];
  return stranger && known && likeness(stranger, known);
}
