import { describe, expect, it } from 'vitest';
import { type Asker, askersOf, joined, LIMITS, saysWorse, type TakenAlert } from '../../src/core/find/alert.ts';
import { type Evidence, joinedEvidence } from '../../src/core/find/evidence.ts';
import { alertOf, person } from '../support/cases.ts';
import { SOURCE } from '../support/source.ts';

const NETWORK = '33333333-0000-4000-8000-00000000000a';
const said = (source: string, verdict = 'phishing', severity = 'high') => ({ source, verdict, severity });
/** What the second alert makes of the first; null where it adds nothing. */
const afterwards = (first: Partial<TakenAlert>, second: Partial<TakenAlert>) =>
  joined({ ...alertOf(), ...first }, { ...alertOf(), ...second });

describe('a second alert about the same mail', () => {
  it('that says nothing new adds nothing', () => {
    const known = { recipients: ['emma@contoso.example'], said: [said('desk')], networkIds: [NETWORK] };
    expect(afterwards(known, known)).toBeNull();
  });

  it('adds whom the first did not name, each once, in whatever letters', () => {
    const first = { recipients: ['Emma@contoso.example'], received: ['Emma@contoso.example'] };
    const named = ['emma@CONTOSO.example', 'Omar@contoso.example', 'omar@contoso.example'];
    const whole = afterwards(first, { recipients: named, received: named });
    expect([whole?.recipients, whole?.received]).toEqual([
      ['Emma@contoso.example', 'omar@contoso.example'],
      ['Emma@contoso.example', 'omar@contoso.example'],
    ]);
  });

  it('takes nobody for somebody whose name is only written like it', () => {
    const whole = afterwards(
      { recipients: ['strauß@contoso.example'] },
      { recipients: ['strauss@contoso.example', 'weiß@contoso.example', 'weiss@contoso.example'] },
    );
    expect(whole?.recipients).toEqual([
      'strauß@contoso.example',
      'strauss@contoso.example',
      'weiß@contoso.example',
      'weiss@contoso.example',
    ]);
  });

  it('fills in what the first did not know of the mail, and changes nothing of what it said', () => {
    const nothing = { internetMessageId: null, networkMessageId: null, sender: null, senderName: null, subject: null };
    const known = {
      internetMessageId: '<two@mailer.example>',
      networkMessageId: NETWORK,
      sender: 'other@fabrikam.example',
      senderName: 'Other',
      subject: 'Other',
    };
    const [without, second] = [alertOf({}, nothing), alertOf({}, known)];
    expect(joined(without, second)?.message).toMatchObject(known);
    expect(joined(second, alertOf({}, { ...known, subject: 'A third' }))).toBeNull();
  });

  describe('of its evidence', () => {
    const file = (name: string) => ({ name, type: null, sha256: null });
    const none = { spf: null, dkim: null, dmarc: null, firstContact: null, files: [] };
    const one: Evidence = { spf: 'fail', dkim: 'fail', dmarc: 'fail', firstContact: true, files: [file('one.pdf')] };
    const other: Evidence = { spf: 'pass', dkim: 'pass', dmarc: 'pass', firstContact: false, files: [file('two.pdf')] };
    const told = (first: Evidence | undefined, second: Evidence | undefined) => joinedEvidence(first, second);

    it('is taken over as a whole where the first had none', () => {
      expect([told(undefined, other), told(one, undefined), told(undefined, undefined)]).toEqual([
        other,
        one,
        undefined,
      ]);
    });

    it('fills in what the first did not know, and changes nothing that it said', () => {
      expect([told(none, other), told(one, other), told(one, none)]).toEqual([other, one, one]);
    });

    it.each(['spf', 'dkim', 'dmarc', 'firstContact'] as const)('fills in %s alone', (field) => {
      expect(told({ ...one, [field]: null }, other)).toEqual({ ...one, [field]: other[field] });
    });

    it('takes the files of one alert', () => {
      expect(told({ ...one, files: [] }, other)).toEqual({ ...one, files: other.files });
    });
  });

  it.each<[string, Partial<TakenAlert>, Partial<TakenAlert>, Partial<TakenAlert>]>([
    ['a worse verdict', { verdict: 'spam' }, { verdict: 'malware' }, { verdict: 'malware' }],
    ['a worse severity', { severity: 'low' }, { severity: 'critical' }, { severity: 'critical' }],
    ['a higher confidence', { confidence: 50 }, { confidence: 80 }, { confidence: 80 }],
    ['a confidence of 0, where there was none', { confidence: null }, { confidence: 0 }, { confidence: 0 }],
    ['a confidence of 1, where there was none', { confidence: null }, { confidence: 1 }, { confidence: 1 }],
  ])('counts with %s', (_name, first, second, whole) => {
    expect(afterwards(first, second)).toMatchObject(whole);
  });

  it.each<[string, Partial<TakenAlert>, Partial<TakenAlert>]>([
    ['a milder verdict', { verdict: 'bec' }, { verdict: 'phishing' }],
    ['a milder severity', { severity: 'high' }, { severity: 'medium' }],
    ['a lower confidence', { confidence: 80 }, { confidence: 50 }],
    ['no confidence', { confidence: 0 }, { confidence: null }],
  ])('changes nothing with %s', (_name, first, second) => {
    expect(afterwards(first, second)).toBeNull();
  });

  it('adds network ids, each once', () => {
    expect(afterwards({ networkIds: ['a'] }, { networkIds: ['a', 'b'] })?.networkIds).toEqual(['a', 'b']);
  });

  it.each([
    ['another source', said('defender')],
    ['another verdict of the same source', said('desk', 'malware')],
    ['another severity of the same source', said('desk', 'phishing', 'critical')],
  ])('is remembered as what %s said', (_name, second) => {
    const first = [said('desk'), said('sublime', 'spam', 'low')];
    expect(afterwards({ said: first }, { said: [second, said('desk')] })?.said).toEqual([...first, second]);
  });

  it('is not remembered beyond fifty', () => {
    const many = Array.from({ length: 50 }, (_none, n) => said(`source ${n}`));
    expect(afterwards({ said: many }, { said: [said('one more')] })).toBeNull();
    expect(afterwards({ said: many.slice(1) }, { said: [said('one more')] })?.said).toHaveLength(50);
  });

  it('adds to who was left out, and people beyond the limit are counted', () => {
    const full = Array.from({ length: LIMITS.recipients - 1 }, (_none, n) => `u${n}@contoso.example`);
    const more = ['a', 'b', 'c'].map((name) => `${name}@contoso.example`);
    const whole = afterwards({ recipients: full, leftOut: 4 }, { recipients: more, leftOut: 8 });
    expect([whole?.recipients.length, whole?.recipients.at(-1), whole?.leftOut]).toEqual([
      LIMITS.recipients,
      'a@contoso.example',
      14,
    ]);
  });

  it.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])('names somebody who cannot be read, or the first did: %s, %s', (first, second) => {
    const whole = afterwards({ unreadablePeople: first }, { unreadablePeople: second, networkIds: ['new'] });
    expect(whole?.unreadablePeople).toBe(first || second);
  });
});

