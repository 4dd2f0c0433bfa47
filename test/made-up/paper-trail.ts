import type { FinderSetup } from '../../src/finders.ts';
import type { Finder } from '../../src/ports/finder.ts';

/** Made up: somebody who writes down on paper to whom each mail was carried, at the same address as Graph. */
export function createPaperTrail({ toGraph }: FinderSetup): Finder {
  return {
    name: 'paper',
    isOn: true,
    can: { find: 'yes' },
    async find({ internetMessageId }) {
      const answer = await fetch(`${toGraph.baseUrl}/carried?id=${encodeURIComponent(internetMessageId ?? '')}`);
      const { carried } = (await answer.json()) as { carried: { to: string; from: string; about: string }[] };
      return {
        status: 'answered',
        deliveries: carried.map(({ to, from, about }) => ({
          recipient: to,
          recipientId: null,
          networkMessageId: null,
          internetMessageId,
          sender: from,
          subject: about,
          at: null,
        })),
        requestId: 'on paper',
        detail: '',
        waitMs: null,
        cutOff: false,
      };
    },
  };
}
