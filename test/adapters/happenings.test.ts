import { expect, test } from 'vitest';
import type { Metrics } from '../../src/adapters/http/health.ts';
import { tell } from '../../src/happenings.ts';
import { createLog } from '../../src/log.ts';

/** What of the happenings is an error in the log. */

test('the time to an answer is a time, and no count', () => {
  const times: unknown[] = [];
  const metrics = {
    time: (...given: unknown[]) => times.push(given),
    count: () => expect.fail('it is counted'),
  } as unknown as Metrics;
  const log = createLog('info', { write: () => expect.fail('it is a line of the log') });
  tell({ what: 'answer', end: 'harmless', seconds: 720 }, { tenant: 'contoso', metrics, log });
  expect(times).toEqual([['answer', { tenant: 'contoso', end: 'harmless' }, 720]]);
});

test.each([
  ['dead', 'error', 50],
  ['back', 'info', 30],
] as const)('a room that is %s is told as %s', (result, _name, level) => {
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => void lines.push(line) });
  const metrics = { count: () => undefined } as unknown as Metrics;
  tell({ what: 'room', platform: 'slack', result }, { tenant: 'contoso', metrics, log });
  expect(lines.map((line) => JSON.parse(line).level)).toEqual([level]);
});

test('a card that is turned away by a room that takes others is told as error, and one that is sent is no line', () => {
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => void lines.push(line) });
  const metrics = { count: () => undefined } as unknown as Metrics;
  for (const result of ['sent', 'turned away'])
    tell({ what: 'card', platform: 'slack', result }, { tenant: 'contoso', metrics, log });
  expect(lines.map((line) => JSON.parse(line).level)).toEqual([50]);
});

test.each([
  ['silent', 50],
  ['speaks', 30],
] as const)('a source of reports that is %s is told at level %i, and counted', (result, level) => {
  const lines: string[] = [];
  const counted: unknown[] = [];
  const log = createLog('info', { write: (line) => void lines.push(line) });
  const metrics = { count: (...told: unknown[]) => void counted.push(told) } as unknown as Metrics;
  tell({ what: 'source', source: 'mailbox', result }, { tenant: 'contoso', metrics, log });
  expect(lines.map((line) => JSON.parse(line).level)).toEqual([level]);
  expect(counted).toEqual([['sources', { tenant: 'contoso', source: 'mailbox', result }]]);
});
