import { type Json, list, record, text } from '../slack/loopback.ts';

export type Inputs = Readonly<Record<string, string>>;

interface Reachable {
  readonly action: Json;
  /** Every input whose value goes with the action: those of its own card and of the cards around it. */
  readonly inputs: readonly Json[];
}

interface Layer {
  readonly nodes: readonly Json[];
  readonly inner: readonly Json[];
}

function toggled(card: unknown): Set<string> {
  const ids = new Set<string>();
  const visit = (value: unknown): void => {
    if (value === null || typeof value !== 'object') {
      return;
    }
    for (const target of list(record(value)['targetElements'])) {
      ids.add(typeof target === 'string' ? target : text(record(target)['elementId']));
    }
    for (const inner of Object.values(value)) {
      visit(inner);
    }
  };
  visit(card);
  return ids;
}

/** Teams shows so many buttons beside each other; nobody reaches one behind them. */
const MOST_SHOWN = 6;
const OFF_SCREEN = ['data', 'fallback', 'refresh', 'msteams', 'requires'];

/** The nodes of one card without the cards behind its ShowCard actions. Data and fallbacks are not on the screen. */
function layer(card: Json, showable: Set<string>): Layer {
  const nodes: Json[] = [];
  const inner: Json[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      value.forEach(visit);
    } else if (value !== null && typeof value === 'object') {
      enter(value as Json);
    }
  };
  const enter = (node: Json): void => {
    if (node['isVisible'] === false && !showable.has(text(node['id']))) {
      return;
    }
    nodes.push(node);
    const { card: below, ...others } = node;
    if (node['type'] === 'Action.ShowCard') {
      inner.push(record(below));
    }
    for (const [key, part] of Object.entries(others)) {
      if (!OFF_SCREEN.includes(key)) {
        visit(key === 'actions' ? list(part).slice(0, MOST_SHOWN) : part);
      }
    }
  };
  visit(card);
  return { nodes, inner };
}

function reachable(card: Json, around: readonly Json[], showable: Set<string>): Reachable[] {
  const { nodes, inner } = layer(card, showable);
  const inputs = [...around, ...nodes.filter((node) => text(node['type']).startsWith('Input.'))];
  const own = nodes
    .filter((node) => node['type'] === 'Action.Execute' && node['isEnabled'] !== false)
    .map((action) => ({ action, inputs: text(action['associatedInputs']).toLowerCase() === 'none' ? [] : inputs }));
  return [...own, ...inner.flatMap((below) => reachable(below, inputs, showable))];
}

/** The Action.Execute with that verb which a person can reach on the card, or null. `title` chooses among several. */
export function findExecute(card: Json, verb: string, title?: string): Reachable | null {
  const found = reachable(card, [], toggled(card)).filter((one) => one.action['verb'] === verb);
  return found.find((one) => title === undefined || one.action['title'] === title) ?? null;
}

function initial(input: Json): string {
  const value = input['value'];
  if (input['type'] === 'Input.Toggle') {
    return text(value) || text(input['valueOff']) || 'false';
  }
  return typeof value === 'number' ? String(value) : text(value);
}

function refused(input: Json, value: string): string | null {
  const id = text(input['id']);
  if (value === '') {
    return input['isRequired'] === true ? `${id} is required` : null;
  }
  if (typeof input['maxLength'] === 'number' && value.length > input['maxLength']) {
    return `${id} takes at most ${input['maxLength']} characters`;
  }
  if (typeof input['regex'] === 'string' && !new RegExp(input['regex'], 'u').test(value)) {
    return `${id} does not match its pattern`;
  }
  const choices = list(input['choices']).map((one) => record(one)['value']);
  const chosen = input['isMultiSelect'] === true ? value.split(',') : [value];
  const unknown = input['type'] === 'Input.ChoiceSet' && chosen.some((one) => !choices.includes(one));
  return unknown ? `${id} has no choice ${value}` : null;
}

/** `data` of the action merged with what the person filled in. Throws what the client would not send. */
export function filledData(found: Reachable, given: Inputs, force: boolean): Json {
  const ids = found.inputs.map((input) => text(input['id']));
  const stranger = Object.keys(given).find((id) => !ids.includes(id));
  if (stranger !== undefined && !force) {
    throw new Error(`there is no input ${stranger}: a real user could not fill it`);
  }
  const values = found.inputs.map((input) => [text(input['id']), given[text(input['id'])] ?? initial(input)] as const);
  const problem = found.inputs
    .map((input, index) => refused(input, values[index]?.[1] ?? ''))
    .find((one) => one !== null);
  if (problem !== undefined && !force) {
    throw new Error(`${problem}: a real user could not send it`);
  }
  return { ...record(found.action['data']), ...Object.fromEntries(values), ...given };
}
