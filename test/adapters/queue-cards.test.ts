import { describe, expect, test } from 'vitest';
import { slackCards } from '../../src/adapters/slack/card.ts';
import { queueCard } from '../../src/adapters/teams/card.ts';
import type { Queue } from '../../src/core/tell/queue.ts';
import { blockProblems, viewProblems } from '../../src/sandbox/slack/block-kit.ts';
import { cardProblems } from '../../src/sandbox/teams/card-rules.ts';
import { queueStates } from '../support/card-pictures/queue-states.ts';
import { literalTexts } from '../support/card-pictures/texts.ts';

/** The queue as each place takes it: within its limits, and with what a mail says only where it is shown literally. */

const { queue } = slackCards();
const states = queueStates().map(({ name, queue: shown }): [string, Queue] => [name, shown]);
const many = states.find(([name]) => name === 'queue-many')?.[1] ?? expect.fail('no queue of many');

describe.each(states)('%s', (_name, shown) => {
  test('is taken as a Home tab, and is small', () => {
    const view = queue.home(shown);
    expect(viewProblems(view)).toEqual([]);
    expect(Buffer.byteLength(JSON.stringify(view))).toBeLessThan(250_000);
  });

  test('is taken as a message in Slack', () => {
    expect(blockProblems(queue.message(shown).blocks, 'message')).toEqual([]);
  });

  test('is taken as a card in Teams, and is small', () => {
    const card = queueCard(shown);
    expect(cardProblems(card as never)).toEqual([]);
    expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThan(25_000);
  });

  test('shows what mails say literally and nowhere else', () => {
    const subjects = [...shown.mine, ...shown.role].flatMap(({ incident }) => incident.alert.message.subject ?? []);
    const drawn = [queue.home(shown).blocks, queue.message(shown).blocks, queueCard(shown)];
    for (const card of drawn) {
      const elsewhere = withoutLiteral(card);
      for (const subject of subjects.filter((text) => text.length > 3)) expect(elsewhere).not.toContain(subject);
    }
  });
});

/** Everything of a card but the texts that are shown literally. */
function withoutLiteral(node: unknown): string {
  return JSON.stringify(node, (_name, value: unknown) => {
    const type = (value as { type?: unknown } | null)?.type;
    return type === 'TextRun' || (type === 'text' && typeof value === 'object') ? { type } : value;
  });
}

test('what has no room is counted: nothing of 500 is left out in silence', () => {
  const home = literalTexts(queue.home(many).blocks, 'text').join('\n');
  const kept = /(\d+) more are not shown/g;
  const sum = (text: string) => [...text.matchAll(kept)].reduce((all, [, n]) => all + Number(n), 0);
  expect(sum(home)).toBe(500 - 40);
  expect(sum(literalTexts(queue.message(many).blocks, 'text').join('\n'))).toBe(500 - 15);
  expect(sum(literalTexts(queueCard(many), 'TextRun').join('\n'))).toBe(500 - 15);
  expect(home).toContain('At least 41 incidents wait for roles that you do not hold.');
  expect(home).toContain(
    'Counted over 500 of 1,704 open incidents, those that rank highest: the others were not looked at here.',
  );
  expect(home).toContain('STOPPED by Omar Analyst');
});

test('each section has a few of its lines, however much waits for the first', () => {
  const card = JSON.stringify(queueCard(many));
  expect(card.match(/"verb":"bring"/g)).toHaveLength(15);
  for (const said of [
    'Waits for you (at least 300)',
    '294 more are not shown.',
    'Running (at least 30)',
    '27 more are not shown.',
  ])
    expect(card).toContain(said);
});
