/** How many batches may be under way at once: as many as Graph takes without saying that it is too much. */

const START = 6;
const MOST = 16;
/** A batch that took this much longer than the fastest one shows that Graph works on others of ours first. */
const FLAT = 2;
/** By so much the fastest is forgotten with each batch: what was true in the morning need not be true at night. */
const FORGET = 1.01;
/** In requests: of fewer nobody can say which share of them is refused. */
const ENOUGH = 40;
/** How much the last batch counts in the share that is refused. */
const NEWS = 0.15;
/** Where more than this is refused, narrower it is, whether that helps or not: each refusal counts against the limits too. */
const MOST_BORNE = 0.5;
/** A share that is borne goes up and down by chance. */
const CHANCE = 0.1;

export interface Width {
  now(): number;
  /** Those that are begun in the same era were under way together. */
  era(): number;
  /** `hasOthers`: somebody waits for a place, so that one more would be used. `startedIn`: the era it was begun in. */
  learn(batch: {
    readonly requests: number;
    /** Of these, asked to wait. */
    readonly refused: number;
    readonly ms: number;
    readonly hasOthers: boolean;
    readonly startedIn: number;
  }): void;
}

/**
 * Grows by one with each calm batch until Graph says for the first time that it is too much, and by a tenth after that; only
 * while answers do not get slower. Halves when Graph says so, once for all batches that were under way together.
 *
 * Where narrower the same share is refused, width was not the reason (single mailboxes that have to rest are none): it goes
 * back to what it was, and bears such a share from then on, until less is refused.
 */
export function createWidth(): Width {
  let width = START;
  let step = 1;
  let era = 0;
  let fastest = Number.POSITIVE_INFINITY;
  let borne = 0;
  let share = 0;
  let before = createTally();
  /** What became of those begun since it was narrowed; null: nothing is on trial. */
  let trial: { readonly from: number; readonly tally: Tally } | null = null;

  function narrow(): void {
    trial = { from: width, tally: createTally() };
    before = createTally();
    width = Math.max(1, width / 2);
    step = 0.1;
    era += 1;
  }

  /** Narrower for long enough to say whether it helps. */
  function judge({ from, tally }: NonNullable<typeof trial>): void {
    const after = tally.share();
    trial = null;
    if (from > 1 && (before.requests() < ENOUGH || hasHelped(before.share(), after))) {
      if (after > borneUpTo(borne)) narrow();
      return;
    }
    share = Math.max(after, from > 1 ? before.share() : 0);
    if (share > MOST_BORNE) narrow();
    else {
      borne = share;
      width = from;
    }
  }

  function widen(ms: number, hasOthers: boolean): void {
    fastest = Math.min(fastest * FORGET, Math.max(1, ms));
    if (hasOthers && ms <= fastest * FLAT) width = Math.min(MOST, width + step);
  }

  /** Of the last requests; answers whether it is more than is borne. */
  function isTooMuch(requests: number, refused: number): boolean {
    share += (refused / requests - share) * NEWS;
    if (share < borne / 2) borne = share < CHANCE / 2 ? 0 : share;
    return refused > 0 && share > borneUpTo(borne);
  }

  return {
    now: () => Math.floor(width),
    era: () => era,
    learn({ requests, refused, ms, hasOthers, startedIn }) {
      if (requests === 0) return;
      if (startedIn === era - 1) before.add(requests, refused);
      const over = isTooMuch(requests, refused);
      if (!over) widen(ms, hasOthers);
      if (startedIn !== era) return;
      trial?.tally.add(requests, refused);
      if (trial === null && over) narrow();
      else if (trial && trial.tally.requests() >= ENOUGH) judge(trial);
    },
  };
}

interface Tally {
  add(requests: number, refused: number): void;
  requests(): number;
  share(): number;
}

function createTally(): Tally {
  let all = 0;
  let not = 0;
  return {
    add(requests, refused) {
      all += requests;
      not += refused;
    },
    requests: () => all,
    share: () => (all === 0 ? 0 : not / all),
  };
}

const borneUpTo = (borne: number) => (borne === 0 ? 0 : borne * 1.25 + CHANCE);

/** Half as wide, twice the share of what is asked should be served, or all of it: nearer to that than to what it was. */
function hasHelped(before: number, after: number): boolean {
  const served = 1 - before;
  return 1 - after > (served + Math.min(1, 2 * served)) / 2;
}
