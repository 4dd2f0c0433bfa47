import { expect } from 'vitest';
import type { Night } from '../support/desk-of-the-night.ts';
import { inSlack, inTeams, policyWith, ruleFor, storyteller } from './telling.ts';

/** Somebody has the database and changes rows in it. Nobody works on jobs here but the story itself. */

export const TAMPERED = 'differs from the record';

export const POLICY = policyWith([
  ruleFor(['purge', 'undo'], { approver: 2 }),
  ruleFor(['flag'], { approver: 1 }),
  ruleFor(['contain'], { approver: 2 }, { actFirst: true, when: { severity: ['critical'] } }),
]);

/** Rows are changed in the night that `tonight` answers. */
export function intruder(tonight: () => Night) {
  const { report, press, entries, card, incident, runs } = storyteller(tonight);

  async function draw(id: string): Promise<void> {
    for (const platform of ['slack', 'teams'] as const) {
      // As if somebody waited for this one: a room says one thing at a time.
      await tonight().intrude(
        `update card set not_before = '-infinity', due = (incident = $1), awaited = (incident = $1), lease = null`,
        id,
      );
      await tonight().intrude(`update room set next_at = '-infinity', held_until = null, turn = 0`);
      await tonight().run({ queue: 'deliver', incident: id, platform });
    }
  }

  async function carryOut(id: string): Promise<void> {
    for (const run of await runs(id)) await tonight().run({ queue: 'run', run: run.id });
  }

  /** One value of one row becomes what `change` makes of it. */
  async function edit(table: string, column: string, where: string, id: string, change: (text: string) => string) {
    const [row] = await tonight().intrude(`select ${column} as text from ${table} where ${where} = $1`, id);
    const text = String(row?.['text']);
    const changed = change(text);
    expect(changed).not.toBe(text);
    await tonight().intrude(`update ${table} set ${column} = $2 where ${where} = $1`, id, changed);
  }

  return {
    draw,
    carryOut,
    edit,
    editPlan: (digest: string, change: (text: string) => string) => edit('plan', 'body', 'digest', digest, change),
    /** What its rows of one kind say. */
    editRows: (digest: string, kind: string, from: string, to: string) =>
      tonight().intrude(
        'update plan_row set content = replace(content, $3, $4) where plan = $1 and kind = $2',
        digest,
        kind,
        from,
        to,
      ),

    async open(change: Record<string, unknown> = {}) {
      const told = await report(['ann', 'bob'], change);
      await tonight().run({ queue: 'scope', incident: told.id });
      await draw(told.id);
      return { ...told, digest: (await incident(told.id))?.planDigest ?? '' };
    },

    /** A good mail of somebody else, that the intruder wants gone. */
    victim: () =>
      tonight().mail.put('cas@contoso.example', {
        internetMessageId: '<good@contoso.example>',
        sender: 'ceo@contoso.example',
      }),

    approve: async (id: string, verb = 'purge') => [
      await press(id, inSlack('dana'), verb),
      await press(id, inTeams('omar'), verb),
    ],

    /** Nothing was touched, both chats say so, and the record says it once. */
    async expectNothingRan(id: string, what: string): Promise<void> {
      await carryOut(id);
      await draw(id);
      expect(tonight().mail.effects).toEqual([]);
      for (const platform of ['slack', 'teams'] as const) {
        const view = card(id, platform);
        expect([view?.status, view?.tone]).toEqual([expect.stringContaining(TAMPERED), 'bad']);
        expect(view?.status).toContain(what);
        expect([view?.canPurge, view?.canReject, view?.canUndo, view?.canReopen]).toEqual([false, false, false, false]);
      }
      const said = await entries(id, 'integrity.broken');
      expect(said.map(({ detail }) => detail.what)).toEqual([expect.stringContaining(what)]);
    },
  };
}
