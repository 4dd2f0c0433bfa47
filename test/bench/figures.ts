/** What was measured, and what is made of it. */

export interface Measured {
  readonly copies: number;
  readonly store: 'embedded' | 'server';
  readonly serviceMs: number;
  readonly wide: number;
  /** From the first start of all, with everything still to be made, to ready. */
  readonly firstStartMs: number;
  readonly coldStartMs: number;
  readonly idleMb: number;
  readonly peakMb: number;
  readonly bareSearchMs: number;
  readonly bareMs: number;
  /** From the accepted alert to the card that asks. */
  readonly planMs: number;
  /** From the press that decides to the finished run. */
  readonly purgeMs: number;
  /** To the card that says so. */
  readonly cardMs: number;
  /** How long that press waited for its answer. */
  readonly pressMs: number;
  readonly plan: Phase;
  readonly purge: Phase;
  /** Copies that the run itself reports as removed. */
  readonly removed: number;
  /** Copies still in sight in the mailboxes, whatever anybody reports. */
  readonly left: number;
  readonly decoysTouched: number;
}

/** While it lasted. */
export interface Phase {
  readonly operations: Readonly<Record<string, number>>;
  readonly statuses: Readonly<Record<string, number>>;
  readonly batches: number;
  readonly mostBatches: number;
  readonly productCpuMs: number;
  readonly standInCpuMs: number;
  readonly stallMs: number;
}

export type Line = Readonly<Record<string, unknown>>;

const rounded = (value: number, digits = 0) => Number(value.toFixed(digits));
const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((a, b) => a + b, 0);

export function lineOf(measured: Measured): Line {
  const { copies, plan, purge, planMs, purgeMs, bareMs, bareSearchMs } = measured;
  return {
    copies,
    ratio: rounded(purgeMs / bareMs, 2),
    planRatio: rounded(planMs / bareSearchMs, 2),
    opsPerCopy: rounded(sum(purge.operations) / copies, 2),
    cpuMsPerCopy: rounded(purge.productCpuMs / copies, 3),
    peakMb: rounded(measured.peakMb),
    left: measured.left,
    removed: measured.removed,
    decoysTouched: measured.decoysTouched,
    planMs: rounded(planMs),
    purgeMs: rounded(purgeMs),
    cardMs: rounded(measured.cardMs),
    pressMs: rounded(measured.pressMs),
    bareMs: rounded(bareMs),
    bareSearchMs: rounded(bareSearchMs),
    planOpsPerCopy: rounded(sum(plan.operations) / copies, 2),
    planCpuMsPerCopy: rounded(plan.productCpuMs / copies, 3),
    cpuMs: rounded(purge.productCpuMs),
    idleMb: rounded(measured.idleMb),
    firstStartMs: rounded(measured.firstStartMs),
    coldStartMs: rounded(measured.coldStartMs),
    planStallMs: rounded(plan.stallMs),
    stallMs: rounded(purge.stallMs),
    planStandInCpuMs: rounded(plan.standInCpuMs),
    standInCpuMs: rounded(purge.standInCpuMs),
    standInBusy: rounded(purge.standInCpuMs / purgeMs, 2),
    batches: purge.batches,
    mostBatches: purge.mostBatches,
    perBatch: rounded(sum(purge.operations) / Math.max(1, purge.batches), 1),
    planOperations: plan.operations,
    operations: purge.operations,
    statuses: purge.statuses,
    store: measured.store,
    serviceMs: measured.serviceMs,
    wide: measured.wide,
  };
}

/** Where it is not the product that was measured, or not what it is for was done. */
export function doubtsOf(measured: Measured): readonly string[] {
  const { purge, purgeMs, copies } = measured;
  const busy = purge.standInCpuMs / purgeMs;
  return [
    busy > 0.8 ? `the stand-in computed ${Math.round(busy * 100)} % of the time: it was what held everything up` : '',
    measured.left > 0 ? `${measured.left} copies are still in sight` : '',
    measured.removed !== copies ? `the run reports ${measured.removed} of ${copies} copies removed` : '',
    measured.decoysTouched > 0 ? `${measured.decoysTouched} other mails were touched` : '',
  ].filter((doubt) => doubt !== '');
}

export function tableOf(line: Line): string {
  const shown = (value: unknown) =>
    typeof value === 'object' && value !== null
      ? Object.entries(value)
          .map(([name, count]) => `${name} ${count}`)
          .join(', ')
      : String(value);
  return Object.entries(line)
    .map(([name, value]) => `${name.padEnd(18)} ${shown(value)}\n`)
    .join('');
}
