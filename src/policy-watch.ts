import { existsSync } from 'node:fs';
import type { LoadedPolicy } from './config/policy-file.ts';
import { parsePolicy } from './config/policy-file.ts';
import type { Config } from './config/schema.ts';
import { textOf } from './config/text-file.ts';
import type { Policy } from './core/ask/policy.ts';

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
  const look = (): Found => {
    if (file === null || !existsSync(file)) return { text: null };
    return orWhy(() => ({ text: textOf(file, 'the policy file') }));
  };
  const wordsOf = (found: Found) => ('why' in found ? found.why : found.text);
  let seen = wordsOf(look());
  return {
    async look() {
      if (file === null) return;
      const found = look();
      if (wordsOf(found) === seen) return;
      if ('why' in found) await tell.refused(found.why);
      else if (found.text === null) await tell.refused(`${file} is not there any more; the policy before holds`);
      else {
        const { text } = found;
        const parsed = orWhy(() => ({ policy: parsePolicy(text, file, config) }));
        await ('why' in parsed ? tell.refused(parsed.why) : tell.adopted(parsed.policy, file));
      }
      seen = wordsOf(found);
    },
  };
}

/** Null: there is no file. `why`: what is there cannot be read. */
type Found = { readonly text: string | null } | { readonly why: string };

function orWhy<T>(look: () => T): T | { readonly why: string } {
  try {
    return look();
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
}
