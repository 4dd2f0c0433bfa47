/** How lists of what automation took out are called, and their clusters. */

/** `AU-20261201`, and `AU-20261201-2` for another one of the day. */
export function listId(day: string, nth: number): string {
  const date = day.slice(0, 10).replaceAll('-', '');
  return nth <= 1 ? `AU-${date}` : `AU-${date}-${nth}`;
}

const NAME = /^(AU-\d{8}(?:-\d{1,3})?)\/(\d{1,3})$/;

export const clusterName = (list: string, key: string) => `${list}/${key}`;

/** Null for what names no cluster. */
export function clusterNamed(name: string): { readonly list: string; readonly key: string } | null {
  const [, list, key] = NAME.exec(name) ?? [];
  return list === undefined || key === undefined ? null : { list, key };
}
