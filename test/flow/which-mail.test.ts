import { beforeEach, describe, expect, it } from 'vitest';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { createFakeMail, SUBJECT } from '../support/fake-mail.ts';
import { SOURCE } from '../support/source.ts';
import { BOSS, ID, lee, mailsAlike, UNKNOWN } from './mails-alike.ts';

/** Which mail an alert means: what an attacker writes into a mail decides nothing, and people see what is not proven. */

const NETWORK = '33333333-0000-4000-8000-00000000000a';
const OTHER = '33333333-0000-4000-8000-00000000000b';
const DIRECTORY_NAME = '/O=EXCHANGELABS/OU=ADMINISTRATIVE GROUP/CN=RECIPIENTS/CN=0001-BOSS';

let world: World;
const { lands, alerted, cardOf, press, gone, warnings } = mailsAlike(() => world);
beforeEach(async () => {
  world = createWorld();
  await world.govern(POLICIES[2] as (typeof POLICIES)[number]);
});

describe('a mail that repeats Message-ID and sender of a good one', () => {
  it('does not take the good one with it, and the card shows what is like it', async () => {
    const [good, bad] = [lands('ann', { subject: 'All-hands on Friday' }), lands('bob')];
    const incident = await alerted();
    await press(lee, 'purge', incident);
    expect(gone(good, bad)).toEqual([false, true]);
    expect(cardOf(incident).view.unsure).toMatchObject([
      { text: expect.stringContaining('1 message in 1 mailbox, another subject: “All-hands on Friday” from boss') },
    ]);
  });

  it('whose alert names no subject purges nothing at all', async () => {
    const good = lands('ann');
    const incident = await alerted({ subject: null });
    expect([cardOf(incident).view.canPurge, await press(lee, 'purge', incident)]).toEqual([
      false,
      { code: 'too-late', stands: 'open' },
    ]);
    expect(gone(good)).toEqual([false]);
  });

  it('cannot be told from the good one where all three headers are alike, days apart: people say which', async () => {
    const old = world.mail.put('ann@contoso.example', { internetMessageId: ID, sender: BOSS, subject: SUBJECT });
    Object.assign(old, { receivedAt: '2026-11-11T08:00:00Z' });
    const fresh = lands('bob');
    const incident = await alerted();
    const { view } = cardOf(incident);
    expect([view.canPurge, view.unsure.length]).toEqual([false, 2]);
    const newer = view.unsure.findIndex(({ text }) => text.includes('20 Nov'));
    await press(lee, 'take-in', incident, newer);
    await press(lee, 'purge', incident);
    expect(gone(old, fresh)).toEqual([false, true]);
  });
});

describe('a group that is taken in', () => {
  it('makes a new list with its own digest, which needs approvals of its own', async () => {
    const [alike, copy] = [lands('ann', { subject: 'RE: Invoice overdue' }), lands('bob')];
    const incident = await alerted();
    const before = cardOf(incident).view.digest;
    const answer = await press(lee, 'take-in', incident);
    const after = cardOf(incident).view;
    expect([answer, after.digest === before, after.reach]).toEqual([
      expect.objectContaining({ code: 'taken-in', messages: 1 }),
      false,
      expect.stringContaining('2 copies in 2 mailboxes'),
    ]);
    expect(gone(alike, copy)).toEqual([false, false]);
    await press(lee, 'purge', incident);
    expect(gone(alike, copy)).toEqual([true, true]);
  });

  it('is in the record with the person who did it', async () => {
    lands('ann', { subject: 'RE: Invoice overdue' });
    const incident = await alerted();
    await press(lee, 'take-in', incident);
    const [entry] = world.memory.entries().filter(({ type }) => type === 'group.taken-in');
    expect(entry).toMatchObject({ incident, actor: { id: lee.entraId }, detail: { differences: ['subject'] } });
  });

  it('takes in nothing by a number that the card does not have', async () => {
    const alike = lands('ann', { subject: 'RE: Invoice overdue' });
    const incident = await alerted();
    const before = cardOf(incident).view.digest;
    await press(lee, 'take-in', incident, 7);
    expect([cardOf(incident).view.digest, gone(alike)]).toEqual([before, [false]]);
  });

  it('can still be undone once it was purged', async () => {
    const alike = lands('ann', { subject: 'RE: Invoice overdue', sender: DIRECTORY_NAME });
    const incident = await alerted();
    await press(lee, 'take-in', incident);
    await press(lee, 'purge', incident);
    expect(gone(alike)).toEqual([true]);
    await press(lee, 'undo', incident);
    expect(gone(alike)).toEqual([false]);
  });
});

