import { describe, expect, it } from 'vitest';
import { readConversationIndex } from '../../../src/core/signal/conversation-index.ts';
import { asksForMoney, claimsToBe, summons } from '../../../src/core/signal/subject.ts';
import { indexOf } from '../../support/signal-facts.ts';

const LONG = 100_000;

describe('the mark of a thread', () => {
  it('is the same for every answer in it', () => {
    expect(readConversationIndex(indexOf(3, 4))?.root).toBe(readConversationIndex(indexOf(3))?.root);
  });

  it('counts the answers', () => {
    expect([indexOf(3), indexOf(3, 1), indexOf(3, 7)].map((one) => readConversationIndex(one)?.replies)).toEqual([
      0, 1, 7,
    ]);
  });

  it('is read byte for byte', () => {
    const bytes = Buffer.from(indexOf(9, 2), 'base64').toString('hex');
    expect(readConversationIndex(indexOf(9, 2))).toEqual({ root: bytes.slice(0, 44), bytes, replies: 2 });
  });

  it('may be folded over lines and lack its filling', () => {
    const folded = indexOf(3, 1)
      .replace(/=+$/, '')
      .replace(/(.{10})/g, '$1\r\n ');
    expect(readConversationIndex(folded)?.replies).toBe(1);
  });

  it.each([
    ['nothing', ''],
    ['too short', Buffer.alloc(21).toString('base64')],
    ['half an answer', Buffer.alloc(24).toString('base64')],
    ['no base64', 'contoso!'.repeat(5)],
    ['longer than any thread', 'A'.repeat(LONG)],
  ])('%s is none', (_what, text) => {
    expect(readConversationIndex(text)).toBeNull();
  });
});

describe('what a subject claims', () => {
  it.each([
    ['Re: invoice', 'reply'],
    ['  RE : invoice', 'reply'],
    ['AW: Rechnung', 'reply'],
    ['Re[2]: invoice', 'reply'],
    ['\u56DE\u590D\uFF1A invoice', 'reply'],
    ['Fwd: invoice', 'forward'],
    ['WG: Rechnung', 'forward'],
    ['Invoice re: March', null],
    ['Refund: yours', null],
    ['', null],
    [' '.repeat(LONG), null],
  ])('of the %#. subject', (subject, expected) => {
    expect(claimsToBe(subject)).toBe(expected);
  });

  it.each([
    ['Updated bank details', true],
    ['Urgent payment', true],
    ['\u00C4nderung der Bankverbindung', true],
    ['Urg\u0435nt paym\u0435nt', true],
    ['Invoice 2026-114', false],
    ['Urgent: server down', false],
    ['A new swiftlet was seen', false],
  ])('%s asks for money: %s', (subject, expected) => {
    expect(asksForMoney(subject)).toBe(expected);
  });

  it.each([
    ['Are you at your desk?', true],
    ['Quick task', true],
    ['\uFF35rgent', true],
    ['Urgent: outage of the printer today', false],
    ['Invoice 2026-114', false],
    ['Insurgent literature', false],
  ])('%s presses: %s', (subject, expected) => {
    expect(summons(subject)).toBe(expected);
  });
});
