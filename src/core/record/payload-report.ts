import { z } from 'zod';
import { personal, plain } from './field.ts';

/** What is written down of mail that people report in a chat. */

export const REPORTING = {
  /**
   * The entry is about the incident that the mail went into. `outcome`: 'made', or 'joined' where the mail had one. `digest`:
   * SHA-256 of the file. `proven`: whether it is known which person is behind the account.
   */
  'report.taken': z.object({
    channel: plain(),
    message: plain(),
    name: personal(),
    digest: plain(),
    proven: z.boolean(),
  }),
  /** `outcome` is why. `name`: of the file; null where none was looked at. */
  'report.refused': z.object({ channel: plain(), message: plain(), name: personal().nullable(), note: personal() }),
};
