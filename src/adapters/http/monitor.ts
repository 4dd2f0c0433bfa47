import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Check, healthz, type Metrics, readyz } from './health.ts';
import { sendTooManyRefused } from './limits.ts';
import { sendProblem } from './problem.ts';
import type { Handler, Routes, SignedHandler } from './server.ts';

/**
 * What is to be seen from outside: that it lives, and whether it is ready. Names of tenants, errors and numbers are for
 * whoever shows the token, or asks at the port for monitoring. An address on this machine proves nothing: that is where
 * proxies are.
 */
export function publicMonitoring(checks: Readonly<Record<string, Check>>, token: string | null): Routes {
  const mayKnow = bearerOf(token);
  const ready = readyz(checks, mayKnow);
  return new Map<string, Handler>([
    ['GET /healthz', healthz],
    ['HEAD /healthz', healthz],
    ['GET /livez', healthz],
    ['GET /readyz', ready],
    ['HEAD /readyz', ready],
  ]);
}

/** `GET /metrics` at the public address, where there is a token for it. To anybody else there is nothing here. */
export function publicMetrics(metrics: Metrics, token: string): SignedHandler {
  const mayKnow = bearerOf(token);
  return async (req, res, wait = null) => {
    if (mayKnow(req)) return metrics.handler(req, res);
    if (wait !== null) return sendTooManyRefused(res, wait);
    sendProblem(res, { status: 404, type: 'not-found', title: 'There is nothing here', detail: 'Show the token.' });
    return 'no token';
  };
}

/** The port for monitoring: whoever reaches it may know. */
export function ownMonitoring(checks: Readonly<Record<string, Check>>, metrics: Metrics): Routes {
  return new Map<string, Handler>([
    ['GET /healthz', healthz],
    ['GET /livez', healthz],
    ['GET /readyz', readyz(checks, () => true)],
    ['GET /metrics', metrics.handler],
  ]);
}

/** Compares digests: those have one length, and say nothing about how much of a guess was right. */
function bearerOf(token: string | null): (req: IncomingMessage) => boolean {
  if (token === null) return () => false;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const wanted = digest(`Bearer ${token}`);
  return (req) => timingSafeEqual(digest(req.headers.authorization ?? ''), wanted);
}
