import { Policy, withApprovers } from '../../src/core/ask/policy.ts';
import { type Incident, situationOf } from '../../src/core/incident/incident.ts';
import { type Entry, ofType } from '../../src/core/record/ledger.ts';
import { createDesk } from '../../src/flow/decide/desk.ts';
import { adoptPolicy } from '../../src/flow/decide/govern.ts';
import { listAutomation } from '../../src/flow/find/automation.ts';
import type { AdoptedPolicy, Flow } from '../../src/flow/flow.ts';
import { sweep, work } from '../../src/flow/sweep.ts';
import type { Automation } from '../../src/ports/automation.ts';
import { type Copy, RECOVERABLE } from '../support/fake-mail.ts';
import type { FakeChat } from '../support/fake-rooms.ts';
import { wrongNow } from './crash-oracle.ts';
import type { Place } from './crash-place.ts';
import { type Fate, Killed, type Moment, mortal } from './mortal.ts';
import { hash, PEOPLE, ROLES, type Someone, type World } from './world.ts';

/**
 * What Defender took out on its own goes back, from the list of the day to the last copy, while processes that work on it die: what is
 * listed is listed once, what is asked for is one incident, and each copy comes back once.
 */

const BOXES = 5;
const MOST_TURNS = 60;
const MOST_JOBS = 400;
const LATER_MS = 31_000;
/** What the dead held of the question to Defender is free again after this. */
const LEASE_MS = 16 * 60_000;
const POLICY: Policy = Policy.parse({
  version: 1,
  rules: [
    { name: 'two people', when: { action: ['purge', 'undo', 'release'] }, approve: [{ role: 'approver', count: 2 }] },
  ],
});
export const NEVER: Fate = { moment: { step: 'never', when: 'before' }, nth: 1 };
const guid = (n: number) => `73ca4154-58d8-43d0-a890-${String(n).padStart(12, '0')}`;

