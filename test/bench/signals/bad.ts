import type { SignalName } from '../../../src/core/signal/signals.ts';
import { FOR_YEARS, indexOf, LATELY, NOBODY, NOT_ASKED, type Told } from '../../support/signal-facts.ts';
import { FORGED, read, stampedAs } from './arrival.ts';
import { ANSWERS, type Maker, ONLY_HEARD, one, stranger, THREAD } from './sample.ts';

/** Attacks, ten of each kind in several disguises. What they are is said by `shows`, also where a disguise hides it. */

const NEWCOMER: readonly SignalName[] = ['first-time', 'unsolicited', 'prevalence'];
const FREE: readonly SignalName[] = ['first-time', 'unsolicited'];
const bad = (told: Told, ...shows: readonly SignalName[]) => ({ told, shows });

/** Headers that honest programs write, copied. */
const COPIED = {
  list: true,
  autoSubmitted: 'auto-replied',
  contentType: 'multipart/report; report-type=delivery-status',
};
const PRESSES = [
  'Are you at your desk?',
  'Urgent',
  'Quick task',
  'Gift cards for the team',
  'Confidential request',
] as const;
const BANK = [
  'Updated bank details',
  'New IBAN for your payment',
  '\u00C4nderung der Bankverbindung',
  'Urgent wire',
] as const;
const FAILED = { dmarc: 'fail', compauth: 'fail', action: 'oreject' };
const actionOf = (n: number) => one(['oreject', 'none', 'quarantine'], n);

