import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Source } from '../../src/core/find/source.ts';
import type { PrivateWords, SentWords } from '../../src/ports/private-words.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { SOURCE } from '../support/source.ts';
import { guid, inSlack, inTeams, joins, links, MINUTE, storyteller } from './telling.ts';

/** Whoever reported a mail is told in a chat how it ended: once for each end, and nobody who has not reported. */
let night: Night;
let said: { readonly platform: string; readonly account: string; readonly words: string }[];
let answers: (SentWords | 'crash')[];

const chat = (platform: string): PrivateWords => ({
  platform,
  send(account, lines) {
    said.push({ platform, account, words: lines.join(' ') });
    const next = answers.shift() ?? { is: 'sent' };
    return next === 'crash' ? Promise.reject(new Error('the process was killed')) : Promise.resolve(next);
  },
});

const TO_REPORTERS = { of: new Set(['test']), chats: [chat('slack'), chat('teams')] };

beforeAll(async () => {
  night = await startNight({ intruded: true });
  Object.assign(night.flow, { toReporters: TO_REPORTERS });
  // Emma has Teams alone, Rita a linked account in Slack as well.
  joins(night, 1);
  joins(night, 2, 'U0RITA');
  await links(night, 'U0RITA', guid(2));
});
afterAll(() => night.close());
beforeEach(() => {
  night.clock.now += 600 * MINUTE;
  [said, answers] = [[], []];
});
const { lands, press, entries, becomes } = storyteller(() => night);

const EMMA = { entraId: guid(1), address: null };
const RITA = { entraId: null, address: 'person2@contoso.example' };
const reported = (change: Record<string, unknown> = {}) =>
  lands(['ann', 'bob'], { id: randomUUID(), reporter: EMMA, ...change });
const rejected = (id: string) => press(id, inSlack('dana'), 'reject', { reason: 'a newsletter' });
/** It has ended, and nobody was told of it yet. */
async function ended(): Promise<string> {
  Object.assign(night.flow, { toReporters: undefined });
  const { id } = await reported();
  await rejected(id);
  Object.assign(night.flow, { toReporters: TO_REPORTERS });
  return id;
}
const outcomes = async (id: string) => (await entries(id, 'reporter.told')).map(({ outcome }) => outcome);
const hears = (id: string, n = 1) => night.until('a reporter hears', async () => (await outcomes(id)).length >= n);
async function again(id: string, nth: number): Promise<void> {
  night.clock.now += 600 * MINUTE;
  await night.run({ queue: 'reporter', incident: id, nth });
}

describe('whoever reported a mail', () => {
  it('that was purged is told what was seen, in the chat in which they have an account', async () => {
    const { id } = await reported();
    await press(id, inSlack('dana'), 'purge');
    await press(id, inTeams('omar'), 'purge');
    await becomes(id, 'purged');
    await hears(id);
    const words =
      'The mail “Invoice overdue”, which you reported or asked about, was looked at. It was malicious and has been taken out of mailboxes: 2 copies of it, each seen gone. Thank you for telling.';
    expect(said).toEqual([{ platform: 'teams', account: guid(1), words }]);
    const [intended] = await entries(id, 'reporter.intended');
    expect([intended?.detail, await outcomes(id)]).toMatchObject([
      { person: guid(1), end: 'removed', words },
      ['told'],
    ]);
  });

  it('that people found harmless is told so', async () => {
    const { id } = await reported();
    await rejected(id);
    await hears(id);
    expect(said.map(({ words }) => words)).toEqual([
      expect.stringContaining('found it harmless. Nothing was removed.'),
    ]);
  });

  it('by mail is found by their address, in the chat that they have linked', async () => {
    const { id } = await reported({ reporter: RITA });
    await rejected(id);
    await hears(id);
    expect(said.map(({ platform, account }) => [platform, account])).toEqual([['slack', 'U0RITA']]);
  });

  it('is told each end once, however often it is asked for', async () => {
    const { id } = await reported();
    await rejected(id);
    await hears(id);
    await again(id, 0);
    await again(id, 1);
    expect([said.length, await outcomes(id)]).toEqual([1, ['told']]);
  });

  it('after it was closed is told as those before, who are not told again', async () => {
    const told = await reported();
    await rejected(told.id);
    await hears(told.id);
    const more = { message: { ...told.mail, subject: 'Invoice overdue' }, id: randomUUID(), reporter: RITA };
    expect(await night.alert(more, randomUUID())).toBe(told.id);
    await hears(told.id, 2);
    expect(said.map(({ account, words }) => [account, words.includes('found it harmless')])).toEqual([
      [guid(1), true],
      ['U0RITA', true],
    ]);
  });

  it('with others is told as each of them is', async () => {
    const told = await reported();
    await night.alert(
      { message: { ...told.mail, subject: 'Invoice overdue' }, id: randomUUID(), reporter: RITA },
      randomUUID(),
    );
    await rejected(told.id);
    await hears(told.id, 2);
    expect(said.map(({ account }) => account).toSorted()).toEqual([guid(1), 'U0RITA']);
  });
});

