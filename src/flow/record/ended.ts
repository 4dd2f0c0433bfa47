import { addressKey } from '../../core/address.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { ANSWER_ENTRIES, answerTime } from '../../core/record/answer-time.ts';
import { END_ENTRIES, type EndName, endIn } from '../../core/record/ends.ts';
import { domainOfAddress } from '../../core/signal/domain.ts';
import type { Sender } from '../../ports/looks.ts';
import type { Tx } from '../../ports/store.ts';
import type { Flow } from '../flow.ts';

/** In the transaction that ends a case: whoever raised its alerts is told, where that is set up, and how long they waited is counted. */
export async function endReached(flow: Pick<Flow, 'told' | 'observe'>, tx: Tx, incident: string): Promise<void> {
  await timeAnswer(flow, tx, incident);
  await countFindings(tx, incident);
  await askToTell(flow, tx, incident);
}

/** Also where somebody reports a mail whose case has ended: they are told as those before them. */
export async function askToTell(
  { told = [], toReporters }: Pick<Flow, 'told' | 'toReporters'>,
  tx: Pick<Tx, 'jobs'>,
  incident: string,
): Promise<void> {
  if (told.length > 0) await tx.jobs.send({ queue: 'back', incident, nth: 0 });
  if (toReporters) await tx.jobs.send({ queue: 'reporter', incident, nth: 0 });
}

/**
 * Once for each end: what has not been committed has not ended, and a step that comes again after a crash ends nothing a second
 * time. Whoever is killed right after the commit leaves one answer uncounted. A record that cannot be read here is no reason
 * not to end a case.
 */
async function timeAnswer({ observe }: Pick<Flow, 'observe'>, tx: Tx, incident: string): Promise<void> {
  const found = await tx.ledger.find({ incident, types: ANSWER_ENTRIES });
  const entries = found.flatMap(({ entry }) => entry ?? []);
  const answer = entries.length === found.length ? answerTime(entries) : null;
  if (!answer || answer.seq !== entries.at(-1)?.seq) return;
  const { end, seconds } = answer;
  tx.afterwards(() => observe({ what: 'answer', end, seconds }));
}

/** How right each kind of finding was: what people removed was malicious, and what they put back or called harmless was not. */
const CLOSED_AS: Readonly<Record<EndName, 'malicious' | 'harmless' | null>> = {
  removed: 'malicious',
  'set-aside': 'malicious',
  harmless: 'harmless',
  'put-back': 'harmless',
  exercise: null,
};

async function countFindings(tx: Tx, incident: string): Promise<void> {
  const how = await closedAs(tx, incident);
  await tx.looks.ended(incident, how);
  await judgeSender(tx, incident, how);
}

/** What a look sees after people have closed the case counts like what was seen before, also that the mail is forged. */
export async function countSeenLater(tx: Tx, incident: string): Promise<void> {
  if ((await closedAs(tx, incident)) !== null) await countFindings(tx, incident);
}

async function closedAs(tx: Tx, incident: string): Promise<'malicious' | 'harmless' | null> {
  const found = await tx.ledger.find({ incident, types: END_ENTRIES });
  const entries = found.flatMap(({ entry }) => entry ?? []);
  // Of what cannot be read here nothing is counted.
  const end = entries.length === found.length ? endIn(entries) : null;
  return end && CLOSED_AS[end.is];
}

/** For what comes later from the same sender. Mail that was not seen to be theirs is not theirs: whoever forges an address marks nobody. */
async function judgeSender(tx: Tx, id: string, how: 'malicious' | 'harmless' | null): Promise<void> {
  const incident = await tx.incidents.get(id);
  const who = incident && senderOf(incident);
  if (!who) return;
  // Any of them: after the mail was taken out, nobody can see how it is written.
  const looks = await tx.looks.of(id);
  const isForged = looks.some(({ look }) => look?.mail.some(({ signal }) => signal === 'authentication'));
  await tx.looks.judge(id, who, isForged ? null : how);
}

/** Whom a mail says that it is from, as later mail is compared with it; null where that is no address. */
export function senderOf({ alert }: Pick<Incident, 'alert'>): Sender | null {
  const { sender } = alert.message;
  const domain = sender === null ? null : domainOfAddress(sender);
  return sender === null || domain === null ? null : { address: addressKey(sender), domain: domain.name };
}

/** Under which an incident is filed for what a source that is told calls its alert: one alert may speak of many mails. */
export const spokenOfKey = (source: string, alert: string) => `spoken of ${JSON.stringify([source, alert])}`;
