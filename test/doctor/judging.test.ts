import { describe, expect, it } from 'vitest';
import type { Privacy } from '../../src/adapters/files/privacy.ts';
import type { GraphFacts } from '../../src/adapters/graph/probe.ts';
import type { SlackFacts } from '../../src/adapters/slack/probe.ts';
import type { TeamsFacts } from '../../src/adapters/teams/probe.ts';
import { parseConfig } from '../../src/config/load.ts';
import { defaultPolicy } from '../../src/core/ask/policy.ts';
import { judgeDirectory } from '../../src/doctor/judge-directory.ts';
import { judgeGraph } from '../../src/doctor/judge-graph.ts';
import {
  type HostFacts,
  judgeCacheKey,
  judgeClock,
  judgeHost,
  judgeSecretFiles,
  judgeSources,
} from '../../src/doctor/judge-host.ts';
import { judgeSlack } from '../../src/doctor/judge-slack.ts';
import { judgeTeams } from '../../src/doctor/judge-teams.ts';
import { judgeCredential, judgeToken } from '../../src/doctor/judge-token.ts';
import { slackScopes } from '../../src/doctor/permissions.ts';
import { configText } from '../support/configuration.ts';
import { SOURCE } from '../support/source.ts';

/** What no stand-in shows: facts alone, judged. */

const NOW = Date.parse('2026-11-20T08:00:00Z');
const DAY = 86_400_000;
const WHO = { name: 'graph', clientId: 'an-app', key: 'CLAWBACK_CONTOSO_GRAPH' } as const;

const said = ({ state, found }: { state: string; found: string }) => `${state}: ${found}`;

describe('a credential', () => {
  const certificate = { kind: 'certificate', unreadable: null, standIn: false } as const;
  it.each([
    [NOW + 90 * DAY, 'ok: certificate, until 2027-02-18'],
    [NOW + 10 * DAY, 'warn: the certificate ends on 2026-11-30'],
    [NOW - DAY, 'fail: the certificate ended on 2026-11-19'],
  ])('a certificate that ends at %d', (endsAt, words) => {
    expect(said(judgeCredential(WHO, { ...certificate, endsAt }, NOW))).toBe(words);
  });

  it('a client secret is good enough for a stand-in only', () => {
    const secret = { kind: 'secret', endsAt: null, unreadable: null } as const;
    const states = [true, false].map((standIn) => judgeCredential(WHO, { ...secret, standIn }, NOW).state);
    expect(states).toEqual(['ok', 'warn']);
  });

  it('a refusal that is not known here keeps its number', () => {
    const facts = { outcome: 'refused', expiresAt: null, roles: [], number: 53003, detail: 'no token' } as const;
    expect(judgeToken(WHO, 'secret', facts).mend).toContain('AADSTS53003');
  });
});

describe('permissions that Exchange grants', () => {
  const tenant = parseConfig(configText(), 'test').tenants[0];
  const facts: GraphFacts = {
    lookup: { status: 200, code: '' },
    hunting: null,
    defender: null,
    mailbox: { address: 'dana@contoso.example', status: 200, code: '' },
    people: new Map(),
    groups: new Map(),
    risk: null,
    date: null,
  };
  const token = { outcome: 'given', expiresAt: NOW, roles: ['User.Read.All'], number: 0, detail: '' } as const;

  it('are not missing in the token when a mailbox can be opened', () => {
    if (!tenant) throw new Error('no tenant');
    const findings = judgeGraph(tenant, defaultPolicy(), token, facts);
    expect(findings.find(({ check }) => check === 'graph roles')?.state).toBe('ok');
    expect(findings.find(({ check }) => check === 'mailbox read')?.found).toContain('through an Exchange role');
  });

  it('are missing when no mailbox was tried', () => {
    if (!tenant) throw new Error('no tenant');
    const findings = judgeGraph(tenant, defaultPolicy(), token, { ...facts, mailbox: null });
    expect(findings.find(({ check }) => check === 'graph roles')?.found).toContain('missing: Mail.ReadWrite');
  });
});

