import { webApi } from '@slack/bolt';
import { RoomError } from '../../core/error.ts';

const DEFAULT_WAIT_MS = 5_000;
/** `error` values of the Web API [docs.slack.dev, chat.postMessage and chat.update]; what is not listed is a no. */
const GONE: ReadonlySet<string> = new Set(['message_not_found']);
/** The message is there, and stays as it is. */
const FIXED: ReadonlySet<string> = new Set(['edit_window_closed', 'cant_update_message']);
/** The channel takes nothing from this app any more; asking again changes nothing until a person does something. */
const DEAD: ReadonlySet<string> = new Set([
  ...['is_archived', 'is_inactive', 'channel_not_found', 'not_in_channel', 'restricted_action', 'no_permission'],
  ...['restricted_action_read_only_channel', 'restricted_action_non_threadable_channel', 'ekm_access_denied'],
  ...[
    'account_inactive',
    'token_revoked',
    'token_expired',
    'invalid_auth',
    'not_authed',
    'missing_scope',
    'access_denied',
  ],
  ...['org_login_required', 'team_access_not_granted', 'team_not_found'],
]);
const UNKNOWN: ReadonlySet<string> = new Set([
  'internal_error',
  'fatal_error',
  'request_timeout',
  'service_unavailable',
]);
const NOT_NOW: ReadonlySet<string> = new Set(['ratelimited', 'rate_limited', 'accesslimited']);
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
    return new RoomError('refused', `Slack answered ${cause.statusCode} to ${call}`, { cause });
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

function platformError(call: string, cause: InstanceType<typeof webApi.WebAPIPlatformError>): RoomError {
  const code = cause.data.error;
  const words = `Slack answered ${code.slice(0, 60)} to ${call}`;
  if (GONE.has(code)) return new RoomError('gone', words, { cause });
  if (FIXED.has(code)) return new RoomError('fixed', words, { cause });
  if (DEAD.has(code)) return new RoomError('dead', words, { cause });
  if (UNKNOWN.has(code)) return new RoomError('lost', words, { cause });
  if (NOT_NOW.has(code)) return new RoomError('throttled', words, { cause, retryAfterMs: DEFAULT_WAIT_MS });
  return new RoomError('refused', words, { cause });
}

/** fetch wraps the socket error, and a host with two addresses gives an AggregateError in between. */
function causeCode(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string' && NEVER_SENT.test(error.code)) return error.code;
  return causeCode(error instanceof AggregateError ? error.errors[0] : error.cause);
}
