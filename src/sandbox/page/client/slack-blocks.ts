import type { Json } from '../shapes.ts';

/** Reading Block Kit. */

export function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** `text` of a text object. */
export function words(value: unknown): string {
  return typeof value === 'object' && value !== null ? text((value as Json)['text']) : '';
}

/** The element that a person presses, or null. */
export function elementOf(blocks: readonly Json[], actionId: string): Json | null {
  for (const block of blocks) {
    const own = [...list(block['elements']), ...(block['accessory'] ? [block['accessory'] as Json] : [])];
    const found = own.find((element) => element['action_id'] === actionId);
    if (found) return found;
  }
  return null;
}
