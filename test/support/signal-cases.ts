import type { SignalName } from '../../src/core/signal/signals.ts';
import { type Finding, findingsIn } from '../../src/core/signal/signals.ts';
import { FOR_YEARS, factsOf, indexOf, LATELY, NOBODY, NOT_ASKED, OWNER, type Told } from './signal-facts.ts';

/** Mails that signals speak of, and what is said of them. */

export const CHIEF = [{ name: 'Ana Bell', addresses: ['ana.bell@contoso.example', 'bell.family@gmail.com'] }];
const MANY = 100_000;

export function finding(signal: SignalName, told: Told): Finding | undefined {
  return findingsIn(factsOf(told)).find((one) => one.signal === signal);
}

export const weightOf = (signal: SignalName, told: Told) => finding(signal, told)?.weight ?? 0;

/** What each signal says of a mail that is made for it; the tables below vary it. */
export const TYPICAL: Readonly<Record<SignalName, Told>> = {
  'lookalike-own': { from: 'it@cont0so.example', address: NOBODY },
  'lookalike-partner': { from: 'pat@fabrikarn.example', address: NOBODY },
  'thread-hijack': {
    from: 'pat@other.example',
    address: NOBODY,
    conversation: { messages: 3, domains: ['contoso.example', 'fabrikam.example'] },
  },
  'vip-name': { from: 'chief@other.example', name: 'Ana Bell', address: NOBODY, vips: CHIEF },
  authentication: {
    from: 'ana@contoso.example',
    authentication: { dmarc: 'fail', compauth: 'fail', action: 'oreject' },
  },
  'reply-to': { replyTo: ['pat@other.example'] },
  'copied-index': {
    from: 'pat@other.example',
    address: NOBODY,
    thread: { index: indexOf(1, 2) },
    sameIndex: { indexes: [indexOf(1, 2)], domains: ['contoso.example', 'fabrikam.example'] },
  },
  'address-in-name': { from: 'x@other.example', name: 'ana@contoso.example', address: NOBODY },
  'judged-before': { judged: { malicious: 2, harmless: 0 } },
  'fake-thread': { from: 'pat@other.example', subject: 'Re: invoice', address: NOBODY },
  'masked-recipients': { from: 'pat@other.example', to: ['pat@other.example'], address: NOBODY },
  'payment-words': { from: 'pat@other.example', subject: 'Updated bank details', address: NOBODY },
  prevalence: { from: 'pat@other.example', address: NOBODY },
  'first-time': { from: 'pat@other.example', address: NOBODY },
  unsolicited: { from: 'pat@other.example', address: NOBODY },
};

