import {
  accessory,
  actionElement,
  anyText,
  button,
  contextElement,
  image,
  inputElement,
  mrkdwn,
  plain,
  richText,
} from './block-elements.ts';
import { list, record } from './loopback.ts';
import {
  also,
  anything,
  byType,
  type Check,
  type Fields,
  flag,
  later,
  listOf,
  need,
  object,
  oneOf,
  whole,
  words,
} from './shape.ts';

export type Surface = 'message' | 'modal' | 'home';

// Counts and surfaces: docs.slack.dev/reference/block-kit/blocks and `available-in-surfaces` of docs.slack.dev/blocks.json.
const BLOCKS_MAX: Record<Surface, number> = { message: 50, modal: 100, home: 100 };
const MESSAGE_ONLY = ['container', 'markdown', 'table', 'data_table', 'context_actions', 'plan', 'task_card'];
const NOT_ON: Record<Surface, readonly string[]> = {
  message: ['alert', 'file'],
  modal: [...MESSAGE_ONLY, 'carousel', 'file'],
  home: [...MESSAGE_ONLY, 'alert', 'file'],
};

const id: Fields = { block_id: words(255, 1) };
const rawCell = byType({
  raw_text: object({ text: words(3000, 1) }),
  raw_number: object({ value: anything }, { text: words(3000) }),
  rich_text: richText,
});
const headCell = byType({ raw_text: object({ text: words(3000, 1) }), raw_number: object({ value: anything }) });
const someText = need((block) => block['text'] !== undefined || block['fields'] !== undefined, 'needs text or fields');
const dataRows: Check = (value, at, out) => {
  listOf(listOf(rawCell, 1, 20), 2, 101)(value, at, out);
  listOf(headCell, 1, 20)(list(value)[0], `${at}/0`, out);
};
const taskCard = object(
  {
    task_id: words(255, 1),
    title: words(255, 1),
    status: oneOf('pending', 'in_progress', 'complete', 'error'),
  },
  { ...id, details: richText, output: richText, sources: anything },
);
const card = object(
  {},
  {
    ...id,
    hero_image: image,
    icon: image,
    title: mrkdwn(150),
    subtitle: mrkdwn(150),
    body: mrkdwn(200),
    actions: listOf(byType({ button }), 1, 3),
  },
);

const BLOCKS: Fields = {
  section: also(
    object({}, { ...id, text: anyText(3000), fields: listOf(anyText(2000), 1, 10), accessory, expand: flag }),
    someText,
  ),
  header: object({ text: plain(150) }, id),
  divider: object({}, id),
  context: object({ elements: listOf(contextElement, 1, 10) }, id),
  actions: object({ elements: listOf(actionElement, 1, 25) }, id),
  image: object(
    { alt_text: words(2000, 1) },
    { ...id, image_url: words(3000, 1), slack_file: anything, title: plain(2000) },
  ),
  input: object(
    { label: plain(2000), element: inputElement },
    { ...id, hint: plain(2000), optional: flag, dispatch_action: flag },
  ),
  rich_text: richText,
  markdown: object({ text: words(12_000, 1) }, id),
  alert: object({ text: anyText(200) }, { ...id, level: oneOf('default', 'info', 'warning', 'error', 'success') }),
  card,
  carousel: object({ elements: listOf(byType({ card }), 1, 10) }, id),
  container: also(
    object(
      {
        child_blocks: listOf(
          later(() => childBlock),
          1,
          10,
        ),
      },
      {
        ...id,
        title: plain(150),
        rich_text_title: richText,
        subtitle: anyText(150),
        width: oneOf('narrow', 'standard', 'wide', 'full'),
        icon: image,
        is_collapsible: flag,
        default_collapsed: flag,
        has_header_divider: flag,
      },
    ),
    need((block) => block['title'] !== undefined || block['rich_text_title'] !== undefined, 'needs a title'),
  ),
  table: object(
    { rows: listOf(listOf(rawCell, 1, 20), 1, 100) },
    {
      ...id,
      column_settings: listOf(object({}, { align: oneOf('left', 'center', 'right'), is_wrapped: flag }), 1, 20),
    },
  ),
  data_table: object(
    { rows: dataRows, caption: words(3000, 1) },
    { ...id, page_size: whole(1, 100), row_header_column_index: whole(0, 19) },
  ),
  context_actions: object({ elements: listOf(anything, 1, 5) }, id),
  plan: object({ title: words(255, 1) }, { ...id, tasks: listOf(byType({ task_card: taskCard }), 1, 50) }),
  task_card: taskCard,
  video: object(
    { video_url: words(3000, 1), thumbnail_url: words(3000, 1), alt_text: words(2000, 1), title: plain(200) },
    {
      ...id,
      title_url: words(3000),
      author_name: words(50),
      provider_name: words(50),
      provider_icon_url: words(3000),
      description: plain(200),
    },
  ),
};

