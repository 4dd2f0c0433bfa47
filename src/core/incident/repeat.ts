import { addressKey } from '../address.ts';
import { saysWorse, type TakenAlert } from '../find/alert.ts';
import { filingKeys, isOtherSubject, networkKeys, subjectKey } from '../find/key.ts';
import { withinOneDelivery } from '../find/match.ts';
import { type Incident, isClosed } from './incident.ts';

/** Whether an alert about a known mail joins what is there, or is news. */

export type Home = { readonly joins: Incident } | { readonly follows: Incident | null };

/**
 * `known`: incidents filed under one of the alert's keys, newest first; `keys`: all that each is filed under. An alert joins the incident of its mail. A new
 * one is opened where it speaks of another delivery, or where the old one is closed and the mail is called worse
 * than anybody had called it, by a source that raises its own word as well: a harmless mail that was closed must not swallow the attack that looks like it.
 */
export function homeOf(known: readonly Incident[], alert: TakenAlert, keys: Keys = new Map()): Home {
  const [newest = null] = known;
  const related = (relation: Relation) =>
    known.filter((incident) => relationOf(incident, alert, keys.get(incident.id) ?? []) === relation);
  // What is open before what is closed: there somebody is looking.
  const [same, maybe] = [related('same'), related('unknown')];
  const joins = same[0] ?? maybe.find(({ state }) => !isClosed(state)) ?? maybe[0];
  if (!joins) return { follows: newest };
  const own = [...same, ...maybe];
  const before = own.flatMap(({ alert: { said } }) => said);
  // What is open is being looked at already, whatever it is called.
  const isNews = own.every(({ state }) => isClosed(state)) && saysWorse(before, alert);
  return isNews ? { follows: own[0] ?? null } : { joins };
}

type Keys = ReadonlyMap<string, readonly string[]>;
type Relation = 'same' | 'another' | 'unknown';

function relationOf({ alert: known, state, breach }: Incident, alert: TakenAlert, keys: readonly string[]): Relation {
  // Nothing can be done there any more: what comes later needs an incident that can be believed.
  if (breach !== null) return 'another';
  if (known.networkIds.some((id) => alert.networkIds.includes(id))) return 'same';
  // Copies with this id were seen, whatever the alerts had said.
  if (networkKeys(filingKeys(alert)).some((key) => keys.includes(key))) return 'same';
  if (known.networkIds.length > 0 && alert.networkIds.length > 0) return 'another';
  const areFacts = known.from.claims.ids && alert.from.claims.ids;
  if (areFacts && !withinOneDelivery(known.message.receivedAt, alert.message.receivedAt)) return 'another';
  if (contradicts(known, alert) || isOtherSubject(keys, alert)) return 'another';
  // What an alert merely says is enough to look once more at what is closed, and not to split what is open.
  return isClosed(state) && !saysOneDelivery(known, alert) ? 'another' : 'unknown';
}

/**
 * By the id that both say, by when it was received where that is a fact, or else by when it was reported: whoever wrote a mail can
 * write its headers again, and what people once found of one delivery must not answer for another for ever.
 */
function saysOneDelivery(a: TakenAlert, b: TakenAlert): boolean {
  const [one = null, other = null] = [a, b].map(({ message }) => message.networkMessageId?.toLowerCase() ?? null);
  if (one !== null && other !== null) return one === other;
  const isKnown = [a, b].every(({ from, message }) => from.claims.ids && message.receivedAt !== null);
  return isKnown || withinOneDelivery(a.detectedAt, b.detectedAt);
}

/** Headers that both name and that differ: a detector's own id alone makes two mails no one mail. */
function contradicts(a: TakenAlert, b: TakenAlert): boolean {
  const headers = ({ message: { internetMessageId, sender, subject } }: TakenAlert) => [
    internetMessageId,
    sender && addressKey(sender),
    subjectKey(subject),
  ];
  const other = headers(b);
  return headers(a).some((header, n) => header !== null && typeof other[n] === 'string' && header !== other[n]);
}
