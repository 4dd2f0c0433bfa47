import { existsSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { cardProblems } from '../../src/sandbox/teams/card-rules.ts';
import { card } from './teams-bot.ts';

const PUBLISHED = new URL('../../../shared/contracts/adaptive-card-1.5.schema.json', import.meta.url);

function sound(body: readonly object[]) {
  return { type: 'AdaptiveCard', version: '1.5', fallbackText: 'x', body };
}

const run = (text: string) => ({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text, weight: 'Bolder' }] });
const columns = { type: 'ColumnSet', columns: [{ type: 'Column', width: 'stretch', items: [run('a')] }] };
const table = {
  type: 'Table',
  columns: [{ width: 1 }],
  rows: [{ type: 'TableRow', cells: [{ type: 'TableCell', items: [run('a')] }] }],
};
const facts = { type: 'FactSet', facts: [{ title: 'Copies', value: '3' }] };

const SOUND: [string, object][] = [
  ['a card with a form behind a button', card('Case')],
  [
    'columns, table, facts and container',
    sound([columns, table, facts, { type: 'Container', items: [run('a')], style: 'Attention' }]),
  ],
  ['a choice', sound([{ type: 'Input.ChoiceSet', id: 'c', label: 'C', choices: [{ title: 'a', value: 'b' }] }])],
];

const BROKEN: [string, object][] = [
  ['an unknown element', sound([{ type: 'Carousel' }])],
  ['an unknown property', sound([{ type: 'TextBlock', text: 'x', targetWidth: 'wide' }])],
  ['a text block without text', sound([{ type: 'TextBlock' }])],
  ['a numeric fact', sound([{ type: 'FactSet', facts: [{ title: 'a', value: 3 }] }])],
  ['a bad colour', sound([{ type: 'TextBlock', text: 'x', color: 'pink' }])],
  ['an action in the body', sound([{ type: 'Action.Execute', verb: 'x' }])],
  ['a forgotten $when', sound([{ type: 'TextBlock', text: 'x', $when: 'false' }])],
];

describe('the card rules', () => {
  test.each(SOUND)('take %s', (_what, content) => {
    expect(cardProblems(content)).toEqual([]);
  });

  test.each(BROKEN)('refuse %s', (_what, content) => {
    expect(cardProblems(content)).not.toEqual([]);
  });

  test('let the words of the mail stand, even when they look like a template', () => {
    expect(cardProblems(sound([run('hello $' + '{name}')]))).toEqual([]);
  });

  test('close what the published schema leaves open: a missing version', () => {
    expect(cardProblems({ type: 'AdaptiveCard', body: [] })).not.toEqual([]);
  });
});

// The schema is not part of the project; where it lies beside it, both must agree.
if (existsSync(PUBLISHED)) {
  describe('the published schema', () => {
    const ajv = new Ajv({ strict: false, validateFormats: false });
    ajv.addMetaSchema({ $id: 'http://json-schema.org/draft-06/schema#' });
    const { id: _id, ...schema } = JSON.parse(readFileSync(PUBLISHED, 'utf8'));
    const valid = ajv.compile(schema);

    test.each([...SOUND, ...BROKEN])('agrees with the rules on %s', (_what, content) => {
      expect(valid(content)).toBe(cardProblems(content).length === 0);
    });
  });
}
