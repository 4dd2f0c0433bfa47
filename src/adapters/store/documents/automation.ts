import { z } from 'zod';
import type { AutomationList } from '../../../core/find/automation.ts';
import { PLACES } from '../../../core/find/removed-to.ts';
import { documentOf } from './document.ts';

const text = () => z.string().nullable();
const words = () => z.array(z.string());

/** `automation_list.list`: what was taken out of mailboxes without asking anybody. */
export const automationDocument = documentOf<AutomationList>(
  'list of what automation took out',
  z.object({
    id: z.string(),
    from: z.string(),
    until: z.string(),
    asOf: z.string(),
    clusters: z.array(
      z.object({
        key: z.string(),
        by: z.enum(['cluster', 'subject', 'mail']),
        sender: text(),
        mailFrom: text(),
        authentication: text().exactOptional(),
        mails: z.array(
          z.object({
            networkMessageId: z.string(),
            internetMessageId: text(),
            sender: text(),
            subject: text(),
            receivedAt: text(),
          }),
        ),
        copies: z.array(
          z.object({
            networkMessageId: z.string(),
            recipient: z.string(),
            recipientId: text(),
            removedAt: text(),
            place: z.enum(PLACES),
            was: z.enum(['inbox', 'junk', 'not known']),
          }),
        ),
        ways: words(),
        actions: words(),
        threatsThen: words(),
        threatsNow: words(),
      }),
    ),
    apart: z.object({ odd: z.number(), failed: z.number(), ours: z.number(), known: z.number(), left: z.number() }),
    cutAt: z.number().nullable(),
    samples: z.number(),
  }),
);
