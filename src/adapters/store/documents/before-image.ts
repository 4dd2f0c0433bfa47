import { z } from 'zod';
import type { MessageState } from '../../../ports/reader.ts';
import { documentOf } from './document.ts';

/** `work_item.before`: a copy as a removal found it, which its undo puts back. */
const FlagDate = z.object({ dateTime: z.string(), timeZone: z.string() });
const marks = {
  isRead: z.boolean(),
  flag: z.string(),
  // Pictures from before dates were kept have none.
  flagDates: z
    .object({
      start: FlagDate.exactOptional(),
      due: FlagDate.exactOptional(),
      completed: FlagDate.exactOptional(),
    })
    .nullable()
    .exactOptional(),
  categories: z.array(z.string()),
};

export const beforeImageDocument = documentOf<MessageState>(
  'picture of a copy',
  z.object({
    internetMessageId: z.string().nullable(),
    sender: z.string().nullable(),
    folderId: z.string(),
    inRecoverableItems: z.boolean(),
    folderDeleted: z.boolean().exactOptional(),
    junk: z.enum(['inside', 'outside', 'none']).exactOptional(),
    ...marks,
    asPut: z.object(marks).exactOptional(),
  }),
);
