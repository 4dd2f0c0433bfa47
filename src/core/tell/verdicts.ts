/** What people read for the detectors' words. */
export const VERDICTS = {
  phishing: 'Phishing',
  bec: 'Business e-mail compromise',
  malware: 'Malware',
  spam: 'Spam',
  suspicious: 'Suspicious mail',
} as const;

/** Within a sentence; a word that nobody here knows stays as it is. */
export function verdictWords(verdict: string): string {
  const known = Object.entries(VERDICTS).find(([word]) => word === verdict)?.[1];
  return known?.toLowerCase() ?? verdict;
}
