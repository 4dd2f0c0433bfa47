import { CONTAIN_LABELS, ContainFormView } from '../../core/tell/contain-form.ts';
import { compileCard } from '../chat/template.ts';

/** Measures about people in Teams: what was found, with a button below it, and the form; only who pressed sees either. */

/** As for every card. */
const MOST_BYTES = 25_000;

const folder = `${import.meta.dirname}/../../../cards/teams`;
const fits = (card: unknown) => Buffer.byteLength(JSON.stringify(card)) <= MOST_BYTES;
const people = compileCard(`${folder}/people.json`, fits);
const form = compileCard(`${folder}/contain.json`, fits);
const LABELS = Object.fromEntries(Object.entries(CONTAIN_LABELS).map(([name, label]) => [`${name}Label`, label]));

interface Shown {
  readonly lines: readonly { readonly text: string }[];
  readonly incident: string;
  /** The same in plain characters. */
  readonly id: string;
  readonly digest: string;
}

export function peopleCard(shown: Shown): object {
  return people(shown) as object;
}

export function containFormCard(view: ContainFormView, id: string): object {
  const { field: _field, chosenWho, ...shown } = ContainFormView.parse(view);
  const who = { hasWho: shown.who.length > 0, chosenWho: chosenWho.join(',') };
  return form({ ...shown, ...who, ...LABELS, id }) as object;
}
