import { z } from 'zod';
import type { ShownWave } from '../../../ports/campaigns.ts';
import { documentOf } from './document.ts';

/** `campaign_shown.waves`: the incidents that a card showed together, each with its list. */
export const shownWavesDocument = documentOf<readonly ShownWave[]>(
  'waves of a card',
  z.array(z.strictObject({ incident: z.string(), planDigest: z.string() })),
);
