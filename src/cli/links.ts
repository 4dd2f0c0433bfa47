import { operatorSocket } from '../adapters/http/operator.ts';
import type { Link } from '../ports/accounts.ts';
import { askOperator } from './operator.ts';
import { configToAsk } from './place.ts';
import type { Arguments, Shell } from './shell.ts';

/** `clawback links`, `clawback links remove <account>`: asks the running Clawback. Nobody is linked from here. */
export async function links(shell: Shell, args: Arguments): Promise<number> {
  const socket = operatorSocket(configToAsk(shell, args).config.data);
  const tenant: Readonly<Record<string, string>> = args.tenant === undefined ? {} : { tenant: args.tenant };
  const [what, account] = args.words;
  if (what === undefined) {
    const path = `/links?${new URLSearchParams(tenant)}`;
    for (const { tenant: name, links: known } of await askOperator<readonly Listed[]>(socket, path)) {
      if (known.length === 0) shell.out(`${name}: nobody has linked an account`);
      for (const { account: slack, person, at } of known) shell.out(`${name}: ${slack} is ${person}, since ${at}`);
    }
    return 0;
  }
  if (what !== 'remove' || !account) {
    shell.err('say what: clawback links, or clawback links remove <account>');
    return 2;
  }
  const path = `/unlink?${new URLSearchParams({ ...tenant, account })}`;
  const results = await askOperator<readonly { tenant: string; unlinked: boolean }[]>(socket, path, { method: 'POST' });
  const removed = results.filter(({ unlinked }) => unlinked);
  for (const { tenant: name } of removed) shell.out(`${name}: ${account} is linked to nobody any more`);
  if (removed.length === 0) shell.err(`clawback: there is no link of ${account}`);
  return removed.length > 0 ? 0 : 1;
}

interface Listed {
  readonly tenant: string;
  readonly links: readonly Link[];
}
