import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RoomFailure } from '../../src/core/error.ts';
import { ofType } from '../../src/core/record/ledger.ts';
import { announce } from '../../src/flow/record/record.ts';
import { roomTroubles } from '../../src/flow/tell/room.ts';
import type { Platform } from '../../src/ports/rooms.ts';
import { voteCounted } from '../support/answered.ts';
import { ATTACK, type Night, startNight } from '../support/desk-of-the-night.ts';

/** No workers here: each delivery is called by hand. Somebody who has the database makes time pass. */
let night: Night;
beforeEach(async () => {
  night = await startNight({ workers: false, intruded: true });
  for (const name of ['ann', 'bob', 'cas']) night.mail.put(`${name}@contoso.example`, ATTACK);
});
afterEach(() => night.close());

const deliver = (incident: string, platform: Platform = 'slack') => night.run({ queue: 'deliver', incident, platform });

describe('a message that cannot be changed any more', () => {
  /** Time passes for the card alone: the database is told that it has rested. */
  const rested = () => night.intrude("update card set not_before = '-infinity'");
  const posted = async () => {
    const id = await night.alert();
    await night.run({ queue: 'scope', incident: id });
    await deliver(id);
    return id;
  };
  const again = async (id: string) => {
    await night.flow.store.transact((tx) => announce(night.flow, tx, id));
    await rested();
    await deliver(id);
  };
  const lost = async (id: string) =>
    (await night.entries(id)).filter(({ type }) => type === 'card.lost').map(({ outcome }) => outcome);
  const approve = (message: string, id: string, digest: string) =>
    night.press('dana', 'slack', 'purge', {
      card: { platform: 'slack', channel: 'slack-alerts', message },
      incident: id,
      digest,
    });

  it('is followed by a new one, and a press on the old one is answered and counts for nothing', async () => {
    const id = await posted();
    night.slack.failures.push({ kind: 'fixed' });
    await again(id);
    await again(id);
    expect([night.slack.cards.map(({ view }) => view.incident), await lost(id)]).toEqual([[id, id], ['fixed']]);
    const digest = night.slack.cards[0]?.view.digest ?? '';
    expect(await approve('card-1', id, digest)).toMatchObject({ code: 'wrong-place' });
    expect(await approve('card-2', id, digest)).toMatchObject(voteCounted(1, 2));
  });

  it('while the new one is on its way, the old one counts for nothing either', async () => {
    const id = await posted();
    night.slack.failures.push({ kind: 'fixed' });
    await again(id);
    expect(await approve('card-1', id, night.slack.cards[0]?.view.digest ?? '')).toMatchObject({ code: 'wrong-place' });
  });

  it('is not taken for one because the chat says so once or twice', async () => {
    const id = await posted();
    night.slack.failures.push({ kind: 'doubtful' }, { kind: 'doubtful' });
    await again(id);
    await again(id);
    await again(id);
    expect([night.slack.cards.map(({ updates }) => updates), await lost(id)]).toEqual([[1], []]);
  });

  it('is taken for one when the chat says so three times', async () => {
    const id = await posted();
    night.slack.failures.push({ kind: 'doubtful' }, { kind: 'doubtful' }, { kind: 'doubtful' });
    for (let n = 0; n < 4; n += 1) await again(id);
    expect([night.slack.cards.length, await lost(id)]).toEqual([2, ['fixed']]);
  });
});

