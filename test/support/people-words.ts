import type { PersonFinding } from '../../src/core/intelligence/finding.ts';
import type { PeopleLook } from '../../src/core/intelligence/look.ts';
import type { Case } from './refusal-words.ts';

/** A look at the people of an incident, and what is said of it. */

const ANN = { person: '00000000-0000-4000-8000-00000000000a', address: 'ann@contoso.example' };

const CLICK: PersonFinding = {
  ...ANN,
  kind: 'clicked',
  strength: 'weak',
  weight: 10,
  sentence: 'Followed a link to login[.]fabrikam[.]example.',
  sources: ['link clicks'],
  at: '2026-11-20T08:10:00.000Z',
  row: { url: 'https://login.fabrikam.example/x' },
  measure: null,
  byHand: null,
};

export const LOOK: PeopleLook = {
  at: '2026-11-20T10:30:00.000Z',
  mailAt: '2026-11-20T07:59:00.000Z',
  because: 'plan',
  people: 3,
  asked: 3,
  askedThemselves: 1,
  answers: [
    { source: 'sign-ins', is: 'not licensed', rows: 0, cut: false, asked: 3, detail: '' },
    { source: 'mailbox events', is: 'answered', rows: 2, cut: false, asked: 3, detail: '' },
    { source: 'link clicks', is: 'answered', rows: 1, cut: true, asked: 3, detail: '' },
  ],
  did: { read: 2, clicked: 1, replied: 0, forwarded: null },
  findings: [
    {
      ...ANN,
      kind: 'inbox-rule',
      strength: 'strong',
      weight: 40,
      sentence: 'A rule that takes mail out of sight was made or changed: \u201c.\u201d, which moves to RSS Feeds.',
      sources: ['mailbox events', 'mailbox rules'],
      at: '2026-11-20T08:40:00.000Z',
      row: { name: '.', stands: 'on' },
      measure: { kind: 'rule-off', ...ANN, ref: 'rule-1', name: '.' },
      byHand: null,
    },
    {
      ...ANN,
      kind: 'forwarding',
      strength: 'strong',
      weight: 40,
      sentence: 'All mail goes on to mallory@fabrikam[.]example, outside of the tenant.',
      sources: ['mailbox events'],
      at: '2026-11-20T08:45:00.000Z',
      row: { to: 'mallory@fabrikam.example' },
      measure: null,
      byHand: `Set-Mailbox -Identity '${ANN.person}' -ForwardingSmtpAddress $null`,
    },
    CLICK,
  ],
  leftOut: 0,
  suspected: [ANN.person],
  mail: [],
};

const DID =
  'Of 3 people: read by 2, link followed by 1, answered by 0, passed on: not known, as seen 20 Nov 10:30 UTC.';
const FROM = [
  'Sign-ins: the tenant has no licence for it.',
  'Mailbox events: seen, 2 rows.',
  'Link clicks: seen, 1 row; not everything was told or asked.',
];
const FIRST =
  'CB-1: looked at when the list was made, 20 Nov 10:30 UTC. Asked about 3 people, and looked into the settings of 1 of them; the mail came first at 20 Nov 07:59 UTC.';

const PEOPLE_LINES = [
  FIRST,
  DID,
  'Account takeover suspected: 1 of 3 people.',
  'ann@contoso[.]example: A rule that takes mail out of sight was made or changed: \u201c.\u201d, which moves to RSS Feeds. (strong; mailbox events, inbox rules; 20 Nov 08:40 UTC) Can be answered: switch the rule off.',
  `ann@contoso[.]example: All mail goes on to mallory@fabrikam[.]example, outside of the tenant. (strong; mailbox events; 20 Nov 08:45 UTC)`,
  `For an administrator to run: Set-Mailbox -Identity '${ANN.person}' -ForwardingSmtpAddress $null`,
  'ann@contoso[.]example: Followed a link to login[.]fabrikam[.]example. (weak; link clicks; 20 Nov 08:10 UTC)',
  'To have that done, say \u201ccontain CB-1 found because \u2026\u201d: people approve it first.',
  ...FROM,
  'Evidence: it decides nothing. Measured over closed incidents: malicious clicks 28 of 30 (93 %); below 30 it is in shadow, and no rule asks for more because of it.',
];

const NOBODY_LINES = [
  FIRST,
  DID,
  'Nothing was found about these people.',
  ...FROM,
  'They are being looked at anew: press People again in a minute.',
];

export const PEOPLE_SHOWN: { readonly 'people-shown': readonly Case<'people-shown'>[] } = {
  'people-shown': [
    [
      {
        incident: 'CB-1',
        look: LOOK,
        counts: [{ kind: 'clicked', malicious: 28, harmless: 2 }],
        now: LOOK.at,
        again: false,
      },
      PEOPLE_LINES,
    ],
    [
      { incident: 'CB-1', look: { ...LOOK, findings: [], suspected: [] }, counts: [], now: LOOK.at, again: true },
      NOBODY_LINES,
    ],
  ],
};
