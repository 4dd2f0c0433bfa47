import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Hit } from '../../src/core/find/found.ts';
import type { Seeker, Sought } from '../../src/ports/seeker.ts';
import { answered } from '../support/answered.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { inSlack, MINUTE, policyWith, ruleFor } from './telling.ts';

/** One service that is asked in several spans of time, and one person who searches. Nobody works on jobs but the story itself. */

export const by = inSlack('dana');
export const TYPED = { sender: 'billing@fabrikam.example', reason: 'a customer called' };
const roles = { hunter: { people: [PEOPLE.dana.entraId] }, lead: { people: [PEOPLE.lena.entraId] } };
export const policyOf = (search: object) =>
  policyWith([ruleFor(['purge', 'undo'], { approver: 2 })], { roles, reads: { search } });

interface Service {
  asked: string[];
  spans: number;
  /** Called when a question has been asked. */
  meanwhile: () => void;
  /** What it says of every delivery, in place of the usual. */
  told: Partial<Hit>;
  /** Of each answer. */
  besides: Partial<Sought>;
  exposure: Seeker['exposure'];
}

export function searching() {
  let night: Night;
  const usual = (): Service => ({
    asked: [],
    spans: 3,
    meanwhile: () => undefined,
    told: {},
    besides: {},
    exposure: undefined,
  });
  const service = usual();
  const seeker: Seeker = {
    name: 'trace',
    isOn: true,
    exposure: async (mails) => (await service.exposure?.(mails)) ?? [],
    questions: (_criteria, now) =>
      Array.from({ length: service.spans }, (_none, n) => ({
        from: new Date(now - (n + 1) * 864_000_000).toISOString(),
        until: new Date(now - n * 864_000_000).toISOString(),
      })),
    async ask({ sender }, { from }) {
      service.asked.push(from);
      service.meanwhile();
      const hit = {
        recipient: `box${service.asked.length}@contoso.example`,
        recipientId: null,
        networkMessageId: null,
        internetMessageId: '<one@mailer.example>',
        sender,
        subject: 'Invoice overdue',
        at: '2026-11-20T08:00:00.000Z',
        where: 'delivered',
        likelyId: null,
        ...service.told,
      };
      const usually = { cutAt: null, requestId: '', detail: '', waitMs: null, apart: [] };
      return { status: 'answered', hits: [hit], ...usually, ...service.besides };
    },
  };
  beforeAll(async () => {
    night = await startNight({ workers: false, seekers: [seeker], intruded: true });
  });
  afterAll(() => night.close());
  beforeEach(async () => {
    night.clock.now += 120 * MINUTE;
    Object.assign(service, usual());
    await night.govern(policyOf({ by: ['hunter'] }));
  });
  const ask = async (asks: Parameters<Night['desk']['search']>[0]['asks']) =>
    answered(await night.desk.search({ by, channel: null, asks }));
  return {
    night: () => night,
    service,
    async begun(): Promise<string> {
      const said = await ask({ is: 'begin', typed: TYPED });
      if (said.code !== 'found') throw new Error(`it did not begin: ${JSON.stringify(said)}`);
      return said.search;
    },
    shown: (search: string) => ask({ is: 'show', search }),
    file: (search: string) => ask({ is: 'file', search, mail: '1' }),
  };
}
