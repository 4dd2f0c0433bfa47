import type { types } from '@slack/bolt';
import { CardView, DetailsView } from '../../core/card.ts';

/** Makes a function out of a template file that turns a view into the finished card; `fits` judges the size. */
export type CompileCard = (file: string, fits: (card: unknown) => boolean) => (view: object) => unknown;

interface SlackMessage {
  readonly text: string;
  readonly blocks: types.KnownBlock[];
}

export interface SlackCards {
  incident(view: CardView): SlackMessage;
  /** `place` travels in the view and comes back with a press on it. */
  details(view: DetailsView, place: Place): types.ModalView;
  reason(asked: { incident: string; digest: string; problem: string }, place: Place): types.ModalView;
  reply(lines: readonly string[]): SlackMessage;
}

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

/** The top-level `text` is mrkdwn and goes to notifications: our own words, and of the id only plain characters. */
function notice(view: CardView): string {
  const id = view.incident.replace(/[^\w-]/g, '');
  if (view.canPurge) return `Clawback ${id}: approval needed`;
  return view.tone === 'busy' ? `Clawback ${id}: work in progress` : `Clawback ${id}: the card has changed`;
}

/** The four templates, read once. Throws when a template file is missing or no JSON. */
export function slackCards(compile: CompileCard): SlackCards {
  const incident = compile(`${FOLDER}/incident.json`, fits);
  const details = compile(`${FOLDER}/details.json`, fits);
  const reason = compile(`${FOLDER}/reason.json`, fits);
  const reply = compile(`${FOLDER}/reply.json`, fits);
  return {
    incident(view) {
      const buttonValue = JSON.stringify({ incident: view.incident, digest: view.digest });
      const card = incident({ ...CardView.parse(view), buttonValue }) as { blocks: types.KnownBlock[] };
      return { text: notice(view), blocks: card.blocks };
    },
    details(view, place) {
      const ids = { incident: view.incident, digest: view.digest };
      return details({
        ...DetailsView.parse(view),
        private: JSON.stringify({ ...ids, ...place }),
        previousValue: JSON.stringify({ ...ids, page: Number(view.previous) }),
        nextValue: JSON.stringify({ ...ids, page: Number(view.next) }),
      }) as types.ModalView;
    },
    reason({ incident: id, digest, problem }, place) {
      const shown = { incident: id, problem, private: JSON.stringify({ incident: id, digest, ...place }) };
      return reason(shown) as types.ModalView;
    },
    reply(lines) {
      const rows = lines.filter((line) => line !== '').map((text) => ({ text }));
      const shown = rows.slice(0, MOST_LINES);
      if (rows.length > shown.length) shown.push({ text: `${rows.length - shown.length} more lines are not shown.` });
      const card = reply({ lines: shown, isEmpty: rows.length === 0 }) as { blocks: types.KnownBlock[] };
      return { text: 'Clawback has an answer for you.', blocks: card.blocks };
    },
  };
}
