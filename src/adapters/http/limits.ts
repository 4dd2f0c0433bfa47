import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIPv6 } from 'node:net';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { sendProblem } from './problem.ts';
import type { Handler, SignedHandler } from './server.ts';

/** What requests are for. Junk of one purpose never counts against another: behind a proxy all share one address. */
export type Purpose = 'intake' | 'slack' | 'teams' | 'pages' | 'other';

/** How often somebody may ask, per process: a net against floods, not an account of who may do what. */
export interface Limits {
  /** Seconds to wait for an address whose requests of this purpose were refused too often; null when it need not. */
  waitOf(req: IncomingMessage, purpose: Purpose): Promise<number | null>;
  /** One more refused request of this address. Good requests never count. */
  refused(req: IncomingMessage, purpose: Purpose): Promise<void>;
  /**
   * Seconds to wait before the next alert of this source of this tenant; null when it may come. A delivery that came
   * before counts once: whoever captured one cannot use up what its source may send.
   */
  alert(tenant: string, source: string, delivery: string): Promise<number | null>;
}

export interface LimitOptions {
  readonly refusalsPerMinute: number;
  readonly alertsPerMinute: number;
  /** How many proxies in front add to X-Forwarded-For; 0: the header is not believed. */
  readonly trustProxy: number;
}

const MINUTE_S = 60;
/** A signature is good for 5 minutes either way (Standard Webhooks): nobody can repeat a delivery for longer. */
const REPEATABLE_S = 11 * MINUTE_S;
const LONGEST_ADDRESS = 64;

export function createLimits({ refusalsPerMinute, alertsPerMinute, trustProxy }: LimitOptions): Limits {
  const refusals = new RateLimiterMemory({ points: refusalsPerMinute, duration: MINUTE_S });
  const alerts = new RateLimiterMemory({ points: alertsPerMinute, duration: MINUTE_S });
  const counted = new RateLimiterMemory({ points: 1, duration: REPEATABLE_S });
  const keyOf = (req: IncomingMessage, purpose: Purpose) => `${purpose} ${addressOf(req, trustProxy)}`;
  return {
    async waitOf(req, purpose) {
      const known = await refusals.get(keyOf(req, purpose));
      const over = known && known.msBeforeNext > 0 && known.consumedPoints >= refusalsPerMinute;
      return over ? seconds(known) : null;
    },
    async refused(req, purpose) {
      await consumed(refusals, keyOf(req, purpose));
    },
    async alert(tenant, source, delivery) {
      const one = `${tenant} ${source} ${delivery}`;
      if (await counted.get(one)) return null;
      const over = await consumed(alerts, `${tenant} ${source}`);
      if (over === null) await consumed(counted, one);
      return over && seconds(over);
    },
  };
}

/** For what nobody signs: an address that sent too much junk is turned away before anything is looked at. */
export function gated(limits: Limits, purpose: Purpose, handler: Handler): Handler {
  return async (req, res) => {
    const wait = await limits.waitOf(req, purpose);
    if (wait !== null) return sendTooManyRefused(res, wait);
    return countedIn(limits, purpose, req, await handler(req, res));
  };
}

/**
 * For what is signed: however much junk came from an address, a genuine request of it is taken. The handler looks at
 * the signature all the same, and turns away what does not verify.
 */
export function sifted(limits: Limits, purpose: Purpose, handler: SignedHandler): Handler {
  return async (req, res) =>
    countedIn(limits, purpose, req, await handler(req, res, await limits.waitOf(req, purpose)));
}

async function countedIn(limits: Limits, purpose: Purpose, req: IncomingMessage, why: string | null) {
  if (why !== null) await limits.refused(req, purpose);
  return why;
}

/** No reason for the security log: there the requests before it are counted, which is what the limit is for. */
export function sendTooManyRefused(res: ServerResponse, seconds: number): null {
  res.setHeader('retry-after', String(seconds));
  sendProblem(res, {
    status: 429,
    type: 'too-many-refused',
    title: 'Too many refused requests',
    detail: `Requests from this address were refused too often. Wait ${seconds} s.`,
  });
  return null;
}

/** Whether one more press or command of an account is within `perMinute`. */
export function pressGate(perMinute: number): (account: string) => Promise<boolean> {
  const presses = new RateLimiterMemory({ points: perMinute, duration: MINUTE_S });
  return async (account) => (await consumed(presses, account)) === null;
}

/** Null while there are points left. The library throws its own result, not an error, when there are none. */
async function consumed(limiter: RateLimiterMemory, key: string): Promise<RateLimiterRes | null> {
  try {
    await limiter.consume(key);
    return null;
  } catch (over) {
    if (over instanceof RateLimiterRes) return over;
    throw over;
  }
}

function seconds({ msBeforeNext }: RateLimiterRes): number {
  return Math.max(1, Math.ceil(msBeforeNext / 1_000));
}

/** The socket's peer, or what the outermost trusted proxy saw. An entry that a client wrote itself is never used. */
function addressOf(req: IncomingMessage, trustProxy: number): string {
  const peer = req.socket.remoteAddress ?? 'unknown';
  if (trustProxy === 0) return network(peer);
  const hops = String(req.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((hop) => hop.trim())
    .filter((hop) => hop !== '');
  return network(hops.at(-trustProxy) ?? peer);
}

/** Whoever has one IPv6 address has its whole /64: they count as one. */
function network(address: string): string {
  const [plain = ''] = address.split('%');
  if (!isIPv6(plain) || plain.includes('.')) return address.slice(0, LONGEST_ADDRESS);
  const [head = '', tail] = plain.split('::');
  const groups = (text: string) => text.split(':').filter((group) => group !== '');
  const before = groups(head);
  const after = groups(tail ?? '');
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const all = [...before, ...Array<string>(zeros).fill('0'), ...after];
  return all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