describe('nobody is told', () => {
  const quiet = async (id: string) => {
    await rejected(id);
    await again(id, 0);
    return said;
  };

  it('whom an alert only names', async () => {
    const { id } = await reported({ reporter: { ...EMMA, unproven: true } });
    expect(await quiet(id)).toEqual([]);
  });

  it('whom a source names that is not set up for it', async () => {
    const other: Source = { ...SOURCE, name: 'other' };
    const message = {
      internetMessageId: `<${randomUUID()}@mailer.example>`,
      sender: 'b@fabrikam.example',
      subject: 'x',
    };
    const id = await night.alert({ message, id: randomUUID(), reporter: EMMA }, undefined, other);
    await becomes(id, 'open');
    expect(await quiet(id)).toEqual([]);
  });

  it('who has asked for a search, and sees how it goes on', async () => {
    const requester = { entraId: PEOPLE.lena.entraId, address: null };
    const { id } = await reported({ reporter: null, requester });
    expect(await quiet(id)).toEqual([]);
  });

  it.each([
    ['who is not in the directory', { entraId: guid(99), address: null }],
    ['whose address nobody has', { entraId: null, address: 'nobody@contoso.example' }],
  ])('%s', async (_name, reporter) => {
    const { id } = await reported({ reporter });
    expect(await quiet(id)).toEqual([]);
  });

  it('who has left, or is a guest', async () => {
    for (const change of [{ enabled: false }, { guest: true }]) {
      const person = { id: guid(7), name: 'Gone', addresses: [], enabled: true, guest: false, ...change };
      night.directory.people.set(guid(7), person);
      const { id } = await reported({ reporter: { entraId: guid(7), address: null } });
      expect(await quiet(id)).toEqual([]);
    }
  });

  it('where somebody who has the database wrote another name beside the mail', async () => {
    const id = await ended();
    const forged = JSON.stringify([{ entraId: PEOPLE.omar.entraId, address: null }]);
    await night.intrude('update incident set askers = $1 where id = $2', forged, id);
    await again(id, 0);
    expect([said, (await entries(id, 'integrity.broken')).length]).toEqual([[], 1]);
  });
});

describe('trouble', () => {
  it('that passes is tried again, and within limits', async () => {
    const { id } = await reported();
    const busy: SentWords = { is: 'not sent', why: 'Slack asks to wait', againMs: 1_000 };
    answers = [busy, busy];
    await rejected(id);
    await hears(id);
    await again(id, 1);
    await again(id, 2);
    expect([said.length, await outcomes(id)]).toEqual([3, ['waits', 'waits', 'told']]);
  });

  it('that does not pass is told in the record, once', async () => {
    const { id } = await reported();
    answers = [{ is: 'not sent', why: 'the app is not installed for them', againMs: null }];
    await rejected(id);
    await hears(id);
    await again(id, 1);
    const [told] = await entries(id, 'reporter.told');
    expect([said.length, told?.outcome, told?.detail.note]).toEqual([
      1,
      'nothing',
      'the app is not installed for them',
    ]);
  });

  it('of which nobody knows whether it arrived is not said again', async () => {
    const { id } = await reported();
    answers = [{ is: 'not known', why: 'the answer was lost' }];
    await rejected(id);
    await hears(id);
    await again(id, 1);
    expect([said.length, await outcomes(id)]).toEqual([1, ['not known']]);
  });

  it('after a crash it may have arrived: that is put down, and it is not said again', async () => {
    const { id } = await reported();
    answers = ['crash'];
    await rejected(id);
    await night.until('it was said', () => said.length === 1);
    await again(id, 0);
    expect([said.length, await outcomes(id)]).toEqual([1, ['not known']]);
  });

  it('while the directory says nothing they are told later', async () => {
    const id = await ended();
    night.directory.down = true;
    await again(id, 0);
    expect(said).toEqual([]);
    night.directory.down = false;
    await again(id, 1);
    expect(await outcomes(id)).toEqual(['told']);
  });
});