// rich_text and input are in the documented list, but the live validator is reported to refuse them: stay below both.
const childBlock = byType(
  Object.fromEntries(
    ['actions', 'context', 'divider', 'header', 'image', 'section', 'table', 'video'].map((type) => [
      type,
      BLOCKS[type] ?? anything,
    ]),
  ),
);

function repeated(ids: readonly string[]): string[] {
  return ids.filter((one, index) => ids.indexOf(one) !== index);
}

/** Empty when Slack would take `blocks` on that surface; else messages in the form of `response_metadata.messages`. */
export function blockProblems(blocks: unknown, surface: Surface): string[] {
  const out: string[] = [];
  const allowed = Object.fromEntries(Object.entries(BLOCKS).filter(([type]) => !NOT_ON[surface].includes(type)));
  listOf(byType(allowed), surface === 'message' ? 1 : 0, BLOCKS_MAX[surface])(blocks, '/blocks', out);
  const known = list(blocks).map(record);
  const ids = known.flatMap((block) => (typeof block['block_id'] === 'string' ? [block['block_id']] : []));
  for (const twice of repeated(ids)) {
    out.push(`[ERROR] block_id ${twice} already exists [json-pointer:/blocks]`);
  }
  const markdown = known.reduce(
    (sum, block) => sum + (block['type'] === 'markdown' ? String(block['text']).length : 0),
    0,
  );
  if (markdown > 12_000) {
    out.push('[ERROR] markdown blocks of one payload hold at most 12000 characters together [json-pointer:/blocks]');
  }
  return out;
}

/** A second table is not a block error: chat.postMessage answers `invalid_attachments`. */
export function tableCount(blocks: unknown): number {
  return list(blocks).filter((block) => ['table', 'data_table'].includes(String(record(block)['type']))).length;
}

const VIEW_COMMON: Fields = {
  blocks: anything,
  private_metadata: words(3000),
  callback_id: words(255),
  external_id: words(255),
};

/** `view` as the caller of views.open, push, update or publish gave it. */
export function viewProblems(view: unknown): string[] {
  const out: string[] = [];
  const given = record(view);
  byType({
    modal: object(
      { title: plain(24), blocks: anything },
      {
        ...VIEW_COMMON,
        submit: plain(24),
        close: plain(24),
        clear_on_close: flag,
        notify_on_close: flag,
        submit_disabled: flag,
      },
    ),
    home: object({ blocks: anything }, VIEW_COMMON),
  })(view, '/view', out);
  const surface = given['type'] === 'home' ? 'home' : 'modal';
  out.push(...blockProblems(given['blocks'], surface).map((problem) => problem.replace(':/blocks', ':/view/blocks')));
  const asks = list(given['blocks']).some((block) => record(block)['type'] === 'input');
  if (surface === 'modal' && asks && given['submit'] === undefined) {
    out.push('[ERROR] missing required field: submit [json-pointer:/view]');
  }
  return out;
}
