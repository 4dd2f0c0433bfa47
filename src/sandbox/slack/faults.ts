import type { Outcome } from './loopback.ts';

/**
 * What goes wrong. `after`: the effect happens first and only the answer is lost, the case that makes double posts.
 * `answer: 'drop'` destroys the socket, `'hang'` never answers.
 */
export interface Fault {
  readonly after?: boolean;
  readonly answer: Outcome;
}

export interface Faults {
  /** The next `times` calls of `operation` ('*' for any) fail. Infinity for a storm. */
  fail(operation: string, fault: Fault, times?: number): void;
  /** No connection gets an answer while down. */
  setDown(down: boolean): void;
  isDown(): boolean;
  take(operation: string): Fault | null;
  clear(): void;
}

export function createFaults(): Faults {
  const queue: { operation: string; fault: Fault; left: number }[] = [];
  let down = false;
  return {
    fail(operation, fault, times = 1) {
      queue.push({ operation, fault, left: times });
    },
    setDown(value) {
      down = value;
    },
    isDown: () => down,
    take(operation) {
      const found = queue.find((one) => one.left > 0 && (one.operation === operation || one.operation === '*'));
      if (found === undefined) {
        return null;
      }
      found.left -= 1;
      return found.fault;
    },
    clear() {
      queue.length = 0;
      down = false;
    },
  };
}

/** Runs `effect` under the fault that is due, if any. */
export async function underFault(fault: Fault | null, effect: () => Promise<Outcome>): Promise<Outcome> {
  if (fault === null) {
    return effect();
  }
  if (fault.after === true) {
    await effect();
  }
  return fault.answer;
}
