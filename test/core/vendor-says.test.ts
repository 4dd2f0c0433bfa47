import { describe, expect, it } from 'vitest';
import { Alert, joined, TakenAlert } from '../../src/core/find/alert.ts';
import { MOST_ROW_BYTES, rowOf } from '../../src/core/find/vendor-row.ts';
import { VENDOR_STATES } from '../../src/core/find/vendor-says.ts';
import { contactLines, evidenceRows } from '../../src/core/tell/evidence.ts';
import { GOOD, withField } from '../support/detector-alerts.ts';

const PAGE = 'https://portal.fabrikam.example/threats/7?tab=a';
const AT = '2026-11-20T07:59:30Z';
const taken = (change: object) => TakenAlert.parse({ ...GOOD, ...change });
const rows = (change: object) => Object.fromEntries(evidenceRows(taken(change), 1));

describe('what a vendor says beside its verdict', () => {
  const SAYS = {
    campaign: { source: 'Fabrikam', id: 'wave-7' },
    vendorAction: { state: 'removed', says: 'remediated', at: AT },
    link: PAGE,
    simulation: true,
  };

  it('is taken as it is', () => {
    expect(withField(SAYS).alert).toEqual({ ...GOOD, ...SAYS });
  });

  it.each([
    ['campaign', 'wave-7', /^campaign: is no object/],
    ['campaign', { source: 'Fabrikam' }, /^campaign: has no usable source and id/],
    ['campaign', { source: 'Fabrikam', id: 'a\u0000b' }, /^campaign: has no usable source and id/],
    ['vendorAction', true, /^vendorAction: is no object/],
    ['link', 'http://portal.fabrikam.example/', /^link: is no https address/],
    ['link', 'javascript:alert(1)', /^link: is no https address/],
    ['link', `${PAGE}\nx`, /^link: is no https address/],
    ['link', `${PAGE}&${'x'.repeat(2_000)}`, /^link: is no https address/],
    ['link', 7, /^link: is no https address/],
    ['simulation', 'yes', /^simulation: is neither true nor false/],
  ])('of %s %j nothing is taken, and that is told', (field, value, told) => {
    const { alert } = withField({ [field]: value });
    expect([field in alert, alert.findings[0], Alert.safeParse(alert).success]).toEqual([
      false,
      expect.stringMatching(told),
      true,
    ]);
  });

  it('a campaign may be called by a number', () => {
    expect(withField({ campaign: { source: 'Fabrikam', id: 77 } }).alert.campaign?.id).toBe('77');
  });

  it('a word that nobody here knows is shown as it came', () => {
    const { alert } = withField({ vendorAction: { state: 'vaporised', at: 'yesterday' } });
    expect(alert.vendorAction).toEqual({ state: 'other', says: 'vaporised', at: null });
    expect(alert.findings.slice(0, 2)).toEqual([
      'vendorAction state: is not known: shown in the words that came with it',
      'vendorAction at: is no time with its offset and was left out',
    ]);
  });

  it('is nothing where the vendor marks no exercise', () => {
    expect('simulation' in withField({ simulation: false }).alert).toBe(false);
  });
});

describe('of a mail that is reported again', () => {
  it('the first campaign and page stay, what was done last is told, and an exercise stays one', () => {
    const first = taken({ campaign: { source: 'A', id: '1' }, link: PAGE, vendorAction: { state: 'waiting' } });
    const later = taken({
      campaign: { source: 'B', id: '2' },
      link: 'https://other.example/',
      vendorAction: { state: 'removed' },
      simulation: true,
    });
    const whole = joined(first, later);
    expect(whole).toMatchObject({ campaign: { id: '1' }, link: PAGE, vendorAction: { state: 'removed' } });
    expect(whole?.simulation).toBe(true);
    expect(joined(whole ?? first, taken({}))).toBeNull();
  });
});

describe('a card', () => {
  it('says what the vendor has done and whose word that is, and shows its page as text', () => {
    const shown = rows({
      campaign: { source: 'Fabrikam', id: 'wave-7' },
      vendorAction: { state: 'waiting', says: 'pendingApproval', at: AT },
      link: PAGE,
    });
    expect(shown['Campaign']).toBe('wave-7, says Fabrikam');
    expect(shown['Done there']).toBe(
      'its automation holds the mail already, and waits for somebody’s approval there: “pendingApproval” (20 Nov 07:59 UTC), says a detector',
    );
    expect(shown['Page there']).not.toContain('https://');
    expect(shown['Page there']).toContain('portal[.]fabrikam[.]example');
  });

  it('has words for whatever a vendor does', () => {
    const said = VENDOR_STATES.map((state) => rows({ vendorAction: { state, says: 'x' } })['Done there']);
    expect(new Set(said).size).toBe(VENDOR_STATES.length);
  });

  it('says that an exercise is one by somebody’s word only', () => {
    expect(contactLines(taken({ simulation: true }))).toEqual([
      'a detector says that this is a phishing exercise. Nothing here proves it: look before you decide.',
    ]);
    expect(contactLines(taken({}))).toEqual([]);
  });

  it('renders nothing of what a vendor writes', () => {
    const hostile = '<at>all</at> [x](https://evil.example) *b*';
    const shown = rows({
      campaign: { source: hostile, id: hostile },
      vendorAction: { state: 'other', says: hostile },
    });
    for (const words of [shown['Campaign'], shown['Done there']]) expect(words).not.toContain('evil.example');
  });
});

describe('what a vendor sent', () => {
  it('is kept as it came', () => {
    expect(rowOf('{"größe":1}')).toEqual({ text: '{"größe":1}', bytes: 13 });
  });

  it('is cut at 32 KB, and never within a character; how long it was is known', () => {
    const row = rowOf(`x${'ö'.repeat(20_000)}`);
    expect(Buffer.byteLength(row.text)).toBe(MOST_ROW_BYTES - 1);
    expect([row.text.at(-1), row.bytes]).toEqual(['ö', 40_001]);
  });

  it('can be stored whatever it holds', () => {
    expect(rowOf('a\u0000b\ud800').text).toBe('a\ufffdb\ufffd');
  });
});
