import { describe, expect, it } from 'vitest';
import { aboutLine, answerLine, formOf, lostLine, wholeLines } from '../../src/core/record/request-lines.ts';

const AT = '2026-11-20T08:00:00.000Z';
const LATER = '2026-11-20T08:00:01.000Z';
const MAILBOX = '11111111-0000-4000-8000-000000000001';

const inner = { id: 'i-1', method: 'GET', operation: 'locate', mailbox: MAILBOX, cause: 'run-1' };
const batch = { id: 'b-1', method: 'POST', operation: 'batch', path: '/$batch', cause: 'run-1', changes: false };

describe('what is written down of a path', () => {
  it.each([
    ['an id', `/users/${MAILBOX}/messages/AAMkAD-x_1%3D/move`, '/users/{}/messages/{}/move'],
    ['an address', '/users/dana%40contoso.example/messages', '/users/{}/messages'],
    ['a question', "/users?$filter=mail eq 'dana@contoso.example'", '/users'],
    [
      'a well-known folder',
      `/users/${MAILBOX}/mailFolders/recoverableitemsdeletions`,
      '/users/{}/mailFolders/recoverableitemsdeletions',
    ],
    ['a count', '/users/$count', '/users/$count'],
    ['an id of letters alone', `/users/${MAILBOX}/messages/${'A'.repeat(120)}`, '/users/{}/messages/{}'],
  ])('is its form: %s is nothing to keep', (_what, path, form) => {
    expect(formOf(path)).toBe(form);
  });
});

describe('a line of the log of requests', () => {
  it('says what is about to be sent, with those inside', () => {
    const line = aboutLine({ ...batch, inner: [{ ...inner, path: `/users/${MAILBOX}/messages?$filter=x` }] }, AT);
    expect(JSON.parse(line)).toEqual({
      ...{ id: 'b-1', at: AT, method: 'POST', what: 'batch', path: '/$batch', for: 'run-1' },
      of: [['i-1', 'GET', 'locate', '/users/{}/messages', MAILBOX]],
    });
  });

  it('names for what each inside is sent where that is another thing', () => {
    const line = aboutLine({ ...batch, inner: [{ ...inner, path: '/x', cause: 'run-2' }] }, AT);
    expect(JSON.parse(line)).toMatchObject({ of: [['i-1', 'GET', 'locate', '/x', MAILBOX, 'run-2']] });
  });

  it('says what came back, and for which request', () => {
    expect(JSON.parse(answerLine('b-1', AT, 200, [200, 429]))).toEqual({
      to: 'b-1',
      at: AT,
      status: 200,
      of: [200, 429],
    });
  });
});

describe('what a process that was killed left behind', () => {
  it('is taken without the line that it had only begun', () => {
    const about = aboutLine(
      {
        ...batch,
        inner: [
          { ...inner, path: '/x' },
          { ...inner, path: '/y' },
        ],
      },
      AT,
    );
    const answer = answerLine('b-1', LATER, null, []);
    expect(wholeLines(`${about}\n${answer}\n{"id":"b-2","at":"20`)).toEqual({
      text: `${about}\n${answer}\n`,
      ...{ requests: 3, lost: 0, from: AT, until: LATER },
    });
  });

  it('tells how many could not be written down', () => {
    expect(wholeLines(`${lostLine(7, AT)}\n`)).toMatchObject({ requests: 0, lost: 7 });
  });

  it.each(['', '\n\n', '{"id":', 'null\n', '{"id":"x"}\n'])('is nothing where no line is whole (%j)', (left) => {
    expect(wholeLines(left)).toBeNull();
  });
});