export async function releaseOf(world: World, place: Place) {
  const { mail } = world;
  const copies = Array.from({ length: BOXES }, (_none, n) => takenOut(world, n));
  // Another sender's mail with the Message-ID of a copy, deleted by whoever owns the mailbox.
  const [first] = copies;
  const other = mail.put(first?.address ?? '', { internetMessageId: ids(0), sender: 'colleague@contoso.example' });
  other.folderId = RECOVERABLE;
  const base: Flow = { ...world.flow, store: place.store, automation: defenceOf(world, copies) };
  const own = withApprovers(POLICY, ROLES['approver'] ?? []);
  const adopted: AdoptedPolicy = await adoptPolicy(base, { policy: own, digest: hash.digest(own) }, 'a crash test');
  const flow: Flow = { ...base, policy: () => adopted };

  async function incident(): Promise<Incident | null> {
    const [one] = await place.store.transact((tx) => tx.incidents.list(1));
    return one ?? null;
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

  async function pass(mine: Flow, ms: number): Promise<void> {
    world.pass(ms / 60_000);
    await place.pass(ms);
    await sweep(mine, 'later');
  }

  async function press(mine: Flow, who: Someone, platform: FakeChat, verb: string, about: string): Promise<void> {
    const { gatherings, cards } = world.rooms[platform];
    const shown =
      verb === 'open'
        ? gatherings.findLast(({ view }) => view.lines.some((line) => line.incident === about))?.ref
        : cards.findLast(({ view }) => view.incident === about)?.ref;
    if (!shown) return;
    await createDesk(mine).press({
      by: world.userOf(who, platform),
      card: { platform, channel: shown.channel, message: shown.message },
      verb,
      incident: about,
      digest: cards.findLast(({ view }) => view.incident === about)?.view.digest ?? '',
      reason: null,
      page: 0,
    });
  }

  /** What comes next; true once all of it is back. */
  async function onward(mine: Flow): Promise<boolean> {
    const [list] = await place.store.transact((tx) => tx.automation.since(''));
    if (list === undefined) {
      if ((await listAutomation(mine, 'now')).is === 'not due') await pass(mine, LEASE_MS);
      return false;
    }
    const one = await incident();
    const stands = one && situationOf(one);
    if (stands === 'restored') return true;
    if (!one) await press(mine, PEOPLE[2] as Someone, 'slack', 'open', `${list}/1`);
    if (one && stands === 'open') {
      await press(mine, PEOPLE[0] as Someone, 'slack', 'release', one.id);
      await press(mine, PEOPLE[1] as Someone, 'teams', 'release', one.id);
    }
    return false;
  }

  async function life(mine: Flow): Promise<void> {
    await sweep(mine, 'at start');
    for (let turn = 0; turn < MOST_TURNS; turn += 1) {
      await settle(mine);
      if (await onward(mine)) return;
      await settle(mine);
      await pass(mine, LATER_MS);
    }
    throw new Error(`it does not end: it is ${JSON.stringify((await incident())?.state)}`);
  }

  return {
    /** A process of that fate. Answers where it died; null: all was done. */
    async live(fate: Fate): Promise<Moment | null> {
      const one = mortal(flow, fate);
      await place.restarted();
      try {
        await life(one.flow);
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
      if (one.unseen.length > 0) throw new Error(`${one.unseen.join(', ')} was said without having been seen`);
      return one.died();
    },

    /** At the end: what is wrong, nothing where all is well. */
    async wrong(): Promise<readonly string[]> {
      const id = (await incident())?.id ?? '';
      const entries = await place.entries(id);
      const written = mail.effects.map(({ target }) => target.message);
      const sight = copies.map(({ message, folderId }) => ({
        message,
        isGone: folderId === RECOVERABLE,
        hasTrouble: false,
      }));
      return [
        ...wrongNow({ entries, copies: sight, written }),
        ...notOnce(entries, written, copies),
        ...copies.filter(({ folderId }) => folderId !== 'inbox').map(({ address }) => `${address} has not got it back`),
        ...(other.folderId === RECOVERABLE ? [] : ['another mail was put back']),
        ...((await place.isIntact()) ? [] : ['the chain of the record is broken']),
      ];
    },
  };
}

function notOnce(entries: readonly Entry[], written: readonly string[], copies: readonly Copy[]): readonly string[] {
  const made = entries.filter(ofType('automation.opened')).filter(({ outcome }) => outcome === 'made');
  const outcomes = entries.filter(ofType('copy.outcome'));
  const of = (message: string) => outcomes.filter((entry) => entry.message === message && entry.detail.was === null);
  return [
    ...(made.length === 1 ? [] : [`it was made ${made.length} times`]),
    ...copies.flatMap(({ message }) => {
      const told = of(message).map(({ outcome }) => outcome);
      const times = written.filter((one) => one === message).length;
      return [
        ...(told.join() === 'restored' ? [] : [`${message} is told as ${told.join(', ') || 'nothing'}`]),
        ...(times === 1 ? [] : [`${message} was put back ${times} times`]),
      ];
    }),
  ];
}

const ids = (n: number) => `<news-${n}@news.example>`;

function takenOut({ mail }: World, n: number): Copy {
  const copy = mail.put(`box${n}@contoso.example`, {
    internetMessageId: ids(n),
    networkMessageId: guid(n),
    sender: 'news@fabrikam.example',
    subject: 'What is new',
  });
  copy.folderId = RECOVERABLE;
  return copy;
}

function defenceOf(world: World, copies: readonly Copy[]): Automation {
  const at = new Date(world.now() - 60_000).toISOString();
  const named = copies.map(({ address, networkMessageId, internetMessageId }) => ({
    ...{ recipient: address, networkMessageId: networkMessageId ?? '', internetMessageId },
    at,
  }));
  return {
    isOn: true,
    samples: 2,
    ask: async (from, until) => ({
      is: 'told',
      removals: named
        .filter((one) => one.at >= from && one.at <= until)
        .map((one) => ({
          ...one,
          ...{ way: 'Automated Remediation', action: 'Soft delete', result: 'Success' },
          ...{ location: 'Deleted items', threats: 'Phish' },
        })),
      deliveries: named.map((one, n) => ({
        ...one,
        ...{ recipientId: copies[n]?.mailbox ?? null, sender: 'news@fabrikam.example', mailFrom: null },
        ...{ authentication: null, subject: 'What is new', cluster: '7' },
        ...{ delivered: 'Inbox/folder', latest: 'Deleted items', threats: null },
      })),
      cutAt: null,
      requestId: 'r',
    }),
  };
}
