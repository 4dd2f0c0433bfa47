import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Tenant } from '../../src/config/schema.ts';
import { examineOnCall, judgeQuiet } from '../../src/doctor/judge-on-call.ts';
import { person, policyOf } from '../support/cases.ts';
import { type FakePagerDuty, startFakePagerDuty } from '../support/fake-pagerduty.ts';

/** What the doctor says of who is called first. */

const NOW = Date.parse('2026-12-01T06:00:00Z');
const tenantWith = (change: object) =>
  ({ name: 'contoso', approvers: [{ ...person(1) }], ...change }) as unknown as Tenant;
const examine = (tenant: Tenant, token = 'u+NbAkKc66ryYTWUXYEu', policy = policyOf(1, 1)) =>
  examineOnCall(tenant, { pagerDuty: token } as never, policy, { now: () => NOW, fetch });

describe('a schedule file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'clawback-schedule-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const file = () => join(folder, 'on-call.yaml');
  const judge = (text: string, policy = policyOf(1, 1)) => {
    writeFileSync(file(), text);
    return examine(tenantWith({ onCall: { source: 'file', file: file() } }), '', policy);
  };
  const shift = (from: string, until: string, who = person(1).entraId) =>
    `version: 1\nzone: UTC\nshifts:\n  - { person: ${who}, from: ${from}, until: ${until} }\n`;

  it('without gaps is well', async () => {
    const rotation = `version: 1\nzone: UTC\nrotation: { start: 2026-11-30T08:00, people: [${person(1).entraId}] }\n`;
    expect(await judge(rotation)).toEqual([
      { check: 'on call', state: 'ok', found: 'somebody is on call at all times of the next 14 days', mend: '' },
    ]);
  });

  it('with gaps tells when nobody is called first', async () => {
    const [finding] = await judge(shift('2026-12-01T08:00', '2026-12-02T08:00'));
    expect(finding).toMatchObject({
      state: 'warn',
      found:
        'nobody is on call: 1 Dec 06:00 UTC to 1 Dec 08:00 UTC; 2 Dec 08:00 UTC to 15 Dec 06:00 UTC (nobody is now)',
    });
  });

  it('that cannot be used is told key by key', async () => {
    const [finding] = await judge(
      'version: 1\nzone: Berlin\nshifts:\n  - { person: dana, from: noon, until: 2026-12-01T08:00 }\n',
    );
    expect(finding?.state).toBe('fail');
    for (const said of [
      'zone: must be an IANA time zone',
      'shifts.0.person: must be an Entra object id',
      'shifts.0.from:',
    ])
      expect(finding?.found).toContain(said);
  });

  it('that is not there is told as well', async () => {
    const [finding] = await examine(tenantWith({ onCall: { source: 'file', file: file() } }));
    expect(finding).toMatchObject({ state: 'fail', found: expect.stringContaining('there is no on-call schedule') });
  });

  it('with somebody who may not decide says that they are not called', async () => {
    const stranger = '99999999-0000-4000-8000-000000000099';
    const findings = await judge(shift('2026-12-01T00:00', '2027-12-01T08:00', stranger));
    expect(findings[1]).toMatchObject({
      check: 'on call people',
      state: 'warn',
      found: expect.stringContaining(stranger),
    });
    const groups = policyOf(1, 1, { roles: { soc: { entraGroups: ['99999999-0000-4000-8000-000000000001'] } } });
    expect(await judge(shift('2026-12-01T00:00', '2027-12-01T08:00', stranger), groups)).toHaveLength(1);
  });
});

describe('PagerDuty', () => {
  let fake: FakePagerDuty;
  beforeEach(async () => {
    fake = await startFakePagerDuty();
  });
  afterEach(() => fake.close());
  const tenant = () => tenantWith({ onCall: { source: 'pagerduty', url: fake.url, schedules: ['PSOC'] } });

  it('that answers is well, and nobody on call is worth a word', async () => {
    expect(await examine(tenant())).toMatchObject([
      { state: 'warn', found: expect.stringContaining('nobody is on call now') },
    ]);
    fake.onCall.set('PSOC', [{ id: 'P1', email: 'dana@contoso.example' }]);
    expect(await examine(tenant())).toMatchObject([{ state: 'ok', found: 'PagerDuty answers: 1 on call now' }]);
  });

  it('that does not take the token says which one is meant', async () => {
    expect(await examine(tenant(), 'u+another')).toMatchObject([
      {
        state: 'fail',
        found: 'PagerDuty does not take the token (401)',
        mend: expect.stringContaining('CLAWBACK_CONTOSO_PAGERDUTY_TOKEN'),
      },
    ]);
  });
});

it('where nothing is set up there is nothing to say', async () => {
  expect(await examine(tenantWith({}))).toEqual([]);
  expect(judgeQuiet(tenantWith({}))).toEqual([]);
});

it('quiet hours are told as they are meant', () => {
  const quietHours = { zone: 'Europe/Berlin', from: '22:00', until: '07:00', calledFrom: 'high' };
  expect(judgeQuiet(tenantWith({ quietHours }))).toMatchObject([
    { state: 'ok', found: 'nobody is called by name from 22:00 to 07:00 (Europe/Berlin), but from severity high on' },
  ]);
});
