import type { types } from '@slack/bolt';
import { WORD_LABEL } from '../../core/tell/button.ts';
import { CardView, GatheredView } from '../../core/tell/card.ts';
import { DetailsView } from '../../core/tell/details-view.ts';
import { MeasuresView } from '../../core/tell/measures-view.ts';
import { clip } from '../../core/text.ts';
import type { NudgedPerson } from '../../ports/rooms.ts';
import { datesOf } from '../chat/dates.ts';
import type { Shown } from '../chat/in-words.ts';
import { compileCard } from '../chat/template.ts';
import { type ContainCards, containCards } from './contain-cards.ts';
import { type FlagCards, flagCards } from './flag-cards.ts';
import { MOST_OPTION } from './payload.ts';
import { type QueueCards, queueCards } from './queue-cards.ts';
import { type SearchCards, searchCards } from './search-cards.ts';

interface SlackMessage {
  readonly text: string;
  readonly blocks: types.KnownBlock[];
}

export interface SlackCards {
  incident(view: CardView): SlackMessage;
  measures(view: MeasuresView): SlackMessage;
  /** Many incidents in one message. */
  gathered(view: GatheredView): SlackMessage;
  /** `place` travels in the view and comes back with a press on it. */
  details(view: DetailsView, place: Place): types.ModalView;
  /** `verb` travels too: it says what the form is for. */
  form(asked: Omit<ReplyOf<'form-needed'>, 'kind'>, place: Place): types.ModalView;
  reply(lines: readonly string[]): SlackMessage;
  /** What was found about people, with a button to have something done about it. */
  people(shown: Omit<ReplyOf<'people'>, 'kind'>): SlackMessage;
  /** The same in a window, in the place of the one that was pressed in. */
  answer(message: SlackMessage): types.ModalView;
  /** Without the link, and in words, when the address is not one to send anybody to. */
  link(reply: Omit<ReplyOf<'link'>, 'kind'>): SlackMessage;
  /** Lines below a card that call people. */
  nudge(lines: readonly string[], people: readonly NudgedPerson[]): SlackMessage;
  /** What waits for one person. */
  readonly queue: QueueCards;
  readonly flags: FlagCards;
  readonly contain: ContainCards;
  readonly search: SearchCards;
}

type ReplyOf<K extends Shown['kind']> = Extract<Shown, { readonly kind: K }>;

/** The card a modal view was opened from. */
export interface Place {
  readonly channel: string;
  readonly ts: string;
}

const FOLDER = `${import.meta.dirname}/../../../cards/slack`;
/** Slack refuses messages whose blocks hold too much text; the figure is not published, this is well below reports. */
const MOST_TEXT = 11_000;
/** A message holds 50 blocks [docs.slack.dev, blocks]; one is ours. */
const MOST_LINES = 48;
/** Small enough never to be shortened by the template: an address with its end cut off leads nowhere. */
const MOST_LINES_AT_LINK = 10;
const MOST_NUDGED = 20;
/** Anything else as `user_id` makes Slack refuse the whole message. */
const ACCOUNT = /^[UW][A-Z0-9]{2,20}$/;
const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Text lengths of all blocks together, in UTF-16 units. */
function textLength(node: unknown): number {
  if (typeof node !== 'object' || node === null) return 0;
  return Object.entries(node).reduce(
    (sum, [name, value]) => sum + (name === 'text' && typeof value === 'string' ? value.length : textLength(value)),
    0,
  );
}

function fits(card: unknown): boolean {
  return textLength(card) <= MOST_TEXT;
}

const NO_LINK = { url: '', label: '' };
const NO_PAGE = 'The page to go on with has no address that is safe to open. Ask whoever runs Clawback to mend it.';

/** What does not fit is counted, never left out silently. */
function rowsOf(lines: readonly string[], most: number): { text: string }[] {
  const rows = lines.filter((line) => line !== '').map((text) => ({ text }));
  if (rows.length <= most) return rows;
  return [...rows.slice(0, most), { text: `${rows.length - most} more lines are not shown.` }];
}

function plainId(id: string): string {
  return id.replace(/[^\w-]/g, '');
}

/** The top-level `text` is mrkdwn and goes to notifications: our own words, and of the id only plain characters. */
function notice(view: CardView): string {
  const id = plainId(view.incident);
  if (view.stopped) return `Clawback ${id}: Clawback is stopped`;
  if (view.asks !== 'nothing') return `Clawback ${id}: ${view.asks} needed`;
  return view.tone === 'busy' ? `Clawback ${id}: work in progress` : `Clawback ${id}: the card has changed`;
}

