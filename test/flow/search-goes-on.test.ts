import { describe, expect, it } from 'vitest';
import type { Hit } from '../../src/core/find/found.ts';
import { ofType } from '../../src/core/record/ledger.ts';
import { lookForOperator, searchForOperator } from '../../src/flow/decide/search-operator.ts';
import { seek } from '../../src/flow/find/seek.ts';
import { tidy } from '../../src/flow/sweep.ts';
import { policyOf, searching, TYPED } from './searching.ts';
import { MINUTE, policyWith, ruleFor } from './telling.ts';

/** A search is work that outlives whoever does it, and its answer is what the record says that was seen. */

const { night, service, begun, shown, file } = searching();

describe('a search', () => {
  it('goes on where another process ended: what was answered is not asked again, and nothing is lost', async () => {
    const search = await begun();
    let may = true;
    service.meanwhile = () => {
      may = service.asked.length < 2;
    };
    await seek({ ...night().flow, mayBegin: () => may }, search);
    expect([service.asked.length, await shown(search)]).toEqual([2, expect.objectContaining({ found: null })]);
    service.meanwhile = () => undefined;
    await seek(night().flow, search);
    expect(new Set(service.asked).size).toBe(3);
    expect(service.asked).toHaveLength(3);
    const said = await shown(search);
    if (said.code !== 'found') throw new Error('it was not found');
    expect(said.found?.coverage).toMatchObject([{ name: 'trace', status: 'answered', found: 3 }]);
    expect(said.found?.mails.map(({ copies }) => copies.length)).toEqual([3]);
    await seek(night().flow, search);
    expect(service.asked).toHaveLength(3);
  });

  it('is begun again by the sweep where nobody has it, and is over once it is answered', async () => {
    const search = await begun();
    const open = () => night().flow.store.transact((tx) => tx.inquiries.open());
    expect(await open()).toContain(search);
    await night().run({ queue: 'inquire', inquiry: search });
    expect(await open()).not.toContain(search);
  });

  it('with an answer that somebody has changed makes no incident', async () => {
    const search = await begun();
    await seek(night().flow, search);
    await night().intrude(`update inquiry set found = replace(found, 'box', 'ceo') where id = $1`, search);
    expect(await file(search)).toEqual({ code: 'search-changed', search });
    expect((await night().entries()).at(-1)).toMatchObject({ type: 'inquiry.refused', outcome: 'search-changed' });
    const incidents = await night().flow.store.transact((tx) => tx.incidents.list(10));
    expect(incidents.filter(({ alert }) => alert.frozen?.search === search)).toEqual([]);
  });

  it('is let go of after a day, and the record stays', async () => {
    const search = await begun();
    await seek(night().flow, search);
    night().clock.now += 25 * 60 * MINUTE;
    await tidy(night().flow);
    expect(await shown(search)).toEqual({ code: 'search-not-known', asked: search });
    expect((await night().entries()).map(({ type }) => type)).toContain('inquiry.answered');
  });
});

describe('what a sender chose', () => {
  it.each<[string, Partial<Hit>]>([
    ['control characters in its subject', { subject: 'Invoice\r\n\u0007overdue' }],
    ['half a character in its subject', { subject: 'Invoice \ud800' }],
    ['half a character in its sender', { sender: 'a\udc00@fabrikam.example' }],
    ['half a character in its recipient', { recipient: 'a\udc00@contoso.example' }],
    ['control characters in its Message-ID', { internetMessageId: '<a\nb@x>', networkMessageId: 'n1' }],
    ['U+0000 everywhere', { subject: '\0', sender: '\0', recipient: '\0', internetMessageId: '\0', where: '\0' }],
    ['no time that can be read', { at: 'yesterday' }],
  ])('keeps no search from its end: %s', async (_what, change) => {
    service.told = change;
    const search = await begun();
    await seek(night().flow, search);
    expect(await shown(search)).toMatchObject({ code: 'found', found: { coverage: [{ found: 3 }] } });
    expect(await night().ledgerFault()).toBeNull();
  });

  it('costs nobody the answer where what became of it cannot be looked at', async () => {
    service.exposure = () => Promise.reject(new Error('control character in a query value'));
    const search = await begun();
    await seek(night().flow, search);
    const failed = { is: 'not asked', why: 'it could not be looked at' };
    expect(await shown(search)).toMatchObject({
      found: { mails: [{ exposure: { clicked: failed, replied: failed, forwarded: failed, moved: failed } }] },
    });
  });
});

