import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { defaultPolicy, Policy, seatsIn, stepUpsIn } from '../core/ask/policy.ts';
import { searching } from '../core/ask/reads.ts';
import { APPROVER } from '../core/ask/seat.ts';
import { ClawbackError } from '../core/error.ts';
import { CHAT_REPORTS, SEARCH_SOURCES } from '../core/find/source.ts';
import type { Problem } from './rules.ts';
import type { Config, Tenant } from './schema.ts';
import { textOf } from './text-file.ts';
import { parseYaml } from './yaml.ts';

export interface LoadedPolicy {
  /** Null: safe defaults, because there is no file. */
  readonly file: string | null;
  readonly policy: Policy;
}

/** policy.yaml, or safe defaults. Throws ClawbackError 'config' for a file that is named and missing, or cannot be used. */
export function loadPolicy(config: Config, folder: string): LoadedPolicy {
  const usual = join(folder, 'policy.yaml');
  const file = config.policy === undefined ? usual : resolve(folder, config.policy);
  if (existsSync(file)) return { file, policy: parsePolicy(textOf(file, 'the policy file'), file, config) };
  if (config.policy !== undefined)
    throw new ClawbackError('config', `there is no policy file ${file}`, { field: 'policy' });
  const policy = defaultPolicy();
  refuseProblems('the policy without a file', policyProblems(policy, config));
  return { file: null, policy };
}

/** Also for a file that was changed while Clawback runs. */
export function parsePolicy(text: string, file: string, config: Config): Policy {
  const policy = parseYaml(Policy, text, file);
  refuseProblems(file, policyProblems(policy, config));
  return policy;
}

function refuseProblems(file: string, problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const lines = problems.map(({ key, says }) => `${key}: ${says}`);
  throw new ClawbackError('config', `${file} describes a state that is not safe to start:\n  ${lines.join('\n  ')}`);
}

/** What the schema allows and these tenants could never fulfil. */
function policyProblems(policy: Policy, config: Config): Problem[] {
  return [
    ...unknownSources(policy, config),
    ...config.tenants.flatMap((tenant) => [
      ...unfillable(policy, tenant),
      ...missingPages(policy, tenant),
      ...missingChat(policy, tenant),
    ]),
  ];
}

/** A rule for a source that nobody is: it would never hold, and another one would in its place. */
function unknownSources(policy: Policy, { tenants }: Config): Problem[] {
  const known = new Set(['intake', ...tenants.flatMap(({ sources }) => sources.map(({ name }) => name))]);
  if (tenants.some(({ slack, teams }) => slack?.reports || teams?.reports)) known.add(CHAT_REPORTS);
  if (searching(policy)) for (const source of SEARCH_SOURCES) known.add(source);
  return policy.rules.flatMap(({ name, when }) =>
    (when.source ?? [])
      .filter((source) => !known.has(source.toLowerCase()))
      .map((source) => ({
        key: `rule \u201c${name}\u201d`,
        says: `names source ${source}, which no tenant has under sources: in clawback.yaml`,
      })),
  );
}

/** Seats of a role that is a plain list of fewer people: nothing could ever be approved. */
function unfillable(policy: Policy, { name, approvers }: Tenant): Problem[] {
  return seatsIn(policy).flatMap(({ path, seats }) => {
    // Two approvers by default: where there are not so many, it opens nothing to anybody.
    if (path.startsWith('whenNobodyIsLeft')) return [];
    const wanted = new Map<string, number>();
    for (const { role, count } of seats) wanted.set(role, (wanted.get(role) ?? 0) + count);
    return [...wanted].flatMap(([role, count]) => {
      const people = listed(policy, role, approvers);
      return people !== null && people < count
        ? [
            {
              key: path,
              says: `asks for ${count} \u00d7 ${role}, but tenant ${name} lists only ${people}: nothing could ever be approved`,
            },
          ]
        : [];
    });
  });
}

/** How many people a role names one by one; null where groups decide. */
function listed(policy: Policy, role: string, approvers: Tenant['approvers']): number | null {
  if (role === APPROVER) return approvers.length;
  const definition = policy.roles[role];
  if (!definition) return 0;
  const { people, entraGroups, slackUserGroups } = definition;
  return entraGroups.length + slackUserGroups.length > 0 ? null : new Set(people).size;
}

function missingPages(policy: Policy, { name, signIn }: Tenant): Problem[] {
  const [asked] = stepUpsIn(policy);
  if (signIn || !asked) return [];
  return [
    {
      key: asked.where,
      says: `wants a fresh sign-in, but tenant ${name} has no signIn in clawback.yaml`,
    },
  ];
}

function missingChat(policy: Policy, { name, slack }: Tenant): Problem[] {
  const role = Object.entries(policy.roles).find(([, { slackUserGroups }]) => slackUserGroups.length > 0);
  return slack || !role
    ? []
    : [{ key: `roles.${role[0]}`, says: `names Slack user groups, but tenant ${name} has no Slack` }];
}

/** For editors: the JSON Schema of policy.yaml. */
export function policyJsonSchema(): unknown {
  return z.toJSONSchema(Policy, { io: 'input' });
}
