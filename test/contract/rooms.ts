import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RoomError } from '../../src/core/error.ts';
import type { CardView } from '../../src/core/tell/card.ts';
import { ABOUT_ALERTS } from '../../src/core/tell/gather.ts';
import { inert } from '../../src/core/text.ts';
import type { CardRef, NudgedPerson, Rooms } from '../../src/ports/rooms.ts';
import { WAITS, WAITS_LINE } from '../support/card-pictures/replies.ts';
import { cardStates } from '../support/card-pictures/states.ts';

/** One channel on a stand-in of its platform, and the hands that make the platform misbehave once. */
export interface RoomsRig {
  readonly rooms: Rooms;
  /** How many cards the platform holds. */
  count(): Promise<number>;
  /** The texts the platform shows literally for this card; null when there is no such message. */
  shown(ref: CardRef): Promise<readonly string[] | null>;
  /** Somebody whom the platform knows. */
  readonly somebody: NudgedPerson;
  /** The messages below this card: the texts the platform shows literally, and the accounts that are called. */
  below(ref: CardRef): Promise<readonly Below[]>;
  /** The next call is told to wait this many seconds, and has no effect. */
  throttle(seconds: number): void;
  /** The next call has its effect, but its answer does not arrive. */
  loseAnswer(): void;
  /** The next call is told that message or channel do not exist. */
  vanish(): void;
  /** From now on the room takes nothing any more. */
  die(): void;
  /** Another channel of the platform. */
  readonly elsewhere: string;
  /** The next call is refused for good. */
  refuse(): void;
  /** Calls that reached the platform so far. */
  calls(): number;
  close(): Promise<void>;
}

interface Below {
  readonly texts: readonly string[];
  readonly called: readonly string[];
}

function state(name: string): CardView {
  const found = cardStates().find((one) => one.name === name);
  if (!found) throw new Error(`no card state ${name}`);
  return found.view;
}

async function failureOf(work: Promise<unknown>): Promise<RoomError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof RoomError)) throw new Error(`expected a RoomError, got ${String(error)}`);
  return error;
}

