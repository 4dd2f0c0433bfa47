import { describe, expect, it } from 'vitest';
import { authenticationIn } from '../../src/core/find/authentication.ts';

/** How a mail was judged on its way in, as hunting words it. */

describe('a judgement', () => {
  it('is the same however it is written', () => {
    const words = 'DKIM pass, DMARC fail, SPF none';
    expect(authenticationIn('{"SPF":"none","DKIM":"pass","DMARC":"fail"}')).toBe(words);
    expect(authenticationIn(' {"DMARC": "Fail", "DKIM": " PASS ", "SPF": "none"} ')).toBe(words);
  });

  it.each([null, '', '  ', '{}'])('is none where nothing is said: %j', (said) => {
    expect(authenticationIn(said)).toBeNull();
  });

  it.each([['["pass"]'], ['dmarc=fail'], ['"pass"'], ['{"SPF":']])(
    'is its own text where it is no object: %s',
    (said) => {
      expect(authenticationIn(said)).toBe(said);
    },
  );

  it('is cut where it is longer than anybody reads, and is text all the same', () => {
    const said = authenticationIn(`{"SPF":"${'\ud83d\ude00'.repeat(200)}"}`) ?? '';
    expect([said.length <= 120, said.isWellFormed()]).toEqual([true, true]);
  });
});
