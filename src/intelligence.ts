import { huntingLogs } from './adapters/defender/logs.ts';
import { auditSearch } from './adapters/graph/audit-search.ts';
import { consentLogs } from './adapters/graph/consents-told.ts';
import { createNames } from './adapters/graph/names.ts';
import { createOwnSettings } from './adapters/graph/own-settings.ts';
import { riskLogs } from './adapters/graph/risk-detections.ts';
import { signInLogs } from './adapters/graph/sign-ins.ts';
import { createThreads } from './adapters/graph/threads.ts';
import { relaysOf } from './config/relays.ts';
import type { Tenant } from './config/schema.ts';
import type { FinderSetup } from './finders.ts';
import { findingsForFlags } from './flow/find/flag-findings.ts';
import { namesOfVips } from './flow/find/vips.ts';
import type { Flow } from './flow/flow.ts';
import type { Instead, Names } from './ports/intelligence.ts';
import type { Directory } from './ports/people.ts';
import type { PrivateWords } from './ports/private-words.ts';

interface IntelligenceSetup {
  readonly tenant: {
    readonly graph: Pick<
      Tenant['graph'],
      'intelligence' | 'hunting' | 'identityProtection' | 'signInLogs' | 'auditSearch' | 'clientId'
    >;
    readonly teams?: { readonly appId: string } | undefined;
    readonly signIn?: { readonly clientId: string } | undefined;
    readonly ownRelays?: Tenant['ownRelays'];
  };
  readonly directory: Directory;
  readonly toGraph: FinderSetup['toGraph'];
}

/** Who is asked about the people of an incident; nobody where that is switched off. */
export function intelligenceOf({
  tenant,
  toGraph,
  directory,
}: IntelligenceSetup): Pick<Flow, 'intelligence' | 'looksAtPeople'> {
  const { graph, teams, signIn, ownRelays } = tenant;
  if (!graph.intelligence) return {};
  const names = createNames(toGraph);
  const ours = [graph.clientId, teams?.appId, signIn?.clientId].flatMap((id) => id ?? []);
  return {
    looksAtPeople: true,
    intelligence: {
      logs: huntingLogs({ ...toGraph, isOn: graph.hunting, names }),
      instead: insteadOf(graph, toGraph, names),
      own: createOwnSettings(toGraph),
      threads: createThreads(toGraph),
      ourApps: new Set(ours.map((id) => id.toLowerCase())),
      relays: ownRelays ? relaysOf(ownRelays) : null,
      vips: namesOfVips(directory, toGraph.clock),
    },
  };
}

/** Without Defender: what Entra and the audit log tell, as far as it is switched on. */
function insteadOf(
  { identityProtection, signInLogs: signIns, auditSearch: changes }: IntelligenceSetup['tenant']['graph'],
  toGraph: IntelligenceSetup['toGraph'],
  names: Names,
): readonly Instead[] {
  return [
    ...(identityProtection ? [{ of: 'sign-ins', logs: riskLogs(toGraph) } as const] : []),
    ...(signIns ? [{ of: 'sign-ins', logs: signInLogs(toGraph) } as const] : []),
    ...(signIns ? [{ of: 'mailbox events', logs: consentLogs(toGraph) } as const] : []),
    ...(changes ? [{ of: 'mailbox events', logs: auditSearch({ ...toGraph, names }) } as const] : []),
  ];
}

/** Who looks after flagged mailboxes is written to in these chats; whoever owns one is looked at where there is somebody who can. */
export function flaggingOf(
  flow: Pick<Flow, 'clock' | 'store' | 'hash'>,
  { intelligence }: Pick<Flow, 'intelligence'>,
  chats: readonly PrivateWords[],
): Pick<Flow, 'flagging'> {
  return { flagging: { findings: intelligence ? findingsForFlags(flow, intelligence) : null, chats } };
}
