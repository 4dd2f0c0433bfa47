import { Policy, withApprovers } from '../../src/core/ask/policy.ts';
import { Alert } from '../../src/core/find/alert.ts';
import { type Situation, situationOf } from '../../src/core/incident/incident.ts';
import { createDesk } from '../../src/flow/decide/desk.ts';
import { adoptPolicy } from '../../src/flow/decide/govern.ts';
import { receive } from '../../src/flow/find/intake.ts';
import type { AdoptedPolicy, Flow } from '../../src/flow/flow.ts';
import { sweep, work } from '../../src/flow/sweep.ts';
import { type Copy, RECOVERABLE, SUBJECT } from '../support/fake-mail.ts';
import { SOURCE } from '../support/source.ts';
import { type Sight, wrongAtTheEnd, wrongNow } from './crash-oracle.ts';
import type { Place } from './crash-place.ts';
import { type Fate, Killed, type Moment, mortal } from './mortal.ts';
import { createWorld, hash, PEOPLE, ROLES, type Someone, type World } from './world.ts';

/** Incidents that are worked on by processes which are killed, one after the other, until each has ended. */

/** Every moment that a purge and its undo pass through between a report and the end. */
export const MOMENTS: readonly Moment[] = [
  ...(['before', 'after'] as const).flatMap((when) =>
    ['reader.locate', 'reader.read', 'effects.softDelete', 'effects.putBack', 'slack.post', 'teams.post'].map(
      (step) => ({ step, when }),
    ),
  ),
  { step: 'effects.softDelete', when: 'half' },
  { step: 'effects.putBack', when: 'half' },
  ...(['within', 'after'] as const).flatMap((when) =>
    ['alert.received', 'copy.intent', 'copy.outcome', 'run.finished'].map((type) => ({ step: `commit ${type}`, when })),
  ),
];
/** Copies of one incident: within one chunk, and in several. */
const SIZES = [3, 12, 25];
/** In one world; then another begins, with a record of its own. */
const INCIDENTS = 20;
const MOST_KILLS = 12;
const MOST_TURNS = 200;
const MOST_JOBS = 400;
const LATER_MS = 31_000;
/** Of the moments that an incident passes through one in so many, where no moment is named. */
const FAR = 60;
const PLAIN: Policy = Policy.parse({
  version: 1,
  caps: { tenant: { mailboxesPerHour: 1_000_000 } },
  rules: [{ name: 'two people', when: { action: ['purge', 'undo'] }, approve: [{ role: 'approver', count: 2 }] }],
});

interface Counts {
  kills: number;
  incidents: number;
  removed: number;
  restored: number;
  /** How often somebody died at each moment. */
  readonly at: Map<string, number>;
}
export type Told = Readonly<Counts>;

interface Tale {
  readonly mail: { readonly internetMessageId: string; readonly sender: string };
  readonly copies: readonly Copy[];
  readonly trouble: ReadonlySet<string>;
  readonly undone: boolean;
  readonly delivery: string;
  /** How many writes there were when it began. */
  readonly from: number;
  incident: string | null;
}

export const momentOf = ({ step, when }: Moment) => `${step} ${when}`;

/** Goes on until so many were killed; throws at the first thing that must not be. `random`: in [0, 1). */
export async function crash(
  kills: number,
  random: () => number,
  open: (world: World) => Promise<Place>,
): Promise<Told> {
  const told = { kills: 0, incidents: 0, removed: 0, restored: 0, at: new Map<string, number>() };
  while (told.kills < kills) {
    const world = createWorld();
    const place = await open(world);
    try {
      const rig = await rigOf(world, place, random);
      for (let n = 0; n < INCIDENTS && told.kills < kills; n += 1) await oneIncident(rig, n, told, kills);
      if (!(await place.isIntact())) throw new Error('the chain of the record is broken');
    } finally {
      await place.close();
    }
  }
  return told;
}

async function oneIncident(rig: Rig, n: number, told: Counts, kills: number): Promise<void> {
  const tale = rig.begin(n);
  for (let lives = 0; ; lives += 1) {
    const isLast = lives >= MOST_KILLS || told.kills >= kills;
    const death = await rig.live(tale, isLast ? NEVER : await rig.fate(tale));
    if (!death) break;
    told.kills += 1;
    told.at.set(momentOf(death), (told.at.get(momentOf(death)) ?? 0) + 1);
  }
  const { removed, restored } = await rig.ended(tale);
  told.incidents += 1;
  told.removed += removed;
  told.restored += restored;
}

