import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import type { Source } from '../../src/core/find/source.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { SOURCE } from '../support/source.ts';
import { policyWith, ruleFor } from './telling.ts';

/** What a source may bring about: what the configuration grants to its secret, and nothing that its alerts say. */

let night: Night;
beforeAll(async () => {
  night = await startNight({ workers: false });
});
afterAll(() => night.close());

const otherwise = ruleFor(['purge', 'undo'], { approver: 2 }, { name: 'otherwise' });
const atOnce = policyWith([
  ruleFor(['contain'], { approver: 2 }, { name: 'at once', actFirst: true, expiryMinutes: 30 }),
  otherwise,
]);

/** A mail lands, `source` reports it, and its copies are looked for. */
async function reported(policy: Policy, source: Source, change: object = {}) {
  await night.govern(policy);
  const mail = { internetMessageId: `<${randomUUID()}@mailer.example>`, sender: 'billing@fabrikam.example' };
  const { address } = night.mail.put('ann@contoso.example', mail);
  const id = await night.alert(
    { message: { ...mail, subject: 'Invoice overdue' }, recipients: [address], ...change },
    undefined,
    source,
  );
  await night.run({ queue: 'scope', incident: id });
  return night.flow.store.transact(async (tx) => {
    const incident = await tx.incidents.get(id);
    const plan = await tx.incidents.plan(incident?.planDigest ?? '');
    return { state: incident?.state, rule: plan?.terms.purge.rule };
  });
}

const granted = (claims: Partial<Source['claims']>, name = 'test'): Source => ({
  ...SOURCE,
  name,
  claims: { ...SOURCE.claims, ...claims },
});

it('one that may act first has the mail removed at once', async () => {
  expect((await reported(atOnce, SOURCE)).state).toBe('running');
});

it('one that may not, asks people, whatever the rule says', async () => {
  expect((await reported(atOnce, granted({ actFirst: false }))).state).toBe('open');
});

it('while it cannot be read who reported the mail, people are asked first', async () => {
  expect((await reported(atOnce, SOURCE, { unreadablePeople: true })).state).toBe('open');
});

it('no alert is surer than its source may be', async () => {
  const sure = policyWith([
    ruleFor(['purge'], { approver: 1 }, { name: 'sure', when: { confidence: { atLeast: 90 } } }),
    otherwise,
  ]);
  const rules = [];
  for (const confidence of [100, 90, 89])
    rules.push((await reported(sure, granted({ confidence }), { confidence: 100 })).rule);
  expect(rules).toEqual(['sure', 'sure', 'otherwise']);
});

it('a rule for a source is for its secret: what an alert calls itself opens nothing', async () => {
  const trusted = policyWith([
    ruleFor(['purge'], { approver: 1 }, { name: 'trusted', when: { source: ['defender'] } }),
    otherwise,
  ]);
  const genuine = await reported(trusted, granted({}, 'defender'), { source: 'anything' });
  const posing = await reported(trusted, granted({}, 'intake'), { source: 'defender' });
  expect([genuine.rule, posing.rule]).toEqual(['trusted', 'otherwise']);
});

it('two that name one mail by different ids while it is being looked for have one incident in the end', async () => {
  await night.govern(atOnce);
  const mail = { internetMessageId: `<${randomUUID()}@mailer.example>`, sender: 'billing@fabrikam.example' };
  const networkMessageId = randomUUID();
  const { address } = night.mail.put('ann@contoso.example', { ...mail, networkMessageId });
  const message = { ...mail, subject: 'Invoice overdue' };
  const recipients = [address];
  const asked = granted({ ids: false, actFirst: false }, 'gateway');
  const first = await night.alert({ message, recipients }, undefined, asked);
  const byId = { message: { ...message, sender: null, networkMessageId }, recipients };
  const second = await night.alert(byId, undefined, granted({}, 'defender'));
  for (const id of [first, second]) await night.run({ queue: 'scope', incident: id });
  const [one, other] = await night.flow.store.transact(async (tx) => [
    await tx.incidents.get(first),
    await tx.incidents.get(second),
  ]);
  expect([one?.state, one?.alerts, one?.alert.networkIds]).toEqual(['open', 2, [networkMessageId]]);
  expect([await night.stands(second), other?.reason]).toEqual(['rejected', `the same mail as ${first}`]);
  expect(await night.alert(byId, undefined, granted({}, 'defender'))).toBe(first);
  expect((await night.audit()).ok).toBe(true);
});
