/**
 * What marks a mail as an exercise of the customer's own: headers that makers of such exercises put in, as far as they say
 * so in public. Anybody can write a header: it is shown, and nothing follows from it.
 */
const HEADERS: ReadonlySet<string> = new Set([
  'x-phishtest',
  'x-phish',
  'x-phish-crid',
  'x-phish-id',
  'x-phishme',
  'x-phishingtackle',
  'x-threatsim-header',
  'x-threatsim-id',
  'x-gophish',
  'x-gophish-contact',
  'x-gophish-signature',
  'x-ephishiency',
  'x-fortiphish-recipient-uuid',
]);

export function marksExercise(names: readonly string[]): boolean {
  return names.some((name) => HEADERS.has(name.trim().toLowerCase()));
}

/** Names of the headers in a block of them. */
export function headerNames(block: string): readonly string[] {
  return [...block.matchAll(/^([A-Za-z0-9-]+):/gm)].map(([, name = '']) => name);
}
