import type { App } from '@slack/bolt';
import type { Desk } from '../../ports/desk.ts';
import type { AdapterLog } from '../chat/log.ts';

/**
 * Socket Mode signs nothing: what is unique about a delivery is its envelope, and Slack may send one twice when a
 * connection is recycled. Bolt hides the envelope from listeners; this is what it lets through into their context.
 */
export function envelopeOf(delivered: { readonly envelope_id?: unknown }): { envelopeId: string } {
  return { envelopeId: typeof delivered.envelope_id === 'string' ? delivered.envelope_id : '' };
}

/**
 * Lets each envelope through to the listeners once, over all instances and restarts. Register before any listener.
 * A second delivery is acknowledged, so that Slack gives it up; one that cannot be judged is not, so that Slack and
 * the person learn that nothing was done.
 */
export function takeOnce(
  app: App,
  isFresh: (envelope: string) => Promise<boolean>,
  desk: Pick<Desk, 'refused'>,
  log: AdapterLog,
): void {
  app.use(async ({ context, next, ...rest }) => {
    const envelope: unknown = context['envelopeId'];
    if (typeof envelope !== 'string' || envelope === '') return log.warn({}, 'an envelope of Slack has no id');
    const isNew = await isFresh(envelope).catch(() => null);
    if (isNew) return next();
    if (isNew === null) return;
    if ('ack' in rest && rest.ack) await rest.ack();
    await desk.refused('Slack Socket Mode', 'replayed');
  });
}
