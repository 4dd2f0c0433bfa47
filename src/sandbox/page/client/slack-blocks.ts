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

/** The menus among the elements of a block. */
export function menusOf(block: Json): readonly Json[] {
  return list(block['elements']).filter(({ type }) => type === 'static_select');
}

interface Portion {
  readonly key: string;
  readonly blocks: readonly Json[];
  /** What stands below them. */
  readonly menus: readonly Json[];
}

/** Blocks cut after each that has menus, which are taken out of it. */
export function portionsOf(blocks: readonly Json[]): readonly Portion[] {
  const portions: Portion[] = [];
  let open: Json[] = [];
  for (const block of blocks) {
    const menus = menusOf(block);
    const others = list(block['elements']).filter((element) => !menus.includes(element));
    if (menus.length === 0) open.push(block);
    else if (others.length > 0) open.push({ ...block, elements: others });
    if (menus.length === 0) continue;
    portions.push({ key: text(block['block_id']), blocks: open, menus });
    open = [];
  }
  return open.length > 0 ? [...portions, { key: 'the rest', blocks: open, menus: [] }] : portions;
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
