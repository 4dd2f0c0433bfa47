import { describe, expect, it } from 'vitest';
import { ofType } from '../../src/core/record/ledger.ts';
import { listAutomation } from '../../src/flow/find/automation.ts';
import { PEOPLE } from '../support/desk-of-the-night.ts';
import { RECOVERABLE } from '../support/fake-mail.ts';
import { automationNight, DAY } from './automation-night.ts';
import { inSlack, inTeams, MINUTE, policyWith, ruleFor } from './telling.ts';

/** A second pair of eyes on what the tenant's own defence takes out of mailboxes. */

const told = automationNight();
const { night, defence, put, takesOut, listed, gathering, wants, opened, press, plan, becomes, outcomes, card } = told;
const lists = async () => (await night().entries()).filter(ofType('automation.listed'));

describe('a newsletter that automation took out of many mailboxes', () => {
  it('is listed once, put back by two people who did not ask for it, and each copy is seen back', async () => {
    const copies = put(Array.from({ length: 40 }, (_none, n) => `reader${n}`));
    takesOut(copies);
    const list = await listed();
    const view = gathering(list)?.view;
    expect(view?.lines.map(({ incident, button }) => [incident, button])).toEqual([[`${list}/1`, 'Put back…']]);
    expect(view?.lines[0]?.text).toContain('“What is new” from news@fabrikam[.]example');
    expect(view?.lines[0]?.text).toContain('40 copies of 40 recipients');
    const id = await opened(`${list}/1`);
    expect((await plan(id)).copies.map(({ address }) => address).sort()).toEqual(
      copies.map(({ address }) => address).sort(),
    );
    expect(card(id)?.actions.map(({ id: verb }) => verb)).toEqual(['release', 'details']);
    expect(await press(id, inSlack('dana'), 'release')).toEqual({ code: 'requester' });
    await press(id, inSlack('omar'), 'release');
    expect(await press(id, inTeams('lena'), 'release')).toMatchObject({
      code: 'run-started',
      action: 'release',
      copies: 40,
    });
    await becomes(id, 'restored');
    expect(await outcomes(id)).toEqual(Array(40).fill('restored'));
    expect(copies.map(({ folderId }) => folderId)).toEqual(Array(40).fill('inbox'));
    expect(await night().ledgerFault()).toBeNull();
  });

  it('goes back with the marks that it has, and the card says that nobody knows its folder', async () => {
    const [copy] = put(['ann']);
    if (!copy) throw new Error('it landed');
    Object.assign(copy, { isRead: true, flag: 'flagged', categories: ['Later'], folderId: 'news' });
    takesOut([copy]);
    const id = await opened(`${await listed()}/1`);
    expect(card(id)?.warnings.map(({ text }) => text)).toContain(
      'All 1 copy: nobody knows in which folder it was, so the Inbox it is.',
    );
    await press(id, inSlack('omar'), 'release');
    await press(id, inTeams('lena'), 'release');
    await becomes(id, 'restored');
    expect(copy).toMatchObject({ folderId: 'inbox', isRead: true, flag: 'flagged', categories: ['Later'] });
  });

  it('goes back into the folder in which an earlier list of ours had seen it', async () => {
    const [copy] = put(['ann']);
    if (!copy) throw new Error('it landed');
    copy.folderId = 'news';
    await night().mail.read([copy]);
    const { internetMessageId, sender, subject } = copy;
    const earlier = await night().alert({
      message: { internetMessageId, sender, subject },
      recipients: [copy.address],
    });
    await told.cardsShow(earlier, 'the plan', ({ digest }) => digest !== '');
    takesOut([copy]);
    const id = await opened(`${await listed()}/1`);
    expect(id).not.toBe(earlier);
    await press(id, inSlack('omar'), 'release');
    await press(id, inTeams('lena'), 'release');
    await becomes(id, 'restored');
    expect(copy.folderId).toBe('news');
  });
});

