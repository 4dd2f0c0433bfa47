import { paletteOf, type Theme } from '../../../src/sandbox/page/client/teams-look.ts';

/** What the pictures put around a card. */
export function teamsCss(theme: Theme): string {
  const { card, line } = paletteOf(theme);
  const red = theme === 'light' ? '#b10e1c' : '#ff99a4';
  return `body{margin:0;background:${theme === 'light' ? '#f5f5f5' : '#1f1f1f'};padding:16px}
#card{overflow-wrap:anywhere;background:${card.back};border:1px solid ${line};border-radius:6px;overflow:hidden}
.ac-pushButton{font:600 14px "Segoe UI","Liberation Sans",sans-serif;padding:5px 12px;border-radius:4px;
background:${card.back};color:${card.text};border:1px solid ${card.subtle};overflow:visible!important}
.ac-pushButton.style-destructive{color:${red};border-color:${red}}
.ac-pushButton.style-positive{background:#4f52b2;border-color:#4f52b2;color:#fff}
.ac-actionSet{flex-wrap:wrap;gap:8px}
.ac-input{font:14px "Liberation Sans",sans-serif;padding:6px;border:1px solid ${card.subtle};border-radius:4px;
background:${card.back};color:${card.text};min-height:64px}`;
}
