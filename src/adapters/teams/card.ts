import { CardView, DetailsView, GatheredView } from '../../core/card.ts';
import { shortDigest } from '../../core/plan.ts';
import { clip } from '../../core/text.ts';
import type { Reply } from '../../ports/desk.ts';
import { compileCard } from './template.ts';

export const CARD_TYPE = 'application/vnd.microsoft.card.adaptive';
/** Teams takes about 100 KB per message and keeps several versions; 25 KB per card stays clear of it. */
const MOST_BYTES = 25_000;

const folder = `${import.meta.dirname}/../../../cards/teams`;
const incident = compileCard(`${folder}/incident.json`, isSmall);
const gathered = compileCard(`${folder}/gathered.json`, isSmall);
const details = compileCard(`${folder}/details.json`, isSmall);
const reply = compileCard(`${folder}/reply.json`, isSmall);
const reason = compileCard(`${folder}/reason.json`, isSmall);
const link = compileCard(`${folder}/link.json`, isSmall);

type ReplyOf<K extends Reply['kind']> = Omit<Extract<Reply, { readonly kind: K }>, 'kind'>;

/** What a card stands in the place of. */
export interface CardIds {
  readonly incident: string;
  readonly digest: string;
}

/** What a reason is for, and what the button says that sends it. */
const REASONED: Readonly<Record<string, { readonly purpose: string; readonly send: string }>> = {
  purge: { purpose: 'Your approval of this purge needs a reason.', send: 'Approve purge' },
  confirm: { purpose: 'Keeping the copies away needs a reason.', send: 'Keep it removed' },
  'hard-purge': {
    purpose: 'Your approval of deleting these copies for good needs a reason. There is no undo.',
    send: 'Delete for good',
  },
  flag: { purpose: 'Flagging the mailboxes needs a reason.', send: 'Flag mailboxes' },
  reject: { purpose: 'Closing this as not malicious needs a reason.', send: 'Close as not malicious' },
  undo: { purpose: 'Undoing the purge needs a reason.', send: 'Undo the purge' },
  reopen: { purpose: 'Looking again needs a reason.', send: 'Look again' },
};
const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
const MOST_LINES = 30;

function isSmall(card: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(card)) <= MOST_BYTES;
}

/** Clients show `fallbackText` and `summary` with their own rules, so of an id only plain characters get there. */
export function plainId(id: string): string {
  return id.replace(/[^\w-]/g, '');
}

/** The incident card. Throws ZodError when the view is not a `CardView`. */
export function incidentCard(view: CardView): object {
  const ids = { incident: view.incident, digest: view.digest, revision: view.revision };
  const { unsure, ...shown } = CardView.parse(view);
  return expanded(
    incident({ ...shown, id: plainId(view.incident), unsure: unsure.map((group) => ({ ...group, ...ids })) }),
  );
}

/** Many incidents in one message. Throws ZodError when the view is not a `GatheredView`. */
export function gatheredCard(view: GatheredView): object {
  return expanded(gathered(GatheredView.parse(view)));
}

/** One page of the mailbox list. Throws ZodError when the view is not a `DetailsView`. */
export function detailsCard(view: DetailsView): object {
  return expanded(details({ ...DetailsView.parse(view), id: plainId(view.incident) }));
}

/** Lines of an answer, each on its own, literal. */
export function replyCard(lines: readonly string[]): object {
  const rows = rowsOf(lines);
  return expanded(reply({ lines: rows, isEmpty: rows.length === 0 }));
}

/** Asks why, and comes back as a press of the same verb with the answer. */
export function reasonCard({ incident: of, digest, verb, problem }: ReplyOf<'reason-needed'>): object {
  const { purpose, send } = REASONED[verb] ?? { purpose: 'This needs a reason.', send: 'Send' };
  const isUndoable = verb !== 'hard-purge';
  const plan = digest === '' ? '' : shortDigest(digest);
  return expanded(reason({ incident: of, id: plainId(of), digest, verb, problem, purpose, send, isUndoable, plan }));
}

/** Lines, and a button that opens one page; null when its address is none to send anybody to. */
export function linkCard({ lines, label, url }: ReplyOf<'link'>, { incident: of, digest }: CardIds): object | null {
  const address = pageAddress(url);
  if (address === null) return null;
  const back = { incident: of, id: plainId(of), digest };
  return expanded(link({ lines: rowsOf(lines), label: clip(label, 80) || 'Open the page', url: address, ...back }));
}

function rowsOf(lines: readonly string[]): readonly { readonly text: string }[] {
  const rows = lines.filter((line) => line !== '').map((text) => ({ text }));
  if (rows.length <= MOST_LINES) return rows;
  return [...rows.slice(0, MOST_LINES), { text: `${rows.length - MOST_LINES} more lines are not shown.` }];
}

/** An address of a page of ours in its one spelling: https, or on this machine. */
function pageAddress(url: string): string | null {
  const at = URL.canParse(url) ? new URL(url) : null;
  if (at?.username !== '' || at.password !== '') return null;
  const isSafe = at.protocol === 'https:' || (at.protocol === 'http:' && LOOPBACK.has(at.hostname));
  // Braces mean something in a template and to a client, and no address of ours has any.
  return isSafe && at.href.length <= 3_000 && !/[{}]/.test(at.href) ? at.href : null;
}

function expanded(card: unknown): object {
  if (typeof card !== 'object' || card === null) throw new TypeError('the template gave no card');
  return card;
}
