import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { digestOf, seal } from '../../src/adapters/store/ledger.ts';
import { sweep } from '../../src/flow/sweep.ts';
import { type Night, PEOPLE, startNight, TENANT } from '../support/desk-of-the-night.ts';
import { ACCOUNT } from '../support/fake-chat-people.ts';
import { intruder, POLICY } from './intruder.ts';
import { inSlack, inTeams, links, slackUser, storyteller } from './telling.ts';

/** Plans, policies, votes, links and entries that somebody has changed in the database: nothing is decided by them. */

const guest = '99999999-0000-4000-8000-000000000009';

let night: Night;
const { report, press, stands, entries } = storyteller(() => night);
const { open, draw, edit, editPlan, editRows, carryOut, approve, victim, expectNothingRan } = intruder(() => night);
beforeAll(async () => {
  night = await startNight({ workers: false, intruded: true, policy: POLICY });
});
afterAll(() => night.close());
afterEach(() => {
  night.mail.effects.length = 0;
  night.mail.trouble.length = 0;
});

describe('a plan that was changed', () => {
  it('by a row more removes nothing, and says so once', async () => {
    const { id, digest } = await open();
    const other = victim();
    const [row] = await night.intrude(
      `select content from plan_row where plan = $1 and kind = 'target' and place = 0`,
      digest,
    );
    const target = { kind: 'copy', owner: other.mailbox, id: other.message };
    const copy = { ...JSON.parse(String(row?.['content'])), address: other.address, target };
    await night.intrude(
      `insert into plan_row select tenant, plan, kind, place + 1, salt, $2 from plan_row
        where plan = $1 and kind = 'target' order by place desc limit 1`,
      digest,
      seal.canonical(copy),
    );
    for (const said of await approve(id)) expect(said).toMatchObject({ code: 'tampered' });
    expect(await press(id, inTeams('lena'), 'reject', { reason: 'fine' })).toMatchObject({ code: 'tampered' });
    await expectNothingRan(id, 'is not as it was made');
    expect(await stands(id)).toBe('open');
  });

  it.each([
    ['a row less', `delete from plan_row where plan = $1 and kind = 'target' and place = 1`],
    ['rows in another order', `update plan_row set place = 3 - place where plan = $1 and kind = 'recipient'`],
    ['somebody less who received it', `delete from plan_row where plan = $1 and kind = 'recipient'`],
    ['another salt', `update plan_row set salt = repeat('0', 32) where plan = $1 and kind = 'address'`],
  ])('by %s removes nothing', async (_what, statement) => {
    const { id, digest } = await open();
    await night.intrude(statement, digest);
    await approve(id);
    await expectNothingRan(id, 'is not as it was made');
    expect((await night.audit()).differences.join('\n')).toContain(`${id}: plan`);
  });

  it('beyond reading still leaves a card that says so', async () => {
    const { id, digest } = await open();
    await editPlan(digest, () => '{"copies":[null]}');
    await approve(id);
    await expectNothingRan(id, 'is not as it was made');
  });

  it('together with its digest, everywhere but in the record, removes nothing', async () => {
    const { id, digest } = await open();
    const [row] = await night.intrude('select body from plan where digest = $1', digest);
    const { rows: _, ...rest } = JSON.parse(String(row?.['body']));
    const plan = { ...rest, rows: {} };
    const forged = digestOf(plan);
    await night.intrude('insert into plan values ($1, $2, $3, $4)', TENANT, forged, id, seal.canonical(plan));
    await night.intrude('update incident set plan_digest = $2, revision = revision + 1 where id = $1', id, forged);
    await draw(id);
    await approve(id);
    await expectNothingRan(id, 'the record knows no plan');
  });

  it('so that one person is enough lets nobody decide', async () => {
    const { id, digest } = await open();
    await editPlan(digest, (text) => text.replaceAll('"count":2', '"count":1'));
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject({ code: 'tampered' });
    await expectNothingRan(id, 'is not as it was made');
  });

  it('back to an older one does not revive its votes', async () => {
    const { id, digest } = await open();
    await press(id, inSlack('dana'), 'purge');
    night.clock.now += 2 * 3_600_000;
    await sweep(night.flow, 'later');
    await draw(id);
    await press(id, inTeams('lena'), 'reopen');
    await night.run({ queue: 'scope', incident: id });
    await night.intrude('update incident set plan_digest = $2, revision = revision + 1 where id = $1', id, digest);
    await draw(id);
    expect(await press(id, inTeams('omar'), 'purge')).toMatchObject({ code: 'tampered' });
    await expectNothingRan(id, 'is not the newest plan');
  });

  it('while a containment waits is not rolled back when the time is over, and no timer comes again', async () => {
    const { id, digest } = await open({ severity: 'critical' });
    await carryOut(id);
    expect(await stands(id)).toBe('contained');
    night.mail.effects.length = 0;
    await editRows(digest, 'target', '"isRead":false', '"isRead":true');
    night.clock.now += 3 * 3_600_000;
    await sweep(night.flow, 'later');
    await expectNothingRan(id, 'is not as it was made');
    const waiting = await night.flow.store.transact((tx) =>
      tx.incidents.unfinished('2099-01-01T00:00:00.000Z', '2099'),
    );
    expect(waiting.map((one) => one.id)).not.toContain(id);
  });
});

