import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ofType } from '../../src/core/record/ledger.ts';
import type { Flow } from '../../src/flow/flow.ts';
import { work } from '../../src/flow/sweep.ts';
import { Killed, type Moment, mortal } from '../fault/mortal.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { GRANT, IMAGES, knowsPeople, measuresOf, measuring, policyOf, RULE } from './measuring.ts';
import { inTeams } from './telling.ts';

/**
 * A process dies at each step of a list of measures, on its way there and on its way back. The next one brings it to its end:
 * nothing is lost, nothing is told twice, and what was seen before is what comes back.
 */

let night: Night;
const { service, found, measures, asUsual } = measuresOf();
const { report, want, stored, digestOf, pressList, list } = measuring(() => night);

beforeAll(async () => {
  night = await startNight({ policy: policyOf(), measures, workers: false, intruded: true });
  knowsPeople(night);
});
afterAll(() => night.close());
function asBefore(): void {
  asUsual();
  found.measures = [RULE, GRANT];
}
beforeEach(asBefore);

/** What a dead process held is free again: here at once, else after half a minute. */
const free = () => night.intrude(`update measure_list set held_until = null, not_before = '-infinity'`);
const go = (id: string, flow: Flow = night.flow) => work(flow, { queue: 'measures', list: id });

/** The nth moment of its work is its last one; null where it came to its end before. */
async function dies(id: string, nth: number): Promise<Moment | null> {
  const life = mortal(night.flow, { moment: null, nth });
  await go(id, life.flow).catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error;
  });
  return life.died();
}

/** Where it is pressed; drawing is no part of what dies here, and there are a hundred and fifty deaths. */
async function draw(id: string, ...platforms: readonly ('slack' | 'teams')[]): Promise<void> {
  for (const platform of platforms) {
    await night.intrude(
      `update card set not_before = '-infinity', due = (incident = $1), awaited = (incident = $1), lease = null`,
      id,
    );
    await night.intrude(`update room set next_at = '-infinity', held_until = null, turn = 0`);
    await night.run({ queue: 'deliver', incident: id, platform });
  }
}

async function asks(): Promise<{ readonly id: string; readonly incident: string }> {
  const { id: incident } = await report();
  await night.run({ queue: 'scope', incident });
  return { id: await want(incident, 'found ann@contoso.example because she clicked'), incident };
}

async function approved(): Promise<{ readonly id: string; readonly incident: string }> {
  const one = await asks();
  await go(one.id);
  await draw(one.id, 'teams');
  expect(await pressList(one.id, inTeams('omar'), 'measures-apply')).toMatchObject({ code: 'measures-begun' });
  return one;
}

const told = async (incident: string) =>
  (await night.entries(incident))
    .filter(ofType('measure.outcome'))
    .map(({ detail, outcome }) => `${detail.errand} ${detail.item} ${outcome}`);

/** Every third death, from the first, the second or the third: there are some seventy on each way, and each takes a list of its own. */
const THIRDS = [1, 2, 3] as const;

