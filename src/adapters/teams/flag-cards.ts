import { FlagFormView, type FlagListView, presentFlags } from '../../core/tell/flag-view.ts';
import { FLAG_LISTS, type FlagList, type FlagWhich } from '../../core/tell/flags.ts';
import { compileCard } from '../chat/template.ts';

/** Flagged mailboxes in Teams: the list for the one who asked, and the form that asks why. */

/** As for every card. */
const MOST_BYTES = 25_000;
/** With their buttons they stay below the bytes of a card. */
const MOST_LINES = 10;

const folder = `${import.meta.dirname}/../../../cards/teams`;
const fits = (card: unknown) => Buffer.byteLength(JSON.stringify(card)) <= MOST_BYTES;
const list = compileCard(`${folder}/flags.json`, fits);
const form = compileCard(`${folder}/flag-form.json`, fits);

const LISTS: Readonly<Record<FlagWhich, string>> = {
  open: 'Refresh',
  mine: 'Mine',
  overdue: 'Overdue',
  cleared: 'Cleared',
};

/** Only the one who pressed sees it, in the place of the card pressed. */
export function flagsCard(all: FlagList): object {
  const { lines, ...head } = presentFlags(all, MOST_LINES);
  return list({ ...head, remark: 'only you see this', lists: listsOf(LISTS), rows: lines.map(rowOf) }) as object;
}

/** Where everybody sees it: how to be shown them, and nothing of them. */
export function veiledFlagsCard({ tenantName, at }: Pick<FlagList, 'tenantName' | 'at'>): object {
  const empty = { open: 0, mine: 0, overdue: 0, differ: [], unlooked: 0, lines: [], who: '' };
  const { tenant } = presentFlags({ ...empty, tenantName, at, which: 'open' }, 0);
  const title = 'Flagged mailboxes';
  const asOf = 'Each person is shown what their roles let them see, and nobody else sees it.';
  const lists = listsOf({ ...LISTS, open: 'Show me' });
  return list({ tenant, remark: 'for one person', title, asOf, notes: [], none: '', lists, rows: [] }) as object;
}

export function flagFormCard(view: FlagFormView): object {
  const { verb, title: _title, ...shown } = FlagFormView.parse(view);
  return form({ ...shown, action: `flag-${verb}` }) as object;
}

function listsOf(labels: Readonly<Record<FlagWhich, string>>) {
  return FLAG_LISTS.map((which) => ({ which, label: labels[which] }));
}

function rowOf({ buttons, ...line }: FlagListView['lines'][number]) {
  const own = buttons.map(({ verb, ...button }) => ({ ...button, action: `flag-${verb}` }));
  return { ...line, hasButtons: own.length > 0, buttons: own };
}
