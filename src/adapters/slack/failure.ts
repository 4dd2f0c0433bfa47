import { webApi } from '@slack/bolt';
import { RoomError } from '../../core/error.ts';

const DEFAULT_WAIT_MS = 5_000;
/** For what takes people minutes or hours to bring to its end. */
const LONG_WAIT_MS = 60_000;
/** `error` values of the Web API [docs.slack.dev, chat.postMessage and chat.update]; what is not listed is a no. */
const GONE: ReadonlySet<string> = new Set(['message_not_found']);
/** The message is there, and stays as it is. */
const FIXED: ReadonlySet<string> = new Set(['edit_window_closed', 'cant_update_message', 'block_mismatch']);
/**
 * The channel takes nothing from this app any more; asking again changes nothing until a person does something. Not here:
 * what is said of a thread (`restricted_action_non_threadable_channel`, `restricted_action_thread_locked`), because the
 * channel goes on taking cards.
 */
const DEAD: ReadonlySet<string> = new Set([
  ...['is_archived', 'is_inactive', 'channel_not_found', 'not_in_channel', 'channel_type_not_supported'],
  ...['method_not_supported_for_channel_type', 'messages_tab_disabled'],
  ...['restricted_action', 'restricted_action_read_only_channel', 'restricted_action_thread_only_channel'],
  ...['no_permission', 'access_denied', 'ekm_access_denied', 'user_is_restricted', 'two_factor_setup_required'],
  ...['account_inactive', 'token_revoked', 'token_expired', 'invalid_auth', 'not_authed', 'not_allowed_token_type'],
  ...['missing_scope', 'team_access_not_granted', 'team_not_found', 'enterprise_is_restricted'],
  ...['org_login_required', 'method_deprecated', 'deprecated_endpoint'],
]);
/** Of what this one message holds. Another one is taken. */
const UNFIT: ReadonlySet<string> = new Set([
  ...['invalid_blocks', 'invalid_blocks_format', 'msg_too_long', 'msg_blocks_too_long', 'no_text', 'invalid_charset'],
  ...['metadata_too_large', 'invalid_metadata_format', 'invalid_metadata_schema', 'markdown_text_conflict'],
  ...['too_many_attachments', 'attachment_payload_limit_exceeded'],
]);
const TOO_LARGE = 413;
const UNKNOWN: ReadonlySet<string> = new Set([
  ...['internal_error', 'fatal_error', 'request_timeout', 'service_unavailable', 'update_failed'],
]);
/** By how long to wait: Slack names no time with these. */
const NOT_NOW: ReadonlyMap<string, number> = new Map([
  ['ratelimited', DEFAULT_WAIT_MS],
  ['rate_limited', DEFAULT_WAIT_MS],
  ['accesslimited', DEFAULT_WAIT_MS],
  // Of the whole workspace: too many messages by everybody, or on its way into an organisation.
  ['message_limit_exceeded', LONG_WAIT_MS],
  ['team_added_to_org', LONG_WAIT_MS],
  ['external_channel_migrating', LONG_WAIT_MS],
]);
/** The connection was never made, so nothing was sent. */
const NEVER_SENT = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;

/** What a failed call of the Web API means for a card. `call` is the method, for the message. */
export function roomError(call: string, cause: unknown): RoomError {
  if (cause instanceof webApi.WebAPIRateLimitedError) {
    const retryAfterMs = cause.retryAfter * 1_000;
    return new RoomError('throttled', `Slack asks to wait with ${call}`, { cause, retryAfterMs });
  }
  if (cause instanceof webApi.WebAPIPlatformError) return platformError(call, cause);
  if (cause instanceof webApi.WebAPIHTTPError && cause.statusCode < 500) {
    const kind = cause.statusCode === TOO_LARGE ? 'unfit' : 'refused';
    return new RoomError(kind, `Slack answered ${cause.statusCode} to ${call}`, { cause });
  }
  if (cause instanceof webApi.WebAPIRequestError && NEVER_SENT.test(causeCode(cause.original))) {
    return new RoomError('throttled', 'Slack cannot be reached', { cause, retryAfterMs: DEFAULT_WAIT_MS });
  }
  return new RoomError('lost', `the answer to ${call} was lost`, { cause });
}

/** The `error` value of a refusal, or an empty string. */
export function slackCode(error: unknown): string {
  return error instanceof webApi.WebAPIPlatformError ? error.data.error : '';
}

/** Slack's own no, and not one that passes by itself; `error` is what came instead of an answer to `call`. */
export function isRefusal(call: string, error: unknown): boolean {
  return slackCode(error) !== '' && ['dead', 'refused'].includes(roomError(call, error).kind);
}

function platformError(call: string, cause: InstanceType<typeof webApi.WebAPIPlatformError>): RoomError {
  const code = cause.data.error;
  const words = `Slack answered ${code.slice(0, 60)} to ${call}`;
  if (GONE.has(code)) return new RoomError('gone', words, { cause });
  if (FIXED.has(code)) return new RoomError('fixed', words, { cause });
  if (DEAD.has(code)) return new RoomError('dead', words, { cause });
  if (UNFIT.has(code)) return new RoomError('unfit', words, { cause });
  if (UNKNOWN.has(code)) return new RoomError('lost', words, { cause });
  const retryAfterMs = NOT_NOW.get(code);
  if (retryAfterMs !== undefined) return new RoomError('throttled', words, { cause, retryAfterMs });
  return new RoomError('refused', words, { cause });
}

/** fetch wraps the socket error, and a host with two addresses gives an AggregateError in between. */
function causeCode(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string' && NEVER_SENT.test(error.code)) return error.code;
  return causeCode(error instanceof AggregateError ? error.errors[0] : error.cause);
}
