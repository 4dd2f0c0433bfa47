import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FILES_PER_HOUR, type FileTrouble } from '../../src/core/find/offered-file.ts';
import { ofType } from '../../src/core/record/ledger.ts';
import type { ChatUser, OfferedFile, ReportCall } from '../../src/ports/desk.ts';
import { answered, runStarted, voteCounted } from '../support/answered.ts';
import { type Night, PEOPLE, startNight, TENANT } from '../support/desk-of-the-night.ts';
import { ACCOUNT } from '../support/fake-chat-people.ts';
import { mail as mailFile } from '../support/mails.ts';
import { guid, inSlack, inTeams, joins, MINUTE, slackUser, storyteller } from './telling.ts';

/** Somebody reports the mail in a message: it is looked for, others decide, and what the mail says decides nothing. */

let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());
beforeEach(() => {
  night.clock.now += 120 * MINUTE;
  night.directory.down = false;
});
const { press, cardsShow } = storyteller(() => night);

let serial = 0;
/** A mail that landed, and the file that somebody has saved of it. */
function landed(names: readonly string[], headers: Readonly<Record<string, string>> = {}) {
  const id = `<reported-${++serial}@mailer.example>`;
  for (const name of names)
    night.mail.put(`${name}@contoso.example`, { internetMessageId: id, sender: 'billing@fabrikam.example' });
  return mailFile({ 'Message-ID': id, To: names.map((name) => `${name}@contoso.example`).join(', '), ...headers });
}

function file(
  bytes: Buffer,
  name = 'invoice.eml',
  trouble: FileTrouble | null = null,
): OfferedFile & { times: number } {
  const offered = {
    id: `F${++serial}`,
    name,
    trouble,
    times: 0,
    fetch: () => {
      offered.times += 1;
      return Promise.resolve({ bytes });
    },
  };
  return offered;
}

async function report(by: ChatUser, files: readonly OfferedFile[], place: Partial<ReportCall> = {}) {
  const call = { by, channel: 'C0TALK', message: `${++serial}.0001`, files, instead: 'attached', ...place } as const;
  return answered(await night.desk.report(call));
}
async function taken(by: ChatUser, files: readonly OfferedFile[], place: Partial<ReportCall> = {}) {
  const said = await report(by, files, place);
  const became = said.code === 'reported' ? said.files[0]?.became : null;
  if (became?.is !== 'taken') throw new Error(`not taken in: ${JSON.stringify(said)}`);
  return became;
}
const alertOf = async (incident: string) =>
  (await night.flow.store.transact((tx) => tx.incidents.get(incident)))?.alert;
const about = async (incident: string) =>
  (await night.entries(incident))
    .filter(ofType('report.taken'))
    .map(({ actor, outcome, detail }) => [actor.kind, actor.id, outcome, detail.name, detail.proven]);

describe('somebody who is linked', () => {
  it('reports a mail from a message, two others approve, and it is gone', async () => {
    const bytes = landed(['ann', 'bob']);
    const { incident, joined, again } = await taken(inSlack('dana'), [file(bytes)]);
    expect([joined, again]).toEqual([false, false]);
    await cardsShow(incident, 'its list', ({ digest }) => digest !== '');
    expect(await press(incident, inSlack('dana'), 'purge')).toEqual({ code: 'requester' });
    expect(await press(incident, inSlack('omar'), 'purge')).toMatchObject(voteCounted(1, 2));
    expect(await press(incident, inTeams('lena'), 'purge')).toMatchObject(runStarted('purge', 2));
    await night.until('it is gone', async () => (await night.stands(incident)) === 'purged');
    expect(await about(incident)).toEqual([['person', PEOPLE.dana.entraId, 'made', 'invoice.eml', true]]);
    expect(await alertOf(incident)).toMatchObject({
      from: { name: 'chat-report', kind: 'report' },
      source: 'report in Slack',
      reporter: { entraId: PEOPLE.dana.entraId },
    });
    expect(await night.ledgerFault()).toBeNull();
  });

  it('presses twice, and it is one report', async () => {
    const one = file(landed(['ann']));
    const place = { message: 'twice' };
    const first = await taken(inSlack('dana'), [one], place);
    expect(await taken(inSlack('dana'), [one], place)).toEqual({ ...first, again: true });
    expect(await about(first.incident)).toHaveLength(1);
  });

  it('reports what somebody else has reported: both have, and neither decides', async () => {
    const one = file(landed(['ann', 'bob']));
    const place = { message: 'both' };
    const first = await taken(inSlack('dana'), [one], place);
    expect(await taken(inTeams('lena'), [one], place)).toEqual({ ...first, joined: true });
    await cardsShow(first.incident, 'its list', ({ digest }) => digest !== '');
    expect(await press(first.incident, inSlack('dana'), 'purge')).toEqual({ code: 'requester' });
    expect(await press(first.incident, inTeams('lena'), 'purge')).toEqual({ code: 'requester' });
  });

  it('is looked for in the own mailbox as well, whomever the mail names', async () => {
    const { incident } = await taken(inSlack('omar'), [file(landed(['ann']))]);
    expect((await alertOf(incident))?.recipients).toEqual([PEOPLE.omar.address, 'ann@contoso.example']);
  });

  it('needs no role for that, and gets none', async () => {
    const { incident } = await taken(joins(night, 41), [file(landed(['ann', 'bob']))]);
    expect((await about(incident))[0]?.slice(0, 2)).toEqual(['person', guid(41)]);
    await cardsShow(incident, 'its list', ({ digest }) => digest !== '');
    expect(await press(incident, joins(night, 41), 'purge')).toMatchObject({ code: 'unknown-person' });
  });
});

