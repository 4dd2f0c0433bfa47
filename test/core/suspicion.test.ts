import { describe, expect, it } from 'vitest';
import { suspicionLines, suspicions } from '../../src/core/find/suspicion.ts';
import { alertOf } from '../support/cases.ts';

const about = (message: Record<string, unknown>) => suspicions(alertOf({}, message)).join('\n');

describe('what should make an analyst suspicious', () => {
  it('an honest mail raises nothing', () => {
    expect(about({})).toBe('');
  });

  it.each([
    ['another address in the name', { senderName: 'ana@contoso.example' }, 'another address'],
    ['another address in brackets in the name', { senderName: '"IT Help" <it@contoso.example>' }, 'another address'],
    ['no readable sender', { sender: null }, 'cannot be read'],
    ['an international sender domain', { sender: 'ceo@xn--contso-zqf.example' }, 'international'],
    ['an international subdomain', { sender: 'ceo@mail.XN--contso-zqf.example' }, 'international'],
    ['Latin mixed with Cyrillic', { senderName: 'P\u0430yroll' }, 'mixes alphabets'],
    ['full-width letters', { senderName: '\uFF21\uFF4E\uFF41' }, 'look-alike'],
    ['mathematical letters', { senderName: '\u{1D400}na' }, 'look-alike'],
    ['a turned direction', { subject: 'invoice \u202Egnp.exe' }, 'invisible'],
    ['invisible characters in the name', { senderName: 'Pay\u200Bpal' }, 'invisible'],
    ['a soft hyphen in the subject', { subject: 'pass\u00ADword' }, 'invisible'],
  ])('%s', (_name, message, words) => {
    expect(about(message)).toContain(words);
  });

  it.each([
    ['its own address in the name, in other letters', { senderName: 'Billing@Fabrikam.example' }],
    ['a name of a handle', { senderName: 'Ana @contoso.example' }],
    ['a word with a dot before an @', { senderName: 'first.last@contoso' }],
    ['an @ right before a dot', { senderName: 'ana@.example' }],
    ['a sentence that ends behind an @', { senderName: 'at ana@contoso. Now' }],
    ['a name in one other alphabet', { senderName: 'Анна Петрова' }],
    ['a joined emoji', { subject: 'Party 👩‍💻' }],
  ])('%s raises nothing', (_name, message) => {
    expect(about(message)).toBe('');
  });

  it('a sender domain that is not ASCII is called international too', () => {
    expect(about({ sender: 'ceo@cont\u043Eso.example' })).toContain('international');
  });

  describe('the findings of an alert on its card', () => {
    const lines = (findings: readonly string[], most = 20, message: Record<string, unknown> = {}) =>
      suspicionLines(alertOf({ findings: [...findings] }, message), 'CB-1', most);
    const many = Array.from({ length: 9 }, (_none, n) => `finding ${n + 1}`);

    it('are inert', () => {
      const shown = lines(['see https://evil.example\nnow']).join('');
      expect([shown.includes('https://'), shown.includes('\n')]).toEqual([false, false]);
    });

    it('are cut where they are long', () => {
      expect(lines(['x'.repeat(500)])[0]?.length).toBeLessThanOrEqual(200);
    });

    it('that show nothing are said to be empty', () => {
      expect(lines([' '])).toEqual(['An empty finding.']);
    });

    it('are six, and a last line says how many more there are and where', () => {
      expect(lines(many)).toEqual([...many.slice(0, 6), '3 more findings: incident CB-1 lists them']);
    });

    it('are all there where they are six', () => {
      expect(lines(many.slice(0, 6))).toEqual(many.slice(0, 6));
    });

    it('are all there where there is just room for them', () => {
      expect(lines(many.slice(0, 6), 6)).toEqual(many.slice(0, 6));
    });

    it('are told within the room there is, also where they are few', () => {
      expect(lines(many.slice(0, 5), 3)).toEqual([
        'finding 1',
        'finding 2',
        '3 more findings: incident CB-1 lists them',
      ]);
    });

    it('are not counted where there are none, however many other suspicions there are', () => {
      const odd = { sender: null, senderName: 'P\u0430yroll', subject: 'a\u200Bb' };
      expect(lines([], 2, odd)).toEqual(suspicions(alertOf({}, odd)).slice(0, 2));
    });

    it('are counted however little room there is', () => {
      expect(lines(many, 3)).toEqual(['finding 1', 'finding 2', '7 more findings: incident CB-1 lists them']);
    });

    it('are counted where other suspicions take all the room', () => {
      const odd = { sender: null, senderName: 'P\u0430yroll', subject: 'a\u200Bb' };
      expect(lines(many, 3, odd).at(-1)).toBe('9 more findings: incident CB-1 lists them');
      expect(lines(many, 3, odd)).toHaveLength(3);
    });
  });
});
