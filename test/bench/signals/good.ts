import { FOR_YEARS, indexOf, LATELY, NOBODY, NOT_ASKED, OWNER, type Told } from '../../support/signal-facts.ts';
import { EARLIER, stampedAs } from './arrival.ts';
import { ANSWERS, type Maker, ONLY_HEARD, one, stranger, THREAD } from './sample.ts';

/** Honest mail that looks odd, ten of each kind. */

const good = (told: Told) => ({ told, shows: [] });
const LIST = { list: true, autoSubmitted: null, contentType: 'multipart/alternative' };
const FAILED = { dmarc: 'fail', compauth: 'fail', action: 'oreject' };

export const GOOD: Readonly<Record<string, Maker>> = {
  newsletter: (n, roll) =>
    good({
      from: `news@mail.${stranger(n, roll)}`,
      name: one(['Weekly deals', 'The Editor', 'Ana from Sunrise'], n),
      replyTo: [`${roll(100_000)}@bounce.mailer.example`],
      subject: one(['New this week', 'Your invoice is ready', 'Re: your basket', 'Last day: today only'], n),
      ...{ kind: LIST, to: n % 3 === 0 ? [] : [OWNER] },
      address: one([ONLY_HEARD, NOBODY, ONLY_HEARD, NOT_ASKED], n),
      // Somebody always reports a newsletter, and somebody takes it out.
      judged: one([null, { malicious: 0, harmless: 2 }, { malicious: 1, harmless: 3 }], n),
    }),
  'ticket system': (n, roll) =>
    good({
      from: one(['support@helpdesk.example', 'contoso@desk.example', 'noreply@contoso.tickets.example'], n),
      name: one(['Ana Bell (Support)', 'Joe via Desk', 'ana@contoso.example (Tickets)', 'Service desk'], n),
      replyTo: [`ticket+${roll(100_000)}@in.helpdesk${n % 2}.example`],
      subject: `Re: [#${roll(100_000)}] Printer`,
      kind: { autoSubmitted: n % 2 === 0 ? 'auto-generated' : null },
      thread: n % 3 === 0 ? ANSWERS : {},
      conversation: n % 3 === 0 ? THREAD : { messages: 0, domains: [] },
      address: one([ONLY_HEARD, LATELY, NOBODY, FOR_YEARS], n),
    }),
  'company with a name like another': (n) =>
    good({
      from: one(
        [
          ...(['pat@acne.example', 'pat@ibn.example', 'pat@alphatec.example', 'pat@fabrikan.example'] as const),
          ...([
            'pat@contosa.example',
            'pat@bluelabs.test',
            'pat@mapelworks.example',
            'pat@delta-data.example',
          ] as const),
          ...(['pat@contoso.fabrikam.example', 'pat@irongrass.example'] as const),
        ],
        n,
      ),
      subject: one(['Offer', 'Re: delivery', 'Invoice 2026-9'], n),
      thread: n % 3 === 1 ? ANSWERS : {},
      // Real look-alikes of our own name are old acquaintances: a new one is an attack until somebody says otherwise.
      address: [3, 4, 7].includes(n % 10) ? FOR_YEARS : one([NOBODY, LATELY, NOT_ASKED], n),
    }),
  'calendar mail': (n, roll) =>
    good({
      from: one(['calendar@meetings.example', 'pat@fabrikam.example', `invite@${stranger(n, roll)}`], n),
      name: one(['Ana Bell', 'Pat Lund', 'Priya Raman (via Meetings)'], n),
      replyTo: [one(['pat@northwind.example', 'organizer@gmail.com'], n)],
      subject: one(['Accepted: planning', 'Re: planning', 'Invitation: quick sync today'], n),
      kind: { contentType: 'text/calendar; method=REPLY' },
      address: one([ONLY_HEARD, FOR_YEARS, NOBODY], n),
    }),
  'list that rewrites From': (n) =>
    good({
      from: one(['announce@lists.example', 'all@groups.fabrikam.example'], n),
      name: one(['Ana Bell via Announce', '\u2018Priya Raman\u2019 via All', 'Pat Lund via Announce'], n),
      replyTo: [one(['priya.raman@contoso.example', 'announce@lists.example', 'pat@gmail.com'], n)],
      subject: one(['Urgent: outage today', 'Re: agenda', 'Updated bank details of the club'], n),
      kind: LIST,
      to: ['announce@lists.example'],
      address: one([FOR_YEARS, LATELY, ONLY_HEARD], n),
    }),
  'list that keeps From': (n) =>
    good({
      from: one(['joe@contoso.example', 'ana.bell@contoso.example', 'pat@fabrikam.example', 'kim@trey.example'], n),
      name: one(['Joe', 'Ana Bell', 'Pat Lund', 'Kim'], n),
      replyTo: [one(['announce@lists.example', 'announce@lists.example', 'group@lists.example'], n)],
      // The list's own server has stamped it before, and found nothing wrong.
      authentication: stampedAs(n % 3 === 2 ? { ...FAILED, compauth: 'pass' } : FAILED, n % 2 === 0 ? EARLIER : []),
      subject: 'Re: agenda',
      thread: ANSWERS,
      kind: LIST,
      to: ['announce@lists.example'],
      address: one([FOR_YEARS, LATELY, NOT_ASKED], n),
    }),
  'forwarded mail': (n, roll) =>
    good({
      from: one([`kim@${stranger(n, roll)}`, 'pat@northwind.example', 'joe.private@gmail.com'], n),
      name: one(['Kim', 'Pat', 'Joe'], n),
      subject: one(['Fwd: invoice', 'WG: Rechnung', 'FW: urgent payment', 'Fwd: Re: plan'], n),
      quotedHeaders: 5,
      thread: n % 2 === 0 ? {} : { references: ['<1@northwind.example>'] },
      authentication: n % 5 === 0 ? stampedAs({ dmarc: 'fail', compauth: 'fail', action: 'none' }, EARLIER) : {},
      address: one([NOBODY, FOR_YEARS, LATELY, NOT_ASKED], n),
    }),
  'private address of a colleague': (n) =>
    good({
      from: one(
        [
          'bell.family@gmail.com',
          'joe1977@gmx.net',
          'priya.r@icloud.com',
          'lindstrom.j@outlook.com',
          'joe@joe.example',
        ],
        n,
      ),
      name: one(['Ana Bell', 'Joe Miller', 'Priya Raman', 'J\u00F6rg Lindstr\u00F6m', 'Joe'], n),
      subject: one(['Documents for tomorrow', 'Re: lunch', 'Photos', 'Sick today', 'Test'], n),
      thread: n % 3 === 1 ? ANSWERS : {},
      conversation: n % 3 === 1 ? THREAD : { messages: 0, domains: [] },
      address: n % 5 === 0 ? NOBODY : one([LATELY, NOBODY, FOR_YEARS], n),
      domain: FOR_YEARS,
      // Where anybody gets an address, much has been called malicious.
      judgedDomain: { malicious: 40, harmless: 9 },
    }),
  'new domain after a merger': (n) =>
    good({
      from: one(
        [
          'joe@contoso-fabrikam.example',
          'pat@fabrikamgroup.example',
          'pat@fabrikam.test',
          'kim@northwind-alpine.example',
        ],
        n,
      ),
      name: one(['Joe', 'Pat Lund', 'Ana Bell', 'Kim'], n),
      subject: one(['We have a new address', 'Re: planning', 'New bank details after our merger'], n),
      thread: n % 3 === 1 ? { ...ANSWERS, index: indexOf(n, 2) } : {},
      conversation: n % 3 === 1 ? THREAD : { messages: 0, domains: [] },
      sameIndex: n % 3 === 1 ? { indexes: [indexOf(n, 1)], domains: THREAD.domains } : { indexes: [], domains: [] },
      address: one([NOBODY, LATELY, ONLY_HEARD], n),
    }),
  'our name at a service': (n) =>
    good({
      from: one(
        [
          'hr@contoso.payslips.example',
          'travel@contoso-travel.example',
          'jobs@contoso.jobs',
          'it@contoso.onmicrosoft.com',
          'survey@contoso.test',
        ],
        n,
      ),
      name: one(['Contoso Payslips', 'Ana Bell', 'Contoso'], n),
      subject: one(['Your payslip', 'Booking', 'Survey for all'], n),
      replyTo: n % 2 === 0 ? ['hr@contoso.example'] : [],
      address: one([ONLY_HEARD, NOBODY, LATELY, NOT_ASKED], n),
      // Its name was used by somebody else once.
      judgedDomain: n % 5 === 1 ? { malicious: 1, harmless: 0 } : { malicious: 0, harmless: n % 3 },
    }),
  'first contact': (n, roll) =>
    good({
      from: `sales@${stranger(n, roll)}`,
      name: one(['Kim Lee', 'Ana Bell', 'Sales', 'Anna Bellini'], n),
      subject: one(
        ['Offer', 'Payment terms: change of your order', 'Question about an invoice', 'New supplier form needed'],
        n,
      ),
      replyTo: n % 4 === 0 ? [`kim.${roll(100)}@gmail.com`] : [],
      address: one([NOBODY, NOBODY, NOT_ASKED], n),
    }),
  bounce: (n, roll) =>
    good({
      from: one(['mailer-daemon@mx.northwind.example', `postmaster@${stranger(n, roll)}`], n),
      name: one(['Mail Delivery Subsystem', 'postmaster', null], n),
      subject: one(['Undeliverable: invoice', 'Re: delivery failure', 'Returned mail'], n),
      kind: { autoSubmitted: 'auto-replied', contentType: 'multipart/report; report-type=delivery-status' },
      conversation: n % 2 === 0 ? THREAD : { messages: 0, domains: [] },
      to: n % 4 === 0 ? [] : [OWNER],
      address: one([NOBODY, ONLY_HEARD, NOT_ASKED], n),
      judgedDomain: n % 5 === 0 ? { malicious: 2, harmless: 0 } : null,
    }),
  'automatic answer': (n, roll) =>
    good({
      from: one([`deputy@${stranger(n, roll)}`, 'pat@northwind.example', 'pat@gmail.com'], n),
      name: one(['Deputy', 'Pat', 'Pat Lund'], n),
      subject: one(['Automatic reply: urgent payment', 'AW: Abwesenheit', 'Out of office'], n),
      kind: { autoSubmitted: 'auto-replied' },
      thread: n % 2 === 0 ? ANSWERS : {},
      conversation: n % 2 === 0 ? THREAD : { messages: 0, domains: [] },
      address: one([NOBODY, FOR_YEARS, LATELY], n),
    }),
  'somebody who joins a thread': (n, roll) =>
    good({
      from: one([`kim@${stranger(n, roll)}`, 'kim@northwind.example', `lawyer@${stranger(n + 3, roll)}`], n),
      name: one(['Kim', 'Pat Lund', 'Ana Bell'], n),
      subject: one(['Re: planning', 'AW: Vertrag', 'RE: invoice for March'], n),
      thread: { ...ANSWERS, index: indexOf(n, 3) },
      cc: ['pat@fabrikam.example'],
      conversation: THREAD,
      // A gateway that encrypts hands the mark on as it is.
      sameIndex: { indexes: [indexOf(n, 2), ...(n % 4 === 0 ? [indexOf(n, 3)] : [])], domains: THREAD.domains },
      address: one([NOBODY, LATELY, FOR_YEARS, NOT_ASKED], n),
    }),
  'to itself, or in our name': (n, roll) =>
    good({
      from: one(['club@gmail.com', `office@${stranger(n, roll)}`, 'scanner@contoso.example', 'crm@contoso.example'], n),
      name: one(['The club', 'Office', 'Scanner', 'CRM'], n),
      to: n % 4 < 2 ? [one(['club@gmail.com', 'office@self.example'], n)] : [OWNER],
      replyTo: n % 4 === 3 ? ['sales@contoso.example'] : [],
      authentication: n % 4 < 2 ? {} : stampedAs(FAILED),
      ownRelay: n % 4 === 2,
      subject: one(['Summer party', 'Change of our payment terms', 'Scan', 'Quote'], n),
      address: n % 4 < 2 ? one([LATELY, ONLY_HEARD, NOBODY], n) : NOBODY,
      ...{ domain: n % 4 === 0 ? FOR_YEARS : NOBODY },
    }),
};
