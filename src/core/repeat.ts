import { saysWorse, type TakenAlert } from './alert.ts';
import { type Incident, isClosed } from './incident.ts';
import { subjectKey } from './key.ts';
import { withinOneDelivery } from './match.ts';

/** Whether an alert about a known mail joins what is there, or is news. */

export type Home = { readonly joins: Incident } | { readonly follows: Incident | null };

/**
 * `known`: incidents filed under one of the alert's keys, newest first. An alert joins the incident of its mail. A new
 * one is opened where it speaks of another delivery, or where the old one is closed and a source that had not spoken calls
 * the mail worse than anybody had: a harmless mail that was closed must not swallow the attack that looks like it.
 */
export function homeOf(known: readonly Incident[], alert: TakenAlert): Home {
  const [newest = null] = known;
  const related = (relation: Relation) => known.filter((incident) => relationOf(incident, alert) === relation);
  // What is open before what is closed: there somebody is looking.
  const maybe = related('unknown');
  const joins = related('same')[0] ?? maybe.find(({ state }) => !isClosed(state)) ?? maybe[0];
  if (!joins) return { follows: newest };
  const before = known.flatMap(({ alert: { said } }) => said);
  // What is open is being looked at already, whatever it is called.
  const isNews = known.every(({ state }) => isClosed(state)) && saysWorse(before, alert);
  return isNews ? { follows: newest } : { joins };
}

type Relation = 'same' | 'another' | 'unknown';

function relationOf({ alert: known, state }: Incident, alert: TakenAlert): Relation {
  if (known.networkIds.some((id) => alert.networkIds.includes(id))) return 'same';
  if (known.networkIds.length > 0 && alert.networkIds.length > 0) return 'another';
  const areFacts = known.from.claims.ids && alert.from.claims.ids;
  if (areFacts && !withinOneDelivery(known.message.receivedAt, alert.message.receivedAt)) return 'another';
  const [before, now] = [subjectKey(known.message.subject), subjectKey(alert.message.subject)];
  if (before !== null && now !== null && before !== now) return 'another';
  // What an alert merely says is enough to look once more at what is closed, and not to split what is open.
  const said = [known, alert].map(({ message }) => message.networkMessageId?.toLowerCase() ?? null);
  return isClosed(state) && !said.includes(null) && said[0] !== said[1] ? 'another' : 'unknown';
}