describe('what Entra and Teams leave unsaid', () => {
  const tenant = parseConfig(configText(), 'test').tenants[0] ?? expect.fail('no tenant');
  const teams = tenant.teams ?? expect.fail('no Teams');
  const [first] = tenant.approvers;
  const asked = { status: 200, code: '' };
  const token = { outcome: 'given', expiresAt: NOW, roles: ['User.Read.All'], number: 0, detail: '' } as const;

  it('an account without a type is nobody’s that could decide', () => {
    const person = { ...asked, enabled: true, guest: null };
    const people = new Map(tenant.approvers.map(({ entraId }) => [entraId, { ...person, guest: false }]));
    people.set(first?.entraId ?? '', person as never);
    const facts = {
      lookup: asked,
      hunting: null,
      defender: null,
      mailbox: null,
      people,
      groups: new Map(),
      risk: null,
      date: null,
    };
    const found = judgeDirectory(tenant, defaultPolicy(), token.roles, facts)[0] ?? expect.fail('no finding');
    expect(said(found)).toMatch(/^fail: Dana .* has no userType or accountEnabled/);
  });

  it.each([
    [null, 'ok: is in the team, standard'],
    ['private', 'ok: is in the team, private'],
    ['shared', expect.stringMatching(/^fail: is a shared channel/)],
    ['public', 'fail: is of a type that is not known here: public'],
  ])('a channel of type %s', (type, words) => {
    const facts: TeamsFacts = {
      serviceAllowed: true,
      team: asked,
      members: new Map(),
      channels: { ...asked, list: [{ id: teams.channelId, type }] },
      roster: asked,
    };
    const found = judgeTeams(tenant, teams, token, facts).find(({ check }) => check === 'teams channel');
    expect(found && said(found)).toEqual(words);
  });
});

describe('a Slack workspace', () => {
  const tenant = parseConfig(configText(), 'test').tenants[0];
  const person = { error: null, deleted: false, outsider: false, bot: false };
  const facts: SlackFacts = {
    auth: { error: null, teamId: 'T0CONTOSO' },
    scopes: slackScopes(),
    channel: { error: null, name: 'alerts', member: true, archived: false, shared: false, private: false },
    people: new Map([
      ['U0DANA', person],
      ['U0OMAR', person],
    ]),
    groups: new Map(),
    socket: null,
  };
  const judged = (change: Partial<SlackFacts>, mode: 'http' | 'socket' = 'http') => {
    if (!tenant?.slack) throw new Error('no Slack');
    const order = { policy: defaultPolicy(), signingSecret: 'a'.repeat(32) };
    const findings = judgeSlack(tenant, { ...tenant.slack, mode }, order, { ...facts, ...change });
    return findings.filter(({ state }) => state !== 'ok').map(said);
  };

  it.each<[string, Partial<SlackFacts>, string[]]>([
    ['with nothing wrong', {}, []],
    [
      'a public channel needs no scopes for private ones',
      { scopes: slackScopes().filter((scope) => !scope.startsWith('groups:')) },
      [],
    ],
    [
      'an approver who left',
      { people: new Map([...facts.people, ['U0OMAR', { ...person, deleted: true }]]) },
      ['fail: Omar (U0OMAR) is deactivated'],
    ],
    [
      'an approver that is a bot',
      { people: new Map([...facts.people, ['U0OMAR', { ...person, bot: true }]]) },
      ['fail: Omar (U0OMAR) is a bot'],
    ],
    [
      'an archived channel',
      { channel: { ...facts.channel, archived: true } },
      ['fail: C0ALERTS (#alerts) is archived'],
    ],
    ['no word about scopes', { scopes: null }, ['warn: Slack did not say what the token may do']],
  ])('%s', (_name, change, words) => {
    expect(judged(change)).toEqual(words);
  });

  it('Socket Mode needs an app token that connects', () => {
    expect(judged({ socket: { error: 'not_allowed_token_type' } }, 'socket')).toEqual([
      expect.stringContaining('the app token opens no connection'),
    ]);
  });
});

