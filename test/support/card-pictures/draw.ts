import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { slackCards } from '../../../src/adapters/slack/card.ts';
import {
  detailsCard,
  formCard,
  foundCard,
  gatheredCard,
  incidentCard,
  measuresCard,
  queueCard,
  replyCard,
  searchCard,
} from '../../../src/adapters/teams/card.ts';
import { containFormCard } from '../../../src/adapters/teams/contain-cards.ts';
import { flagFormCard, flagsCard } from '../../../src/adapters/teams/flag-cards.ts';
import { hostConfig, type Theme } from '../../../src/sandbox/page/client/teams-look.ts';
import { formShown } from '../forms.ts';
import { campaignStates } from './campaign-states.ts';
import { containStates } from './contain-states.ts';
import { detailsStates } from './details-states.ts';
import { flagFormStates, flagStates } from './flag-states.ts';
import { gatheredStates } from './gathered-states.ts';
import { measureStates } from './measure-states.ts';
import { peopleAnswer, peopleStates } from './people-states.ts';
import { queueStates } from './queue-states.ts';
import { formStates, foundStates } from './search-states.ts';
import { cardStates } from './states.ts';
import { teamsCss } from './teams-look.ts';

/** `node test/support/card-pictures/draw.ts <outdir> [name]`: every card in every state as a PNG, a rendered preview. */

const WIDTHS = { wide: 760, narrow: 390 } as const;
const FLAGS =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';
const require = createRequire(import.meta.url);
const place = { channel: 'C0ALERTS', ts: '1764000000.000100' };
const answer = ['Your approval is recorded: 1 of 2.', 'One more person has to approve until 23 Nov 14:05 UTC.'];

interface Picture {
  readonly name: string;
  draw(page: Page, theme: Theme): Promise<void>;
}

/** The client breaks a word that is too long; the library that draws for it does not. */
const WRAPPED = ':not(button,button *){overflow-wrap:anywhere!important}';

async function teamsPictures(): Promise<Picture[]> {
  const library = await readFile(require.resolve('adaptivecards/dist/adaptivecards.min.js'), 'utf8');
  const cards = [
    ...[...cardStates(), ...campaignStates(), ...peopleStates()].map(({ name, view }) => ({
      name,
      card: incidentCard(view),
    })),
    ...measureStates().map(({ name, view }) => ({ name, card: measuresCard(view) })),
    ...detailsStates().map(({ name, view }) => ({ name, card: detailsCard(view) })),
    ...gatheredStates().map(({ name, view }) => ({ name, card: gatheredCard(view) })),
    ...queueStates().map(({ name, queue }) => ({ name, card: queueCard(queue) })),
    ...foundStates().map(({ name, view }) => ({ name, card: foundCard(view) })),
    ...formStates().map(({ name, form }) => ({ name, card: searchCard(form) })),
    ...flagStates().map(({ name, list }) => ({ name, card: flagsCard(list) })),
    ...flagFormStates().map(({ name, form }) => ({ name, card: flagFormCard(form) })),
    ...containStates().map(({ name, form }) => ({ name, card: containFormCard(form, 'CB-7F3K2M') })),
    { name: 'reply', card: replyCard(answer) },
    { name: 'people-answer', card: replyCard(peopleAnswer()) },
    { name: 'reason', card: formCard(formShown('reject')) },
    { name: 'delete-for-good', card: formCard(formShown('hard-purge')) },
  ];
  return cards.map(({ name, card }) => ({
    name: `teams-${name}`,
    async draw(page, theme) {
      await page.setContent(`<meta charset="utf-8"><style>${teamsCss(theme)}</style><div id="card"></div>`);
      await page.addScriptTag({ content: library });
      await page.evaluate(
        `{ const card = new AdaptiveCards.AdaptiveCard();
           card.hostConfig = new AdaptiveCards.HostConfig(${JSON.stringify(hostConfig(theme, '"Segoe UI", "Liberation Sans", sans-serif'))});
           card.parse(${JSON.stringify(card)});
           document.getElementById('card').append(card.render()); }`,
      );
    },
  }));
}

