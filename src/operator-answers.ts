import type { OperatorAnswers } from './adapters/http/operator.ts';
import type { Database } from './adapters/store/database.ts';
import { createLedgerReader, seal } from './adapters/store/ledger.ts';
import { stop } from './flow/decide/brake.ts';
import { unlink } from './flow/decide/link.ts';
import { listForOperator } from './flow/decide/list-page.ts';
import { auditTenant, expectedOf } from './flow/record/audit.ts';
import { explain, tellIncident } from './flow/tell/story.ts';
import type { TenantParts } from './tenant.ts';

const ENTRIES_AT_ONCE = 2_000;

/** What the operator of this machine may ask a running Clawback, for one tenant or all of them. */
export function operatorAnswers(database: Database, tenants: readonly TenantParts[]): OperatorAnswers {
  const chosen = (name: string | null) =>
    tenants.filter(({ flow }) => name === null || flow.tenant.name === name || flow.tenant.id === name);
  // Whoever reads the record is told what was refused up to now.
  const upToDate = async (name: string | null) => {
    for (const { refusals } of chosen(name)) await refusals.tell('now');
  };
  const readerOf = ({ flow }: TenantParts) => createLedgerReader(database.db, flow.tenant.id);
  return {
    async verify(name, expect) {
      await upToDate(name);
      const expected = expect.map(expectedOf);
      const results = [];
      for (const parts of chosen(name)) {
        const { tenant, store, hash } = parts.flow;
        const audited = { reader: readerOf(parts), store, hash, seal, tenant: tenant.id };
        results.push({ tenant: tenant.name, ...(await auditTenant(audited, expected)) });
      }
      return results;
    },
    async show(name, incident) {
      const lines: string[] = [];
      for (const parts of chosen(name)) lines.push(...(await tellIncident(readerOf(parts), seal, incident)));
      return lines;
    },
    async why(name, incident) {
      const lines: string[] = [];
      for (const parts of chosen(name)) lines.push(...(await explain(readerOf(parts), seal, incident)));
      return lines;
    },
    async entries(name, afterSeq) {
      await upToDate(name);
      const results = [];
      for (const parts of chosen(name)) {
        const reader = readerOf(parts);
        const head = await reader.head();
        results.push({ tenant: parts.flow.tenant.id, head, rows: await reader.read(afterSeq, ENTRIES_AT_ONCE) });
      }
      return results;
    },
    async stop(name, who, reason) {
      const by = { actor: { kind: 'service', id: 'operator', name: who }, platform: 'operator', name: who } as const;
      const results = [];
      for (const { flow } of chosen(name))
        results.push({ tenant: flow.tenant.name, stopped: await stop(flow, by, reason) });
      return results;
    },
    async unlink(name, account) {
      const results = [];
      for (const { flow } of chosen(name))
        results.push({ tenant: flow.tenant.name, unlinked: await unlink(flow, account) });
      return results;
    },
    async list(name, incident, format, who) {
      for (const { flow } of chosen(name)) {
        const file = await listForOperator(flow, incident, format, who);
        if (file) return file;
      }
      return null;
    },
    async links(name) {
      const results = [];
      for (const { flow } of chosen(name))
        results.push({
          tenant: flow.tenant.name,
          links: await flow.store.transact((tx) => tx.people.list()),
        });
      return results;
    },
  };
}
