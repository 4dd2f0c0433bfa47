import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Alert, askersOf, LIMITS, TakenAlert } from '../../src/core/find/alert.ts';
import { readAlert } from '../../src/core/find/alert-reader.ts';
import { GOOD, GUID, KNOWN, MESSAGE, read, withField } from '../support/detector-alerts.ts';
import { SOURCE } from '../support/source.ts';

describe('who reported the mail', () => {
  it.each([
    ['a name', 'Emma'],
    ['a list', ['emma@contoso.example']],
    ['a number', 7],
    ['an object with other fields', { email: 'emma@contoso.example' }],
    ['an address that is none', { address: 'emma' }],
  ])('%s cannot be read, and nothing acts first', (_name, reporter) => {
    const { alert, unreadablePeople } = withField({ reporter });
    expect([
      alert.reporter,
      unreadablePeople,
      alert.findings.some((text) => /^reporter: cannot be read/.test(text)),
    ]).toEqual([null, true, true]);
  });

  it('and who asked for its removal likewise', () => {
    expect(withField({ requester: 'Omar' }).unreadablePeople).toBe(true);
  });

  it.each([[null], [undefined], [{}], [{ entraId: null, address: null }], [{ unproven: true }]])(
    '%j is nobody',
    (reporter) => {
      const { alert, unreadablePeople } = withField({ reporter });
      expect([alert.reporter, unreadablePeople, alert.findings]).toEqual([null, false, GOOD.findings]);
    },
  );

  it('is known by what can be read of them', () => {
    const { alert, unreadablePeople } = withField({ reporter: { entraId: 'x', address: 'emma@contoso.example' } });
    expect([alert.reporter, unreadablePeople]).toEqual([{ entraId: null, address: 'emma@contoso.example' }, false]);
  });

  it('may be told by the address alone, or by the id alone', () => {
    expect(withField({ reporter: 'emma@contoso.example' }).alert.reporter?.address).toBe('emma@contoso.example');
    expect(withField({ reporter: { entraId: GUID } }).alert.reporter).toEqual({ entraId: GUID, address: null });
  });

  it('is known whatever else is said of them, and that is told', () => {
    const { alert } = withField({ reporter: { ...GOOD.reporter, phone: '1' } });
    expect([alert.reporter, alert.findings[0]]).toEqual([
      GOOD.reporter,
      'reporter: unknown fields were left out: "phone"',
    ]);
  });

  it.each([
    [{}, 1],
    [{ unproven: false }, 1],
    [{ unproven: true }, 0],
    [{ unproven: 'no' }, 0],
  ])('decides not only when proven: %j', (doubt, askers) => {
    const { alert } = withField({ reporter: { address: 'emma@contoso.example', ...doubt } });
    const taken = TakenAlert.parse({ ...alert, from: SOURCE });
    expect(askersOf([], taken)).toHaveLength(askers);
  });
});

describe('nothing is left to work with', () => {
  it.each([
    ['null', null],
    ['a list', []],
    ['a text', 'alert'],
    ['nothing', {}],
    ['an alert without a message', { ...GOOD, message: undefined, recipients: [] }],
    [
      'an alert of which nothing can be read',
      { ...GOOD, message: { sender: 'x', subject: ' ', urls: [1] }, recipients: ['x'] },
    ],
  ])('in %s', (_name, value) => {
    expect(readAlert(value, KNOWN)).toEqual({
      problems: expect.arrayContaining([{ field: expect.any(String), problem: expect.any(String) }]),
    });
  });

  it.each([
    ['a Message-ID', { message: { internetMessageId: 'a@b.example' } }],
    ['a network id', { message: { networkMessageId: GUID } }],
    ['a sender', { message: { sender: 'a@b.example' } }],
    ['a subject', { message: { subject: 'x' } }],
    ['a link', { message: { urls: ['x'] } }],
    ['a recipient', { recipients: ['a@b.example'] }],
  ])('but %s is enough', (_name, value) => {
    expect(readAlert(value, KNOWN)).toHaveProperty('alert');
  });
});

describe('whatever is sent', () => {
  const tricky = fc.constantFrom<unknown>(
    '\ud800',
    '\u0000',
    'x'.repeat(5_000),
    -0,
    1e308,
    '__proto__',
    '@',
    '<>',
    GUID,
    KNOWN.now,
  );
  const anything = fc.oneof(fc.jsonValue(), tricky, fc.emailAddress(), fc.array(tricky));
  const alertLike = fc.record(
    {
      ...Object.fromEntries(Object.keys(GOOD).map((name) => [name, anything])),
      message: fc.record(Object.fromEntries(Object.keys(MESSAGE).map((name) => [name, anything])), {
        requiredKeys: [],
      }),
    },
    { requiredKeys: [] },
  );

  it('is an alert of the published shape, or says why it is none', () => {
    fc.assert(
      fc.property(fc.oneof(alertLike, anything), (value) => {
        const answer = readAlert(value, KNOWN);
        if ('problems' in answer) expect(answer.problems.length).toBeGreaterThan(0);
        else expect(Alert.safeParse(answer.alert).error).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads the same when it is read again', () => {
    fc.assert(
      fc.property(alertLike, (value) => {
        const once = readAlert(value, KNOWN);
        if ('alert' in once)
          expect(readAlert(JSON.parse(JSON.stringify(once.alert)), KNOWN)).toMatchObject({ alert: once.alert });
      }),
      { numRuns: 500 },
    );
  });

  it('changes no prototype and takes nothing from one', () => {
    const value: unknown = JSON.parse(
      `{"__proto__":{"verdict":"malware","isApprover":true},"message":{"__proto__":{"sender":"x@y.example"},"subject":"x"}}`,
    );
    const { alert } = read(value);
    expect([
      alert.verdict,
      alert.message.sender,
      Object.hasOwn(Object.prototype, 'isApprover'),
      alert.findings.join(),
    ]).toEqual(['suspicious', null, false, expect.stringContaining('__proto__')]);
  });

  it('runs no code', () => {
    let ran = 0;
    const trap = { get: () => (ran += 1), enumerable: true };
    const value = Object.defineProperties(
      { message: { subject: 'x' }, recipients: Object.defineProperty([1], 0, trap) },
      { id: trap, reporter: trap },
    );
    read(value);
    expect(ran).toBe(0);
  });

  it('may be as deep as it likes', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);
    expect(withField({ findings: deep, reporter: deep, extra: deep, recipients: deep }).alert.findings.length).toBe(4);
  });
});

describe('limits are never silent', () => {
  const many = Array.from({ length: LIMITS.recipients + 3 }, (_none, n) => `u${n}@contoso.example`);

  it('recipients beyond the limit are counted, and told', () => {
    const { alert, leftOut } = withField({ recipients: many });
    expect([alert.recipients.length, leftOut, alert.findings[0]]).toEqual([
      LIMITS.recipients,
      3,
      expect.stringContaining('3 were left out'),
    ]);
  });

  it('what the reader found comes first, however many findings the detector has', () => {
    const { findings } = withField({ findings: Array(60).fill('noise'), verdict: 'clean', isApprover: true }).alert;
    expect([findings.length, findings.filter((text) => text !== 'noise').length]).toEqual([LIMITS.findings, 4]);
    expect(findings).toContain('findings: only the first 46 of 50 were kept');
  });
});
