import { z } from 'zod';
import type { Lookup, Wanted } from '../../../ports/reader.ts';
import { documentOf } from './document.ts';

/** `look_part.asked`: which mailboxes are looked into for what. */
export const askedDocument = documentOf<{ readonly addresses: readonly string[]; readonly wanted: Wanted }>(
  'part of a search',
  z
    .object({
      addresses: z.array(z.string()),
      internetMessageIds: z.array(z.string()),
      owners: z.array(z.tuple([z.string(), z.string()])),
      networkMessageIds: z.array(z.string()).exactOptional(),
    })
    .transform(({ addresses, owners, ...ids }) => ({
      addresses,
      wanted: { ...ids, owners: new Map(owners) },
    })),
);

/** As it is written: of the owners only those who are asked about. */
export function writtenPart(
  addresses: readonly string[],
  { owners, internetMessageIds, networkMessageIds }: Wanted,
): string {
  const known = addresses.flatMap((address) => {
    const key = address.toLowerCase();
    const owner = owners?.get(key);
    return owner === undefined ? [] : [[key, owner]];
  });
  return JSON.stringify({ addresses, internetMessageIds, networkMessageIds, owners: known });
}

/** `look_part.answer`: what looking into them gave. */
export const lookupsDocument = documentOf<readonly Lookup[]>(
  'answer to a search',
  z.array(
    z.object({
      address: z.string(),
      mailbox: z.object({ id: z.string(), address: z.string() }).nullable(),
      result: z.enum(['found', 'nothing', 'denied', 'missing', 'unreachable', 'failed']),
      messages: z.array(
        z.object({
          message: z.string(),
          internetMessageId: z.string().nullable(),
          sender: z.string().nullable(),
          subject: z.string().nullable(),
          networkMessageId: z.string().nullable(),
          isDraft: z.boolean(),
          inSentItems: z.boolean(),
          folderId: z.string(),
          receivedAt: z.string().nullable(),
          isRead: z.boolean(),
          flag: z.string(),
          categories: z.array(z.string()),
          refs: z.record(z.string(), z.string()).exactOptional(),
          origin: z
            .object({
              clientIp: z.string().nullable(),
              returnPath: z.string().nullable(),
              marks: z.array(z.string()),
            })
            .exactOptional(),
        }),
      ),
      requestId: z.string(),
      detail: z.string(),
    }),
  ),
);