describe('the machine', () => {
  const host: HostFacts = {
    folder: { problem: null, path: '/data', exists: true, open: null },
    freeBytes: 8 * 2 ** 30,
    store: { kind: 'server', state: 'reached', pending: [], unknown: [], measured: null, keepsWhatIsSet: true },
    operator: true,
    endpoint: { url: 'http://127.0.0.1:3978', status: null, healthy: false },
  };
  it.each<[string, Partial<HostFacts>, string[]]>([
    ['with nothing wrong', {}, []],
    ['a full disk', { freeBytes: 100 * 2 ** 20 }, ['fail: 100 MiB free at /data']],
    ['a disk that fills', { freeBytes: 600 * 2 ** 20 }, ['warn: 600 MiB free at /data']],
    [
      'a newer schema',
      { store: { ...host.store, unknown: ['0099_future'] } },
      ['fail: made by a newer Clawback: 0099_future'],
    ],
    [
      'a pooler that mixes connections up',
      { store: { ...host.store, keepsWhatIsSet: false } },
      [expect.stringMatching(/^fail: what is set on a connection .* pooler/)],
    ],
    [
      'a lock nobody answers for',
      { operator: false, store: { ...host.store, kind: 'embedded', state: 'busy' } },
      [expect.stringContaining('warn: embedded, in use by a process that does not answer')],
    ],
  ])('%s', (_name, change, words) => {
    expect(
      judgeHost({ ...host, ...change })
        .filter(({ state }) => state !== 'ok')
        .map(said),
    ).toEqual(words);
  });

  it('secrets that others can read', () => {
    const judged = (privacy: Privacy | null) => judgeSecretFiles([{ file: '/etc/clawback/.env', privacy }]).state;
    const mode = 0o644;
    expect([
      judged(null),
      judged({ is: 'private' }),
      judged({ is: 'open', mode }),
      judged({ is: 'mounted', mode }),
      judged({ is: 'fixed', mode }),
      judged({ is: 'foreign', mode, owner: 1000 }),
    ]).toEqual(['ok', 'ok', 'warn', 'warn', 'fail', 'fail']);
  });

  it.each<[string, HostFacts['folder']['open'], string]>([
    ['of ours', { path: '/data/pg', privacy: { is: 'open', mode: 0o755 } }, 'warn'],
    ['of root', { path: '/data', privacy: { is: 'mounted', mode: 0o775 } }, 'fail'],
    ['of another user', { path: '/data', privacy: { is: 'foreign', mode: 0o750, owner: 7 } }, 'fail'],
  ])('a data folder that others can read: %s', (_name, open, state) => {
    const [folder] = judgeHost({ ...host, folder: { ...host.folder, open } });
    expect([folder?.check, folder?.state]).toEqual(['data folder', state]);
  });

  it('a clock that is a little wrong', () => {
    expect([20_000, -90_000, 301_000].map((ms) => judgeClock(new Map([['Slack', ms]])).state)).toEqual([
      'ok',
      'warn',
      'fail',
    ]);
  });

  it('secrets that can be guessed', () => {
    const strong = `whsec_${Buffer.from(Array.from({ length: 32 }, (_, n) => n * 7)).toString('base64')}`;
    expect(judgeSources([{ source: SOURCE, secrets: [strong] }])[0]?.state).toBe('ok');
    expect(judgeSources([{ source: SOURCE, secrets: [strong, 'whsec_AAECAwQFBgcICQoL'] }])[0]?.state).toBe('warn');
    expect([null, 'short', 'k'.repeat(48)].map((key) => judgeCacheKey(key).state)).toEqual(['ok', 'warn', 'ok']);
  });
});
