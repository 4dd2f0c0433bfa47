/** A host configuration in the manner of Teams, for pictures only: the real client decides for itself. */

const SANS = '"Segoe UI", "Liberation Sans", sans-serif';

interface Palette {
  readonly page: string;
  readonly text: string;
  readonly subtle: string;
  readonly line: string;
  readonly bands: Readonly<Record<string, { readonly back: string; readonly text: string; readonly subtle: string }>>;
}

const light: Palette = {
  page: '#ffffff',
  text: '#242424',
  subtle: '#616161',
  line: '#e0e0e0',
  bands: {
    emphasis: { back: '#f3f3f3', text: '#242424', subtle: '#5c5c5c' },
    accent: { back: '#e8ebfa', text: '#242424', subtle: '#494b83' },
    good: { back: '#e7f2da', text: '#242424', subtle: '#33562f' },
    warning: { back: '#fbf6d9', text: '#242424', subtle: '#5f4a06' },
    attention: { back: '#fcf0f2', text: '#242424', subtle: '#8e192e' },
  },
};

const dark: Palette = {
  page: '#292929',
  text: '#ffffff',
  subtle: '#adadad',
  line: '#3d3d3d',
  bands: {
    emphasis: { back: '#343434', text: '#ffffff', subtle: '#bdbdbd' },
    accent: { back: '#33355f', text: '#ffffff', subtle: '#c5c8f5' },
    good: { back: '#24401f', text: '#ffffff', subtle: '#b9dfa9' },
    warning: { back: '#473a10', text: '#ffffff', subtle: '#f0dc98' },
    attention: { back: '#4d1d26', text: '#ffffff', subtle: '#f3b5bf' },
  },
};

export type Theme = 'light' | 'dark';

function colors(text: string, subtle: string): object {
  const pair = { default: text, subtle };
  const names = ['default', 'dark', 'light', 'accent', 'attention', 'good', 'warning'];
  return Object.fromEntries(names.map((name) => [name, pair]));
}

export function hostConfig(theme: Theme): object {
  const palette = theme === 'light' ? light : dark;
  const styles = Object.entries(palette.bands).map(([name, band]) => [
    name,
    { backgroundColor: band.back, foregroundColors: colors(band.text, band.subtle) },
  ]);
  return {
    fontTypes: {
      default: { fontFamily: SANS, ...type() },
      monospace: { fontFamily: '"DejaVu Sans Mono", monospace', ...type() },
    },
    ...type(),
    lineHeights: { small: 16, default: 20, medium: 22, large: 26, extraLarge: 32 },
    spacing: { small: 6, default: 10, medium: 14, large: 20, extraLarge: 28, padding: 14 },
    separator: { lineThickness: 1, lineColor: palette.line },
    supportsInteractivity: true,
    containerStyles: {
      default: { backgroundColor: palette.page, foregroundColors: colors(palette.text, palette.subtle) },
      ...Object.fromEntries(styles),
    },
    actions: { maxActions: 6, buttonSpacing: 8, actionsOrientation: 'Horizontal', actionAlignment: 'Left' },
    inputs: { label: { requiredInputs: { weight: 'Bolder' }, optionalInputs: {} } },
  };
}

function type(): object {
  return {
    fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
    fontWeights: { lighter: 300, default: 400, bolder: 600 },
  };
}

export function teamsCss(theme: Theme): string {
  const palette = theme === 'light' ? light : dark;
  const red = theme === 'light' ? '#b10e1c' : '#ff99a4';
  return `body{margin:0;background:${theme === 'light' ? '#f5f5f5' : '#1f1f1f'};padding:16px}
#card{overflow-wrap:anywhere;background:${palette.page};border:1px solid ${palette.line};border-radius:6px;overflow:hidden}
.ac-pushButton{font:600 14px "Segoe UI","Liberation Sans",sans-serif;padding:5px 12px;border-radius:4px;
background:${palette.page};color:${palette.text};border:1px solid ${palette.subtle};overflow:visible!important}
.ac-pushButton.style-destructive{color:${red};border-color:${red}}
.ac-actionSet{flex-wrap:wrap;row-gap:8px}
.ac-input{font:14px "Liberation Sans",sans-serif;padding:6px;border:1px solid ${palette.subtle};border-radius:4px;
background:${palette.page};color:${palette.text};min-height:64px}`;
}
