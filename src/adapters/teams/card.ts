import { shortDigest } from '../../core/find/plan.ts';
import { sendWords, WORD_LABEL } from '../../core/tell/button.ts';
import { CardView, GatheredView } from '../../core/tell/card.ts';
import { DetailsView } from '../../core/tell/details-view.ts';
import { FoundView } from '../../core/tell/found-view.ts';
import { MeasuresView } from '../../core/tell/measures-view.ts';
import type { Queue } from '../../core/tell/queue.ts';
import { presentQueue } from '../../core/tell/queue-view.ts';
import { FIELD_LABELS, type SearchFormView } from '../../core/tell/search-form.ts';
import { clip } from '../../core/text.ts';
import type { Shown } from '../chat/in-words.ts';
import { compileCard } from '../chat/template.ts';

export const CARD_TYPE = 'application/vnd.microsoft.card.adaptive';
/** Teams takes about 100 KB per message and keeps several versions; 25 KB per card stays clear of it. */
const MOST_BYTES = 25_000;

const folder = `${import.meta.dirname}/../../../cards/teams`;
const incident = compileCard(`${folder}/incident.json`, isSmall);
const gathered = compileCard(`${folder}/gathered.json`, isSmall);
const measures = compileCard(`${folder}/measures.json`, isSmall);
const details = compileCard(`${folder}/details.json`, isSmall);
const reply = compileCard(`${folder}/reply.json`, isSmall);
const form = compileCard(`${folder}/form.json`, isSmall);
const link = compileCard(`${folder}/link.json`, isSmall);
const queue = compileCard(`${folder}/queue.json`, isSmall);
const search = compileCard(`${folder}/search.json`, isSmall);
const found = compileCard(`${folder}/found.json`, isSmall);
/** Of the queue: with their buttons they stay below the bytes of a card. */
const MOST_QUEUED = 15;
const NO_LINE = { incident: '', what: '', subject: '', facts: '' };

type ReplyOf<K extends Shown['kind']> = Omit<Extract<Shown, { readonly kind: K }>, 'kind'>;

/** What a card stands in the place of. */
export interface CardIds {
  readonly incident: string;
  readonly digest: string;
}

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
  const { unsure, actions, ...shown } = CardView.parse(view);
  return expanded(
    incident({
      ...shown,
      hasWaves: view.campaign !== '',
      id: plainId(view.incident),
      unsure: unsure.map((group) => ({ ...group, ...ids })),
      rows: rowsOfButtons(actions, ids),
    }),
  );
}

type Button = CardView['actions'][number];

/** What Teams shows of one set of actions: it drops the others without a word [learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-reference]. */
const MOST_IN_A_ROW = 6;

/** What cannot be undone stands apart from the rest, and what speaks of all waves from what speaks of this one. */
function rowsOfButtons(actions: readonly Button[], ids: object) {
  const kinds = Map.groupBy(actions, ({ isApart, digest }) => (isApart ? 2 : digest ? 1 : 0));
  return [...kinds]
    .sort(([a], [b]) => a - b)
    .flatMap(([, some]) => chunks(some, MOST_IN_A_ROW))
    .map((some) => ({
      actions: some.map((action) => ({
        ...rowOf(action, ids),
        ...ids,
        ...(action.digest ? { digest: action.digest } : {}),
      })),
    }));
}

function chunks<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_none, n) => all.slice(n * size, (n + 1) * size));
}

/** A button, flat as templates want it. What asks nothing more is sent by the first press; a form comes as its answer. */
function rowOf({ id, label, style, needs, tooltip, question, reasons, confirmation }: Button, ids: object) {
  return {
    verb: id,
    label,
    isDanger: style === 'danger',
    isPrimary: style === 'primary',
    isSent: needs !== 'reason' && confirmation === null,
    needsReason: needs === 'reason',
    tooltip,
    question,
    // Sent without what stands in the field: each is a reason already.
    reasons: reasons.map((reason) => ({ ...reason, verb: id, ...ids })),
    text: confirmation?.text ?? '',
    yes: confirmation?.yes ?? sendWords(id),
  };
}

