import { openDatabase } from '../../src/adapters/store/database.ts';
import { createLedgerReader, seal } from '../../src/adapters/store/ledger.ts';
import { verifyLedger } from '../../src/flow/record/audit.ts';
import { type Attack, type Landed, land, phishingWave } from '../../src/sandbox/attacks.ts';
import { reportAttack } from '../../src/sandbox/cli/report-attack.ts';
import { readBack } from '../support/entries.ts';
import type { Crowd, Storm } from './storm.ts';

/** One mail from its report to its end, seen by people who do what people do: they try again. */
export interface Errand {
  readonly landed: Landed;
  readonly incident: Promise<string>;
  /** Resolves when both cards can be decided on. */
  readonly known: Promise<Crowd>;
  /** Two people press until they see that it is decided. */
  decide(): Promise<void>;
  /** Resolves when the card says that it is done. */
  done(): Promise<void>;
  verified(): Promise<{ ok: boolean; runs: number }>;
  /** What its entries in the record are dated. */
  times(): Promise<string[]>;
}

const AGAIN_MS = 2_000;
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** The sender takes turns with the processes, and comes again until its alert is taken, as detectors do. */
export function startErrand(storm: Storm, attack: Attack, n: number): Errand {
  const landed = land(storm.sandbox, attack);
  const incident = report(storm, attack, n);
  incident.catch(() => undefined);
  const known = incident.then((id) => storm.cards(id));
  known.catch(() => undefined);
  const says = async (words: RegExp) => {
    const id = await incident;
    const messages = await storm.sandbox.slack.messages();
    return messages.some(({ blocks }) => {
      const text = JSON.stringify(blocks);
      return text.includes(id) && words.test(text);
    });
  };
  return {
    landed,
    incident,
    known,
    async decide() {
      const crowd = await known;
      for (let turn = n; !(await says(/Purging|Purged/)); turn += 1) {
        await Promise.all([crowd.slack('dana', 'purge', turn), crowd.teams('omar', 'purge', turn)].map(quietly));
        await pause(AGAIN_MS);
      }
    },
    async done() {
      while (!(await says(/Purged: \d+ removed/))) await pause(200);
    },
    async verified() {
      const { entries, ok } = await recordOf(storm, await incident);
      return { ok, runs: entries.filter(({ type }) => type === 'run.started').length };
    },
    times: async () => (await recordOf(storm, await incident)).entries.map(({ at }) => at),
  };
}

async function recordOf({ databaseUrl, sandbox }: Storm, incident: string) {
  const database = await openDatabase({ kind: 'server', url: databaseUrl });
  try {
    const reader = createLedgerReader(database.db, sandbox.tenantId);
    const rows = await reader.ofIncident(incident, 0, 1_000_000);
    const { ok } = await verifyLedger(reader, sandbox.tenantId, seal);
    return { ok, entries: rows.map(readBack) };
  } finally {
    await database.close();
  }
}

/** Twenty mailboxes: two people have to agree. */
export function wave({ sandbox }: Storm, n: number): Attack {
  const id = crypto.randomUUID();
  return {
    ...phishingWave(sandbox, 20),
    subject: `Overdue invoice ${n}`,
    networkMessageId: id,
    internetMessageId: `<${id}@mailer.example>`,
  };
}

async function report(storm: Storm, attack: Attack, n: number): Promise<string> {
  for (let turn = n; ; turn += 1) {
    const file = storm.crew[turn % storm.crew.length]?.file ?? '';
    const incident = await reportAttack(file, attack).catch(() => null);
    if (incident !== null) return incident;
    await pause(AGAIN_MS);
  }
}

const quietly = (press: Promise<number>) => press.catch(() => 0);

/** Waits for `work`, and then gives up on it: what it did not reach is for the test to find. */
export async function asFarAsItGoes(work: Promise<unknown>, ms: number): Promise<void> {
  await Promise.race([work, pause(ms)]);
}
