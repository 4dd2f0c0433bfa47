import type { TakenAlert } from '../find/alert.ts';
import { blastRadius, type Plan } from '../find/plan.ts';
import type { Incident } from '../incident/incident.ts';
import { instantOf } from '../instant.ts';
import { count } from '../text.ts';

/**
 * Where an incident stands in the queue: what it is called and how surely, whom it reached, who followed its link, and how long
 * it has waited. Only what is proven moves it: whom an alert merely names is no reach, and how sure a source is counts no
 * further than the configuration believes it.
 */

export interface Ranked {
  readonly alert: Pick<TakenAlert, 'verdict' | 'confidence' | 'evidence' | 'from' | 'received'>;
  /** Null while copies are being looked for. */
  readonly plan: Pick<Plan, 'copies' | 'vip'> | null;
  /** As `Incident.clicked`. */
  readonly clicked: Incident['clicked'];
  readonly createdAt: string;
}

type Known = Pick<Ranked, 'alert' | 'plan' | 'clicked'>;

/** In points. One point is an hour of waiting. */
const VERDICT: Readonly<Record<TakenAlert['verdict'], number>> = {
  spam: 2,
  suspicious: 8,
  phishing: 20,
  malware: 28,
  bec: 28,
};
const VIP = 24;
const CLICKED = 16;
/** For each doubling of the mailboxes that it reached. */
const DOUBLED = 3;
/** Of a source that does not say how sure it is, in percent. */
const UNSAID = 50;
const HOUR_MS = 3_600_000;
const WHOLE = 100;

/** In points, without the time that it has waited. */
function scoreOf({ alert, plan, clicked }: Known): number {
  const sure = upTo(alert.from.claims.confidence, alert.confidence ?? UNSAID);
  // Nobody's word is worth nothing: somebody has to look at it all the same.
  const called = VERDICT[alert.verdict] * (1 + sure / WHOLE);
  const clicks = clicksOf({ alert, clicked }) > 0 ? CLICKED : 0;
  const vip = (plan?.vip ?? 0) > 0 ? VIP : 0;
  return called + clicks + vip + DOUBLED * doublingsOf(reachOf({ alert, plan }));
}

/** Higher is further in front. All wait equally fast, so that the order of two never changes by time alone. */
export function rankOf(ranked: Ranked): number {
  return scoreOf(ranked) - instantOf(ranked.createdAt) / HOUR_MS;
}

/** `VIP, 3 followed its link, 41 mailboxes`: why it stands where it stands; empty where nothing is known of it. */
export function rankWords({ alert, plan, clicked }: Known): string {
  const reach = reachOf({ alert, plan });
  const vip = plan?.vip ?? 0;
  const clicks = clicksOf({ alert, clicked });
  const parts = [
    vip > 0 ? (vip === 1 ? 'VIP' : count(vip, 'VIP')) : '',
    clicks > 0 ? `${clicks} followed its link` : '',
    reach > 0 ? count(reach, 'mailbox', 'mailboxes') : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function upTo(most: number, said: number): number {
  if (said > most) return most;
  return said;
}

/** 0, 1, 2, 2, 3 …: a mail in a thousand mailboxes is not a hundred times as urgent as one in ten. */
function doublingsOf(mailboxes: number): number {
  return mailboxes === 0 ? 0 : mailboxes.toString(2).length;
}

function reachOf({ alert, plan }: Pick<Ranked, 'alert' | 'plan'>): number {
  return plan ? blastRadius(plan.copies).mailboxes : alert.received.length;
}

/**
 * What a source tells, or what was seen here: the larger of both, because both may have seen the same people. Who reports a mail does
 * not know what others pressed.
 */
function clicksOf({ alert: { evidence, from }, clicked }: Pick<Ranked, 'alert' | 'clicked'>): number {
  const told = from.kind === 'report' ? 0 : (evidence?.clicks ?? 0);
  return told > clicked ? told : clicked;
}
