import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';

/** How the sign-in pages look, and the headers that keep them inert. One page is one card: a title, lines, one button. */

interface Form {
  readonly action: string;
  readonly label: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface Page {
  readonly title: string;
  /** Plain text, one paragraph each. */
  readonly lines: readonly string[];
  /** What it is about, label and value. */
  readonly facts?: readonly (readonly [label: string, value: string])[];
  /** Where in the dance this page stands, e.g. `Step 1 of 2`. */
  readonly step?: string;
  /** To whom the page belongs. */
  readonly tenant?: string;
  /** Shown large, to be typed elsewhere. */
  readonly code?: string;
  readonly form?: Form;
  /** Other ways to go on. */
  readonly otherForms?: readonly Form[];
  /** Our own words below everything else. */
  readonly note?: string;
}

const STYLE = `
:root{color-scheme:light dark;--ground:#f4f6f7;--card:#fff;--edge:#dde3e7;--text:#14212b;--quiet:#566573;--accent:#0f5c63;--on:#fff;--well:#eef1f3;--ring:#0b6bcb}
@media (prefers-color-scheme:dark){:root{--ground:#0e1317;--card:#161d22;--edge:#29343b;--text:#e6edf1;--quiet:#9badb8;--accent:#63c7c9;--on:#06181a;--well:#0b1013;--ring:#7cc0ff}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;min-height:100svh;display:grid;place-items:center;padding:1rem;background:var(--ground);color:var(--text);font:1rem/1.5 "Segoe UI","SF Pro Text","Helvetica Neue",Roboto,Arial,"Liberation Sans",sans-serif}
main{width:100%;max-width:32rem;padding:1.75rem 2rem;background:var(--card);border:1px solid var(--edge);border-radius:.9rem;overflow-wrap:anywhere}
header{display:flex;align-items:center;gap:.6rem;margin-bottom:1.5rem;font-weight:600}
header svg{flex:none;width:2rem;height:2rem}
svg rect{fill:#0f5c63}
svg path{fill:none;stroke:#fff;stroke-width:2.4;stroke-linecap:round;stroke-linejoin:round}
header .tenant{margin-left:auto;color:var(--quiet);font-weight:400;font-size:.9rem}
.step{margin:0 0 .25rem;color:var(--quiet);font-size:.9rem}
h1{margin:0 0 1rem;font-size:1.5rem;line-height:1.25;letter-spacing:-.01em;text-wrap:balance}
p{margin:0 0 .85rem;text-wrap:pretty;unicode-bidi:isolate}
main>:last-child{margin-bottom:0}
dl{display:grid;grid-template-columns:auto minmax(0,1fr);gap:.45rem 1rem;margin:1.1rem 0;padding:.9rem 1rem;background:var(--well);border:1px solid var(--edge);border-radius:.6rem;line-height:1.4}
dt{color:var(--quiet)}
dd{margin:0;unicode-bidi:isolate}
dd:nth-of-type(-n+2){font-weight:600}
code{display:block;margin:1.25rem 0;padding:.9rem 1rem;background:var(--well);border:1px solid var(--edge);border-radius:.6rem;font:600 1.6rem/1.2 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;letter-spacing:.12em;text-align:center;user-select:all}
form{margin:1.5rem 0 0}
button{width:100%;min-height:3rem;padding:.7rem 1.25rem;border:1px solid transparent;border-radius:.6rem;background:var(--accent);color:var(--on);font:inherit;font-weight:600;cursor:pointer}
form+form{margin-top:.6rem}
form+form button{background:transparent;border-color:var(--accent);color:var(--accent)}
button:hover{filter:brightness(1.08)}
:focus-visible{outline:3px solid var(--ring);outline-offset:3px}
.note{margin:1.5rem 0 0;padding-top:1rem;border-top:1px solid var(--edge);color:var(--quiet);font-size:.9rem}
@media (max-width:30rem){main{padding:1.25rem 1.1rem}dl{grid-template-columns:minmax(0,1fr);gap:0}dd{margin-bottom:.5rem}dd:last-child{margin:0}}
`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

const MARK =
  '<svg viewBox="0 0 40 40" aria-hidden="true"><rect width="40" height="40" rx="11"/><path d="M9 14h17a6 6 0 0 1 0 12H14"/><path d="m17 22-4 4 4 4"/><path d="m9 14 8.5 6L26 14"/></svg>';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** They would let a name turn the words around it; the lines come in inert already, so this is the second lock. */
const DIRECTION = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** The only way for a text into a page. */
function literal(value: string): string {
  return value
    .replace(DIRECTION, (char) => `[U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`)
    .replace(/[&<>"']/g, (char) => ESCAPES[char] ?? '');
}

/** The whole document. */
function draw(page: Page): string {
  const { title, lines, facts = [], step, tenant, code, form, otherForms = [], note } = page;
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">',
    `<title>${literal(title)} \u00b7 Clawback</title><style>${STYLE}</style></head>`,
    `<body><main><header>${MARK}<span>Clawback</span>${part(tenant, (text) => `<span class="tenant">${text}</span>`)}</header>`,
    part(step, (text) => `<p class="step">${text}</p>`),
    `<h1>${literal(title)}</h1>`,
    ...lines.map((line) => `<p>${literal(line)}</p>`),
    drawFacts(facts),
    part(code, (text) => `<code>${text}</code>`),
    form ? drawForm(form) : '',
    ...otherForms.map(drawForm),
    part(note, (text) => `<p class="note">${text}</p>`),
    '</main></body></html>',
  ].join('\n');
}

function part(value: string | undefined, around: (escaped: string) => string): string {
  return value === undefined ? '' : around(literal(value));
}

function drawFacts(facts: NonNullable<Page['facts']>): string {
  const rows = facts.map(([label, value]) => `<dt>${literal(label)}</dt><dd>${literal(value)}</dd>`);
  return rows.length === 0 ? '' : `<dl>${rows.join('')}</dl>`;
}

function drawForm({ action, label, fields }: Form): string {
  const hidden = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${literal(name)}" value="${literal(value)}">`,
  );
  return `<form method="post" action="${literal(action)}">${hidden.join('')}<button>${literal(label)}</button></form>`;
}

/**
 * On every answer. `authorities`: origins a form may end up at, since browsers hold a redirect against the form too.
 * Nothing is loaded, framed, kept or told to the next site.
 */
function headers(authorities: readonly string[]): Readonly<Record<string, string>> {
  return {
    'content-security-policy': [
      "default-src 'none'",
      `style-src 'sha256-${STYLE_HASH}'`,
      `form-action 'self' ${authorities.join(' ')}`.trim(),
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ].join('; '),
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  };
}

/** A file that a browser keeps and does not show. `name`: of plain characters. */
export function sendFile(
  res: ServerResponse,
  { name, type, text }: { readonly name: string; readonly type: string; readonly text: string },
  authorities: readonly string[],
): void {
  const body = Buffer.from(text, 'utf8');
  res.writeHead(200, {
    ...headers(authorities),
    'content-type': type,
    'content-disposition': `attachment; filename="${name.replace(/[^\w.-]/g, '')}"`,
    'content-length': String(body.length),
  });
  res.end(body);
}

/** Answers with a page, or with a redirect where there is a `location`. */
export function sendPage(
  res: ServerResponse,
  answer: { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly page?: Page },
  authorities: readonly string[],
): void {
  const body = answer.page ? draw(answer.page) : '';
  res.writeHead(answer.status, {
    ...headers(authorities),
    ...(answer.page ? { 'content-type': 'text/html; charset=utf-8' } : {}),
    'content-length': String(Buffer.byteLength(body)),
    ...answer.headers,
  });
  res.end(body);
}
