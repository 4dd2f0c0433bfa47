import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mailboxesIn } from '../../src/adapters/eml/address-list.ts';
import { mail, read, utf8 } from '../support/mails.ts';

const senderOf = async (header: string | null, top: readonly string[] = []) => {
  const { message, findings } = await read(mail({ From: header }, 'x', top));
  return { sender: message.sender, said: findings.join() };
};

describe('the sender is the address that Exchange would name', () => {
  it.each([
    ['behind an address as its name', 'boss@contoso.example <desk@phish.example>'],
    ['behind an address in quotes', '"boss@contoso.example" <desk@phish.example>'],
    ['behind an address in quotes and a comma', '"boss@contoso.example", <desk@phish.example>'],
    ['behind an address in single quotes', "'boss@contoso.example' <desk@phish.example>"],
    ['behind an encoded address', '=?utf-8?Q?boss=40contoso.example?= <desk@phish.example>'],
    ['behind an encoded address in brackets', '=?utf-8?Q?<boss@contoso.example>?= <desk@phish.example>'],
    ['behind brackets in quotes', '"<boss@contoso.example>" <desk@phish.example>'],
    ['behind a quote in quotes', '"a\\" <boss@contoso.example>" <desk@phish.example>'],
    ['behind a comment', '(boss@contoso.example) <desk@phish.example>'],
    ['behind a comment in a comment', '(a (b) <boss@contoso.example>) <desk@phish.example>'],
    ['with blanks in its brackets', '< desk@phish.example >'],
    ['in two pairs of brackets', '<<desk@phish.example>>'],
    ['with a route', '<@relay.example,@hop.example:desk@phish.example>'],
    ['before a comment', 'desk@phish.example (boss@contoso.example)'],
    ['in brackets before an address', '<desk@phish.example> boss@contoso.example'],
  ])('%s', async (_name, header) => {
    expect((await senderOf(header)).sender).toBe('desk@phish.example');
  });

  it.each([
    ['with quotes that never end', '"Desk <desk@phish.example>'],
    ['with brackets that never end', 'Desk <desk@phish.example'],
    ['after a quoted name, without brackets', '"boss@contoso.example" desk@phish.example'],
    ['in a comment', '"boss@contoso.example" (<desk@phish.example>)'],
  ])('also in a broken header: %s', async (_name, header) => {
    expect((await senderOf(header)).sender).toBe('desk@phish.example');
  });

  it.each([
    ['only a quoted name', '"desk@phish.example"'],
    ['only an encoded name', '=?utf-8?Q?desk=40phish.example?='],
    ['two addresses among words', 'Desk boss@contoso.example desk@phish.example now'],
    ['two addresses in comments', 'Desk (boss@contoso.example) (desk@phish.example)'],
    ['an address with U+0000', '<de\u0000sk@phish.example>'],
  ])('and none where it cannot be told: %s', async (_name, header) => {
    expect(await senderOf(header)).toEqual({ sender: null, said: expect.stringContaining('From header') });
  });

  it.each([
    ['ceo@contoso.example, Finance <pay@phish.example>', 'ceo@contoso.example'],
    ['boss@contoso.example; <desk@phish.example>', 'boss@contoso.example'],
    ['Undisclosed: desk@phish.example, second@phish.example;', 'desk@phish.example'],
    ['<boss@contoso.example> <desk@phish.example>', 'boss@contoso.example'],
  ])('of several, %s, it is the first one, and that is said', async (header, sender) => {
    expect(await senderOf(header)).toEqual({ sender, said: expect.stringContaining('several senders') });
  });

  it('of several it is the one that the last server has checked', async () => {
    const results = 'Authentication-Results: mx.contoso.example; dmarc=fail header.from=phish.example';
    expect((await senderOf('ceo@contoso.example, <pay@phish.example>', [results])).sender).toBe('pay@phish.example');
  });

  it('is not changed by an older check, which the sender may have written', async () => {
    const results = ['mx; dmarc=pass header.from=phish.example', 'x; dmarc=pass header.from=contoso.example'];
    const top = results.map((value) => `Authentication-Results: ${value}`);
    expect((await senderOf('ceo@contoso.example, <pay@phish.example>', top)).sender).toBe('pay@phish.example');
  });

  it('that the servers did not check is told', async () => {
    const results = 'Authentication-Results: mx; dmarc=fail header.from=phish.example';
    expect(await senderOf('ceo@contoso.example', [results])).toEqual({
      sender: 'ceo@contoso.example',
      said: expect.stringContaining('another sender domain'),
    });
  });

  it.each([
    'mx; spf=fail (header.from=phish.example)',
    'mx; spf=fail smtp.mailfrom="x header.from=phish.example"@x.example',
    'mx; header.from=phish.example',
  ])('is not doubted because of what somebody wrote into the results: %s', async (results) => {
    const top = [`Authentication-Results: ${results}`];
    expect(await senderOf('ceo@contoso.example', top)).toEqual({ sender: 'ceo@contoso.example', said: '' });
  });

  it('with another address behind its brackets is told', async () => {
    expect(await senderOf('<<boss@contoso.example>evil@bad.example>')).toEqual({
      sender: 'boss@contoso.example',
      said: expect.stringContaining('another address stands behind'),
    });
  });

  it('is in the first From header', async () => {
    expect(await senderOf('boss@contoso.example', ['From: <desk@phish.example>'])).toEqual({
      sender: 'desk@phish.example',
      said: expect.stringContaining('several From headers'),
    });
  });

  it('never stands behind a bare CR', async () => {
    expect(await senderOf('Desk <desk@phish.example>\rX: <boss@contoso.example>')).toEqual({
      sender: 'desk@phish.example',
      said: expect.stringContaining('bare CR'),
    });
  });

  it('is not found behind a bare CR in another header', async () => {
    const { message, findings } = await read(mail({ From: null, Subject: 'x\rFrom: <boss@contoso.example>' }));
    expect([message.sender, findings.join()]).toEqual([null, expect.stringContaining('no From header')]);
  });

  it.each([
    ['%', 'notice@%parcel.example'],
    ['/', 'bounce/123=emma@phish.example'],
    ['an apostrophe', "sean.o'brien@phish.example"],
    ['a quoted local part', '"a b"@phish.example'],
    ['a closing bracket in quotes', '"a>b"@phish.example'],
    ['valid punycode', 'desk@xn--bcher-kva.example'],
    ['invalid punycode', 'postmaster@xn--80ak6aa92e-com.mta.phish.example'],
  ])('stays as it is written: %s', async (_name, address) => {
    expect((await senderOf(`Desk <${address}>`)).sender).toBe(address);
  });

  it('may be written in any script', async () => {
    expect((await senderOf(utf8('Büro <büro@bücher.example>'))).sender).toBe('büro@bücher.example');
  });
});

describe('the addresses of a header', () => {
  const parts = fc.constantFrom(
    '<',
    '>',
    '(',
    ')',
    '"',
    '\\',
    ',',
    ';',
    ':',
    ' ',
    '@',
    '=?utf-8?q?',
    '?=',
    'a@x.example',
    'b',
  );

  it('are addresses, whatever stands there', () => {
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 20 }), (all) => {
        const value = all.join('');
        const found = mailboxesIn(value).flatMap(({ address, words, comments }) =>
          [address ?? [], words, comments].flat(),
        );
        expect(found.filter((address) => !value.includes(address) || !address.includes('@'))).toEqual([]);
      }),
      { numRuns: 5_000 },
    );
  });

  it('are read in one pass', () => {
    const value = 'a:'.repeat(75_000);
    expect(mailboxesIn(`${value}x@phish.example`).map(({ address }) => address)).toEqual(['x@phish.example']);
  });
});
