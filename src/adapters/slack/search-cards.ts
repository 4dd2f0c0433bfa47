import type { types } from '@slack/bolt';
import { FoundView } from '../../core/tell/found-view.ts';
import { FIELD_LABELS, type SearchFormView } from '../../core/tell/search-form.ts';
import { compileCard } from '../chat/template.ts';

/** Looking for mail in Slack: the form in a window, and what was found, for one pair of eyes. */

export interface SearchCards {
  /** `channel` travels in the window: where it was asked for. */
  form(form: SearchFormView, channel: string): types.ModalView;
  found(found: FoundView): { readonly text: string; readonly blocks: types.KnownBlock[] };
}

const FOLDER = `${import.meta.dirname}/../../../cards/slack`;
/** As for cards: the figure is not published. */
const MOST_BYTES = 30_000;

const LABELS = Object.fromEntries(Object.entries(FIELD_LABELS).map(([name, label]) => [`${name}Label`, label]));

export function searchCards(): SearchCards {
  const fits = (card: unknown) => Buffer.byteLength(JSON.stringify(card)) <= MOST_BYTES;
  const form = compileCard(`${FOLDER}/search.json`, fits);
  const found = compileCard(`${FOLDER}/found.json`, fits);
  return {
    form: ({ intro }, channel) =>
      form({ intro, ...LABELS, private: JSON.stringify({ channel }) }) as unknown as types.ModalView,
    found(view) {
      const { search, title, asked, notes, mails } = FoundView.parse(view);
      const card = found({ title, asked, notes, buttonValue: JSON.stringify({ search }), rows: rowsOf(search, mails) });
      const { blocks } = card as { blocks: types.KnownBlock[] };
      return { text: 'Clawback: what your search found', blocks };
    },
  };
}

/** Of each mail first its words and then its button: templates repeat one block, and both have elements. */
function rowsOf(search: string, mails: FoundView['mails']) {
  return mails.flatMap((mail, nth) => {
    const row = { ...mail, action: `cb:file:${nth}`, buttonValue: JSON.stringify({ search, mail: mail.mail }) };
    return [
      { ...row, type: 'rich_text', block: `cb:found:${nth}:text`, isText: true, isButton: false },
      { ...row, type: 'actions', block: `cb:found:${nth}`, isText: false, isButton: true },
    ];
  });
}
