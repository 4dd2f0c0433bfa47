import type { types } from '@slack/bolt';
import { FlagFormView, type FlagListView, presentFlags } from '../../core/tell/flag-view.ts';
import { FLAG_LISTS, type FlagList, type FlagWhich } from '../../core/tell/flags.ts';
import { compileCard } from '../chat/template.ts';

/** Flagged mailboxes in Slack: a message or a window for one pair of eyes, a part of the Home tab, and the form that asks why. */

export interface FlagCards {
  list(list: FlagList): { readonly text: string; readonly blocks: types.KnownBlock[] };
  /** For the Home tab, below what waits. */
  onHome(list: FlagList): types.KnownBlock[];
  /** `place` travels in the window: where it was asked for. */
  form(form: FlagFormView, place: { readonly channel: string }): types.ModalView;
}

const FOLDER = `${import.meta.dirname}/../../../cards/slack`;
/** As for cards: the figure is not published. */
const MOST_BYTES = 30_000;
/** Two blocks a line, of the 50 that a message holds; as many as stay readable. */
const MOST_LINES = 10;
/** What a Home tab has room for beside the queue. */
const MOST_ON_HOME = 6;
/** Two for each line, and heading, time, buttons, notes and the words for none. */
export const BLOCKS_ON_HOME = 2 * MOST_ON_HOME + 8;

const LISTS: Readonly<Record<FlagWhich, string>> = {
  open: 'Refresh',
  mine: 'Mine',
  overdue: 'Overdue',
  cleared: 'Cleared',
};

export function flagCards(): FlagCards {
  const fits = (card: unknown) => Buffer.byteLength(JSON.stringify(card)) <= MOST_BYTES;
  const list = compileCard(`${FOLDER}/flags.json`, fits);
  const form = compileCard(`${FOLDER}/flag-form.json`, fits);
  const blocks = (all: FlagList, most: number) =>
    (list(shownOf(presentFlags(all, most))) as { blocks: types.KnownBlock[] }).blocks;
  return {
    list: (all) => ({ text: 'Clawback: flagged mailboxes', blocks: blocks(all, MOST_LINES) }),
    onHome: (all) => blocks(all, MOST_ON_HOME),
    form(view, place) {
      const { flag, verb, seen, problem: _told, ...words } = FlagFormView.parse(view);
      const own = { flag, verb, seen: Number(seen), ...place };
      return form({ ...words, flag, private: JSON.stringify(own) }) as unknown as types.ModalView;
    },
  };
}

/** Of each line first its words and then its buttons: templates repeat one block, and both have elements. */
function shownOf({ title, asOf, notes, none, lines }: FlagListView) {
  const rows = lines.flatMap(({ buttons, ...line }, nth) => [
    { ...line, type: 'rich_text', block: `cb:flags:${nth}:text`, isText: true, buttons: [] },
    ...(buttons.length === 0
      ? []
      : [{ ...line, type: 'actions', block: `cb:flags:${nth}`, isText: false, buttons: buttons.map(buttonOf) }]),
  ]);
  const lists = FLAG_LISTS.map((which) => ({ which, label: LISTS[which], action: `cb:flags:${which}` }));
  return { title, asOf, notes, none, lists, rows };
}

function buttonOf({ verb, label, flag, seen }: FlagListView['lines'][number]['buttons'][number]) {
  return { action: `cb:flag:${verb}`, label, buttonValue: JSON.stringify({ flag, seen: Number(seen) }) };
}
