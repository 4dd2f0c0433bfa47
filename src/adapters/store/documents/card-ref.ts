import { z } from 'zod';
import type { CardRef, Platform } from '../../../ports/rooms.ts';
import { documentOf } from './document.ts';

/** `card.ref`: where a posted card is. */
export const cardRefDocument = documentOf<CardRef>(
  'place of a card',
  z.strictObject({
    platform: z.custom<Platform>((name) => typeof name === 'string'),
    channel: z.string(),
    message: z.string(),
    via: z.string(),
  }),
);
