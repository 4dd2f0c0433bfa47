import { argv, stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { type FolderRead, readFolder } from './folder.ts';
import { madeUp } from './made-up.ts';
import { type Rate, ratesOf, read, strongOnGood, thresholdsOf, type Whole, wholeOf } from './rates.ts';

/**
 * How right each signal is, on 300 made-up mails and on good ones of a folder:
 * npm run bench:signals [-- --json] [--seed N] [--good FOLDER]. Ends with 1 where a good mail gets a strong finding.
 */

function table(rates: readonly Rate[]): string {
  const share = (value: number | null) => (value === null ? '-' : value.toFixed(2)).padStart(9);
  const three = ({ strong, medium, weak }: Rate['onGood']) => `${strong} / ${medium} / ${weak}`.padStart(16);
  const lines = rates.map(
    ({ signal, precision, firmPrecision, recall, onGood, onBad }) =>
      `${signal.padEnd(18)}${share(precision)}${share(firmPrecision)}${share(recall)}${three(onGood)}${three(onBad)}`,
  );
  const head = `${''.padEnd(18)}precision     firm   recall${'on good s/m/w'.padStart(16)}${'on bad s/m/w'.padStart(16)}`;
  return [head, ...lines].join('\n');
}

function wholeWords({ good, bad, order }: Whole): string {
  const shown = thresholdsOf({ good, bad, order }).map(
    ({ from, precision, recall }) =>
      `shown as ${from === 'strong' ? 'strong' : 'strong or medium'}: precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)}`,
  );
  const words = (of: Whole['good']) => `${of.strong} strong, ${of.medium} medium, ${of.weak} weak, ${of.none} nothing`;
  return `good mails by their strongest finding: ${words(good)}\nbad ones: ${words(bad)}\n${shown.join('\n')}\na bad one stands before a good one ${(order * 100).toFixed(1)} % of the time`;
}

function wordsOf({ mails, unread, fromFile, asStranger }: FolderRead): string {
  const some = (counted: Readonly<Record<string, number>>) =>
    Object.entries(counted)
      .map(([what, times]) => `${what} ${times}`)
      .join(', ') || 'nothing';
  return [
    `${mails} good mails of the folder, ${unread} files that are no mail`,
    `  by the file alone: ${some(fromFile)}`,
    `  as from somebody unheard of: ${some(asStranger)}`,
  ].join('\n');
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: argv.slice(2),
    options: {
      json: { type: 'boolean', default: false },
      good: { type: 'string' },
      seed: { type: 'string', default: '1' },
    },
  });
  const seed = Number(values.seed);
  if (!Number.isInteger(seed)) throw new Error('--seed is a whole number');
  const all = read(madeUp(seed));
  const [rates, whole] = [ratesOf(all), wholeOf(all)];
  const folder = values.good === undefined ? null : await readFolder(values.good);
  const strong = [...strongOnGood(all), ...(folder?.strong ?? [])];
  const say = values.json ? stderr : stdout;
  say.write(`${table(rates)}\n${wholeWords(whole)}\n`);
  if (folder) say.write(`${wordsOf(folder)}\n`);
  for (const one of strong) say.write(`STRONG ON A GOOD ONE  ${one}\n`);
  if (values.json) stdout.write(`${JSON.stringify({ seed, rates, whole, folder, strong })}\n`);
  process.exitCode = strong.length > 0 ? 1 : 0;
}

try {
  await main();
} catch (error) {
  stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
