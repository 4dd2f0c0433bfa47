import { OUTCOME_WORDS } from '../../core/action/outcome.ts';
import { foundByWords } from '../../core/find/finder.ts';
import { type Plan, targetKey } from '../../core/find/plan.ts';
import type { DetailsView } from '../../core/tell/card.ts';
import { canBeRestored } from '../../core/tell/case.ts';
import { present } from '../../core/tell/present.ts';
import { count, inertOr, shortTime } from '../../core/text.ts';
import type { Reply } from '../../ports/desk.ts';
import type { Tx } from '../../ports/store.ts';
import type { Flow } from '../flow.ts';
import { type FactSources, factsOf } from './facts.ts';

const PAGE = 15;
const MOST_FINDINGS = 50;
type Row = DetailsView['rows'][number];

/** One page of the mailbox list: what the plan saw, and what became of each copy once something was done. */
export async function details(flow: FactSources, tx: Tx, id: string, page: number): Promise<DetailsView | null> {
  const facts = await factsOf(flow, tx, id);
  if (!facts?.plan) return null;
  const plan = facts.plan;
  const rows = planRows(plan);
  const pages = Math.max(1, Math.ceil(rows.length / PAGE));
  const at = Math.min(Math.max(0, Math.trunc(page) || 0), pages - 1);
  const shown = rows.slice(at * PAGE, (at + 1) * PAGE);
  const run = facts.runs.findLast((candidate) => candidate.planDigest === facts.incident.planDigest);
  const outcomes = run ? await outcomesOf(tx, run.id, run.total) : new Map<string, string>();
  return {
    incident: id,
    digest: facts.incident.planDigest ?? '',
    title: `Mailboxes of ${id}`,
    summary: `${count(plan.copies.length, 'copy', 'copies')} seen ${shortTime(plan.resolvedAt)}, found by ${foundByWords(plan)}. ${count(canBeRestored(facts), 'copy', 'copies')} can be restored.`,
    rows: shown.map(({ key, ...row }) => ({ ...row, outcome: (key && outcomes.get(key)) ?? row.outcome })),
    page: `Page ${at + 1} of ${pages}`,
    previous: at > 0 ? String(at - 1) : '',
    next: at < pages - 1 ? String(at + 1) : '',
    hasPrevious: at > 0,
    hasNext: at < pages - 1,
  };
}

function planRows(plan: Plan): (Row & { key: string | null })[] {
  const plain = (list: readonly string[], seen: string) =>
    list.map((address) => ({
      key: null,
      mailbox: inertOr(address, 'unknown', 160),
      folder: '\u2014',
      seen,
      outcome: '\u2014',
    }));
  return [
    ...plan.copies.map((copy) => ({
      key: targetKey(copy),
      mailbox: inertOr(copy.address, 'unknown', 160),
      folder: inertOr(copy.folder, 'unnamed folder', 80),
      seen: copy.isRead ? 'Read' : 'Not read',
      outcome: 'Untouched',
    })),
    ...plain(plan.denied, 'Not allowed to look'),
    ...plain(plan.failed, 'No clear answer'),
    ...plain(plan.unreachable, 'Not reachable this way'),
    ...plain(plan.missing, 'Nobody has the address'),
    ...plan.shielded.map((item) => ({
      key: null,
      mailbox: inertOr(item.address, 'unknown', 160),
      folder: '\u2014',
      seen: 'Protected',
      outcome: inertOr(`Never touched: ${item.set}`, 'Never touched', 120),
    })),
    ...plan.unsure.flatMap((group, index) =>
      group.addresses.map((address) => ({
        key: null,
        mailbox: inertOr(address, 'unknown', 160),
        folder: '\u2014',
        seen: `May be it, group ${index + 1}`,
        outcome: 'Left alone unless taken in',
      })),
    ),
    ...plan.leftAlone.map((item) => ({
      key: null,
      mailbox: inertOr(item.address, 'unknown', 160),
      folder: '\u2014',
      seen: 'Another mail',
      outcome: inertOr(`Left alone: ${item.why}`, 'Left alone', 120),
    })),
    ...plain(plan.nothing, 'Looked: no copy'),
  ];
}

async function outcomesOf(tx: Tx, run: string, total: number): Promise<Map<string, string>> {
  const items = await tx.work.page(run, 0, total);
  return new Map(
    items.map((item) => [targetKey(item), item.outcome ? OUTCOME_WORDS[item.outcome] : 'Waiting its turn']),
  );
}

/** What the card says, as lines. */
export async function story(flow: FactSources & Pick<Flow, 'store'>, id: string): Promise<Reply> {
  const facts = await flow.store.transact((tx) => factsOf(flow, tx, id.replaceAll('\0', '').toUpperCase()));
  if (!facts) return { kind: 'said', lines: [`I know no incident “${inertOr(id, 'without a name', 40)}”.`] };
  const view = present(facts);
  return {
    kind: 'said',
    lines: [
      `${view.incident}: ${view.headline}`,
      view.status,
      view.stopped,
      `From ${view.sender}`,
      `Subject ${view.subject}`,
      view.reach,
      ...view.decisions.map((decision) => decision.text),
      ...view.unsure.map(({ text }) => `May be this mail, left alone: ${text}`),
      ...view.outcomes.map((outcome) => `${outcome.label}: ${outcome.value}`),
      view.needs,
      ...facts.incident.alert.findings
        .slice(0, MOST_FINDINGS)
        .map((finding) => `Finding: ${inertOr(finding, 'an empty one', 500)}`),
    ].filter((line) => line !== ''),
  };
}
