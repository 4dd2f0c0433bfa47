import { operatorSocket } from '../adapters/http/operator.ts';
import { presentFlags } from '../core/tell/flag-view.ts';
import type { FlagList } from '../core/tell/flags.ts';
import { askOperator } from './operator.ts';
import { configToAsk } from './place.ts';
import type { Arguments, Shell } from './shell.ts';

/** `clawback flags [--json]`: flagged mailboxes that are not cleared, as the record of the running Clawback has them. */
export async function listFlags(shell: Shell, args: Arguments): Promise<number> {
  const { config } = configToAsk(shell, args);
  const asked = args.tenant === undefined ? '' : `?${new URLSearchParams({ tenant: args.tenant })}`;
  const lists = await askOperator<FlagList[]>(operatorSocket(config.data), `/flags${asked}`);
  if (args.json) shell.out(JSON.stringify(lists));
  else for (const line of lists.flatMap(linesOf)) shell.out(line);
  return 0;
}

function linesOf(list: FlagList): readonly string[] {
  const { tenant, title, notes, none, lines } = presentFlags(list, list.lines.length);
  return [
    `${tenant}: ${title}`,
    ...notes.map(({ text }) => text),
    ...(none === '' ? [] : [none]),
    ...lines.flatMap(({ flag, state, address, facts }) => [`${flag}  ${state}  ${address}`, `   ${facts}`]),
  ];
}
