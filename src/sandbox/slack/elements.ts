import { type Json, list, record, text } from './loopback.ts';

export interface Found {
  readonly element: Json;
  readonly blockId: string;
}

/** Slack gives every block without block_id one of its own; the emulator does not. */
export function withBlockIds(blocks: readonly Json[]): Json[] {
  return blocks.map((block, index) => ({ ...block, block_id: text(block['block_id']) || `blk${index}` }));
}

function elementsOf(block: Json): Json[] {
  const dispatches = block['type'] === 'input' ? block['dispatch_action'] === true : true;
  const single = [block['accessory'], dispatches ? block['element'] : undefined].filter((one) => one !== undefined);
  const cardActions = block['type'] === 'card' ? list(block['actions']) : [];
  return [...list(block['elements']), ...single, ...cardActions].map(record);
}

function nested(block: Json): Json[] {
  const inner = block['type'] === 'carousel' ? list(block['elements']) : list(block['child_blocks']);
  return inner.map(record);
}

/** The element a person would press, or null. Input elements count only when they dispatch. */
export function findElement(blocks: readonly Json[], actionId: string): Found | null {
  for (const block of blocks) {
    const element = elementsOf(block).find((one) => one['action_id'] === actionId);
    if (element !== undefined) {
      return { element, blockId: text(block['block_id']) };
    }
    const within = findElement(withBlockIds(nested(block)), actionId);
    if (within !== null) {
      return within;
    }
  }
  return null;
}

function option(element: Json, value: string): Json {
  const found = list(element['options'])
    .map(record)
    .find((one) => one['value'] === value);
  if (found === undefined) {
    throw new Error(`${text(element['action_id'])} has no option ${value}: a real user could not choose it`);
  }
  return found;
}

function first(choice: string | readonly string[]): string {
  return typeof choice === 'string' ? choice : (choice[0] ?? '');
}

const DIRECT: Record<string, string> = {
  datepicker: 'selected_date',
  timepicker: 'selected_time',
  users_select: 'selected_user',
};

/** The part of `actions[0]` or of `state.values` that says what was chosen or typed. */
function chosen(element: Json, choice: string | readonly string[]): Json {
  const type = text(element['type']);
  if (['checkboxes', 'multi_static_select'].includes(type)) {
    const values = typeof choice === 'string' ? [choice] : choice;
    return { selected_options: values.map((value) => option(element, value)) };
  }
  if (['static_select', 'radio_buttons', 'overflow'].includes(type)) {
    return { selected_option: option(element, first(choice)) };
  }
  const direct = DIRECT[type];
  return direct === undefined ? { value: first(choice) } : { [direct]: first(choice) };
}

/** `actions[0]` of block_actions: the element without its look, plus what was chosen. */
export function pressed(found: Found, choice: string | readonly string[] | undefined, actionTs: string): Json {
  const { style, confirm, options, url, accessibility_label, placeholder, ...kept } = found.element;
  const button = kept['type'] === 'button';
  if (!button && choice === undefined) {
    throw new Error(`${text(kept['action_id'])} is a ${text(kept['type'])}: say what to choose`);
  }
  const said = button || choice === undefined ? {} : chosen(found.element, choice);
  return { ...kept, ...said, block_id: found.blockId, action_ts: actionTs };
}

function initial(element: Json): string | readonly string[] | undefined {
  const options = list(element['initial_options']).map((one) => text(record(one)['value']));
  const single = record(element['initial_option'])['value'];
  const typed = element['initial_value'] ?? element['initial_date'] ?? element['initial_user'] ?? single;
  return options.length > 0 ? options : typeof typed === 'string' ? typed : undefined;
}

function empty(element: Json): Json {
  const type = text(element['type']);
  if (['checkboxes', 'multi_static_select'].includes(type)) {
    return { selected_options: [] };
  }
  const direct = DIRECT[type];
  const single = ['static_select', 'radio_buttons'].includes(type) ? 'selected_option' : (direct ?? 'value');
  return { [single]: null };
}

function tooShort(element: Json, typed: string): boolean {
  const min = Number(element['min_length'] ?? 0);
  const max = Number(element['max_length'] ?? 3000);
  return element['type'] === 'plain_text_input' && (typed.length < min || typed.length > max);
}

function checkedChoice(block: Json, element: Json, choice: string | readonly string[] | undefined, force: boolean) {
  const given = choice !== undefined && choice.length > 0;
  if (force) {
    return given;
  }
  const id = text(element['action_id']);
  if (!given && block['optional'] !== true) {
    throw new Error(`${id} is required: a real user could not send this form`);
  }
  if (given && tooShort(element, first(choice))) {
    throw new Error(`${id} takes another length: a real user could not send this form`);
  }
  return given;
}

/** `view.state.values` for what a person filled in, keyed by action_id. An unknown key is an error. */
export function stateValues(
  blocks: readonly Json[],
  filled: Readonly<Record<string, string | readonly string[]>>,
  force: boolean,
): Json {
  const inputs = blocks.filter((block) => block['type'] === 'input');
  const known = inputs.map((block) => text(record(block['element'])['action_id']));
  for (const id of Object.keys(filled)) {
    if (!known.includes(id)) {
      throw new Error(`there is no input ${id}: a real user could not fill it`);
    }
  }
  return Object.fromEntries(
    inputs.map((block) => {
      const element = record(block['element']);
      const id = text(element['action_id']);
      const choice = filled[id] ?? initial(element);
      const given = checkedChoice(block, element, choice, force);
      const said = given && choice !== undefined ? chosen(element, choice) : empty(element);
      return [text(block['block_id']), { [id]: { type: element['type'], ...said } }];
    }),
  );
}

const STATEFUL = [...Object.keys(DIRECT), 'static_select', 'radio_buttons', 'checkboxes', 'multi_static_select'];

/** The same for a press inside of a modal, where menus outside of inputs count too and nothing is required yet. */
export function statefulValues(
  blocks: readonly Json[],
  filled: Readonly<Record<string, string | readonly string[]>>,
): Json {
  const state: Record<string, Json> = {};
  for (const block of blocks) {
    const typed = block['type'] === 'input' ? [record(block['element'])] : [];
    const menus = [...list(block['elements']), block['accessory']]
      .map(record)
      .filter((one) => STATEFUL.includes(text(one['type'])));
    for (const element of [...typed, ...menus]) {
      const id = text(element['action_id']);
      const choice = filled[id] ?? initial(element);
      const said = choice !== undefined && choice.length > 0 ? chosen(element, choice) : empty(element);
      const blockId = text(block['block_id']);
      state[blockId] = { ...state[blockId], [id]: { type: element['type'], ...said } };
    }
  }
  return state;
}
