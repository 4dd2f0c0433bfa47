import { expect, it } from 'vitest';
import { serverTrouble, serverTroubleIn } from '../../src/adapters/store/server-trouble.ts';
import { ClawbackError } from '../../src/core/error.ts';

/** What a database server says in the middle of a question. */

const URL = 'postgres://clawback:hidden@db.example.com/clawback';
const said = (code: string) => Object.assign(new Error('canceling statement'), { code });

it.each([
  ['a table that somebody holds', said('55P03'), 'is busy'],
  ['an answer that took too long', said('57014'), 'gave the question up'],
  [
    'what a transaction of ours ended with',
    new ClawbackError('unavailable', 'not now', { cause: said('55P03') }),
    'is busy',
  ],
])('%s is told in words', (_what, error, words) => {
  expect(serverTroubleIn(URL, error)).toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(new RegExp(`^the database server .*db\\.example\\.com.* ${words}`)),
  });
});

it.each([[said('42P01')], [new TypeError('no such function')], [new ClawbackError('not-found', 'no such case')]])(
  '%s is a fault of ours, and comes back as it is',
  (error) => {
    expect(serverTroubleIn(URL, error)).toBe(error);
  },
);

/** What a server that cannot be used at a start is said to be. */
const troubleOf = (url: string, cause: unknown) => serverTrouble(url, cause).message;
const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

it.each([
  ['postgres://db.example.com/clawback', 'db.example.com:5432'],
  ['postgres:///clawback', 'localhost:5432'],
  ['postgresql://clawback:hidden@db.example.com:6432/clawback', 'db.example.com:6432'],
])('%s is named by host and port: %s', (url, server) => {
  expect(troubleOf(url, refused)).toContain(`the database server named by DATABASE_URL (${server}) is not there`);
});

it.each([
  ['postgres://db.example.com/clawback', 'not named'],
  ['postgres://a%40contoso@db.example.com/clawback', 'a@contoso'],
  ['postgres://100%25%zz@db.example.com/clawback', '100%25%zz'],
])('%s is tried as user %s', (url, user) => {
  expect(troubleOf(url, said('28P01'))).toContain(`refuses the password of user ${user}:`);
});

it.each([
  ['postgres://db.example.com/claw%20back', 'claw back'],
  ['postgres://db.example.com', 'not named'],
  ['postgres://db.example.com/', 'not named'],
])('%s is about database %s', (url, database) => {
  expect(troubleOf(url, said('3D000'))).toContain(`has no database ${database}: create it`);
});

it.each<[string, unknown, string]>([
  ['several tries is that of the first', { errors: [refused, said('57P03')] }, 'is not there'],
  ['no try at all', { errors: [] }, 'does not answer as expected (no reason given)'],
  ['a wait that ended', new Error('timeout expired'), 'does not answer: look at the server'],
  ['a line that was cut', new Error('Connection terminated unexpectedly'), 'does not answer: look at the server'],
  ['a server without TLS', new Error('The server does not support SSL connections'), 'offers no TLS'],
  ['nothing at all', undefined, 'does not answer as expected (no reason given)'],
  ['words that nobody knows', new Error('as you like it'), 'does not answer as expected (no reason given)'],
  ['a code that nobody knows', said('99999'), 'does not answer as expected (99999)'],
])('the reason of %s', (_what, cause, words) => {
  expect(troubleOf(URL, cause)).toContain(words);
});

it.each(['nonsense', 'mysql://clawback:hidden@db.example.com/clawback'])(
  '%s is no address, and is not shown',
  (url) => {
    const trouble = serverTrouble(url, refused);
    expect(trouble).toMatchObject({ code: 'config', message: expect.stringMatching(/^DATABASE_URL is no address/) });
    expect(trouble.message).not.toContain('hidden');
    expect(serverTroubleIn(url, said('55P03'))).toMatchObject({ code: '55P03' });
  },
);

it('what Clawback itself says is kept where the server says no more', () => {
  const own = new ClawbackError('unavailable', 'not now');
  const unknown = new ClawbackError('unavailable', 'not now', { cause: said('99999') });
  expect([serverTrouble(URL, own), serverTrouble(URL, unknown)]).toEqual([own, unknown]);
  expect(serverTrouble(URL, own)).toBe(own);
});
