import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EffectAnswer } from '../../src/ports/effects.ts';
import type { Unread } from '../../src/ports/reader.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { type Copy, RECOVERABLE, SUBJECT, type Trouble } from '../support/fake-mail.ts';
import { policyWith, ruleFor } from './telling.ts';

/** What may be said of copies that were not, or not surely, seen gone. */

let night: Night;
beforeAll(async () => {
  night = await startNight({ policy: policyWith([ruleFor(['purge', 'undo'], { approver: 1 })]) });
});
afterAll(() => night.close());

let number = 0;
beforeEach(() => {
  number += 1;
  night.mail.trouble.length = 0;
  night.mail.effects.length = 0;
});

async function openWith(names: readonly string[]) {
  const mail = { internetMessageId: `<gone-${number}@mailer.example>`, sender: 'billing@fabrikam.example' };
  const copies = names.map((name) => night.mail.put(`${name}@contoso.example`, mail));
  const recipients = names.map((name) => `${name}@contoso.example`);
  const id = await night.alert({ message: { ...mail, subject: SUBJECT }, recipients });
  await night.asks(id);
  return { id, copies };
}

/** After its purge: the outcomes, and what the card in Slack says. */
async function purged(id: string) {
  await night.press('dana', 'slack', 'purge');
  await night.until('the card says that it has finished', () => cardOf(id)?.status.startsWith('Purge') === true);
  const ended = (await night.entries(id)).filter((entry) => entry.type === 'copy.outcome');
  const card = cardOf(id);
  return {
    outcomes: ended.map(({ outcome }) => outcome).toSorted(),
    status: card?.status ?? '',
    // Addresses are written so that no chat makes a link of them.
    troubles: (card?.troubles ?? []).map(({ text }) => text.replaceAll('[.]', '.')).join('\n'),
    tone: card?.tone,
  };
}

const cardOf = (id: string) => night.slack.cards.findLast(({ view }) => view.incident === id)?.view;

type More = { always?: true; applied?: true };
function answers(method: 'read', copy: Copy | undefined, answer: Unread, more?: More): void;
function answers(method: 'softDelete', copy: Copy | undefined, answer: EffectAnswer, more?: More): void;
function answers(method: Trouble['method'], copy: Copy | undefined, answer: Trouble['answer'], more: More = {}) {
  night.mail.trouble.push({ method, mailbox: copy?.mailbox ?? '', answer, ...more } as Trouble);
}

const UNREACHABLE = { status: 'unreachable', detail: '404 MailboxNotEnabledForRESTAPI' } as const;

describe('“no copy is in sight”', () => {
  it('is said when each was seen gone, with the time, and that owners can still recover them', async () => {
    const { id } = await openWith(['ann', 'bob']);
    const { status, tone } = await purged(id);
    expect(status).toMatch(
      /^Purged: 2 removed, seen gone\. No copy of the plan is in sight: each was seen gone by \d+ \w+ \d\d:\d\d UTC\. Owners can still recover what was removed, from Recoverable Items\.$/,
    );
    expect(tone).toBe('good');
  });

  it('is not said of mailboxes that stop answering in the middle of the run; they are named', async () => {
    const { id, copies } = await openWith(['ann', 'bob']);
    // Both are seen in their place, then nobody reaches them any more.
    const plain = night.mail.softDelete.bind(night.mail);
    night.mail.softDelete = async (targets) => {
      for (const copy of copies) answers('read', copy, UNREACHABLE, { always: true });
      const { detail } = UNREACHABLE;
      const refused = { requestId: '', status: 'refused', why: 'unreachable', detail } as const;
      return targets.map(({ mailbox, message }) => ({ target: { mailbox, message }, ...refused }));
    };
    const { outcomes, status, troubles, tone } = await purged(id);
    night.mail.softDelete = plain;
    expect(outcomes).toEqual(['unreachable', 'unreachable']);
    expect(status).not.toContain('in sight');
    expect(status).toContain('2 of 2 copies may still be readable');
    expect(troubles).toContain(
      'cannot be reached this way (inactive, archived, on-premises, or it only asks to wait): ann@contoso.example, bob@',
    );
    expect(tone).toBe('bad');
    expect(copies.map(({ folderId }) => folderId)).toEqual(['inbox', 'inbox']);
  });

  it.each<[string, Unread, string, string]>([
    ['that is not found any more', { status: 'missing', detail: '' }, 'noMailbox', 'is not found any more: ann@'],
    [
      'that we may not read any more',
      { status: 'denied', detail: '' },
      'notAllowed',
      'Not allowed into the mailbox of ann@',
    ],
  ])('is not said of a mailbox %s', async (_, answer, outcome, words) => {
    const { id, copies } = await openWith(['ann', 'bob']);
    answers('read', copies[0], answer, { always: true });
    const { outcomes, status, troubles } = await purged(id);
    expect(outcomes).toEqual([outcome, 'removed'].toSorted());
    expect(status).not.toContain('in sight');
    expect(troubles).toContain(words);
  });

  it('is not said of a copy that vanished without us: an archive hides it from everybody but its owner', async () => {
    const { id, copies } = await openWith(['ann', 'bob']);
    night.mail.copies.splice(night.mail.copies.indexOf(copies[0] as Copy), 1);
    const { outcomes, status, troubles } = await purged(id);
    expect(outcomes).toEqual(['removed', 'vanished']);
    expect(status).not.toContain('in sight');
    expect(troubles).toContain(
      'Gone without us, perhaps into an archive that nobody can look into: ann@contoso.example.',
    );
  });

  it('names the first few of many, and counts the others', async () => {
    const { id, copies } = await openWith(['ann', 'bob', 'cas', 'dee', 'eve']);
    for (const copy of copies) answers('read', copy, UNREACHABLE, { always: true });
    const { troubles } = await purged(id);
    expect(troubles).toContain('ann@contoso.example, bob@contoso.example, cas@contoso.example and 2 more mailboxes.');
  });
});

