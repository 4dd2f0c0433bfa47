import { expect, inject, it } from 'vitest';
import { openDatabase } from '../../src/adapters/store/database.ts';
import { createLedgerReader, seal } from '../../src/adapters/store/ledger.ts';
import { verifyLedger } from '../../src/flow/record/audit.ts';
import { phishingWave } from '../../src/sandbox/attacks.ts';
import { readBack } from '../support/entries.ts';
import { type Crowd, type Storm, startStorm } from './storm.ts';

/** Clicks over both platforms and two processes on PostgreSQL: at most one vote a person, one execution. */

const CLICKS = inject('clicks');
const AT_ONCE = 100;
const CROWD = ['dana', 'omar', 'lena', 'emma', 'gus'] as const;

async function recordOf({ databaseUrl, sandbox }: Storm, incident: string) {
  const database = await openDatabase({ kind: 'server', url: databaseUrl });
  try {
    const reader = createLedgerReader(database.db, sandbox.tenantId);
    const rows = await reader.ofIncident(incident, 0, 1_000_000);
    const entries = rows.map(readBack);
    return { entries, verification: await verifyLedger(reader, sandbox.tenantId, seal) };
  } finally {
    await database.close();
  }
}

/** `presses` are dealt out to lanes that each press one after the other. */
async function all(presses: readonly ((n: number) => Promise<number>)[]): Promise<Map<number, number>> {
  const statuses = new Map<number, number>();
  let next = 0;
  const lane = async () => {
    while (next < presses.length) {
      const n = next;
      next += 1;
      const status = (await presses[n]?.(n)) ?? 0;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return statuses;
}

const pressOf = (crowd: Crowd, verb: string, n: number) => {
  const who = CROWD[n % CROWD.length] ?? 'dana';
  return (at: number) => (n % 2 === 0 ? crowd.slack(who, verb, at) : crowd.teams(who, verb, at));
};

it(`${CLICKS} clicks over both chats and two processes: one vote a person, one execution`, async () => {
  const storm = await startStorm();
  try {
    const incident = await storm.attack(phishingWave(storm.sandbox, 50));
    const crowd = await storm.cards(incident);
    const started = performance.now();
    const statuses = await all(
      Array.from({ length: CLICKS }, (_none, n) => pressOf(crowd, 'purge', Math.floor(n / 2))),
    );
    const seconds = (performance.now() - started) / 1_000;
    const { entries, verification } = await storm.until('the purge has ended', async () => {
      const record = await recordOf(storm, incident);
      return record.entries.some(({ type }) => type === 'run.finished') ? record : null;
    });
    const told = (type: string) => entries.filter((entry) => entry.type === type);
    const votes = told('decision.approved');
    process.stdout.write(
      `${JSON.stringify({ clicks: CLICKS, seconds: Math.round(seconds), statuses: Object.fromEntries(statuses), votes: votes.length, refused: told('press.refused').length, runs: told('run.started').length })}\n`,
    );
    expect([...statuses.keys()]).toEqual([200]);
    expect(new Set(votes.map(({ actor }) => actor.id)).size).toBe(votes.length);
    expect(votes).toHaveLength(2);
    expect(told('run.started')).toHaveLength(1);
    expect(votes.length + told('press.refused').length).toBe(CLICKS);
    const writes = storm.sandbox.graph.log.writes();
    expect(new Set(writes.map(({ message }) => message)).size).toBe(writes.length);
    expect(writes).toHaveLength(50);
    expect(verification.ok).toBe(true);
  } finally {
    await storm.close();
  }
});

it('approve against reject, many times over: one winner, and the others are told', async () => {
  const storm = await startStorm();
  try {
    const winners = new Map<string, number>();
    for (let round = 0; round < 12; round += 1) {
      const networkMessageId = crypto.randomUUID();
      const wave = { ...phishingWave(storm.sandbox, 8), networkMessageId };
      const incident = await storm.attack({ ...wave, internetMessageId: `<race-${round}@mailer.example>` });
      const crowd = await storm.cards(incident);
      const dana = (n: number) => crowd.slack('dana', 'purge', n);
      const omar = (n: number) => crowd.teams('omar', 'purge', n);
      const lena = (n: number) => crowd.teams('lena', 'reject', n);
      // In every other round the refusal begins only after an approval was answered: then either may win.
      const lenaLater = async (n: number) => {
        await dana(n);
        return lena(n);
      };
      await all(round % 2 === 0 ? [dana, omar, lena, dana, omar, lena] : [lenaLater, omar, dana, omar, dana]);
      const ends = new Set(['run.finished', 'decision.rejected']);
      const { entries } = await storm.until('it has ended', async () => {
        const record = await recordOf(storm, incident);
        return record.entries.some(({ type }) => ends.has(type)) ? record : null;
      });
      const told = (type: string) => entries.filter((entry) => entry.type === type).length;
      expect([told('run.started') + told('decision.rejected'), told('run.started') <= 1]).toEqual([1, true]);
      expect(told('decision.approved') + told('decision.rejected') + told('press.refused')).toBe(6);
      const winner = told('run.started') > 0 ? 'approved' : 'rejected';
      winners.set(winner, (winners.get(winner) ?? 0) + 1);
    }
    process.stdout.write(`${JSON.stringify({ winners: Object.fromEntries(winners) })}\n`);
  } finally {
    await storm.close();
  }
});
