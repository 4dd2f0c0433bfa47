/** A table or column that the tenant does not have: without its licence there is none. */
const NO_TABLE = /failed to resolve (table|column|scalar)/i;
const NO_LICENCE = /licen[cs]e/i;

/** Whether a refusal of advanced hunting is about what the tenant has, and not about what we may. `words`: of the error. */
export function notLicensed(status: number, words: string): boolean {
  return status === 404 || status === 501 || NO_TABLE.test(words) || (status === 403 && NO_LICENCE.test(words));
}
