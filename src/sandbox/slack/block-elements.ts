import { anything, byType, type Check, type Fields, flag, listOf, object, oneOf, whole, words } from './shape.ts';

// Every number here is a limit of the Block Kit reference (docs.slack.dev/reference/block-kit).

export function plain(max: number): Check {
  return byType({ plain_text: object({ text: words(max, 1) }, { emoji: flag }) });
}

export function anyText(max: number): Check {
  return byType({
    plain_text: object({ text: words(max, 1) }, { emoji: flag }),
    mrkdwn: object({ text: words(max, 1) }, { verbatim: flag }),
  });
}

export const mrkdwn = (max: number): Check => byType({ mrkdwn: object({ text: words(max, 1) }, { verbatim: flag }) });

const confirm = object(
  { title: plain(100), text: anyText(300), confirm: plain(30), deny: plain(30) },
  { style: oneOf('primary', 'danger') },
);

const option = object({ text: anyText(75), value: words(150, 1) }, { description: anyText(75), url: words(3000) });
const acting: Fields = { action_id: words(255, 1) };
const confirmable: Fields = { ...acting, confirm };
const focusable: Fields = { ...acting, focus_on_load: flag };
const selectable: Fields = { ...confirmable, focus_on_load: flag, placeholder: plain(150) };
const dispatching: Fields = {
  ...focusable,
  placeholder: plain(150),
  initial_value: words(3000),
  dispatch_action_config: anything,
};
const options = { options: listOf(option, 1, 100) };
const fewOptions = { options: listOf(option, 1, 10) };

export const image = object(
  { alt_text: words(2000, 1) },
  { image_url: words(3000, 1), slack_file: anything, image_width: anything, image_height: anything },
);

export const button = object(
  { text: plain(75) },
  {
    ...confirmable,
    value: words(2000),
    url: words(3000),
    style: oneOf('primary', 'danger'),
    accessibility_label: words(75),
  },
);

const radio = object(fewOptions, { ...focusable, confirm, initial_option: option });
const checkboxes = object(fewOptions, { ...focusable, confirm, initial_options: listOf(option, 1, 10) });
const select = object(options, { ...selectable, initial_option: option });
const multiSelect = object(options, {
  ...selectable,
  initial_options: listOf(option, 1, 100),
  max_selected_items: whole(1, 100),
});
const peopleSelect = object({}, { ...selectable, initial_user: words(255) });
const date = object({}, { ...selectable, initial_date: words(10, 10) });
const time = object({}, { ...selectable, initial_time: words(5, 5), timezone: words(100) });
const overflow = object({ options: listOf(option, 1, 5) }, confirmable);

const choices: Fields = {
  radio_buttons: radio,
  checkboxes,
  static_select: select,
  multi_static_select: multiSelect,
  users_select: peopleSelect,
  datepicker: date,
  timepicker: time,
};

export const actionElement = byType({ ...choices, button, overflow });
export const accessory = byType({ ...choices, button, overflow, image });
export const contextElement = byType({
  image,
  plain_text: object({ text: words(3000, 1) }, { emoji: flag }),
  mrkdwn: object({ text: words(3000, 1) }, { verbatim: flag }),
});
export const inputElement = byType({
  ...choices,
  plain_text_input: object(
    {},
    { ...dispatching, multiline: flag, min_length: whole(0, 3000), max_length: whole(1, 3000) },
  ),
  email_text_input: object({}, dispatching),
  url_text_input: object({}, dispatching),
  number_input: object({ is_decimal_allowed: flag }, { ...dispatching, min_value: words(100), max_value: words(100) }),
});

const style = object({}, { bold: flag, italic: flag, strike: flag, code: flag, underline: flag });
const run: Check = byType({
  text: object({ text: words(3000, 1) }, { style }),
  link: object({ url: words(3000, 1) }, { text: words(3000), unsafe: flag, style }),
  emoji: object({ name: words(255, 1) }, { unicode: words(50), style }),
  user: object({ user_id: words(50, 1) }, { style }),
  usergroup: object({ usergroup_id: words(50, 1) }, { style }),
  channel: object({ channel_id: words(50, 1) }, { style }),
  broadcast: object({ range: oneOf('here', 'channel', 'everyone') }, { style }),
  date: object(
    { timestamp: whole(0, Number.MAX_SAFE_INTEGER), format: words(500, 1) },
    { url: words(3000), fallback: words(500), style },
  ),
  color: object({ value: words(20, 1) }, { style }),
});
const runs = { elements: listOf(run, 1, 1000) };
const richSection = object(runs);

export const richText = object(
  {
    elements: listOf(
      byType({
        rich_text_section: richSection,
        rich_text_quote: object(runs, { border: oneOf(0, 1) }),
        rich_text_preformatted: object(runs, { border: oneOf(0, 1), language: words(50) }),
        rich_text_list: object(
          {
            style: oneOf('bullet', 'ordered'),
            elements: listOf(byType({ rich_text_section: richSection }), 1, 1000),
          },
          { indent: whole(0, 8), offset: whole(0, 1000), border: oneOf(0, 1) },
        ),
      }),
      1,
      1000,
    ),
  },
  { block_id: words(255, 1) },
);
