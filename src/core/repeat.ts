import { saysWorse, type TakenAlert } from './alert.ts';
import { type Incident, isClosed } from './incident.ts';
import { withinOneDelivery } from './match.ts';

/** Whether an alert about a known mail joins what is there, or is news. */

export type Home = { readonly joins: Incident } | { readonly follows: Incident | null };

/**
 * `known`: incidents filed under one of the alert's keys, newest first. An alert joins the incident of its delivery. A new
 * one is opened where it speaks of another delivery, or where the old one is closed and a source that had not spoken calls
 * the mail worse than anybody had: a harmless mail that was closed must not swallow the attack that looks like it.
 */
export function homeOf(known: readonly Incident[], alert: TakenAlert): Home {
  const [newest = null] = known;
  const same = known.find((incident) => relationOf(incident, alert) === 'same');
  const joins = same ?? known.find((incident) => relationOf(incident, alert) === 'unknown');
  if (!joins) return { follows: newest };
  const before = known.flatMap(({ alert: { said } }) => said);
  // What is open is being looked at already, whatever it is called.
  const isNews = known.every(({ state }) => isClosed(state)) && saysWorse(before, alert);
  return isNews ? { follows: newest } : { joins };
}

function relationOf({ alert: known, state }: Incident, alert: TakenAlert): 'same' | 'another' | 'unknown' {
  if (known.networkIds.some((id) => alert.networkIds.includes(id))) return 'same';
  if (known.networkIds.length > 0 && alert.networkIds.length > 0) return 'another';
  const areFacts = known.from.claims.ids && alert.from.claims.ids;
  if (areFacts && !withinOneDelivery(known.message.receivedAt, alert.message.receivedAt)) return 'another';
  // What an alert merely says is enough to look once more at what is closed, and not to split what is open.
  const said = [known, alert].map(({ message }) => message.networkMessageId?.toLowerCase() ?? null);
  return isClosed(state) && !said.includes(null) && said[0] !== said[1] ? 'another' : 'unknown';
}
