import fc from 'fast-check';
import { expect, it } from 'vitest';
import { slackCards } from '../../src/adapters/slack/card.ts';
import { formCard, incidentCard, replyCard } from '../../src/adapters/teams/card.ts';
import type { Recorded } from '../../src/core/record/ledger.ts';
import { tell } from '../../src/core/record/ledger-story.ts';
import type { EntryType } from '../../src/core/record/payloads.ts';
import { explainIncident } from '../../src/core/record/why.ts';
import { present } from '../../src/core/tell/present.ts';
import { alertOf, DIGEST, factsOf, incidentOf, planOf, TENANT_ID, voteOf } from '../support/cases.ts';
import { oldEntry } from '../support/entries.ts';
import { formShown } from '../support/forms.ts';

/** 50,000 generated texts wherever a mail or a person can put one: on every surface they are data, or nothing. */

const STRINGS = 50_000;
const SPECIAL = [
  '<!channel>',
  '<@U1>',
  '](https://evil.example)',
  '\u0024{1+1}',
  '{{DATE(2026-01-01)}}',
  '`',
  '*',
  '\n',
  '\u202E',
  '\u200B',
  'https://evil.example/',
  ':lock:',
  '&lt;',
  '<at>x</at>',
  '|',
  '=cmd()',
];
const anyText = fc
  .array(fc.oneof(fc.constantFrom(...SPECIAL), fc.string({ unit: 'binary', maxLength: 12 })), { maxLength: 12 })
  .map((parts) => parts.join(''));

const slack = slackCards();
const ACTIVE = /[\p{Cc}\p{Cs}\u2028\u2029\u200B\u202A-\u202E\u2066-\u2069]|\{\{|\$\{|https?:\/\//iu;

type Node = Readonly<Record<string, unknown>>;
function nodesOf(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  if (typeof value !== 'object' || value === null) return [];
  return [value as Node, ...Object.values(value).flatMap(nodesOf)];
}

/** Strings outside the places that every client shows literally. */
function live(card: unknown, literal: string): string[] {
  return nodesOf(card).flatMap((node) =>
    Object.entries(node)
      .filter(([name, value]) => typeof value === 'string' && !(node['type'] === literal && name === 'text'))
      .map(([name, value]) => `${name}=${String(value)}`),
  );
}

function literals(card: unknown, literal: string): string[] {
  return nodesOf(card)
    .filter((node) => node['type'] === literal && typeof node['text'] === 'string')
    .map((node) => String(node['text']));
}

function viewOf(text: string) {
  const alert = alertOf(
    { findings: [text.slice(0, 400)] },
    { subject: text, senderName: text.slice(0, 900), urls: [text], attachments: [text.slice(0, 900)] },
  );
  return present({
    ...factsOf('open'),
    incident: incidentOf('open', { alert, askedAt: '2026-11-20T08:00:00.000Z' }),
    plan: planOf({
      leftAlone: [{ address: 'a@contoso.example', why: text }],
      shielded: [{ address: 'b@contoso.example', set: text }],
    }),
    votes: [voteOf(1, { name: text })],
    brake: { stopped: true, by: text, reason: text, at: null },
  });
}

function cardsOf(text: string) {
  const view = viewOf(text);
  const asked = formShown('purge', { digest: DIGEST, problem: view.stopped });
  return {
    Text: [slack.incident(view), slack.reply([view.subject, view.status])],
    TextRun: [incidentCard(view), replyCard([view.subject, view.status]), formCard(asked)],
  };
}

const saying = (type: EntryType, text: string): Recorded =>
  oldEntry(type, {
    tenant: TENANT_ID,
    incident: 'CB-0001',
    actor: { kind: 'stranger', id: text, name: text },
    platform: 'slack',
    planDigest: DIGEST,
    mailbox: text,
    outcome: text,
    detail: { verb: text, reason: text, why: text, action: text, sender: text, diff: text },
  });

it(`${STRINGS} generated texts are inert on every card of both chats and in every line of the record`, () => {
  const known = new Set(
    ['', 'x'].flatMap((text) => {
      const cards = cardsOf(text);
      return [...live(cards.Text, 'text'), ...live(cards.TextRun, 'TextRun')];
    }),
  );
  fc.assert(
    fc.property(anyText, (text) => {
      const cards = cardsOf(text);
      const strange = [...live(cards.Text, 'text'), ...live(cards.TextRun, 'TextRun')].filter((one) => !known.has(one));
      expect(strange).toEqual([]);
      const shown = [...literals(cards.Text, 'text'), ...literals(cards.TextRun, 'TextRun')];
      expect(shown.filter((one) => ACTIVE.test(one.replaceAll('\n', '')))).toEqual([]);
      const types = [
        'press.refused',
        'decision.rejected',
        'decision.approved',
        'stray',
        'brake.stopped',
        'policy.adopted',
      ] as const;
      const entries = types.map((type) => saying(type, text));
      const lines = [...entries.map(tell), ...explainIncident(entries)];
      expect(lines.filter((line) => ACTIVE.test(line))).toEqual([]);
    }),
    { numRuns: STRINGS },
  );
});
