import type { Known } from '../../../core/find/alert-reader.ts';
import type { ReadMail } from '../../../ports/source.ts';
import { addressesOf, at, firstText, listAt, textAt, textsAt, timeAt } from '../reading/payload.ts';
import { type Found, findings, refused, understoodOf } from '../reading/understood.ts';
import { verdictIn } from '../reading/verdict-words.ts';

/**
 * A submission of a user [learn.microsoft.com/graph/api/resources/security-emailthreatsubmission, beta]. Who has submitted, who
 * received the mail, and whether it is of attack simulation training are Microsoft's own words; the rest is the mail's. Network
 * ids of Exchange are not among them.
 */

/** What users report as bad. An administrator's own submission asks Microsoft, and "not junk" asks for the contrary. */
export function isReport(one: unknown): boolean {
  return whyNone(one) === null;
}

/** A submission, or a list of them. */
export function readSubmissions(payload: unknown, known: Known): readonly ReadMail[] {
  const inner = at(payload, 'value');
  const all = Array.isArray(payload) ? payload : inner === undefined ? [payload] : listAt(inner);
  if (all.length === 0) return [{ id: known.id, understood: refused('value', 'holds no submission') }];
  return all.map((one) => readOne(one, known));
}

function readOne(one: unknown, known: Known): ReadMail {
  const id = textAt(one, 'id') ?? known.id;
  const why = whyNone(one);
  if (why !== null) return { id, understood: why };
  const to = addressesOf([textAt(one, 'recipientEmailAddress')]);
  const understood = understoodOf(found(one, id, to, known), one, known, {
    delivered: to,
    exercise: isExercise(one),
  });
  return { id, understood };
}

function whyNone(one: unknown) {
  const source = textAt(one, 'source')?.toLowerCase() ?? null;
  if (source !== 'user')
    return refused('source', source === null ? 'is missing: nobody knows who submitted it' : 'is not user');
  return NO_THREAT.has(textAt(one, 'category')?.toLowerCase() ?? '')
    ? refused('category', 'says that the user takes it for harmless')
    : null;
}

const NO_THREAT: ReadonlySet<string> = new Set(['notjunk', 'notspam']);

function found(one: unknown, id: string, to: readonly string[], known: Known): Found {
  const reporter = reporterOf(one);
  return {
    id,
    source: 'Microsoft, reported by a user',
    verdict: verdictIn([textAt(one, 'category')]),
    severity: 'medium',
    detectedAt: timeAt(one, 'createdDateTime') ?? known.now,
    message: {
      internetMessageId: textAt(one, 'internetMessageId'),
      sender: textAt(one, 'sender'),
      subject: firstText(one, 'subject', 'emailSubject'),
      receivedAt: timeAt(one, 'receivedDateTime'),
      urls: textsAt(one, 'result', 'detectedUrls'),
      attachments: listAt(one, 'result', 'detectedFiles').flatMap((file) => textAt(file, 'fileName') ?? []),
    },
    recipients: to,
    reporter,
    ...(isExercise(one) || textAt(one, 'result', 'category')?.toLowerCase() === 'phishingsimulation'
      ? { simulation: true }
      : {}),
    findings: findings(reportedAs(one), analysed(one), reporter ? null : 'The submission does not say who reported.'),
  };
}

/** `createdBy.user.identity` is the Entra object id of whoever pressed the button. */
function reporterOf(one: unknown): Found | null {
  const identity = textAt(one, 'createdBy', 'user', 'identity');
  const entraId = identity !== null && GUID.test(identity) ? identity.toLowerCase() : null;
  const email = textAt(one, 'createdBy', 'user', 'email');
  const address = email?.includes('@') ? email : null;
  return entraId === null && address === null ? null : { entraId, address };
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The property is there for simulations alone; one without an id says nothing of which. */
const isExercise = (one: unknown) => textAt(one, 'attackSimulationInfo', 'attackSimId') !== null;

function reportedAs(one: unknown): string | null {
  const category = textAt(one, 'category');
  return category === null ? null : `Reported as: ${category.slice(0, 60)}`;
}

/** Microsoft's own analysis of it, once there is one. */
function analysed(one: unknown): string | null {
  const category = textAt(one, 'result', 'category');
  if (category === null) return null;
  const detail = textAt(one, 'result', 'detail');
  const why = detail === null || detail === category ? '' : ` (${detail.slice(0, 100)})`;
  return `Microsoft’s analysis of the submission: ${category.slice(0, 60)}${why}`;
}
