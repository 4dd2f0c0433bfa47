import { CardView, DetailsView } from '../../core/card.ts';
import { compileCard } from './template.ts';

export const CARD_TYPE = 'application/vnd.microsoft.card.adaptive';
/** Teams takes about 100 KB per message and keeps several versions; 25 KB per card stays clear of it. */
const MOST_BYTES = 25_000;

const folder = `${import.meta.dirname}/../../../cards/teams`;
const incident = compileCard(`${folder}/incident.json`, isSmall);
const details = compileCard(`${folder}/details.json`, isSmall);
const reply = compileCard(`${folder}/reply.json`, isSmall);

function isSmall(card: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(card)) <= MOST_BYTES;
}

/** Clients show `fallbackText` and `summary` with their own rules, so of an id only plain characters get there. */
export function plainId(id: string): string {
  return id.replace(/[^\w-]/g, '');
}

/** The incident card. Throws ZodError when the view is not a `CardView`. */
export function incidentCard(view: CardView): object {
  return expanded(incident({ ...CardView.parse(view), id: plainId(view.incident) }));
}

/** One page of the mailbox list. Throws ZodError when the view is not a `DetailsView`. */
export function detailsCard(view: DetailsView): object {
  return expanded(details({ ...DetailsView.parse(view), id: plainId(view.incident) }));
}

/** Lines of an answer, each on its own, literal. */
export function replyCard(lines: readonly string[]): object {
  const rows = lines.filter((line) => line !== '').map((text) => ({ text }));
  return expanded(reply({ lines: rows, isEmpty: rows.length === 0 }));
}

function expanded(card: unknown): object {
  if (typeof card !== 'object' || card === null) throw new TypeError('the template gave no card');
  return card;
}
