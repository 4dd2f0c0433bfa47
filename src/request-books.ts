import type { RequestFolder } from './adapters/files/request-folder.ts';
import type { OwnRequestLog } from './adapters/files/request-log.ts';
import type { Bookkeeping } from './flow/flow.ts';
import { forgetRequests, sealRequests } from './flow/record/requests.ts';

/** The way of the log of requests: from the files of this process, and of those that are gone, into the store and the record. */
export interface RequestBooks {
  /** Seals what is full or old; or everything, because this process ends. */
  seal(when: 'due' | 'now'): Promise<void>;
  /** Seals what processes that are gone have left. */
  takeOver(): Promise<void>;
  /** Deletes what is older than it is kept. */
  forget(): Promise<void>;
}

export function bookRequests(flow: Bookkeeping, log: OwnRequestLog, folder: RequestFolder, days: number): RequestBooks {
  return {
    async seal(when) {
      await log.cut(when);
      for (const segment of log.ended()) {
        await sealRequests(flow, segment, 'whole');
        await log.kept(segment.id);
      }
    },
    async takeOver() {
      for (const segment of folder.left(flow.tenant.id)) {
        await sealRequests(flow, segment, 'left behind');
        folder.takeAway(segment.id);
      }
    },
    forget: () => forgetRequests(flow, days),
  };
}

/** For readiness. Without it nothing is changed in a mailbox; reading goes on. */
export function notWrittenDown(trouble: string | null): string | null {
  return trouble === null ? null : `requests cannot be written down, so nothing is changed in a mailbox: ${trouble}`;
}
