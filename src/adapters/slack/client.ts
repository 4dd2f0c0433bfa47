import { type Logger, LogLevel, webApi } from '@slack/bolt';
import type { AdapterLog } from '../chat/log.ts';

export interface ClientSettings {
  /** Base of the Web API, with its trailing slash: `https://slack.com/api/`. */
  readonly apiUrl: string;
  /** One attempt of one call of the Web API, milliseconds. */
  readonly timeoutMs?: number;
  readonly log: AdapterLog;
}

export type ClientOptions = ReturnType<typeof clientOptionsOf>;

export function clientOptionsOf({ apiUrl, timeoutMs, log }: ClientSettings) {
  return {
    slackApiUrl: apiUrl,
    // Retries and pacing are the outbox's: a client that retries a post by itself posts cards twice.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: timeoutMs ?? 10_000,
    logger: boltLogger(log),
  };
}

export function createClient(botToken: string, options: ClientOptions): webApi.WebClient {
  return new webApi.WebClient(botToken, options);
}

/** Bolt's own log, quieted: what it says about single requests the gate and the listeners say better. */
export function boltLogger(log: AdapterLog): Logger {
  const words = (parts: unknown[]) => parts.map(String).join(' ').slice(0, 1_000);
  return {
    debug() {},
    info() {},
    warn: (...parts) => log.warn({ from: 'bolt' }, words(parts)),
    error: (...parts) => log.error({ from: 'bolt' }, words(parts)),
    setLevel() {},
    getLevel: () => LogLevel.WARN,
    setName() {},
  };
}
