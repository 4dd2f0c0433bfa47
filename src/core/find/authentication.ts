/** How a mail was judged on its way in, as hunting tells it: `AuthenticationDetails` of EmailEvents, a JSON object in a text. */

const LONGEST = 120;

/** `DKIM pass, DMARC fail, SPF fail`: the same for the same judgement, however it is written. Null where it says nothing. */
export function authenticationIn(details: string | null): string | null {
  const said = details?.trim() ?? '';
  const words = wordsIn(said) ?? said;
  return words === '' ? null : words.slice(0, LONGEST).toWellFormed();
}

/** Null for what is no such object: then its text stands for itself. */
function wordsIn(said: string): string | null {
  try {
    const read: unknown = JSON.parse(said);
    if (typeof read !== 'object' || read === null || Array.isArray(read)) return null;
    const checks = Object.entries(read).map(
      ([check, verdict]) => `${check.trim()} ${String(verdict).trim().toLowerCase()}`,
    );
    return checks.sort().join(', ');
  } catch {
    return null;
  }
}
