import { expect, it } from 'vitest';
import { incidentCard } from '../../src/adapters/teams/card.ts';
import { campaignStates } from '../support/card-pictures/campaign-states.ts';
import { offering } from '../support/offers.ts';

/** Teams shows six buttons of a row and drops the others without a word. */

interface Node {
  readonly type?: string;
  readonly actions?: readonly { readonly title: string }[];
}

function nodesIn(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(nodesIn)];
}
const rowsOf = (card: object) =>
  nodesIn(card)
    .filter(({ type }) => type === 'ActionSet')
    .map(({ actions = [] }) => actions.map(({ title }) => title));

const campaign = campaignStates()[0]?.view ?? expect.fail('no state');

it('what speaks of all waves stands in a row of its own', () => {
  const rows = rowsOf(incidentCard(campaign)).filter(([title]) => title !== 'Open');
  expect(rows.map((titles) => titles.every((title) => title.includes('wave')))).toEqual([false, true]);
});

it('more buttons than a row shows stand in another one, and what cannot be undone apart', () => {
  const many = offering('purge', 'hard-purge', 'junk', 'flag', 'reject', 'undo', 'reopen', 'cancel', 'details');
  const rows = rowsOf(incidentCard({ ...campaign, waves: [], ...many }));
  expect(rows.map((titles) => titles.length)).toEqual([6, 2, 1]);
});
