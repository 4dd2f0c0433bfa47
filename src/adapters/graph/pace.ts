import type { Answers, Pace, Rest } from '../../core/tell/pace-words.ts';
import type { Limits } from '../../ports/limits.ts';
import type { PaceMeter } from '../../ports/pace.ts';
import type { Observed } from '../microsoft/client.ts';

/** A stretch in which batches were under way all the time: shorter ones, or with less in them, show how little there was to ask. */
const STRETCH_MS = 1_000;
const ENOUGH_REQUESTS = 40;
/** By how much a new stretch counts against those before it. */
const NEWS = 0.3;
const MINUTE_MS = 60_000;
const MINUTES_KEPT = 180;
/** Upper ends of the classes that times of answers are counted in: each a tenth longer than the one before, up to half a minute. */
const CLASSES = Array.from({ length: 110 }, (_, n) => Math.round(1.1 ** n));

interface Minute {
  readonly classes: Map<number, number>;
  batches: number;
  requests: number;
  throttled: number;
  unavailable: number;
}

export interface HearingMeter extends PaceMeter {
  /** Every batch, and each request inside it right behind it. */
  hear(event: Observed): void;
  /** The same limits; what is asked to rest through them is told with the pace. */
  watched(limits: Limits): Limits;
}

/** Fed by what is seen on the wire anyway: two additions for a request. */
export function createPaceMeter(clock: () => number): HearingMeter {
  const minutes = new Map<number, Minute>();
  const rests = new Map<string, number>();
  let stretch = { from: 0, until: Number.NEGATIVE_INFINITY, requests: 0, throttled: 0 };
  let seen: { readonly perSecond: number; readonly waits: number; readonly at: number } | null = null;

  function minuteOf(now: number): Minute {
    const place = Math.floor(now / MINUTE_MS);
    const known = minutes.get(place);
    if (known) return known;
    const minute = { classes: new Map(), batches: 0, requests: 0, throttled: 0, unavailable: 0 };
    minutes.set(place, minute);
    const [oldest] = minutes.keys();
    if (minutes.size > MINUTES_KEPT && oldest !== undefined) minutes.delete(oldest);
    return minute;
  }

  function hearBatch(ms: number, now: number): void {
    const minute = minuteOf(now);
    const end = CLASSES.find((upper) => ms <= upper) ?? CLASSES.at(-1) ?? 0;
    minute.classes.set(end, (minute.classes.get(end) ?? 0) + 1);
    minute.batches += 1;
    const begun = now - ms;
    if (begun > stretch.until || now < stretch.from) stretch = { from: begun, until: now, requests: 0, throttled: 0 };
    stretch.until = now;
    const lasted = now - stretch.from;
    if (lasted < STRETCH_MS || stretch.requests < ENOUGH_REQUESTS) return;
    const part = seen === null ? 1 : NEWS;
    seen = {
      perSecond: (seen?.perSecond ?? 0) * (1 - part) + (stretch.requests / lasted) * 1_000 * part,
      waits: stretch.throttled / stretch.requests,
      at: now,
    };
    stretch = { from: now, until: now, requests: 0, throttled: 0 };
  }

  return {
    hear({ operation, status, ms }) {
      const now = clock();
      if (operation === 'batch') return hearBatch(ms, now);
      const minute = minuteOf(now);
      const asksToWait = status === 429 || status === 503;
      minute.requests += 1;
      if (status === 429) minute.throttled += 1;
      if (status === 503) minute.unavailable += 1;
      // What was only asked to wait is not done by that.
      stretch.requests += 1;
      if (asksToWait) stretch.throttled += 1;
    },
    watched: (limits) => ({
      async take(limit, longestMs) {
        const turn = await limits.take(limit, longestMs);
        if (!turn.given) rests.set(limit.name, clock() + turn.waitMs);
        return turn;
      },
      rest(limit, ms) {
        rests.set(limit.name, clock() + ms);
        return limits.rest(limit, ms);
      },
    }),
    now(): Pace | null {
      if (seen === null) return null;
      const { perSecond, waits, at } = seen;
      return { perSecond: perSecond * (1 - waits), waits, seenAt: isoOf(at), rests: restsAt(rests, clock()) };
    },
    between(from, to): Answers | null {
      const [first, last] = [Date.parse(from), Date.parse(to)].map((at) => Math.floor(at / MINUTE_MS));
      const within = [...minutes].flatMap(([place, minute]) =>
        place >= (first ?? 0) && place <= (last ?? 0) ? [minute] : [],
      );
      return within.length === 0 ? null : sumOf(within);
    },
  };
}

const isoOf = (at: number) => new Date(at).toISOString();

function restsAt(rests: ReadonlyMap<string, number>, now: number): readonly Rest[] {
  return [...rests].flatMap(([of, until]) => (until > now ? [{ of, until: isoOf(until) }] : []));
}

function sumOf(minutes: readonly Minute[]): Answers {
  const sum = (of: (minute: Minute) => number) => minutes.reduce((total, minute) => total + of(minute), 0);
  const batches = sum((minute) => minute.batches);
  let counted = 0;
  const p95Ms = CLASSES.find((end) => {
    counted += sum(({ classes }) => classes.get(end) ?? 0);
    return counted >= batches * 0.95;
  });
  return {
    requests: sum((minute) => minute.requests),
    p95Ms: p95Ms ?? 0,
    throttled: sum((minute) => minute.throttled),
    unavailable: sum((minute) => minute.unavailable),
  };
}
