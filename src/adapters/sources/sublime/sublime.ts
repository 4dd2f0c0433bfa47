import type { Known } from '../../../core/find/alert-reader.ts';
import type { AskingBack, Completed, Push, SourceVendor, Understood } from '../../../ports/source.ts';
import { answerBack } from '../clawback/answers.ts';
import { type Answered, askJson } from '../reading/ask.ts';
import { readJson } from '../reading/payload.ts';
import { refused } from '../reading/understood.ts';
import { back, HOME } from './back.ts';
import { type Asked, messageIdOf, readSublime } from './read.ts';
import { apiKey, unsigned, verifier } from './signature.ts';

/**
 * Sublime Security: a signed webhook that names a message, which the API is then asked for. Its automations are never set
 * off from here.
 */
export const sublime = {
  secrets: {
    form: /^(?=.*(?:^|\s)sign=\S{8,})(?=.*(?:^|\s)key=\S{8,})(?:sign|key)=\S+(?:\s+(?:sign|key)=\S+)*$/,
    looks: 'sign=… (signing secret of the webhook) and key=… (API key)',
  },
  /** The public cloud in the east of North America; other regions have others. */
  url: HOME,
  read: (bytes, known) => {
    const body = readJson(bytes);
    if (!body) return [{ id: known.id, understood: { why: 'not-json' } }];
    const list = Array.isArray(body.value) ? body.value : [body.value];
    return list.map((one) => readSublime(one, known));
  },
  push: {
    unsigned,
    verifier,
    toAlert,
    complete,
    reach,
    answerBack,
  },
  pull: null,
  back,
} as const satisfies SourceVendor & { readonly push: Push };

function toAlert(bytes: Uint8Array, known: Known): Understood {
  const body = readJson(bytes);
  return body ? readSublime(body.value, known).understood : { why: 'not-json' };
}

async function complete(
  { url, secrets }: AskingBack,
  bytes: Uint8Array,
  known: Known,
  until: AbortSignal,
): Promise<Completed> {
  const body = readJson(bytes);
  if (!body) return { why: 'not-json' };
  const id = messageIdOf(body.value);
  if (id === null) return readSublime(body.value, known).understood;
  const key = apiKey(secrets);
  if (key === null) return noAnswer('the secrets of this source hold no key=… for the API', null);
  const get = (path: string) =>
    askJson({
      url: `${homeOf(url)}/v0/messages/${encodeURIComponent(id)}${path}`,
      headers: { authorization: `Bearer ${key}` },
      until,
    });
  const message = await get('');
  if (message.kind === 'failed') return noAnswer(message.why, message.waitMs);
  if (message.status === 404) return refused('data.message.id', `${id} is no message that the API knows`);
  const model = await get('/message_data_model');
  if (model.kind === 'failed') return noAnswer(model.why, model.waitMs);
  const asked: Asked = { message: message.value, model: found(model) };
  return readSublime(body.value, known, asked).understood;
}

const found = (answer: Extract<Answered, { readonly kind: 'answer' }>) =>
  answer.status === 404 ? undefined : answer.value;

/** A message that there is not: whoever says so has taken the key. */
async function reach({ url, secrets }: AskingBack, until: AbortSignal): Promise<string | null> {
  const headers = { authorization: `Bearer ${apiKey(secrets) ?? ''}` };
  const answer = await askJson({ url: `${homeOf(url)}/v0/messages/clawback-doctor`, headers, until });
  return answer.kind === 'failed' ? answer.why : null;
}

const homeOf = (url: string | null) => (url ?? HOME).replace(/\/$/, '');

const AGAIN_S = 30;

function noAnswer(why: string, waitMs: number | null): Completed {
  const seconds = waitMs === null ? AGAIN_S : Math.max(1, Math.ceil(waitMs / 1_000));
  return {
    why: 'no-answer',
    detail: `Sublime was asked for the message, and ${why}. Nothing was taken in: send it again.`,
    seconds,
  };
}
