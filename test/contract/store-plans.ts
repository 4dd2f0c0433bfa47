import { CompiledQuery } from 'kysely';
import { describe, expect, it } from 'vitest';
import { digestOf, seal } from '../../src/adapters/store/ledger.ts';
import type { SealedPlan } from '../../src/core/find/manifest.ts';
import type { Plan } from '../../src/core/find/plan.ts';
import type { Tx } from '../../src/ports/store.ts';
import { copyOf, DIGEST, planOf } from '../support/cases.ts';
import { planOfTheFirstRelease } from '../support/old-database.ts';
import { filedAs, sealed } from '../support/sealed-plans.ts';
import type { DatabaseRig, StoreRig } from './store-rig.ts';

/** A plan with something in each of its lists. */
const full = (change: Partial<Plan> = {}) =>
  planOf({
    copies: [copyOf(1, { refs: { defender: 'n1' }, said: { hunting: 'delivered' } }), copyOf(2), copyOf(3)],
    asked: ['a@x.example', 'b@x.example', 'c@x.example'],
    nothing: ['b@x.example'],
    denied: ['c@x.example'],
    received: ['a@x.example'],
    unresolved: ['d@x.example'],
    recipients: ['p1', 'p2'],
    unsure: [
      {
        key: 'g1',
        differences: ['sender'],
        sender: 's@x.example',
        subject: null,
        from: null,
        until: null,
        addresses: ['a@x.example', 'a@x.example', 'b@x.example'],
      },
    ],
    leftAlone: [{ address: 'a@x.example', why: 'another mail' }],
    shielded: [{ address: 'e@x.example', set: 'board' }],
    ...change,
  });

export function plansContract(rig: StoreRig): void {
  const { store } = rig;
  const save = (plan: SealedPlan) => store.transact((tx) => tx.incidents.savePlan(plan));
  const stored = (under: string) => store.transact((tx) => tx.incidents.storedPlan(under));

  describe('a stored plan', () => {
    it.each<[string, Partial<Plan>]>([
      ['', {}],
      [', with who carries it out', { engine: { first: 'defender', fallback: true } }],
    ])('comes back as it was sealed, whole under its digest%s', async (_name, change) => {
      const plan = sealed(full(change));
      await save(plan);
      const whole = { plan: full(change), intact: true, newer: false };
      const seen = await store.transact(async (tx) => [
        await tx.incidents.storedPlan(plan.digest),
        await tx.incidents.glance(plan.digest),
        await tx.incidents.plan(plan.digest),
      ]);
      expect(seen).toEqual([whole, whole, full(change)]);
    });

    it('is not intact under any other digest, and not there under none', async () => {
      await save(filedAs(DIGEST, planOf()));
      expect([(await stored(DIGEST))?.intact, await stored(sealed(planOf()).digest)]).toEqual([false, null]);
    });

    it('has rows until they are let go of', async () => {
      const plan = sealed(full());
      const rowsLeft = () => store.transact((tx) => tx.incidents.rowsLeft(plan.digest));
      expect(await rowsLeft()).toBe(false);
      await store.transact((tx) => tx.incidents.createOrRepeat(rig.incident('CB-0001')));
      await save(plan);
      expect(await rowsLeft()).toBe(true);
      await store.transact((tx) => tx.retention.remove('CB-0001'));
      expect(await rowsLeft()).toBe(false);
    });

    it('is kept as it was first filed', async () => {
      const plan = sealed(full());
      await save(plan);
      await save(plan);
      expect((await stored(plan.digest))?.intact).toBe(true);
    });

    it('may list more than one statement holds', async () => {
      const plan = planOf({ asked: Array.from({ length: 10_050 }, (_none, n) => `user${10_000 + n}@x.example`) });
      const { digest, ...rest } = sealed(plan);
      await save({ digest, ...rest });
      expect(await stored(digest)).toEqual({ plan, intact: true, newer: false });
    });

    it('is listed with its incident', async () => {
      await save(filedAs('two', planOf()));
      await save(filedAs('one', planOf({ id: 'p2' })));
      await save(filedAs('three', planOf({ incident: 'CB-0002' })));
      expect(await store.transact((tx) => tx.incidents.plansOf('CB-0001'))).toEqual(['one', 'two']);
    });

    it('of a newer version is left, and nobody goes on with it', async () => {
      const manifest = seal.canonical({ version: 5, what: 'nobody knows yet' });
      const digest = digestOf({ version: 5, what: 'nobody knows yet' });
      await save({ ...sealed(planOf()), manifest, digest });
      expect(await stored(digest)).toEqual({ plan: null, intact: true, newer: true });
      await expect(store.transact((tx) => tx.incidents.plan(digest))).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('of a newer version of Clawback'),
      });
    });

    it.each([
      ['of the first release', planOfTheFirstRelease(), { receivedAt: null }],
      ['of the version before', { ...planOf({ id: 'before' }), version: 2 }, { id: 'before' }],
    ])('%s is read as it was filed', async (_what, body, seen) => {
      const digest = digestOf(body);
      await save({ ...sealed(planOf()), manifest: seal.canonical(body), digest, rows: [] });
      const found = await stored(digest);
      expect(found).toMatchObject({ intact: true, newer: false, plan: 'id' in seen ? seen : { key: seen } });
      expect(found?.plan?.copies.map(({ message }) => message)).toEqual(body.copies.map(({ message }) => message));
    });
  });
}

