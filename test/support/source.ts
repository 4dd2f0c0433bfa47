import type { Source } from '../../src/core/find/source.ts';

/** A detector that is believed in everything it says. */
export const SOURCE: Source = {
  name: 'test',
  kind: 'detector',
  claims: { confidence: 100, actFirst: true, recipients: true, ids: true, reporters: true },
};
