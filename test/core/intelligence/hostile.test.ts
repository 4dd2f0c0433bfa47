import { describe, expect, it } from 'vitest';
import { findingsAbout } from '../../../src/core/intelligence/findings.ts';
import { inert } from '../../../src/core/text.ts';
import { hostileTexts } from '../../support/card-pictures/hostile.ts';
import { at, factsOf, rule } from './facts.ts';

/** Names that an attacker chose: in a sentence they are inert, and in a line for an administrator they end nothing. */

describe.each(hostileTexts())('%#: %j', (text) => {
  const facts = factsOf({
    clicks: [{ at: at(1), url: text, ip: text, outcome: 'through' }],
    rules: [rule({ name: text, moveTo: text, words: [text] }), rule({ name: `${text}2`, sendsTo: [text] })],
    forwardings: [{ at: at(2), to: text, keepsCopy: true, ip: null }],
    delegates: [{ at: at(3), who: text, rights: 'FullAccess', operation: 'Add-MailboxPermission' }],
    consents: [
      {
        at: at(4),
        app: text,
        appId: text,
        scopes: ['Mail.Read'],
        isForAll: true,
        grant: null,
        isThere: null,
        source: 'mailbox events',
      },
    ],
    deletions: [{ at: at(5), subject: `Verification code ${text}` }],
    risks: [{ at: at(6), level: 'high', state: 'at risk', type: text, source: 'risk detections' }],
  });
  const findings = findingsAbout(facts);

  it('is inert wherever somebody reads it', () => {
    for (const { sentence } of findings) expect(inert(sentence, 400)).toBe(sentence);
  });

  it('stands in a line of PowerShell in quotation marks that it does not end', () => {
    for (const { byHand } of findings) {
      const outside = (byHand ?? '').replace(/'(?:[^'\u2018\u2019\u201A\u201B]|['\u2018\u2019\u201A\u201B]{2})*'/g, '');
      expect(outside).toMatch(/^[\w\s$:|-]*$/);
    }
  });
});
