import { huntingLogs } from './adapters/defender/logs.ts';
import { createOwnSettings } from './adapters/graph/own-settings.ts';
import { riskLogs } from './adapters/graph/risk-detections.ts';
import { createThreads } from './adapters/graph/threads.ts';
import type { FinderSetup } from './finders.ts';
import type { Flow } from './flow/flow.ts';

/** Who is asked about the people of an incident; nobody where that is switched off. */
export function intelligenceOf({ tenant, toGraph }: FinderSetup): Pick<Flow, 'intelligence'> {
  const { graph, teams, signIn } = tenant;
  if (!graph.intelligence) return {};
  const ours = [graph.clientId, teams?.appId, signIn?.clientId].flatMap((id) => id ?? []);
  return {
    intelligence: {
      logs: huntingLogs({ ...toGraph, isOn: graph.hunting }),
      risks: graph.identityProtection ? riskLogs(toGraph) : null,
      own: createOwnSettings(toGraph),
      threads: createThreads(toGraph),
      ourApps: new Set(ours.map((id) => id.toLowerCase())),
    },
  };
}