describe('a mail that names the approvers', () => {
  it('as its recipients takes no vote from them', async () => {
    const everybody = Object.values(PEOPLE).map(({ address }) => address);
    const bytes = landed(['ann', 'bob'], { Cc: everybody.join(', '), 'Delivered-To': everybody[0] ?? '' });
    const { incident } = await taken(joins(night, 42), [file(bytes)]);
    await cardsShow(incident, 'its list', ({ digest }) => digest !== '');
    expect((await alertOf(incident))?.received).toEqual([]);
    expect(await press(incident, inSlack('dana'), 'purge')).toMatchObject(voteCounted(1, 2));
  });

  it('as those who reported it takes no vote from them', async () => {
    const bytes = landed(['ann', 'bob'], {
      'Resent-From': PEOPLE.dana.address,
      'X-MS-Exchange-Organization-AuthAs': 'Internal',
    });
    const { incident } = await taken(joins(night, 43), [file(bytes)]);
    await cardsShow(incident, 'its list', ({ digest }) => digest !== '');
    expect(await press(incident, inSlack('dana'), 'purge')).toMatchObject(voteCounted(1, 2));
  });
});

describe('somebody whom nobody can tell', () => {
  it('may report, and is told that it is not proven', async () => {
    night.slackPeople.accounts.set('U0NEW', { ...ACCOUNT, address: PEOPLE.omar.address });
    const said = await report(slackUser('U0NEW', 'New <here>'), [file(landed(['ann', 'bob']))]);
    expect(said).toMatchObject({ code: 'reported', unproven: true });
    const incident =
      said.code === 'reported' && said.files[0]?.became.is === 'taken' ? said.files[0].became.incident : '';
    const alert = await alertOf(incident);
    expect(alert?.reporter).toEqual({ entraId: null, address: PEOPLE.omar.address, unproven: true });
    expect(alert?.findings[0]).toMatch(/^Reported in Slack by New <here>\. Nothing proves which person that is/);
    expect(await about(incident)).toEqual([['stranger', 'slack:U0NEW', 'made', 'invoice.eml', false]]);
    await cardsShow(incident, 'its list', ({ digest }) => digest !== '');
    expect(await press(incident, inSlack('omar'), 'purge')).toMatchObject(voteCounted(1, 2));
  });

  it.each([
    ['a guest', { guest: true }, 'guest', 'guest'],
    ['somebody of another workspace', { stranger: true }, 'outsider', 'outsider'],
    ['a bot', { bot: true }, 'bot', 'bot'],
    ['an account that is deactivated', { active: false }, 'deactivated', 'deactivated'],
  ])('%s reports nothing, and nothing is fetched', async (_who, change, why, outcome) => {
    night.slackPeople.accounts.set('U0ODD', { ...ACCOUNT, ...change });
    const one = file(landed(['ann']));
    expect(await report(slackUser('U0ODD'), [one])).toEqual({ code: 'report-not-taken', why });
    expect(one.times).toBe(0);
    const last = (await night.entries()).filter(ofType('report.refused')).at(-1);
    expect([last?.actor.id, last?.outcome, last?.detail.name]).toEqual(['slack:U0ODD', outcome, null]);
  });

  it('nor does a guest of the tenant in Teams, or somebody of another tenant', async () => {
    const guest = { id: guid(44), name: 'Gus', addresses: ['gus@fabrikam.example'], enabled: true, guest: true };
    night.directory.people.set(guest.id, guest);
    const one = file(landed(['ann']));
    const by = { platform: 'teams', id: guest.id, home: TENANT, name: 'Gus' };
    expect(await report(by, [one])).toEqual({ code: 'report-not-taken', why: 'guest' });
    expect(await report({ ...inTeams('lena'), home: guid(1) }, [one])).toEqual({
      code: 'report-not-taken',
      why: 'outsider',
    });
    expect(await report({ ...by, id: guid(45) }, [one])).toEqual({ code: 'report-not-taken', why: 'nobody known' });
    expect(one.times).toBe(0);
  });

  it('is not taken for anybody while nobody can be asked', async () => {
    night.directory.down = true;
    expect(await report(inSlack('dana'), [file(landed(['ann']))])).toEqual({
      code: 'report-not-taken',
      why: 'not now',
    });
  });
});