type Button = CardView['actions'][number];

/** A button with the dialog that Slack asks once more in, flat as templates want it. */
function rowOf({ id, label, style, confirmation }: Button) {
  const { title, text, yes, no } = confirmation ?? { title: '', text: '', yes: '', no: '' };
  return { id, label, style, isConfirmed: confirmation !== null, title, text, yes, no };
}

/** What a press of it speaks about. */
function pressValue({ digest }: Button, ids: { readonly incident: string; readonly digest: string }): string {
  return JSON.stringify({ ...ids, digest: digest ?? ids.digest });
}

/** A line whose button brings the card of its incident. */
function lineWithButton({ incident: id, text }: Pick<GatheredView['lines'][number], 'incident' | 'text'>, at: number) {
  const buttonValue = JSON.stringify({ incident: id, digest: '' });
  return { incident: id, id: plainId(id), text, number: String(at), buttonValue };
}

/**
 * A menu for each button that has common reasons. Slack takes no message with an option that carries more than 150 characters: one
 * that would not fit is left out, and its reason is typed.
 */
function menusOf(actions: readonly Button[], ids: { readonly incident: string; readonly digest: string }) {
  const menus = actions.map(({ id, label, reasons }) => {
    const rows = reasons.map(({ why, label: words }) => ({
      label: words,
      buttonValue: JSON.stringify({ ...ids, why }),
    }));
    return { id, label, options: rows.filter(({ buttonValue }) => buttonValue.length <= MOST_OPTION) };
  });
  return menus.filter(({ options }) => options.length > 0);
}

/** An address of a page of ours in its one spelling; null for all that a browser should not be sent to. */
function pageAddress(url: string): string | null {
  const at = URL.canParse(url) ? new URL(url) : null;
  if (at?.username !== '' || at.password !== '') return null;
  const isSafe = at.protocol === 'https:' || (at.protocol === 'http:' && LOOPBACK.has(at.hostname));
  // Braces mean something in a template, and no address of ours has any.
  return isSafe && at.href.length <= 3_000 && !/[{}]/.test(at.href) ? at.href : null;
}

