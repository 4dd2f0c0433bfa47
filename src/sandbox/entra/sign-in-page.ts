import type { Refusal } from './grant.ts';
import type { SignInPerson } from './types.ts';

/** The only pages of this Entra. Whatever comes from outside is escaped, and there are no scripts. */

const STYLE =
  ':root{color-scheme:light dark}body{font:16px system-ui,sans-serif;max-width:26rem;margin:3rem auto;padding:0 1rem}' +
  'a,button{display:block;width:100%;box-sizing:border-box;margin:.5rem 0;padding:.75rem 1rem;border:1px solid #767676;' +
  'border-radius:6px;background:light-dark(#fff,#1c1c1c);color:light-dark(#111,#f2f2f2);font:inherit;text-align:left;text-decoration:none}' +
  'a:hover,button:hover,a:focus,button:focus{background:light-dark(#eef3fb,#26374d)}small{display:block;color:light-dark(#555,#bbb)}';

/** One link per person; `hrefOf(null)` goes back without signing in. */
export function choicePage(
  people: readonly SignInPerson[],
  app: string,
  hrefOf: (person: SignInPerson | null) => string,
): string {
  const link = (href: string, name: string, detail: string) =>
    `<li><a href="${escaped(href)}">${escaped(name)}<small>${escaped(detail)}</small></a></li>`;
  const links = people.map((person) => link(hrefOf(person), person.name, person.upn));
  const none = people.length === 0 ? '<p>Nobody can sign in here.</p>' : '';
  return page(
    'Pick an account',
    `<p>to continue to ${escaped(app)}</p>${none}<ul style="list-style:none;padding:0">${links.join('')}</ul>` +
      `<p><a href="${escaped(hrefOf(null))}">Cancel</a></p>`,
  );
}

/** What response_mode=form_post answers. Entra's posts itself by a script; here somebody presses. */
export function postPage(action: string, fields: URLSearchParams): string {
  const inputs = [...fields].map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  );
  const form = `<form method="post" action="${escaped(action)}">${inputs.join('')}<button>Continue</button></form>`;
  return page('Signed in', form);
}

export function refusalPage({ number, text }: Refusal): string {
  return page('Sorry, but we’re having trouble signing you in', `<p>AADSTS${number}: ${escaped(text)}</p>`);
}

function page(title: string, body: string): string {
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title>` +
    `<meta name="viewport" content="width=device-width"><style>${STYLE}</style></head>` +
    `<body><main><h1>${escaped(title)}</h1>${body}</main></body></html>`
  );
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one);
}
