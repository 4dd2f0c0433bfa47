import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { parseConfig } from '../config/load.ts';
import { type LoadedPolicy, loadPolicy } from '../config/policy-file.ts';
import { textOf } from '../config/text-file.ts';
import { parseYaml } from '../config/yaml.ts';
import { POLICY_WORDS } from '../core/ask/condition.ts';
import { defaultPolicy, Policy } from '../core/ask/policy.ts';
import { type Circumstances, judgeRules, termsOf, termsWords } from '../core/ask/rule.ts';
import { ClawbackError } from '../core/error.ts';
import { ownConfig } from './place.ts';
import type { Arguments, Shell } from './shell.ts';

/** `clawback policy check [file]` and `clawback policy explain --action purge --mailboxes 120 …`. Asks no service. */
export function policy(shell: Shell, args: Arguments): Promise<number> {
  const [what, file] = args.words;
  if (what !== 'check' && what !== 'explain') {
    shell.err(
      'say what: clawback policy check [policy.yaml], or clawback policy explain --action purge --mailboxes 120',
    );
    return Promise.resolve(2);
  }
  const loaded = policyToAsk(shell, args, file);
  if (what === 'explain') explain(shell, args, loaded);
  else {
    const { rules } = loaded.policy;
    shell.out(`${loaded.file ?? 'safe defaults (there is no policy.yaml)'}: ${rules.length} rules, can be used`);
    for (const [index, { name }] of rules.entries()) shell.out(`  ${index + 1}. ${name}`);
  }
  return Promise.resolve(0);
}

/** The file named, judged alone; else the policy of the configuration here, judged with it; else the defaults. */
function policyToAsk(shell: Shell, args: Arguments, named: string | undefined): LoadedPolicy {
  const config = ownConfig(shell, args);
  if (named !== undefined) {
    const file = resolve(shell.folder, named);
    return { file, policy: parseYaml(Policy, textOf(file, 'the policy file'), file) };
  }
  if (config === null) return { file: null, policy: defaultPolicy() };
  return loadPolicy(parseConfig(textOf(config, 'the configuration file'), config), dirname(config));
}

const whole = () => z.coerce.number().int().min(0);
const About = z.object({
  action: z.enum(POLICY_WORDS),
  mode: z.enum(['live', 'dry-run']).default('live'),
  mailboxes: whole().default(1),
  copies: whole().optional(),
  share: z.coerce.number().min(0).max(1).optional(),
  vip: whole().default(0),
  'legal-hold': whole().default(0),
  confidence: z.coerce.number().min(0).max(100).optional(),
  source: z.string().default('unknown'),
  severity: z.enum(['low', 'medium', 'high', 'critical']).default('medium'),
  verdict: z.enum(['phishing', 'bec', 'malware', 'spam', 'suspicious']).default('phishing'),
  at: z.iso.datetime({ offset: true }).optional(),
});

function explain(shell: Shell, args: Arguments, { policy: rules }: LoadedPolicy): void {
  const asked = circumstancesIn(args);
  for (const name of args.protected)
    if (!rules.mailboxes.protected.some((set) => set.name === name))
      throw new ClawbackError('invalid', `--protected ${name}: the policy has no such set`, { field: 'protected' });
  for (const { rule, misfit } of judgeRules(rules, asked))
    shell.out(misfit === null ? `=> \u201c${rule}\u201d decides` : `   \u201c${rule}\u201d does not fit: ${misfit}`);
  const terms = termsOf(rules, asked);
  if (args.json) shell.out(JSON.stringify(terms));
  else shell.out(terms.is === 'refused' ? `Refused: ${terms.why}.` : `Needed: ${termsWords(terms)}.`);
}

function circumstancesIn(args: Arguments): Circumstances {
  const given = Object.entries({ ...args.about, verdict: args.verdict }).filter(([, value]) => value !== undefined);
  const parsed = About.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = String(issue?.path[0] ?? 'action');
    throw new ClawbackError('invalid', `--${field}: ${issue?.message ?? 'cannot be used'}`, { field });
  }
  const { data } = parsed;
  return {
    action: data.action,
    mode: data.mode,
    tenant: args.tenant ?? 'any',
    copies: data.copies ?? data.mailboxes,
    mailboxes: data.mailboxes,
    share: data.share ?? null,
    vip: data.vip,
    legalHold: data['legal-hold'],
    protected: Object.fromEntries(args.protected.map((name) => [name, 1])),
    confidence: data.confidence ?? null,
    source: data.source,
    verdict: data.verdict,
    severity: data.severity,
    at: data.at === undefined ? Date.now() : Date.parse(data.at),
  };
}
