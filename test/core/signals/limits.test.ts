import { describe, expect, it } from 'vitest';
import { TYPICAL, weightOf } from '../../support/signal-cases.ts';

/** How far a signal reads what a sender has written, and what it does with what cannot be read. */

describe('a name that shows an address', () => {
  const shown = (before: number) =>
    weightOf('address-in-name', { ...TYPICAL['address-in-name'], name: `${'x '.repeat(before)} joe@contoso.example` });

  it('is read to its 256th sign', () => {
    expect([shown(10), shown(100), shown(200)].map((weight) => (weight ?? 0) > 0)).toEqual([true, true, false]);
  });
});

describe('answers that go elsewhere', () => {
  const failed = {
    ...TYPICAL.authentication,
    from: 'joe@contoso.example',
    authentication: { dmarc: 'fail', compauth: 'fail' },
  };
  const weight = (replyTo: readonly string[]) => weightOf('authentication', { ...failed, replyTo });

  it('make it strong by the first twenty addresses, whatever else is no address', () => {
    const free = 'joe@gmail.com';
    expect([weight(['no address', free]), weight(['no address'])]).toEqual([40, 20]);
    const others = Array.from({ length: 19 }, (_none, n) => `p${n}@fabrikam.example`);
    expect([weight([...others, free]), weight([...others, 'p@fabrikam.example', free])]).toEqual([40, 20]);
  });
});

describe('the name of somebody important', () => {
  const vips = [{ name: 'Ana Maria Bell', addresses: ['bell@contoso.example'] }];
  const named = (name: string) => (weightOf('vip-name', { ...TYPICAL['vip-name'], vips, name }) ?? 0) > 0;

  it.each([
    ['Ana Maria Bell', true],
    ['Bell, Ana Maria', true],
    ['AnaMariaBell', true],
    ['Maria Bell Ana', false],
    ['Ana Bell', false],
  ])('%s: %s', (name, expected) => {
    expect(named(name)).toBe(expected);
  });
});
