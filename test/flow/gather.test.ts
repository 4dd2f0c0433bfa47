import { describe, expect, it } from 'vitest';
import { type Cast, seatPeople } from '../../src/core/ask/tally.ts';
import { castKey, gather, othersIn } from '../../src/flow/decide/again.ts';
import type { NoStanding, Standing } from '../../src/flow/decide/standing.ts';
import { person } from '../support/cases.ts';

/** Votes that were given, and what is known of those who gave them at the moment they are to take effect. */

const cast = (n: number, roles: readonly string[] = ['approver']): Cast => ({
  person: person(n).entraId,
  name: person(n).name,
  roles,
  platform: 'slack',
  account: person(n).slackId,
});
const [ana, bob, cas] = [cast(1), cast(2), cast(3)];
const known = ({ person: id, name, roles }: Cast, change: Partial<Standing> = {}): Standing => ({
  is: 'known',
  person: id,
  name,
  addresses: [],
  roles,
  certain: true,
  ...change,
});
const not = (why: NoStanding['why']): NoStanding => ({ is: 'refused', why, person: null });
const lookedAt = (...all: readonly (readonly [Cast, Standing | NoStanding])[]) =>
  new Map(all.map(([one, now]) => [castKey(one), now]));
const gathered = (
  earlier: readonly Cast[],
  vote: Cast,
  looked: ReadonlyMap<string, Standing | NoStanding> = new Map(),
  seats: readonly { role: string; count: number }[] = [{ role: 'approver', count: 2 }],
) => gather({ earlier, vote, looked, count: (votes) => seatPeople(votes, seats), conflict: () => null });

describe('who is asked about', () => {
  it('is nobody while there are too few', () => {
    expect(gathered([], ana)).toMatchObject({ starts: false, gone: [], unsure: [], refused: null });
  });

  it('is everybody on a seat, once there are enough, and nobody else', () => {
    expect(gathered([ana], bob)).toEqual({ askAbout: [ana, bob] });
    expect(gathered([ana, bob], cas)).toEqual({ askAbout: [ana, bob] });
    expect(gathered([ana], bob, lookedAt([ana, known(ana)]))).toEqual({ askAbout: [bob] });
  });
});

describe('what is to take effect', () => {
  it('does, where all are who they were', () => {
    expect(gathered([ana], bob, lookedAt([ana, known(ana)], [bob, known(bob)]))).toMatchObject({
      starts: true,
      gone: [],
      unsure: [],
      refused: null,
    });
  });

  it('does, whatever is known of somebody who has no seat', () => {
    const looked = lookedAt([ana, known(ana)], [bob, known(bob)], [cas, not('deactivated')]);
    expect(gathered([ana, bob], cas, looked)).toMatchObject({ starts: true, refused: null });
  });

  it('does not, where one is locked out', () => {
    const looked = lookedAt([ana, not('deactivated')], [bob, known(bob)]);
    expect(gathered([ana], bob, looked)).toMatchObject({
      starts: false,
      gone: [{ vote: ana, why: 'deactivated' }],
      refused: null,
    });
  });

  it('does not, where whoever pressed last is locked out', () => {
    const looked = lookedAt([ana, known(ana)], [bob, not('deactivated')]);
    expect(gathered([ana], bob, looked)).toMatchObject({ starts: false, refused: { code: 'deactivated' } });
  });

  it('does not, where whoever pressed last lost the role, and says which are asked', () => {
    const looked = lookedAt([ana, known(ana)], [bob, known(bob, { roles: [] })]);
    expect(gathered([ana], bob, looked)).toMatchObject({
      starts: false,
      refused: { code: 'not-asked', seats: [{ role: 'approver', count: 2 }] },
    });
  });

  it('waits for those who cannot be asked about, and names only them', () => {
    const seats = [{ role: 'approver', count: 3 }];
    const looked = lookedAt([ana, not('cannot-check')], [bob, known(bob)], [cas, known(cas)]);
    expect(gathered([ana, bob], cas, looked, seats)).toMatchObject({ starts: false, gone: [], unsure: [ana] });
    const neither = lookedAt([ana, not('cannot-check')], [bob, not('cannot-check')]);
    expect(gathered([ana], bob, neither)).toMatchObject({
      starts: false,
      unsure: [ana],
      refused: { code: 'cannot-check' },
    });
  });
});

describe('a role that is not held any more', () => {
  const both = cast(1, ['approver', 'reader']);
  const nowThat = (change: Partial<Standing>) =>
    gathered([both], bob, lookedAt([both, known(both, change)], [bob, known(bob)]));

  it('takes the vote away where it is asked for', () => {
    expect(nowThat({ roles: ['reader'] })).toMatchObject({ starts: false, gone: [{ vote: both, why: 'lost-role' }] });
  });

  it('takes nothing away where nobody asks for it', () => {
    expect(nowThat({ roles: ['approver'] })).toMatchObject({ starts: true, gone: [] });
  });

  it('takes nothing away, and starts nothing, where a group could not be asked', () => {
    expect(nowThat({ roles: ['reader'], certain: false })).toMatchObject({ starts: false, gone: [], unsure: [both] });
  });
});

it('what is said of the others names each, and is nothing where there is nothing', () => {
  expect(othersIn({ gone: [], unsure: [] })).toEqual({ lost: [], unsure: [] });
  expect(othersIn({ gone: [{ vote: ana, why: 'guest' }], unsure: [bob, cas] })).toEqual({
    lost: [{ name: 'Approver 1', why: 'guest' }],
    unsure: ['Approver 2', 'Approver 3'],
  });
});
