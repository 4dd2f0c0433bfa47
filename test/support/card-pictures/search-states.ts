import type { Criteria } from '../../../src/core/find/criteria.ts';
import type { Coverage, Found, FoundMail, Told } from '../../../src/core/find/found.ts';
import { type FoundView, presentFound } from '../../../src/core/tell/found-view.ts';
import { presentSearchForm, type SearchFormView } from '../../../src/core/tell/search-form.ts';
import { hostileTexts } from './hostile.ts';

/** A search: its form, what it found on a usual day, with more than has room, and with what attackers write. */

const AT = '2026-11-23T14:05:00.000Z';
const FROM = '2026-10-24T14:05:00.000Z';
const CRITERIA: Criteria = {
  sender: 'billing@fabrikam.example',
  messageId: null,
  subject: 'invoice',
  urlHost: null,
  attachment: null,
  days: 30,
};
const NOTHING: Told = { is: 'nothing' };
const known = (times: number, ...people: string[]): Told => ({ is: 'known', people, times, cut: false });
const answered = (name: string, found: number, change: Partial<Coverage> = {}): Coverage => {
  return { name, status: 'answered', from: FROM, until: AT, found, cutAt: null, detail: '', ...change };
};
const refused = (name: string, status: Coverage['status'], detail: string): Coverage =>
  answered(name, 0, { status, detail, from: null, until: null });

function mailOf(n: number, change: Partial<FoundMail> = {}): FoundMail {
  const at = `2026-11-${String(22 - (n % 20)).padStart(2, '0')}T08:1${n % 10}:00.000Z`;
  const copies = Array.from({ length: 1 + n * 4 }, (_none, box) => ({
    recipient: `person${box}@contoso.example`,
    recipientId: null,
    networkMessageId: null,
    at,
    where: box % 3 === 2 ? 'JunkFolder' : 'Inbox/folder',
    by: ['hunting', 'trace'],
  }));
  return {
    key: String(n + 1),
    digest: `a1b2c3d${n % 10}`.repeat(8),
    internetMessageId: `<${n}@mailer.example>`,
    networkMessageIds: [],
    sender: 'billing@fabrikam.example',
    subject: 'Overdue invoice 48213: service ends today',
    first: at,
    last: at,
    copies,
    exposure: {
      read: known(2, 'person0@contoso.example', 'person1@contoso.example'),
      clicked: known(3, 'person0@contoso.example'),
      replied: NOTHING,
      forwarded: { is: 'not yet' },
      moved: { is: 'not licensed' },
    },
    ...change,
  };
}

const foundOf = (change: Partial<Found>): Found => ({
  criteria: CRITERIA,
  asOf: AT,
  coverage: [answered('hunting', 5), refused('trace', 'off', 'the configuration switched it off')],
  mails: [mailOf(1), mailOf(0)],
  mailsLeft: 0,
  copiesLeft: 0,
  unnamed: 0,
  ...change,
});

const viewOf = (found: Found | null, criteria = CRITERIA): FoundView =>
  presentFound({ search: 'CS-7F3K2MQ4', criteria, at: AT, allowedAt: null, found }, 6);

export function foundStates(): readonly { readonly name: string; readonly view: FoundView }[] {
  const evil = hostileTexts();
  const many = Array.from({ length: 12 }, (_none, n) => mailOf(n));
  const hostile = evil.slice(0, 6).map((text, n) =>
    mailOf(n, {
      subject: text,
      sender: text,
      exposure: { ...mailOf(n).exposure, read: { is: 'not asked', why: text }, clicked: known(1, text) },
    }),
  );
  return [
    { name: 'found', view: viewOf(foundOf({})) },
    { name: 'found-under-way', view: viewOf(null) },
    {
      name: 'found-nothing',
      view: viewOf(foundOf({ mails: [], coverage: [refused('hunting', 'not permitted', '403 Forbidden')] })),
    },
    {
      name: 'found-many',
      view: viewOf(
        foundOf({
          mails: many,
          mailsLeft: 31,
          copiesLeft: 12_000,
          coverage: [answered('hunting', 10_000, { cutAt: 10_000 }), answered('trace', 480)],
        }),
      ),
    },
    {
      name: 'found-hostile',
      view: viewOf(foundOf({ mails: hostile, coverage: [refused('hunting', 'silent', evil[0] ?? '')] }), {
        ...CRITERIA,
        subject: evil[1] ?? '',
      }),
    },
  ];
}

export function formStates(): readonly { readonly name: string; readonly form: SearchFormView }[] {
  const typed = { sender: 'two words', subject: 'it is "due"', reason: 'a customer called about it' };
  return [
    { name: 'search', form: presentSearchForm({ typed: {}, problem: null, second: null }) },
    { name: 'search-problem', form: presentSearchForm({ typed, problem: 'sender', second: 'lead' }) },
  ];
}