describe('the list of a day', () => {
  it('is not made again when nothing is new, and asks for what comes after it with some overlap', async () => {
    takesOut(put(['ann']));
    await listed();
    expect(await listAutomation(night().flow)).toEqual({ is: 'not due' });
    night().clock.now += DAY;
    expect(await listAutomation(night().flow, 'now')).toEqual({ is: 'listed', list: null });
    const [first, second] = defence.asked;
    expect(Date.parse(first?.until ?? '') - Date.parse(second?.from ?? '')).toBe(6 * 60 * MINUTE);
  });

  it('holds a copy that two ways took once, and the next one does not hold it again', async () => {
    const copies = put(['ann']);
    takesOut(copies, { at: new Date(night().clock.now - 2 * MINUTE).toISOString(), way: 'Phish ZAP' });
    takesOut(copies);
    await listed();
    night().clock.now += 60 * MINUTE;
    expect(await listAutomation(night().flow, 'now')).toEqual({ is: 'listed', list: null });
  });

  it('offers what was taken out where the service tells its place from before that', async () => {
    takesOut(put(['ann']));
    defence.deliveries = defence.deliveries.map((one) => ({ ...one, latest: 'Inbox/folder' }));
    const list = await listed();
    const [line] = gathering(list)?.view.lines ?? [];
    expect([line?.button, line?.text.includes('in a mailbox again')]).toEqual(['Put back…', false]);
    expect((await plan(await opened(`${list}/1`))).copies).toHaveLength(1);
  });

  it('is made by one process, however many ask at once', async () => {
    takesOut(put(['ann']));
    const before = (await lists()).length;
    const { promise: others, resolve: goOn } = Promise.withResolvers<void>();
    defence.meanwhile = () => others;
    const first = listAutomation(night().flow, 'now');
    await night().until('it is being asked', () => defence.asked.length === 1);
    expect(await listAutomation(night().flow, 'now')).toEqual({ is: 'not due' });
    expect(await listAutomation(night().flow)).toEqual({ is: 'not due' });
    goOn();
    expect(await first).toMatchObject({ is: 'listed' });
    expect([(await lists()).length - before, defence.asked.length]).toEqual([1, 1]);
  });

  it('is not put down by who was frozen while somebody else made it', async () => {
    takesOut(put(['ann']));
    const before = (await lists()).length;
    defence.meanwhile = async () => {
      defence.meanwhile = async () => undefined;
      await night().flow.store.transact(async (tx) => {
        await tx.cursors.failed(
          { source: 'automation', vendor: 'hunting' },
          { why: 'frozen', restMs: 0 },
          night().flow.clock.now(),
        );
        await tx.cursors.claim({ source: 'automation', vendor: 'hunting' }, 1);
      });
    };
    expect(await listAutomation(night().flow, 'now')).toEqual({ is: 'not due' });
    expect((await lists()).length).toBe(before);
    await night().until('it is due again', async () => (await listAutomation(night().flow, 'now')).is === 'listed');
    expect((await lists()).length).toBe(before + 1);
  });

  it.each([
    [{ is: 'not licensed', why: '403 Forbidden', waitMs: null }],
    [{ is: 'not permitted', why: '403 Forbidden', waitMs: null }],
    [{ is: 'busy', why: '429', waitMs: 60_000 }],
    [{ is: 'silent', why: 'no answer', waitMs: null }],
  ] as const)('is no empty list where the answer was %j', async (trouble) => {
    const before = (await lists()).length;
    defence.trouble = trouble;
    expect(await listAutomation(night().flow, 'now')).toEqual(trouble);
    expect((await lists()).length).toBe(before);
    const state = await night().flow.store.transact((tx) =>
      tx.cursors.state({ source: 'automation', vendor: 'hunting' }),
    );
    expect(state?.why).toBe(`${trouble.is}: ${trouble.why}`);
    expect(await listAutomation(night().flow)).toEqual({ is: 'not due' });
    // Somebody has mended it, and asks by hand.
    defence.trouble = null;
    expect(await listAutomation(night().flow, 'now')).toMatchObject({ is: 'listed' });
  });

  it('says what is in none of its clusters, and loses none for an odd row', async () => {
    takesOut(put(['ann']));
    takesOut(put(['bob']), { networkMessageId: 'no id' });
    takesOut(put(['cas']), { result: 'Failure' });
    defence.cutAt = 20_000;
    const { view } = gathering(await listed()) ?? {};
    expect(view?.lines).toHaveLength(1);
    expect(view?.notes.map(({ text }) => text).slice(1)).toEqual([
      'Hunting told 20,000 removals, and there are or may be more.',
      '1 row could not be read, without an id or a recipient: look at them in Defender.',
      '1 removal did not work, says Defender.',
    ]);
  });

  it('never holds what people had taken out here, whatever a row says of it', async () => {
    const { id, copies } = await told.lands(['ann', 'bob']);
    const [ann] = copies;
    if (!ann) throw new Error('it landed');
    await press(id, inSlack('dana'), 'purge');
    await press(id, inTeams('omar'), 'purge');
    await becomes(id, 'purged');
    // Filed under the id that hunting names.
    await night().flow.store.transact((tx) => tx.incidents.file(id, [`network ${NETWORK}`]));
    takesOut(copies, { networkMessageId: NETWORK });
    takesOut(put(['eve']));
    const list = await listed();
    expect(gathering(list)?.view.lines).toHaveLength(1);
    expect(gathering(list)?.view.notes.map(({ text }) => text)).toContain(
      '2 removals were of Clawback itself, says its record: not in this list.',
    );
    expect((await lists()).at(-1)?.detail).toMatchObject({ ours: 2 });
  });
});

const NETWORK = '73ca4154-58d8-43d0-a890-08dc18c52e6d';

