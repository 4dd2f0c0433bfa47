import { MEASURED, type Measured } from '../../src/core/intelligence/precision.ts';
import type { KeptLook, Looks, Sender } from '../../src/ports/looks.ts';
import { createTable, type Journal, keyOf } from './memory-table.ts';

interface Ended {
  readonly incident: string;
  readonly kind: Measured;
  readonly ended: 'malicious' | 'harmless' | null;
}

type Judgement = Sender & { readonly incident: string; readonly how: Ended['ended'] };

/** Looks at the people of incidents, in memory. */
export function createLooks(journal: Journal): {
  readonly looks: Looks;
  readonly forget: (incident: string) => void;
} {
  const rows = createTable<KeptLook & { readonly incident: string }>(journal);
  const ends = createTable<Ended>(journal);
  const senders = createTable<Judgement>(journal);
  const own = (incident: string) => rows.rows().filter((row) => row.incident === incident);
  const of = (incident: string) => own(incident).toSorted((a, b) => a.nth - b.nth);
  const bare = ({ incident: _, ...row }: KeptLook & { readonly incident: string }): KeptLook => row;
  const looks: Looks = {
    async add(incident, { list, digest, look }) {
      const nth = own(incident).length;
      rows.add(keyOf(incident, String(nth)), { incident, nth, list, at: look.at, digest, look });
      return nth;
    },
    async newest(incident) {
      const last = of(incident).at(-1);
      return last ? bare(last) : null;
    },
    async of(incident) {
      return of(incident).map(bare);
    },
    async spoke(incident, kinds) {
      const ended = ends.rows().find((row) => row.incident === incident)?.ended ?? null;
      for (const kind of kinds) ends.add(keyOf(kind, incident), { incident, kind, ended });
    },
    async spokenIn(incidents) {
      const own = ends.rows().filter(({ incident }) => incidents.includes(incident));
      const kinds = Map.groupBy(own, ({ incident }) => incident);
      return new Map([...kinds].map(([incident, rows]) => [incident, rows.map(({ kind }) => kind).sort()]));
    },
    async ended(incident, how) {
      for (const row of ends.rows().filter((one) => one.incident === incident))
        ends.set(keyOf(row.kind, incident), { ...row, ended: how });
    },
    async counts() {
      return MEASURED.flatMap((kind) => {
        const closed = ends.rows().filter((row) => row.kind === kind && row.ended !== null);
        const malicious = closed.filter(({ ended }) => ended === 'malicious').length;
        return closed.length === 0 ? [] : [{ kind, malicious, harmless: closed.length - malicious }];
      });
    },
    async judge(incident, sender, how) {
      senders.set(incident, { ...sender, incident, how });
    },
    async judged({ address, domain }, but) {
      const others = senders.rows().filter(({ incident }) => incident !== but);
      const closed = (isIt: (one: Judgement) => boolean) => {
        const how = (end: string) => others.filter((one) => isIt(one) && one.how === end).length;
        return { malicious: how('malicious'), harmless: how('harmless') };
      };
      return {
        address: closed((one) => one.address === address),
        domain: closed((one) => one.domain === domain && one.address !== address),
      };
    },
  };
  return {
    looks,
    forget: (incident) => {
      for (const { nth } of own(incident)) rows.remove(keyOf(incident, String(nth)));
      senders.remove(incident);
    },
  };
}
