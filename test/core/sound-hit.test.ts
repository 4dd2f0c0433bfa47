import { describe, expect, it } from 'vitest';
import type { Hit } from '../../src/core/find/found.ts';
import { soundHit } from '../../src/core/find/sound-hit.ts';

/** What services name comes in as they have it: a sender chooses most of it. */

const HIT: Hit = {
  recipient: 'ann@contoso.example',
  recipientId: 'a1',
  networkMessageId: 'n1',
  likelyId: 'n2',
  internetMessageId: '<one@mailer.example>',
  sender: 'billing@fabrikam.example',
  subject: 'Invoice \u{1f4a9} overdue',
  at: '2026-11-20T08:00:00.000Z',
  where: 'Inbox/folder',
};

describe('a delivery that a service named', () => {
  it('is taken as it is where nothing is wrong with it', () => {
    expect(soundHit(HIT)).toEqual(HIT);
  });

  it.each(['sender', 'subject', 'where', 'recipient'] as const)(
    'holds no half characters and no U+0000 (%s)',
    (what) => {
      expect(soundHit({ ...HIT, [what]: 'a\ud800b\0c\udc00' })[what]).toBe('a\ufffdbc\ufffd');
    },
  );

  it('keeps the line ends of a subject, which is compared and shown', () => {
    expect(soundHit({ ...HIT, subject: 'a\r\n b' }).subject).toBe('a\r\n b');
  });

  it.each(['internetMessageId', 'networkMessageId', 'likelyId', 'recipientId'] as const)(
    'has no %s that nothing can be asked by',
    (what) => {
      const odd = ['<a\nb@x>', '<a\0@x>', '<\ud800@x>', '<a\u2028@x>', '<a\u0085@x>', '', ' '];
      expect(odd.map((id) => soundHit({ ...HIT, [what]: id })[what])).toEqual(odd.map(() => null));
    },
  );

  it.each([
    ['2026-11-20T09:00:00.1234567+01:00', '2026-11-20T08:00:00.123Z'],
    ['yesterday', null],
    [null, null],
  ])('has its time in one form, or none: %s', (at, expected) => {
    expect(soundHit({ ...HIT, at }).at).toBe(expected);
  });
});