/** Slack's message blocks drawn by React; a modal gets a plain frame of our own with its title, inputs and submit. */
async function slackBundle(): Promise<string> {
  const contents = `import { createElement as e } from 'react'; import { createRoot } from 'react-dom/client';
    import { flushSync } from 'react-dom'; import { Message } from 'slack-blocks-to-jsx';
    window.drawBlocks = (blocks, theme, modal) => flushSync(() => createRoot(document.getElementById('card')).render(
      e(Message, { blocks, theme, name: 'Clawback', logo: 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" width="36" height="36"><rect width="36" height="36" rx="6" fill="%231b2a41"/></svg>', withoutWrapper: modal, time: new Date(0) })));`;
  const built = await build({
    stdin: { contents, resolveDir: import.meta.dirname, loader: 'js' },
    bundle: true,
    write: false,
    format: 'iife',
    minify: true,
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  return built.outputFiles[0]?.text ?? '';
}

async function slackPictures(): Promise<Picture[]> {
  const script = await slackBundle();
  const css = await readFile(require.resolve('slack-blocks-to-jsx/dist/style.css'), 'utf8');
  const cards = slackCards();
  const modals = [
    ...detailsStates().map(({ name, view }) => ({ name, view: cards.details(view, place) })),
    ...formStates().map(({ name, form }) => ({ name, view: cards.search.form(form, place.channel) })),
    ...flagFormStates().map(({ name, form }) => ({ name, view: cards.flags.form(form, place) })),
    ...containStates().map(({ name, form }) => ({ name, view: cards.contain.form(form, place.channel) })),
    { name: 'reason', view: cards.form(formShown('reject'), place) },
    { name: 'delete-for-good', view: cards.form(formShown('hard-purge'), place) },
  ];
  const drawings = [
    ...[...cardStates(), ...campaignStates(), ...peopleStates()].map(({ name, view }) => ({
      name,
      title: '',
      blocks: cards.incident(view).blocks,
    })),
    ...measureStates().map(({ name, view }) => ({ name, title: '', blocks: cards.measures(view).blocks })),
    ...gatheredStates().map(({ name, view }) => ({ name, title: '', blocks: cards.gathered(view).blocks })),
    ...modals.map(({ name, view }) => ({ name, title: view.title.text, blocks: view.blocks })),
    ...queueStates().map(({ name, queue }) => ({ name, title: '', blocks: cards.queue.home(queue).blocks })),
    ...foundStates().map(({ name, view }) => ({ name, title: '', blocks: cards.search.found(view).blocks })),
    ...flagStates().map(({ name, list }) => ({ name, title: '', blocks: cards.flags.list(list).blocks })),
    { name: 'reply', title: '', blocks: cards.reply(answer).blocks },
    { name: 'people-answer', title: '', blocks: cards.reply(peopleAnswer()).blocks },
  ];
  return drawings.map(({ name, title, blocks }) => ({
    name: `slack-${name}`,
    async draw(page, theme) {
      const look = theme === 'light' ? 'background:#fff;color:#1d1c1d' : 'background:#1a1d21;color:#d1d2d3';
      await page.setContent(
        `<meta charset="utf-8"><style>${css} ${WRAPPED} body{margin:0;padding:16px;font:15px "Liberation Sans",sans-serif;${look}}</style>
        ${title ? `<h3>${title}</h3>` : ''}<div id="card"></div>`,
      );
      await page.addScriptTag({ content: script });
      await page.evaluate(`drawBlocks(${JSON.stringify(blocks)}, ${JSON.stringify(theme)}, ${title !== ''})`);
    },
  }));
}

async function drawAll(browser: Browser, pictures: readonly Picture[], folder: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    for (const [size, width] of Object.entries(WIDTHS)) {
      const page = await browser.newPage({ viewport: { width, height: 400 } });
      await page.route('**/*', (route) => route.abort());
      for (const picture of pictures) {
        await picture.draw(page, theme);
        await page.screenshot({ path: `${folder}/${picture.name}-${theme}-${size}.png`, fullPage: true });
      }
      await page.close();
    }
  }
}

/** All pictures side by side, to compare before and after a change. Names are ours, nothing of a mail is in them. */
async function writeIndex(pictures: readonly Picture[], folder: string): Promise<void> {
  const figure = (name: string, theme: string, size: string) =>
    `<figure><img loading="lazy" src="${name}-${theme}-${size}.png" alt="${name}, ${theme}, ${size}"><figcaption>${name} · ${theme} · ${size}</figcaption></figure>`;
  const rows = pictures.map(({ name }) => {
    const figures = ['light', 'dark'].flatMap((theme) => Object.keys(WIDTHS).map((size) => figure(name, theme, size)));
    return `<section><h2>${name}</h2>${figures.join('')}</section>`;
  });
  await writeFile(
    `${folder}/index.html`,
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Clawback cards</title><style>
     body{font:15px sans-serif;margin:2rem;color-scheme:light dark}section{display:flex;flex-wrap:wrap;gap:1rem;align-items:start}
     h2{flex-basis:100%;margin:1.5rem 0 0}figure{margin:0}img{max-width:100%;border:1px solid #8888}figcaption{font-size:13px;opacity:.7}</style>
     <h1>Every card in every state</h1><p>Rendered previews, drawn by adaptivecards and slack-blocks-to-jsx.</p>${rows.join('')}</html>`,
  );
}

const [folder, only = ''] = process.argv.slice(2);
if (!folder) throw new Error('usage: node test/support/card-pictures/draw.ts <outdir> [part of a name]');
await mkdir(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS.split(' ') });
try {
  const all = [...(await teamsPictures()), ...(await slackPictures())];
  const wanted = all.filter(({ name }) => name.includes(only));
  await drawAll(browser, wanted, folder);
  await writeIndex(wanted, folder);
} finally {
  await browser.close();
}