export const BAD: Readonly<Record<string, Maker>> = {
  'superior who presses': (n, roll) =>
    bad(
      {
        from: one([`office.${roll(1000)}@gmail.com`, `ceo@${stranger(n, roll)}`, 'a.bell.private@proton.me'], n),
        name: one(['Ana Bell', 'ANA BELL', 'Bell, Ana', 'Ana Bell, CEO', '\u0410n\u0430 \u0412\u0435ll'], n),
        subject: one(PRESSES, n),
        kind: n % 3 === 0 ? COPIED : {},
        address: n % 5 === 4 ? NOT_ASKED : NOBODY,
      },
      'vip-name',
      ...(n % 5 === 4 ? [] : FREE),
    ),
  'superior with an ordinary subject': (n, roll) =>
    bad(
      {
        from: one([`ceo@${stranger(n, roll)}`, `chief${roll(1000)}@outlook.com`], n),
        name: one(
          [
            'Jorg Lindstrom',
            'Lindstr\u00F6m J\u00F6rg',
            'Priya  Raman',
            'PriyaRaman',
            'Priya R\u0430m\u0430n',
            'Prya Raman',
          ],
          n,
        ),
        subject: one(['Hello', 'Payroll', 'Tomorrow'], n),
        replyTo: n % 2 === 0 ? [`chief${roll(1000)}@gmail.com`] : [],
        address: n % 4 === 3 ? LATELY : NOBODY,
      },
      'vip-name',
      ...(n % 2 === 0 ? (['reply-to'] as const) : []),
      ...(n % 4 === 3 ? [] : FREE),
    ),
  'own domain in other letters': (n) =>
    bad(
      {
        from: `it@${one(['cont0so.example', 'c\u043Entoso.example', 'xn--contso-zqf.example', 'con-toso.example', 'mail.contos0.example'], n)}`,
        name: 'IT service',
        subject: one(['Password', 'Re: your ticket', 'Payroll change needed'], n),
        kind: n % 3 === 0 ? COPIED : {},
        address: one([NOBODY, NOBODY, NOT_ASKED, LATELY], n),
        partners: n % 4 === 3 ? ['cont0so.example', 'con-toso.example'] : ['fabrikam.example'],
      },
      'lookalike-own',
      ...(n % 4 < 2 ? NEWCOMER : []),
    ),
  'own domain with another letter': (n) =>
    bad(
      {
        from: `hr@${one(['contosso.example', 'cotnoso.example', 'contoo.example', 'conttoso.example', 'contqso.example', 'contosso.test'], n)}`,
        name: one(['HR', 'Ana Bell', 'ana@contoso.example'], n),
        subject: one(['Payslips', 'Urgent', 'Benefits'], n),
        address: n % 5 === 4 ? NOT_ASKED : NOBODY,
      },
      'lookalike-own',
      ...(n % 3 === 1 ? (['vip-name'] as const) : []),
      ...(n % 3 === 2 ? (['address-in-name'] as const) : []),
      ...(n % 5 === 4 ? [] : NEWCOMER),
    ),
  'own name with something to it': (n) =>
    bad(
      {
        from: `pay@${one(['contoso-payroll.example', 'sso-contoso.example', 'contoso.test', 'contoso.example.login.example', 'mycontoso.example'], n)}`,
        name: 'Contoso payroll',
        subject: one(BANK, n),
        address: n % 5 === 3 ? NOT_ASKED : NOBODY,
      },
      'lookalike-own',
      'payment-words',
      ...(n % 5 === 3 ? [] : NEWCOMER),
    ),
  'partner’s look-alike in the thread': (n) =>
    bad(
      {
        from: `pat@${one(['fabrikarn.example', 'fabrikan.example', 'fabrlkam.example', 'fabricam.example', 'fabrikams.example', 'fabrikam-pay.example'], n)}`,
        name: 'Pat Lund',
        subject: `Re: ${one(BANK, n)}`,
        thread: ANSWERS,
        conversation: n % 5 === 4 ? null : THREAD,
        cc: n % 2 === 0 ? ['kim@fabrikam.example'] : [],
        address: n % 4 === 3 ? LATELY : NOBODY,
      },
      'lookalike-partner',
      'thread-hijack',
      'payment-words',
      ...(n % 4 === 3 ? [] : NEWCOMER),
    ),
  'partner’s look-alike, first mail': (n) =>
    bad(
      {
        from: `billing@${one(['rnaplesteel.example', 'bluefreigth.example', 'harb0rlabs.example', 'cedardata.test', 'northvvind.example', 'acrne.example'], n)}`,
        name: 'Billing',
        subject: one(BANK, n),
        kind: n % 2 === 0 ? COPIED : {},
        address: n % 5 === 2 ? NOT_ASKED : NOBODY,
        judgedDomain: n % 3 === 0 ? { malicious: 2, harmless: 0 } : { malicious: 0, harmless: 0 },
      },
      'lookalike-partner',
      'payment-words',
      ...(n % 3 === 0 ? (['judged-before'] as const) : []),
      ...(n % 5 === 2 ? [] : NEWCOMER),
    ),
  'stolen thread, unknown domain': (n, roll) =>
    bad(
      {
        from: one([`pat.lund@${stranger(n, roll)}`, `pat.lund.fabrikam@gmail.com`], n),
        subject: one(['Re: planning', 'RE: invoice', 'AW: Vertrag'], n),
        thread: { ...ANSWERS, index: indexOf(n, 3) },
        conversation: THREAD,
        sameIndex: { indexes: [indexOf(n, 2)], domains: THREAD.domains },
        kind: n % 3 === 0 ? COPIED : {},
        address: NOBODY,
        domain: n % 2 === 0 ? NOBODY : FOR_YEARS,
      },
      'thread-hijack',
      'copied-index',
      ...(n % 2 === 0 ? NEWCOMER : FREE),
    ),
  'stolen thread, a company that was broken into': (n, roll) =>
    bad(
      {
        from: `pat@${stranger(n, roll)}`,
        subject: one(['Re: planning', 'RE: invoice'], n),
        thread: ANSWERS,
        conversation: THREAD,
        replyTo: n % 2 === 0 ? [`pat.fabrikam${roll(100)}@gmail.com`] : [],
        address: one([LATELY, ONLY_HEARD, FOR_YEARS], n),
        judged: n % 5 === 0 ? { malicious: 1, harmless: 0 } : { malicious: 0, harmless: 1 },
      },
      'thread-hijack',
      ...(n % 2 === 0 ? (['reply-to'] as const) : []),
      ...(n % 5 === 0 ? (['judged-before'] as const) : []),
    ),
  'copied mark of a thread': (n, roll) =>
    bad(
      {
        from: `pat@${stranger(n, roll)}`,
        subject: one(['Re: planning', 'Re: invoice', 'Planning'], n),
        thread: {
          index: indexOf(n, n % 2 === 0 ? 2 : 4),
          ...(n % 3 === 2 ? { inReplyTo: ['<made@up.example>'] } : {}),
        },
        sameIndex: n % 5 === 4 ? null : { indexes: [indexOf(n, 2)], domains: THREAD.domains },
        address: NOBODY,
      },
      'copied-index',
      ...NEWCOMER,
      ...(n % 3 < 2 ? (['fake-thread'] as const) : []),
    ),
  'made-up exchange': (n, roll) =>
    bad(
      {
        from: one([`billing@${stranger(n, roll)}`, `legal.${roll(1000)}@outlook.com`], n),
        name: one(['Legal', 'Billing', 'Ana Bell'], n),
        subject: `${one(['Re', 'RE', 'AW', 'Fwd', 'Re[2]'], n)}: ${one(['contract', 'invoice', 'acquisition'], n)}`,
        quotedHeaders: n % 5 === 4 ? null : 4,
        thread: n % 4 === 3 ? { inReplyTo: ['<made@up.example>'] } : {},
        address: NOBODY,
      },
      'fake-thread',
      ...(n % 2 === 0 ? NEWCOMER : FREE),
      ...(n % 3 === 2 ? (['vip-name'] as const) : []),
    ),
  'answers to the attacker': (n, roll) =>
    bad(
      {
        from: one(['pat@fabrikam.example', 'kim@northwind.example', `kim@${stranger(n, roll)}`], n),
        replyTo: [
          one(
            ['pat@fabrikarn.example', 'northwind.pay@gmail.com', `kim${roll(1000)}@gmail.com`, 'x@northvvind.example'],
            n,
          ),
        ],
        subject: one(BANK, n),
        address: one([FOR_YEARS, LATELY, NOBODY], n),
        authentication: n % 2 === 0 ? stampedAs(FAILED, n % 4 === 0 ? FORGED : []) : {},
      },
      'reply-to',
      ...(n % 2 === 0 ? (['authentication'] as const) : []),
      ...(n % 3 === 2 ? (['first-time', 'unsolicited', 'prevalence', 'payment-words'] as const) : []),
    ),
  'in our own name': (n, roll) =>
    bad(
      {
        from: one(['ana.bell@contoso.example', 'hr@contoso.example', 'it@mail.contoso.example'], n),
        name: one(['Ana Bell', 'HR', 'IT'], n),
        replyTo: n % 2 === 0 ? [`office${roll(1000)}@gmail.com`] : [],
        subject: one(PRESSES, n),
        // Without a stamp of Exchange's own, what its sender wrote is all there is.
        authentication: n % 5 === 4 ? read(FORGED) : stampedAs({ ...FAILED, action: actionOf(n) }, FORGED),
        kind: n % 3 === 0 ? COPIED : {},
        address: NOBODY,
      },
      'authentication',
      ...(n % 2 === 0 ? (['reply-to'] as const) : []),
    ),
  'to itself, everybody unseen': (n, roll) => {
    const from = one([`pay${roll(1000)}@gmail.com`, `pay@${stranger(n, roll)}`], n);
    return bad(
      {
        from,
        name: 'Accounts',
        to: n % 3 === 2 ? [] : [from],
        subject: one(BANK, n),
        kind: n % 2 === 0 ? COPIED : {},
        address: n % 5 === 4 ? NOT_ASKED : NOBODY,
      },
      'masked-recipients',
      'payment-words',
      ...(n % 5 === 4 ? [] : FREE),
    );
  },
  'address of ours in the name': (n, roll) =>
    bad(
      {
        from: one([`x${roll(1000)}@gmail.com`, `x@${stranger(n, roll)}`], n),
        name: one(
          [
            'ana.bell@contoso.example',
            'IT <it@contoso.example>',
            '"hr@mail.contoso.example"',
            'Ana (ana@contoso\u3002example)',
          ],
          n,
        ),
        subject: one(PRESSES, n),
        kind: n % 2 === 0 ? COPIED : {},
        address: n % 5 === 4 ? LATELY : NOBODY,
      },
      'address-in-name',
      ...(n % 5 === 4 ? [] : FREE),
    ),
};
