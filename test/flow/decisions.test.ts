import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runStarted, voteCounted } from '../support/answered.ts';
import { ATTACK, type Night, PEOPLE, startNight, TENANT } from '../support/desk-of-the-night.ts';

/** One night for all of these; every story has a mail of its own. */
let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());

let mail = ATTACK;
let number = 0;
beforeEach(() => {
  number += 1;
  mail = { internetMessageId: `<story-${number}@mailer.example>`, sender: 'billing@fabrikam.example' };
});

async function openIncident(change: Record<string, unknown> = {}): Promise<string> {
  for (const name of ['ann', 'bob']) night.mail.put(`${name}@contoso.example`, mail);
  const id = await night.alert({
    message: { ...mail, subject: 'Invoice overdue' },
    recipients: ['ann@contoso.example', 'bob@contoso.example'],
    ...change,
  });
  await night.asks(id);
  return id;
}

const incident = (id: string) => night.flow.store.transact((tx) => tx.incidents.get(id));
const refusals = async (id: string) =>
  (await night.entries(id)).filter((entry) => entry.type === 'press.refused').map((entry) => entry.outcome);
const untouched = () => night.mail.effects.filter((effect) => effect.target.message.startsWith('m')).length;

describe('deciding', () => {
  it('one person counts once, over both chats', async () => {
    const id = await openIncident();
    expect(await night.press('dana', 'slack', 'purge')).toMatchObject(voteCounted(1, 2));
    expect(await night.press('dana', 'teams', 'purge')).toMatchObject({ code: 'repeated' });
    expect(await night.stands(id)).toBe('open');
    expect(await refusals(id)).toEqual(['repeated']);
  });

  it('a hundred clicks of two people at once make two votes and one purge', async () => {
    const id = await openIncident();
    const clicks = Array.from({ length: 50 }, () => [
      night.press('dana', 'slack', 'purge'),
      night.press('omar', 'teams', 'purge'),
    ]);
    await Promise.all(clicks.flat());
    const votes = await night.flow.store.transact((tx) => tx.decisions.list(id));
    const runs = await night.flow.store.transact((tx) => tx.runs.ofIncident(id));
    expect([votes.length, runs.length]).toEqual([2, 1]);
  });

  it('whoever received the mail cannot approve its purge', async () => {
    const recipients = [PEOPLE.dana.address, 'ann@contoso.example'];
    const id = await openIncident({ recipients });
    expect(await night.press('dana', 'slack', 'purge')).toMatchObject({ code: 'recipient' });
    expect(await refusals(id)).toEqual(['recipient']);
  });

  it('whoever reported the mail cannot approve its purge', async () => {
    const id = await openIncident({ reporter: { entraId: PEOPLE.omar.entraId } });
    expect(await night.press('omar', 'teams', 'purge')).toMatchObject({ code: 'requester' });
    expect(await refusals(id)).toEqual(['requester']);
  });

  it('somebody who is not on the list is told so, and it is recorded', async () => {
    const id = await openIncident();
    const by = { platform: 'slack' as const, id: 'U0STRANGER', home: 'T0SANDBOX', name: 'Mallory <!channel>' };
    expect(await night.press('dana', 'slack', 'purge', { by })).toMatchObject({ code: 'unknown-person' });
    const entry = (await night.entries(id)).find((candidate) => candidate.type === 'press.refused');
    expect(entry).toMatchObject({ outcome: 'unknown-person', actor: { kind: 'stranger', id: 'slack:U0STRANGER' } });
  });

  it.each([
    [
      'a Slack user of another workspace',
      { platform: 'slack' as const, id: PEOPLE.dana.slackId, home: 'T0ELSEWHERE', name: 'Dana' },
    ],
    [
      'a Teams user of another tenant',
      {
        platform: 'teams' as const,
        id: PEOPLE.dana.entraId,
        home: 'ffffffff-0000-4000-8000-000000000000',
        name: 'Dana',
      },
    ],
  ])('%s with the right id is an outsider', async (_who, by) => {
    const id = await openIncident();
    expect(await night.press('dana', by.platform, 'purge', { by })).toMatchObject({ code: 'outsider' });
    expect(await refusals(id)).toEqual(['outsider']);
  });

  it('an empty user id is nobody', async () => {
    const id = await openIncident();
    await night.press('dana', 'teams', 'purge', { by: { platform: 'teams', id: '', home: TENANT, name: '' } });
    expect(await refusals(id)).toEqual(['unknown-person']);
  });

  it('a card in another place is dead', async () => {
    const id = await openIncident();
    const said = await night.press('dana', 'slack', 'purge', {
      card: { platform: 'slack', channel: 'elsewhere', message: 'card-1' },
    });
    expect(said).toMatchObject({ code: 'wrong-place' });
    expect(await refusals(id)).toEqual(['wrong-place']);
  });

  it.each(['', 'sha256:0000', 'f'.repeat(64)])('a press with the digest “%s” does not count', async (digest) => {
    const id = await openIncident();
    expect(await night.press('dana', 'slack', 'purge', { digest })).toMatchObject({ code: 'stale-card' });
    expect(await night.flow.store.transact((tx) => tx.decisions.list(id))).toEqual([]);
  });

  it('an unknown button does nothing', async () => {
    const id = await openIncident();
    expect(await night.press('dana', 'slack', '__proto__')).toMatchObject({ code: 'unknown-button' });
    expect(await refusals(id)).toEqual(['unknown-button']);
  });

  it('rejecting asks for a reason, and closes with it', async () => {
    const id = await openIncident();
    expect(await night.press('dana', 'slack', 'reject')).toMatchObject({ code: 'form-needed', problem: null });
    expect(await night.press('dana', 'slack', 'reject', { reason: '  ' })).toMatchObject({
      code: 'form-needed',
      problem: 'reason-missing',
    });
    expect(await night.stands(id)).toBe('open');
    expect(await night.press('dana', 'slack', 'reject', { reason: 'A newsletter we asked for' })).toMatchObject({
      code: 'rejected',
    });
    expect(await incident(id)).toMatchObject({
      closedBy: 'Dana',
      reason: 'A newsletter we asked for',
    });
    expect(await night.press('omar', 'teams', 'purge')).toMatchObject({ code: 'too-late' });
  });

  it('nobody decides in time: expired, nothing done, and late presses do not count', async () => {
    const id = await openIncident();
    const before = untouched();
    night.clock.now += 61 * 60_000;
    expect(await night.press('dana', 'slack', 'purge')).toMatchObject({ code: 'expired' });
    await night.run({ queue: 'expire', incident: id });
    expect(await night.stands(id)).toBe('expired');
    await night.until(
      'the card says so',
      () => night.slack.cards.at(-1)?.view.status.includes('Nobody decided') === true,
    );
    expect(untouched()).toBe(before);
    expect(await night.press('dana', 'slack', 'reopen')).toMatchObject({ code: 'reopened' });
    await night.until('it is asked anew', async () => (await night.stands(id)) === 'open');
  });

  it('a new list of copies needs new approvals', async () => {
    const id = await openIncident();
    await night.press('dana', 'slack', 'purge');
    night.mail.put('cas@contoso.example', mail);
    await night.alert({ message: { ...mail }, recipients: ['cas@contoso.example'] });
    await night.until(
      'the card says that there are more recipients now',
      () =>
        night.slack.cards.at(-1)?.view.warnings.some((note) => note.text.includes('1 recipient became known after')) ===
        true,
    );
    const old = (await incident(id))?.planDigest;
    night.clock.now += 1_000;
    await night.press('omar', 'teams', 'reopen');
    await night.until(
      'there is another plan',
      async () => (await night.stands(id)) === 'open' && (await incident(id))?.planDigest !== old,
    );
    await night.until(
      'the card shows it',
      async () => night.teams.cards.at(-1)?.view.digest === (await incident(id))?.planDigest,
    );
    expect(night.teams.cards.at(-1)?.view.reach).toContain('3 copies');
    expect(await night.press('omar', 'teams', 'purge')).toMatchObject(voteCounted(1, 2));
    expect(await night.stands(id)).toBe('open');
  });

  it('flagging needs one person and leaves the purge open', async () => {
    const id = await openIncident();
    const copy = night.mail.copies.at(-1);
    if (copy) copy.categories = ['Mine'];
    expect(await night.press('dana', 'slack', 'flag')).toMatchObject(runStarted('flag', 2));
    await night.until('it is flagged', async () => (await night.stands(id)) === 'flagged');
    expect(copy).toMatchObject({ categories: ['Mine', 'Clawback: under review'], flag: 'flagged', folderId: 'inbox' });
    const flags = await night.flow.store.transact((tx) => tx.flags.ofIncident(id));
    expect(flags).toHaveLength(2);
    expect(flags[0]).toMatchObject({ owner: PEOPLE.dana.entraId, reason: `phishing mail ${id}` });
    await night.until('the purge is still offered', () => night.slack.cards.at(-1)?.view.canPurge === true);
    expect(await night.press('dana', 'slack', 'purge')).toMatchObject(voteCounted(1, 2));
  });
});

