import { operatorSocket } from '../adapters/http/operator.ts';
import type { AutomationList } from '../core/find/automation.ts';
import { clusterName } from '../core/find/cluster-name.ts';
import { clusterLine, notesOf } from '../core/tell/automation-view.ts';
import type { Asked } from '../flow/find/automation.ts';
import { askOperator } from './operator.ts';
import { chosenTenant, configToAsk } from './place.ts';
import type { Arguments, Shell } from './shell.ts';

/** What the running Clawback answers: what came of asking now, and the newest list that is as it was written down. */
export interface AutomationAnswer {
  readonly asked: Asked;
  readonly list: AutomationList | null;
  /** Lists of which somebody has changed what is stored. */
  readonly changed: readonly string[];
}

/** `clawback automation`: what Defender took out of mailboxes on its own, asked for now. It puts nothing back. */
export async function automation(shell: Shell, args: Arguments): Promise<number> {
  const loaded = configToAsk(shell, args);
  const { tenant } = chosenTenant(loaded, args.tenant);
  const asked = new URLSearchParams({ tenant: tenant.id });
  const answer = await askOperator<AutomationAnswer>(operatorSocket(loaded.config.data), `/automation?${asked}`, {
    method: 'POST',
  });
  if (args.json) shell.out(JSON.stringify(answer));
  else for (const line of linesOf(answer)) shell.out(line);
  return isAnswered(answer) ? 0 : 1;
}

const isAnswered = ({ asked, changed }: AutomationAnswer) =>
  (asked.is === 'listed' || asked.is === 'not due') && changed.length === 0;

function linesOf({ asked, list, changed }: AutomationAnswer): readonly string[] {
  return [
    askedWords(asked),
    ...changed.map((id) => `${id}: what is stored is not what the record says of it, and nothing of it is shown`),
    ...(list
      ? [
          '',
          `${list.id}`,
          ...notesOf(list, 'all'),
          ...list.clusters.map(
            (cluster) => `${clusterName(list.id, cluster.key)}  ${clusterLine(cluster, list.samples)}`,
          ),
        ]
      : []),
  ];
}

function askedWords(asked: Asked): string {
  switch (asked.is) {
    case 'listed':
      return asked.list === null ? 'Nothing was taken out since the last list' : `New: ${asked.list}`;
    case 'not due':
      return 'Not asked: tenants[].automation.list is off, or another process is just asking';
    case 'not licensed':
      return `Not asked: the tenant has no advanced hunting for mail (${asked.why})`;
    case 'not permitted':
      return `Not answered: ThreatHunting.Read.All is not granted (${asked.why})`;
    case 'busy':
      return `Not answered: hunting asks to wait (${asked.why})`;
    case 'silent':
      return `Not answered: ${asked.why}`;
  }
}
