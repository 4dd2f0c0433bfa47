import { situationOf } from '../../src/core/incident/incident.ts';
import { ofType } from '../../src/core/record/ledger.ts';
import type { EntryType } from '../../src/core/record/payloads.ts';
import type { Job } from '../../src/ports/jobs.ts';
import type { Tx } from '../../src/ports/store.ts';
import { PEOPLE, type Someone, type World } from '../fault/world.ts';
import type { Copy } from '../support/fake-mail.ts';

/** What stories about looking again have in common: time passes, hunting learns late, and somebody reads the card. */

export const [, DANA, OMAR] = PEOPLE as [Someone, Someone, Someone];
export const ANN = 'ann@contoso.example';
export const BOB = 'bob@contoso.example';
export const CAS = 'cas@contoso.example';
/** As a card shows the addresses. */
export const shown = (address: string) => address.replace('.example', '[.]example');

/** About the world that `now` answers. */
export function looking(now: () => World) {
  const tell = <T>(ask: (tx: Tx) => Promise<T>) => now().flow.store.transact(ask);
  const incident = async (id: string) => {
    const found = await tell((tx) => tx.incidents.get(id));
    return found && { ...found, stands: situationOf(found) };
  };
  const entries = <T extends EntryType>(id: string, type: T) =>
    now()
      .memory.entries()
      .filter(ofType(type))
      .filter((entry) => entry.incident === id);
  const cardOf = (id: string) => now().rooms.slack.cards.findLast(({ view }) => view.incident === id)?.view;

  /** Everything is done that is due, and the cards show it. */
  async function atRest() {
    await now().settle();
    now().pass(0.5);
    await now().settle();
  }

  return {
    tell,
    incident,
    entries,
    cardOf,
    atRest,
    land(address: string, late = false): Copy {
      const copy = now().land(1, address);
      if (late) now().mail.hunting.late.add(copy);
      return copy;
    },
    planOf: (id: string) => tell(async (tx) => tx.incidents.plan((await tx.incidents.get(id))?.planDigest ?? '')),
    looks: (id: string) => entries(id, 'scope.looked').map(({ detail }) => `${detail.because} ${detail.nth}`),
    childrenOf: async (id: string) =>
      (await tell((tx) => tx.incidents.list(100))).filter(({ parent }) => parent === id).map((one) => one.id),
    warnings: (id: string) => cardOf(id)?.warnings.map(({ text }) => text) ?? [],
    queued: (queue: Job['queue']) =>
      now()
        .memory.jobs()
        .map(({ job }) => job)
        .filter((job) => job.queue === queue),
    async reported(recipients: readonly string[] = [ANN]): Promise<string> {
      const receipt = await now().alert(1, 'one', null, recipients);
      await atRest();
      return receipt.incident ?? '';
    },
    /** Somebody else calls the mail of `reported` worse, which opens a closed case anew. */
    async calledWorse(recipients: readonly string[] = [ANN]): Promise<string> {
      const receipt = await now().report('another', {
        message: {
          internetMessageId: '<mail-1@mailer.example>',
          sender: 'billing1@fabrikam.example',
          subject: 'Invoice overdue',
        },
        recipients,
        verdict: 'malware',
        severity: 'critical',
      });
      return receipt.incident ?? '';
    },
    async later(minutes: number) {
      now().pass(minutes);
      await atRest();
    },
    /** By one person: the policy of these stories. Answers in which state it ended. */
    async purge(id: string) {
      await now().press(DANA, 'slack', 'purge', id);
      await atRest();
      return (await incident(id))?.stands;
    },
    /** One mailbox gives no clear answer; answers how it is healed. */
    stuck(address: string) {
      const { mail } = now();
      const { locate } = mail;
      mail.locate = async (addresses, wanted) =>
        (await locate(addresses, wanted)).map((lookup) =>
          lookup.address === address ? { ...lookup, result: 'failed', messages: [], detail: 'no answer' } : lookup,
        );
      return () => {
        mail.locate = locate;
      };
    },
  };
}
