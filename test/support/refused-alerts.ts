import { MAX_ALERT_BYTES } from '../../src/adapters/http/intake.ts';
import { good, type Sending, sentAlert, signed } from './signed-alerts.ts';

/** Alerts that the intake turns away. */

export const STRANGER_SECRET = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;

/** Name, body, how it is sent, status and problem type. */
export const REFUSED: readonly [string, () => string | Buffer, (body: string | Buffer) => Sending, number, string][] = [
  ['signed by a stranger', good, () => ({ secret: STRANGER_SECRET }), 401, 'bad-signature'],
  ['without an id', good, () => ({ headers: { 'webhook-id': undefined } }), 401, 'unsigned'],
  ['without a timestamp', good, () => ({ headers: { 'webhook-timestamp': undefined } }), 401, 'unsigned'],
  ['without a signature', good, () => ({ headers: { 'webhook-signature': undefined } }), 401, 'unsigned'],
  ['with an empty signature', good, () => ({ headers: { 'webhook-signature': '' } }), 401, 'unsigned'],
  [
    'with a signature of another scheme',
    good,
    () => ({ headers: { 'webhook-signature': 'v1a,AAAA' } }),
    401,
    'bad-signature',
  ],
  ['with the word v1 alone', good, () => ({ headers: { 'webhook-signature': 'v1' } }), 401, 'bad-signature'],
  ['with an empty v1', good, () => ({ headers: { 'webhook-signature': 'v1,' } }), 401, 'bad-signature'],
  ['signed six minutes ago', good, () => ({ at: new Date(Date.now() - 360_000) }), 401, 'bad-signature'],
  ['signed six minutes ahead', good, () => ({ at: new Date(Date.now() + 360_000) }), 401, 'bad-signature'],
  [
    'with letters after the timestamp',
    good,
    (body) => ({ headers: { 'webhook-timestamp': `${signed(body)['webhook-timestamp']}abc` } }),
    401,
    'unsigned',
  ],
  [
    'with a timestamp in milliseconds',
    good,
    () => ({ headers: { 'webhook-timestamp': String(Date.now()) } }),
    401,
    'unsigned',
  ],
  ['with a negative timestamp', good, () => ({ headers: { 'webhook-timestamp': '-1700000000' } }), 401, 'unsigned'],
  [
    'with a thousand signatures',
    good,
    (body) => ({ headers: { 'webhook-signature': `${'v1,AAAA '.repeat(999)}${signed(body)['webhook-signature']}` } }),
    401,
    'unsigned',
  ],
  ['with an id of 201 characters', good, () => ({ id: 'x'.repeat(201) }), 401, 'unsigned'],
  ['with a blank in its id', good, () => ({ id: 'a b' }), 401, 'unsigned'],
  [
    'with the signature of another id',
    good,
    (body) => ({ headers: { 'webhook-signature': signed(body, { id: 'other' })['webhook-signature'] } }),
    401,
    'bad-signature',
  ],
  ['with the signature of another body', good, () => ({ headers: signed(`${good()} `) }), 401, 'bad-signature'],
  [
    'with bytes that are no text',
    () => Buffer.concat([Buffer.from('{"id":"'), Buffer.of(0xff, 0xc0, 0x80), Buffer.from('"}')]),
    () => ({}),
    400,
    'not-json',
  ],
  ['that is not JSON', () => 'verdict=phishing', () => ({}), 400, 'not-json'],
  ['that is empty', () => '', () => ({}), 400, 'not-json'],
  ['that ends too early', () => good().slice(0, -1), () => ({}), 400, 'not-json'],
  ['that is JSON twice', () => good() + good(), () => ({}), 400, 'not-json'],
  ['that is a list', () => '[]', () => ({}), 422, 'invalid-alert'],
  ['that is null', () => 'null', () => ({}), 422, 'invalid-alert'],
  [
    'of 4.3 megabytes',
    () => JSON.stringify(sentAlert({}, { subject: 'x' })) + ' '.repeat(4_300_000),
    () => ({}),
    413,
    'too-large',
  ],
  ['of five megabytes', () => 'x'.repeat(5_000_000), () => ({}), 413, 'too-large'],
  ['one byte too long', () => good().padEnd(MAX_ALERT_BYTES + 1, ' '), () => ({}), 413, 'too-large'],
  ['sent with another method', good, () => ({ method: 'PUT' }), 405, 'method'],
  ['asked for', () => '', () => ({ method: 'GET' }), 405, 'method'],
  ['sent elsewhere', good, () => ({ path: '/intake/alerts/' }), 404, 'not-found'],
  ['sent to a path with dots', good, () => ({ path: '/x/../intake' }), 404, 'not-found'],
];
