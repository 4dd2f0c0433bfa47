import type { Known } from '../../../core/find/alert-reader.ts';
import type { VendorState } from '../../../core/find/vendor-says.ts';
import type { ReadMail } from '../../../ports/source.ts';
import { marksExercise } from '../reading/exercise.ts';
import { addressesOf, at, listAt, numberAt, percentOf, textAt, textsAt, timeAt } from '../reading/payload.ts';
import { type Found, findings, refused, understoodOf } from '../reading/understood.ts';
import { verdictIn } from '../reading/verdict-words.ts';

/**
 * What Sublime's webhook says, which names rules and ids only, and what its API says of the message: the message, and its
 * message data model, which has the headers [docs.sublime.security: message events, message data model].
 */

export interface Asked {
  readonly message: unknown;
  readonly model: unknown;
}

const NOTHING: Asked = { message: undefined, model: undefined };

/** The id that the API knows the message by; null where the event is about no mail. */
export function messageIdOf(event: unknown): string | null {
  return textAt(event, 'data', 'message', 'id') ?? textAt(event, 'data', 'messages', 0, 'id');
}

/** An event of the webhook, or what the API says of a message, alone. */
export function readSublime(payload: unknown, known: Known, asked: Asked = NOTHING): ReadMail {
  const isModel = at(payload, 'headers') !== undefined && at(payload, 'sender') !== undefined;
  if (isModel) return mailOf({}, { message: payload, model: payload }, payload, known);
  if (at(payload, 'sender') !== undefined && textAt(payload, 'id') !== null)
    return mailOf({}, { message: payload, model: undefined }, payload, known);
  const type = textAt(payload, 'type');
  if (messageIdOf(payload) === null) {
    const problem =
      type === null || type.startsWith('message.')
        ? 'is missing: nobody knows which message is meant'
        : `is missing, and ${type} is an event about no mail`;
    return { id: textAt(payload, 'id') ?? known.id, understood: refused('data.message.id', problem) };
  }
  return mailOf(payload, asked, { event: payload, ...asked }, known);
}

function mailOf(event: unknown, asked: Asked, came: unknown, known: Known): ReadMail {
  const id = messageIdOf(event) ?? textAt(asked.message, 'id') ?? textAt(asked.model, '_meta', 'id') ?? known.id;
  const understood = understoodOf(found(id, event, asked, known), came, known, {
    delivered: mailboxesOf(event, asked.message, asked.model),
  });
  if ('alert' in understood || asked.message !== undefined) return { id, understood };
  const problem = `names no Message-ID, sender or recipient: the API is asked for message ${id} once this source is set up`;
  return { id, understood: refused('data.message', problem) };
}

function found(id: string, event: unknown, { message, model }: Asked, known: Known): Found {
  const told = at(event, 'data', 'message');
  const rules = listAt(event, 'data', 'flagged_rules');
  const group =
    textAt(told, 'canonical_id') ?? textAt(message, 'canonical_id') ?? textAt(model, '_meta', 'canonical_id');
  const score = textAt(told, 'attack_score_verdict') ?? textAt(message, 'attack_score_verdict');
  return {
    id,
    source: 'Sublime',
    verdict: verdictOf(rules, score),
    severity: worst(rules),
    detectedAt:
      timeAt(event, 'created_at') ?? timeAt(message, 'created_at') ?? timeAt(model, '_meta', 'created_at') ?? known.now,
    confidence: percentOf(numberAt(message, 'attack_score', 'score')),
    message: {
      internetMessageId: ownId(model) ?? textAt(message, 'internet_message_id'),
      sender: addressOf(at(model, 'sender')) ?? addressOf(at(message, 'sender')),
      senderName: textAt(model, 'sender', 'display_name') ?? textAt(message, 'sender', 'display_name'),
      subject: textAt(model, 'subject', 'subject') ?? textAt(model, 'subject') ?? textAt(message, 'subject'),
      receivedAt: timeAt(model, 'external', 'created_at') ?? timeAt(message, 'delivered_at'),
      urls: listAt(model, 'body', 'links').flatMap((link) => textAt(link, 'href_url', 'url') ?? []),
      attachments: filesOf(model).flatMap(({ name }) => name ?? []),
    },
    recipients: recipientsOf(told, message, model),
    campaign: group === null ? null : { source: 'Sublime', id: group },
    vendorAction: actionOf(event),
    ...(isExercise(model) ? { simulation: true } : {}),
    evidence: { ...authOf(model), files: filesOf(model) },
    findings: findings(
      ...rules.map((rule) => textAt(rule, 'name')),
      score === null ? null : `The attack score says: ${score}.`,
    ),
  };
}

