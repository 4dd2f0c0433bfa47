import type { Back, End, EndName, TellingBack, ToldBack } from '../../../ports/source.ts';
import { type Answered, askJson } from '../reading/ask.ts';
import { textAt } from '../reading/payload.ts';
import { apiKey } from './signature.ts';

export const HOME = 'https://platform.sublime.security';

/**
 * The group of the message is reviewed: what it is, and a comment with what was seen, never an action
 * [docs.sublime.security/reference-link/reviewmessagegroups]. A review is set and not added: said twice it is the same.
 */
export const back: Back = { needs: 'an API key that may review message groups', url: HOME, tell };

const CLASSES: Readonly<Record<EndName, string | null>> = {
  removed: 'malicious',
  'set-aside': 'malicious',
  harmless: 'benign',
  exercise: 'simulation',
  // A review says what a mail is, and not where it lies.
  'put-back': null,
};

async function tell({ url, secrets }: TellingBack, end: End, until: AbortSignal): Promise<ToldBack> {
  // What a mail is, and not how far people came with it.
  const classification = CLASSES[end.is];
  if (classification === null) return { kind: 'nothing', why: 'a review says nothing of where a mail lies' };
  const key = apiKey(secrets);
  if (key === null)
    return { kind: 'failed', why: 'the secrets of this source hold no key=… for the API', waitMs: null };
  const home = (url ?? HOME).replace(/\/$/, '');
  const headers = { authorization: `Bearer ${key}` };
  const message = await askJson({ url: `${home}/v0/messages/${encodeURIComponent(end.alert)}`, headers, until });
  if (message.kind === 'failed') return failed(message);
  const group = textAt(message.value, 'canonical_id');
  if (message.status === 404 || group === null) return { kind: 'nothing', why: 'the message is not there any more' };
  const post = { message_group_ids: [group], classification, review_comment: end.words, share_with_sublime: false };
  const said = await askJson({ url: `${home}/v0/message-groups/review`, headers, until, post });
  if (said.kind === 'failed') return failed(said);
  return said.status === 404 ? { kind: 'nothing', why: 'the group is not there any more' } : { kind: 'told' };
}

function failed({ why, waitMs }: Extract<Answered, { readonly kind: 'failed' }>): ToldBack {
  return { kind: 'failed', why, waitMs };
}
