import { describe, expect, it } from 'vitest';
import type { Situation } from '../../src/core/incident/incident.ts';
import { askedFor, campaignLine, shownIn, waveLines } from '../../src/core/tell/campaign-view.ts';
import { DIGEST, planOf } from '../support/card-pictures/parts.ts';
import { factsOf } from '../support/card-pictures/states.ts';

/** What the card of a campaign says of its waves is what a press on it speaks about. */

const lead = factsOf({ stands: 'open' });
function withWaves(...stands: readonly Situation[]) {
  const waves = stands.map((one, n) => {
    const { incident, plan } = factsOf({ stands: one, plan: planOf(1, 1) });
    return { incident: { ...incident, id: `CB-${n + 1}`, campaign: lead.incident.id }, plan };
  });
  return { ...lead, campaign: { waves, digest: DIGEST, followed: null } };
}
const idsOf = (all: readonly { readonly incident: { readonly id: string } }[]) =>
  all.map(({ incident }) => incident.id);

describe('a press for all waves', () => {
  it('speaks of those that have a line on the card: behind more of them nothing can be hidden', () => {
    const facts = withWaves(...Array.from({ length: 12 }, () => 'open' as const));
    const listed = [lead.incident.id, ...waveLines(facts).map(({ incident }) => incident)];
    expect(listed).toHaveLength(9);
    expect(shownIn(facts).map(({ incident }) => incident)).toEqual(listed);
    expect(idsOf(askedFor(facts, 'purge'))).toEqual(listed);
    expect(campaignLine(facts)).toContain('4 more waves in the queue: asked for once those below are done.');
  });

  it('has what is waited for first', () => {
    const facts = withWaves('purged', 'rejected', 'open', 'received');
    expect(waveLines(facts).map(({ incident }) => incident)).toEqual(['CB-3', 'CB-4', 'CB-1', 'CB-2']);
  });

  it('puts back what was taken out, and nothing that only waits', () => {
    const facts = withWaves('open', 'purged', 'flagged', 'junked', 'rejected');
    expect(idsOf(askedFor(facts, 'restore'))).toEqual(['CB-2', 'CB-4']);
  });

  it('is not offered for the mail of the card alone, which has buttons of its own', () => {
    expect(askedFor(withWaves('purged'), 'purge')).toEqual([]);
  });
});
