import { expect, it } from 'vitest';
import { ClawbackError } from '../../src/core/error.ts';
import { folderTrouble } from '../../src/core/folder-trouble.ts';

/** What keeps the data folder from being used is advice, whatever the file system calls it. */

it.each([
  [{ code: 'EROFS' }, 'the data folder /data is on a file system that can only be read: mount it to be written'],
  [{ code: 'EWHATEVER' }, 'the data folder /data cannot be used (EWHATEVER): set data: to another folder'],
  [{}, 'the data folder /data cannot be used (no reason given): set data: to another folder'],
])('%j', (cause, words) => {
  const trouble = folderTrouble('/data', cause);
  expect([trouble.message.startsWith(words), trouble.field, trouble.cause]).toEqual([true, 'data', cause]);
});

it('advice stays as it is', () => {
  const advice = new ClawbackError('store-busy', 'another Clawback has it');
  expect(folderTrouble('/data', advice)).toBe(advice);
});
