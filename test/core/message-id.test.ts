import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanMessageId } from '../../src/core/find/message-id.ts';

const ID = '<one@mailer.example>';

describe('a Message-ID', () => {
  it('that stands as it should is taken without a word', () => {
    expect(cleanMessageId(ID)).toEqual({ id: ID, note: null });
  });

  it.each([
    ['on a line of its own', `\r\n ${ID}`],
    ['with blanks around it', `  ${ID}\t`],
  ])('%s is taken without a word', (_name, raw) => {
    expect(cleanMessageId(raw)).toEqual({ id: ID, note: null });
  });

  it.each([
    ['with a blank before its bracket', '<one@mailer.example >'],
    ['with a blank after its bracket', '< one@mailer.example>'],
    ['with a comment', `${ID} (added by postmaster@mailer.example)`],
    ['with comments in each other', `(a (b@c) \\) d) ${ID} (e)`],
    ['with a comment that never ends', `${ID} (added by`],
    ['with an address in a comment, behind another comment', `${ID} (added by (a b) for desk@b.example)`],
    ['without brackets, with a comment', 'one@mailer.example (added by postmaster)'],
    ['twice, without brackets', 'one@mailer.example one@mailer.example'],
    ['without brackets', 'one@mailer.example'],
    ['without its first bracket', 'one@mailer.example>'],
    ['without its last bracket', '<one@mailer.example'],
    ['in two pairs of brackets', '<<one@mailer.example>>'],
    ['twice', `${ID} ${ID}`],
    ['twice, glued', `${ID}${ID}`],
    ['twice, with a comma', `${ID}, ${ID}`],
    ['once with and once without brackets', `one@mailer.example ${ID}`],
    ['with the next header glued on', `${ID}MIME-Version: 1.0`],
    ['with a header glued on that names an address', `${ID}Reply-To: desk@phish.example`],
    ['with a word behind it', `${ID} X-IncomingHeader`],
  ])('%s is mended, and that is said', (_name, raw) => {
    const { id, note } = cleanMessageId(raw);
    expect([id, note]).toEqual([ID, expect.stringContaining('Message-ID')]);
  });

  it.each([
    ['empty', ''],
    ['only blanks', ' \r\n '],
    ['two different ones', '<one@mailer.example> <two@mailer.example>'],
    ['two different ones, glued', '<one@mailer.example><two@mailer.example>'],
    ['another one outside of the brackets', 'two@mailer.example <one@mailer.example>'],
    ['two that differ in their case', '<One@mailer.example> <one@mailer.example>'],
    ['a blank within', '<one @mailer.example>'],
    ['broken over two lines', '<one@\r\n mailer.example>'],
    ['a filter', "<x' or 1 eq 1>"],
    ['two words', 'one@mailer.example two'],
    ['a word that is no id', 'unknown'],
    ['two @ without brackets', 'a@b@mailer.example'],
    ['empty brackets', '<>'],
    ['only a comment', '(<one@mailer.example>)'],
    ['letters outside of ASCII', '<é@mailer.example>'],
    ['U+0000', '<a\u0000b@mailer.example>'],
    ['a bare line break', '<one@mailer.example>\n<one@mailer.example>'],
    ['a bare CR', '<one@mailer.example>\rX: y'],
    ['half a character', '<a\ud800@mailer.example>'],
    ['a thousand characters', `<${'x'.repeat(1_000)}@mailer.example>`],
    ['a thousand characters without brackets', `${'x'.repeat(1_000)}@mailer.example`],
    ['a megabyte', 'x'.repeat(1_000_000)],
  ])('that cannot be told is none, and that is said: %s', (_name, raw) => {
    expect(cleanMessageId(raw)).toEqual({ id: null, note: expect.stringContaining('Message-ID cannot be used') });
  });

  it('in brackets needs no @', () => {
    expect(cleanMessageId('< one>').id).toBe('<one>');
  });

  it.each([
    ['empty', ' ', 'it is empty'],
    ['longer than anybody should read', `${ID} (${'x'.repeat(3_992 - ID.length - 2)})`, 'it is too long'],
  ])('that is %s is called that', (_name, raw, why) => {
    expect(cleanMessageId(raw).note).toContain(why);
  });

  it('with a comment is read up to four times the length of an id', () => {
    const long = (length: number) => `${ID} (${'x'.repeat(length - ID.length - 3)})`;
    expect([long(3_992).length, cleanMessageId(long(3_992)).id]).toEqual([3_992, ID]);
    expect(cleanMessageId(long(3_993)).id).toBeNull();
  });

  it.each([
    ['as it should', '<', '>'],
    ['with a blank', '< ', '>'],
    ['without brackets', '', ''],
  ])('%s has 998 characters at most, its brackets among them', (_name, before, after) => {
    const of = (length: number) => `<${'x'.repeat(length - 4)}@y>`;
    const raw = (length: number) => of(length).replace('<', before).replace('>', after);
    expect([cleanMessageId(raw(998)).id, cleanMessageId(raw(999)).id]).toEqual([of(998), null]);
  });

  const parts = fc.constantFrom(
    '<',
    '>',
    '(',
    ')',
    '\\',
    '"',
    ' ',
    '\r\n ',
    '@',
    'one',
    'two@x.example',
    ID,
    ',',
    'X:',
    'é',
  );
  it('is never longer than what it was read from, and of itself it is itself', () => {
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 12 }), (all) => {
        const { id } = cleanMessageId(all.join(''));
        if (id === null) return;
        expect([all.join('').includes(id.slice(1, -1)), cleanMessageId(id)]).toEqual([true, { id, note: null }]);
      }),
      { numRuns: 5_000 },
    );
  });
});
