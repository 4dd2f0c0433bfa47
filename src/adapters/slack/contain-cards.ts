import type { types } from '@slack/bolt';
import { CONTAIN_LABELS, ContainFormView } from '../../core/tell/contain-form.ts';
import { compileCard } from '../chat/template.ts';

/** Measures about people in Slack: what was found, with a button below it, and the form in a window. */

interface Ids {
  readonly incident: string;
  readonly digest: string;
}

export interface ContainCards {
  people(
    lines: readonly { readonly text: string }[],
    ids: Ids,
  ): { readonly text: string; readonly blocks: types.KnownBlock[] };
  /** `channel` travels in the window: where it was asked for. */
  form(form: ContainFormView, channel: string): types.ModalView;
}

const FOLDER = `${import.meta.dirname}/../../../cards/slack`;
/** As for cards: the figure is not published. */
const MOST_BYTES = 30_000;
const LABELS = Object.fromEntries(Object.entries(CONTAIN_LABELS).map(([name, label]) => [`${name}Label`, label]));

export function containCards(): ContainCards {
  const fits = (card: unknown) => Buffer.byteLength(JSON.stringify(card)) <= MOST_BYTES;
  const form = compileCard(`${FOLDER}/contain.json`, fits);
  const people = compileCard(`${FOLDER}/people.json`, fits);
  return {
    people(lines, ids) {
      const card = people({ lines, incident: ids.incident, buttonValue: JSON.stringify(ids) });
      return { text: 'Clawback has an answer for you.', blocks: (card as { blocks: types.KnownBlock[] }).blocks };
    },
    form(view, channel) {
      const { incident, digest, intro, what, who } = ContainFormView.parse(view);
      const place = JSON.stringify({ incident, digest, channel });
      const shown = { incident, intro, what, who, hasWho: who.length > 0, ...LABELS, private: place };
      return form(shown) as unknown as types.ModalView;
    },
  };
}