/** The templates, read once. Throws when a template file is missing or no JSON. */
export function slackCards(): SlackCards {
  const incident = compileCard(`${FOLDER}/incident.json`, fits);
  const gathered = compileCard(`${FOLDER}/gathered.json`, fits);
  const measures = compileCard(`${FOLDER}/measures.json`, fits);
  const details = compileCard(`${FOLDER}/details.json`, fits);
  const form = compileCard(`${FOLDER}/form.json`, fits);
  const reply = compileCard(`${FOLDER}/reply.json`, fits);
  const contain = containCards();
  const nudge = compileCard(`${FOLDER}/nudge.json`, fits);
  const answer = (lines: readonly string[], { url, label } = NO_LINK): SlackMessage => {
    const rows = rowsOf(lines, MOST_LINES);
    const shown = { lines: rows, isEmpty: rows.length === 0 && url === '', hasLink: url !== '', url, label };
    const card = reply(shown) as { blocks: types.KnownBlock[] };
    return { text: 'Clawback has an answer for you.', blocks: card.blocks };
  };
  return {
    queue: queueCards(flagCards()),
    flags: flagCards(),
    contain,
    search: searchCards(),
    incident(view) {
      const ids = { incident: view.incident, digest: view.digest };
      const { unsure, actions, links, waves, ...shown } = CardView.parse(view);
      const groups = unsure.map((group) => {
        return { ...group, buttonValue: JSON.stringify({ ...ids, page: Number(group.page) }) };
      });
      const buttons = (isApart: boolean) =>
        actions
          .filter((action) => action.isApart === isApart)
          .map((action) => ({ ...rowOf(action), buttonValue: pressValue(action, ids) }));
      const [near, apart] = [buttons(false), buttons(true)];
      const has = { hasActions: near.length > 0, hasApart: apart.length > 0 };
      const card = incident({
        ...shown,
        ...datesOf(view),
        links: links.map((link, at) => ({ ...link, number: String(at) })),
        unsure: groups,
        waves: waves.map(lineWithButton),
        actions: near,
        apart,
        menus: menusOf(
          actions.filter(({ isApart }) => !isApart),
          ids,
        ),
        ...has,
      }) as {
        blocks: types.KnownBlock[];
      };
      return { text: notice(view), blocks: card.blocks };
    },
    measures(view) {
      const ids = { incident: view.incident, digest: view.digest };
      const { actions, backs, ...shown } = MeasuresView.parse(view);
      const card = measures({
        ...shown,
        ...datesOf({ deadline: view.deadline, endedAt: '', undoUntil: '' }),
        actions: actions.map((action) => ({ ...rowOf(action), buttonValue: pressValue(action, ids) })),
        backs: backs.map(({ page, label }) => {
          return { page, label, buttonValue: JSON.stringify({ ...ids, page: Number(page) }) };
        }),
        hasActions: actions.length > 0,
        hasBacks: backs.length > 0,
        hasByHand: view.byHand.length > 0,
        hasUnwritten: view.unwritten.length > 0,
      }) as { blocks: types.KnownBlock[] };
      return {
        text: `Clawback ${plainId(view.incident)}: ${view.deadline === '' ? 'the card has changed' : 'approval needed'}`,
        blocks: card.blocks,
      };
    },
    gathered(view) {
      const { title, headline, intro, notes, lines } = GatheredView.parse(view);
      const rows = lines.map((line, at) => ({
        ...lineWithButton(line, at),
        label: `${line.button} ${plainId(line.incident.slice(line.incident.lastIndexOf('/') + 1))}`,
      }));
      const buttons = rows.filter((_, at) => lines[at]?.button !== '');
      const has = { hasLines: rows.length > 0, hasNotes: notes.length > 0, hasButtons: buttons.length > 0 };
      const card = gathered({
        title,
        headline,
        intro,
        notes,
        lines: rows,
        buttons,
        key: String(rows.length),
        ...has,
      }) as {
        blocks: types.KnownBlock[];
      };
      return { text: `Clawback: ${headline}`, blocks: card.blocks };
    },
    details(view, { channel, ts }) {
      const ids = { incident: view.incident, digest: view.digest };
      const { filter, search } = view;
      return details({
        ...DetailsView.parse(view),
        private: JSON.stringify({ ...ids, channel, ts, filter, search }),
        previousValue: JSON.stringify({ ...ids, page: Number(view.previous) }),
        nextValue: JSON.stringify({ ...ids, page: Number(view.next) }),
        buttonValue: JSON.stringify(ids),
        canRead: view.canExport || view.canExcerpt,
      }) as types.ModalView;
    },
    form({ incident: id, digest, verb, page, asks, form: words, problem }, { channel, ts }) {
      const { title, send, purpose, effect, question } = words;
      const asked = { asksReason: asks.reason, asksWord: asks.word, wordLabel: WORD_LABEL };
      const shown = { incident: id, problem, title, send, purpose, effect, question, ...asked };
      const place = JSON.stringify({ incident: id, digest, verb, page, channel, ts });
      return form({ ...shown, private: place }) as types.ModalView;
    },
    reply: (lines) => answer(lines),
    people: ({ lines, incident: id, digest }) => contain.people(rowsOf(lines, MOST_LINES), { incident: id, digest }),
    answer: ({ blocks }) => ({
      type: 'modal',
      callback_id: 'cb:answer',
      title: { type: 'plain_text', text: 'Clawback', emoji: false },
      close: { type: 'plain_text', text: 'Close', emoji: false },
      blocks,
    }),
    link({ lines, label, url }) {
      const address = pageAddress(url);
      if (!address) return answer([...lines, NO_PAGE]);
      const rows = rowsOf(lines, MOST_LINES_AT_LINK).map(({ text }) => clip(text, 600));
      return answer(rows, { url: address, label: clip(label, 200) || address });
    },
    nudge(lines, people) {
      const called = people.slice(0, MOST_NUDGED).map(({ account, name }) => {
        return { account, isAccount: ACCOUNT.test(account), name: name || 'Somebody' };
      });
      const more = people.length - called.length;
      const all = more > 0 ? [...lines, `${more} more people are not called here.`] : lines;
      const shown = { people: called, hasPeople: called.length > 0, lines: rowsOf(all, MOST_LINES) };
      const card = nudge(shown) as { blocks: types.KnownBlock[] };
      return { text: 'Clawback asks you to look at the card above.', blocks: card.blocks };
    },
  };
}
