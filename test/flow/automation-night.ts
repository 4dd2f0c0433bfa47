import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { KnownDelivery, Removal } from '../../src/core/find/automation.ts';
import { listAutomation } from '../../src/flow/find/automation.ts';
import type { Automation, AutomationTold } from '../../src/ports/automation.ts';
import { answered } from '../support/answered.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { type Copy, createFakeMail, RECOVERABLE } from '../support/fake-mail.ts';
import { inSlack, MINUTE, policyWith, ruleFor, storyteller } from './telling.ts';

/** Defender takes mail out by itself, and says so when it is asked. */

export const DAY = 24 * 60 * MINUTE;
const RULES = [ruleFor(['purge', 'undo'], { approver: 2 }), ruleFor(['release'], { approver: 2 })];

interface Defence {
  removals: Removal[];
  deliveries: KnownDelivery[];
  /** In place of an answer. */
  trouble: Exclude<AutomationTold, { readonly is: 'told' }> | null;
  asked: { from: string; until: string }[];
  /** Called while it is being asked. */
  meanwhile: () => Promise<void>;
  cutAt: number | null;
}

export function automationNight(options: { readonly intruded?: boolean; readonly workers?: boolean } = {}) {
  let night: Night;
  const defence: Defence = {
    removals: [],
    deliveries: [],
    trouble: null,
    asked: [],
    meanwhile: async () => undefined,
    cutAt: null,
  };
  const automation: Automation = {
    isOn: true,
    samples: 2,
    async ask(from, until) {
      defence.asked.push({ from, until });
      await defence.meanwhile();
      const { trouble, removals, deliveries, cutAt } = defence;
      if (trouble) return trouble;
      const inSpan = ({ at }: { readonly at: string | null }) => at === null || (at >= from && at <= until);
      return { is: 'told', removals: removals.filter(inSpan), deliveries, cutAt, requestId: 'r' };
    },
  };
  const mail = createFakeMail({ hunting: 'delivered' });
  beforeAll(async () => {
    night = await startNight({ mail, automation, ...options });
  });
  afterAll(() => night.close());
  beforeEach(async () => {
    night.clock.now += 2 * DAY;
    Object.assign(defence, { removals: [], deliveries: [], trouble: null, asked: [], cutAt: null });
    defence.meanwhile = async () => undefined;
    await night.govern(policyWith(RULES));
  });

  /** A mail of its own is in these mailboxes. */
  function put(
    names: readonly string[],
    more: { readonly sender?: string; readonly subject?: string } = {},
  ): readonly Copy[] {
    const one = {
      internetMessageId: `<${randomUUID()}@news.example>`,
      networkMessageId: randomUUID(),
      sender: 'news@fabrikam.example',
      subject: 'What is new',
      ...more,
    };
    return names.map((name) => night.mail.put(`${name}@contoso.example`, one));
  }

  /** Defender takes them out; `told`: what it says of that, where it is not the usual. */
  function takesOut(
    copies: readonly Copy[],
    told: Partial<Removal> & Pick<Partial<KnownDelivery>, 'cluster' | 'authentication'> = {},
  ): void {
    const at = new Date(night.clock.now - MINUTE).toISOString();
    const { cluster = '7', authentication = 'DKIM pass, DMARC pass, SPF pass', ...more } = told;
    for (const copy of copies) {
      if ((more.location ?? 'Deleted items') === 'Deleted items') copy.folderId = RECOVERABLE;
      const ids = { recipient: copy.address, networkMessageId: copy.networkMessageId ?? '' };
      defence.removals.push({
        ...ids,
        internetMessageId: copy.internetMessageId,
        at,
        way: 'Automated Remediation',
        action: 'Soft delete',
        result: 'Success',
        location: 'Deleted items',
        threats: 'Phish',
        ...more,
      });
      defence.deliveries.push({
        ...ids,
        recipientId: copy.mailbox,
        internetMessageId: copy.internetMessageId,
        sender: copy.sender,
        mailFrom: copy.sender,
        authentication,
        subject: copy.subject,
        at: copy.receivedAt,
        cluster,
        delivered: 'Inbox/folder',
        latest: more.location ?? 'Deleted items',
        threats: null,
      });
    }
  }

  const gathering = (list: string) =>
    night.slack.gatherings.findLast(({ view }) => view.lines.some(({ incident }) => incident.startsWith(`${list}/`)));

  /** It is asked, and both chats show the list. */
  async function listed(): Promise<string> {
    const asked = await listAutomation(night.flow, 'now');
    if (asked.is !== 'listed' || asked.list === null) throw new Error(`no list: ${JSON.stringify(asked)}`);
    const { list } = asked;
    if (options.workers === false)
      for (const platform of ['slack', 'teams']) await night.run({ queue: 'deliver', incident: '', platform });
    await night.until(`${list} is in the chat`, async () => {
      const cards = await night.flow.store.transact((tx) => tx.cards.of(`gathering automation ${list}`));
      return cards.length === 2 && cards.every(({ ref }) => ref !== null);
    });
    return list;
  }

  async function wants(cluster: string, who: 'dana' | 'omar' = 'dana', place?: { readonly message: string }) {
    const shown = gathering(cluster.split('/')[0] ?? '')?.ref;
    const reply = await night.desk.press({
      by: inSlack(who),
      card: {
        platform: 'slack',
        channel: shown?.channel ?? 'slack-alerts',
        message: place?.message ?? shown?.message ?? '',
      },
      verb: 'open',
      incident: cluster,
      digest: '',
      reason: null,
      page: 0,
    });
    return answered(reply);
  }

  /** The same, and both cards show the list of what goes back. */
  async function opened(cluster: string): Promise<string> {
    const said = await wants(cluster);
    if (said.code !== 'put-back-opened') throw new Error(`not opened: ${JSON.stringify(said)}`);
    await story.cardsShow(said.incident, 'the list', ({ digest }) => digest !== '');
    return said.incident;
  }

  const story = storyteller(() => night);
  return { night: () => night, defence, put, takesOut, listed, gathering, wants, opened, ...story };
}