describe('a room that takes nothing any more', () => {
  const soon = () => night.intrude("update room set next_at = '-infinity'");
  const told = async () =>
    (await night.entries()).filter(({ type }) => type === 'room.lost' || type === 'room.back').map(({ type }) => type);
  const dead = { kind: 'dead' } as const;

  it('is one entry and one alarm, however often it is tried', async () => {
    const id = await night.alert();
    night.slack.failures.push(dead, dead, dead);
    for (let n = 0; n < 3; n += 1) {
      await deliver(id);
      await soon();
    }
    expect([await told(), night.happenings.filter(({ what }) => what === 'room')]).toEqual([
      ['room.lost'],
      [{ what: 'room', platform: 'slack', result: 'dead' }],
    ]);
  });

  it.each(['refused', 'lost'] as const)('is also one that time after time answers: %s', async (kind) => {
    const id = await night.alert();
    const often = async (times: number) => {
      for (let n = 0; n < times; n += 1) {
        night.slack.failures.push({ kind });
        await soon();
        await night.intrude("update card set not_before = '-infinity'");
        await deliver(id);
      }
    };
    await often(4);
    expect(await told()).toEqual([]);
    await often(3);
    expect([await told(), (await roomTroubles(night.flow)).get('slack')]).toEqual([
      ['room.lost'],
      expect.objectContaining({ why: `told to answer ${kind}` }),
    ]);
  });

  it('is not one that only asks to wait', async () => {
    const id = await night.alert();
    for (let n = 0; n < 7; n += 1) {
      night.slack.failures.push({ kind: 'throttled' });
      await soon();
      await night.intrude("update card set not_before = '-infinity'");
      await deliver(id);
    }
    expect(await told()).toEqual([]);
  });

  it('is not tried again at once', async () => {
    const id = await night.alert();
    night.slack.failures.push(dead);
    for (let n = 0; n < 3; n += 1) await deliver(id);
    expect(night.slack.log).toEqual([`post ${id}`]);
  });

  it('is spoken of on the card in the other chat, until it is back', async () => {
    const id = await night.alert();
    night.slack.failures.push(dead);
    await deliver(id);
    const seen = async () => {
      await night.intrude("update card set not_before = '-infinity'");
      await deliver(id, 'teams');
      return night.teams.cards[0]?.view.warnings.filter(({ text }) => text.includes('takes no messages')) ?? [];
    };
    expect(await seen()).toHaveLength(1);
    await soon();
    await deliver(id);
    expect([await seen(), await told(), night.slack.cards.length]).toEqual([[], ['room.lost', 'room.back'], 1]);
  });

  it('is told to whoever asks whether all is well', async () => {
    const id = await night.alert();
    night.slack.failures.push(dead);
    await deliver(id);
    const troubles = await roomTroubles(night.flow);
    expect([troubles.get('slack'), troubles.get('teams')]).toEqual([
      { since: expect.stringMatching(/^2026-11-20T/), why: 'told to answer dead' },
      null,
    ]);
  });
});

describe('a card that its room does not take, and the room takes others', () => {
  const tryOften = async (incident: string, kind: RoomFailure) => {
    for (let n = 0; n < 6; n += 1) {
      night.slack.failures.push({ kind });
      await again(incident);
    }
  };
  const again = async (incident: string, platform: Platform = 'slack') => {
    await night.intrude("update room set next_at = '-infinity'");
    await night.intrude(`update card set not_before = '-infinity' where incident = '${incident}'`);
    await deliver(incident, platform);
  };
  const another = async () => {
    const id = await night.alert({ id: 'det-2', message: { ...ATTACK, internetMessageId: '<2@mailer.example>' } });
    await deliver(id);
    return id;
  };
  const found = async (id: string) => ({
    told: (await night.entries()).filter(({ type }) => type === 'room.lost').length,
    lost: (await night.entries(id)).flatMap(({ type, outcome }) => (type === 'card.lost' ? outcome : [])),
    alarms: night.happenings.filter((one) => one.what === 'card' && one.result === 'turned away').length,
    trouble: (await roomTroubles(night.flow)).get('slack'),
  });
  const ofCard = { told: 0, lost: ['refused'], alarms: 1, trouble: null };

  it('for what it says or how long it is, is told once, and nothing of the room', async () => {
    const id = await night.alert();
    await tryOften(id, 'unfit');
    expect(await found(id)).toEqual(ofCard);
  });

  it.each(['refused', 'lost'] as const)('and has taken one while this was %s, is not lost for it', async (kind) => {
    const id = await night.alert();
    night.slack.failures.push({ kind });
    await again(id);
    await another();
    await tryOften(id, kind);
    expect(await found(id)).toEqual(ofCard);
  });

  it('is on record with the place where it stands, once it has one', async () => {
    const place = async (id: string) =>
      (await night.entries(id)).filter(ofType('card.lost')).map(({ detail }) => detail.place);
    const first = await night.alert();
    await tryOften(first, 'unfit');
    expect(await place(first)).toEqual([null]);
    const second = await another();
    await night.flow.store.transact((tx) => announce(night.flow, tx, second));
    await tryOften(second, 'unfit');
    expect(await place(second)).toEqual([expect.objectContaining({ channel: 'slack-alerts' })]);
  });

  it('is spoken of on the card in the other chat, until it is taken', async () => {
    const id = await night.alert();
    await tryOften(id, 'unfit');
    const seen = async () => {
      await again(id, 'teams');
      return night.teams.cards[0]?.view.warnings.filter(({ text }) => text.includes('does not take this card')) ?? [];
    };
    expect(await seen()).toHaveLength(1);
    await again(id);
    await again(id);
    const own = night.slack.cards[0]?.view.warnings.filter(({ text }) => text.includes('does not take')) ?? [];
    expect([await seen(), own]).toEqual([[], []]);
  });
});

