/**
 * How much longer a storm of refusals makes a purge, whoever does it: what somebody would need who knows nothing of the future,
 * wastes nothing, asks again at the very moment that was named, and always has something to do as long as anything is ready.
 */

export interface StormOf {
  /** Shares, 0 to 1: of single requests, also inside batches. */
  readonly throttled: number;
  readonly unavailable: number;
  /** Of HTTP requests: a whole batch is asked again. */
  readonly resets: number;
  /** Seconds, from and to. */
  readonly retryAfter: readonly [number, number];
}

export const STORM: StormOf = { throttled: 0.2, unavailable: 0.05, resets: 0.01, retryAfter: [0.5, 3] };

export interface Purge {
  readonly copies: number;
  /** Batches at once. */
  readonly wide: number;
  readonly serviceMs: number;
}

const BATCH = 20;
/** Search, move, read back. */
const STEPS = 3;

interface Copy {
  readyAt: number;
  stepsLeft: number;
}

/** Milliseconds, for one throw of the dice. Refusals come at once, whatever is served takes `serviceMs`. */
export function idealMs({ copies, wide, serviceMs }: Purge, storm: StormOf, random: () => number): number {
  const [from, to] = storm.retryAfter;
  const refused = storm.throttled + (1 - storm.throttled) * storm.unavailable;
  const waiting = createHeap();
  for (let n = 0; n < copies; n += 1) waiting.push({ readyAt: 0, stepsLeft: STEPS });
  /** When each of the batches under way is over. */
  const lanes = Array.from({ length: wide }, () => 0);
  let end = 0;

  /** Answers when the batch is over. */
  function ask(batch: readonly Copy[], begins: number): number {
    const isCut = random() < storm.resets;
    const isServed = batch.map((copy) => {
      const isRefused = random() < refused;
      if (!isRefused && !isCut) copy.stepsLeft -= 1;
      copy.readyAt = begins + (isRefused && !isCut ? 1_000 * (from + random() * (to - from)) : serviceMs);
      return !isRefused;
    });
    return isServed.includes(true) ? begins + serviceMs : begins;
  }

  for (let first = waiting.first(); first; first = waiting.first()) {
    const lane = lanes.indexOf(Math.min(...lanes));
    const begins = Math.max(lanes[lane] ?? 0, first.readyAt);
    const batch = readyBy(waiting, begins);
    lanes[lane] = ask(batch, begins);
    for (const copy of batch) {
      if (copy.stepsLeft > 0) waiting.push(copy);
      else end = Math.max(end, copy.readyAt);
    }
  }
  return end;
}

/** As many as a batch holds. */
function readyBy(waiting: Heap, at: number): readonly Copy[] {
  const batch: Copy[] = [];
  for (let next = waiting.first(); next && next.readyAt <= at && batch.length < BATCH; next = waiting.first()) {
    waiting.pop();
    batch.push(next);
  }
  return batch;
}

const THROWS = 5;
const QUIET: StormOf = { throttled: 0, unavailable: 0, resets: 0, retryAfter: [0, 0] };

/** What the storm adds, on average over some throws. */
export function unavoidableMs(purge: Purge, storm: StormOf, random: () => number): number {
  const quiet = idealMs(purge, QUIET, random);
  const throws = Array.from({ length: THROWS }, () => idealMs(purge, storm, random) - quiet);
  return throws.reduce((sum, ms) => sum + ms, 0) / THROWS;
}

type Heap = ReturnType<typeof createHeap>;

/** Whatever is ready first comes first. */
function createHeap() {
  const heap: Copy[] = [];
  const at = (n: number) => heap[n]?.readyAt ?? Number.POSITIVE_INFINITY;
  const swap = (a: number, b: number) => {
    [heap[a], heap[b]] = [heap[b] as Copy, heap[a] as Copy];
  };
  return {
    first: () => heap[0],
    push(copy: Copy) {
      heap.push(copy);
      for (let n = heap.length - 1; n > 0 && at(n) < at((n - 1) >> 1); n = (n - 1) >> 1) swap(n, (n - 1) >> 1);
    },
    pop() {
      const last = heap.pop();
      if (heap.length === 0 || !last) return;
      heap[0] = last;
      for (let n = 0; ; ) {
        const least = at(2 * n + 1) <= at(2 * n + 2) ? 2 * n + 1 : 2 * n + 2;
        if (at(n) <= at(least)) return;
        swap(n, least);
        n = least;
      }
    },
  };
}
