import { expect, test } from 'vitest';
import { abnormal } from '../../src/adapters/sources/abnormal/abnormal.ts';
import { defender } from '../../src/adapters/sources/defender/defender.ts';
import { generic } from '../../src/adapters/sources/generic/generic.ts';
import { proofpoint } from '../../src/adapters/sources/proofpoint/proofpoint.ts';
import { sublime } from '../../src/adapters/sources/sublime/sublime.ts';
import type { SourceVendor } from '../../src/ports/source.ts';
import { OCSF_EMAIL, STIX } from '../support/payloads/generic.ts';
import { alertOf } from '../support/payloads/read.ts';
import {
  abnormalRow,
  DEFENDER_ALERT,
  DEFENDER_MESSAGE,
  SUBLIME_MODEL,
  TAP_CLICK,
} from '../support/payloads/vendors.ts';

/** Who is named in the header of a mail was named by whoever wrote it: that says where to look, and takes no vote. */

const NAMED = 'approver@contoso.example';

test.each<[string, SourceVendor, unknown]>([
  [
    'Sublime',
    sublime,
    { ...SUBLIME_MODEL, recipients: { to: [{ email: { email: NAMED } }], cc: [{ email: { email: NAMED } }] } },
  ],
  ['Abnormal, as one text', abnormal, abnormalRow({ toAddresses: NAMED })],
  ['Abnormal, as copies', abnormal, abnormalRow({ ccEmails: [NAMED] })],
  ['Proofpoint without an envelope', proofpoint, { ...TAP_CLICK, recipient: undefined, toAddresses: [NAMED] }],
  ['OCSF', generic, { ...OCSF_EMAIL, email: { ...OCSF_EMAIL.email, to: [NAMED], cc: [NAMED] } }],
  [
    'a mailbox that is evidence beside the mail in Defender',
    defender,
    {
      ...DEFENDER_ALERT,
      evidence: [
        { ...DEFENDER_MESSAGE, recipientEmailAddress: undefined },
        { '@odata.type': '#microsoft.graph.security.mailboxEvidence', primaryAddress: NAMED },
      ],
    },
  ],
])('%s: somebody who is only named is looked for, and is no delivery', (_name, vendor, payload) => {
  const { recipients, delivered } = alertOf(vendor, payload);
  expect(recipients).toContain(NAMED);
  expect(delivered).toBeDefined();
  expect(delivered).not.toContain(NAMED);
});

test('what a mailbox or an envelope says is one', () => {
  expect(alertOf(abnormal, abnormalRow()).delivered).toContain('ann@contoso.example');
  expect(alertOf(defender, DEFENDER_ALERT).delivered).toContain('ann@contoso.example');
  expect(alertOf(generic, STIX).delivered).toEqual([]);
});