describe('an answer after a write', () => {
  it('403 is followed by a look: what is gone is not called forbidden', async () => {
    const { id, copies } = await openWith(['ann']);
    answers(
      'softDelete',
      copies[0],
      { status: 'refused', why: 'denied', detail: '403 ErrorAccessDenied' },
      { applied: true },
    );
    expect((await purged(id)).outcomes).toEqual(['removed']);
    expect(night.mail.effects).toHaveLength(1);
  });

  it('403 where the copy is still there is said as it is, and not tried for ever', async () => {
    const { id, copies } = await openWith(['ann']);
    answers(
      'softDelete',
      copies[0],
      { status: 'refused', why: 'denied', detail: '403 ErrorAccessDenied' },
      { always: true },
    );
    expect((await purged(id)).outcomes).toEqual(['notAllowed']);
    expect(copies[0]?.folderId).toBe('inbox');
  });

  it.each<[string, EffectAnswer]>([
    ['429 or 503', { status: 'throttled', waitMs: 50 }],
    ['500', { status: 'unknown', detail: '500 UnknownError' }],
    ['507', { status: 'refused', why: 'failed', detail: '507 ErrorQuotaExceeded' }],
  ])('%s is followed by a look before anything is done or said', async (_, answer) => {
    const { id, copies } = await openWith(['ann']);
    answers('softDelete', copies[0], answer, { applied: true });
    expect((await purged(id)).outcomes).toEqual(['removed']);
    expect(night.mail.effects).toHaveLength(1);
    expect(copies[0]?.folderId).toBe(RECOVERABLE);
  });

  it('a full Recoverable Items is told in the service’s own words, and the copy is still there', async () => {
    const { id, copies } = await openWith(['ann']);
    answers(
      'softDelete',
      copies[0],
      { status: 'refused', why: 'failed', detail: '507 ErrorQuotaExceeded' },
      { always: true },
    );
    const { outcomes, troubles } = await purged(id);
    expect(outcomes).toEqual(['stillThere']);
    expect(troubles).toContain('Still in the mailbox of ann@contoso.example.');
    const [ended] = (await night.entries(id)).filter((entry) => entry.type === 'copy.outcome');
    expect(ended?.detail.note).toContain('the service said: 507 ErrorQuotaExceeded');
  });

  it('a mailbox that only ever asks to wait ends the run all the same, and the others are done', async () => {
    const { id, copies } = await openWith(['ann', 'bob']);
    answers('read', copies[0], { status: 'throttled', waitMs: 20, stuck: true }, { always: true });
    const { outcomes, troubles } = await purged(id);
    expect(outcomes).toEqual(['removed', 'unreachable']);
    expect(troubles).toContain('ann@contoso.example');
  });

  it('a mailbox that can be read and never written ends as well', async () => {
    const { id, copies } = await openWith(['ann']);
    answers('softDelete', copies[0], { status: 'throttled', waitMs: 20, stuck: true }, { always: true });
    expect((await purged(id)).outcomes).toEqual(['stillThere']);
  });
});
