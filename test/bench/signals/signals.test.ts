import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findingsIn, mostOf, SIGNAL_NAMES, type SignalName } from '../../../src/core/signal/signals.ts';
import { factsOf } from '../../support/signal-facts.ts';
import { readFolder } from './folder.ts';
import { madeUp } from './made-up.ts';
import { ratesOf, read, strongOnGood, thresholdsOf, wholeOf } from './rates.ts';

/** What was measured on the 300, rounded down: less is a step back. README.md of this folder says what the numbers mean. */
const LEAST: Readonly<Record<SignalName, { readonly precision: number; readonly recall: number }>> = {
  'lookalike-own': { precision: 0.76, recall: 1 },
  'lookalike-partner': { precision: 0.88, recall: 0.75 },
  'thread-hijack': { precision: 0.5, recall: 0.83 },
  'vip-name': { precision: 0.52, recall: 0.96 },
  authentication: { precision: 0.59, recall: 0.86 },
  'reply-to': { precision: 0.34, recall: 1 },
  'copied-index': { precision: 0.62, recall: 0.9 },
  'address-in-name': { precision: 0.86, recall: 1 },
  'judged-before': { precision: 0.46, recall: 1 },
  'fake-thread': { precision: 0.5, recall: 0.87 },
  'masked-recipients': { precision: 0.43, recall: 1 },
  'payment-words': { precision: 0.73, recall: 1 },
  prevalence: { precision: 0.6, recall: 1 },
  'first-time': { precision: 0.69, recall: 1 },
  unsolicited: { precision: 0.6, recall: 1 },
};

const THREE_HUNDRED = madeUp();
const READ = read(THREE_HUNDRED);
const RATES = ratesOf(READ);

/** The same for strong and medium findings alone, of the signals that have them on good mails. */
const LEAST_FIRM: Partial<Record<SignalName, number>> = {
  ...{
    'lookalike-own': 0.93,
    'lookalike-partner': 0.88,
    'thread-hijack': 0.61,
    'vip-name': 0.71,
    authentication: 0.61,
  },
  ...{ 'copied-index': 0.7, 'address-in-name': 0.84, 'masked-recipients': 0.83 },
};

describe('300 made-up senders and threads', () => {
  it('are 300, half of them good', () => {
    expect([THREE_HUNDRED.length, THREE_HUNDRED.filter(({ isGood }) => isGood).length]).toEqual([300, 150]);
  });

  it('are the same every time', () => {
    expect(madeUp()).toEqual(THREE_HUNDRED);
  });

  it('show each signal on purpose', () => {
    const shown = new Set(THREE_HUNDRED.flatMap(({ shows }) => shows));
    expect(SIGNAL_NAMES.filter((signal) => !shown.has(signal))).toEqual([]);
  });

  it('no good one gets a strong finding', () => {
    expect(strongOnGood(READ)).toEqual([]);
  });

  it('nor does one of thousands that mix the same oddities otherwise', () => {
    expect([2, 3, 4].flatMap((seed) => strongOnGood(read(madeUp(seed, 120))))).toEqual([]);
  });

  it.each(SIGNAL_NAMES)('%s is as precise as it was', (signal) => {
    expect(RATES.find((rate) => rate.signal === signal)?.precision).toBeGreaterThanOrEqual(LEAST[signal].precision);
  });

  it.each(SIGNAL_NAMES)('%s is as precise as it was where it is firm', (signal) => {
    const { firmPrecision = null } = RATES.find((rate) => rate.signal === signal) ?? {};
    expect(firmPrecision ?? 1).toBeGreaterThanOrEqual(LEAST_FIRM[signal] ?? 1);
  });

  it.each(SIGNAL_NAMES)('%s finds as much as it did', (signal) => {
    expect(RATES.find((rate) => rate.signal === signal)?.recall).toBeGreaterThanOrEqual(LEAST[signal].recall);
  });

  it.each(SIGNAL_NAMES)('%s never says more than it may', (signal) => {
    const order = ['weak', 'medium', 'strong'];
    const said = READ.flatMap(({ found }) => found.get(signal) ?? []).map((one) => order.indexOf(one));
    expect(Math.max(...said)).toBe(order.indexOf(mostOf(signal)));
  });

  it('bad ones stand before good ones four times out of five', () => {
    expect(wholeOf(READ).order).toBeGreaterThan(0.8);
  });

  it('one bad mail in four is strong, and three in four are firm', () => {
    const { strong, medium } = wholeOf(READ).bad;
    expect([strong >= 38, strong + medium >= 113]).toEqual([true, true]);
  });

  it('what is shown as strong is always bad, and of what is firm three in four are', () => {
    const [strong, firm] = thresholdsOf(wholeOf(READ));
    expect([strong?.precision, (firm?.precision ?? 0) >= 0.78, (firm?.recall ?? 0) >= 0.76]).toEqual([1, true, true]);
  });

  it('every sentence on them is one line for a card', () => {
    const sentences = THREE_HUNDRED.flatMap(({ told }) => findingsIn(factsOf(told)).map(({ sentence }) => sentence));
    expect(sentences.filter((sentence) => sentence.length > 300 || /[\r\n]/.test(sentence))).toEqual([]);
  });
});

describe('good mails of a folder', () => {
  const folderWith = (files: Readonly<Record<string, readonly string[]>>): string => {
    const folder = mkdtempSync(join(tmpdir(), 'clawback-good-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    for (const [name, lines] of Object.entries(files)) writeFileSync(join(folder, name), lines.join('\r\n'));
    return folder;
  };

  it('are counted by what is said of them, alone and as from somebody unheard of', async () => {
    const folder = folderWith({
      'a.eml': ['From: Pat <pat@trey.example>', 'To: ana@contoso.example', 'Subject: Re: plan', '', 'Hello'],
      'b.eml': ['', 'no mail'],
      'c.txt': ['From: x@example.com', '', 'is not asked for'],
    });
    expect(await readFolder(folder)).toEqual({
      mails: 1,
      unread: 1,
      fromFile: { 'fake-thread weak': 1 },
      asStranger: { 'fake-thread weak': 1, 'prevalence weak': 1, 'first-time weak': 1, 'unsolicited weak': 1 },
      strong: [],
    });
  });

  it('name the one that would look like an attack', async () => {
    const folder = folderWith({ 'a.eml': ['From: <it@cont0so.example>', 'To: ana@contoso.example', '', 'Hello'] });
    expect((await readFolder(folder)).strong).toEqual([
      'a.eml: lookalike-own: cont0so[.]example looks the same as contoso[.]example, which is yours.',
    ]);
  });
});
