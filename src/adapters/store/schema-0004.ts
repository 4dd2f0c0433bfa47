/** Alive: what is looked for every few seconds is found without reading everything. Each change a statement of its own. */
export const ALIVE: readonly string[] = [];
