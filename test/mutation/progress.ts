import type { Result } from './score.ts';

/** What is known so far: a run takes hours, and one that is broken off has still shown what survived until then. */
class Progress {
  #total = 0;
  #done = 0;

  onMutationTestingPlanReady({ mutantPlans }: { readonly mutantPlans: readonly unknown[] }): void {
    this.#total = mutantPlans.length;
  }

  onMutantTested(tested: Tested): void {
    this.#done += 1;
    const { status, fileName, location, mutatorName, replacement, killedBy, statusReason } = tested;
    const of = `${this.#done} of ${this.#total} ${status}`;
    const by = killedBy?.[0] === undefined ? '' : ` by ${killedBy[0].slice(0, 160)}`;
    // Beside a test, so that somebody can tell whether it was the change or the machine.
    const why = status === 'RuntimeError' || status === 'Timeout' ? ` (${statusReason?.slice(0, 300)})` : '';
    process.stderr.write(`${of}: ${fileName}:${location.start.line} ${mutatorName} ${replacement ?? ''}${by}${why}\n`);
  }
}

interface Tested {
  readonly status: Result['status'];
  readonly fileName: string;
  readonly location: { readonly start: { readonly line: number } };
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly killedBy?: readonly string[];
  readonly statusReason?: string;
}

/** As Stryker asks of a module that it loads. */
export const strykerPlugins = [{ kind: 'Reporter', name: 'as-it-goes', injectableClass: Progress }];
