import { describe, expect, it } from 'vitest';
import { tell } from '../../src/core/record/ledger-story.ts';
import type { EntryType } from '../../src/core/record/payloads.ts';
import { hostileTexts } from '../support/card-pictures/hostile.ts';
import { DIGEST, TENANT_ID } from '../support/cases.ts';
import { type Flat, type Old, oldEntry } from '../support/entries.ts';
import { ENTRY_TYPES } from '../support/entry-types.ts';

const entry = ({ type, ...change }: Old & { readonly type: EntryType }) =>
  oldEntry(type, {
    tenant: TENANT_ID,
    at: '2026-11-20T08:00:00.000Z',
    incident: 'CB-0001',
    actor: { kind: 'service', id: 'clawback', name: 'Clawback' },
    platform: 'graph',
    planDigest: DIGEST,
    mailbox: 'mailbox-1',
    message: 'message-1',
    requestId: 'request-1',
    outcome: 'removed',
    ...change,
  });

describe('the story of an incident', () => {
  it.each(ENTRY_TYPES)('has a line for %s', (type) => {
    expect(tell(entry({ type })).length).toBeGreaterThan(3);
  });

  it.each(ENTRY_TYPES)('says nothing empty of %s where nothing is known', (type) => {
    const nobody = { kind: 'stranger', id: '', name: '' } as const;
    const nothing = { platform: null, planDigest: null, mailbox: null, outcome: null, actor: nobody } as const;
    expect(tell(entry({ type, ...nothing }))).not.toMatch(/null|undefined|\bin *$|\bin:/);
  });

  it.each<[EntryType, Old, string]>([
    ['card.posted', { platform: null }, 'card posted in chat'],
    ['card.lost', { platform: null, outcome: 'fixed' }, 'the card in chat cannot be changed any more'],
    ['card.lost', { platform: 'slack', outcome: 'gone' }, 'the card in slack is no longer there'],
    [
      'room.lost',
      { platform: null, detail: { why: 'is_archived' } },
      'the room in chat takes nothing any more: is_archived',
    ],
    [
      'list.sent',
      { platform: 'slack', outcome: 'not sent', detail: { format: 'csv', why: 'not allowed', note: 'missing_scope' } },
      'the list of mailboxes for Clawback in slack: not sent (missing_scope)',
    ],
    [
      'evidence.kept',
      { detail: { kind: 'headers', digest: DIGEST, bytes: 512, headers: 9 } },
      `kept the headers of the mail as it is in mailbox-1: 512 bytes, SHA-256 ${DIGEST}`,
    ],
    [
      'evidence.missed',
      { outcome: 'denied', detail: { kind: 'mime', tries: 5, note: '403 ErrorAccessDenied' } },
      'the bytes (MIME) of the mail could not be kept: denied, after 5 tries (403 ErrorAccessDenied)',
    ],
    [
      'evidence.let-go',
      { outcome: 'after its days', detail: { digests: 'a b', bytes: 512, before: '2026-11-20' } },
      'what was kept of the mail was deleted, after its days: 2 items; their digests stay',
    ],
    [
      'evidence.read',
      { outcome: 'given', detail: { kind: 'headers', digest: DIGEST, way: 'command line' } },
      'Clawback took along the headers that were kept of the mail',
    ],
    [
      'evidence.read',
      { outcome: 'differs', detail: { kind: 'headers', digest: DIGEST, way: 'command line' } },
      'the headers that are stored are not those that were kept: Clawback did not get them',
    ],
    ['ticket.refused', { outcome: 'somebody-else' }, 'a sign-in did not count: somebody-else'],
    [
      'ticket.refused',
      { outcome: 'entra-refused', detail: { why: 'access_denied' } },
      'a sign-in did not count: entra-refused (access_denied)',
    ],
    ['room.back', { platform: null }, 'the room in chat takes messages again'],
    ['sets.checked', { outcome: 'readable' }, 'the sets of mailboxes that the policy names can be read again'],
    [
      'sets.checked',
      { outcome: 'unreadable', detail: { set: 'protected “board”', why: 'hidden membership' } },
      'protected “board” cannot be read in full, so nothing is looked for or removed: hidden membership',
    ],
    [
      'run.started',
      { detail: { action: 'purge', copies: 3, cause: 'approved' } },
      'purge of 3 copies started, as approved',
    ],
    [
      'run.started',
      { detail: { action: 'contain', copies: 3, cause: 'policy' } },
      'contain of 3 copies started, at once, as the policy says',
    ],
    [
      'run.started',
      { detail: { action: 'undo', copies: 3, cause: 'roll-back' } },
      'undo of 3 copies started, to roll the containment back',
    ],
    [
      'clock.changed',
      { detail: { state: 'differ', aheadSeconds: -41, machine: 'node-1' } },
      'the clocks differ, times in this record are not to be relied on to the second: the one of node-1 is 41 s behind the database’s',
    ],
    [
      'clock.changed',
      { detail: { state: 'differ too much', aheadSeconds: 300, machine: 'node-1' } },
      'the clocks differ too much, nothing is done there until they agree: the one of node-1 is 300 s ahead of the database’s',
    ],
    ['containment.confirmed', {}, 'containment of plan a1b2c3d4 confirmed: it stays removed'],
    ['plan.grown', { detail: { copies: 2, child: 'CB-0002' } }, '2 copies were in no list: CB-0002 asks for them'],
    [
      'policy.adopted',
      { detail: { policy: 'b'.repeat(64), diff: 'linkByEmail: false -> true' } },
      'policy bbbbbbbb holds for new plans: linkByEmail: false -> true',
    ],
    [
      'brake.stopped',
      { actor: { kind: 'person', id: '11111111-0000-4000-8000-000000000001', name: 'Dana' }, detail: { reason: 'x' } },
      'Dana stopped Clawback: x',
    ],
    [
      'brake.stopped',
      { actor: { kind: 'stranger', id: 'U0NAMELESS', name: '' }, detail: { reason: 'x' } },
      'U0NAMELESS stopped Clawback: x',
    ],
    [
      'brake.stopped',
      { actor: { kind: 'stranger', id: '', name: '' }, detail: { reason: 'x' } },
      'somebody stopped Clawback: x',
    ],
    ['copy.outcome', { mailbox: null, outcome: null }, 'a mailbox: no answer'],
    ['plan.made', { planDigest: null }, 'plan none made: 0 copies in 0 mailboxes'],
    ['brake.lifted', { detail: { people: 'Dana, Omar' } }, 'the stop was lifted by Dana, Omar'],
    ['decision.escalated', { detail: { seats: '2 \u00d7 lead' } }, 'asked from now on: 2 \u00d7 lead'],
    [
      'request.refused',
      { detail: { where: '/slack/events' }, outcome: 'bad signature' },
      'a request was refused: /slack/events, bad signature',
    ],
    [
      'decision.approved',
      { platform: 'slack', detail: { action: 'purge', count: 1, needed: 2 } },
      'Clawback approved purge of plan a1b2c3d4 in slack (1 of 2)',
    ],
    [
      'decision.approved',
      { platform: 'slack', detail: { action: 'reject', count: 1, needed: 2 } },
      'Clawback called it not malicious in slack (1 of 2)',
    ],
    ['alert.repeated', { detail: { says: 'Desk' } }, 'Clawback (\u201cDesk\u201d) reported the same mail again'],
    ['alert.repeated', { detail: { says: null } }, 'Clawback reported the same mail again'],
    ['request.refused', { detail: { requests: 1, 'old at /a': 1 } }, 'a request was refused: old at /a'],
    [
      'request.refused',
      { detail: { requests: 6, 'old at /a': 1, since: 'noon', 'bad at /b': 5 } },
      '6 requests were refused: bad at /b \u00d7 5; old at /a',
    ],
  ])('%s is told in plain words', (type, change, line) => {
    expect(tell(entry({ type, ...change }))).toBe(line);
  });

  it.each([
    [20, 'kind 19'],
    [21, '1 kinds more'],
    [23, '3 kinds more'],
  ])('of %i kinds of refusals at most twenty are told', (n, last) => {
    const kinds = Object.fromEntries(Array.from({ length: n }, (_none, at) => [`kind ${at}`, 1]));
    const told = tell(entry({ type: 'request.refused', detail: { requests: n, ...kinds } })).split('; ');
    expect([told.length, told.at(-1)]).toEqual([Math.min(n, 21), last]);
  });

  it.each([
    'card.posted',
    'card.lost',
    'decision.approved',
    'decision.rejected',
    'press.refused',
    'account.linked',
    'account.unlinked',
  ] as const)('%s was in the chat, where nobody knows in which', (type) => {
    expect(tell(entry({ type, platform: 'slack' }))).toContain('slack');
    expect(tell(entry({ type, platform: null }))).toMatch(/\bchat\b/);
    expect(tell(entry({ type, platform: null }))).not.toContain('null');
  });

  it.each([
    ['fixed', 'cannot be changed any more'],
    ['gone', 'is no longer there'],
    ['refused', 'is not taken, and the room takes others: msg_too_long'],
  ])('a card that was lost, because it is %s, %s', (outcome, words) => {
    const lost = entry({ type: 'card.lost', platform: 'slack', outcome, detail: { why: 'msg_too_long' } });
    expect(tell(lost)).toBe(`the card in slack ${words}`);
  });

  it.each<[string, Flat, string]>([
    ['of one finder', { finders: 'hunting', finder: 'busy' }, 'hunting: busy'],
    [
      'of two',
      { finders: 'hunting, trace', finder: 'answered', 'finder.1': 'silent' },
      'hunting: answered, trace: silent',
    ],
    ['from before there could be two', { finder: 'refused' }, 'hunting: refused'],
    ['with nobody to ask', { finders: '' }, 'no finder'],
  ])('names what a look heard %s', (_which, detail, words) => {
    expect(
      tell(entry({ type: 'scope.looked', detail }))
        .split('; ')
        .at(-1),
    ).toBe(words);
  });

  it('what is on record as nothing is unknown', () => {
    expect(tell(entry({ type: 'stray', detail: { what: null } }))).toBe('Clawback sent something unexpected: unknown');
  });

  it.each(ENTRY_TYPES)('%s stays one harmless line, whatever it holds', (type) => {
    const lines = [...hostileTexts(), 'a\nb\u001b[2J'].map((text) =>
      tell(
        entry({
          type,
          actor: { kind: 'stranger', id: text, name: text },
          mailbox: text,
          outcome: text,
          detail: Object.fromEntries(
            [
              'verdict',
              'sender',
              'copies',
              'mailboxes',
              'action',
              'count',
              'needed',
              'reason',
              'verb',
              'summary',
              'what',
              'version',
              'cause',
              'grown',
              'shielded',
              'child',
              'role',
              'seats',
              'policy',
              'diff',
              'why',
              'people',
              'kind',
              'account',
              'where',
            ].map((name) => [name, text]),
          ),
        }),
      ),
    );
    expect(lines.filter((line) => /[\p{Cc}\u2028\u2029\u202E\u200B]/u.test(line) || line.length > 1_000)).toEqual([]);
  });
});
