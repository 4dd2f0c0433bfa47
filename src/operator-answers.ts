import type { OperatorAnswers } from './adapters/http/operator.ts';
import type { Database } from './adapters/store/database.ts';
import { createLedgerReader, seal } from './adapters/store/ledger.ts';
import { ClawbackError } from './core/error.ts';
import { stop } from './flow/decide/brake.ts';
import { unlink } from './flow/decide/link.ts';
import { listForOperator } from './flow/decide/list-page.ts';
import { lookForOperator, searchForOperator } from './flow/decide/search-operator.ts';
import { evidenceListed, takeEvidence } from './flow/decide/take-evidence.ts';
import { auditTenant, expectedOf } from './flow/record/audit.ts';
import { requestSegments, sealedRequests } from './flow/record/requests.ts';
import { explain, tellIncident } from './flow/tell/story.ts';
import type { KeptRow } from './ports/vendor-rows.ts';
import type { TenantParts } from './tenant.ts';

const ENTRIES_AT_ONCE = 2_000;
/** Services may ask a search to wait; whoever asks here waits for as long as the socket does. */
const SEARCH_WITHIN_MS = 9 * 60_000;

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
    async rows(name, incident) {
      const rows: KeptRow[] = [];
      for (const { flow } of chosen(name))
        rows.push(...(await flow.store.transact((tx) => tx.vendorRows.of(incident))));
      return rows;
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
    async requests(name, after) {
      const results = [];
      for (const { flow, requests } of chosen(name)) {
        // Whoever reads it is told what was asked up to now.
        if (after === null) await requests.seal('now');
        results.push(await requestSegments(flow.store, after));
      }
      return results;
    },
    async sealedRequests(name) {
      const results = [];
      for (const { flow } of chosen(name)) results.push(await sealedRequests(flow.store));
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
    async evidence(name, incident) {
      for (const { flow } of chosen(name)) {
        const kept = await evidenceListed(flow, incident);
        if (kept) return kept;
      }
      return null;
    },
    async takeEvidence(name, incident, wanted, who) {
      for (const { flow } of chosen(name)) {
        const taken = await takeEvidence(flow, incident, wanted, who);
        if (taken) return taken;
      }
      return null;
    },
    async search(name, asked, who) {
      const [parts, ...more] = chosen(name);
      if (!parts || more.length > 0) return { problem: 'say which tenant: --tenant <name>' };
      try {
        return await searchForOperator(parts.flow, asked, who, SEARCH_WITHIN_MS);
      } catch (error) {
        if (!(error instanceof ClawbackError)) throw error;
        return { problem: error.message };
      }
    },
    async seeSearch(name, search, who) {
      try {
        for (const { flow } of chosen(name)) {
          const seen = await lookForOperator(flow, search, who);
          if (seen) return seen;
        }
        return { problem: 'there is no search of this name: its answer is kept for a day' };
      } catch (error) {
        if (!(error instanceof ClawbackError)) throw error;
        return { problem: error.message };
      }
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
