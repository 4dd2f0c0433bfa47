import { strykerPlugins as vitests } from '@stryker-mutator/vitest-runner';

/**
 * Vitest, and sure of what it says: beside other work a test may fail by itself, and one that leans on the tests before it
 * fails whenever it is picked alone. Neither has noticed a change. So whatever failed is tried once more alone, without the
 * change, where it has to pass, and with it, where it has to fail again.
 */
interface Runner {
  capabilities(): unknown;
  init?(): Promise<void>;
  dryRun(options: unknown): Promise<First>;
  mutantRun(options: Asked): Promise<Outcome>;
  dispose?(): Promise<void>;
}

interface First {
  readonly tests?: readonly { readonly id: string; readonly status: number; readonly failureMessage?: string }[];
}

interface Asked {
  readonly activeMutant: { readonly id: string };
  /** Tests that reach the change. */
  readonly testFilter?: readonly string[];
}

/** In Stryker's words. */
type Outcome =
  | { readonly status: 'killed'; readonly killedBy: readonly string[]; readonly failureMessage: string }
  | { readonly status: 'survived'; readonly nrOfTests: number }
  | { readonly status: 'timeout'; readonly reason?: string }
  | { readonly status: 'error'; readonly errorMessage: string };

/** Stryker's number for it. */
const FAILED = 1;
/** No change has it. */
const UNCHANGED = 'unchanged';
/** What Vitest says of a test, or of what is done before and after it, that took too long. */
const RAN_OUT = /^(Test|Hook) timed out in /;

export class SureRunner implements Runner {
  readonly #vitest: Runner;
  readonly #say: (text: string) => void;

  constructor(vitest: Runner, say: (text: string) => void) {
    this.#vitest = vitest;
    this.#say = say;
  }

  capabilities(): unknown {
    return this.#vitest.capabilities();
  }

  async init(): Promise<void> {
    await this.#vitest.init?.();
  }

  async dispose(): Promise<void> {
    await this.#vitest.dispose?.();
  }

  /** Of every test, unchanged. It ends at the first that fails: twice, and it is not the machine. */
  async dryRun(options: unknown): Promise<First> {
    const first = await this.#vitest.dryRun(options);
    const failed = first.tests?.filter(({ status }) => status === FAILED) ?? [];
    if (failed.length === 0) return first;
    for (const { id, failureMessage } of failed) this.#say(`fails unchanged: ${id}: ${failureMessage}`);
    return this.#vitest.dryRun(options);
  }

  async mutantRun(asked: Asked): Promise<Outcome> {
    let tests = asked.testFilter ?? [];
    while (tests.length > 0) {
      const outcome = await this.#vitest.mutantRun({ ...asked, testFilter: tests });
      if (outcome.status === 'killed') {
        const { killedBy, failureMessage } = outcome;
        if (RAN_OUT.test(failureMessage)) return { status: 'timeout', reason: `${killedBy[0]}: ${failureMessage}` };
        if (await this.#isTheChange(asked, killedBy)) return outcome;
        this.#say(`fails by itself: ${killedBy.join(', ')}: ${failureMessage}`);
        tests = tests.filter((test) => !killedBy.includes(test));
      } else if (outcome.status === 'error' && !(await this.#isTheChange(asked, tests))) {
        return { status: 'timeout', reason: `not to be told from what happens without it: ${outcome.errorMessage}` };
      } else return outcome;
    }
    return { status: 'survived', nrOfTests: 0 };
  }

  async #isTheChange(asked: Asked, tests: readonly string[]): Promise<boolean> {
    const without = await this.#vitest.mutantRun({ ...asked, activeMutant: { id: UNCHANGED }, testFilter: tests });
    if (without.status !== 'survived') return false;
    const again = await this.#vitest.mutantRun({ ...asked, testFilter: tests });
    return again.status === 'killed' || again.status === 'error';
  }
}

interface Injector {
  injectFunction(factory: unknown): Runner;
  resolve(token: 'logger'): { warn(text: string): void };
}

function create(injector: Injector): SureRunner {
  const log = injector.resolve('logger');
  return new SureRunner(injector.injectFunction(vitests[0]?.factory), (text) => log.warn(text));
}
create.inject = ['$injector'];

/** As Stryker asks of a module that it loads. */
export const strykerPlugins = [{ kind: 'TestRunner', name: 'sure', factory: create }];
