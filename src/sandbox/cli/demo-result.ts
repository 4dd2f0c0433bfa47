import { openDatabase } from '../../adapters/store/database.ts';
import { createLedgerReader, seal } from '../../adapters/store/ledger.ts';
import { loadConfig } from '../../config/load.ts';
import { readEntry } from '../../core/record/codec.ts';
import { ofType } from '../../core/record/ledger.ts';
import { verifyLedger } from '../../flow/record/audit.ts';
import type { Landed } from '../attacks.ts';
import type { Sandbox } from '../sandbox.ts';

export interface DemoResult {
  readonly incident: string;
  readonly copies: number;
  readonly approvals: number;
  readonly removed: number;
  readonly alreadyGone: number;
  readonly failed: number;
  readonly decoysTouched: number;
  readonly ledgerEntries: number;
  readonly ledgerVerified: boolean;
}

const PAGE = 100_000;

/** Read from the stored ledger and from what the mail service saw; nothing is taken from the bot's own words. */
export async function readResult(
  file: string,
  incident: string,
  sandbox: Sandbox,
  landed: Landed,
): Promise<DemoResult> {
  const { config } = loadConfig(file, {});
  const database = await openDatabase({ kind: 'embedded', folder: config.data });
  try {
    const reader = createLedgerReader(database.db, sandbox.tenantId);
    const verification = await verifyLedger(reader, sandbox.tenantId, seal);
    const rows = await reader.ofIncident(incident, 0, PAGE);
    const entries = rows.flatMap((row) => {
      const read = readEntry(row, seal);
      return read.is === 'read' ? [read.entry] : [];
    });
    const outcomes = entries.filter((entry) => entry.type === 'copy.outcome').map((entry) => entry.outcome);
    const plan = entries.find(ofType('plan.made'));
    const decoys = new Set(landed.decoys.map((decoy) => decoy.messageId));
    return {
      incident,
      copies: plan?.detail.copies ?? 0,
      approvals: new Set(entries.filter((entry) => entry.type === 'decision.approved').map((entry) => entry.actor.id))
        .size,
      removed: outcomes.filter((outcome) => outcome === 'removed').length,
      alreadyGone: outcomes.filter((outcome) => outcome === 'alreadyGone').length,
      failed: outcomes.filter((outcome) => outcome !== 'removed' && outcome !== 'alreadyGone').length,
      decoysTouched: sandbox.graph.log.writes().filter((write) => decoys.has(write.message ?? '')).length,
      ledgerEntries: verification.entries,
      ledgerVerified: verification.ok,
    };
  } finally {
    await database.close();
  }
}
