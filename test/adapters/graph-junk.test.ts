import { describe, expect, onTestFinished, test } from 'vitest';
import type { Target } from '../../src/core/find/plan.ts';
import { openSandbox, PHISH, type Sandbox } from '../sandbox/graph-stand-in.ts';
import { mailOn } from './graph-loopback.ts';

/** Junk Email through Graph: by its well-known name, whatever it is called, and in a mailbox that has none. */

async function world() {
  const sandbox = await openSandbox();
  onTestFinished(() => sandbox[Symbol.asyncDispose]());
  const { token } = sandbox;
  return { sandbox, mail: mailOn({ baseUrl: sandbox.graph.url }, { token: async () => token }).mail };
}

function delivered({ tenant }: Sandbox, folder = 'inbox'): Target {
  const [copy] = tenant.deliver({ ...PHISH, to: ['alice'], folder }).copies;
  return { mailbox: copy?.userId ?? '', message: copy?.messageId ?? '' };
}
const junkIn = (where: 'sight' | 'junk') =>
  ({ junk: true, expected: { internetMessageIds: [PHISH.internetMessageId], in: where } }) as const;
const asked = ({ graph }: Sandbox) => graph.log.entries().map(({ method, path }) => `${method} ${path.split('?')[0]}`);

describe('a move to Junk Email', () => {
  test('is one request to the well-known name, and changes nothing else of the mail', async () => {
    const { sandbox, mail } = await world();
    const target = delivered(sandbox);
    const before = sandbox.tenant.mailbox('alice').find('immutable', target.message);
    expect(await mail.toJunk([target])).toMatchObject([{ status: 'done', target }]);
    expect(sandbox.graph.log.entries().filter(({ method }) => method === 'POST')).toMatchObject([
      { operation: 'move', body: { destinationId: 'junkemail' } },
    ]);
    const { isRead, flagStatus, categories, immutableId } = before ?? {};
    const after = sandbox.tenant.mailbox('alice').find('immutable', target.message);
    expect(after).toMatchObject({ isRead, flagStatus, categories, immutableId });
    expect(sandbox.tenant.look('alice').messages).toMatchObject([{ folder: 'Junk Email' }]);
  });

  test('is refused in a mailbox that has none, and the mail stays', async () => {
    const { sandbox, mail } = await world();
    const target = delivered(sandbox);
    sandbox.tenant.mailbox('alice').folders.lose('junkemail');
    expect(await mail.toJunk([target])).toMatchObject([{ status: 'refused', detail: '404 ErrorFolderNotFound' }]);
    expect(sandbox.tenant.look('alice').messages).toMatchObject([{ folder: 'Inbox' }]);
  });
});

describe('whether a mail lies in Junk Email', () => {
  test.each(['inside', 'outside', 'none'] as const)('is told by one question for the folder: %s', async (junk) => {
    const { sandbox, mail } = await world();
    const target = delivered(sandbox, junk === 'inside' ? 'junkemail' : 'inbox');
    if (junk === 'none') sandbox.tenant.mailbox('alice').folders.lose('junkemail');
    expect(await mail.read([target, target], junkIn('sight'))).toMatchObject([
      { state: { junk } },
      { state: { junk } },
    ]);
    const questions = asked(sandbox).filter((one) => one.endsWith('/mailFolders/junkemail'));
    expect(questions).toHaveLength(1);
    expect(await mail.read([target], { junk: true })).toMatchObject([{ state: { junk } }]);
  });

  test('is told by the list of that folder alone, where it should be there', async () => {
    const { sandbox, mail } = await world();
    const target = delivered(sandbox, 'junkemail');
    const [reading] = await mail.read([target], junkIn('junk'));
    expect(reading).toMatchObject({ status: 'ok', state: { junk: 'inside', inRecoverableItems: false } });
    // What else there is of the mail a part of the mailbox does not tell.
    expect(reading).not.toHaveProperty('beside');
    expect(asked(sandbox)).toEqual([`GET /users/${target.mailbox}/mailFolders/junkemail/messages`]);
  });

  test('is told of what is not in that list as well, wherever it is', async () => {
    const { sandbox, mail } = await world();
    const [inbox, gone] = [delivered(sandbox), delivered(sandbox)];
    await mail.softDelete([gone]);
    expect(await mail.read([inbox, gone], junkIn('junk'))).toMatchObject([
      { state: { junk: 'outside', inRecoverableItems: false } },
      { state: { inRecoverableItems: true } },
    ]);
  });

  test('is told in a mailbox without the folder where it was expected there', async () => {
    const { sandbox, mail } = await world();
    const target = delivered(sandbox);
    sandbox.tenant.mailbox('alice').folders.lose('junkemail');
    expect(await mail.read([target], junkIn('junk'))).toMatchObject([{ status: 'ok', state: { junk: 'none' } }]);
  });

  test('is not guessed where nobody answers what the folder is', async () => {
    const { sandbox, mail } = await world();
    const target = delivered(sandbox);
    sandbox.graph.faults.once({
      operation: 'getFolder',
      answer: { status: 403, code: 'ErrorAccessDenied' },
    });
    const [reading] = await mail.read([target], junkIn('sight'));
    expect(reading).toMatchObject({ status: 'denied' });
  });

  test('is not asked where nobody wants to know', async () => {
    const { sandbox, mail } = await world();
    const target = delivered(sandbox);
    const [reading] = await mail.read([target]);
    expect(reading?.status === 'ok' && 'junk' in reading.state).toBe(false);
  });
});