/** Each change is made as somebody would who has the database. */
export function tamperedPlansContract(rig: DatabaseRig): void {
  const { store } = rig;
  const plan = sealed(full());
  const write = async (statement: string, ...values: unknown[]) => {
    await store.transact((tx) => tx.incidents.savePlan(plan));
    await rig.database().db.executeQuery(CompiledQuery.raw(statement, [rig.tenant(), ...values]));
  };
  const seen = () => store.transact((tx) => tx.incidents.storedPlan(plan.digest));

  describe('a plan is not intact', () => {
    it.each(['', '{', 'null', '[]', '{"copies":[null]}', '"text"', '{"version":3}', '{"version":9}'])(
      'whose manifest is %j',
      async (body) => {
        await write('update plan set body = $2 where tenant = $1', body);
        expect(await seen()).toMatchObject({ plan: null, intact: false });
      },
    );

    it.each([
      [
        'a row that says something else',
        `update plan_row set content = replace(content, 'Inbox', 'Junk') where tenant = $1`,
      ],
      ['a row with another salt', `update plan_row set salt = repeat('e', 32) where tenant = $1 and place = 1`],
      ['a row less', `delete from plan_row where tenant = $1 and kind = 'target' and place = 2`],
      ['a row less in the middle', `delete from plan_row where tenant = $1 and kind = 'target' and place = 1`],
      ['no row at all', 'delete from plan_row where tenant = $1'],
      [
        'a row twice',
        `insert into plan_row select tenant, plan, kind, 3, salt, content from plan_row where tenant = $1 and kind = 'target' and place = 2`,
      ],
      [
        'a row of a kind that it has none of',
        `update plan_row set kind = 'form', place = 2 where tenant = $1 and kind = 'shielded'`,
      ],
      [
        'a row of no kind',
        `insert into plan_row select tenant, plan, 'more', 0, salt, content from plan_row where tenant = $1 and kind = 'shielded'`,
      ],
      [
        'rows in each other’s place',
        `
        update plan_row r set salt = o.salt, content = o.content from plan_row o
         where r.tenant = $1 and o.tenant = $1 and r.kind = 'target' and o.kind = 'target' and r.place + o.place = 1`,
      ],
      [
        'a row in a place after a gap',
        `update plan_row set place = 7 where tenant = $1 and kind = 'target' and place = 2`,
      ],
      [
        'two rows in one',
        `update plan_row set content = content || E'\\n' || content where tenant = $1 and kind = 'shielded'`,
      ],
      [
        'a row hidden in another',
        `
        with gone as (delete from plan_row where tenant = $1 and kind = 'target' and place = 2 returning *)
        update plan_row s set content = s.content || E'\\n' || g.kind || ' ' || g.place || ' ' || g.salt || ' ' || g.content
          from gone g where s.tenant = $1 and s.kind = 'shielded'`,
      ],
      ['a row that cannot be read', `update plan_row set content = '{' where tenant = $1 and kind = 'shielded'`],
    ])('with %s', async (_what, statement) => {
      await write(statement);
      expect(await seen()).toMatchObject({ intact: false });
      const among = await store.transact((tx) => tx.incidents.glances([plan.digest]));
      expect(among.get(plan.digest)).toMatchObject({ intact: false });
    });
  });

  describe('a row more is seen', () => {
    const nothing: Partial<Plan> = { copies: [], forms: { internetMessageIds: [], senders: [] } };
    it.each([
      ['of a plan that has none', planOf(nothing), 0],
      // Rows come out by so many places at a time.
      [
        'behind the last one of a page',
        planOf({ ...nothing, asked: Array.from({ length: 5_000 }, (_none, n) => `user${10_000 + n}@x.example`) }),
        5_000,
      ],
    ])('%s', async (_what, of, count) => {
      const { digest, ...rest } = sealed(of);
      expect(rest.rows).toHaveLength(count);
      await store.transact((tx) => tx.incidents.savePlan({ digest, ...rest }));
      const ask = () => store.transact((tx) => tx.incidents.storedPlan(digest));
      expect(await ask()).toEqual({ plan: of, intact: true, newer: false });
      const more = `insert into plan_row values ($1, $2, 'address', $3, repeat('e', 32), $4)`;
      const row = '{"address":"z@x.example","in":["asked"]}';
      await rig.database().db.executeQuery(CompiledQuery.raw(more, [rig.tenant(), digest, count, row]));
      expect(await ask()).toMatchObject({ intact: false });
    });

    it('though it cannot be read, of a plan that has none', async () => {
      const plan = sealed(planOf(nothing));
      await store.transact((tx) => tx.incidents.savePlan(plan));
      const more = `insert into plan_row values ($1, $2, 'address', 0, '', E'{\\n')`;
      await rig.database().db.executeQuery(CompiledQuery.raw(more, [rig.tenant(), plan.digest]));
      const [among, alone] = await store.transact(async (tx) => [
        (await tx.incidents.glances([plan.digest])).get(plan.digest),
        await tx.incidents.storedPlan(plan.digest),
      ]);
      expect([among?.intact, alone?.intact]).toEqual([false, false]);
    });
  });

  it('a plan in memory is not taken for one whose manifest was changed since', async () => {
    const own = rig.storeOf(rig.tenant());
    const ask = () =>
      own.transact(async (tx) => [
        await tx.incidents.glance(plan.digest),
        (await tx.incidents.glances([plan.digest])).get(plan.digest),
      ]);
    await write('select $1');
    expect((await ask()).map((one) => one?.intact)).toEqual([true, true]);
    await write(`update plan set body = replace(body, $2, $3) where tenant = $1`, '"legalHold":0', '"legalHold":1');
    expect((await ask()).map((one) => one?.intact)).toEqual([false, false]);
    await write('update plan set body = $2 where tenant = $1', '{}');
    expect((await ask()).map((one) => one?.intact)).toEqual([false, false]);
  });

  it.each<[string, (tx: Tx) => Promise<unknown>]>([
    ['alone', (tx) => tx.incidents.glance(plan.digest)],
    ['among many', async (tx) => (await tx.incidents.glances([plan.digest])).get(plan.digest)],
  ])('a plan that was found whole is kept in memory however it was asked for: %s', async (_how, ask) => {
    const own = rig.storeOf(rig.tenant());
    await write('select $1');
    const first = await own.transact(ask);
    await write('delete from plan_row where tenant = $1');
    expect([first, await own.transact(ask)]).toEqual([
      { plan: full(), intact: true, newer: false },
      { plan: full(), intact: true, newer: false },
    ]);
  });

  it('a plan that was found whole is drawn from memory, and read anew where it is decided about', async () => {
    const own = rig.storeOf(rig.tenant());
    const ask = () =>
      own.transact(async (tx) => [
        await tx.incidents.glance(plan.digest),
        (await tx.incidents.glances([plan.digest])).get(plan.digest) ?? null,
        await tx.incidents.storedPlan(plan.digest),
      ]);
    await write('select $1');
    await ask();
    await write(`delete from plan_row where tenant = $1 and kind = 'target'`);
    const [glance, among, stored] = await ask();
    expect([glance?.intact, glance?.plan?.copies.length, among, stored?.intact]).toEqual([true, 3, glance, false]);
    await write('delete from plan where tenant = $1');
    expect(await ask()).toEqual([null, null, null]);
  });
}