describe('other rows that were changed', () => {
  it('a policy: nobody decides under it', async () => {
    const { id } = await open();
    const digest = night.flow.policy().digest;
    await edit('policy_version', 'body', 'digest', digest, (text) => text.replace(PEOPLE.lena.entraId, guest));
    try {
      expect(await press(id, inSlack('dana'), 'purge')).toMatchObject({ code: 'tampered' });
    } finally {
      await edit('policy_version', 'body', 'digest', digest, (text) => text.replace(guest, PEOPLE.lena.entraId));
    }
    await expectNothingRan(id, 'is not as it was adopted');
  });

  it('a decision that nobody made does not count', async () => {
    const { id } = await open();
    await press(id, inSlack('dana'), 'purge');
    await night.intrude(
      `insert into decision (tenant, incident, plan_digest, action, person, name, platform, at, roles)
       select tenant, incident, plan_digest, action, $2, 'Lena', 'teams', at, roles from decision where incident = $1`,
      id,
      PEOPLE.lena.entraId,
    );
    expect(await press(id, inTeams('omar'), 'purge')).toMatchObject({ code: 'tampered' });
    await expectNothingRan(id, 'is not in the record');
  });

  it.each([
    ['the roles of a decision', `update decision set roles = '["approver","lead"]' where incident = $1`],
    ['the time of a decision', `update decision set at = '2099-01-01T00:00:00.000Z' where incident = $1`],
    ['the chat of a decision', `update decision set platform = 'teams' where incident = $1`],
    ['the account of a decision', `update decision set account = '' where incident = $1`],
    ['the name of a decision', `update decision set name = 'Boss' where incident = $1`],
    ['the time of a decision, to earlier', `update decision set at = '2020-01-01T00:00:00.000Z' where incident = $1`],
    ['the sign-in of a decision', `update decision set sign_in = '{"context":"c1","at":"x"}' where incident = $1`],
  ])('%s', async (_what, statement) => {
    const { id } = await open();
    await press(id, inSlack('dana'), 'purge');
    await night.intrude(statement, id);
    expect(await press(id, inTeams('omar'), 'purge')).toMatchObject({ code: 'tampered' });
    await expectNothingRan(id, 'differs from the record');
  });

  it('an incident that was closed and is called open again does not count its old votes', async () => {
    const { id } = await open();
    await press(id, inSlack('dana'), 'purge');
    await press(id, inTeams('lena'), 'reject', { reason: 'known sender' });
    await night.intrude(`update incident set state = 'open', revision = revision + 1 where id = $1`, id);
    await draw(id);
    expect(await press(id, inTeams('omar'), 'purge')).toMatchObject({ code: 'tampered' });
    await expectNothingRan(id, 'does not say that the incident is open');
  });

  it.each([
    ['closed', 'expired'],
    ['settled', 'purged'],
    ['received', 'received'],
    ['running', 'running'],
  ])('an open incident that is called %s is nobody’s to decide', async (state, situation) => {
    const { id } = await open();
    await night.intrude(`update incident set state = $2, revision = revision + 1 where id = $1`, id, state);
    await draw(id);
    expect(await press(id, inTeams('lena'), 'reopen')).toMatchObject({ code: 'tampered' });
    await expectNothingRan(id, `does not say that the incident is ${situation}`);
  });

  it.each([
    ['that it waits for longer', `update incident set asked_at = '2026-11-20T00:00:00.000Z' where id = $1`],
    ['that it waits for ever', `update incident set deadline = null where id = $1`],
    ['that it waits until 2099', `update incident set deadline = '2099-01-01T00:00:00.000Z' where id = $1`],
  ])('an incident whose row says %s asks nobody else', async (_what, statement) => {
    const { id } = await open();
    await night.intrude(statement, id);
    expect(await press(id, inTeams('lena'), 'purge')).toMatchObject({ code: 'tampered' });
    await expectNothingRan(id, 'until when it waits');
  });

  it('a containment is not rolled back because its row says that the time is over', async () => {
    const { id } = await open({ severity: 'critical' });
    await carryOut(id);
    night.mail.effects.length = 0;
    await night.intrude(`update incident set deadline = '2000-01-01T00:00:00.000Z' where id = $1`, id);
    await sweep(night.flow, 'later');
    await expectNothingRan(id, 'until when it waits');
  });

  it('an incident that lost its list is not decided without one', async () => {
    const { id } = await open();
    await night.intrude(`update incident set plan_digest = null, revision = revision + 1 where id = $1`, id);
    await draw(id);
    expect(await press(id, inTeams('lena'), 'reject', { reason: 'fine' })).toMatchObject({ code: 'tampered' });
    await expectNothingRan(id, 'is not the one of this incident');
  });

  it('a word that nobody gave before there was a list does not count', async () => {
    const { id } = await report();
    await draw(id);
    await night.intrude(
      `insert into decision (tenant, incident, plan_digest, action, person, name, platform, at, roles, account)
       values ($1, $2, '', 'reject', $3, 'Omar', 'teams', '2026-11-20T08:00:00.000Z', '["approver"]', $3)`,
      TENANT,
      id,
      PEOPLE.omar.entraId,
    );
    expect(await press(id, inTeams('lena'), 'reject', { reason: 'fine' })).toMatchObject({ code: 'tampered' });
  });

  it('an incident that the record knows no alert of is nobody’s to decide', async () => {
    const { id } = await open();
    await night.intrude(`update incident set parent = 'CB-0000' where id = $1`, id);
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject({ code: 'tampered' });
    await expectNothingRan(id, 'grew out of CB-0000');
  });

  it('a mark that was wiped off comes back with the next press, and is not recorded again', async () => {
    const { id, digest } = await open();
    await editPlan(digest, (text) => `${text} `);
    await press(id, inSlack('dana'), 'purge');
    await night.intrude('update incident set breach = null where id = $1', id);
    await editPlan(digest, (text) => text.trim());
    expect(await press(id, inTeams('omar'), 'purge')).toMatchObject({ code: 'tampered' });
    await expectNothingRan(id, 'is not as it was made');
  });
});