describe('a process that dies', () => {
  const seen = new Set<string>();

  it('while the list is made: it is made once, by the next one', async () => {
    for (let nth = 1; ; nth += 1) {
      const { id, incident } = await asks();
      const death = await dies(id, nth);
      await free();
      await go(id);
      const asked = (await night.entries(incident)).filter(ofType('measures.asked'));
      expect(asked.map(({ detail }) => detail.digest)).toEqual([await digestOf(id)]);
      if (death === null) break;
    }
  });

  it.each(THIRDS)(
    'while they are carried out: each is done and told once, and what was there before is known (%i)',
    async (first) => {
      for (let nth = first; ; nth += THIRDS.length) {
        asBefore();
        const { id, incident } = await approved();
        const death = await dies(id, nth);
        if (death) seen.add(`${death.step} ${death.when}`);
        await free();
        night.clock.now += 61_000;
        await go(id);
        expect(await told(incident), `died at ${JSON.stringify(death)}`).toEqual(['apply 1 done', 'apply 2 done']);
        expect(service.now(RULE)).toEqual({ ...IMAGES.rule, isEnabled: false });
        expect(service.now(GRANT)).toBeNull();
        if (death === null) break;
      }
    },
  );

  it('has died before and after all that it asks for, and at every commit', () => {
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'measures.apply before',
        'measures.apply after',
        'measures.look after',
        'commit measure.intent within',
        'commit measure.intent after',
        'commit measure.outcome within',
        'commit measure.outcome after',
      ]),
    );
  });

  it.each(THIRDS)('while they are put back: each comes back once, as it was (%i)', async (first) => {
    for (let nth = first; ; nth += THIRDS.length) {
      asBefore();
      const { id, incident } = await approved();
      await go(id);
      await draw(id, 'teams');
      expect(await pressList(id, inTeams('omar'), 'measures-back')).toMatchObject({ code: 'measures-begun' });
      const death = await dies(id, nth);
      await free();
      night.clock.now += 61_000;
      await go(id);
      expect((await told(incident)).slice(2), `died at ${JSON.stringify(death)}`).toEqual([
        'back 1 put-back',
        'back 2 put-back',
      ]);
      expect(service.now(RULE)).toEqual(IMAGES.rule);
      if (death === null) break;
    }
  });
});

describe('two processes at once', () => {
  it('do each measure once', async () => {
    const { id, incident } = await approved();
    const before = service.sent.length;
    await Promise.all([go(id), go(id), go(id)]);
    expect(await told(incident)).toEqual(['apply 1 done', 'apply 2 done']);
    expect(service.sent).toHaveLength(before + 2);
  });

  it('one that was frozen while another took over writes nothing down', async () => {
    const { id, incident } = await approved();
    let frozen = true;
    const slow: Flow = {
      ...night.flow,
      measures: {
        ...measures,
        service: {
          ...service,
          apply: async (measure, image, step) => {
            if (!frozen) return service.apply(measure, image, step);
            frozen = false;
            // Its claim ends, and somebody else brings all of it to its end.
            await free();
            night.clock.now += 61_000;
            await go(id);
            return service.apply(measure, image, step);
          },
        },
      },
    };
    await go(id, slow);
    expect(await told(incident)).toEqual(['apply 1 done', 'apply 2 done']);
  });
});

describe('somebody who writes into the database', () => {
  const tampered = 'Differs from the record';

  it('cannot make another list of the one that was asked about', async () => {
    const { id } = await asks();
    await go(id);
    await draw(id, 'slack', 'teams');
    await night.intrude(`update measure_list set list = replace(list, 'rule-1', 'rule-2') where id = $1`, id);
    expect(await pressList(id, inTeams('omar'), 'measures-apply')).toMatchObject({ code: 'tampered' });
    await draw(id, 'slack', 'teams');
    expect(list(id)?.state).toBe(tampered);
  });

  it('cannot have a list carried out that nobody has approved', async () => {
    const { id, incident } = await asks();
    await go(id);
    await night.intrude(`update measure_list set is_open = true where id = $1`, id);
    await go(id);
    expect(await told(incident)).toEqual([]);
    expect(service.now(RULE)).toEqual(IMAGES.rule);
  });

  it('cannot change an approved list before it is carried out', async () => {
    const { id, incident } = await approved();
    await night.intrude(`update measure_list set list = replace(list, 'rule-1', 'rule-2') where id = $1`, id);
    await go(id);
    expect(await told(incident)).toEqual([]);
    expect((await stored(id))?.list).not.toBeNull();
  });

  it('cannot choose what is put back', async () => {
    const { id, incident } = await approved();
    await go(id);
    await draw(id, 'teams');
    await night.intrude(
      `update measure_image set image = replace(image, 'Mail.Read', 'Mail.ReadWrite') where list = $1 and seen = 'before'`,
      id,
    );
    await pressList(id, inTeams('omar'), 'measure-back', { page: 2 });
    await go(id);
    expect((await night.audit()).differences).toContain(
      `${incident}: what was seen before measure 2 of ${id} is not what the record says`,
    );
    expect((await told(incident)).at(-1)).toBe('back 2 refused');
    expect(service.now(GRANT)).toBeNull();
  });
});
