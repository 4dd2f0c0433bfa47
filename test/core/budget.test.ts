import { describe, expect, it } from 'vitest';
import { alerterOf, isGranted, mayRise, risesBy } from '../../src/core/tell/budget.ts';
import { alertOf } from '../support/cases.ts';

/** How many cards an hour brings, and who has them. */

const LIMITS = { perHour: 20, detectorPerHour: 200 };
const claims = { confidence: 100, actFirst: false, recipients: true, ids: true, reporters: true };
const from = (kind: 'detector' | 'report' | 'operator', reporters = true) => ({
  ...{ name: 's', kind },
  claims: { ...claims, reporters },
});
const ann = { entraId: null, address: 'ann@contoso.example' };

/** How many of a thousand in a row are granted. */
function grantedOf(who: 'person' | 'nobody' | 'detector', before = 0): number {
  let own = 0;
  for (let n = 0; n < 1_000; n += 1) if (isGranted(LIMITS, who, { all: before + own, own })) own += 1;
  return own;
}

describe('one sender of alerts', () => {
  it('a person who reports a thousand mails has few of the cards', () => {
    expect(grantedOf('person')).toBe(4);
  });

  it('a source that proves nobody has half of them', () => {
    expect([grantedOf('nobody'), grantedOf('nobody', 15)]).toEqual([10, 5]);
  });

  it('a detector has its own', () => {
    expect([grantedOf('detector'), grantedOf('detector', 5_000)]).toEqual([200, 200]);
  });

  it('the last cards are for those who had none', () => {
    expect(isGranted(LIMITS, 'person', { all: 16, own: 1 })).toBe(false);
    expect(isGranted(LIMITS, 'person', { all: 19, own: 0 })).toBe(true);
    expect(isGranted(LIMITS, 'person', { all: 20, own: 0 })).toBe(false);
  });
});

it('who alerts is a person only where the source proves it', () => {
  const of = (change: Record<string, unknown>) => alerterOf(alertOf(change));
  expect([
    of({ from: from('report'), reporter: ann }),
    of({ from: from('report'), reporter: { ...ann, unproven: true } }),
    of({ from: from('report', false), reporter: ann }),
    of({ from: from('report') }),
    of({ from: from('detector'), reporter: ann }),
    of({ from: from('operator') }),
  ]).toEqual(['person', 'nobody', 'nobody', 'nobody', 'detector', null]);
});

describe('an incident has its card after all', () => {
  const evidence = { spf: null, dkim: null, dmarc: null, firstContact: null, files: [], clicks: 1 };
  const rising = (change: Partial<Parameters<typeof risesBy>[0]> = {}) =>
    risesBy({ alert: alertOf({ from: from('report') }), askers: [ann], plan: null, acted: false, ...change });

  it('where three people reported it', () => {
    expect([rising(), rising({ askers: [ann, ann] }), rising({ askers: [ann, ann, ann] })]).toEqual([
      null,
      null,
      'reporters',
    ]);
  });

  it('where it reached a VIP, or something was done', () => {
    expect([rising({ plan: { vip: 0 } }), rising({ plan: { vip: 1 } }), rising({ acted: true })]).toEqual([
      null,
      'fact',
      'fact',
    ]);
  });

  it('where a detector saw a click, and not where a reporter says so', () => {
    const of = (kind: 'detector' | 'report') => rising({ alert: alertOf({ from: from(kind), evidence }) });
    expect([of('detector'), of('report')]).toEqual(['fact', null]);
  });

  it('by reporters alone no more than three times as many as get one at once', () => {
    expect([mayRise(LIMITS, { all: 38 }), mayRise(LIMITS, { all: 39 })]).toEqual([true, false]);
  });
});