type Rig = Awaited<ReturnType<typeof rigOf>>;

const NEVER: Fate = { moment: { step: 'never', when: 'before' }, nth: 1 };

async function rigOf(world: World, place: Place, random: () => number) {
  const { mail } = world;
  const base: Flow = { ...world.flow, store: place.store };
  const own = withApprovers(PLAIN, ROLES['approver'] ?? []);
  const adopted: AdoptedPolicy = await adoptPolicy(base, { policy: own, digest: hash.digest(own) }, 'a crash test');
  const flow: Flow = { ...base, policy: () => adopted };
  const pick = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)] as T;

  async function situation({ incident }: Tale): Promise<Situation | null> {
    if (incident === null) return null;
    const found = await place.store.transact((tx) => tx.incidents.get(incident));
    return found && situationOf(found);
  }

  async function sight({ incident, copies, trouble, from }: Tale): Promise<Sight> {
    return {
      entries: incident === null ? [] : await place.entries(incident),
      copies: copies.map(({ message, folderId }) => ({
        message,
        isGone: folderId === RECOVERABLE,
        hasTrouble: trouble.has(message),
      })),
      written: mail.effects.slice(from).map(({ target }) => target.message),
    };
  }

  function expect(wrong: readonly string[], tale: Tale, death: Moment | null): void {
    if (wrong.length === 0) return;
    const where = death === null ? 'at the end' : `after a death at ${momentOf(death)}`;
    throw new Error(`${tale.incident}, ${where}: ${wrong.slice(0, 5).join('; ')}`);
  }

  const checked = new Set<Tale>();

  /** What a process does from its start, until it dies or nothing is left to do. */
  async function life(mine: Flow, tale: Tale): Promise<void> {
    await sweep(mine, 'at start');
    // A detector sends the same again until it is answered.
    tale.incident ??= (await reported(mine, tale)).incident;
    for (let turn = 0; turn < MOST_TURNS; turn += 1) {
      await settle(mine);
      if (await isOver(mine, tale)) return;
      await later(mine);
    }
    throw new Error(`${tale.incident} does not end: it is ${await situation(tale)}`);
  }

  /** People do what their cards ask them for, until there is nothing more to ask. */
  async function isOver(mine: Flow, tale: Tale): Promise<boolean> {
    const stands = await situation(tale);
    if (stands === 'restored' || (stands === 'purged' && !tale.undone)) return true;
    if (stands === 'open') await pressed(mine, tale, 'purge');
    if (stands === 'purged') {
      if (!checked.has(tale)) expect(wrongAtTheEnd(await sight(tale), 'purge'), tale, null);
      // Once: from now on some of it may be back already.
      checked.add(tale);
      await pressed(mine, tale, 'undo');
    }
    return false;
  }

  async function settle(mine: Flow): Promise<void> {
    for (let done = 0; done < MOST_JOBS; done += 1) {
      const job = await place.take();
      if (!job) return;
      try {
        await work(mine, job);
      } catch (error) {
        // Nobody has said that it is done: the queue gives it out again.
        await place.store.transact((tx) => tx.jobs.send(job, error instanceof Killed ? 0 : LATER_MS));
        if (error instanceof Killed) throw error;
      }
    }
    throw new Error('there is always another job');
  }

  async function later(mine: Flow): Promise<void> {
    world.pass(LATER_MS / 60_000);
    await place.pass(LATER_MS);
    await sweep(mine, 'later');
  }

  function reported(mine: Flow, { mail: { internetMessageId, sender }, copies, delivery }: Tale) {
    const alert = Alert.parse({
      id: delivery,
      source: 'a detector',
      verdict: 'phishing',
      detectedAt: '2026-11-20T07:59:00Z',
      message: { internetMessageId, sender, subject: SUBJECT },
      recipients: copies.map(({ address }) => address),
    });
    return receive(mine, alert, { source: SOURCE, id: delivery, body: delivery });
  }

  /** Two people, one in each chat, press what their card offers. */
  async function pressed(mine: Flow, { incident }: Tale, verb: string): Promise<void> {
    for (const [who, platform] of [
      [PEOPLE[0], 'slack'],
      [PEOPLE[1], 'teams'],
    ] as const) {
      const card = world.rooms[platform].cards.findLast(({ view }) => view.incident === incident);
      if (!card) continue;
      await createDesk(mine).press({
        by: world.userOf(who as Someone, platform),
        card: { platform, channel: card.ref.channel, message: card.ref.message },
        verb,
        incident: incident ?? '',
        digest: card.view.digest,
        reason: null,
        page: 0,
      });
    }
  }

  return {
    /** Where the next process dies: often at a moment that still lies before this incident, else at any. */
    async fate(tale: Tale): Promise<Fate> {
      if (random() < 0.5) return { moment: null, nth: 1 + Math.floor(random() * FAR) };
      const ahead = stillAhead(await situation(tale), tale.undone);
      return { moment: pick(MOMENTS.filter(({ step }) => ahead.test(step))), nth: random() < 0.7 ? 1 : 2 };
    },

    begin(n: number): Tale {
      const ids = { internetMessageId: `<crash-${n}@mailer.example>`, sender: `billing${n}@fabrikam.example` };
      const from = mail.effects.length;
      const boxes = Array.from({ length: pick(SIZES) }, (_none, box) => `box${box}@contoso.example`);
      const copies = boxes.map((address) => mail.put(address, ids));
      // Another sender's mail with the same Message-ID.
      mail.put(boxes[0] ?? '', { ...ids, sender: 'colleague@contoso.example' });
      mail.trouble.length = 0;
      const trouble = new Set<string>();
      for (const copy of copies) if (random() < 0.1) trouble.add(troubled(copy));
      return { mail: ids, copies, trouble, undone: random() < 0.5, delivery: `crash ${n}`, from, incident: null };
    },

    /** Answers where it died; null: all was done. */
    async live(tale: Tale, fate: Fate): Promise<Moment | null> {
      const one = mortal(flow, fate);
      await place.restarted();
      try {
        await life(one.flow, tale);
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
      const found = tale.incident ?? (await filed());
      expect([...wrongNow(await sight({ ...tale, incident: found })), ...one.unseen.map(unverified)], tale, one.died());
      return one.died();
    },

    async ended(tale: Tale): Promise<{ removed: number; restored: number }> {
      if (!tale.undone) expect(wrongAtTheEnd(await sight(tale), 'purge'), tale, null);
      const seen = await sight(tale);
      if (tale.undone) expect(wrongAtTheEnd(seen, 'restore'), tale, null);
      const count = (outcome: string) =>
        seen.entries.filter((one) => one.type === 'copy.outcome' && one.outcome === outcome).length;
      return { removed: count('removed'), restored: count('restored') };
    },
  };

  /** Killed before it had its answer, an alert may have been taken all the same. */
  async function filed(): Promise<string | null> {
    const [newest] = await place.store.transact((tx) => tx.incidents.list(1));
    return newest?.id ?? null;
  }

  /** Something that is no fault of ours: a refusal, a lost answer, a service that says "done" and has done nothing. */
  function troubled({ mailbox, message }: Copy): string {
    const answer = pick([
      { status: 'unknown', detail: 'socket hang up' },
      { status: 'throttled', waitMs: 5_000 },
      { status: 'refused', why: 'failed', detail: 'ErrorInternalServerError' },
      { status: 'done' },
    ] as const);
    mail.trouble.push({
      method: 'softDelete',
      mailbox,
      answer,
      always: answer.status !== 'throttled' && random() < 0.3,
    });
    return message;
  }
}

const unverified = (what: string) => `${what} was said without having been seen`;

function stillAhead(stands: Situation | null, undone: boolean): RegExp {
  if (stands === null) return undone ? /./ : /^(?!effects.putBack)/;
  if (stands === 'received') return undone ? /^(?!commit alert)/ : /^(?!commit alert|effects.putBack)/;
  const acting = 'reader.read|commit copy|commit run';
  if (stands === 'purged') return new RegExp(`^(effects.putBack|${acting})`);
  return new RegExp(undone ? `^(effects|${acting})` : `^(effects.softDelete|${acting})`);
}