describe('files', () => {
  it('each is one report, five at a time, and the others are counted', async () => {
    const mails = Array.from({ length: 7 }, (_none, n) => file(landed([`box${n}`]), `${n}.EML`));
    const said = await report(inSlack('dana'), [file(Buffer.from('png'), 'logo.png'), ...mails]);
    if (said.code !== 'reported') throw new Error(said.code);
    const incidents = said.files.map(({ became }) => (became.is === 'taken' ? became.incident : ''));
    expect([new Set(incidents).size, incidents.includes(''), said.left, said.others]).toEqual([5, false, 2, 1]);
    expect(mails.map(({ times }) => times)).toEqual([1, 1, 1, 1, 1, 0, 0]);
  });

  it('two of one mail are one incident', async () => {
    const bytes = landed(['ann']);
    const said = await report(inSlack('dana'), [file(bytes, 'a.eml'), file(bytes, 'b.eml')]);
    const became = said.code === 'reported' ? said.files.map((one) => one.became) : [];
    expect(became).toMatchObject([{ joined: false }, { joined: true }]);
  });

  it('of a message without a mail are not fetched', async () => {
    const picture = file(Buffer.from('x'), 'invoice.eml.exe');
    expect(await report(inSlack('dana'), [picture])).toEqual({ code: 'report-has-no-file', instead: 'attached' });
    expect(await report(inSlack('dana'), [])).toEqual({ code: 'report-has-no-file', instead: 'attached' });
    expect(picture.times).toBe(0);
  });

  it.each([
    ['a web page', Buffer.from('<html><body>From: me</body></html>'), 'it has none of the usual headers'],
    ['an archive', Buffer.from('504b0304140000000800', 'hex'), 'it has none of the usual headers'],
    ['nothing', Buffer.alloc(0), 'the file is empty'],
    ['a damaged Outlook file', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2_000)]), 'damaged'],
  ])('named a mail that are %s are no mail, and the others are taken in', async (_what, bytes, words) => {
    const said = await report(inSlack('dana'), [file(bytes), file(landed(['ann']), 'good.eml')]);
    const became = said.code === 'reported' ? said.files.map((one) => one.became) : [];
    expect(became).toMatchObject([{ is: 'not taken', why: 'no mail' }, { is: 'taken' }]);
    const last = (await night.entries()).filter(ofType('report.refused')).at(-1);
    expect([last?.outcome, last?.detail.note]).toEqual(['no mail', expect.stringContaining(words)]);
  });

  it('that the chat does not hand out are told with the reason, and recorded', async () => {
    const gone = { ...file(Buffer.alloc(0)), fetch: () => Promise.resolve({ trouble: 'deleted' } as const) };
    expect(await report(inSlack('dana'), [gone])).toMatchObject({ files: [{ became: { why: 'deleted' } }] });
    expect((await night.entries()).filter(ofType('report.refused')).at(-1)?.outcome).toBe('deleted');
    const beyond = file(Buffer.alloc(0), 'x.eml', 'out of reach');
    expect(await report(inTeams('lena'), [beyond])).toMatchObject({ files: [{ became: { why: 'out of reach' } }] });
    expect(beyond.times).toBe(0);
    const last = (await night.entries()).filter(ofType('report.refused')).at(-1);
    expect([last?.actor.id, last?.outcome, last?.detail.name]).toEqual([PEOPLE.lena.entraId, 'out of reach', 'x.eml']);
  });

  it('are so many an hour for one person, over both chats', async () => {
    const by = [inSlack('omar'), inTeams('omar')];
    const bytes = landed(['ann']);
    const many = Array.from({ length: FILES_PER_HOUR + 1 }, () => file(bytes));
    const told: string[] = [];
    for (const [n, one] of many.entries()) {
      const said = await report(by[n % 2] ?? inSlack('omar'), [one]);
      const became = said.code === 'reported' ? said.files[0]?.became : null;
      told.push(became?.is === 'not taken' ? became.why : 'taken');
    }
    expect([new Set(told.slice(0, -1)), told.at(-1)]).toEqual([new Set(['taken']), 'too many']);
    expect(many.at(-1)?.times).toBe(0);
    const refused = async () => (await night.entries()).filter(ofType('report.refused')).length;
    const before = await refused();
    const beyond = file(Buffer.alloc(0), 'x.eml', 'out of reach');
    expect(await report(inSlack('omar'), [beyond])).toMatchObject({ files: [{ became: { why: 'out of reach' } }] });
    expect(await refused()).toBe(before);
    expect((await taken(inSlack('dana'), [file(bytes)])).joined).toBe(true);
    night.clock.now += 60 * MINUTE;
    expect((await taken(inSlack('omar'), [file(bytes)])).joined).toBe(true);
  });
});
