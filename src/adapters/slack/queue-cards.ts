import type { types } from '@slack/bolt';
import type { Queue } from '../../core/tell/queue.ts';
import { presentQueue, type QueueView } from '../../core/tell/queue-view.ts';
import { compileCard } from '../chat/template.ts';
import { BLOCKS_ON_HOME, type FlagCards } from './flag-cards.ts';

/** The queue in Slack: a Home tab, or a message for one pair of eyes. */

export interface QueueCards {
  home(queue: Queue): types.HomeView;
  message(queue: Queue): { readonly text: string; readonly blocks: types.KnownBlock[] };
}

/** A view of more than 250 kB is refused [docs.slack.dev, views.publish]; this is well below. */
const MOST_HOME_BYTES = 150_000;
/** As for cards: the figure is not published. */
const MOST_MESSAGE_BYTES = 30_000;
/** Two blocks a line. Home tabs hold 100, messages 50 [docs.slack.dev, blocks]; up to 17 are headings, notes and the button. */
const MOST_HOME_LINES = 40;
const MOST_MESSAGE_LINES = 15;
const FILE = `${import.meta.dirname}/../../../cards/slack/queue.json`;

const bytes = (card: unknown) => Buffer.byteLength(JSON.stringify(card));
type Section = QueueView['mine'];

export function queueCards(flags: FlagCards): QueueCards {
  const home = compileCard(FILE, (card) => bytes(card) <= MOST_HOME_BYTES);
  const message = compileCard(FILE, (card) => bytes(card) <= MOST_MESSAGE_BYTES);
  const blocksOf = (draw: typeof home, queue: Queue, most: number) => {
    const { title, asOf, notes, ...sections } = presentQueue(queue, most);
    const rows = Object.fromEntries(SECTIONS.map((name) => [name, sectionOf(name, sections[name])]));
    return (draw({ title, asOf, notes, ...rows }) as { blocks: types.KnownBlock[] }).blocks;
  };
  return {
    home(queue) {
      const beside = queue.flags ? flags.onHome(queue.flags) : [];
      const most = beside.length === 0 ? MOST_HOME_LINES : MOST_HOME_LINES - BLOCKS_ON_HOME / 2;
      return { type: 'home', callback_id: 'cb:home', blocks: [...blocksOf(home, queue, most), ...beside] };
    },
    message: (queue) => ({
      text: 'Clawback: what waits for you',
      blocks: blocksOf(message, queue, MOST_MESSAGE_LINES),
    }),
  };
}

const SECTIONS = ['mine', 'role', 'running', 'trouble'] as const;

/** Of each line first its text and then its button: templates repeat one block, and both have elements. */
function sectionOf(name: string, { heading, remark, lines }: Section) {
  return {
    heading,
    remark,
    hasRemark: remark !== '',
    rows: lines.flatMap((line, nth) => {
      const row = { ...line, id: line.incident.replace(/[^\w-]/g, ''), buttonValue: buttonValueOf(line.incident) };
      return [
        { ...row, type: 'rich_text', block: `cb:queue:${name}:${nth}:text`, isText: true, isButton: false },
        { ...row, type: 'actions', block: `cb:queue:${name}:${nth}`, isText: false, isButton: true },
      ];
    }),
  };
}

function buttonValueOf(incident: string): string {
  return JSON.stringify({ incident, digest: '' });
}
