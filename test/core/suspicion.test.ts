import { describe, expect, it } from 'vitest';
import { suspicions } from '../../src/core/suspicion.ts';
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
    ['a name in one other alphabet', { senderName: 'Анна Петрова' }],
    ['a joined emoji', { subject: 'Party 👩‍💻' }],
  ])('%s raises nothing', (_name, message) => {
    expect(about(message)).toBe('');
  });

  it('a sender domain that is not ASCII is called international too', () => {
    expect(about({ sender: 'ceo@cont\u043Eso.example' })).toContain('international');
  });

  it('a detector’s findings are shown, inert, three at most', () => {
    const found = suspicions(alertOf({ findings: ['see https://evil.example\nnow', '', ' ', 'fourth'] }));
    expect([found.length, found.join('').includes('https://'), found.join('').includes('\n')]).toEqual([
      3,
      false,
      false,
    ]);
  });

  it('a finding that shows nothing is said to be empty', () => {
    expect(suspicions(alertOf({ findings: [' '] }))).toEqual(['An empty finding.']);
  });
});