describe('alerts', () => {
  it('the same alert a hundred times is one incident with one card per chat', async () => {
    const id = await openIncident();
    const cards = night.slack.cards.length;
    const ids = await Promise.all(Array.from({ length: 100 }, () => night.alert({ message: { ...mail } })));
    expect(new Set(ids)).toEqual(new Set([id]));
    expect(await incident(id)).toMatchObject({ alerts: 101 });
    await night.until(
      'the card counts them',
      () => night.slack.cards.at(-1)?.view.facts.some((fact) => fact.value.includes('101 alerts')) === true,
    );
    expect(night.slack.cards).toHaveLength(cards);
  });

  it('the same delivery again is a replay', async () => {
    const first = await night.alert({ message: { ...mail } }, 'delivery-1');
    const again = await night.alert({ message: { ...mail } }, 'delivery-1');
    expect(again).toBe(first);
    // Its cards come before those of the next story: the newest of a room is the one that is pressed.
    await night.until('both rooms show it', () =>
      [night.slack, night.teams].every((room) => room.cards.at(-1)?.view.incident === first),
    );
    expect(await incident(first)).toMatchObject({ alerts: 1 });
  });

  it('a mail with the same Message-ID and another sender is left alone and shown', async () => {
    night.mail.put('dee@contoso.example', { ...mail, sender: 'ceo@contoso.example' });
    const id = await openIncident({
      recipients: ['ann@contoso.example', 'bob@contoso.example', 'dee@contoso.example'],
    });
    const plan = await night.flow.store.transact(async (tx) =>
      tx.incidents.plan((await tx.incidents.get(id))?.planDigest ?? ''),
    );
    expect(plan?.copies).toHaveLength(2);
    expect(plan?.unsure).toMatchObject([{ addresses: ['dee@contoso.example'], differences: ['sender'] }]);
    expect(night.slack.cards.at(-1)?.view.unsure.map(({ text }) => text)).toEqual([
      expect.stringContaining('1 message in 1 mailbox, another sender'),
    ]);
  });

  it('“nothing there”, “not allowed” and “no such mailbox” are kept apart', async () => {
    const denied = night.mail.put('eve@contoso.example', mail);
    night.mail.trouble.push({
      method: 'locate',
      mailbox: denied.mailbox,
      answer: { status: 'denied', detail: 'Access to OData is disabled.' },
    });
    night.mail.put('fay@contoso.example', { internetMessageId: '<other@x.example>', sender: 'x@x.example' });
    const recipients = ['ann', 'bob', 'eve', 'fay', 'nobody'].map((name) => `${name}@contoso.example`);
    const id = await openIncident({ recipients });
    const plan = await night.flow.store.transact(async (tx) =>
      tx.incidents.plan((await tx.incidents.get(id))?.planDigest ?? ''),
    );
    expect(plan).toMatchObject({
      nothing: ['fay@contoso.example'],
      denied: ['eve@contoso.example'],
      missing: ['nobody@contoso.example'],
    });
  });
});
