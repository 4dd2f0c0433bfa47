import { describe, expect, it } from 'vitest';
import { askedFor, type Criteria, criteriaOf } from '../../src/core/find/criteria.ts';

/** What somebody types is looked for as it stands, or not at all. */

const NONE: Criteria = { sender: null, messageId: null, subject: null, urlHost: null, attachment: null, days: 30 };
const HASH = 'AB'.repeat(32);

describe('what mail is looked for', () => {
  it.each<[string, Parameters<typeof criteriaOf>[0], Partial<Criteria>]>([
    [
      'a sender, as addresses are compared',
      { sender: ' Billing@Fabrikam.example ' },
      { sender: 'billing@fabrikam.example' },
    ],
    ['a Message-ID without its brackets', { messageId: 'a@b.example' }, { messageId: '<a@b.example>' }],
    [
      'words of a subject on one line',
      { subject: ' Your\n invoice\t is “due” ' },
      { subject: 'Your invoice is “due”' },
    ],
    [
      'words that mean something to a query',
      { subject: `' | take 1 // \\' or 1==1` },
      { subject: `' | take 1 // \\' or 1==1` },
    ],
    ['a host', { urlHost: 'Login.Example.com' }, { urlHost: 'login.example.com' }],
    [
      'the host of a link that was pasted whole',
      { urlHost: 'https://login.example.com/a?b#c' },
      { urlHost: 'login.example.com' },
    ],
    ['a host in letters, as services keep it', { urlHost: 'bücher.example' }, { urlHost: 'xn--bcher-kva.example' }],
    ['the digest of a file', { attachment: HASH }, { attachment: HASH.toLowerCase() }],
    ['a span of time', { sender: 'a@b.example', days: ' 90 ' }, { sender: 'a@b.example', days: 90 }],
  ])('takes %s', (_what, typed, criteria) => {
    expect(criteriaOf(typed)).toEqual({ criteria: { ...NONE, ...criteria } });
  });

  it.each([
    ['nothing at all', {}, 'nothing'],
    ['only blanks', { sender: '  ', subject: '\n' }, 'nothing'],
    ['two addresses', { sender: 'a@b.example, c@d.example' }, 'sender'],
    ['a Message-ID in two parts', { messageId: '<a@b.example> <c@d.example>' }, 'messageId'],
    ['a subject with a hidden sign', { subject: 'a\u0007b' }, 'subject'],
    ['a subject that is too long', { subject: 'x'.repeat(256) }, 'subject'],
    ['a host with a quote', { urlHost: "a'b.example" }, 'urlHost'],
    ['a host with a backslash', { urlHost: 'a.example\\@b.example' }, 'urlHost'],
    ['one word for a host', { urlHost: 'localhost' }, 'urlHost'],
    ['a digest of another kind', { attachment: 'ab'.repeat(20) }, 'attachment'],
    ['no days', { sender: 'a@b.example', days: '0' }, 'days'],
    ['more days than anybody remembers', { sender: 'a@b.example', days: '91' }, 'days'],
    ['a day and a half', { sender: 'a@b.example', days: '1.5' }, 'days'],
  ])('does not take %s', (_what, typed, problem) => {
    expect(criteriaOf(typed)).toEqual({ problem });
  });

  it('is told by what was asked for, in the order of the form', () => {
    const criteria = { ...NONE, subject: 'invoice', sender: 'a@b.example' };
    expect(askedFor(criteria)).toEqual([
      { by: 'sender', value: 'a@b.example' },
      { by: 'subject', value: 'invoice' },
    ]);
  });
});
