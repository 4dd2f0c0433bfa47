import { expect, it } from 'vitest';
import { restore } from '../../src/core/action/restore.ts';
import type { MeasureList } from '../../src/core/find/measure-list.ts';
import { accountOf } from '../../src/core/record/measures.ts';
import { shownIn } from '../../src/core/tell/campaign-view.ts';
import { presentFlags } from '../../src/core/tell/flag-view.ts';
import { presentMeasures } from '../../src/core/tell/measures-view.ts';
import { stateWords } from '../../src/core/tell/state-words.ts';
import { flagListOf, flagOf } from '../support/card-pictures/flag-states.ts';
import { factsOf, incidentOf, planOf, runOf } from '../support/cases.ts';
import { CHAT_NAMES } from '../support/fake-rooms.ts';

/** What a card says where one condition decides between two words. */

it('a case that is looked at again says so, and one that is new says that', () => {
  const words = (runs: readonly never[]) => stateWords(factsOf('received', { runs }), 'nothing');
  expect(words([])).toBe('Looking for copies');
  expect(words([runOf({ removed: 1 }) as never])).toBe('Looking again');
});

it('a press for all speaks of no wave without a list, and of none that differs from the record', () => {
  const wave = (id: string, change: object) => ({ incident: incidentOf('open', { id, ...change }), plan: planOf() });
  const waves = [wave('CB-2', { planDigest: null }), wave('CB-3', { breach: 'x' }), wave('CB-4', {})];
  const facts = { ...factsOf('open'), campaign: { waves, digest: 'd', followed: null } };
  expect(shownIn(facts).map(({ incident }) => incident)).toEqual(['CB-0001', 'CB-4']);
});

it('what is known of a flag stands one beside the other, with nothing between', () => {
  const [line] = presentFlags(flagListOf([flagOf(1)]), 5).lines;
  expect(line?.facts.split(' \u00b7 ').every((part) => part.trim() !== '')).toBe(true);
});

it('a copy that nobody saw before goes back with the marks that it has', () => {
  const seen = {
    ...{ internetMessageId: null, sender: null, folderId: 'bin', inRecoverableItems: true, isRead: true },
    ...{ flag: 'flagged', categories: ['red'] },
  };
  if (restore.effect.of !== 'putBack') throw new Error('it is put back');
  expect(restore.effect.wanted(seen, { before: null })).toMatchObject({
    folderId: 'bin',
    isRead: true,
    categories: ['red'],
  });
});

it.each<[string, string]>([
  ['Get-InboxRule', 'Get-InboxRule'],
  [`Get-InboxRule ${'x'.repeat(700)}`, 'too long for a card: clawback incident shows it'],
  ['Get-InboxRule {{x}}', 'too long for a card: clawback incident shows it'],
  ['\u202e', 'too long for a card: clawback incident shows it'],
])('a line for an administrator stands on the card as it is, or not at all: %j', (line, shown) => {
  const list: MeasureList = {
    ...{
      id: 'CM-1',
      incident: 'CB-1',
      at: '2026-11-20T08:00:00.000Z',
      until: '2026-11-20T09:00:00.000Z',
      mode: 'live' as const,
    },
    ...{ policy: 'p', playbook: null, asker: { person: 'dana', name: 'Dana' }, reason: 'x', measures: [], left: 0 },
    ...{ byHand: [{ address: 'ann@contoso.example', line, isFound: true }], salt: 's' },
  };
  const view = presentMeasures({
    ...{ tenantName: 'contoso', id: 'CM-1', incident: 'CB-1', openByHand: [], chatNames: CHAT_NAMES },
    made: { list, digest: 'd'.repeat(64), account: accountOf([]) },
    brake: { stopped: false, by: null, reason: null, at: null },
    now: '2026-11-20T08:30:00.000Z',
  });
  expect(view.byHand.map(({ command }) => command)).toEqual([shown]);
});
