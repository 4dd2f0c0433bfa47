import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressKey, bothForms, domainOf, sameAddress, withoutTag } from '../../src/core/address.ts';
import { decodePunycode } from '../../src/core/punycode.ts';

describe('one form of an address, for comparison', () => {
  it.each([
    ['is lower case', 'Emma.Jones@Contoso.Example', 'emma.jones@contoso.example'],
    ['has its domain in ASCII', 'desk@Bücher.example', 'desk@xn--bcher-kva.example'],
    ['keeps a domain that is ASCII already', 'desk@XN--bcher-kva.example', 'desk@xn--bcher-kva.example'],
    ['takes every full stop of Unicode', 'desk@bücher。example', 'desk@xn--bcher-kva.example'],
    ['leaves the local part as it is', 'Büro@bücher.example', 'büro@xn--bcher-kva.example'],
    ['leaves a quoted local part as it is', '"A @ b"@contoso.example', '"a @ b"@contoso.example'],
    [
      'leaves letters beyond ASCII in the local part as they are',
      '\u212Aim.\u00C9@K.example',
      '\u212Aim.\u00C9@k.example',
    ],
    ['keeps the tag', 'emma+news@contoso.example', 'emma+news@contoso.example'],
    [
      'leaves invalid punycode as it is written',
      'x@xn--80ak6aa92e-com.mta.example',
      'x@xn--80ak6aa92e-com.mta.example',
    ],
    ['leaves punycode of nothing', 'x@xn--.example', 'x@xn--.example'],
    [
      'mends the labels beside an invalid one',
      'x@bücher.xn--zzzzzz-999999999.example',
      'x@xn--bcher-kva.xn--zzzzzz-999999999.example',
    ],
    ['does not take digits for an address of a machine', 'x@１２７.１', 'x@127.1'],
    ['does not read a path into a domain', 'x@ü/../contoso.example', 'x@ü/../contoso.example'],
    ['does not decode a domain', 'x@%70hish.example', 'x@%70hish.example'],
    ['does not decode a domain beyond ASCII', 'x@ü%70.example', 'x@ü%70.example'],
    ['does not leave out a blank of a domain', 'x@ü\tb.example', 'x@ü\tb.example'],
    ['does not make labels of one sign', 'x@ü…b.example', 'x@ü…b.example'],
    ['does not make nothing of a hidden label', 'x@\u00AD.example', 'x@\u00AD.example'],
    ['without a local part has its domain in ASCII too', '@Bücher.example', '@xn--bcher-kva.example'],
    ['is the whole of a directory name', '/O=EXCHANGELABS/CN=0001-OMAR', '/o=exchangelabs/cn=0001-omar'],
    ['of nothing is nothing', '', ''],
  ])('%s', (_name, address, key) => {
    expect(addressKey(address)).toBe(key);
  });

  it('of a form is that form', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.emailAddress(), fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' })),
        (text) => {
          expect(addressKey(addressKey(text))).toBe(addressKey(text));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('does not depend on upper and lower case', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        expect(sameAddress(address.toUpperCase(), address)).toBe(true);
      }),
    );
  });

  it.each([
    ['both forms of one domain', 'desk@bücher.example', 'desk@xn--bcher-kva.example', true],
    ['another local part', 'desk@contoso.example', 'help@contoso.example', false],
    ['the sign of Kelvin for a k', '\u212Aim@contoso.example', 'kim@contoso.example', false],
    ['another domain', 'desk@contoso.example', 'desk@contoso.example.phish.example', false],
    ['a letter that only looks the same', 'desk@аpple.example', 'desk@apple.example', false],
    ['a missing one', null, 'desk@contoso.example', false],
    ['a missing second one', 'desk@contoso.example', null, false],
    ['two missing ones', null, null, false],
  ])('%s', (_name, a, b, same) => {
    expect(sameAddress(a, b)).toBe(same);
  });
});