const SCORES: Readonly<Record<string, string>> = { malicious: 'phishing', spam: 'spam', graymail: 'spam' };

/** Rules say what it is; the score, only how bad. */
function verdictOf(rules: readonly unknown[], score: string | null): string {
  const said = verdictIn(rules.flatMap((rule) => [...textsAt(rule, 'tags'), textAt(rule, 'name')]));
  return said === 'suspicious' ? (SCORES[score?.toLowerCase() ?? ''] ?? said) : said;
}

const SEVERITIES: readonly string[] = ['low', 'medium', 'high', 'critical'];

function worst(rules: readonly unknown[]): string {
  const ranks = rules.map((rule) => SEVERITIES.indexOf(textAt(rule, 'severity')?.toLowerCase() ?? ''));
  return SEVERITIES[Math.max(-1, ...ranks)] ?? 'medium';
}

/** As text, or as the model has it: with its parts. */
function addressOf(of: unknown): string | null {
  return textAt(of, 'email', 'email') ?? textAt(of, 'email') ?? textAt(of, 'email_address') ?? textAt(of);
}

/** Where Sublime saw it arrive. */
function mailboxesOf(told: unknown, message: unknown, model: unknown): readonly string[] {
  return addressesOf(
    [told, message, model].map((one) => at(one, 'mailbox')).map((box) => addressOf(box) ?? textAt(box, 'external_id')),
  );
}

function recipientsOf(told: unknown, message: unknown, model: unknown): readonly string[] {
  const boxes = mailboxesOf(told, message, model);
  const named = [
    ...listAt(message, 'recipients'),
    ...['to', 'cc', 'bcc'].flatMap((kind) => listAt(model, 'recipients', kind)),
  ].map(addressOf);
  return [...new Set([...boxes, ...named].flatMap((address) => (address?.includes('@') ? [address] : [])))];
}

/** What its automations do with a mail, by parts of their names; those that only tell somebody do nothing with it. */
const ACTIONS: readonly (readonly [part: string, state: VendorState])[] = [
  ['restore', 'put-back'],
  ['quarantine', 'removed'],
  ['trash', 'removed'],
  ['delete', 'removed'],
  ['move_to', 'removed'],
];

function actionOf(event: unknown): Found | null {
  const types = listAt(event, 'data', 'triggered_actions').flatMap((action) => textAt(action, 'type') ?? []);
  const states = types.flatMap((type) => ACTIONS.find(([part]) => type.toLowerCase().includes(part))?.[1] ?? []);
  return states[0] ? { state: states[0], says: types.join(', '), at: timeAt(event, 'created_at') } : null;
}

function filesOf(model: unknown) {
  return listAt(model, 'attachments').map((file) => ({
    name: textAt(file, 'file_name') ?? textAt(file, 'filename'),
    type: textAt(file, 'content_type'),
    sha256: textAt(file, 'sha256'),
  }));
}

function authOf(model: unknown) {
  const word = (pass: unknown) => (pass === true ? 'pass' : pass === false ? 'fail' : null);
  const summary = at(model, 'headers', 'auth_summary');
  const dkim = textAt(listAt(model, 'headers', 'hops')[0], 'authentication_results', 'dkim');
  return { spf: word(at(summary, 'spf', 'pass')), dkim, dmarc: word(at(summary, 'dmarc', 'pass')) };
}

const fieldsOf = (model: unknown) => listAt(model, 'headers', 'hops').flatMap((hop) => listAt(hop, 'fields'));

/** As the header has it; what stands beside it may be an id of Sublime's own. */
function ownId(model: unknown): string | null {
  const header = fieldsOf(model).find((field) => textAt(field, 'name')?.toLowerCase() === 'message-id');
  return textAt(header, 'value') ?? textAt(model, 'headers', 'message_id');
}

function isExercise(model: unknown): boolean {
  return marksExercise(fieldsOf(model).flatMap((field) => textAt(field, 'name') ?? []));
}
