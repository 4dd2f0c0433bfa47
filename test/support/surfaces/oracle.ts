import { seal } from '../../../src/adapters/store/ledger.ts';
import { blockProblems, viewProblems } from '../../../src/sandbox/slack/block-kit.ts';
import { cardProblems } from '../../../src/sandbox/teams/card-rules.ts';
import { OUR_PAGE, type Surfaces } from './live-through.ts';

/** What is wrong with a surface. It asks what a client would do with a text, and knows nothing of how it is made harmless. */

type Node = Readonly<Record<string, unknown>>;

/** Hidden, direction-changing or line-breaking; a template that is left over; an address that a client would link. */
const ACTIVE =
  /[\p{Cc}\p{Cs}\p{Co}\u061C\u180E\u200B\u200C\u200E\u200F\u2028-\u202E\u2060-\u2069\uFEFF]|\{\{|\$\{|(?:https?|ftp|file):\/\/|(?:javascript|data|mailto|msteams|slack|tel):(?=[^\s,;])/iu;
/** Our own words, in places that a client formats: nothing in them can begin a link, a mention or a list. */
const PLAIN = /^[\w ,.:?!\u2019\u201c\u201d\u2026\u00b7()-]*$/;
/** A time, or a dash where there is none. */
const PLAIN_OR_NONE = /^(?:[\w :]+|\u2014)$/;
/** Teams makes a date of these, in the reader's own time; they hold an instant and nothing else. */
const DATES = /\{\{(?:DATE|TIME)\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ(?:, SHORT)?\)\}\}/g;
const NAME = /^[\w:.-]{0,255}$/;
/** Of everything that Slack's blocks can be, what ours are made of. There is no mrkdwn. */
const SLACK_TYPES = new Set([
  ...['actions', 'button', 'divider', 'header', 'input', 'modal', 'plain_text', 'plain_text_input'],
  ...['rich_text', 'rich_text_section', 'rich_text_list', 'rich_text_quote', 'text', 'link', 'user', 'emoji', 'date'],
  ...['static_select', 'home'],
]);
const TEAMS_TYPES = new Set([
  ...['AdaptiveCard', 'Container', 'ColumnSet', 'Column', 'RichTextBlock', 'TextRun', 'TextBlock', 'ActionSet'],
  ...['Action.Execute', 'Action.ShowCard', 'Action.OpenUrl', 'Input.Text', 'Input.ChoiceSet'],
]);

function nodesOf(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  if (typeof value !== 'object' || value === null) return [];
  return [value as Node, ...Object.values(value).flatMap(nodesOf)];
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

/** What has to hold of a node of each type. */
const SLACK_RULES: Readonly<Record<string, (node: Node) => boolean>> = {
  // Our templates begin a row of a section with a line break of their own.
  text: (node) => !ACTIVE.test(textOf(node['text']).replace(/^\n/, '')),
  plain_text: (node) => PLAIN.test(textOf(node['text'])) && node['emoji'] === false,
  link: (node) => textOf(node['url']).startsWith(`${OUR_PAGE}?`),
  user: (node) => /^[UW][A-Z0-9]{2,20}$/.test(textOf(node['user_id'])),
  // The time is a number, and what is made of it is of our templates.
  date: (node) =>
    Number.isInteger(node['timestamp']) &&
    node['format'] === '{date_short_pretty} at {time}' &&
    PLAIN_OR_NONE.test(textOf(node['fallback'])),
  emoji: (node) => /^[a-z0-9_]+$/.test(textOf(node['name'])),
};

function slackNodeProblems(node: Node): string[] {
  const type = textOf(node['type']);
  const isOurs = type === '' || SLACK_TYPES.has(type);
  const isGood = isOurs && (SLACK_RULES[type]?.(node) ?? true);
  const ids = ['block_id', 'action_id', 'callback_id'].filter((key) => !NAME.test(textOf(node[key])));
  return [...(isGood ? [] : [`${type} ${JSON.stringify(node)}`]), ...ids.map((key) => `${key} ${textOf(node[key])}`)];
}

function slackProblems(shown: object): string[] {
  const isView = 'type' in shown && (shown.type === 'modal' || shown.type === 'home');
  const limits = isView ? viewProblems(shown) : blockProblems((shown as Node)['blocks'], 'message');
  // Notifications show it as mrkdwn.
  const fallback = isView ? 'none' : textOf((shown as Node)['text']);
  return [
    ...limits,
    ...(/^[\w ,.:-]+$/.test(fallback) ? [] : [`fallback ${JSON.stringify(fallback)}`]),
    ...nodesOf(isView ? shown : (shown as Node)['blocks']).flatMap(slackNodeProblems),
  ];
}

/** Texts that Teams reads as Markdown, or opens, or hands to other clients. */
const TEAMS_LIVE = [
  'text',
  'title',
  'label',
  'placeholder',
  'errorMessage',
  'fallbackText',
  'speak',
  'tooltip',
  'altText',
];

function isGoodInTeams(type: string, key: string, text: string): boolean {
  return type === 'TextRun' && key === 'text'
    ? !ACTIVE.test(text)
    : PLAIN.test(type === 'TextBlock' ? text.replaceAll(DATES, '') : text);
}

function teamsNodeProblems(node: Node): string[] {
  const type = textOf(node['type']);
  const url = textOf(node['url']);
  const isOurs = type === '' || TEAMS_TYPES.has(type);
  const isOurPage = url === '' || (type === 'Action.OpenUrl' && url.startsWith(`${OUR_PAGE}?`));
  const live = type === '' ? [] : TEAMS_LIVE.filter((key) => !isGoodInTeams(type, key, textOf(node[key])));
  return [
    ...(isOurs && isOurPage ? [] : [`${type} ${url}`]),
    ...live.map((key) => `${key} ${JSON.stringify(node[key])}`),
  ];
}

function teamsProblems(card: object): string[] {
  const bytes = Buffer.byteLength(JSON.stringify(card));
  return [
    ...cardProblems(card as never),
    ...(bytes > 25_000 ? [`${bytes} bytes`] : []),
    ...nodesOf(card).flatMap(teamsNodeProblems),
  ];
}

const TAG =
  /^<(?:!doctype html|html lang="en"|meta (?:charset="utf-8"|name="viewport" content="[\w=, -]+"|name="robots" content="noindex")|p|span|h1|code|dl|dt|dd|title|head|body|main|header|p class="(?:step|note)"|span class="tenant"|\/[a-z0-9]+)>$/;

function pageProblems(html: string): string[] {
  const shown = html.replace(/<style>[^<]*<\/style>/, '').replace(/<svg [^>]*>(<(?:rect|path) [^>]*>)*<\/svg>/, '');
  const tags = shown.match(/<[^>]*>?/g) ?? [];
  const text = shown.replace(/<[^>]*>/g, '').replaceAll('\n', '');
  return [
    ...tags.filter((tag) => !TAG.test(tag)).map((tag) => `tag ${tag}`),
    ...(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/.test(text) ? [`markup in ${JSON.stringify(text)}`] : []),
    ...(ACTIVE.test(text) ? [`text ${JSON.stringify(text)}`] : []),
  ];
}

/** A line of an export is one entry, and reads back as what was written. */
function storedProblems(bytes: string): string[] {
  if (/[\n\r]/.test(bytes) || !bytes.isWellFormed()) return [`not one line: ${bytes}`];
  return seal.canonical(JSON.parse(bytes)) === bytes ? [] : [`reads back as something else: ${bytes}`];
}

/** Every text in it, however deep. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(textsIn);
  return [String(value)];
}

/** Everything that is wrong, in words; empty when the texts stayed texts everywhere. */
export function problemsOf({ slack, teams, lines, pages, stored, entries, recorded }: Surfaces): string[] {
  const details = new Set(entries.flatMap(({ detail }) => textsIn(detail)));
  return [
    ...slack.flatMap((shown) => slackProblems(shown).map((problem) => `Slack: ${problem}`)),
    ...teams.flatMap((card) => teamsProblems(card).map((problem) => `Teams: ${problem}`)),
    ...lines.filter((line) => ACTIVE.test(line)).map((line) => `line ${JSON.stringify(line)}`),
    ...pages.flatMap((html) => pageProblems(html).map((problem) => `page: ${problem}`)),
    ...stored.flatMap(storedProblems),
    ...(stored.length === entries.length ? [] : ['the record has more lines than entries']),
    ...recorded
      .filter((text) => text !== '' && !details.has(text))
      .map((text) => `not in the record as it was: ${JSON.stringify(text)}`),
  ];
}
