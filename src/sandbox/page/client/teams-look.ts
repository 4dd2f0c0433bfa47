/** A host configuration in the manner of Teams for Microsoft's renderer: the real client decides for itself. */

export type Theme = 'light' | 'dark';

interface Band {
  readonly back: string;
  readonly text: string;
  readonly subtle: string;
}

interface Palette {
  readonly card: Band;
  readonly line: string;
  readonly bands: Readonly<Record<string, Band>>;
}

/** Colours of the card itself, for what is drawn around it. */
export function paletteOf(theme: Theme): Palette {
  return theme === 'light' ? LIGHT : DARK;
}

const LIGHT: Palette = {
  card: { back: '#ffffff', text: '#242424', subtle: '#616161' },
  line: '#e0e0e0',
  bands: {
    emphasis: { back: '#f3f3f3', text: '#242424', subtle: '#5c5c5c' },
    accent: { back: '#e8ebfa', text: '#242424', subtle: '#494b83' },
    good: { back: '#e7f2da', text: '#242424', subtle: '#33562f' },
    warning: { back: '#fbf6d9', text: '#242424', subtle: '#5f4a06' },
    attention: { back: '#fcf0f2', text: '#242424', subtle: '#8e192e' },
  },
};

const DARK: Palette = {
  card: { back: '#292929', text: '#ffffff', subtle: '#adadad' },
  line: '#3d3d3d',
  bands: {
    emphasis: { back: '#343434', text: '#ffffff', subtle: '#bdbdbd' },
    accent: { back: '#33355f', text: '#ffffff', subtle: '#c5c8f5' },
    good: { back: '#24401f', text: '#ffffff', subtle: '#b9dfa9' },
    warning: { back: '#473a10', text: '#ffffff', subtle: '#f0dc98' },
    attention: { back: '#4d1d26', text: '#ffffff', subtle: '#f3b5bf' },
  },
};

const TONES = ['default', 'dark', 'light', 'accent', 'attention', 'good', 'warning'];

function style({ back, text, subtle }: Band): object {
  const foregroundColors = Object.fromEntries(TONES.map((tone) => [tone, { default: text, subtle }]));
  return { backgroundColor: back, foregroundColors };
}

const TYPE = {
  fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
  fontWeights: { lighter: 300, default: 400, bolder: 600 },
};

export function hostConfig(theme: Theme, fontFamily: string): object {
  const { card, line, bands } = paletteOf(theme);
  return {
    ...TYPE,
    fontTypes: {
      default: { fontFamily, ...TYPE },
      monospace: { fontFamily: 'ui-monospace, "DejaVu Sans Mono", monospace', ...TYPE },
    },
    lineHeights: { small: 16, default: 20, medium: 22, large: 26, extraLarge: 32 },
    spacing: { small: 6, default: 10, medium: 14, large: 20, extraLarge: 28, padding: 14 },
    separator: { lineThickness: 1, lineColor: line },
    supportsInteractivity: true,
    containerStyles: {
      default: style(card),
      ...Object.fromEntries(Object.entries(bands).map(([name, band]) => [name, style(band)])),
    },
    actions: { maxActions: 6, buttonSpacing: 0, actionsOrientation: 'horizontal', actionAlignment: 'left' },
    inputs: { label: { requiredInputs: { weight: 'bolder' }, optionalInputs: {} }, errorMessage: { weight: 'bolder' } },
  };
}
