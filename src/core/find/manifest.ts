import { type Plan, sortedPlan } from './plan.ts';
import { type Listed, listedIn, type PlanRow, type RowKind, rowsOf } from './plan-rows.ts';

/**
 * The lasting form of a plan: a manifest, whose digest is what people approve, and rows. Of the rows of each kind the
 * manifest says how many there are and a digest over them in their order. Each row is hashed with a salt of its own, so that
 * what it says can be let go of later, together with its salt, without telling it and without breaking any proof.
 */

export const PLAN_VERSION = 3;
/** Of a plan that says who carries it out: an older version would do it another way than was approved. */
export const ENGINE_PLAN_VERSION = 4;

export type Manifest = Omit<Plan, keyof Listed> & {
  readonly version: typeof PLAN_VERSION | typeof ENGINE_PLAN_VERSION;
  /** Only the kinds of which there are any. */
  readonly rows: Readonly<Partial<Record<RowKind, RowStream>>>;
};

/** The rows of one kind, in their order. */
interface RowStream {
  readonly count: number;
  readonly digest: string;
}

/** A row as it is stored: `content` is canonical JSON. */
export interface SealedRow {
  readonly kind: string;
  /** Among those of its kind, from 0 on. */
  readonly place: number;
  readonly salt: string;
  readonly content: string;
}

export interface SealedPlan {
  readonly tenant: string;
  readonly incident: string;
  /** Of the manifest: what people approve. */
  readonly digest: string;
  /** Canonical JSON. */
  readonly manifest: string;
  readonly rows: readonly SealedRow[];
}

/** Arguments, because core has no crypto. */
export interface PlanSeal {
  /** Canonical JSON (RFC 8785) of a value. */
  canonical(value: unknown): string;
  /** Hex SHA-256 of a text. */
  of(text: string): string;
  /** So many fresh unguessable texts of 32 hex digits. */
  salts(count: number): readonly string[];
}

/** So many rows are sealed between two steps. */
const ROWS_IN_A_STEP = 2_000;

/** In steps, between which whoever drives it lets others have their turn: there may be hundreds of thousands of rows. */
export function* sealing(plan: Plan, by: PlanSeal): Generator<undefined, SealedPlan> {
  const sorted = sortedPlan(plan);
  const rows = rowsOf(sorted);
  const places = new Map<RowKind, number>();
  const streams = new Map<RowKind, Stream>();
  const sealed: SealedRow[] = [];
  for (let at = 0; at < rows.length; at += ROWS_IN_A_STEP) {
    const step = rows.slice(at, at + ROWS_IN_A_STEP);
    const salts = by.salts(step.length);
    for (const [n, { kind, content }] of step.entries()) {
      const place = places.get(kind) ?? 0;
      places.set(kind, place + 1);
      const row = { kind, place, salt: salts[n] ?? '', content: by.canonical(content) };
      const stream = streams.get(kind) ?? streamOf(by);
      streams.set(kind, stream);
      stream.add(leafOf(row, by));
      sealed.push(row);
    }
    yield;
  }
  const ended = Object.fromEntries([...streams].map(([kind, stream]) => [kind, stream.end()]));
  const manifest = by.canonical(manifestOf(sorted, ended));
  return { tenant: plan.tenant, incident: plan.incident, digest: by.of(manifest), manifest, rows: sealed };
}

function manifestOf(plan: Plan, rows: Manifest['rows']): Manifest {
  return {
    version: plan.engine ? ENGINE_PLAN_VERSION : PLAN_VERSION,
    id: plan.id,
    tenant: plan.tenant,
    incident: plan.incident,
    mode: plan.mode,
    policy: plan.policy,
    terms: plan.terms,
    ...(plan.engine ? { engine: plan.engine } : {}),
    grownFrom: plan.grownFrom,
    key: plan.key,
    foundBy: plan.foundBy,
    finders: plan.finders,
    resolvedAt: plan.resolvedAt,
    takenIn: plan.takenIn,
    vip: plan.vip,
    legalHold: plan.legalHold,
    trackingCut: plan.trackingCut,
    notLooked: plan.notLooked,
    tooFew: plan.tooFew,
    rows,
  };
}

type Hashing = Pick<PlanSeal, 'of'>;

/** What stands for a row in the digest: all that is needed of it once its content is gone. */
export function leafOf({ salt, content }: Pick<SealedRow, 'salt' | 'content'>, { of }: Hashing): string {
  return of(`row ${salt} ${content}`);
}

interface Stream {
  add(leaf: string): void;
  end(): RowStream;
}

/** So many leaves are hashed together, with the hash of the page before: part of the format. */
const LEAVES_PER_PAGE = 1_000;

/** Takes leaves one by one; holds no more than one page of them. */
export function streamOf({ of }: Hashing): Stream {
  let digest = '';
  let count = 0;
  let page: string[] = [];
  function turn(): void {
    digest = of(`rows ${digest}\n${page.join('\n')}`);
    page = [];
  }
  return {
    add(leaf) {
      page.push(leaf);
      count += 1;
      if (page.length === LEAVES_PER_PAGE) turn();
    },
    end() {
      if (page.length > 0) turn();
      return { count, digest };
    },
  };
}

export interface OpenedPlan {
  /** Null where a row cannot be read. */
  readonly plan: Plan | null;
  /** Every row is there, as it was sealed and in its place, and no other. */
  readonly intact: boolean;
}

/**
 * Takes the stored rows of a plan, those of one kind in the order of their places, page by page if need be.
 * `read`: null for a row that is none of this version.
 */
export function opening(
  manifest: Manifest,
  by: Hashing,
  read: (row: SealedRow) => PlanRow | null,
): { take(row: SealedRow): void; end(): OpenedPlan } {
  const { version: _, rows: streams, ...fixed } = manifest;
  const found = new Map<string, { readonly stream: Stream; next: number }>();
  const rows: PlanRow[] = [];
  let isReadable = true;
  let isInOrder = true;
  return {
    take(row) {
      const own = found.get(row.kind) ?? { stream: streamOf(by), next: 0 };
      found.set(row.kind, own);
      isInOrder &&= row.place === own.next;
      own.next += 1;
      own.stream.add(leafOf(row, by));
      const content = read(row);
      if (content) rows.push(content);
      else isReadable = false;
    },
    end() {
      const seen = new Map([...found].map(([kind, { stream }]) => [kind, stream.end()]));
      const said = Object.entries(streams);
      const fits = said.every(([kind, { count, digest }]) => {
        const own = seen.get(kind);
        return own?.count === count && own.digest === digest;
      });
      return {
        plan: isReadable ? { ...fixed, ...listedIn(rows) } : null,
        intact: isInOrder && fits && seen.size === said.length,
      };
    },
  };
}
