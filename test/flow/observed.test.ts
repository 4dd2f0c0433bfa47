import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ofType } from '../../src/core/record/ledger.ts';
import { tooMany } from '../../src/flow/decide/refuse.ts';
import type { Happening } from '../../src/flow/flow.ts';
import { ATTACK, type Night, PEOPLE, SLACK_TEAM, startNight } from '../support/desk-of-the-night.ts';

/** What whoever runs this can count, and what the record says of a press that had no effect. */

let observed: Happening[] = [];
let one: Night;
const night = () => one;
beforeAll(async () => {
  one = await startNight();
});
afterAll(() => one.close());
beforeEach(() => {
  observed = [];
  Object.assign(night().flow, { observe: (happening: Happening) => observed.push(happening) });
});

let number = 0;
async function opened(change: Record<string, unknown> = {}): Promise<string> {
  number += 1;
  const mail = { ...ATTACK, internetMessageId: `<observed-${number}@mailer.example>` };
  night().mail.put('ann@contoso.example', mail);
  const id = await night().alert({
    message: { ...mail, subject: 'Invoice overdue' },
    recipients: ['ann@contoso.example'],
    ...change,
  });
  await night().asks(id);
  return id;
}
const presses = () => observed.flatMap((one) => (one.what === 'press' ? [`${one.verb}: ${one.result}`] : []));
const refusal = async () => (await night().entries()).findLast(({ type }) => type === 'press.refused');
const dana = (name = 'Dana') => ({
  platform: 'slack' as const,
  id: PEOPLE.dana.slackId,
  home: SLACK_TEAM,
  name,
});

describe('what happens is counted', () => {
  it('an alert once, and as new only once', async () => {
    await opened({ id: 'det-9' });
    const before = observed.filter(({ what }) => what === 'alert');
    await night().alert({
      message: { ...ATTACK, internetMessageId: `<observed-${number}@mailer.example>`, subject: 'Invoice overdue' },
    });
    expect([before, observed.filter(({ what }) => what === 'alert')]).toEqual([
      [{ what: 'alert', created: true }],
      [
        { what: 'alert', created: true },
        { what: 'alert', created: false },
      ],
    ]);
  });

  it('each card that was shown', async () => {
    await opened();
    const cards = observed.flatMap((one) => (one.what === 'card' ? [`${one.platform}: ${one.result}`] : []));
    expect(cards).toEqual(
      expect.arrayContaining([expect.stringMatching(/^slack: /), expect.stringMatching(/^teams: /)]),
    );
  });

  it('each press with what became of it; what no card has is one kind', async () => {
    await opened();
    await night().press('dana', 'slack', 'purge');
    await night().press('dana', 'slack', 'purge');
    await night().press('dana', 'slack', 'x'.repeat(100));
    await night().desk.stray(dana(), 'hello');
    await tooMany(night().flow, 'command');
    expect(presses()).toEqual([
      'purge: taken',
      'purge: repeated',
      'other: unknown-button',
      'stray: stray',
      'command: too-many',
    ]);
  });

  it('each copy with what was seen of it', async () => {
    const id = await opened();
    await night().press('dana', 'slack', 'purge');
    await night().press('omar', 'teams', 'purge');
    await night().until('it is purged', async () => (await night().stands(id)) === 'purged');
    expect(observed.filter(({ what }) => what === 'copy')).toEqual([
      { what: 'copy', action: 'purge', outcome: 'removed' },
    ]);
  });
});

describe('a press that had no effect is on record', () => {
  it('with the place it came from, and nobody is asked who it was', async () => {
    const incident = await opened();
    await night().press('dana', 'slack', 'purge', {
      card: { platform: 'slack', channel: 'C0ELSEWHERE', message: '1.1' },
    });
    expect(await refusal()).toMatchObject({
      incident,
      actor: { kind: 'stranger', id: expect.stringContaining(PEOPLE.dana.slackId) },
      outcome: 'wrong-place',
      detail: { verb: 'purge', channel: 'C0ELSEWHERE', message: '1.1' },
    });
  });

  it.each([
    ['another message of the same channel', { message: '1.1' }],
    ['another channel', { channel: 'C0ELSEWHERE' }],
  ])('from %s', async (_name, place) => {
    await opened();
    const { channel, message } = night().slack.cards.at(-1)?.ref ?? { channel: '', message: '' };
    await night().press('dana', 'slack', 'purge', { card: { platform: 'slack', channel, message, ...place } });
    expect(await refusal()).toMatchObject({ actor: { kind: 'stranger' }, outcome: 'wrong-place' });
  });

  it('with the person, where it came from the card', async () => {
    await opened();
    await night().press('dana', 'slack', 'hard-purge');
    expect(await refusal()).toMatchObject({ actor: { kind: 'person', id: PEOPLE.dana.entraId }, outcome: 'policy' });
  });

  it('with the plan it named, where that is one', async () => {
    await opened();
    await night().press('dana', 'slack', 'purge', { digest: 'f'.repeat(64) });
    expect(await refusal()).toMatchObject({ outcome: 'stale-card', planDigest: 'f'.repeat(64) });
    await night().press('dana', 'slack', 'purge', { digest: 'f'.repeat(65) });
    expect(await refusal()).toMatchObject({ outcome: 'stale-card', planDigest: null });
    await night().press('dana', 'slack', 'purge', { digest: `x${'f'.repeat(64)}` });
    expect(await refusal()).toMatchObject({ outcome: 'stale-card', planDigest: null });
  });

  it('cut where somebody made it long', async () => {
    await night().press('dana', 'slack', 'v'.repeat(300), {
      incident: 'i'.repeat(300),
      card: { platform: 'slack', channel: 'c'.repeat(300), message: 'm'.repeat(300) },
    });
    expect(await refusal()).toMatchObject({
      incident: 'i'.repeat(40),
      detail: { verb: 'v'.repeat(40), channel: 'c'.repeat(200), message: 'm'.repeat(200) },
    });
    await night().desk.stray(dana(), 's'.repeat(400));
    const stray = (await night().entries()).findLast(ofType('stray'));
    expect(stray?.detail.what).toBe('s'.repeat(300));
  });

  it('with why, or whose word it takes', async () => {
    await opened();
    await night().press('dana', 'slack', 'hard-purge');
    expect((await refusal())?.detail).toMatchObject({ why: expect.any(String), seats: [] });
  });
});
