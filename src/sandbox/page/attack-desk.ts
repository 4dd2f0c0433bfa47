import {
  type Attack,
  becReply,
  flaggedBySublime,
  foundByDefender,
  hostileMail,
  type Landed,
  land,
  phishingWave,
  type Reporter,
  reportedByUser,
} from '../attacks.ts';
import type { Sandbox } from '../sandbox.ts';
import type { AttackKind, AttackRow } from './shapes.ts';

const WAVE_MAILBOXES = 400;
/** Whoever sends tries again while nobody answers; who is asked, once a minute, has to wait for it. */
const TRIES: Readonly<Record<Reporter, number>> = { detector: 40, sublime: 40, defender: 240, user: 240 };
const BETWEEN_TRIES_MS = 1_000;

/** Reports the attack as whoever it is by would; answers the incident's id. Asked again after a failure, it reports nothing twice. */
export type Submit = (attack: Attack, landed: Landed) => Promise<string>;

/** For the desk of another start: what landed where, and what came of it. */
export interface KeptAttack {
  readonly landed: Landed;
  readonly row: AttackRow;
}

export interface AttackDesk {
  /** It has landed when this returns; the promise waits for the report and never rejects. */
  launch(kind: AttackKind): Promise<void>;
  /** The same with a mail that somebody made of a file of their own. Throws when it cannot be delivered. */
  launchOwn(attack: Attack): Promise<void>;
  landed(): readonly Landed[];
  rows(): readonly AttackRow[];
  keep(): readonly KeptAttack[];
  close(): void;
}

export function createAttackDesk(
  sandbox: Sandbox,
  submit: Submit,
  changed: () => void,
  kept: readonly KeptAttack[] = [],
): AttackDesk {
  const all = kept.map(({ landed }) => landed);
  const rows = kept.map(({ row }) => row);
  const closing = new AbortController();

  function put(index: number, change: Partial<AttackRow>): void {
    const row = rows[index];
    if (row) rows[index] = { ...row, ...change };
    changed();
  }

  function launchOwn(attack: Attack): Promise<void> {
    const landed = land(sandbox, attack);
    all.push(landed);
    const index = rows.push({ ...toldOf(attack), copies: landed.copies.length, incident: null, problem: null }) - 1;
    changed();
    return report(landed, index);
  }

  async function report(landed: Landed, index: number): Promise<void> {
    for (let tried = 1; !closing.signal.aborted; tried += 1) {
      const answer = await submit(landed.attack, landed).catch((error: unknown) => ({ problem: String(error) }));
      if (typeof answer === 'string') return put(index, { incident: answer });
      if (tried >= TRIES[landed.attack.by ?? 'detector']) return put(index, { problem: answer.problem });
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_TRIES_MS));
    }
  }

  for (const [index, { landed, row }] of kept.entries())
    if (row.incident === null && row.problem === null) void report(landed, index);

  const makers: Readonly<Record<AttackKind, () => Attack>> = {
    wave: () => phishingWave(sandbox, WAVE_MAILBOXES),
    bec: () => becReply(sandbox),
    hostile: () => hostileMail(sandbox),
    defender: () => foundByDefender(sandbox),
    report: () => reportedByUser(sandbox),
    sublime: () => flaggedBySublime(sandbox),
  };

  return {
    launch: (kind) => launchOwn(makers[kind]()),
    launchOwn,
    landed: () => all,
    rows: () => rows,
    keep: () => all.flatMap((landed, index) => (rows[index] ? [{ landed, row: rows[index] }] : [])),
    close: () => closing.abort(),
  };
}

const NAMES: Readonly<Record<Reporter, string>> = {
  detector: 'the detector',
  defender: 'Defender',
  user: 'Emma, to Microsoft',
  sublime: 'Sublime',
};

function toldOf({ by = 'detector', title, subject, verdict, severity, confidence, findings }: Attack) {
  return { by: NAMES[by], title, subject, verdict, severity, confidence, findings };
}
