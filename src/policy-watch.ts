import { existsSync, readFileSync } from 'node:fs';
import type { LoadedPolicy } from './config/policy-file.ts';
import { parsePolicy } from './config/policy-file.ts';
import type { Config } from './config/schema.ts';
import type { Policy } from './core/policy.ts';

export interface PolicyWatch {
  /** Looks at the file once; to be called every few seconds. */
  look(): Promise<void>;
}

/**
 * Takes up changes of policy.yaml while Clawback runs. What cannot be used changes nothing and is reported once; a file
 * that is gone leaves the last policy in force, because the defaults may be weaker.
 */
export function watchPolicy(
  loaded: LoadedPolicy,
  config: Config,
  tell: { adopted(policy: Policy, file: string): Promise<void>; refused(why: string): Promise<void> },
): PolicyWatch {
  const { file } = loaded;
  const read = () => (file !== null && existsSync(file) ? readFileSync(file, 'utf8') : null);
  let seen = read();
  return {
    async look() {
      if (file === null) return;
      const text = read();
      if (text === seen) return;
      if (text === null) await tell.refused(`${file} is not there any more; the policy before holds`);
      else {
        const policy = parsed(text, file, config);
        await (typeof policy === 'string' ? tell.refused(policy) : tell.adopted(policy, file));
      }
      seen = text;
    },
  };
}

function parsed(text: string, file: string, config: Config): Policy | string {
  try {
    return parsePolicy(text, file, config);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
