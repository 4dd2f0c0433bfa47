import { onCallAt, type Schedule } from '../../core/ask/schedule.ts';
import { ClawbackError } from '../../core/error.ts';
import type { OnCall } from '../../ports/on-call.ts';

/**
 * Who is on call as a file says it. `read` is called for each question, so that a change holds at once, and throws
 * ClawbackError for a file that cannot be used.
 */
export function createScheduleOnCall(read: () => Schedule): OnCall {
  return {
    at(now) {
      try {
        const people = onCallAt(read(), Date.parse(now)).map((id) => ({ by: 'entra-id', id }) as const);
        return Promise.resolve({ is: 'known', people });
      } catch (error) {
        if (!(error instanceof ClawbackError)) throw error;
        return Promise.resolve({ is: 'silent', why: error.message });
      }
    },
  };
}
