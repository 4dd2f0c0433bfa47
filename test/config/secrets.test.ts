import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chosenTenant } from '../../src/cli/place.ts';
import { loadConfig } from '../../src/config/load.ts';
import { NO_CLAIMS } from '../../src/core/find/source.ts';
import {
  configText,
  type configTree,
  ENVIRONMENT,
  OTHER_SECRET,
  refusal,
  SECRET,
  tenantTree,
} from '../support/configuration.ts';

type Change = NonNullable<Parameters<typeof configTree>[0]>;

describe('secrets beside the configuration', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'clawback-config-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const file = (change?: Change) => {
    writeFileSync(join(folder, 'clawback.yaml'), configText(change));
    return join(folder, 'clawback.yaml');
  };
  const secretsOf = (env: Record<string, string | undefined>, change?: Change) => loadConfig(file(change), env).secrets;
  const only = (secrets: ReturnType<typeof secretsOf>) => secrets.tenants['00000000-0000-4000-8000-00000000c0de'];

  it('a missing file is named', () => {
    expect(refusal(() => loadConfig(join(folder, 'no.yaml'), {}))).toContain('no.yaml');
  });

  it('are read from .env', () => {
    writeFileSync(
      join(folder, '.env'),
      Object.entries(ENVIRONMENT)
        .map(([name, value]) => `${name}="${value}"`)
        .join('\n'),
    );
    expect(only(secretsOf({}))?.intake).toEqual([SECRET]);
  });

  it('and data are found from anywhere: their paths are meant from the folder of the configuration', () => {
    const certificates = (tenant: ReturnType<typeof tenantTree>) => {
      tenant.graph['credential'] = 'certificate';
      Object.assign(tenant.teams ?? {}, { credential: 'federated' });
    };
    const env = {
      ...ENVIRONMENT,
      CLAWBACK_CONTOSO_GRAPH_PRIVATE_KEY: 'certs/graph.key',
      CLAWBACK_CONTOSO_GRAPH_CERTIFICATE: '-----BEGIN CERTIFICATE-----',
      CLAWBACK_CONTOSO_BOT_TOKEN_FILE: '/var/run/token',
    };
    const { config, secrets } = loadConfig(file(certificates), env);
    expect(config.data).toBe(join(folder, 'data'));
    expect([only(secrets)?.graph, only(secrets)?.bot]).toEqual([
      {
        kind: 'certificate',
        privateKey: join(folder, 'certs', 'graph.key'),
        certificate: '-----BEGIN CERTIFICATE-----',
      },
      { kind: 'federated', tokenFile: '/var/run/token' },
    ]);
  });

  it('of the process win over .env', () => {
    writeFileSync(
      join(folder, '.env'),
      Object.entries(ENVIRONMENT)
        .map(([name, value]) => `${name}=${value}`)
        .join('\n'),
    );
    expect(only(secretsOf({ CLAWBACK_CONTOSO_GRAPH_SECRET: 'newer' }))?.graph).toEqual({
      kind: 'secret',
      secret: 'newer',
    });
  });

  it('that are missing are all listed at once', () => {
    const said = refusal(() => secretsOf({}));
    expect(Object.keys(ENVIRONMENT).filter((name) => !said.includes(`${name} is not set`))).toEqual([]);
  });

  it.each([
    ['an empty signing secret', { CLAWBACK_CONTOSO_SLACK_SIGNING_SECRET: '' }, 'SLACK_SIGNING_SECRET is not set'],
    ['a blank signing secret', { CLAWBACK_CONTOSO_SLACK_SIGNING_SECRET: '   ' }, 'SLACK_SIGNING_SECRET is not set'],
    [
      'a short signing secret',
      { CLAWBACK_CONTOSO_SLACK_SIGNING_SECRET: 'abc' },
      'SLACK_SIGNING_SECRET does not look right',
    ],
    [
      'a user token for the bot',
      { CLAWBACK_CONTOSO_SLACK_BOT_TOKEN: 'xoxp-hidden-value' },
      'SLACK_BOT_TOKEN does not look right',
    ],
    [
      'an intake secret without prefix',
      { CLAWBACK_CONTOSO_INTAKE_SECRETS: 'hidden-value-hidden-value' },
      'INTAKE_SECRETS does not look right',
    ],
    [
      'two intake secrets run together',
      { CLAWBACK_CONTOSO_INTAKE_SECRETS: `${SECRET}${OTHER_SECRET}` },
      'INTAKE_SECRETS does not look right',
    ],
    [
      'an intake secret with a foreign character',
      { CLAWBACK_CONTOSO_INTAKE_SECRETS: 'whsec_hidden-value_hidden-value' },
      'INTAKE_SECRETS does not look right',
    ],
  ])('%s does not start', (_name, env, words) => {
    expect(refusal(() => secretsOf({ ...ENVIRONMENT, ...env }))).toContain(words);
  });

  it('never appear in what is said about them', () => {
    const wrong = Object.fromEntries(
      Object.keys(ENVIRONMENT).map((name) => [name, name.includes('GRAPH') ? '' : '~hidden']),
    );
    expect(refusal(() => secretsOf(wrong))).not.toContain('~hidden');
  });

  it('several intake secrets can be in use while one is rotated out', () => {
    expect(
      only(secretsOf({ ...ENVIRONMENT, CLAWBACK_CONTOSO_INTAKE_SECRETS: ` ${SECRET}  ${OTHER_SECRET} ` }))?.intake,
    ).toEqual([SECRET, OTHER_SECRET]);
  });

  it('that two tenants share do not start, because they name tenant and source', () => {
    const two = {
      ...ENVIRONMENT,
      ...Object.fromEntries(
        Object.entries(ENVIRONMENT).map(([name, value]) => [name.replace('CONTOSO', 'FABRIKAM_EU'), value]),
      ),
    };
    const second: Change = (_t, c) =>
      c.tenants.push({ ...tenantTree(), name: 'fabrikam-eu', id: '00000000-0000-4000-8000-00000000c0df' });
    const said = refusal(() => secretsOf(two, second));
    expect([
      said.includes('CLAWBACK_FABRIKAM_EU_INTAKE_SECRETS'),
      said.includes('a secret of CLAWBACK_CONTOSO_INTAKE_SECRETS'),
      said.includes(SECRET),
    ]).toEqual([true, true, false]);
  });

  const sourced =
    (...names: string[]): Change =>
    (t) =>
      Object.assign(t, { sources: names.map((name) => ({ name })) });
  const DEFENDER = { CLAWBACK_CONTOSO_SOURCE_DEFENDER_O365_SECRETS: OTHER_SECRET };
  const { CLAWBACK_CONTOSO_INTAKE_SECRETS: _intake, ...NO_INTAKE } = ENVIRONMENT;

  it('of each source are its own', () => {
    const held = only(secretsOf({ ...ENVIRONMENT, ...DEFENDER }, sourced('defender-o365')));
    expect([held?.intake, held?.sources.map(({ source, secrets }) => [source.name, secrets])]).toEqual([
      [SECRET],
      [['defender-o365', [OTHER_SECRET]]],
    ]);
  });

  it('of the source without a name are not needed where another is named', () => {
    expect(only(secretsOf({ ...NO_INTAKE, ...DEFENDER }, sourced('defender-o365')))?.intake).toEqual([]);
  });

  it.each([
    ['of a source that is listed', NO_INTAKE, 'CLAWBACK_CONTOSO_SOURCE_DEFENDER_O365_SECRETS is not set'],
    [
      'of a source that are no webhook secrets',
      { ...ENVIRONMENT, CLAWBACK_CONTOSO_SOURCE_DEFENDER_O365_SECRETS: 'hidden-value-hidden-value' },
      'CLAWBACK_CONTOSO_SOURCE_DEFENDER_O365_SECRETS does not look right',
    ],
    [
      'that two sources share',
      { ...ENVIRONMENT, CLAWBACK_CONTOSO_SOURCE_DEFENDER_O365_SECRETS: `${OTHER_SECRET} ${SECRET}` },
      'SOURCE_DEFENDER_O365_SECRETS holds a secret of CLAWBACK_CONTOSO_INTAKE_SECRETS',
    ],
  ])('%s: missing or unsafe, it does not start', (_what, env, words) => {
    const said = refusal(() => secretsOf(env, sourced('defender-o365')));
    expect([said.includes(words), said.includes(SECRET), said.includes('hidden')]).toEqual([true, false, false]);
  });

  it('what a source may claim comes from the configuration alone', () => {
    const change: Change = (t) =>
      Object.assign(t, {
        sources: [{ name: 'defender-o365', claims: { actFirst: true, facts: ['ids', 'recipients'], confidence: 90 } }],
      });
    expect(only(secretsOf({ ...ENVIRONMENT, ...DEFENDER }, change))?.sources[0]?.source).toEqual({
      name: 'defender-o365',
      kind: 'detector',
      claims: { confidence: 90, actFirst: true, recipients: true, ids: true, reporters: false },
    });
  });

  it('a source that nothing more is said of, is believed in nothing', () => {
    const held = only(secretsOf({ ...ENVIRONMENT, ...DEFENDER }, sourced('defender-o365')));
    expect(held?.sources[0]?.source.claims).toEqual(NO_CLAIMS);
  });

  it.each([
    ['short', 'x'.repeat(15)],
    ['with a blank', 'metrics token of ours'],
  ])('a metrics token that is %s does not start', (_how, token) => {
    const said = refusal(() => secretsOf({ ...ENVIRONMENT, CLAWBACK_METRICS_TOKEN: token }));
    expect([said.includes('CLAWBACK_METRICS_TOKEN'), said.includes(token)]).toEqual([true, false]);
  });

  it('Socket Mode asks for its token', () => {
    expect(refusal(() => secretsOf(ENVIRONMENT, (t) => Object.assign(t.slack ?? {}, { mode: 'socket' })))).toContain(
      'SLACK_APP_TOKEN is not set',
    );
  });

  const withPage =
    (credential: string): Change =>
    (tenant, config) => {
      const clientId = '44444444-0000-4000-8000-000000000003';
      Object.assign(tenant, { signIn: { clientId, credential, authority: 'http://127.0.0.1:4002' } });
      Object.assign(config, { listen: { publicUrl: 'https://bot.contoso.com' } });
    };

  it.each([
    ['certificate', ['CLAWBACK_CONTOSO_SIGNIN_PRIVATE_KEY', 'CLAWBACK_CONTOSO_SIGNIN_CERTIFICATE']],
    ['federated', ['CLAWBACK_CONTOSO_SIGNIN_TOKEN_FILE']],
    ['secret', ['CLAWBACK_CONTOSO_SIGNIN_SECRET']],
  ])('the sign-in page asks for its own %s', (credential, names) => {
    const said = refusal(() => secretsOf(ENVIRONMENT, withPage(credential)));
    expect(names.filter((name) => !said.includes(`${name} is not set: the sign-in page has to sign in`))).toEqual([]);
  });

  it('of the sign-in page are not those of the bot', () => {
    const env = { ...ENVIRONMENT, CLAWBACK_CONTOSO_SIGNIN_SECRET: 'page-credential-value' };
    const tenant = only(secretsOf(env, withPage('secret')));
    expect([tenant?.signIn, tenant?.bot]).toEqual([
      { kind: 'secret', secret: 'page-credential-value' },
      { kind: 'secret', secret: 'bot-credential-value' },
    ]);
  });

  it('are not asked for a page that is not there', () => {
    expect(only(secretsOf(ENVIRONMENT))?.signIn).toBeNull();
  });

  it('an unknown tenant on the command line is answered with the known ones', () => {
    const loaded = loadConfig(file(), ENVIRONMENT);
    expect(refusal(() => chosenTenant(loaded, 'fabrikam'))).toBe('there is no tenant fabrikam; configured: contoso');
  });
});
