import { describe, expect, it } from 'vitest';
import { seek } from '../../src/flow/find/seek.ts';
import { answered } from '../support/answered.ts';
import { PEOPLE } from '../support/desk-of-the-night.ts';
import { by, policyOf, searching, TYPED } from './searching.ts';
import { inSlack } from './telling.ts';

/** Somebody has the database: what is stored of a search counts only as far as the record says the same. */

const { night, service, begun, shown } = searching();

describe('a search whose row somebody has changed', () => {
  const change = (what: string, search: string) => night().intrude(`update inquiry set ${what} where id = $1`, search);
  const refused = async () => (await night().entries()).findLast(({ type }) => type === 'inquiry.refused');

  it.each([
    ['for whom', `criteria = replace(criteria, 'billing@', 'ceo@')`],
    ['how far back', `criteria = replace(criteria, '30', '90')`],
    ['into something that cannot be read', `criteria = '{'`],
  ])('asks for nothing, and is told (%s)', async (_what, statement) => {
    const search = await begun();
    await change(statement, search);
    await seek(night().flow, search);
    expect(service.asked).toEqual([]);
    expect(await shown(search)).toEqual({ code: 'search-changed', search });
    expect(await refused()).toMatchObject({ outcome: 'search-changed', detail: { inquiry: search } });
    expect(await night().flow.store.transact((tx) => tx.inquiries.open())).not.toContain(search);
  });

  it('begins no search that was not allowed', async () => {
    await night().govern(policyOf({ by: ['hunter'], second: 'lead' }));
    const said = answered(await night().desk.search({ by, channel: null, asks: { is: 'begin', typed: TYPED } }));
    if (said.code !== 'search-waits') throw new Error('it waits');
    await change('waits = false', said.search);
    await seek(night().flow, said.search);
    expect(service.asked).toEqual([]);
    expect(await shown(said.search)).toEqual({ code: 'search-changed', search: said.search });
  });

  it('is not theirs whose name was put there', async () => {
    await night().govern(policyOf({ by: ['hunter', 'approver'] }));
    const search = await begun();
    await seek(night().flow, search);
    await change(`person = '${PEOPLE.omar.entraId}'`, search);
    const asks = { is: 'show', search } as const;
    expect(answered(await night().desk.search({ by: inSlack('omar'), channel: null, asks }))).toEqual({
      code: 'search-changed',
      search,
    });
  });

  it.each([
    ['that a service was not cut', `'"cutAt":1500', '"cutAt":null'`],
    ['that it looked further back', `'"from":"2026', '"from":"2025'`],
    ['who has read it', `'"clicked":{"is":"not asked"', '"clicked":{"is":"nothing","why":"","was":"not asked"'`],
    ['when it was service.asked', `'"asOf":"2026', '"asOf":"2027'`],
    ['that nothing was left out', `'"mailsLeft":0', '"mailsLeft":7'`],
  ])('shows no answer that was not given: %s', async (_what, words) => {
    service.besides = { cutAt: 500 };
    const search = await begun();
    await seek(night().flow, search);
    expect(await shown(search)).toMatchObject({ code: 'found' });
    const [before] = await night().intrude('select found from inquiry where id = $1', search);
    await change(`found = replace(found, ${words})`, search);
    const [after] = await night().intrude('select found from inquiry where id = $1', search);
    expect(after?.['found']).not.toBe(before?.['found']);
    expect(await shown(search)).toEqual({ code: 'search-changed', search });
  });

  it('counts nothing that no service has answered: that is service.asked anew', async () => {
    const search = await begun();
    let may = true;
    service.meanwhile = () => {
      may = service.asked.length < 2;
    };
    await seek({ ...night().flow, mayBegin: () => may }, search);
    service.meanwhile = () => undefined;
    const statement = `update inquiry_answer set sought = replace(sought, 'box1@', 'ceo@') where inquiry = $1`;
    await night().intrude(statement, search);
    await seek(night().flow, search);
    const said = await shown(search);
    expect(said).toMatchObject({ code: 'found', found: { coverage: [{ found: 3 }] } });
    expect([JSON.stringify(said).includes('ceo@'), service.asked.length]).toEqual([false, 4]);
  });

  it('shows no list that was not found', async () => {
    const search = await begun();
    await seek(night().flow, search);
    await change(`found = replace(found, 'box', 'ceo')`, search);
    expect(await shown(search)).toEqual({ code: 'search-changed', search });
  });
});
