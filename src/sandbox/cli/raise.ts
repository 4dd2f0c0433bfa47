import { type Attack, EMMA, type Reporter } from '../attacks.ts';
import type { Sandbox } from '../sandbox.ts';
import type { Sublime } from '../sublime/start.ts';
import { defenderAlertOf, defenderId, sublimeSays, submissionOf } from '../vendor-events.ts';

/** How an attack comes to Clawback's ears: sent by a detector, asked for at Microsoft, or told by a webhook. */

interface Around {
  readonly sandbox: Sandbox;
  readonly sublime: Sublime;
  /** Where the bot listens. */
  readonly bot: string;
  /** The sandbox's own detector. */
  readonly detector: (attack: Attack) => Promise<string>;
  /** The incident that an alert of this id of its vendor's went into; null while there is none. */
  readonly incidentOf: (alert: string) => Promise<string | null>;
}

/** Answers the incident's id. Throws while there is none; asked again, nothing is reported twice. */
export function raise(attack: Attack, around: Around): Promise<string> {
  return RAISED[attack.by ?? 'detector'](attack, around);
}

const RAISED: Readonly<Record<Reporter, (attack: Attack, around: Around) => Promise<string>>> = {
  detector: (attack, { detector }) => detector(attack),

  defender(attack, { sandbox: { graph }, incidentOf }) {
    const id = defenderId(attack);
    if (!graph.alerts.some((alert) => alert['id'] === id)) graph.alerts.push(defenderAlertOf(attack, now()));
    return found(incidentOf(id));
  },

  user(attack, { sandbox: { graph, tenant }, incidentOf }) {
    const id = attack.networkMessageId;
    const emma = tenant.userByKey(EMMA);
    const by = { id: emma?.id ?? '', name: emma?.displayName ?? '', address: EMMA };
    if (!graph.submissions.some((one) => one['id'] === id)) graph.submissions.push(submissionOf(attack, by, now()));
    return found(incidentOf(id));
  },

  async sublime(attack, { sublime, bot }) {
    const { event, message, model } = sublimeSays(attack, now());
    sublime.messages.set(attack.networkMessageId, message);
    sublime.models.set(attack.networkMessageId, model);
    const answer = await sublime.deliver(new URL('/intake/alerts/sublime', bot).href, event);
    const { incident, detail } = (await answer.json()) as { incident?: string; detail?: string };
    if (!incident) throw new Error(detail ?? `Clawback answers with ${answer.status}`);
    return incident;
  },
};

const now = () => new Date().toISOString();

async function found(looking: Promise<string | null>): Promise<string> {
  const incident = await looking;
  if (incident === null) throw new Error('Clawback has not asked for it yet');
  return incident;
}
