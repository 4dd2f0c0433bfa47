import { describe, expect, it } from 'vitest';
import type { TakenAlert } from '../../src/core/find/alert.ts';
import { rankOf, rankWords } from '../../src/core/tell/rank.ts';
import { alertOf, copyOf, planOf } from '../support/cases.ts';

/** The order of the queue, and why. */

const AT = '2026-11-20T08:00:00.000Z';
const claims = { confidence: 100, actFirst: false, recipients: true, ids: true, reporters: true };
const from = (kind: 'detector' | 'report', confidence = 100) => ({
  name: 's',
  kind,
  claims: { ...claims, confidence },
});
const alert = (change: Record<string, unknown> = {}) => alertOf({ from: from('detector'), ...change });
const plan = (mailboxes: number, vip = 0) =>
  planOf({ copies: Array.from({ length: mailboxes }, (_none, n) => copyOf(n)), vip });
const clicked = { spf: null, dkim: null, dmarc: null, firstContact: null, files: [], clicks: 3 };
const rank = (one: TakenAlert, of: ReturnType<typeof plan> | null = null, createdAt = AT, clicks = 0) =>
  rankOf({ alert: one, plan: of, createdAt, clicked: clicks });

describe('what stands further in front', () => {
  it.each<[string, number, number]>([
    ['what is called worse', rank(alert({ verdict: 'bec' })), rank(alert({ verdict: 'phishing' }))],
    ['what is called so more surely', rank(alert({ confidence: 90 })), rank(alert({ confidence: 20 }))],
    ['what reached more', rank(alert(), plan(40)), rank(alert(), plan(4))],
    ['what reached a VIP', rank(alert(), plan(4, 1)), rank(alert(), plan(40))],
    ['whose link was followed', rank(alert({ evidence: clicked })), rank(alert(), plan(8))],
    ['whose link was seen to be followed', rank(alert(), null, AT, 1), rank(alert(), plan(8))],
    [
      'a report whose link was seen to be followed',
      rank(alert({ from: from('report') }), null, AT, 2),
      rank(alert({ from: from('report') })),
    ],
    ['what has waited longer', rank(alert()), rank(alert(), null, '2026-11-20T08:00:01.000Z')],
    [
      'spam that has waited for two days',
      rank(alert({ verdict: 'spam' }), null, '2026-11-18T08:00:00.000Z'),
      rank(alert({ verdict: 'bec' })),
    ],
  ])('%s', (_what, front, behind) => {
    expect(front).toBeGreaterThan(behind);
  });

  it('is not what merely says so: how sure a source is counts as far as it is believed', () => {
    expect(rank(alert({ from: from('report', 10), confidence: 100 }))).toBe(
      rank(alert({ from: from('report', 10), confidence: 10 })),
    );
  });

  it('is not what merely names people, or clicks that a reporter tells of', () => {
    const named = { recipients: Array.from({ length: 500 }, (_none, n) => `p${n}@contoso.example`) };
    expect(rank(alert(named))).toBe(rank(alert()));
    expect(rank(alert({ from: from('report'), evidence: clicked }))).toBe(rank(alert({ from: from('report') })));
  });

  it('is what a source that knows says of whom it reached, until there is a list', () => {
    const received = { received: ['a@contoso.example', 'b@contoso.example'] };
    expect(rank(alert(received))).toBeGreaterThan(rank(alert()));
    expect(rank(alert(received), plan(0))).toBe(rank(alert(), plan(0)));
  });

  it('is not twice what a source and a look both saw', () => {
    expect(rank(alert({ evidence: clicked }), null, AT, 3)).toBe(rank(alert({ evidence: clicked })));
  });

  it('stays in front however long both wait', () => {
    const ranks = (at: string) => rank(alert({ verdict: 'bec' }), null, at) - rank(alert(), null, at);
    expect(ranks(AT)).toBeCloseTo(ranks('2027-11-20T08:00:00.000Z'), 6);
  });
});

describe('why, in words', () => {
  it('names what moves it', () => {
    const words = (one: TakenAlert, of: ReturnType<typeof plan> | null, clicks = 0) =>
      rankWords({ alert: one, plan: of, clicked: clicks });
    expect(words(alert({ evidence: clicked }), plan(41, 1))).toBe('VIP, 3 followed its link, 41 mailboxes');
    expect(words(alert(), plan(1, 2))).toBe('2 VIPs, 1 mailbox');
    expect(words(alert(), null)).toBe('');
  });

  it('names the larger of what a source tells and what was seen', () => {
    const words = (clicks: number) => rankWords({ alert: alert({ evidence: clicked }), plan: null, clicked: clicks });
    expect([words(2), words(7)]).toEqual(['3 followed its link', '7 followed its link']);
  });
});
