import { expect, it } from 'vitest';
import { createWorld, POLICIES } from '../fault/world.ts';
import { createFakeMail, RECOVERABLE } from '../support/fake-mail.ts';
import { ANN, DANA, looking, OMAR } from './looking.ts';

it('what another incident had removed with approval since is not put back as if it had come late', async () => {
  const world = createWorld(undefined, createFakeMail({ hunting: 'delivered' }));
  const { incident, entries, atRest, land, reported, later } = looking(() => world);
  await world.govern(POLICIES[2] ?? world.flow.policy().policy);
  const ann = land(ANN);
  const first = await reported();
  // No answer comes to the first request, and nothing was done; the second one removes the copy.
  const { softDelete } = world.mail;
  world.mail.softDelete = (targets) => {
    world.mail.softDelete = softDelete;
    const lost = { requestId: '', status: 'lost', detail: '504' } as const;
    return Promise.resolve(targets.map(({ mailbox, message }) => ({ target: { mailbox, message }, ...lost })));
  };
  await world.press(DANA, 'slack', 'purge', first);
  await atRest();
  await later(0.6);
  await world.press(OMAR, 'slack', 'undo', first);
  for (let n = 0; n < 40 && (await incident(first))?.state !== 'restored'; n += 1) {
    world.pass(1 / 60);
    await world.settle();
  }
  expect(ann.folderId).not.toBe(RECOVERABLE);

  const receipt = await world.report('another', {
    message: {
      internetMessageId: '<mail-1@mailer.example>',
      sender: 'billing1@fabrikam.example',
      subject: 'Invoice overdue',
    },
    recipients: [ANN],
    verdict: 'malware',
    severity: 'critical',
  });
  await world.settle();
  world.pass(2 / 60);
  await world.settle();
  const second = receipt.incident ?? '';
  expect(second).not.toBe(first);
  await world.press(DANA, 'slack', 'purge', second);
  await world.settle();
  for (let n = 0; n < 6; n += 1) await later(0.5);
  expect((await incident(second))?.state).toBe('purged');
  expect(ann.folderId).toBe(RECOVERABLE);
  expect(entries(first, 'copy.late').map(({ outcome }) => outcome)).not.toContain('taken out again');
});
