import { stringify } from 'yaml';
import { ClawbackError } from '../../src/core/error.ts';

/** A configuration of one stand-in tenant that is safe to start, as YAML; `change` may break it. */

type Tree = { [key: string]: unknown };

export const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
export const OTHER_SECRET = `whsec_${Buffer.alloc(24, 8).toString('base64')}`;

export const ENVIRONMENT = {
  CLAWBACK_CONTOSO_GRAPH_SECRET: 'graph-credential-value',
  CLAWBACK_CONTOSO_BOT_SECRET: 'bot-credential-value',
  CLAWBACK_CONTOSO_SLACK_BOT_TOKEN: 'xoxb-token-value',
  CLAWBACK_CONTOSO_SLACK_SIGNING_SECRET: 'signing-credential-value',
  CLAWBACK_CONTOSO_INTAKE_SECRETS: SECRET,
};

export function tenantTree(): Tree & { slack?: Tree; teams?: Tree; graph: Tree; approvers: Tree[] } {
  return {
    name: 'contoso',
    id: '00000000-0000-4000-8000-00000000c0de',
    graph: {
      url: 'http://127.0.0.1:4001',
      authority: 'http://127.0.0.1:4002',
      clientId: '44444444-0000-4000-8000-000000000001',
      credential: 'secret',
      hunting: false,
    },
    slack: { apiUrl: 'http://127.0.0.1:4003/api/', teamId: 'T0CONTOSO', channel: 'C0ALERTS' },
    teams: {
      appId: '44444444-0000-4000-8000-000000000002',
      authority: 'http://127.0.0.1:4002',
      credential: 'secret',
      teamId: '19:team@thread.tacv2',
      channelId: '19:alerts@thread.tacv2',
      serviceUrl: 'http://127.0.0.1:4004/',
      openIdMetadata: 'http://127.0.0.1:4005/openid',
    },
    approvers: [
      { name: 'Dana', entraId: '11111111-0000-4000-8000-000000000001', slackId: 'U0DANA' },
      { name: 'Omar', entraId: '11111111-0000-4000-8000-000000000002', slackId: 'U0OMAR' },
    ],
  };
}

export type TenantTree = ReturnType<typeof tenantTree>;

export function configTree(
  change: (tenant: TenantTree, config: Tree & { tenants: TenantTree[] }) => void = () => undefined,
) {
  const config = { data: './data', tenants: [tenantTree()] };
  change(config.tenants[0] as TenantTree, config);
  return config;
}

export const configText = (change?: Parameters<typeof configTree>[0]): string => stringify(configTree(change));

/** What a configuration is refused with. */
export function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof ClawbackError && error.code === 'config') return error.message;
    throw error;
  }
  return 'it was accepted';
}