/** A list of measures. Throws ZodError when the view is not a `MeasuresView`. */
export function measuresCard(view: MeasuresView): object {
  const ids = { incident: view.incident, digest: view.digest, revision: view.revision };
  const { actions, backs, ...shown } = MeasuresView.parse(view);
  return expanded(
    measures({
      ...shown,
      id: plainId(view.incident),
      rows: rowsOfButtons(actions, ids),
      backs: chunks(backs, MOST_IN_A_ROW).map((some) => ({ buttons: some.map((back) => ({ ...back, ...ids })) })),
      hasByHand: view.byHand.length > 0,
      hasUnwritten: view.unwritten.length > 0,
    }),
  );
}

/** Many incidents in one message. Throws ZodError when the view is not a `GatheredView`. */
export function gatheredCard(view: GatheredView): object {
  const { lines, ...shown } = GatheredView.parse(view);
  return expanded(gathered({ ...shown, lines: lines.map((line) => ({ ...line, hasButton: line.button !== '' })) }));
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

/** Asks what is still needed, and comes back as a press of the same verb with the answers. */
export function formCard({
  incident: of,
  digest,
  verb,
  page = 0,
  asks,
  form: words,
  problem,
}: ReplyOf<'form-needed'>): object {
  const { purpose, effect, question, send, isFinal } = words;
  const plan = digest === '' ? '' : shortDigest(digest);
  const asked = { asksReason: asks.reason, asksWord: asks.word, wordLabel: WORD_LABEL };
  const said = { problem, purpose, effect, question, send, isUndoable: !isFinal, plan };
  return expanded(form({ incident: of, id: plainId(of), digest, verb, page: String(page), ...asked, ...said }));
}

/** Lines, and a button that opens one page; null when its address is none to send anybody to. */
export function linkCard({ lines, label, url }: ReplyOf<'link'>, { incident: of, digest }: CardIds): object | null {
  const address = pageAddress(url);
  if (address === null) return null;
  const back = { incident: of, id: plainId(of), digest };
  return expanded(link({ lines: rowsOf(lines), label: clip(label, 80) || 'Open the page', url: address, ...back }));
}

/** What waits for one person. */
export function queueCard(waiting: Queue): object {
  const { notes, mine, role, running, trouble, ...head } = presentQueue(waiting, MOST_QUEUED);
  const rows = [mine, role, running, trouble].flatMap(({ heading, remark, lines }) => [
    { ...NO_LINE, isHeading: true, isLine: false, heading, remark, hasRemark: remark !== '' },
    ...lines.map((line) => ({ ...line, isHeading: false, isLine: true, heading: '', remark: '', hasRemark: false })),
  ]);
  return expanded(queue({ ...head, notes, rows }));
}

const LABELS = Object.fromEntries(Object.entries(FIELD_LABELS).map(([name, label]) => [`${name}Label`, label]));

/** In the thread it holds nothing that anybody typed; whoever sends it sees the answer in its place, and nobody else does. */
export function searchCard({ intro, problem, typed }: SearchFormView): object {
  return expanded(search({ intro, problem, ...typed, ...LABELS }));
}

/** What a search found, for the one who asked. */
export function foundCard(view: FoundView): object {
  const { mails, isUnderWay, ...shown } = FoundView.parse(view);
  const own = mails.map((mail) => ({ ...mail, search: shown.search }));
  return expanded(
    found({ ...shown, mails: own, remark: 'only you see this', again: isUnderWay ? 'Look again' : 'Refresh' }),
  );
}

/** Where everybody sees it: that there is an answer, and nothing of it. */
export function veiledCard({ search: id }: Pick<FoundView, 'search'>): object {
  const asked = 'What was found is shown to who asked for it, and to nobody else.';
  return expanded(
    found({
      search: id,
      title: `Search ${id}`,
      asked,
      notes: [],
      mails: [],
      remark: 'for one person',
      again: 'Show me',
    }),
  );
}

/** Lines for whoever pressed, in the place of the card: what is longer than a passing message holds. */
export function answerCard(lines: readonly string[], { incident: of, digest }: CardIds): object {
  return expanded(link({ lines: rowsOf(lines), label: '', url: '', incident: of, id: plainId(of), digest }));
}

/** Of an answer: what does not fit is counted. */
export function rowsOf(lines: readonly string[]): readonly { readonly text: string }[] {
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
