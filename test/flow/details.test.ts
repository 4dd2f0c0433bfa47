import { beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import type { Look } from '../../src/core/tell/details-rows.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { DANA, looking } from './looking.ts';

/** The list behind a card, page by page. */

let world: World;
const { land, reported } = looking(() => world);
beforeEach(async () => {
  world = createWorld();
  await world.govern(POLICIES[2] as Policy);
});

describe('the mailboxes of a case', () => {
  const many = Array.from({ length: 25 }, (_none, n) => `user${String(n).padStart(2, '0')}@contoso.example`);

  async function page(id: string, number: number, look?: Look) {
    const card = world.rooms.slack.cards.find(({ view }) => view.incident === id);
    const reply = await world.desk.press({
      by: world.userOf(DANA, 'slack'),
      card: { platform: 'slack', channel: card?.ref.channel ?? '', message: card?.ref.message ?? '' },
      verb: 'details',
      incident: id,
      digest: card?.view.digest ?? '',
      reason: null,
      page: number,
      ...(look ? { look } : {}),
    });
    return reply.kind === 'details' ? reply.page : null;
  }

  it('come page by page, and a page that is not there is the nearest one', async () => {
    for (const address of many) land(address);
    const id = await reported(many);
    const first = await page(id, 0);
    const pages = first?.pages ?? 0;
    expect(pages).toBeGreaterThan(1);
    const asked = await Promise.all([-1, 0, pages - 1, pages, 99, Number.NaN, 0.9].map((n) => page(id, n)));
    const last = pages - 1;
    expect(asked.map((it) => it?.page)).toEqual([0, 0, last, last, last, 0, 0]);
    const rows = [];
    for (let n = 0; n < pages; n += 1) rows.push(...((await page(id, n))?.rows ?? []));
    expect(new Set(rows.map(({ mailbox }) => mailbox)).size).toBe(25);
    expect([first?.rows.length, rows.length, first?.matches]).toEqual([15, 25, 25]);
  });

  it('of a word that is no part of an address are none, and the page says so', async () => {
    land('ann@contoso.example');
    const id = await reported(['ann@contoso.example', 'bob@contoso.example']);
    const asked = async (search: string) =>
      (await page(id, 0, { filter: 'all', search }))?.rows.map(({ mailbox }) => mailbox);
    expect(await asked('ANN')).toEqual(['ann@contoso.example']);
    expect(await asked('%')).toEqual([]);
    expect(await asked("' or 1=1")).toEqual([]);
    expect(await asked('')).toHaveLength(2);
  });
});
