import { alertFromEml } from '../../src/adapters/eml/alert.ts';
import { ClawbackError } from '../../src/core/error.ts';
import type { MailFiles } from '../../src/ports/mail-files.ts';

/** The same reader without a thread of its own, which takes a second to begin. */
export const mailFilesHere: MailFiles = {
  async toAlert(bytes, about) {
    try {
      return { alert: await alertFromEml(bytes, { ...about, verdict: 'suspicious' }) };
    } catch (error) {
      if (error instanceof ClawbackError) return { problem: error.message };
      throw error;
    }
  },
};
