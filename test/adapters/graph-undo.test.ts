import { describe, expect, onTestFinished, test } from 'vitest';
import type { Target } from '../../src/core/plan.ts';
import type { Mail, MessageState } from '../../src/ports/mail.ts';
import type { SandboxOrder } from '../sandbox/graph-stand-in.ts';
import { openSandbox, PHISH, type Sandbox } from '../sandbox/graph-stand-in.ts';
import { asMicrosoftTakesIt } from '../support/microsoft-batch.ts';
import { mailOn } from './graph-loopback.ts';

/** Undo against the stand-in, which takes batches as strictly as Graph does. */

async function world(order: SandboxOrder = {}) {
  const sandbox = await openSandbox(order);
  onTestFinished(() => sandbox[Symbol.asyncDispose]());
  const { token } = sandbox;
  return { sandbox, mail: mailOn({ baseUrl: sandbox.graph.url }, { token: async () => token }).mail };
}

function delivered(
  { tenant }: Sandbox,
  user: string,
  change: Partial<Parameters<typeof tenant.deliver>[0]> = {},
): Target {
  const [copy] = tenant.deliver({ ...PHISH, to: [user], ...change }).copies;
  return { mailbox: copy?.userId ?? '', message: copy?.messageId ?? '' };
}

async function stateOf(mail: Mail, target: Target): Promise<MessageState> {
  const [reading] = await mail.read([target]);
  if (reading?.status !== 'ok') throw new Error(`could not read: ${reading?.status}`);
  return reading.state;
}

const back = (target: Target, before: MessageState, moved = false) => ({ ...before, ...target, moved });

describe('an undo', () => {
  test('gives many messages back at once, of one mailbox and of several, in batches that Microsoft’s client takes', async () => {
    const { sandbox, mail } = await world();
    const batches: unknown[] = [];
    sandbox.graph.onBatch((body) => batches.push(body));
    const targets = ['alice', 'alice', 'alice', 'bob', 'bob'].map((user) => delivered(sandbox, user));
    const before = await Promise.all(targets.map((target) => stateOf(mail, target)));
    await mail.softDelete(targets);
    for (const { mailbox, message } of targets.slice(2)) sandbox.tenant.userMarks(mailbox, message, { isRead: true });
    const effects = await mail.putBack(targets.map((target, n) => back(target, before[n] as MessageState)));
    expect(effects.map(({ status }) => status)).toEqual(Array(5).fill('ok'));
    expect(await Promise.all(targets.map((target) => stateOf(mail, target)))).toEqual(before);
    // Only what somebody had read meanwhile needed a mark.
    expect(sandbox.graph.log.writes().filter(({ effect }) => effect === 'patch')).toHaveLength(3);
    expect(batches.length).toBeGreaterThan(0);
    for (const body of batches) await asMicrosoftTakesIt(body);
  });
});
