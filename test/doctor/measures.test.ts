import { describe, expect, it } from 'vitest';
import { MEASURE_KINDS, type MeasureKind } from '../../src/core/measure/measure.ts';
import { judgeMeasures } from '../../src/doctor/judge-measures.ts';
import { leastPermissions } from '../../src/doctor/permissions.ts';

/** What the doctor says of measures that are switched on. */

const IDENTITIES = ['SecurityIdentitiesAccount.Read.All', 'SecurityIdentitiesActions.ReadWrite.All'];

function judged(kind: MeasureKind, roles: readonly string[] | null, url = 'https://graph.microsoft.com') {
  const graph = { url, clientId: 'an-app' } as Parameters<typeof judgeMeasures>[0]['graph'];
  const [finding] = judgeMeasures({ measures: [kind], graph }, roles);
  if (!finding) throw new Error('there is one measure');
  return finding;
}

const WHOLE: Readonly<Record<MeasureKind, readonly string[]>> = {
  'rule-off': ['MailboxSettings.ReadWrite'],
  'revoke-sessions': ['User.RevokeSessions.All'],
  'disable-account': ['User.EnableDisableAccount.All', 'User.Read.All'],
  'mark-compromised': ['IdentityRiskyUser.ReadWrite.All'],
  'revoke-grant': ['DelegatedPermissionGrant.ReadWrite.All'],
  'remove-event': ['Calendars.ReadWrite'],
  'take-sent-copy': ['Mail.ReadWrite'],
};

describe('nothing', () => {
  it('is said of measures that are off', () => {
    const graph = { url: 'https://graph.microsoft.com' } as Parameters<typeof judgeMeasures>[0]['graph'];
    expect(judgeMeasures({ measures: [], graph }, [])).toEqual([]);
  });
});

describe.each(MEASURE_KINDS)('the measure %s', (kind) => {
  it('is fine with its permissions, and is not tried', () => {
    expect(judged(kind, WHOLE[kind])).toMatchObject({ check: `measure ${kind}`, state: 'ok' });
  });

  it('is not looked at without a token', () => {
    expect(judged(kind, null).state).toBe('skip');
  });

  it('names the permission that is missing', () => {
    const { found, state } = judged(kind, []);
    expect(found).toContain(WHOLE[kind][0]);
    expect(['fail', 'warn']).toContain(state);
  });

  it('is among what the app registration is given', () => {
    const used = { hunting: false, groups: false, identityProtection: false, measures: [kind] };
    const names = leastPermissions(used).map(({ permission }) => permission);
    expect(names).toEqual(expect.arrayContaining([...WHOLE[kind]]));
  });
});

describe('a measure of mailboxes', () => {
  it('may be given by Exchange, which is not in the token', () => {
    expect(judged('rule-off', [])).toMatchObject({
      state: 'warn',
      found: expect.stringContaining('Application MailboxSettings.ReadWrite'),
    });
  });
});

describe('a measure of accounts', () => {
  it('fails without its permission', () => {
    expect(judged('disable-account', ['User.EnableDisableAccount.All'])).toMatchObject({
      state: 'fail',
      found: 'missing: User.Read.All',
    });
  });

  it('is only half there by Defender for Identity', () => {
    expect(judged('revoke-sessions', IDENTITIES).state).toBe('warn');
    expect(judged('revoke-sessions', IDENTITIES.slice(1)).state).toBe('fail');
  });

  it('is not there by Defender for Identity outside the public cloud', () => {
    expect(judged('revoke-sessions', IDENTITIES, 'https://graph.microsoft.us').state).toBe('fail');
  });
});
