import { blockProblems } from './block-kit.ts';
import type { Channel } from './channel.ts';
import { type Answer, type Json, list, parseJson, record, text } from './loopback.ts';

// docs.slack.dev/interactivity/handling-user-interaction: a response_url takes five answers within thirty minutes.
const USES = 5;
const LIFE_MS = 30 * 60_000;

export interface Responses {
  /** A response_url path for what `user` did; `source` is the ts of the message acted on, or empty. */
  open(user: string, channel: string, source: string): string;
  receive(path: string, body: Buffer): Promise<Answer>;
  /** Applies a message that came as the body of an ack (slash commands). */
  apply(user: string, channel: string, message: Json): Promise<Answer>;
  readonly posts: readonly {
    readonly path: string;
    readonly body: Json;
    readonly at: number;
    readonly status: number;
  }[];
}

export function createResponses(channel: Channel, clock: () => number, random: () => number): Responses {
  const open = new Map<string, { user: string; channel: string; source: string; at: number; used: number }>();
  const posts: { path: string; body: Json; at: number; status: number }[] = [];

  async function shared(body: Json, channelId: string, source: string): Promise<Answer | null> {
    if (body['replace_original'] === true && source !== '') {
      await channel.update(channelId, source, body);
      return { status: 200, body: 'ok' };
    }
    if (body['delete_original'] === true && source !== '') {
      await channel.remove(channelId, source);
      return { status: 200, body: 'ok' };
    }
    if (body['response_type'] === 'in_channel') {
      await channel.post(channelId, body);
      return { status: 200, body: 'ok' };
    }
    return null;
  }

  function refused(body: Json): Answer | null {
    if (body['blocks'] !== undefined && blockProblems(body['blocks'], 'message').length > 0) {
      return { status: 500, body: { ok: false, error: 'invalid_blocks' } };
    }
    const empty = text(body['text']) === '' && list(body['blocks']).length === 0;
    return empty && body['delete_original'] !== true ? { status: 500, body: { ok: false, error: 'no_text' } } : null;
  }

  async function apply(user: string, channelId: string, source: string, body: Json): Promise<Answer> {
    const problem = refused(body);
    if (problem !== null) {
      return problem;
    }
    const own = channel.isEphemeral(user, source);
    if (own && (body['replace_original'] === true || body['delete_original'] === true)) {
      channel.replaceEphemeral(user, source, body['delete_original'] === true ? null : body);
    } else if (own || (await shared(body, channelId, source)) === null) {
      channel.whisper(user, channelId, body);
    }
    return { status: 200, body: 'ok' };
  }

  async function answerTo(path: string, body: Json): Promise<Answer> {
    const url = open.get(path);
    if (url === undefined || clock() - url.at > LIFE_MS) {
      return { status: 404, body: { ok: false, error: 'expired_url' } };
    }
    if (url.used >= USES) {
      return { status: 404, body: { ok: false, error: 'used_url' } };
    }
    url.used += 1;
    return apply(url.user, url.channel, url.source, body);
  }

  return {
    posts,
    open(user, channelId, source) {
      const path = `/response/${open.size + 1}-${Math.floor(random() * 1e12).toString(36)}`;
      open.set(path, { user, channel: channelId, source, at: clock(), used: 0 });
      return path;
    },
    async receive(path, raw) {
      const body = parseJson(raw.toString('utf8'));
      const answer = body === undefined ? { status: 400, body: 'invalid_payload' } : await answerTo(path, record(body));
      posts.push({ path, body: record(body), at: clock(), status: answer.status });
      return answer;
    },
    apply: (user, channelId, message) => apply(user, channelId, '', message),
  };
}
