import { describe, expect, it } from 'vitest';
import { exercisesOf } from '../../src/config/exercises.ts';
import { parseConfig } from '../../src/config/load.ts';
import { configText, refusal } from '../support/configuration.ts';

/** What a tenant says of its own phishing exercises. */

const settings = (simulation: object) => {
  const config = parseConfig(
    configText((t) => Object.assign(t, { simulation })),
    'clawback.yaml',
  );
  const [tenant] = config.tenants;
  if (!tenant?.simulation) throw new Error('there is no simulation');
  return exercisesOf(tenant.simulation);
};

describe('the hosts of exercises', () => {
  const { isOwnAddress, isOwnReturnPath } = settings({ ips: ['203.0.113.0/28', '2001:db8::7'] });
  it.each([
    ['203.0.113.7', true],
    ['203.0.113.16', false],
    ['2001:db8::7', true],
    ['2001:db8::8', false],
    ['no address', false],
  ])('%s: %s', (address, isOwn) => {
    expect(isOwnAddress?.(address)).toBe(isOwn);
  });
  it('say nothing of envelope senders', () => expect(isOwnReturnPath).toBeNull());
});

describe('the envelope senders of exercises', () => {
  const { isOwnAddress, isOwnReturnPath } = settings({ returnPathDomains: ['own.example'] });
  it.each([
    ['own.example', true],
    ['bounce.own.example', true],
    ['notown.example', false],
    ['own.example.evil.example', false],
  ])('%s: %s', (domain, isOwn) => {
    expect(isOwnReturnPath?.(domain)).toBe(isOwn);
  });
  it('say nothing of hosts', () => expect(isOwnAddress).toBeNull());
});

describe('headers alone', () => {
  it('are no exercise', () => {
    expect(settings({ headers: ['X-PhishTest'] })).toEqual({ isOwnAddress: null, isOwnReturnPath: null });
  });
});

describe('a slip of the pen', () => {
  it.each([['0.0.0.0/0'], ['203.0.0.0/8'], ['2001::/16'], ['203.0.113.0/33'], ['mail.example'], ['203.0.113.7/x']])(
    '%s would make too much an exercise, or nothing, and is refused',
    (network) => {
      const words = refusal(() =>
        parseConfig(
          configText((t) => Object.assign(t, { simulation: { ips: [network] } })),
          'clawback.yaml',
        ),
      );
      expect(words).toContain('simulation.ips.0: must be an IP address or a network');
    },
  );
});