describe('a link that was changed', () => {
  it('to another person lets nobody press', async () => {
    const { id } = await open();
    night.slackPeople.accounts.set('U0MALLORY', ACCOUNT);
    await links(night, 'U0MALLORY', guest);
    await night.intrude(`update link set person = $1 where account = 'U0MALLORY'`, PEOPLE.lena.entraId);
    expect(await press(id, slackUser('U0MALLORY'), 'purge')).toMatchObject({ code: 'tampered' });
    await night.intrude(`delete from link where account = 'U0MALLORY'`);
    await expectNothingRan(id, 'the link of the slack account U0MALLORY is not in the record');
  });

  it('or put there does not make a stranger somebody in a command either', async () => {
    night.slackPeople.accounts.set('U0FORGED', ACCOUNT);
    await night.intrude(
      `insert into link values ($1, 'slack', 'U0FORGED', $2, 'sign-in', '2026-11-20T08:00:00.000Z')`,
      TENANT,
      PEOPLE.lena.entraId,
    );
    const call = { by: slackUser('U0FORGED'), channel: 'slack-alerts', words: 'lift' };
    const reply = await night.desk.command(call);
    await night.intrude(`delete from link where account = 'U0FORGED'`);
    expect(reply).toEqual({ kind: 'said', answer: { code: 'nothing-shown' } });
  });
});

