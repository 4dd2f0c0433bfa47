import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { flagging } from './flagging.ts';
import { holding } from './holding.ts';
import { knowsPeople, measuresOf, measuring, ofAccount, policyOf } from './measuring.ts';
import { inSlack, inTeams } from './telling.ts';

/** Two people decide about the same flag, or the same measures, at the same moment: one of them does, and the other is told. */

describe('two presses on one flag', () => {
  const { night, flags, flagged, flagEntries, shown, press, say } = flagging();
  const { whileHeld, theRecord } = holding(night);
  const codes = (answers: readonly { readonly code: string }[]) => answers.map(({ code }) => code).sort();
  const both = async (id: string, verb: 'take' | 'clear' | 'contain', other = verb) => {
    const seen = (await shown(id)).flag.version;
    const asks = { is: 'do', flag: id, seen, reason: 'nothing was found' } as const;
    return whileHeld(theRecord, [
      () => flags(inSlack('dana'), { ...asks, verb }),
      () => flags(inTeams('omar'), { ...asks, verb: other }),
    ]);
  };

  it('to take it: one owns it', async () => {
    const { id } = await flagged(71);
    expect(codes(await both(id, 'take'))).toEqual(['flag-changed', 'flag-taken']);
    expect(await flagEntries(id, 'flag.taken')).toHaveLength(1);
  });

  it('to clear it: it is cleared once', async () => {
    const { id } = await flagged(72);
    await press(inSlack('dana'), 'take', id);
    expect(codes(await both(id, 'clear'))).toEqual(['flag-changed', 'flag-cleared']);
    expect(await flagEntries(id, 'flag.cleared')).toHaveLength(1);
  });

  it('to call it contained, and to clear it: it is one of the two', async () => {
    const { id } = await flagged(73);
    await press(inSlack('dana'), 'take', id);
    expect(codes(await both(id, 'contain', 'clear'))).toContain('flag-changed');
    expect(await flagEntries(id, 'flag.cleared', 'flag.contained')).toHaveLength(1);
    expect(await say(inSlack('dana'), 'flags')).toMatchObject({ code: 'flags' });
  });
});

describe('two presses on one list of measures', () => {
  let night: Night;
  const { service, measures, asUsual } = measuresOf();
  const { asked, pressList, shows, outcomes } = measuring(() => night);
  const { whileHeld, theRecord } = holding(() => night);
  const account = ofAccount('disable-account');
  const entries = async (incident: string, ...types: readonly string[]) =>
    (await night.entries(incident)).filter(({ type }) => types.includes(type));

  beforeAll(async () => {
    night = await startNight({ policy: policyOf({ approver: 1 }), measures });
    knowsPeople(night);
  });
  afterAll(() => night.close());
  beforeEach(asUsual);

  it('to approve and to decline: it is begun or declined, never both', async () => {
    const { id, incident } = await asked('disable-account ann@contoso.example because she clicked');
    await whileHeld(theRecord, [
      () => pressList(id, inTeams('omar'), 'measures-apply'),
      () => pressList(id, inTeams('lena'), 'measures-decline'),
    ]);
    const ends = await entries(incident, 'measures.begun', 'measures.closed');
    expect(ends).toHaveLength(1);
    const isBegun = ends[0]?.type === 'measures.begun';
    await shows(id, isBegun ? 'Contained' : 'Declined');
    expect(service.now(account)).toMatchObject({ accountEnabled: !isBegun });
  });

  it('to approve, twice: it is begun once, and done once', async () => {
    const { id, incident } = await asked('disable-account ann@contoso.example because she clicked');
    await whileHeld(theRecord, [
      () => pressList(id, inTeams('omar'), 'measures-apply'),
      () => pressList(id, inTeams('lena'), 'measures-apply'),
    ]);
    await shows(id, 'Contained');
    expect(await entries(incident, 'measures.begun')).toHaveLength(1);
    expect(await outcomes(incident)).toEqual(['apply disable-account: done']);
  });

  it('to have it put back, twice: it is put back once', async () => {
    const { id, incident } = await asked('disable-account ann@contoso.example because she clicked');
    await pressList(id, inTeams('omar'), 'measures-apply');
    await shows(id, 'Contained');
    await whileHeld(theRecord, [
      () => pressList(id, inTeams('omar'), 'measure-back', { page: 1 }),
      () => pressList(id, inTeams('lena'), 'measure-back', { page: 1 }),
    ]);
    await shows(id, 'Put back');
    expect(await entries(incident, 'measures.begun')).toHaveLength(2);
    expect(service.now(account)).toMatchObject({ accountEnabled: true });
  });
});
