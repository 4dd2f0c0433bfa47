import { describe, expect, it, test } from 'vitest';
import { RelaySettings, relaysOf } from '../../src/config/relays.ts';

/** Which servers the configuration calls its own. */

const relays = (settings: object) => relaysOf(RelaySettings.parse(settings));

describe('servers of their own', () => {
  it('are known by the addresses that are named, and by no other', () => {
    const { isOwnAddress } = relays({ ips: ['203.0.113.32/28', '2001:db8::7'] });
    const asked = ['203.0.113.33', '2001:db8::7', '203.0.113.31', '2001:db8::8', '', 'localhost'];
    expect(asked.map(isOwnAddress)).toEqual([true, true, false, false, false, false]);
    expect(relays({}).isOwnAddress('203.0.113.33')).toBe(false);
  });

  it('are known by the whole name of a connector, among others of the same mail', () => {
    const { isOwnConnector } = relays({ connectors: ['Contoso scanners'] });
    const asked = ['contoso scanners', 'Partner;Contoso Scanners', 'Contoso scanners 2', 'Contoso', '', ';'];
    expect(asked.map(isOwnConnector)).toEqual([true, true, false, false, false, false]);
    expect(relays({}).isOwnConnector('')).toBe(false);
  });

  test.each(['0.0.0.0/0', '203.0.113.0/8', 'everybody', ''])('are not named by %s', (network) => {
    expect(RelaySettings.safeParse({ ips: [network] }).success).toBe(false);
  });
});
