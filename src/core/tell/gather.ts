import type { Incident } from '../incident/incident.ts';
import { clip, count, inertOr } from '../text.ts';
import type { GatheredView } from './card.ts';
import { headlineOf } from './present.ts';

/** Lines of one message. */
export const MOST_GATHERED = 20;

/** Many incidents in one message. It says what the alerts said and nothing of what becomes of them, so it cannot get old. */
export function presentGathered(tenantName: string, incidents: readonly Incident[]): GatheredView {
  return {
    tenant: inertOr(tenantName, 'tenant', 80),
    headline: `${count(incidents.length, 'more alert')} in a short time`,
    lines: incidents.slice(0, MOST_GATHERED).map((incident) => ({
      incident: incident.id,
      text: clip(`${headlineOf(incident)} \u00b7 ${subjectWords(incident)} from ${senderOf(incident)}`, 400),
    })),
  };
}

function subjectWords({ alert }: Incident): string {
  return `\u201c${inertOr(alert.message.subject, 'no subject', 120)}\u201d`;
}

function senderOf({ alert }: Incident): string {
  return inertOr(alert.message.sender, 'no readable sender', 120);
}