/** What the outbox may rely on, whichever chat stands behind the port. */
export function roomsContract(name: string, makeRooms: () => Promise<RoomsRig>): void {
  describe(`rooms of ${name}`, () => {
    let rig: RoomsRig;
    beforeEach(async () => {
      rig = await makeRooms();
    });
    afterEach(() => rig.close());
    const waiting = state('waiting-0-of-2');

    test('a posted card is there, with its sender and subject', async () => {
      const ref = await rig.rooms.post(waiting, 'key-1');
      expect(await rig.shown(ref)).toEqual(expect.arrayContaining([waiting.sender, waiting.subject]));
    });

    test('an update replaces the whole card', async () => {
      const ref = await rig.rooms.post(waiting, 'key-1');
      await rig.rooms.update(ref, state('purged-all-well'));
      const texts = await rig.shown(ref);
      expect(texts?.some((text) => text.includes('No copy of the plan is in sight'))).toBe(true);
      expect(texts?.some((text) => text.includes(waiting.needs))).toBe(false);
    });

    test('an update posts nothing new', async () => {
      const ref = await rig.rooms.post(waiting, 'key-1');
      await rig.rooms.update(ref, state('running'));
      expect(await rig.count()).toBe(1);
    });

    test('a throttled post says how long to wait', async () => {
      rig.throttle(7);
      const error = await failureOf(rig.rooms.post(waiting, 'key-1'));
      expect([error.kind, error.retryAfterMs]).toEqual(['throttled', 7_000]);
    });

    test('a throttled update says how long to wait', async () => {
      const ref = await rig.rooms.post(waiting, 'key-1');
      rig.throttle(11);
      const error = await failureOf(rig.rooms.update(ref, waiting));
      expect([error.kind, error.retryAfterMs]).toEqual(['throttled', 11_000]);
    });

    test('a throttled call is tried exactly once', async () => {
      rig.throttle(1);
      const before = rig.calls();
      await failureOf(rig.rooms.post(waiting, 'key-1'));
      expect(rig.calls() - before).toBe(1);
    });

    test('a post whose answer is lost is called lost', async () => {
      rig.loseAnswer();
      expect((await failureOf(rig.rooms.post(waiting, 'key-1'))).kind).toBe('lost');
    });

    test('a lost post is not sent again by itself', async () => {
      rig.loseAnswer();
      await failureOf(rig.rooms.post(waiting, 'key-1'));
      expect(await rig.count()).toBe(1);
    });

    test('after a lost answer the card is found, or nobody can tell', async () => {
      rig.loseAnswer();
      await failureOf(rig.rooms.post(waiting, 'key-1'));
      const found = await rig.rooms.find('key-1');
      const texts = found === 'unknowable' || found === null ? found : await rig.shown(found);
      expect(texts === 'unknowable' || texts?.includes(waiting.subject)).toBe(true);
    });

    test('a card that was never posted is not found', async () => {
      await rig.rooms.post(waiting, 'key-1');
      expect(await rig.rooms.find('key-2')).toSatisfy((found) => found === null || found === 'unknowable');
    });

    test('an update of a message that is gone says so', async () => {
      const ref = await rig.rooms.post(waiting, 'key-1');
      rig.vanish();
      // Teams has been known to say so in error.
      expect(['gone', 'doubtful']).toContain((await failureOf(rig.rooms.update(ref, waiting))).kind);
    });

    test('a room that takes nothing any more is dead, for what is new and for what is there', async () => {
      const ref = await rig.rooms.post(waiting, 'key-1');
      rig.die();
      const failures = [
        rig.rooms.post(waiting, 'key-2'),
        rig.rooms.update(ref, waiting),
        rig.rooms.nudge(ref, WAITS, []),
      ];
      expect((await Promise.all(failures.map(failureOf))).map(({ kind }) => kind)).toEqual(['dead', 'dead', 'dead']);
    });

    test('a card of a channel that was ours once is gone when that channel is dead: a new one goes to ours', async () => {
      const ref = await rig.rooms.post(waiting, 'key-1');
      rig.die();
      const before = { ...ref, channel: `${rig.elsewhere}${ref.channel.replace(/^[^;]*/, '')}` };
      expect(['gone', 'doubtful']).toContain((await failureOf(rig.rooms.update(before, waiting))).kind);
    });

    test('many incidents in one message are there line by line, and it is replaced as a whole', async () => {
      const line = (n: number) => ({
        incident: `CB-${n}`,
        text: `<!channel> *${n}* [x](https://evil.example)`,
        button: 'Open',
      });
      const view = {
        ...ABOUT_ALERTS,
        tenant: 'contoso',
        headline: '2 more alerts in a short time',
        lines: [line(1), line(2)],
      };
      const ref = await rig.rooms.gather(view, 'key-1');
      const said = async () => (await rig.shown(ref))?.map((text) => text.trim());
      expect(await said()).toEqual(expect.arrayContaining(['CB-1', line(1).text, 'CB-2', line(2).text]));
      await rig.rooms.regather(ref, { ...view, lines: [line(1), line(2), line(3)] });
      expect([await rig.count(), (await said())?.includes(line(3).text)]).toEqual([1, true]);
    });

    test('a refused post is called refused', async () => {
      rig.refuse();
      expect((await failureOf(rig.rooms.post(waiting, 'key-1'))).kind).toBe('refused');
    });

    test('a hostile subject stands there letter by letter', async () => {
      const subject = inert(
        '<!channel> [x](https://evil.example) **b** {{DATE(2026-01-01T00:00:00Z)}} &amp; :tada:',
        200,
      );
      const ref = await rig.rooms.post({ ...waiting, subject }, 'key-1');
      expect(await rig.shown(ref)).toContain(subject);
    });

    test('a nudge stands below the card and calls people', async () => {
      const ref = await rig.rooms.post(waiting, 'key-1');
      await rig.rooms.nudge(ref, WAITS, [rig.somebody]);
      const [nudge] = await rig.below(ref);
      expect(nudge?.texts).toContain(WAITS_LINE);
      expect(nudge?.called).toEqual([rig.somebody.account]);
    });

    test('a nudge is no card, and the card stays as it is', async () => {
      const ref = await rig.rooms.post(waiting, 'key-1');
      const before = await rig.shown(ref);
      await rig.rooms.nudge(ref, WAITS, []);
      expect([await rig.count(), await rig.shown(ref)]).toEqual([1, before]);
    });

    test('a hostile line of a nudge stands there letter by letter and calls nobody', async () => {
      const rule = '<!channel> <at>Ana</at> [x](https://evil.example) **b** &amp; :tada: _i_';
      const ref = await rig.rooms.post(waiting, 'key-1');
      await rig.rooms.nudge(ref, { ...WAITS, rule }, []);
      const [nudge] = await rig.below(ref);
      expect([nudge?.texts, nudge?.called]).toEqual([[WAITS_LINE, `Rule: ${inert(rule, 80)}`], []]);
    });

    test('a throttled nudge says how long to wait, and is tried once', async () => {
      const ref = await rig.rooms.post(waiting, 'key-1');
      rig.throttle(9);
      const before = rig.calls();
      const error = await failureOf(rig.rooms.nudge(ref, WAITS, []));
      expect([error.kind, error.retryAfterMs, rig.calls() - before]).toEqual(['throttled', 9_000, 1]);
    });

    test('a nudge below a card that is gone says so', async () => {
      const ref = await rig.rooms.post(waiting, 'key-1');
      rig.vanish();
      expect((await failureOf(rig.rooms.nudge(ref, WAITS, []))).kind).toBe('gone');
    });

    test('a message about as many incidents as there may be, in the longest words, is taken', async () => {
      const line = (n: number) => ({
        incident: `CB-${'X'.repeat(30)}${n}`,
        text: '\u6f22'.repeat(700),
        button: '\u6f22'.repeat(20),
      });
      const lines = Array.from({ length: 20 }, (_none, n) => line(n));
      const notes = Array.from({ length: 8 }, () => ({ text: '\u6f22'.repeat(300) }));
      const about = { title: '\u6f22'.repeat(60), intro: ABOUT_ALERTS.intro, notes };
      const gathered = { ...about, tenant: '\u6f22'.repeat(80), headline: '\u6f22'.repeat(120), lines };
      await expect(rig.rooms.gather(gathered, 'key-1')).resolves.toMatchObject({ platform: rig.rooms.platform });
    });

    test('the card with the longest texts is taken', async () => {
      await expect(rig.rooms.post(state('longest-texts'), 'key-1')).resolves.toMatchObject({
        platform: rig.rooms.platform,
      });
    });
  });
}