describe('a cluster', () => {
  it('that is held in quarantine is counted, has no button, and is in no plan', async () => {
    takesOut(put(['ann']), { location: 'Quarantine', way: 'Phish ZAP', action: 'Moved to quarantine' });
    const list = await listed();
    expect(gathering(list)?.view.lines.map(({ button }) => button)).toEqual(['']);
    expect(gathering(list)?.view.lines[0]?.text).toContain('1 in quarantine: release it in Defender');
    expect(await wants(`${list}/1`)).toMatchObject({ code: 'put-back-nothing' });
  });

  it('of which a part is in quarantine gives back the rest, and its card says where to release the part', async () => {
    const [ann, bob] = [put(['ann']), put(['bob'])];
    takesOut(ann);
    takesOut(bob, { location: 'Quarantine' });
    const id = await opened(`${await listed()}/1`);
    expect((await plan(id)).copies.map(({ address }) => address)).toEqual(['ann@contoso.example']);
    const said = card(id)
      ?.warnings.map(({ text }) => text)
      .join(' ');
    expect(said).toContain('1 copy is in quarantine');
    expect(said).toContain('security[.]microsoft[.]com/quarantine');
  });

  it('holds all mails of one sender, and one decision puts all of them back', async () => {
    const copies = [...put(['ann', 'bob'], { subject: 'What is new' }), ...put(['ann'], { subject: 'What was new' })];
    takesOut(copies);
    const list = await listed();
    expect(gathering(list)?.view.lines[0]?.text).toContain('3 copies of 2 recipients, 2 mails');
    const id = await opened(`${list}/1`);
    await press(id, inSlack('omar'), 'release');
    await press(id, inTeams('lena'), 'release');
    await becomes(id, 'restored');
    expect(copies.map(({ folderId }) => folderId)).toEqual(['inbox', 'inbox', 'inbox']);
  });

  it('leaves alone what only bears its Message-ID', async () => {
    const [copy] = put(['ann']);
    if (!copy) throw new Error('it landed');
    takesOut([copy]);
    const other = night().mail.put('ann@contoso.example', {
      internetMessageId: copy.internetMessageId,
      networkMessageId: NETWORK,
      sender: 'ceo@contoso.example',
      subject: 'Pay today',
    });
    other.folderId = RECOVERABLE;
    const id = await opened(`${await listed()}/1`);
    const list = await plan(id);
    expect([list.copies.map(({ message }) => message), list.leftAlone.length]).toEqual([[copy.message], 1]);
  });

  it('is one incident however often it is asked for', async () => {
    takesOut(put(['ann']));
    const list = await listed();
    const id = await opened(`${list}/1`);
    expect(await wants(`${list}/1`, 'omar')).toEqual({
      code: 'put-back-opened',
      cluster: `${list}/1`,
      incident: id,
      copies: 1,
      known: true,
    });
  });

  it('is opened only by who may decide under a rule for it, and the record says who could not', async () => {
    await night().govern(
      policyWith([ruleFor(['purge', 'undo'], { approver: 2 }), ruleFor(['release'], { lead: 1 })], {
        roles: { lead: { people: [PEOPLE.lena.entraId] } },
      }),
    );
    takesOut(put(['ann']));
    const list = await listed();
    expect(await wants(`${list}/1`)).toEqual({ code: 'may-not-put-back', roles: ['lead'] });
    const refused = (await night().entries()).findLast(({ type }) => type === 'automation.refused');
    expect(refused).toMatchObject({ outcome: 'may-not-put-back', detail: { list, cluster: '1' } });
  });

  it('is not opened from another message than the one that lists it', async () => {
    takesOut(put(['ann']));
    const list = await listed();
    expect(await wants(`${list}/1`, 'dana', { message: 'elsewhere' })).toEqual({ code: 'unknown-incident' });
  });

  it('is left where it is once it is out of there before anybody comes', async () => {
    const [copy] = put(['ann']);
    if (!copy) throw new Error('it landed');
    takesOut([copy]);
    const id = await opened(`${await listed()}/1`);
    copy.folderId = 'inbox';
    await press(id, inSlack('omar'), 'release');
    await press(id, inTeams('lena'), 'release');
    await becomes(id, 'restored');
    expect(await outcomes(id)).toEqual(['movedByUser']);
  });

  it('is never offered for a mail that automation did not take out, nor a purge for one that it did', async () => {
    const { id } = await told.lands(['ann']);
    expect((await plan(id)).terms.release).toMatchObject({ is: 'refused' });
    takesOut(put(['bob']));
    const other = await opened(`${await listed()}/1`);
    const { release, ...others } = (await plan(other)).terms;
    expect([release.is, new Set(Object.values(others).map(({ is }) => is))]).toEqual(['asked', new Set(['refused'])]);
  });
});
