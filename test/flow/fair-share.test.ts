import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { inSlack, policyWith, ruleFor, storyteller } from './telling.ts';

/** Incidents that wait for slow mailboxes keep no fresh one waiting for its plan. */

let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());
const { report, lands, press, becomes, cardsShow, stands } = storyteller(() => night);
const names = (count: number, of: string) => Array.from({ length: count }, (_none, n) => `${of}${n}`);

it('sixteen incidents whose mailboxes do not answer, and one more that has its plan at once', async () => {
  const { locate } = night.mail;
  let heal: () => void = () => undefined;
  const healed = new Promise<void>((resolve) => {
    heal = resolve;
  });
  const slow = names(16, 'slow').map((name) => `${name}@contoso.example`);
  night.mail.locate = async (addresses, wanted) => {
    if (addresses.some((address) => slow.includes(address))) await healed;
    return locate(addresses, wanted);
  };
  const stuck = [];
  for (const name of names(16, 'slow')) stuck.push((await report([name])).id);
  const fresh = await report(['fay']);
  await cardsShow(fresh.id, 'the plan', ({ canPurge }) => canPurge);
  expect(await Promise.all(stuck.map(stands))).toEqual(stuck.map(() => 'received'));
  heal();
  for (const id of stuck) await cardsShow(id, 'the plan', ({ canPurge }) => canPurge);
});

it('six purges whose mailboxes do not answer, and a seventh that is done at once', async () => {
  await night.govern(policyWith([ruleFor(['purge', 'undo'], { approver: 1 })]));
  const healed = Promise.withResolvers<void>();
  const stuck = [];
  for (const name of names(6, 'dead')) stuck.push(await lands([name]));
  const fresh = await lands(['fay']);
  const { read } = night.mail;
  const dead = new Set(stuck.flatMap(({ copies }) => copies.map(({ mailbox }) => mailbox)));
  const asked = new Set<string>();
  night.mail.read = async (targets, how) => {
    for (const { mailbox } of targets) asked.add(mailbox);
    if (targets.some(({ mailbox }) => dead.has(mailbox))) await healed.promise;
    return read(targets, how);
  };
  for (const { id } of stuck) await press(id, inSlack('dana'), 'purge');
  await night.until('all six wait for their mailboxes', () => [...dead].every((mailbox) => asked.has(mailbox)));
  await press(fresh.id, inSlack('dana'), 'purge');
  await becomes(fresh.id, 'purged');
  expect(await Promise.all(stuck.map(({ id }) => stands(id)))).toEqual(stuck.map(() => 'running'));
  healed.resolve();
  for (const { id } of stuck) await becomes(id, 'purged');
});