describe('an address for people', () => {
  it.each([
    ['is as it is written', 'Desk@Contoso.example', 'Desk@Contoso.example'],
    [
      'in ASCII is told in Unicode too',
      'desk@xn--bcher-kva.example',
      'desk@xn--bcher-kva.example (desk@bücher.example)',
    ],
    ['in Unicode is told in ASCII too', 'desk@bücher.example', 'desk@bücher.example (desk@xn--bcher-kva.example)'],
    ['with a wide full stop is told in ASCII', 'a@contoso\uff0eexample', 'a@contoso\uff0eexample (a@contoso.example)'],
    ['with wide letters is told in ASCII', 'a@\uff43ontoso.example', 'a@\uff43ontoso.example (a@contoso.example)'],
    ['that imitates is told for what it is', 'desk@аpple.example', 'desk@аpple.example (desk@xn--pple-43d.example)'],
    ['with invalid punycode is told once', 'x@xn--80ak6aa92e-com.example', 'x@xn--80ak6aa92e-com.example'],
    ['with punycode of plain letters is told once', 'x@xn--contoso-.example', 'x@xn--contoso-.example'],
    ['with a domain beyond ASCII that has no other form is told once', 'x@Ü/a.example', 'x@Ü/a.example'],
    ['that is none is told once', 'nobody', 'nobody'],
  ])('%s', (_name, address, told) => {
    expect(bothForms(address)).toBe(told);
  });

  it('shows a second form only of the same address', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), (label) => {
        const address = `desk@${label}.example`;
        const other = bothForms(address)
          .slice(address.length)
          .replace(/^ \(|\)$/g, '');
        expect(other === '' || sameAddress(address, other)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the domain of an address', () => {
  it.each([
    ['is what stands behind the last @', '"a@b"@contoso.example', 'contoso.example'],
    ['has the form that is compared', 'desk@Bücher.example', 'xn--bcher-kva.example'],
  ])('%s', (_name, address, domain) => {
    expect(domainOf(address)).toBe(domain);
  });
});

describe('punycode', () => {
  it('is read as the platform writes it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'abcxyz019-äöüßéñżабвгдеあいう中文字한국'), minLength: 1, maxLength: 12 }),
        (label) => {
          const ascii = URL.parse(`http://${label}.example`)?.hostname.split('.')[0] ?? '';
          fc.pre(ascii.startsWith('xn--'));
          expect(decodePunycode(ascii.slice(4))?.normalize('NFC')).toBe(label.toLowerCase().normalize('NFC'));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it.each(['', '-', 'ü', 'a_b', 'bcher-kv', '99999999', 'x'.repeat(64)])(
    '%j is none, or reads as something',
    (label) => {
      expect(decodePunycode(label) === null || decodePunycode(label) !== label).toBe(true);
    },
  );

  it.each([
    '',
    '-',
    'ü',
    'a_b',
    'x'.repeat(64),
    'bcher-kv',
    'b_cher-kva',
    'Bcher-kva',
    // Half characters, and what is beyond the last character.
    'ib9b',
    'zy0c',
    'en32g',
    '9'.repeat(63),
  ])('%j is none', (label) => {
    expect(decodePunycode(label)).toBeNull();
  });

  it.each([
    ['the last character of all', 'dn32g', '\u{10ffff}'],
    ['the last one before the half characters', 'hb9b', '\ud7ff'],
    ['the first one behind them', '0y0c', '\ue000'],
    ['two far ones behind plain letters', 'abc-li2sth', 'abc\uf99c\uf9ce'],
  ])('may be %s', (_name, label, text) => {
    expect(decodePunycode(label)).toBe(text);
  });

  it('is as long as a label may be, and no longer', () => {
    const readable = (letters: number) => decodePunycode(`${'a'.repeat(letters)}-kva`) !== null;
    expect([readable(59), readable(60)]).toEqual([true, false]);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789-'), maxLength: 70 }),
        (label) => {
          expect(typeof decodePunycode(label)).toMatch(/string|object/);
        },
      ),
      { numRuns: 5_000 },
    );
  });
});

describe('a tag', () => {
  it.each([
    ['emma+news@contoso.example', 'emma@contoso.example'],
    ['emma+a+b@contoso.example', 'emma@contoso.example'],
    ['emma+@contoso.example', 'emma@contoso.example'],
    ['e+news@contoso.example', 'e@contoso.example'],
    ['emma@contoso.example', null],
    ['+news@contoso.example', null],
    ['"emma+news"@contoso.example', null],
    ['"emma+news".jones@contoso.example', null],
    ['emma@contoso+x.example', null],
    ['emma+news', null],
  ])('of %s leaves %s', (address, without) => {
    expect(withoutTag(address)).toBe(without);
  });
});
