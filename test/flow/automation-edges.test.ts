import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Asked, listAutomation } from '../../src/flow/find/automation.ts';
import { tidy } from '../../src/flow/sweep.ts';
import { automationNight, DAY } from './automation-night.ts';
import { inSlack, inTeams, MINUTE, policyWith, ruleFor } from './telling.ts';

/** What automation took out, where it is not the usual: a forged twin, nobody left to decide, an answer that takes long, a list that is old. */

const told = automationNight();
const { night, defence, put, takesOut, listed, gathering, opened, press, plan, becomes, card, incident } = told;

describe('a mail that only looks like the newsletter', () => {
  it('is a cluster of its own, and does not come back with it', async () => {
    const news = put(['ann', 'bob']);
    const twin = put(['cas']);
    takesOut(news);
    takesOut(twin, { authentication: 'DKIM fail, DMARC fail, SPF fail' });
    const list = await listed();
    const lines = gathering(list)?.view.lines.map(({ text }) => text) ?? [];
    expect(lines.map((text) => /(DKIM \w+), (DMARC \w+)/.exec(text)?.[0])).toEqual([
      'DKIM pass, DMARC pass',
      'DKIM fail, DMARC fail',
    ]);
    const id = await opened(`${list}/1`);
    await press(id, inSlack('omar'), 'release');
    await press(id, inTeams('lena'), 'release');
    await becomes(id, 'restored');
    expect([...news, ...twin].map(({ folderId }) => folderId === 'inbox')).toEqual([true, true, false]);
  });
});

describe('a newsletter that went to everybody who could decide', () => {
  it('is put back by those who did not ask for it, and the card says why they may', async () => {
    const copies = put(['dana', 'omar', 'lena']);
    takesOut(copies);
    const id = await opened(`${await listed()}/1`);
    expect(card(id)?.needs).toContain('2 approvals by people who received it themselves, because nobody else is left');
    expect((await plan(id)).terms.release).toMatchObject({ recipientsMay: true });
    await press(id, inSlack('omar'), 'release');
    await press(id, inTeams('lena'), 'release');
    await becomes(id, 'restored');
    expect(copies.map(({ folderId }) => folderId)).toEqual(['inbox', 'inbox', 'inbox']);
  });

  it('stays out where the policy lets none of them, and the card says that nobody can decide', async () => {
    const rules = [ruleFor(['purge', 'undo', 'release'], { approver: 2 })];
    await night().govern(policyWith(rules, { whenNobodyIsLeft: false }));
    takesOut(put(['dana', 'omar', 'lena']));
    const id = await opened(`${await listed()}/1`);
    expect(card(id)?.needs).toContain('Too few people may decide');
    expect(await press(id, inSlack('omar'), 'release')).toEqual({ code: 'recipient' });
  });
});

describe('an answer that takes longer than a lease', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is waited for by one process alone, and makes one list', async () => {
    takesOut(put(['ann']));
    const others: Asked[] = [];
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    defence.meanwhile = async () => {
      for (let n = 0; n < 20; n += 1) {
        night().clock.now += 2 * MINUTE;
        vi.advanceTimersByTime(2 * MINUTE);
        await night().flow.store.transact(() => Promise.resolve());
        others.push(await listAutomation(night().flow, 'now'));
      }
    };
    const asked = await listAutomation(night().flow, 'now');
    expect(new Set(others.map(({ is }) => is))).toEqual(new Set(['not due']));
    expect(asked).toMatchObject({ is: 'listed', list: expect.stringContaining('AU-') });
  });
});

describe('a mail that was put back, and is asked about again', () => {
  async function back(): Promise<string> {
    takesOut(put(['ann']));
    const id = await opened(`${await listed()}/1`);
    await press(id, inSlack('omar'), 'release');
    await press(id, inTeams('lena'), 'release');
    await becomes(id, 'restored');
    return id;
  }

  it('once its list is forgotten: nothing is looked for, the card says why, and nobody is said to have written anywhere', async () => {
    const id = await back();
    night().clock.now += 38 * DAY;
    await tidy(night().flow);
    expect(await press(id, inTeams('lena'), 'reopen')).toMatchObject({ code: 'reopened' });
    await becomes(id, 'open');
    expect([(await plan(id)).copies, (await incident(id))?.breach]).toEqual([[], null]);
    await told.cardsShow(id, 'why', (view) => JSON.stringify(view).includes('this one is forgotten'));
  });
});
