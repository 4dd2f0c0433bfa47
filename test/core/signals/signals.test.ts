import { describe, expect, it } from 'vitest';
import { findingsIn, SIGNAL_NAMES, type SignalName } from '../../../src/core/signal/signals.ts';
import { CASES, CHIEF, finding, TYPICAL, weightOf } from '../../support/signal-cases.ts';
import { factsOf, NOT_ASKED, type Told } from '../../support/signal-facts.ts';

const MANY = 100_000;

describe('an ordinary mail', () => {
  it('of a partner of years raises nothing', () => {
    expect(findingsIn(factsOf())).toEqual([]);
  });

  it('of a colleague raises nothing', () => {
    expect(findingsIn(factsOf({ from: 'joe@contoso.example', name: 'Joe', partners: [], vips: CHIEF }))).toEqual([]);
  });
});

describe.each(SIGNAL_NAMES)('%s', (signal) => {
  const typical = TYPICAL[signal];

  it('speaks of a mail that is made for it, in one inert line', () => {
    const { sentence = '' } = finding(signal, typical) ?? {};
    expect(sentence).toMatch(/^[A-Z][^\n]{10,260}\.$|^[a-z0-9[\]-]+\[\.\][^\n]{10,260}\.$/);
  });

  it('says where from and as of when', () => {
    const { sources = [], at } = finding(signal, typical) ?? {};
    expect([sources.length > 0, at]).toEqual([true, '2026-12-01T08:00:00.000Z']);
  });

  it('says nothing where nobody has looked', () => {
    const nothing = factsOf({
      ...{ from: null, replyTo: null, recipients: null, subject: null, thread: null, kind: null, quotedHeaders: null },
      ...{ authentication: null, own: null, partners: null, vips: null, ownRelay: null, owner: null },
      ...{ address: NOT_ASKED, conversation: null, sameIndex: null, judged: null, judgedDomain: null },
    });
    expect(findingsIn(nothing).filter((one) => one.signal === signal)).toEqual([]);
  });

  it('says nothing where its own fact is not known', () => {
    const unknown: Record<SignalName, Told> = {
      'lookalike-own': { own: null },
      'lookalike-partner': { partners: null },
      'thread-hijack': { conversation: null },
      'vip-name': { vips: null },
      authentication: { authentication: null },
      'reply-to': { replyTo: null },
      'copied-index': { sameIndex: null },
      'address-in-name': { own: null },
      'judged-before': { judged: null },
      'fake-thread': { thread: null },
      'masked-recipients': { owner: null },
      'payment-words': { subject: null },
      prevalence: { domain: NOT_ASKED },
      'first-time': { address: NOT_ASKED },
      unsolicited: { domain: NOT_ASKED },
    };
    expect(finding(signal, { ...typical, ...unknown[signal] })).toBeUndefined();
  });

  it('keeps the row it rests on, cut', () => {
    const long = 'x'.repeat(MANY);
    const row = finding(signal, { ...typical, name: `${typical.name ?? 'Pat'} ${long}` })?.row ?? {};
    const texts = Object.values(row).map((value) => `${value}`.length);
    expect([texts.length > 0, texts.every((length) => length <= 320)]).toEqual([true, true]);
  });
});

describe('how much a signal weighs', () => {
  it.each(CASES)('%s: %s', (signal, _what, told, weight) => {
    expect(weightOf(signal, { ...TYPICAL[signal], ...told })).toBe(weight);
  });
});