describe('a network id', () => {
  it('that a trusted source names identifies an internal mail whose sender is a directory name', async () => {
    const copy = lands('ann', { sender: DIRECTORY_NAME, networkMessageId: NETWORK });
    const incident = await alerted({ networkMessageId: NETWORK }, SOURCE);
    await press(lee, 'purge', incident);
    expect(gone(copy)).toEqual([true]);
  });

  it('that anybody wrote into a file only says where to look', async () => {
    const good = lands('ann', { subject: 'All-hands on Friday', networkMessageId: NETWORK });
    const incident = await alerted({ networkMessageId: NETWORK });
    await press(lee, 'purge', incident);
    expect([gone(good), cardOf(incident).view.canPurge]).toEqual([[false], false]);
  });

  it('of a copy that agrees in all headers shows another form of the same mail', async () => {
    const copies = [
      lands('ann', { networkMessageId: NETWORK }),
      lands('bob', { sender: DIRECTORY_NAME, networkMessageId: NETWORK }),
    ];
    const incident = await alerted();
    await press(lee, 'purge', incident);
    expect(gone(...copies)).toEqual([true, true]);
  });

  it('tells another delivery with the same headers apart', async () => {
    const [copy, other] = [lands('ann', { networkMessageId: NETWORK }), lands('bob', { networkMessageId: OTHER })];
    const incident = await alerted({ networkMessageId: NETWORK }, SOURCE);
    await press(lee, 'purge', incident);
    expect(gone(copy, other)).toEqual([true, false]);
    expect(cardOf(incident).view.unsure[0]?.text).toContain('another delivery');
  });

  it('finds a mail whose Message-ID cannot be used, through tracking', async () => {
    world = createWorld(undefined, createFakeMail({ hunting: 'delivered' }));
    await world.govern(POLICIES[2] as (typeof POLICIES)[number]);
    const copy = lands('cas', { networkMessageId: NETWORK });
    const incident = await alerted({ internetMessageId: null, networkMessageId: NETWORK }, SOURCE);
    await press(lee, 'purge', incident);
    expect(gone(copy)).toEqual([true]);
  });

  it('without which and without a Message-ID nothing can be searched, and the card says why', async () => {
    const incident = await alerted({ internetMessageId: null });
    expect(cardOf(incident).view.status).toContain('cannot be searched, because the mail has no usable Message-ID');
  });
});

describe('an alert about an incident that is closed', () => {
  const rejected = async () => {
    const copy = lands('ann');
    const incident = await alerted({}, { ...UNKNOWN, name: 'desk' }, { verdict: 'suspicious', severity: 'low' });
    await press(lee, 'reject', incident);
    return { copy, incident };
  };

  it('is news when a detector calls it worse: the harmless report does not swallow the attack', async () => {
    const { copy, incident } = await rejected();
    const again = await alerted({}, SOURCE, { verdict: 'malware', severity: 'critical' });
    expect([again === incident, warnings(again)]).toEqual([
      false,
      expect.arrayContaining([expect.stringContaining(`Follows ${incident}`)]),
    ]);
    await press(lee, 'purge', again);
    expect(gone(copy)).toEqual([true]);
  });

  it('opens it anew once, however often it is told', async () => {
    await rejected();
    const told = [];
    for (const name of ['defender', 'sublime', 'defender'])
      told.push(await alerted({}, { ...SOURCE, name }, { verdict: 'malware', severity: 'critical' }));
    expect(new Set(told).size).toBe(1);
  });

  it('is a count where it says the same again', async () => {
    const { incident } = await rejected();
    expect(await alerted({}, { ...UNKNOWN, name: 'desk' }, { verdict: 'suspicious', severity: 'low' })).toBe(incident);
  });

  it('is news where it speaks of another delivery', async () => {
    lands('ann', { networkMessageId: NETWORK });
    const incident = await alerted({ networkMessageId: NETWORK }, SOURCE);
    await press(lee, 'reject', incident);
    const later = lands('bob', { networkMessageId: OTHER });
    const again = await alerted({ networkMessageId: OTHER }, SOURCE);
    await press(lee, 'purge', again);
    expect([again === incident, gone(later)]).toEqual([false, [true]]);
  });
});

describe('copies that two incidents speak of', () => {
  const two = async () => {
    const copy = lands('ann', { networkMessageId: NETWORK });
    const first = await alerted();
    // By its subject another mail; people say that it is this one.
    const second = await alerted({ subject: `RE: ${SUBJECT}` });
    await press(lee, 'take-in', second);
    return { copy, first, second };
  };

  it('are open on both cards, and each says so', async () => {
    const { first, second } = await two();
    const words = (other: string) => expect.stringContaining(`by the id that Exchange gave it: ${other}.`);
    expect(warnings(first)).toContainEqual(words(second));
    expect(warnings(second)).toContainEqual(words(first));
  });

  it('are told on the other card when one of them removes them', async () => {
    const { first, second } = await two();
    expect(first).not.toBe(second);
    await press(lee, 'purge', first);
    expect(warnings(second)).toContainEqual(
      expect.stringMatching(new RegExp(`^1 copy of this list was removed by ${first}`)),
    );
  });

  it('and when an undo of one brings back what the other had removed, its card does not say that it is gone', async () => {
    const { copy, first, second } = await two();
    await press(lee, 'purge', first);
    world.pass(1);
    await press(lee, 'purge', second);
    world.pass(1);
    await press(lee, 'undo', first);
    expect(gone(copy)).toEqual([false]);
    expect(warnings(second)).toContainEqual(expect.stringContaining(`put back by ${first}`));
  });
});
