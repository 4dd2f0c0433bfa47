import {
  anything,
  byType,
  type Check,
  type Fields,
  flag,
  later,
  listOf,
  object,
  oneOf,
  whole,
  word,
  words,
} from '../slack/shape.ts';

// Names and required properties: the published Adaptive Cards 1.5 schema. What that schema leaves open is closed here:
// version, inputs without id or label, template leftovers.
const LONG = 100_000;
const said = words(LONG);
const url = words(LONG, 1);
const MANY = 500;

const spacing = word('default', 'none', 'small', 'medium', 'large', 'extraLarge', 'padding');
const align = word('left', 'center', 'right');
const vertical = word('top', 'center', 'bottom');
const containerStyle = word('default', 'emphasis', 'good', 'attention', 'warning', 'accent');
const imageSize = word('auto', 'stretch', 'small', 'medium', 'large');
const number: Check = (value, at, out) => {
  if (typeof value !== 'number') {
    out.push(`[ERROR] must be a number [json-pointer:${at}]`);
  }
};

const element = later(() => byType(ELEMENTS));
const action = later(() => byType(ACTIONS));
const selectAction = later(() => byType(SELECTABLE));
const elements = listOf(element, 0, MANY);

const elementFields: Fields = {
  id: words(LONG),
  isVisible: flag,
  requires: anything,
  fallback: (value, at, out) => (typeof value === 'string' ? oneOf('drop')(value, at, out) : element(value, at, out)),
  height: word('auto', 'stretch'),
  separator: flag,
  spacing,
};
const actionFields: Fields = {
  title: said,
  iconUrl: url,
  id: said,
  style: word('default', 'positive', 'destructive'),
  fallback: (value, at, out) => (typeof value === 'string' ? oneOf('drop')(value, at, out) : action(value, at, out)),
  tooltip: said,
  isEnabled: flag,
  mode: word('primary', 'secondary'),
  requires: anything,
};
const inputFields: Fields = { ...elementFields, errorMessage: said, isRequired: flag };
const inputNeeds: Fields = { id: words(LONG, 1), label: words(LONG, 1) };
const fontFields: Fields = {
  color: word('default', 'dark', 'light', 'accent', 'good', 'warning', 'attention'),
  fontType: word('default', 'monospace'),
  isSubtle: flag,
  size: word('default', 'small', 'medium', 'large', 'extraLarge'),
  weight: word('default', 'lighter', 'bolder'),
};
const boxFields: Fields = {
  selectAction,
  style: containerStyle,
  verticalContentAlignment: vertical,
  bleed: flag,
  backgroundImage: anything,
  minHeight: words(20),
  rtl: flag,
};

const column = object({}, { ...elementFields, ...boxFields, items: elements, width: anything });
const fact = object({ title: said, value: said });
const run = object(
  { text: said },
  { ...fontFields, highlight: flag, italic: flag, selectAction, strikethrough: flag, underline: flag },
);
const inline: Check = (value, at, out) => {
  if (typeof value !== 'string') {
    byType({ TextRun: run })(value, at, out);
  }
};
const tableAlign: Fields = { horizontalCellContentAlignment: align, verticalCellContentAlignment: vertical };
const cell = object({ items: elements }, boxFields);
const image = object(
  { url },
  {
    ...elementFields,
    altText: said,
    backgroundColor: said,
    height: anything,
    horizontalAlignment: align,
    selectAction,
    size: imageSize,
    style: word('default', 'person'),
    width: said,
  },
);