describe('who is proven to have reported the mail', () => {
  const known = (n: number): Asker => ({ entraId: person(n).entraId, address: person(n).address });
  const from = (reporter: Asker) => ({ ...alertOf({ from: SOURCE }), reporter });

  it('is one person, in whatever letters', () => {
    const again = { entraId: person(1).entraId, address: person(1).address.toUpperCase() };
    expect(askersOf([known(1)], from(again))).toEqual([again]);
  });

  it('is not somebody whose address is only written like it', () => {
    const named = (address: string): Asker => ({ entraId: null, address });
    expect(askersOf([named('weiß@contoso.example')], from(named('weiss@contoso.example')))).toHaveLength(2);
  });
});

describe('an alert calls a mail worse', () => {
  const now = { ...alertOf(), said: [said('defender', 'phishing', 'medium')] };

  it('only where nobody called it as bad before', () => {
    expect(saysWorse([said('desk', 'phishing', 'low'), said('sublime', 'phishing', 'critical')], now)).toBe(false);
    expect(saysWorse([said('desk', 'phishing', 'low'), said('sublime', 'spam', 'low')], now)).toBe(true);
  });

  it('where its own source raises its word, too, and not where that says the same again', () => {
    expect(saysWorse([said('desk', 'spam', 'low'), said('defender', 'spam', 'low')], now)).toBe(true);
    expect(saysWorse([said('defender', 'phishing', 'medium')], now)).toBe(false);
  });
});
