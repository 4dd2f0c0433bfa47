import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { remains, tried } from './trial-bench.ts';

/** One thing goes wrong in each trial, at a request that is further on each time. */

export const ANSWERS = {
  'refused with 500': { status: 500, code: 'generalException' },
  'done, and its answer lost': 'lost',
  'cut off before it is done': 'dropped',
  'not found, as if the mailbox were away': { status: 404, code: 'MailboxNotEnabledForRESTAPI' },
  'not found, as if there were no such thing': { status: 404, code: 'ErrorItemNotFound' },
} as const;
type Trouble = keyof typeof ANSWERS;
export const TROUBLES = Object.keys(ANSWERS) as readonly Trouble[];

/** Does something just before the request number `n` of a trial is carried out. */
function atRequest({ graph }: Sandbox, n: number, act: () => void): () => void {
  let count = 0;
  return graph.onRequest(() => {
    count += 1;
    if (count === n) act();
  });
}

/** Reads of whole batches come first; the mail is put in after them. */
async function stepsOfTheMail(sandbox: Sandbox): Promise<{ first: number; last: number }> {
  sandbox.graph.setLimits({ serviceMs: [0, 0] });
  const { log } = sandbox.graph;
  const before = log.entries().length;
  await tried(sandbox);
  const operations = log
    .entries()
    .slice(before)
    .map(({ operation }) => operation);
  return { first: operations.indexOf('createMessage') + 1, last: operations.length };
}

/** `kinds`: of so many troubles each request meets with one; 1: with every one of them. */
export async function leftAfterTrouble(sandbox: Sandbox, kinds: number): Promise<string[]> {
  const { first, last } = await stepsOfTheMail(sandbox);
  const { faults } = sandbox.graph;
  for (let n = first; n <= last; n += 1)
    for (const [m, trouble] of TROUBLES.entries()) {
      if ((n + m) % kinds !== 0) continue;
      // The one-off is looked up before the moment is told: set here, it meets the request after.
      const forget = atRequest(sandbox, n - 1, () => faults.once({ answer: ANSWERS[trouble] }));
      await tried(sandbox);
      forget();
      faults.clear();
      if (remains(sandbox).length > 0) return [`${n}, ${trouble}: ${remains(sandbox).join(', ')}`];
    }
  return [];
}

export async function leftAfterStop(sandbox: Sandbox, each: number): Promise<string[]> {
  const { first, last } = await stepsOfTheMail(sandbox);
  const left: string[] = [];
  for (let n = first; n < last; n += each) {
    const stop = new AbortController();
    const forget = atRequest(sandbox, n, () => stop.abort());
    const { leftovers } = await tried(sandbox, { stop: stop.signal });
    forget();
    left.push(...remains(sandbox), ...leftovers.map(({ where }) => `${n}: ${where}`));
  }
  return left;
}