const ELEMENTS: Fields = {
  TextBlock: object(
    { text: said },
    {
      ...elementFields,
      ...fontFields,
      horizontalAlignment: align,
      maxLines: number,
      wrap: flag,
      style: word('default', 'heading'),
    },
  ),
  RichTextBlock: object({ inlines: listOf(inline, 0, MANY) }, { ...elementFields, horizontalAlignment: align }),
  Image: image,
  ImageSet: object({ images: listOf(byType({ Image: image }, 'Image'), 0, MANY) }, { ...elementFields, imageSize }),
  Media: object(
    { sources: listOf(object({ mimeType: said, url }), 1, 50) },
    { ...elementFields, poster: url, altText: said },
  ),
  Container: object({ items: elements }, { ...elementFields, ...boxFields }),
  ColumnSet: object(
    {},
    {
      ...elementFields,
      columns: listOf(byType({ Column: column }, 'Column'), 0, 50),
      selectAction,
      style: containerStyle,
      bleed: flag,
      minHeight: words(20),
      horizontalAlignment: align,
    },
  ),
  FactSet: object({ facts: listOf(fact, 0, MANY) }, elementFields),
  ActionSet: object({ actions: listOf(action, 0, MANY) }, elementFields),
  Table: object(
    {},
    {
      ...elementFields,
      ...tableAlign,
      columns: listOf(object({}, { ...tableAlign, width: anything }), 0, 50),
      rows: listOf(
        byType(
          {
            TableRow: object(
              {},
              { ...tableAlign, cells: listOf(byType({ TableCell: cell }, 'TableCell'), 0, 50), style: containerStyle },
            ),
          },
          'TableRow',
        ),
        0,
        MANY,
      ),
      firstRowAsHeader: flag,
      showGridLines: flag,
      gridStyle: containerStyle,
    },
  ),
  'Input.Text': object(inputNeeds, {
    ...inputFields,
    isMultiline: flag,
    maxLength: whole(0, LONG),
    placeholder: said,
    regex: said,
    style: word('text', 'tel', 'url', 'email', 'password'),
    inlineAction: selectAction,
    value: said,
  }),
  'Input.Number': object(inputNeeds, { ...inputFields, max: number, min: number, placeholder: said, value: number }),
  'Input.Date': object(inputNeeds, { ...inputFields, max: said, min: said, placeholder: said, value: said }),
  'Input.Time': object(inputNeeds, { ...inputFields, max: said, min: said, placeholder: said, value: said }),
  'Input.Toggle': object(
    { id: words(LONG, 1), title: said },
    { ...inputFields, label: said, value: said, valueOff: said, valueOn: said, wrap: flag },
  ),
  'Input.ChoiceSet': object(inputNeeds, {
    ...inputFields,
    choices: listOf(object({ title: said, value: said }), 0, MANY),
    isMultiSelect: flag,
    style: word('compact', 'expanded'),
    value: said,
    placeholder: said,
    wrap: flag,
  }),
};

const associatedInputs = word('auto', 'none');
const SELECTABLE: Fields = {
  'Action.Execute': object({ verb: words(LONG, 1) }, { ...actionFields, data: anything, associatedInputs }),
  'Action.Submit': object({}, { ...actionFields, data: anything, associatedInputs }),
  'Action.OpenUrl': object({ url }, actionFields),
  'Action.ToggleVisibility': object({ targetElements: listOf(anything, 0, MANY) }, actionFields),
};
const ACTIONS: Fields = {
  ...SELECTABLE,
  'Action.ShowCard': object({}, { ...actionFields, card: later(() => byType({ AdaptiveCard: inner })) }),
};

const cardFields: Fields = {
  $schema: url,
  body: elements,
  actions: listOf(action, 0, MANY),
  selectAction,
  // learn.microsoft.com, User Specific Views: refresh for at most 60 people.
  refresh: object(
    { action: byType({ 'Action.Execute': SELECTABLE['Action.Execute'] ?? anything }) },
    { userIds: listOf(words(LONG, 1), 0, 60) },
  ),
  authentication: anything,
  fallbackText: said,
  speak: said,
  lang: said,
  rtl: flag,
  backgroundImage: anything,
  minHeight: words(20),
  verticalContentAlignment: vertical,
  msteams: anything,
};
// learn.microsoft.com, cards reference: Teams takes Adaptive Cards up to 1.5.
const version = oneOf('1.0', '1.1', '1.2', '1.3', '1.4', '1.5');
const inner = object({}, { ...cardFields, version });
const outer = byType({ AdaptiveCard: object({ version, body: elements }, cardFields) });

/**
 * `${…}` that the templating left behind. A TextRun is exempt: that is where the mail's own words stand, and a subject
 * may say `${name}`.
 */
function leftovers(value: unknown, at: string): string[] {
  if (typeof value === 'string') {
    return value.includes('${') ? [`[ERROR] unresolved template expression [json-pointer:${at}]`] : [];
  }
  if (value === null || typeof value !== 'object') {
    return [];
  }
  const exempt = (value as { type?: unknown }).type === 'TextRun';
  return Object.entries(value).flatMap(([key, inner]) =>
    exempt && key === 'text' ? [] : leftovers(inner, `${at}/${key}`),
  );
}

/** Empty when Teams would draw `card`. */
export function cardProblems(card: unknown): string[] {
  const out: string[] = [];
  outer(card, '', out);
  return [...out, ...leftovers(card, '')];
}
