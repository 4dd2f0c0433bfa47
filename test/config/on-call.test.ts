import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { loadSchedule } from '../../src/config/schedule-file.ts';
import { readSecrets } from '../../src/config/secrets.ts';

const MANIFEST = `${import.meta.dirname}/../../manifest`;
const EXAMPLE = readFileSync(`${MANIFEST}/clawback.example.yaml`, 'utf8');
const ON_CALL = EXAMPLE.slice(EXAMPLE.indexOf('    onCall:\n'), EXAMPLE.indexOf('    # onCall:'));
const QUIET = EXAMPLE.slice(EXAMPLE.indexOf('    quietHours:\n'), EXAMPLE.indexOf('\n    # Who sends alerts.'));
const withOnCall = (text: string) => parseConfig(EXAMPLE.replace(ON_CALL, text), 'clawback.yaml');
const withQuiet = (text: string) => parseConfig(EXAMPLE.replace(QUIET, text), 'clawback.yaml');

describe('who is called first', () => {
  it('is in the example, of both kinds', () => {
    expect(parseConfig(EXAMPLE, 'clawback.yaml').tenants[0]?.onCall).toEqual({
      ...{ source: 'pagerduty', url: 'https://api.pagerduty.com', schedules: ['PI7DH85'] },
    });
    expect(withOnCall('    onCall: { source: file, file: ./on-call.yaml }\n').tenants[0]?.onCall).toMatchObject({
      source: 'file',
    });
    expect(withOnCall('').tenants[0]?.onCall).toBeUndefined();
    expect(loadSchedule(`${MANIFEST}/on-call.example.yaml`).shifts).toHaveLength(1);
  });

  it.each([
    ['another source', '    onCall: { source: rota }\n', 'tenants.0.onCall.source'],
    ['a file without a name', '    onCall: { source: file }\n', 'tenants.0.onCall.file'],
    ['no schedule', '    onCall: { source: pagerduty, schedules: [] }\n', 'tenants.0.onCall.schedules'],
    [
      'an id of none',
      '    onCall: { source: pagerduty, schedules: [soc team] }\n',
      'must be the id of a PagerDuty schedule',
    ],
    [
      'a token in clear',
      '    onCall: { source: pagerduty, url: "http://pd.example", schedules: [PSOC1] }\n',
      'is not https',
    ],
  ])('with %s is refused by name', (_what, text, says) => {
    expect(() => withOnCall(text)).toThrow(says);
  });

  it('needs the token of PagerDuty where it is asked, and not elsewhere', () => {
    const told = (config: ReturnType<typeof withOnCall>, env = {}) => {
      try {
        return String(readSecrets(config, env, MANIFEST));
      } catch (error) {
        return String(error);
      }
    };
    const missing = 'CLAWBACK_CONTOSO_PAGERDUTY_TOKEN is not set: a read-only REST API key, to ask who is on call';
    expect(told(withOnCall(ON_CALL))).toContain(missing);
    expect(told(withOnCall(ON_CALL), { CLAWBACK_CONTOSO_PAGERDUTY_TOKEN: 'a b' })).toContain(
      'PAGERDUTY_TOKEN does not look right',
    );
    expect(told(withOnCall(ON_CALL), { CLAWBACK_CONTOSO_PAGERDUTY_TOKEN: 'u+NbAkKc66ryYTWUXYEu' })).not.toContain(
      'PAGERDUTY',
    );
    expect(told(withOnCall(''))).not.toContain('PAGERDUTY');
  });
});

describe('quiet hours', () => {
  it('call for what is critical all the same, unless they say otherwise', () => {
    const text = '    quietHours: { zone: Europe/Berlin, from: "22:00", until: "07:00" }\n';
    expect(withQuiet(text).tenants[0]?.quietHours?.calledFrom).toBe('critical');
  });

  it.each([
    [
      'another zone',
      '{ zone: Berlin, from: "22:00", until: "07:00" }',
      'must be an IANA time zone such as Europe/Berlin',
    ],
    ['another hour', '{ zone: UTC, from: "25:00", until: "07:00" }', 'must be a time of day such as 22:00'],
    ['no length', '{ zone: UTC, from: "22:00", until: "22:00" }', 'is the same as from'],
    ['no end', '{ zone: UTC, from: "22:00" }', 'tenants.0.quietHours.until'],
    [
      'another severity',
      '{ zone: UTC, from: "22:00", until: "07:00", calledFrom: severe }',
      'tenants.0.quietHours.calledFrom',
    ],
  ])('with %s are refused by name', (_what, text, says) => {
    expect(() => withQuiet(`    quietHours: ${text}\n`)).toThrow(says);
  });
});