it('a search tells the limits of a service once, and counts over all spans what reached no mailbox here', async () => {
  service.besides = {
    detail: 'it knows senders by the envelope only',
    apart: [
      { what: 'pending', count: 1 },
      { what: 'sent out of the tenant', count: 2 },
    ],
  };
  const search = await begun();
  await seek(night().flow, search);
  expect(await shown(search)).toMatchObject({
    found: {
      coverage: [
        {
          status: 'answered',
          found: 3,
          detail: 'it knows senders by the envelope only; not counted: 3 pending, 6 sent out of the tenant',
        },
      ],
    },
  });
});

describe('a search that fails', () => {
  it('is free for the next try at once', async () => {
    const search = await begun();
    service.meanwhile = () => {
      throw new Error('out of order');
    };
    await expect(seek(night().flow, search)).rejects.toThrow('out of order');
    service.meanwhile = () => undefined;
    await seek(night().flow, search);
    expect(await shown(search)).toMatchObject({ code: 'found', found: { coverage: [{ status: 'answered' }] } });
  });

  it('ends all the same when nobody has patience any more, and says so', async () => {
    const search = await begun();
    night().clock.now += 11 * MINUTE;
    service.meanwhile = () => {
      throw new Error('out of order');
    };
    await seek(night().flow, search);
    expect(await shown(search)).toMatchObject({ found: { coverage: [{ status: 'silent' }], mails: [] } });
  });
});

describe('whoever sits at the machine', () => {
  it('looks at any search: how far it is, what was found, and whether it is what the record says', async () => {
    const search = await begun();
    expect(await lookForOperator(night().flow, search, 'root')).toMatchObject({
      search,
      state: 'under way',
      found: null,
    });
    await seek(night().flow, search);
    expect(await lookForOperator(night().flow, ` ${search.toLowerCase()} `, 'root')).toMatchObject({
      state: 'answered',
      criteria: { sender: TYPED.sender },
      found: { coverage: [{ name: 'trace' }], mails: [{ key: '1' }] },
    });
    await night().intrude(`update inquiry set found = replace(found, 'box', 'ceo') where id = $1`, search);
    await expect(lookForOperator(night().flow, search, 'root')).rejects.toThrow('not what the record says');
    expect(await lookForOperator(night().flow, 'CS-NONE', 'root')).toBeNull();
  });

  it('is written down with each look, also where what is stored cannot be believed', async () => {
    const search = await begun();
    await seek(night().flow, search);
    await lookForOperator(night().flow, search, 'root');
    await night().intrude(`update inquiry set person = 'another' where id = $1`, search);
    await lookForOperator(night().flow, search, 'root').catch(() => null);
    await lookForOperator(night().flow, 'CS-NONE', 'root');
    const looks = (await night().entries()).filter(ofType('inquiry.seen'));
    expect(looks.slice(-2).map(({ actor, platform, detail }) => [actor.name, platform, detail.inquiry])).toEqual([
      ['root', 'operator', search],
      ['root', 'operator', search],
    ]);
  });

  const ask = (typed: object = TYPED) => searchForOperator(night().flow, typed, 'root', 60_000);

  it('searches by the same policy, and the record says who it was', async () => {
    const answer = ask();
    await night().until('it is asked for', async () => {
      const [open] = await night().flow.store.transact((tx) => tx.inquiries.open());
      if (open) await seek(night().flow, open);
      return open !== undefined;
    });
    expect(await answer).toMatchObject({ search: expect.stringMatching(/^CS-/), found: { mails: [{ key: '1' }] } });
    const entry = (await night().entries()).findLast(({ type }) => type === 'inquiry.asked');
    expect(entry).toMatchObject({ actor: { kind: 'service', id: 'operator', name: 'root' }, platform: 'operator' });
  });

  it.each([
    ['nobody may', undefined, TYPED, /lets nobody search/],
    ['a second person has to allow it', { by: ['hunter'], second: 'hunter' }, TYPED, /second person/],
    ['the reason is missing', { by: ['hunter'] }, { sender: TYPED.sender }, /Please say why/],
    ['nothing is said of the mail', { by: ['hunter'] }, { reason: 'why' }, /at least one thing/],
  ])('is told so where %s', async (_what, search, typed, words) => {
    await night().govern(search ? policyOf(search) : policyWith([ruleFor(['purge', 'undo'], { approver: 2 })]));
    await expect(ask(typed)).rejects.toThrow(words);
    expect(service.asked).toEqual([]);
  });
});
