import { type Answer, type Json, list, record, text } from '../slack/loopback.ts';
import { cardProblems } from './card-rules.ts';
import { MESSAGE_BYTES } from './limits.ts';
import { CARD_TYPE, mentionsIn } from './threads.ts';
import type { SeatedMember } from './types.ts';

export function refusal(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } };
}

/** null when Teams would take the message. */
export function messageProblem(activity: Json, members: readonly SeatedMember[]): Answer | null {
  if (activity['type'] !== 'message') {
    return refusal(400, 'BadSyntax', `Activity type ${text(activity['type'])} is not simulated.`);
  }
  // The size counts in UTF-16, two bytes a unit, whatever the wire used.
  if (JSON.stringify(activity).length * 2 > MESSAGE_BYTES) {
    return refusal(413, 'MessageSizeTooBig', 'Message size too large.');
  }
  const attachments = list(activity['attachments']).map(record);
  if (text(activity['text']) === '' && attachments.length === 0) {
    return refusal(400, 'BadSyntax', 'Activity must include non empty text or attachments.');
  }
  if (attachments.some((one) => one['contentType'] !== CARD_TYPE)) {
    return refusal(400, 'BadArgument', 'Unknown attachment type.');
  }
  const mention = mentionProblem(activity, members);
  if (mention !== null) {
    return mention;
  }
  const problems = attachments.flatMap((one) => cardProblems(one['content']));
  return problems.length === 0 ? null : refusal(400, 'BadArgument', `Invalid card: ${problems.join(' ')}`);
}

/** A mention names somebody of the team, and its text stands in the message, word for word. */
function mentionProblem(activity: Json, members: readonly SeatedMember[]): Answer | null {
  for (const mention of mentionsIn(activity)) {
    const said = text(mention['text']);
    if (!/^<at>[^<]+<\/at>$/.test(said) || !text(activity['text']).includes(said)) {
      return refusal(400, 'BadArgument', `Mention text '${said}' was not found in the message text.`);
    }
    const id = text(record(mention['mentioned'])['id']);
    if (!members.some((one) => one.id === id || one.aadObjectId === id)) {
      return refusal(400, 'BadArgument', `Invalid user identity in mention: '${id}'.`);
    }
  }
  return null;
}
