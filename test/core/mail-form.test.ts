import { describe, expect, it } from 'vitest';
import { formsOfCopies, formsToRead, headerText } from '../../src/core/find/mail-form.ts';

/** In which forms a mail came, and what its header looks like as a text. */

const copy = (n: number) => ({ mailbox: `box${n}`, message: `message-${n}` });
const form = (networkMessageId: string | null, internetMessageId: string | null = '<one@mailer.example>') => ({
  networkMessageId,
  internetMessageId,
});
const wanted = (forms: readonly ReturnType<typeof form>[]) => {
  const copies = forms.map((one, n) => ({ ...copy(n), form: one }));
  return formsToRead(copies, formsOfCopies(copies));
};

describe('the forms of a mail', () => {
  it('are told apart by what Exchange and the mail call it, however that is written', () => {
    const found = wanted([form('AB'), form('ab'), form('cd'), form('ab', '<two@mailer.example>'), form(null)]);
    expect(found.map(({ networkMessageId, copies }) => [networkMessageId, copies.length])).toEqual([
      ['ab', 2],
      ['cd', 1],
      ['ab', 1],
      [null, 1],
    ]);
  });

  it('have a few copies each that are tried, and are few themselves', () => {
    const many = Array.from({ length: 40 }, (_none, n) => form(String(n % 8)));
    expect(wanted(many).map(({ networkMessageId, copies }) => [networkMessageId, copies.length])).toEqual(
      ['0', '1', '2', '3', '4'].map((id) => [id, 3]),
    );
  });

  it('are those of the copies that are asked about, and of no other', () => {
    const copies = [form('a'), form('b')].map((one, n) => ({ ...copy(n), form: one }));
    expect(formsToRead([copy(1), copy(7)], formsOfCopies(copies))).toEqual([{ ...form('b'), copies: [copy(1)] }]);
  });

  it('can be stored, whatever a mail calls itself', () => {
    const [found] = wanted([form(null, `<a\0${'x'.repeat(2_000)}\ud83d`)]);
    expect(found?.internetMessageId).toMatch(/^<ax+$/);
    expect(found?.internetMessageId?.length).toBe(998);
  });
});

describe('the text of the headers', () => {
  it('is a line for each, in their order', () => {
    const headers = [
      { name: 'Received', value: 'from b' },
      { name: 'Received', value: 'from a' },
      { name: 'Subject', value: 'Größe' },
    ];
    expect(headerText(headers)).toBe('Received: from b\nReceived: from a\nSubject: Größe\n');
  });

  it.each(['\r\n ', '\n', '\r', '\u2028', '\u0085', '\r\n\r\n'])(
    'has no line that a value brings along with %j',
    (end) => {
      const headers = [{ name: `X-A${end}X-B`, value: `one${end}X-Verdict: clean` }];
      expect(headerText(headers)).toBe('X-A X-B: one X-Verdict: clean\n');
    },
  );

  it('is nothing where there are none', () => {
    expect(headerText([])).toBe('');
  });

  it('holds nothing that cannot be stored', () => {
    expect(headerText([{ name: 'X', value: 'a\0b\ud83d' }])).toBe('X: ab\ufffd\n');
  });
});