/** Signal, what is so, the facts beside the typical ones, and the weight: 40 strong, 20 medium, less weak, 0 nothing. */
export const CASES: readonly (readonly [signal: SignalName, what: string, told: Told, weight: number])[] = [
  ['lookalike-own', 'letters that look the same', {}, 40],
  ['lookalike-own', 'the same where nobody knows the sender’s past', { address: NOT_ASKED }, 40],
  ['lookalike-own', 'one letter', { from: 'it@contosoo.example' }, 40],
  ['lookalike-own', 'one letter, past not known', { from: 'it@contosoo.example', address: NOT_ASKED }, 20],
  ['lookalike-own', 'answered for days already', { address: LATELY }, 40],
  ['lookalike-own', 'answered, and so among the partners', { address: LATELY, partners: ['cont0so.example'] }, 40],
  ['lookalike-own', 'one letter, answered for days already', { from: 'it@contosoo.example', address: LATELY }, 20],
  ['lookalike-own', 'a partner of years', { address: FOR_YEARS }, 0],
  ['lookalike-own', 'the name with something behind it', { from: 'a@contoso-pay.example' }, 20],
  ['lookalike-own', 'the name beside that of another company', { from: 'a@contoso-fabrikam.example' }, 8],
  ['lookalike-own', 'another ending', { from: 'a@contoso.test' }, 20],
  [
    'lookalike-own',
    'another ending, heard for weeks',
    { from: 'a@contoso.test', address: { received: 30, sent: 0, days: 200 } },
    8,
  ],
  ['lookalike-own', 'another ending, of somebody who wrote before', { from: 'a@contoso.test', address: LATELY }, 8],
  ['lookalike-own', 'the name as another tenant', { own: ['contoso.example'], from: 'a@contoso.onmicrosoft.com' }, 20],
  ['lookalike-own', 'its own tenant', { from: 'a@contoso.onmicrosoft.com' }, 0],
  ['lookalike-own', 'its own host', { from: 'a@mail.contoso.example' }, 0],
  ['lookalike-own', 'another letter case', { from: 'a@CONTOSO.EXAMPLE' }, 0],

  ['lookalike-partner', 'letters that look the same', {}, 40],
  ['lookalike-partner', 'one letter', { from: 'pat@fabrikan.example' }, 20],
  [
    'lookalike-partner',
    'one letter, and the partner in the thread',
    { from: 'pat@fabrikan.example', conversation: { messages: 2, domains: ['fabrikam.example'] } },
    40,
  ],
  [
    'lookalike-partner',
    'one letter, and the partner in Cc',
    { from: 'pat@fabrikan.example', cc: ['x@fabrikam.example'] },
    40,
  ],
  ['lookalike-partner', 'another ending', { from: 'pat@fabrikam.test' }, 0],
  ['lookalike-partner', 'the partner itself', { from: 'pat@fabrikam.example' }, 0],
  [
    'lookalike-partner',
    'answered, and so a partner',
    { address: LATELY, partners: ['fabrikam.example', 'fabrikarn.example'] },
    20,
  ],
  [
    'lookalike-partner',
    'two partners one letter apart',
    { from: 'pat@fabrikan.example', address: LATELY, partners: ['fabrikam.example', 'fabrikan.example'] },
    0,
  ],
  ['lookalike-partner', 'short names', { from: 'x@acne.example', partners: ['acme.example'] }, 0],
  ['lookalike-partner', 'past not known', { address: NOT_ASKED }, 0],
  ['lookalike-partner', 'a partner of years', { address: FOR_YEARS }, 0],
  ['lookalike-partner', 'beside a provider of addresses', { from: 'x@gmali.com', partners: ['gmail.com'] }, 0],

  ['thread-hijack', 'a domain that nobody knows', {}, 20],
  ['thread-hijack', 'one like that of somebody in it', { from: 'pat@fabrikan.example' }, 40],
  [
    'thread-hijack',
    'one like that of somebody in it, that wrote before',
    { from: 'pat@fabrikan.example', address: LATELY },
    8,
  ],
  ['thread-hijack', 'one that is known elsewhere', { address: LATELY }, 8],
  ['thread-hijack', 'a partner of years', { address: FOR_YEARS }, 0],
  ['thread-hijack', 'somebody of the thread', { from: 'joe@fabrikam.example' }, 0],
  [
    'thread-hijack',
    'a thread that nobody of ours was in',
    { conversation: { messages: 3, domains: ['fabrikam.example'] } },
    0,
  ],
  [
    'thread-hijack',
    'another free address than that in it',
    {
      from: 'x@gmail.com',
      conversation: { messages: 2, domains: ['contoso.example', 'gmail.com'], addresses: ['pat@gmail.com'] },
    },
    20,
  ],
  [
    'thread-hijack',
    'the free address in it',
    {
      from: 'Pat@gmail.com',
      conversation: { messages: 2, domains: ['contoso.example', 'gmail.com'], addresses: ['pat@gmail.com'] },
    },
    0,
  ],
  ['thread-hijack', 'the first mail of it', { conversation: { messages: 0, domains: [] } }, 0],

  ['vip-name', 'another address', {}, 20],
  ['vip-name', 'turned round, with a title', { name: 'BELL, Ana - Chief Executive' }, 20],
  ['vip-name', 'with a middle letter', { name: 'Ana M. Bell' }, 20],
  ['vip-name', 'in letters that look the same', { name: '\u0410n\u0430 Be\u0406\u0406' }, 20],
  ['vip-name', 'in one word', { name: 'AnaBell' }, 20],
  ['vip-name', 'and it presses', { subject: 'Are you available?' }, 40],
  ['vip-name', 'with a title, and it presses', { name: 'Ana Bell, CEO', subject: 'Urgent' }, 40],
  ['vip-name', 'and something is urgent', { subject: 'Urgent: the lift is out of order' }, 20],
  ['vip-name', 'a service that is heard for weeks', { address: { received: 30, sent: 0, days: 200 } }, 10],
  ['vip-name', 'through somebody else', { name: 'Ana Bell via Announce', subject: 'Urgent' }, 10],
  ['vip-name', 'and it presses, from an address that wrote before', { subject: 'Are you free?', address: LATELY }, 20],
  ['vip-name', 'a private address that is known', { from: 'Bell.Family@gmail.com' }, 0],
  ['vip-name', 'an address that people write to for years', { address: FOR_YEARS, subject: 'Urgent' }, 0],
  ['vip-name', 'in their own mailbox', { owner: ['ana.bell@contoso.example'] }, 0],
  ['vip-name', 'somebody with a longer name', { name: 'Ana Bellamy' }, 0],
  ['vip-name', 'somebody else with the same first name', { name: 'Ana Lund' }, 0],
  ['vip-name', 'no name', { name: null }, 0],

  ['authentication', 'in our name', {}, 20],
  ['authentication', 'in our name, answers to a free address', { replyTo: ['a@gmail.com'] }, 40],
  ['authentication', 'in our name, answers to a list', { replyTo: ['all@lists.example'] }, 20],
  ['authentication', 'over our own relay', { ownRelay: true, replyTo: ['a@gmail.com'] }, 0],
  ['authentication', 'Exchange knows better', { authentication: { dmarc: 'fail', compauth: 'pass' } }, 0],
  ['authentication', 'no policy to fail', { authentication: { dmarc: 'none', compauth: 'fail' } }, 0],
  ['authentication', 'in a partner’s name', { from: 'pat@fabrikam.example' }, 20],
  ['authentication', 'in anybody’s name', { from: 'pat@other.example' }, 8],
  [
    'authentication',
    'in the name of one that asks for nothing',
    { from: 'pat@other.example', authentication: { dmarc: 'fail', compauth: 'fail', action: 'none' } },
    0,
  ],

  ['reply-to', 'another domain', {}, 5],
  ['reply-to', 'a free address', { replyTo: ['pat@gmail.com'] }, 8],
  ['reply-to', 'a free address with the name in it', { replyTo: ['fabrikam.accounts@gmail.com'] }, 10],
  ['reply-to', 'the same domain', { replyTo: ['other@mail.fabrikam.example'] }, 0],
  ['reply-to', 'ours', { replyTo: ['desk@contoso.example'] }, 0],
  ['reply-to', 'from ours to a free one', { from: 'x@contoso.example', replyTo: ['x@gmail.com'] }, 20],
  ['reply-to', 'a domain that looks like the sender’s', { replyTo: ['pat@fabrikarn.example'] }, 40],
  [
    'reply-to',
    'the same, which people here write to',
    { replyTo: ['x@fabrikarn.example'], partners: ['fabrikarn.example'] },
    5,
  ],
  ['reply-to', 'from one free address to another', { from: 'x@gmail.com', replyTo: ['x@gmx.net'] }, 5],
  ['reply-to', 'the worst of several', { replyTo: ['pat@other.example', 'pat@fabrikarn.example'] }, 40],
  ['reply-to', 'none', { replyTo: [] }, 0],
  ['reply-to', 'what is no address', { replyTo: ['nobody', ''] }, 0],

  ['copied-index', 'to the byte', { thread: { index: indexOf(1, 2), inReplyTo: ['<a@b.example>'] } }, 20],
  ['copied-index', 'with an answer that names nothing', { thread: { index: indexOf(1, 3) } }, 20],
  [
    'copied-index',
    'as an answer in the thread',
    { thread: { index: indexOf(1, 3), references: ['<a@b.example>'] } },
    6,
  ],
  ['copied-index', 'a domain that is known', { address: LATELY }, 6],
  ['copied-index', 'another thread', { thread: { index: indexOf(2, 2) } }, 0],
  ['copied-index', 'somebody of the thread', { from: 'pat@fabrikam.example' }, 0],
  [
    'copied-index',
    'another free address than that in it',
    {
      from: 'x@gmail.com',
      sameIndex: { indexes: [indexOf(1, 2)], domains: ['gmail.com'], addresses: ['pat@gmail.com'] },
    },
    20,
  ],
  ['copied-index', 'no mark', { thread: { index: null } }, 0],
  ['copied-index', 'what is no mark', { thread: { index: '%%%' } }, 0],

  ['address-in-name', 'of somebody nobody knows', {}, 20],
  ['address-in-name', 'among other words', { name: 'Ana Bell (ana@contoso.example)' }, 20],
  ['address-in-name', 'of somebody who wrote before', { address: LATELY }, 8],
  ['address-in-name', 'of a service of years', { address: FOR_YEARS }, 0],
  ['address-in-name', 'of somebody else', { name: 'pat@fabrikam.example' }, 0],

  ['judged-before', 'called malicious', {}, 20],
  ['judged-before', 'harmless as often', { judged: { malicious: 2, harmless: 2 } }, 8],
  ['judged-before', 'never', { judged: { malicious: 0, harmless: 3 } }, 0],
  ['judged-before', 'nobody knows', { judged: null, judgedDomain: null }, 0],
  [
    'judged-before',
    'others at its domain',
    { judged: null, address: NOBODY, judgedDomain: { malicious: 3, harmless: 1 } },
    7,
  ],
  [
    'judged-before',
    'others at its domain, harmless as often',
    { judged: { malicious: 0, harmless: 0 }, address: NOBODY, judgedDomain: { malicious: 2, harmless: 2 } },
    0,
  ],
  [
    'judged-before',
    'others at the domain of a partner of years',
    { judged: null, judgedDomain: { malicious: 3, harmless: 0 } },
    0,
  ],
  [
    'judged-before',
    'others where anybody gets an address',
    { from: 'x@gmail.com', judged: null, address: NOBODY, judgedDomain: { malicious: 9, harmless: 0 } },
    0,
  ],

  ['fake-thread', 'an answer to nothing', {}, 8],
  ['fake-thread', 'a forwarded mail', { subject: 'Fwd: invoice' }, 5],
  ['fake-thread', 'a whole exchange that is not in the mailbox', { quotedHeaders: 4 }, 20],
  ['fake-thread', 'the same, nobody looked for the thread', { quotedHeaders: 4, conversation: null }, 8],
  ['fake-thread', 'the same, by somebody who wrote before', { quotedHeaders: 4, address: LATELY }, 8],
  ['fake-thread', 'a forwarded exchange', { subject: 'WG: Rechnung', quotedHeaders: 5 }, 5],
  ['fake-thread', 'what it answers is named', { thread: { inReplyTo: ['<a@b.example>'] } }, 0],
  ['fake-thread', 'the mailbox knows the thread', { conversation: { messages: 1, domains: [] } }, 0],
  ['fake-thread', 'an ordinary subject', { subject: 'Invoice' }, 0],

  ['masked-recipients', 'to its own sender', {}, 20],
  ['masked-recipients', 'the same, from an address that wrote before', { address: LATELY }, 8],
  ['masked-recipients', 'to nobody', { to: [] }, 5],
  ['masked-recipients', 'the mailbox is named too', { cc: [OWNER] }, 0],
  ['masked-recipients', 'another recipient is named', { cc: ['list@other.example'] }, 0],
  [
    'masked-recipients',
    'too many to compare',
    { to: Array.from({ length: MANY }, (_none, n) => `a${n}@x.example`) },
    0,
  ],

  ['payment-words', 'in letters that look the same', { subject: 'Urg\u0435nt paym\u0435nt' }, 5],
  ['payment-words', 'money alone', { subject: 'Invoice 2026-114' }, 0],
  ['payment-words', 'of a partner of years', { address: FOR_YEARS }, 0],

  ['prevalence', 'seen by nobody', {}, 6],
  ['prevalence', 'for a few days', { domain: LATELY }, 5],
  ['prevalence', 'for weeks', { domain: { received: 3, sent: 0, days: 20 } }, 0],
  ['prevalence', 'a domain of everybody', { from: 'x@gmail.com' }, 0],

  ['first-time', 'a stranger', {}, 5],
  ['first-time', 'a colleague', { from: 'new@contoso.example' }, 0],
  ['first-time', 'somebody who wrote before', { address: LATELY }, 0],

  ['unsolicited', 'nobody wrote to them', {}, 5],
  ['unsolicited', 'somebody wrote to their domain', { domain: LATELY }, 0],
  ['unsolicited', 'a free address nobody wrote to', { from: 'x@gmail.com', address: NOBODY, domain: FOR_YEARS }, 5],
];
