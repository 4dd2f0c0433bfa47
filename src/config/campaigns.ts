import { z } from 'zod';
import type { CampaignTerms } from '../core/find/campaign.ts';
import type { CardLimits } from '../core/tell/budget.ts';

/** What is shown together as one attack, and how many cards an hour brings. */

const Domain = z
  .string()
  .max(253)
  .regex(/^(?=.*\.)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, 'must be a domain in lower case, such as contoso.example');

/** Links to these say nothing of who sent a mail: everybody uses them, or mail programs write them. */
const SHARED_HOSTS = [
  'aka.ms',
  'apple.com',
  'bit.ly',
  'docs.google.com',
  'drive.google.com',
  'dropbox.com',
  'facebook.com',
  'fonts.googleapis.com',
  'forms.office.com',
  'google.com',
  'instagram.com',
  'linkedin.com',
  'live.com',
  'microsoft.com',
  'microsoftonline.com',
  'office.com',
  'outlook.com',
  'protection.outlook.com',
  'sharepoint.com',
  't.co',
  'tinyurl.com',
  'twitter.com',
  'urldefense.com',
  'urldefense.proofpoint.com',
  'w3.org',
  'x.com',
  'youtube.com',
];
const DEFAULTS = { on: true, ownDomains: [], sharedHosts: SHARED_HOSTS };

export const CampaignSettings = z
  .strictObject({
    on: z.boolean().default(true).describe('Show mails of one attack on one card.'),
    ownDomains: z
      .array(Domain)
      .max(500)
      .default([])
      .describe('Your own domains: a link to one is no mark of an attack.'),
    sharedHosts: z
      .array(Domain)
      .max(1_000)
      .default(SHARED_HOSTS)
      .describe('Services that everybody uses, with all hosts below them: a link to one is no mark of an attack.'),
  })
  .default(DEFAULTS)
  .describe('Mails that share two independent marks are shown as one attack; each is still decided by itself.');

const CARD_DEFAULTS = { perHour: 20, detectorPerHour: 200 };

export const CardSettings = z
  .strictObject({
    perHour: z
      .int()
      .min(1)
      .max(10_000)
      .default(CARD_DEFAULTS.perHour)
      .describe('New cards an hour, in each chat, of mails that only people have reported. More wait in the queue.'),
    detectorPerHour: z
      .int()
      .min(1)
      .max(100_000)
      .default(CARD_DEFAULTS.detectorPerHour)
      .describe('The same for what each detector alerts of.'),
  })
  .default(CARD_DEFAULTS)
  .describe('A flood of reports buries no card. What is more than one person’s report gets its card after all.');

type Settings = {
  readonly campaigns: z.infer<typeof CampaignSettings>;
  readonly cards: z.infer<typeof CardSettings>;
};

export function groupingOf({ campaigns, cards }: Settings): {
  readonly campaigns?: CampaignTerms;
  readonly cardLimits: CardLimits;
} {
  const { on, ownDomains, sharedHosts } = campaigns;
  return { ...(on ? { campaigns: { ownDomains, sharedHosts } } : {}), cardLimits: cards };
}
