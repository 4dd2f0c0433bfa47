import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Origin } from '../../src/core/find/exercise.ts';
import { present } from '../../src/core/tell/present.ts';
import { factsOf } from '../../src/flow/tell/facts.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { MINUTE, policyWith, ruleFor, storyteller } from './telling.ts';

/** Phishing exercises of the customer's own, under a policy that acts first: information, and never a purge. */
let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());
const { entries, runs, stands, becomes, plan, incident } = storyteller(() => night);

const OWN = '203.0.113.7';
const rules = [
  ruleFor(['contain'], { approver: 2 }, { name: 'at once', actFirst: true, expiryMinutes: 30 }),
  ruleFor(['purge', 'undo'], { approver: 2 }),
];
beforeEach(async () => {
  night.clock.now += 120 * MINUTE;
  await night.govern(policyWith(rules));
  Object.assign(night.flow, {
    exercises: { isOwnAddress: (address: string) => address === OWN, isOwnReturnPath: null },
  });
});

let nth = 0;
const from = (clientIp: string | null, marks: readonly string[] = []): Origin => ({
  clientIp,
  returnPath: null,
  marks,
});

/** A mail lands with these origins, one mailbox each, and is reported. */
async function landed(origins: readonly (Origin | undefined)[], change: Record<string, unknown> = {}) {
  nth += 1;
  const mail = { internetMessageId: `<exercise-${nth}@mailer.example>`, sender: 'it@fabrikam.example' };
  const networkMessageId = `aaaaaaaa-0000-4000-8000-${String(nth).padStart(12, '0')}`;
  const copies = origins.map((origin, n) =>
    night.mail.put(`user${nth}-${n}@contoso.example`, { ...mail, networkMessageId, ...(origin ? { origin } : {}) }),
  );
  const message = { ...mail, subject: 'Invoice overdue', networkMessageId };
  const id = await night.alert({ message, recipients: copies.map(({ address }) => address), ...change });
  return { id, copies, mail, networkMessageId, message };
}

const cardOf = (id: string) =>
  night.flow.store.transact(async (tx) => {
    const facts = await factsOf(night.flow, tx, id);
    if (!facts) throw new Error(`${id} is no incident`);
    return present(facts);
  });
const warnings = async (id: string) => (await cardOf(id)).warnings.map(({ text }) => text).join('\n');

describe('an exercise', () => {
  it('that came from a host of the configuration is information: nothing is asked, and nothing is touched', async () => {
    const before = night.mail.effects.length;
    const { id } = await landed([from(OWN), from(OWN)]);
    await becomes(id, 'open');
    const card = await cardOf(id);
    expect(card).toMatchObject({ state: 'Phishing exercise', tone: 'neutral', asks: 'nothing', needs: '' });
    expect(card.status).toContain('Exchange saw it come from an address that the configuration names');
    expect(card.status).toContain('Nobody is asked, and nothing is removed.');
    expect(card.reach).toBe('2 copies of the exercise, left alone');
    expect(card.actions.map(({ id }) => id).filter((verb) => /purge|contain|junk|flag/.test(verb))).toEqual([]);
    expect(await runs(id)).toEqual([]);
    expect(night.mail.effects).toHaveLength(before);
    expect((await plan(id)).copies).toEqual([]);
    expect((await entries(id, 'exercise.recognised'))[0]?.detail).toEqual({
      whole: true,
      by: ['address'],
      copies: 2,
      marks: [],
    });
  });

  it('that Microsoft itself names by its network id is one, wherever it came from', async () => {
    const { id } = await landed([undefined], { exercise: true });
    await becomes(id, 'open');
    expect((await cardOf(id)).status).toContain('Microsoft calls this very delivery its attack simulation');
    expect(await runs(id)).toEqual([]);
  });

  it('is closed by itself, without anybody who decided', async () => {
    const { id } = await landed([from(OWN)]);
    await becomes(id, 'open');
    night.clock.now += 61 * MINUTE;
    await night.run({ queue: 'expire', incident: id });
    expect(await stands(id)).toBe('expired');
    expect((await cardOf(id)).state).toBe('Phishing exercise');
  });

  it('that is reported again after that is looked at anew: the attack that copies it is contained', async () => {
    const { id, mail, message } = await landed([from(OWN)]);
    await becomes(id, 'open');
    night.clock.now += 61 * MINUTE;
    await night.run({ queue: 'expire', incident: id });
    const forged = night.mail.put('victim@contoso.example', { ...mail, networkMessageId: message.networkMessageId });
    await night.alert({ message, recipients: ['victim@contoso.example'] });
    await becomes(id, 'contained');
    expect((await plan(id)).copies.map(({ address }) => address)).toEqual(['victim@contoso.example']);
    expect(forged.folderId).not.toBe('inbox');
    expect((await entries(id, 'incident.reopened'))[0]?.detail.why).toContain('reported again');
  });
});

describe('what an attacker may write', () => {
  it('a header of an exercise is told, and the mail is contained all the same', async () => {
    const { id } = await landed([from('198.51.100.9', ['x-phishtest'])]);
    await becomes(id, 'contained');
    expect(await warnings(id)).toContain(
      'It bears a header of phishing exercises (x-phishtest). Anybody can write a header',
    );
  });

  it('an alert that merely calls it an exercise is told, and the mail is contained all the same', async () => {
    const { id } = await landed([undefined], { simulation: true });
    await becomes(id, 'contained');
    expect(await warnings(id)).toContain('says that this is a phishing exercise. Nothing here proves it');
  });

  it('the headers of an exercise in a mail of his own: his is contained, and the exercise stays', async () => {
    const { id, copies } = await landed([from(OWN), from('198.51.100.9')]);
    await becomes(id, 'contained');
    expect((await plan(id)).copies.map(({ address }) => address)).toEqual([copies[1]?.address]);
    expect(copies.map(({ folderId }) => folderId === 'inbox')).toEqual([true, false]);
    expect(await warnings(id)).toContain('treat them as an attack');
    expect((await entries(id, 'exercise.recognised'))[0]?.detail).toMatchObject({ whole: false, copies: 1 });
  });

  it('Microsoft’s word about one delivery is none about another with the same headers', async () => {
    const { id, mail, message } = await landed([undefined], { exercise: true });
    await becomes(id, 'open');
    night.mail.put('other@contoso.example', { ...mail, networkMessageId: 'bbbbbbbb-0000-4000-8000-000000000001' });
    const other = { ...message, networkMessageId: 'bbbbbbbb-0000-4000-8000-000000000001' };
    const second = await night.alert({ message: other, recipients: ['other@contoso.example'] });
    expect(second).not.toBe(id);
    await becomes(second, 'contained');
    expect((await incident(id))?.stands).toBe('open');
  });

  it('where both lists are given, the host alone is not enough: other customers send from it too', async () => {
    Object.assign(night.flow, {
      exercises: { isOwnAddress: (at: string) => at === OWN, isOwnReturnPath: (at: string) => at === 'own.example' },
    });
    const one = await landed([from(OWN)]);
    await becomes(one.id, 'contained');
    const two = await landed([{ clientIp: OWN, returnPath: 'own.example', marks: [] }]);
    await becomes(two.id, 'open');
    expect((await entries(two.id, 'exercise.recognised'))[0]?.detail.by).toEqual(['address', 'return-path']);
  });
});
