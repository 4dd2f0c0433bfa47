import pino, { type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

/** Field names that may hold a secret, at any depth that our own log calls use. */
const SECRET_FIELDS = [
  'authorization',
  'token',
  'secret',
  'signingSecret',
  'botToken',
  'appToken',
  'password',
  'privateKey',
  'cookie',
];

/** JSON lines on stderr, so that stdout stays free for what a command answers. */
export function createLog(level: string, destination: DestinationStream = toStderr()): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '[redacted]' },
      serializers: { err: seriousError },
    },
    destination,
  );
}

/** UTF-16 units of lines that wait for stderr to take them; more are dropped. */
const MOST_WAITING = 1_000_000;

/**
 * A disk that is full below stderr costs lines and nothing else. Unheard, its error ends the process, and what is still to
 * be written at that end is tried for ever: neither alive nor gone.
 */
function toStderr(): DestinationStream {
  const stderr = pino.destination({ dest: 2, sync: false, maxLength: MOST_WAITING });
  const { flushSync } = stderr;
  stderr.on('error', () => {
    stderr.flushSync = () => undefined;
  });
  stderr.on('write', () => {
    stderr.flushSync = flushSync;
  });
  return stderr;
}

/** Vendor errors carry whole requests, bearer tokens included: only these fields may be logged. */
function seriousError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error).slice(0, 500) };
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: redact(error.message),
    ...(typeof code === 'string' ? { code } : {}),
    stack: redact(error.stack?.split('\n').slice(0, 8).join('\n') ?? ''),
    ...(error.cause === undefined ? {} : { cause: seriousError(error.cause) }),
  };
}

function redact(text: string): string {
  return text
    .slice(0, 4_000)
    .replace(/\b(Bearer\s+)[\w.~+/-]+=*/gi, '$1[redacted]')
    .replace(/\bxox[a-z]-[\w-]+|\bxapp-[\w-]+|\bwhsec_[\w+/=]+|\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[redacted]');
}
