import { CLOUD_NAMES, cloudOf } from '../adapters/microsoft/clouds.ts';
import type { TrialResult } from './trial.ts';
import { seconds } from './trial-batches.ts';
import { BELIEFS } from './trial-beliefs.ts';
import type { Leftover } from './trial-clear.ts';

/** The file that can be shared: what was seen, and nothing that names the tenant, its people or its mail. */

export const HEADING = '# Clawback trial';

const ON_ONE_MACHINE = 'a stand-in on one machine: this says nothing about Microsoft 365';

/** `secrets`: whatever must not be in it. It never should be; this is the second lock. */
export function paperOf(result: TrialResult, graphUrl: string, secrets: readonly string[]): string {
  const { judged, timings, failed, leftovers, startedAt, endedAt, stopped } = result;
  const lines = [
    HEADING,
    '',
    `One mail in one test mailbox, ${new Date(startedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC, ${seconds(endedAt - startedAt)}. Service: ${serviceAt(graphUrl)}.`,
    'This file names no tenant, no person and no mail.',
    '',
    ...(stopped ? ['**It was stopped before its end.**', ''] : []),
    '| what may be so in Microsoft 365 | here | what was seen |',
    '|---|---|---|',
    ...judged.map(({ belief, verdict, seen }) => `| ${BELIEFS[belief]} | ${verdict} | ${cell(seen)} |`),
    '',
    '| step | times | half of them within | longest | told to wait |',
    '|---|---|---|---|---|',
    ...timings.map(
      ({ step, times, medianMs, longestMs, throttled }) =>
        `| ${step} | ${times} | ${medianMs} ms | ${longestMs} ms | ${throttled} |`,
    ),
    '',
    ...(failed.length > 0 ? ['Steps that failed:', '', ...failed.map((words) => `- ${cell(words)}`), ''] : []),
    leftovers.length === 0
      ? 'Nothing of the trial is left in the mailbox, but for what a hard delete leaves in Purges.'
      : `Left in the mailbox: ${leftovers.map(leftoverWords).join('; ')}.`,
    '',
  ];
  return without(lines.join('\n'), secrets);
}

function serviceAt(graphUrl: string): string {
  const cloud = cloudOf(graphUrl);
  if (cloud !== 'another') return `Microsoft 365, ${CLOUD_NAMES[cloud]}`;
  return new URL(graphUrl).hostname === '127.0.0.1' ? ON_ONE_MACHINE : 'another address';
}

export function leftoverWords({ what, where, another }: Leftover): string {
  return `the ${what} of ${another ? 'another' : 'the'} trial, ${where}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '/').replaceAll('\n', ' ');
}

const SHORTEST = 6;

function without(text: string, secrets: readonly string[]): string {
  const longestFirst = [...secrets].filter(({ length }) => length >= SHORTEST).sort((a, b) => b.length - a.length);
  return longestFirst.reduce((left, secret) => left.replaceAll(new RegExp(literal(secret), 'gi'), '[left out]'), text);
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
