import { describe, expect, it } from 'vitest';
import { findingsIn, SIGNAL_NAMES } from '../../../src/core/signal/signals.ts';
import { CASES, CHIEF, finding, TYPICAL, weightOf } from '../../support/signal-cases.ts';
import { factsOf, NOBODY, type Told } from '../../support/signal-facts.ts';

const MANY = 100_000;

describe('what a sender writes', () => {
  /** Everything that mail programs and lists write, on every attack. */
  const disguised = {
    kind: { list: true, autoSubmitted: 'auto-replied', contentType: 'multipart/report; report-type=delivery-status' },
  };

  it.each(SIGNAL_NAMES)('takes no finding of %s away', (signal) => {
    expect(finding(signal, { ...TYPICAL[signal], ...disguised })).toBeDefined();
  });

  it.each(CASES.filter(([, , , weight]) => weight >= 20))(
    'lowers nothing that is firm: %s, %s',
    (signal, _what, told) => {
      const facts = { ...TYPICAL[signal], ...told };
      expect(weightOf(signal, { ...facts, ...disguised })).toBe(weightOf(signal, facts));
    },
  );

  it.each([
    ['a list', { list: true }],
    ['an answer by itself', { autoSubmitted: 'auto-generated' }],
    ['a bounce', { contentType: 'multipart/report; report-type=delivery-status' }],
    ['an invitation', { contentType: 'text/calendar; method=REQUEST' }],
  ])('takes half of a weak finding where it says that it is %s', (_what, kind) => {
    expect(weightOf('first-time', { ...TYPICAL['first-time'], kind })).toBe(2);
  });

  it.each([
    ['a person', { autoSubmitted: 'no' }],
    ['a mixed mail', { contentType: 'multipart/mixed' }],
  ])('takes nothing where it says that it is %s', (_what, kind) => {
    expect(weightOf('first-time', { ...TYPICAL['first-time'], kind })).toBe(5);
  });

  it.each([
    ['name', (text: string): Told => ({ name: text })],
    ['address', (text: string): Told => ({ from: `${text}@${text}.example` })],
    ['subject', (text: string): Told => ({ subject: `Re: ${text}` })],
    ['answers', (text: string): Told => ({ replyTo: Array.from({ length: 1_000 }, () => `x@${text}.example`) })],
    ['mark', (text: string): Told => ({ thread: { index: text } })],
  ])('may be endless in its %s', (_what, told) => {
    const facts = factsOf({ ...told('rn\u0430'.repeat(MANY / 3)), address: NOBODY, vips: CHIEF });
    let longest = 0;
    for (let times = 0; times < 100; times += 1)
      for (const { sentence } of findingsIn(facts)) longest = Math.max(longest, sentence.length);
    expect(longest).toBeLessThan(400);
  });

  it.each(SIGNAL_NAMES)('is no link, template or turned direction in a sentence of %s', (signal) => {
    const evil = '{{x}} https://evil.example \u202E$\u007By}';
    const told = {
      ...TYPICAL[signal],
      subject: `Re: urgent payment ${evil}`,
      name: `${TYPICAL[signal].name ?? 'Pat'} ${evil}`,
    };
    expect(finding(signal, told)?.sentence ?? '').not.toMatch(/https:|\{\{|\$\{|\u202E/);
  });
});
