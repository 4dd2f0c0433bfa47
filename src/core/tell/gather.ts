import type { Incident } from '../incident/incident.ts';
import { clip, count, inertOr } from '../text.ts';
import type { GatheredView } from './card.ts';
import { headlineOf } from './present.ts';

/** Lines of one message. */
export const MOST_GATHERED = 20;

/** Many incidents in one message. It says what the alerts said and nothing of what becomes of them, so it cannot get old. */
export function presentGathered(tenantName: string, incidents: readonly Incident[]): GatheredView {
  return {
    ...ABOUT_ALERTS,
    tenant: inertOr(tenantName, 'tenant', 80),
    headline: `${count(incidents.length, 'more alert')} in a short time`,
    lines: linesOf(incidents, MOST_GATHERED),
  };
}

/** Of those that wait without a card, so many are named. */
export const MOST_WAITING = 10;

/** `incidents`: the first ones in the order of the queue; `total`: how many there are. */
export function presentWaiting(tenantName: string, incidents: readonly Incident[], total: number): GatheredView {
  const more = total - linesOf(incidents, MOST_WAITING).length;
  const named = more > 0 ? `; the first ${total - more} of the queue` : '';
  return {
    ...ABOUT_ALERTS,
    tenant: inertOr(tenantName, 'tenant', 80),
    headline:
      total === 0
        ? 'Nothing waits without a card any more'
        : `${count(total, 'incident')} ${total === 1 ? 'waits' : 'wait'} in the queue without a card${named}`,
    lines: linesOf(incidents, MOST_WAITING),
  };
}

/** What every message about many incidents says of itself. */
export const ABOUT_ALERTS: Pick<GatheredView, 'title' | 'intro' | 'notes'> = {
  title: 'Many alerts at once',
  intro: 'Nothing can be decided in this message. A button brings the card of its incident into this channel.',
  notes: [],
};

function linesOf(incidents: readonly Incident[], most: number): GatheredView['lines'] {
  return incidents.slice(0, most).map((incident) => ({
    incident: incident.id,
    text: clip(`${headlineOf(incident)} \u00b7 ${subjectWords(incident)} from ${senderOf(incident)}`, 400),
    button: 'Open',
  }));
}

function subjectWords({ alert }: Incident): string {
  return `\u201c${inertOr(alert.message.subject, 'no subject', 120)}\u201d`;
}

function senderOf({ alert }: Incident): string {
  return inertOr(alert.message.sender, 'no readable sender', 120);
}
