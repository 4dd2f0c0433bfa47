import { type Lift, text } from './flat.ts';
import type { CAMPAIGN } from './payload-campaign.ts';

/** As `lift.ts`: campaigns. No entry of these kinds is that old. */

export const CAMPAIGN_LIFTS: { readonly [T in keyof typeof CAMPAIGN]: Lift<T> } = {
  'campaign.joined': (d) => ({ lead: text(d, 'lead'), by: text(d, 'by'), marks: [] }),
  'campaign.marked': () => ({ marks: [] }),
  'campaign.left': (d) => ({ lead: text(d, 'lead') }),
  'campaign.followed': (d) => ({ older: text(d, 'older'), because: text(d, 'because') }),
};
