import { expect, test } from 'vitest';
import { callbackAddress, ticketAddress } from '../../src/adapters/http/pages.ts';

const OURS = 'https://clawback.contoso.example';

test('the address of a ticket carries its tenant', () => {
  expect(ticketAddress(`${OURS}/`, 'contoso', 'ticket-1')).toBe(`${OURS}/auth?tenant=contoso&ticket=ticket-1`);
});

test.each(['http://clawback.contoso.example', 'https://clawback.contoso.example/x', 'clawback.contoso.example'])(
  'no address is made for %s',
  (publicUrl) => {
    expect(() => callbackAddress(publicUrl)).toThrow(expect.objectContaining({ code: 'config', field: 'publicUrl' }));
  },
);