describe('a record that was changed', () => {
  const unlocked = async (work: () => Promise<unknown>) => {
    for (const trigger of ['ledger_append_only', 'ledger_openings'])
      await night.intrude(`alter table ledger disable trigger ${trigger}`);
    await work();
    for (const trigger of ['ledger_append_only', 'ledger_openings'])
      await night.intrude(`alter table ledger enable trigger ${trigger}`);
  };
  const voteOn = async (id: string) => {
    await press(id, inSlack('dana'), 'purge');
    const seq = (await entries(id, 'decision.approved'))[0]?.seq;
    const [row] = await night.intrude('select bytes, hash, opened from ledger where seq = $1', seq);
    const rewrite = (bytes: unknown, hash: unknown, opened: unknown) =>
      unlocked(() =>
        night.intrude('update ledger set bytes = $2, hash = $3, opened = $4 where seq = $1', seq, bytes, hash, opened),
      );
    const putBack = () => rewrite(row?.['bytes'], row?.['hash'], row?.['opened']);
    return {
      seq,
      bytes: String(row?.['bytes']),
      hash: row?.['hash'],
      opened: String(row?.['opened']),
      rewrite,
      putBack,
    };
  };

  it('in one entry, with a hash that fits it, does not make a vote count', async () => {
    const { id } = await open();
    const vote = await voteOn(id);
    const bytes = vote.bytes.replace('"needed":2', '"needed":1');
    await vote.rewrite(bytes, seal.leafHash(bytes), vote.opened);
    await night.intrude('update decision set person = $2 where incident = $1', id, PEOPLE.lena.entraId);
    const said = await press(id, inTeams('omar'), 'purge');
    await expectNothingRan(id, `entry ${vote.seq} of the record was changed`);
    expect(said).toMatchObject({ code: 'tampered' });
    await vote.putBack();
  });

  it('in what opens an entry, which is in no hash, does not make another person’s vote of it', async () => {
    const { id } = await open();
    const vote = await voteOn(id);
    await vote.rewrite(vote.bytes, vote.hash, vote.opened.replaceAll(PEOPLE.dana.entraId, PEOPLE.lena.entraId));
    await night.intrude('update decision set person = $2 where incident = $1', id, PEOPLE.lena.entraId);
    await press(id, inTeams('omar'), 'purge');
    await expectNothingRan(id, `entry ${vote.seq} of the record was changed`);
    await vote.putBack();
  });

  it('by erasing who voted, where that still decides, keeps everything from running', async () => {
    const { id } = await open();
    const vote = await voteOn(id);
    await night.intrude('update ledger set opened = null where seq = $1', vote.seq);
    await press(id, inTeams('omar'), 'purge');
    await expectNothingRan(id, 'an approval of purge');
    await vote.putBack();
  });
});
