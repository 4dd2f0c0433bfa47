import { expect, it } from 'vitest';
import { createDesk } from '../../src/flow/decide/desk.ts';
import { startNight } from '../support/desk-of-the-night.ts';

it('the desk is idle when every press that was taken has its answer, and not before', async () => {
  const night = await startNight({ workers: false });
  try {
    const { promise: asked, resolve: answer } = Promise.withResolvers<boolean>();
    const desk = createDesk(night.flow, () => asked);
    await desk.idle();
    const order: string[] = [];
    const by = { platform: 'slack', id: 'U0DANA', home: 'T0', name: 'Dana' } as const;
    const card = { platform: 'slack', channel: 'C0', message: '1' } as const;
    const press = { by, card, verb: 'open', incident: 'CB-GONE22', digest: '', reason: null, page: 0 };
    const pressed = desk.press(press).then((reply) => {
      order.push('answered');
      return reply;
    });
    const idle = desk.idle().then(() => order.push('idle'));
    answer(true);
    // A line of a message that gathers many, about an incident that is not known: told as what it is.
    expect(await pressed).toEqual({ kind: 'said', answer: { code: 'unknown-incident' } });
    await idle;
    expect(order).toEqual(['answered', 'idle']);
  } finally {
    await night.close();
  }
});