describe('many alerts at once', () => {
  const FEW = 3;
  const burst = async (alerts: number) => {
    night.slack.newPerMinute = FEW;
    const ids: string[] = [];
    for (let n = 0; n < alerts; n += 1)
      ids.push(
        await night.alert({ id: `det-${n}`, message: { ...ATTACK, internetMessageId: `<n${n}@mailer.example>` } }),
      );
    return ids;
  };
  const say = async (messages: number) => {
    for (let n = 0; n < messages; n += 1) await deliver('');
  };
  const gathered = () => night.slack.gatherings.map(({ view }) => view.lines.map(({ incident }) => incident));
  const open = (incident: string, message = 'gathering-1') =>
    night.press('dana', 'slack', 'open', {
      card: { platform: 'slack', channel: 'slack-alerts', message },
      incident,
      digest: '',
    });

  it('are a few cards and a message of twenty lines for each twenty more, and nothing is left out', async () => {
    const ids = await burst(45);
    await say(20);
    const alone = night.slack.cards.map(({ view }) => view.incident);
    expect([alone.length, gathered().map((lines) => lines.length)]).toEqual([FEW, [20, 20, 2]]);
    expect([...alone, ...gathered().flat()].sort()).toEqual([...ids].sort());
  });

  it('keep no decided card waiting', async () => {
    const [first = ''] = await burst(10);
    await say(3);
    await night.run({ queue: 'scope', incident: first });
    await burst(20);
    await night.flow.store.transact(async (tx) => {
      await announce(night.flow, tx, first, { state: 'running' });
    });
    await night.intrude("update card set not_before = '-infinity' where ref is not null");
    night.slack.log.length = 0;
    await say(1);
    expect(night.slack.log).toEqual([`update ${first}`]);
  });

  it('stand in a message on which nothing can be decided', async () => {
    const ids = await burst(5);
    await say(6);
    const press = {
      card: { platform: 'slack', channel: 'slack-alerts', message: 'gathering-1' },
      incident: ids[4],
      digest: '',
    };
    expect(await night.press('dana', 'slack', 'purge', press)).toMatchObject({ code: 'wrong-place' });
  });

  it('come out as cards of their own, one by one, when somebody opens them', async () => {
    const ids = await burst(5);
    await say(6);
    expect(await open(ids[4] ?? '')).toEqual({ code: 'card-comes', incident: ids[4] });
    await say(1);
    expect(night.slack.cards.at(-1)?.view.incident).toBe(ids[4]);
    expect(await open(ids[4] ?? '')).toEqual({ code: 'card-is-here', incident: ids[4] });
    expect(night.slack.cards).toHaveLength(FEW + 1);
  });

  it('do not come out for a press from a place that is not their message', async () => {
    const ids = await burst(5);
    await say(6);
    expect(await open(ids[4] ?? '', 'gathering-9')).toMatchObject({ code: 'unknown-button' });
    await say(1);
    expect(night.slack.cards).toHaveLength(FEW);
  });

  it('come out by themselves when people are to be called to them', async () => {
    const ids = await burst(5);
    await say(6);
    await night.run({ queue: 'nudge', incident: ids[4] ?? '', platform: 'slack', step: 0 });
    await say(1);
    expect(night.slack.cards.at(-1)?.view.incident).toBe(ids[4]);
  });

  it('are on record with the message that they stand in', async () => {
    const ids = await burst(5);
    await say(6);
    const [entry] = (await night.entries()).filter(({ type }) => type === 'cards.gathered');
    expect(entry?.detail).toMatchObject({ count: 2, incidents: [ids[3], ids[4]], message: 'gathering-1' });
  });
});
